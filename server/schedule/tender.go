package schedule

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

const (
	lookEvery = time.Minute      // the clock may be set, and machines sleep
	storeWait = 15 * time.Second // until a store that is away is asked again
	turnTime  = 15 * time.Minute // the longest that one try takes
	firstWait = time.Minute      // until the second try
	mostWait  = 30 * time.Minute // between two tries
)

// tender looks after one job.
type tender struct {
	keeper *Keeper
	wake   chan struct{}

	mu    sync.Mutex
	job   Job
	ended bool

	// What follows belongs to run alone.
	handled time.Time       // the last time that was dealt with
	knows   Job             // whose
	marked  map[string]bool // by turn and key, for a store that forgot
	again   time.Time       // no try before
	away    bool            // the store can't be asked, and that was said
}

func (t *tender) set(j Job) {
	t.mu.Lock()
	t.job, t.ended = j, false
	t.mu.Unlock()
	t.look()
}

func (t *tender) end() {
	t.mu.Lock()
	t.ended = true
	t.mu.Unlock()
	t.look()
}

func (t *tender) look() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

func (t *tender) now() (Job, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.job, t.ended
}

// run works until ctx or the job ends.
func (t *tender) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.wake:
		case <-timer.C:
		}
		job, ended := t.now()
		if ctx.Err() != nil || ended && t.keeper.leave(t) {
			return
		}
		if ended { // it came back just now, and woke this up
			continue
		}
		wait, err := t.pass(ctx, job)
		if err != nil {
			if ctx.Err() == nil && !t.away {
				t.say(ctx, slog.LevelWarn, "the store can't be asked when a report was sent last: it waits until it can", job, slog.Any("error", err))
			}
			wait = storeWait
		}
		t.away = err != nil
		timer.Reset(min(max(wait, 0), lookEvery))
	}
}

// pass does what is due, and says how long nothing is.
func (t *tender) pass(ctx context.Context, job Job) (time.Duration, error) {
	now := t.keeper.Now()
	if !t.knows.same(job) {
		if err := t.recall(ctx, job, now); err != nil {
			return 0, err
		}
	}
	next := job.Line.Next(t.handled, job.Zone)
	if next.IsZero() {
		return lookEvery, nil
	}
	if next = later(next, t.again); next.After(now) {
		return next.Sub(now), nil
	}
	if err := t.recall(ctx, job, now); err != nil { // another process may have been quicker
		return 0, err
	}
	at, missed := t.due(job, now)
	for _, m := range missed {
		t.say(ctx, slog.LevelWarn, "a report was not sent in time and is skipped", job, slog.Time("due", m))
		t.keeper.Observe(job.ID, Skipped)
	}
	if n := len(missed); n > 0 {
		if err := t.handle(ctx, job, missed[n-1]); err != nil {
			return 0, err
		}
	}
	if at.IsZero() {
		return 0, nil
	}
	return t.turn(ctx, job, at)
}

// due finds the time whose turn it is; those before it, and those that are too
// late, were missed. At most a hundred of them are told of.
func (t *tender) due(job Job, now time.Time) (at time.Time, missed []time.Time) {
	for next := job.Line.Next(t.handled, job.Zone); !next.IsZero() && !next.After(now); next = job.Line.Next(next, job.Zone) {
		if !at.IsZero() {
			missed = append(missed, at)
		}
		if len(missed) > 100 {
			missed = missed[1:]
		}
		at = next
	}
	if !at.IsZero() && now.Sub(at) >= Late {
		missed, at = append(missed, at), time.Time{}
	}
	return at, missed
}

// turn tries to do the job for one time.
func (t *tender) turn(ctx context.Context, job Job, at time.Time) (time.Duration, error) {
	c, wait, err := t.claim(ctx, job, at)
	if err != nil || c == nil {
		return wait, err
	}
	err, lost := t.do(ctx, job, at, c)
	after := context.WithoutCancel(ctx)
	var says interface{ Temporary() bool }
	switch {
	case err == nil:
		t.say(ctx, slog.LevelInfo, "a report was sent", job, slog.Time("due", at))
		t.keeper.Observe(job.ID, Done)
	case ctx.Err() != nil: // it was stopped, and goes on at the next start
		return 0, c.free(after, 0)
	case lost:
		t.say(ctx, slog.LevelWarn, "a report was broken off: its claim is lost, so another process may be sending it, which has the rest to do", job,
			slog.Time("due", at), slog.Any("error", err))
		t.keeper.Observe(job.ID, Delayed)
		return margin, nil
	case errors.As(err, &says) && !says.Temporary():
		t.say(ctx, slog.LevelError, "a report can't be sent", job, slog.Time("due", at), slog.Any("error", err))
		t.keeper.Observe(job.ID, Failed)
	default:
		again := backoff(c.Try)
		now := t.keeper.Now()
		if next := job.Line.Next(at, job.Zone); now.Add(again).Sub(at) < Late && (next.IsZero() || now.Add(again).Before(next)) {
			t.say(ctx, slog.LevelWarn, "a report could not be sent, and is tried again", job, slog.Time("due", at),
				slog.Duration("in", again), slog.Any("error", err))
			t.keeper.Observe(job.ID, Delayed)
			t.again = now.Add(again)
			return again, c.free(after, again)
		}
		t.say(ctx, slog.LevelError, "a report could not be sent, and is given up", job, slog.Time("due", at),
			slog.Int("tries", c.Try), slog.Any("error", err))
		t.keeper.Observe(job.ID, GaveUp)
	}
	clear(t.marked)
	if err := t.handle(after, job, at); err != nil {
		return 0, err
	}
	return 0, c.free(after, 0)
}

// do runs the job, and keeps the claim alive meanwhile. A job whose claim is
// lost is told so by its context.
func (t *tender) do(ctx context.Context, job Job, at time.Time, c *claim) (err error, lost bool) {
	ctx, cancel := context.WithTimeout(ctx, turnTime)
	defer cancel()
	ctx, end := context.WithCancelCause(ctx)
	// However long the store takes to answer.
	guard := time.AfterFunc(c.left(), func() { end(errLost) })
	var renewing sync.WaitGroup
	renewing.Go(func() {
		tick := time.NewTicker(renewEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			// A store that is away for a moment is no matter.
			if err := c.renew(ctx); err == nil {
				guard.Reset(c.left())
			} else if errors.Is(err, errLost) {
				end(errLost)
			}
		}
	})
	err = job.Run(ctx, &Turn{At: at, Try: c.Try, job: job.ID, tender: t})
	lost = errors.Is(context.Cause(ctx), errLost)
	end(nil)
	renewing.Wait()
	guard.Stop()
	return err, lost
}

func (t *tender) say(ctx context.Context, level slog.Level, what string, job Job, more ...slog.Attr) {
	t.keeper.Log.LogAttrs(ctx, level, what, append([]slog.Attr{slog.String("report", job.ID)}, more...)...)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// backoff is how long after a try the next one is.
func backoff(try int) time.Duration {
	wait := firstWait
	for range try - 1 {
		if wait *= 2; wait >= mostWait {
			return mostWait
		}
	}
	return wait
}
