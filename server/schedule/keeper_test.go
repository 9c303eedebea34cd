package schedule

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAJobRunsAtEachOfItsTimesOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.live(3*day, w.keeper(w.job("0 8 * * *")))
		w.expect("01T08:00 for 01T08:00", "02T08:00 for 02T08:00", "03T08:00 for 03T08:00")
	})
}

func TestARestartRunsNothingTwiceAndANewJobMakesUpForNothing(t *testing.T) {
	inWorld(t, func(w *world) {
		time.Sleep(9 * time.Hour) // 8:00 is past
		w.live(time.Hour, w.keeper(w.job("0 8 * * *")))
		w.expect()
		w.live(22*time.Hour+10*time.Second, w.keeper(w.job("0 8 * * *"))) // to just after 8:00
		for range 3 {
			w.live(10*time.Minute, w.keeper(w.job("0 8 * * *")))
		}
		w.expect("02T08:00 for 02T08:00")
	})
}

func TestWhatWasMissedIsMadeUpForOnlyWhileItIsWorthIt(t *testing.T) {
	inWorld(t, func(w *world) {
		w.live(time.Hour, w.keeper(w.job("0 8 * * *")))
		time.Sleep(18 * time.Hour) // 19:00, eleven hours late
		w.live(time.Hour, w.keeper(w.job("0 8 * * *")))
		w.expect("01T19:00 for 01T08:00")
		time.Sleep(2*day + 30*time.Minute) // 20:30 two days later
		w.live(time.Hour, w.keeper(w.job("0 8 * * *")))
		w.expect("01T19:00 for 01T08:00")
		if n := strings.Count(w.log.String(), "was not sent in time and is skipped"); n != 2 || !slices.Equal(w.seen, []Event{Done, Skipped, Skipped}) {
			t.Errorf("%d were named as skipped, and %v was told\n%s", n, w.seen, w.log.String())
		}
		w.live(12*time.Hour, w.keeper(w.job("0 8 * * *")))
		w.expect("01T19:00 for 01T08:00", "04T08:00 for 04T08:00")
	})
}

func TestOfSeveralThatWereMissedTheLastIsMadeUpFor(t *testing.T) {
	inWorld(t, func(w *world) {
		w.live(time.Minute, w.keeper(w.job("0 * * * *")))
		time.Sleep(4*time.Hour + 10*time.Minute)
		w.live(time.Minute, w.keeper(w.job("0 * * * *")))
		w.expect("01T04:11 for 01T04:00")
		if n := strings.Count(w.log.String(), "is skipped"); n != 3 {
			t.Errorf("%d were named as skipped", n)
		}
	})
}

func TestWhatFailsIsTriedAgainLessAndLessOftenAndThenGivenUp(t *testing.T) {
	inWorld(t, func(w *world) {
		w.fail = func(*Turn) error { return failing(true) }
		w.live(21*time.Hour, w.keeper(w.job("0 8 * * *")))
		if !slices.Equal(w.ran[:4], []string{"01T08:00 for 01T08:00", "01T08:01 for 01T08:00", "01T08:03 for 01T08:00", "01T08:07 for 01T08:00"}) {
			t.Errorf("it ran %q", w.ran)
		}
		if n := len(w.ran); n < 20 || n > 40 || w.seen[n-1] != GaveUp || slices.Index(w.seen, GaveUp) != n-1 {
			t.Errorf("%d tries, and then %v", n, w.seen[len(w.seen)-1])
		}
		if !strings.Contains(w.log.String(), "level=ERROR") {
			t.Error("no error is in the log")
		}
		w.ran, w.fail = nil, nil
		w.live(12*time.Hour, w.keeper(w.job("0 8 * * *")))
		w.expect("02T08:00 for 02T08:00")
	})
}

func TestWhatFailsForGoodIsNotTriedAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		w.fail = func(*Turn) error { return errors.Join(errors.New("it says"), failing(false)) }
		w.live(20*time.Hour, w.keeper(w.job("0 8 * * *")))
		w.expect("01T08:00 for 01T08:00")
		if !slices.Equal(w.seen, []Event{Failed}) {
			t.Errorf("%v", w.seen)
		}
	})
}

func TestATryThatIsStoppedGoesOnAtTheNextStart(t *testing.T) {
	inWorld(t, func(w *world) {
		job := w.job("0 8 * * *")
		quick := job.Run
		job.Run = func(ctx context.Context, turn *Turn) error {
			must(t, turn.Mark(ctx, "a@example.com"))
			<-ctx.Done()
			return ctx.Err()
		}
		w.live(8*time.Hour+time.Minute, w.keeper(job))
		var did, didnt bool
		job.Run = func(ctx context.Context, turn *Turn) (err error) {
			did, err = turn.Did(ctx, "a@example.com")
			must(t, err)
			didnt, err = turn.Did(ctx, "b@example.com")
			must(t, err)
			return quick(ctx, turn)
		}
		w.live(time.Hour, w.keeper(job))
		w.expect("01T08:01 for 01T08:00")
		if !did || didnt {
			t.Errorf("what was done: %v, what wasn't: %v", did, didnt)
		}
	})
}

func TestNewTimesAreInForceAtOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		k := w.keeper(w.job("0 8 * * *"))
		go func() {
			time.Sleep(time.Hour) // 1:00
			k.SetJobs([]Job{w.job("30 1 * * *")})
			time.Sleep(time.Hour) // 2:00
			k.SetJobs(nil)
			time.Sleep(3 * day)
			k.SetJobs([]Job{w.job("30 3 * * *")}) // the 4th, 2:00
		}()
		w.live(3*day+6*time.Hour, k)
		w.expect("01T01:30 for 01T01:30", "04T03:30 for 04T03:30")
	})
}

func TestNewTimesMakeUpForNothingThatTheOldOnesDidNotHave(t *testing.T) {
	inWorld(t, func(w *world) {
		k := w.keeper(w.job("0 8 * * *"))
		go func() {
			time.Sleep(10 * time.Hour)
			k.SetJobs([]Job{w.job("0 9 * * *")}) // past already
		}()
		w.live(day, k)
		w.expect("01T08:00 for 01T08:00")
	})
}

func TestAStoreThatIsAwayIsWaitedFor(t *testing.T) {
	inWorld(t, func(w *world) {
		go func() {
			time.Sleep(7 * time.Hour)
			w.mem.leave(true)
			time.Sleep(2 * time.Hour)
			w.mem.leave(false)
		}()
		w.live(day, w.keeper(w.job("0 8 * * *")))
		w.expect("01T09:00 for 01T08:00")
		if n := strings.Count(w.log.String(), "level=WARN"); n != 1 {
			t.Errorf("%d warnings\n%s", n, w.log.String())
		}
	})
}

func TestWhatWasDoneStaysDoneWhenTheStoreForgets(t *testing.T) {
	inWorld(t, func(w *world) {
		go func() {
			time.Sleep(8*time.Hour + 30*time.Minute)
			w.mem.mu.Lock()
			defer w.mem.mu.Unlock()
			clear(w.mem.states)
		}()
		w.live(2*day, w.keeper(w.job("0 8 * * *")))
		w.expect("01T08:00 for 01T08:00", "02T08:00 for 02T08:00")
	})
}

func TestWhatWasDoneIsKnownToTheProcessThatDidItWhateverTheStoreSays(t *testing.T) {
	inWorld(t, func(w *world) {
		job := w.job("0 8 * * *")
		var did []bool
		job.Run = func(ctx context.Context, turn *Turn) error {
			d, err := turn.Did(ctx, "a@example.com")
			must(t, err)
			did = append(did, d)
			w.mem.leave(true)
			if err := turn.Mark(ctx, "a@example.com"); err == nil {
				t.Error("nobody says that it couldn't be kept")
			}
			w.mem.leave(false)
			return failing(turn.Try < 2)
		}
		w.live(9*time.Hour, w.keeper(job))
		if !slices.Equal(did, []bool{false, true}) {
			t.Errorf("at each try it was done: %v", did)
		}
	})
}
