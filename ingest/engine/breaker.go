package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"agora/mood"
)

// Observer hears how an engine does.
type Observer interface {
	EngineAway(away bool)            // whenever that changes, and once at the beginning
	EngineRead(engine, fallback int) // readings made, by whom
}

// BreakerOptions says what a breaker does. Engine and Fallback are needed;
// other zero fields mean the usual.
type BreakerOptions struct {
	Engine   Scorer
	Fallback Scorer
	Name     string        // of the engine, for people
	Piece    int           // how many texts the engine gets at once, and a failure costs; 32
	Parallel int           // pieces at a time of one Score; 4
	Failures int           // that shut the breaker, one after the other; 3
	Wait     time.Duration // before the engine is tried again, doubled with every try; 5 s
	Longest  time.Duration // that it becomes; 5 min
	Patience time.Duration // how long one Score may take before the rest of it goes to the fallback; 30 s
	Now      func() time.Time
	Jitter   func() float64 // 0…1; random
	Log      *slog.Logger
	Observe  Observer
}

// Breaker is an engine that never fails as long as its fallback doesn't. It is
// safe for concurrent use.
type Breaker struct {
	options BreakerOptions
	gate    gate
	stoodIn atomic.Int64 // readings that the fallback made
	before  atomic.Int64 // of them, those before the engine went away

	mu   sync.Mutex
	last error // of the engine
}

// small is how many texts a try holds.
const small = 4

// NewBreaker makes a breaker; the engine counts as well until it isn't.
func NewBreaker(o BreakerOptions) *Breaker {
	o.Piece, o.Parallel, o.Failures = or(o.Piece, defaultBatch), or(o.Parallel, defaultParallel), or(o.Failures, 3)
	o.Wait, o.Longest, o.Patience = or(o.Wait, 5*time.Second), or(o.Longest, 5*time.Minute), or(o.Patience, 30*time.Second)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Observe == nil {
		o.Observe = deaf{}
	}
	o.Observe.EngineAway(false)
	return &Breaker{options: o, gate: gate{failures: o.Failures, first: o.Wait, longest: o.Longest, jitter: o.Jitter}}
}

// Score asks the engine piece by piece, and the fallback where the engine
// fails, is away, or took too long over the pieces before. It fails when ctx
// ends and when the fallback fails.
func (b *Breaker) Score(ctx context.Context, asks []mood.Ask) ([]mood.Reading, error) {
	begun := b.options.Now()
	readings := make([]mood.Reading, len(asks))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(b.options.Parallel)
	var slow sync.Once
	for from := 0; from < len(asks); from += b.options.Piece {
		to := min(from+b.options.Piece, len(asks))
		group.Go(func() error {
			inTime := b.options.Now().Sub(begun) < b.options.Patience
			if !inTime {
				slow.Do(func() { b.tooSlow(ctx) })
			}
			return b.piece(ctx, asks[from:to], readings[from:to], inTime)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return readings, nil
}

// piece fills in the readings of one piece.
func (b *Breaker) piece(ctx context.Context, asks []mood.Ask, into []mood.Reading, inTime bool) error {
	if inTime {
		n, err := b.engine(ctx, asks, into)
		if err != nil {
			return err
		}
		asks, into = asks[n:], into[n:]
	}
	if len(asks) == 0 {
		return nil
	}
	got, err := b.options.Fallback.Score(ctx, asks)
	if err == nil && len(got) != len(asks) {
		err = fmt.Errorf("%d readings of %d texts", len(got), len(asks))
	}
	if err != nil {
		return fmt.Errorf("score in place of %s: %w", b.options.Name, err)
	}
	copy(into, got)
	b.stoodIn.Add(int64(len(got)))
	b.options.Observe.EngineRead(0, len(got))
	return nil
}

// engine asks the engine, if it may be asked, and gives how many of the asks
// it answered. An error is that of ctx.
func (b *Breaker) engine(ctx context.Context, asks []mood.Ask, into []mood.Reading) (done int, err error) {
	for done < len(asks) {
		leave := b.gate.enter(b.options.Now())
		if !leave.granted {
			return done, nil
		}
		n := len(asks) - done
		if leave.try {
			n = min(n, small)
		}
		got, err := b.ask(ctx, leave, asks[done:done+n])
		if ctx.Err() != nil {
			b.gate.giveUp(leave)
			return done, context.Cause(ctx)
		}
		if err != nil {
			b.failed(ctx, leave, err)
			return done, nil
		}
		copy(into[done:], got)
		done += n
		b.options.Observe.EngineRead(n, 0)
		b.answered(ctx, leave)
	}
	return done, nil
}

// ask gives the pass back if the engine panics.
func (b *Breaker) ask(ctx context.Context, leave pass, asks []mood.Ask) (got []mood.Reading, err error) {
	ended := false
	defer func() {
		if !ended {
			b.gate.giveUp(leave)
		}
	}()
	got, err = b.options.Engine.Score(ctx, asks)
	ended = true
	if err == nil && len(got) != len(asks) {
		err = badAnswer("it was asked about %d texts and answered about %d", len(asks), len(got))
	}
	return got, err
}

func (b *Breaker) answered(ctx context.Context, leave pass) {
	if b.gate.succeed(leave) != reopened {
		return
	}
	b.options.Observe.EngineAway(false)
	_, since, _ := b.gate.look()
	b.options.Log.LogAttrs(ctx, slog.LevelInfo, "the sentiment engine answers again, and reads what comes from now on",
		slog.String("engine", b.options.Name), slog.Duration("away", b.options.Now().Sub(since).Round(time.Second)),
		slog.Int64("read_by_fallback", b.stoodIn.Load()-b.before.Load()))
}

func (b *Breaker) failed(ctx context.Context, leave pass, err error) {
	b.mu.Lock()
	b.last = err
	b.mu.Unlock()
	var f *Failure
	var asked time.Duration
	hopeless := false
	if errors.As(err, &f) {
		asked, hopeless = f.Wait, f.Hopeless
	}
	now := b.options.Now()
	switch b.gate.fail(leave, now, asked, hopeless) {
	case closed:
		b.before.Store(b.stoodIn.Load())
		b.options.Observe.EngineAway(true)
		_, _, until := b.gate.look()
		b.options.Log.LogAttrs(ctx, slog.LevelWarn, "the sentiment engine can't be used; the built-in one stands in and reads what comes",
			slog.String("engine", b.options.Name), slog.String("error", err.Error()),
			slog.Duration("next_try_in", until.Sub(now).Round(time.Second)))
	case stillShut, unchanged:
		b.options.Log.LogAttrs(ctx, slog.LevelDebug, "the sentiment engine failed",
			slog.String("engine", b.options.Name), slog.String("error", err.Error()))
	case reopened: // not by a failure
	}
}

func (b *Breaker) tooSlow(ctx context.Context) {
	if away, _, _ := b.gate.look(); away {
		return // and said so
	}
	b.options.Log.LogAttrs(ctx, slog.LevelWarn, "the sentiment engine is too slow for what comes; the built-in one reads the rest of it: give the engine more room",
		slog.String("engine", b.options.Name), slog.Duration("patience", b.options.Patience))
}

// State is how an engine does.
type State struct {
	Away     bool      // the fallback stands in
	Since    time.Time // when it went away
	NextTry  time.Time // when it is asked again, at the earliest
	Last     string    // its last failure; empty: none yet
	Fallback int64     // readings that the fallback made so far
}

// State tells how the engine does.
func (b *Breaker) State() State {
	s := State{Fallback: b.stoodIn.Load()}
	var since, until time.Time
	if s.Away, since, until = b.gate.look(); s.Away {
		s.Since, s.NextTry = since, until
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.last != nil {
		s.Last = b.last.Error()
	}
	return s
}

// Describe says in a sentence how the engine does.
func (b *Breaker) Describe() string {
	s := b.State()
	if !s.Away {
		return b.options.Name + " reads"
	}
	return fmt.Sprintf("the built-in engine stands in for %s since %s, and it is tried again at %s: %s",
		b.options.Name, s.Since.UTC().Format(time.RFC3339), s.NextTry.UTC().Format(time.RFC3339), s.Last)
}

// deaf is an observer that doesn't care.
type deaf struct{}

func (deaf) EngineAway(bool)     {}
func (deaf) EngineRead(_, _ int) {}
