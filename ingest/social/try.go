package social

import (
	"context"
	"errors"
	"time"

	"agora/mood"
)

// Trial is what one try of a source brought.
type Trial struct {
	Source mood.Source
	Items  int
	Newest time.Time // zero: none, or a stream
	Took   time.Duration
	Error  string // what happened and what to do; empty: all is well
	Health mood.SourceHealth
}

// tryTime bounds a trial.
const tryTime = 45 * time.Second

// Try asks a source once: a search or a list for its first page, a stream for
// its opening. It delivers and keeps nothing.
func (r *Runner) Try(ctx context.Context, spec Spec) Trial {
	begun := r.cfg.Now()
	t := Trial{Source: spec.Source}
	e, err := newEntry(spec)
	if err != nil {
		t.Error = err.Error()
		return t
	}
	e.state = &state{}
	t.Health = e.health(begun)
	if e.source == nil {
		t.Health.State = mood.SourceFine
		return t
	}
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	trying, tried := context.WithCancelCause(ctx)
	defer tried(nil)
	d := r.desk(e)
	d.trial, d.heard = true, func() { tried(errTried) }
	err = r.follow(trying, e, d)
	t.Took, t.Items, t.Newest = r.cfg.Now().Sub(begun), d.items, d.newest
	t.Health.Items, t.Health.State = d.items, mood.SourceFine
	if errors.Is(context.Cause(trying), errTried) {
		err = nil
	}
	var paused *pausedError
	switch {
	case err == nil:
	case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		t.Error, t.Health.State = "it was not tried to the end: the check was stopped before", mood.SourceFailing
	case errors.As(err, &paused):
		t.Error, t.Health.State, t.Health.NextPoll = r.cfg.Kit.say(err), mood.SourceWaiting, &paused.until
	default:
		t.Error, t.Health.State = r.cfg.Kit.say(err), mood.SourceFailing
		t.Health.Trouble, t.Health.LastStatus = r.cfg.Kit.trouble(err)
	}
	return t
}
