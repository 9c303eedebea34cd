package social

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"agora/mood"
)

// How long is waited after failures in a row: it doubles, with jitter, up to
// the longest.
const (
	firstWait    = time.Second
	longestLive  = 5 * time.Minute
	longestRound = time.Hour
	goodLine     = 30 * time.Second // a line that lasted as long was no failure
	shortLines   = 4                // failures that lines count as, at most, which brought something and ended
)

// work follows a source until ctx ends.
func (r *Runner) work(ctx context.Context, e *entry) error {
	failed := 0 // in a row, as far as waiting goes
	for {
		st := r.stateOf(e)
		until := st.NextPoll
		if st.Hold.After(until) {
			until = st.Hold
		}
		if sleep(ctx, until.Sub(r.cfg.Now())) != nil {
			return nil
		}
		begun := r.cfg.Now()
		d := r.desk(e)
		err := r.follow(ctx, e, d)
		if ctx.Err() != nil {
			return nil
		}
		if err == nil && e.live() {
			err = &endedError{}
		}
		now := r.cfg.Now()
		if e.live() && d.heardFor(now) > goodLine {
			failed = 0
		}
		var paused *pausedError
		switch {
		case err == nil:
			failed = 0
			r.update(e, func(s *state) {
				s.fine(now)
				s.Items = d.seen()
				s.NextPoll = begun.Add(jittered(e.interval()))
			})
		case errors.As(err, &paused):
			r.update(e, func(s *state) {
				s.Word, s.Hold, s.Status = string(mood.SourceWaiting), paused.until, paused.status
				s.NextPoll = paused.until.Add(time.Duration(rand.Float64() * float64(min(e.interval()/10, time.Minute))))
				s.Error = r.cfg.Kit.say(err)
				if s.Since.IsZero() {
					s.Since = now
				}
			})
		default:
			failed++
			brought := d.brought()
			if brought { // it isn't well, but it works
				failed = min(failed, shortLines)
			}
			r.failed(e, err, failed, brought, d.retry(), now)
		}
	}
}

// failed notes a failure, and when to try again. A line that was fine and ended
// is dialled anew before anybody hears of it.
func (r *Runner) failed(e *entry, err error, times int, brought bool, least time.Duration, now time.Time) {
	longest, first := longestRound, firstWait
	if e.live() {
		longest = longestLive
	} else if e.spec.Every > 0 {
		first = min(first, e.spec.Every)
	}
	wait := min(longest, first<<min(times-1, 20))
	wait = max(least, wait/2+time.Duration(rand.Int64N(int64(wait/2)+1)))
	trouble, status := r.cfg.Kit.trouble(err)
	r.update(e, func(s *state) {
		s.NextPoll = now.Add(wait)
		if e.live() && (times == 1 || brought) && s.Word == string(mood.SourceFine) {
			return
		}
		s.Failures++
		s.Word, s.Error, s.Trouble, s.Status = string(mood.SourceFailing), r.cfg.Kit.say(err), trouble, status
		if s.Since.IsZero() {
			s.Since = now
		}
	})
	r.cfg.Log.Debug("a source failed", slog.String("source", e.spec.ID), slog.Any("error", err), slog.Duration("again", wait))
}

// follow runs a source once. What makes it panic is its own trouble, and takes
// nothing else down.
func (r *Runner) follow(ctx context.Context, e *entry, d *Desk) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = r.fault(e.spec.ID, p)
		}
	}()
	return e.source.Follow(ctx, d)
}

// fault reports a panic, as an error.
func (r *Runner) fault(source string, p any) error {
	r.cfg.Log.Error("a source met a fault of Agora", slog.String("source", source), slog.Any("value", p), slog.String("stack", string(debug.Stack())))
	return fmt.Errorf("a fault in Agora kept it from being read (%v): please report it", p)
}

func (r *Runner) stateOf(e *entry) state {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *e.state
}

// jittered spreads intervals that aren't meant to the second.
func jittered(d time.Duration) time.Duration {
	if d < time.Minute {
		return d
	}
	return d + time.Duration(rand.Float64()*float64(d)/10)
}
