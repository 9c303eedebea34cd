package schedule

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestProcessesThatShareAStoreRunEachTimeOnce(t *testing.T) {
	for _, n := range []int{2, 5} {
		inWorld(t, func(w *world) {
			pauses := []time.Duration{0, 1500 * time.Millisecond, 0, 7 * time.Second, time.Millisecond, 3 * time.Second, 0}
			var mu sync.Mutex
			w.mem.slow = func() time.Duration { // some writes hang for longer than anybody waits
				mu.Lock()
				defer mu.Unlock()
				pauses = append(pauses[1:], pauses[0])
				return pauses[0]
			}
			var keepers []*Keeper
			for range n {
				keepers = append(keepers, w.keeper(w.job("*/15 * * * *")))
			}
			w.live(day+10*time.Minute, keepers...)
			times := map[string]int{}
			for _, r := range w.ran {
				times[r[strings.Index(r, "for"):]]++
			}
			for at, n := range times {
				if n != 1 {
					t.Errorf("it ran %d times %s", n, at)
				}
			}
			if len(times) != 96 {
				t.Errorf("%d processes ran it %d times", n, len(times))
			}
		})
	}
}

func TestAnotherProcessTakesOverFromOneThatDied(t *testing.T) {
	inWorld(t, func(w *world) {
		w.mem.states[kindHandled+"/weekly"] = []byte(`{"line":"0 8 * * *","zone":"UTC","at":"1999-12-31T08:00:00Z"}`)
		w.mem.states[kindClaim+"/weekly"] = []byte(`{"owner":"a dead one","at":"2000-01-01T08:00:00Z","try":1,"until":"2000-01-01T08:01:00Z"}`)
		time.Sleep(8*time.Hour + 10*time.Second)
		w.live(time.Hour, w.keeper(w.job("0 8 * * *")))
		w.expect("01T08:01 for 01T08:00")
	})
}

func TestAClaimThatTookLongToWriteIsNotActedOn(t *testing.T) {
	inWorld(t, func(w *world) {
		slow := claimTime // a claim is over by then, or nearly
		w.mem.slow = func() time.Duration { return slow }
		job := w.job("0 8 * * *")
		tender := &tender{keeper: w.keeper(job), job: job, marked: map[string]bool{}}
		must(t, tender.recall(w.t.Context(), job, time.Now()))
		c, wait, err := tender.claim(w.t.Context(), job, time.Now())
		if c != nil || wait < margin || err != nil {
			t.Errorf("it has the claim %v, waits %s: %v", c, wait, err)
		}
		slow = 0
		if c, _, err := tender.claim(w.t.Context(), job, time.Now()); c == nil || err != nil {
			t.Errorf("it has no claim when all is quick: %v", err)
		}
	})
}

func TestAReportThatIsTakenOutAndPutBackWhileItRunsGoesOnceOnly(t *testing.T) {
	inWorld(t, func(w *world) {
		var mails []string
		job := w.job("0 8 * * *")
		job.Run = func(ctx context.Context, turn *Turn) error {
			for _, to := range []string{"a", "b", "c"} {
				has, err := turn.Did(ctx, to)
				must(t, err)
				if !has {
					time.Sleep(20 * time.Second)
					w.mu.Lock()
					mails = append(mails, to)
					w.mu.Unlock()
					must(t, turn.Mark(ctx, to))
				}
			}
			return nil
		}
		k := w.keeper(job)
		go func() {
			time.Sleep(8*time.Hour + 10*time.Second)
			for range 3 {
				k.SetJobs(nil)
				time.Sleep(time.Second)
				k.SetJobs([]Job{job})
				time.Sleep(5 * time.Second)
			}
		}()
		w.live(8*time.Hour+30*time.Minute, k)
		if !slices.Equal(mails, []string{"a", "b", "c"}) || !slices.Equal(w.seen, []Event{Done}) {
			t.Errorf("the mails %q, and %v was told", mails, w.seen)
		}
	})
}

func TestAReportThatIsTakenOutWhileItRunsEndsWithThatRun(t *testing.T) {
	inWorld(t, func(w *world) {
		job := w.job("0 8 * * *")
		quick := job.Run
		job.Run = func(ctx context.Context, turn *Turn) error {
			time.Sleep(time.Minute)
			return quick(ctx, turn)
		}
		k := w.keeper(job)
		go func() {
			time.Sleep(8*time.Hour + 10*time.Second)
			k.SetJobs(nil)
			time.Sleep(day) // past 8:00 of the 2nd
			k.SetJobs([]Job{w.job("0 8 * * *")})
		}()
		w.live(3*day, k)
		if len(w.ran) < 1 || w.ran[0] != "01T08:01 for 01T08:00" || !slices.Contains(w.ran, "03T08:00 for 03T08:00") {
			t.Errorf("it ran %q", w.ran)
		}
		if len(w.ran) != 3 { // what it missed on the 2nd is made up for when it is back
			t.Errorf("it ran %q", w.ran)
		}
	})
}

// Two processes; the store takes nothing from the first one for two minutes.
func TestAProcessThatCantRenewItsClaimBreaksOffBeforeAnotherTakesOver(t *testing.T) {
	for name, heeds := range map[string]bool{"one that heeds its context": true, "one that doesn't": false} {
		inWorld(t, func(w *world) {
			var mails, broken []string
			at := func(who string) Job {
				job := w.job("0 8 * * *")
				job.Run = func(ctx context.Context, turn *Turn) error {
					for range 3 * 60 { // it takes three minutes to make
						time.Sleep(time.Second)
						if heeds && ctx.Err() != nil {
							w.mu.Lock()
							broken = append(broken, who+" after "+time.Since(turn.At).Truncate(10*time.Second).String())
							w.mu.Unlock()
							return ctx.Err()
						}
					}
					has, err := turn.Did(ctx, "a@example.com")
					if err != nil || has {
						return err
					}
					w.mu.Lock()
					mails = append(mails, who)
					w.mu.Unlock()
					return turn.Mark(context.WithoutCancel(ctx), "a@example.com")
				}
				return job
			}
			first := w.keeperOf(deaf{w.mem, 8*time.Hour + 6*time.Second, 8*time.Hour + 2*time.Minute}, at("first"))
			second := w.keeper(at("second"))
			go func() {
				time.Sleep(8*time.Hour + 5*time.Second)
				second.SetJobs([]Job{at("second")})
			}()
			second.SetJobs(nil) // so that the first is the first
			w.live(10*time.Hour, first, second)
			if !slices.Equal(mails, []string{"second"}) {
				t.Errorf("%s: mails went from %q\n%s", name, mails, w.log.String())
			}
			if heeds && !slices.Equal(broken, []string{"first after 1m0s"}) {
				t.Errorf("%s: %q broke off", name, broken)
			}
			if n := strings.Count(w.log.String(), "its claim is lost"); n != 1 || slices.Contains(w.seen, Failed) {
				t.Errorf("%s: it is told %d times; %v\n%s", name, n, w.seen, w.log.String())
			}
		})
	}
}

func TestAClaimThatAnotherTookIsLeftAlone(t *testing.T) {
	inWorld(t, func(w *world) {
		job := w.job("0 8 * * *")
		ctx := w.t.Context()
		tender := &tender{keeper: w.keeper(job), job: job, marked: map[string]bool{}}
		must(t, tender.recall(ctx, job, time.Now()))
		c, _, err := tender.claim(ctx, job, time.Now())
		must(t, err)
		const others = `{"at":"2000-01-01T00:00:00Z","try":2,"until":"2000-01-01T00:05:00Z"}`
		must(t, w.mem.Put(ctx, kindClaim, "weekly", []byte(others), 0))
		took := lease{"another", time.Now().Add(claimTime), c.lease.Fence + 1}
		w.mem.leases[kindClaim+"/weekly"] = took
		started := time.Now()
		_, lost := tender.do(ctx, Job{ID: "weekly", Run: func(ctx context.Context, _ *Turn) error {
			<-ctx.Done()
			return ctx.Err()
		}}, time.Now(), c)
		if took := time.Since(started); !lost || took > margin { // it isn't relied on for longer
			t.Errorf("that it is lost is known: %v, after %s", lost, took)
		}
		must(t, c.free(ctx, time.Minute))
		must(t, c.free(ctx, 0))
		if is, err := w.mem.Get(ctx, kindClaim, "weekly"); err != nil || string(is) != others {
			t.Errorf("the claim of another became %s: %v", is, err)
		}
		if w.mem.leases[kindClaim+"/weekly"] != took {
			t.Error("the lease of another was given back")
		}
		// One that the store forgot is still one's own.
		delete(w.mem.leases, kindClaim+"/weekly")
		if err := c.renew(ctx); err != nil {
			t.Errorf("a forgotten one: %v", err)
		}
	})
}
