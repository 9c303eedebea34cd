package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// actor is an engine that does what a test says.
type actor struct {
	mu    sync.Mutex
	fails error
	asked []int // sizes of what it was asked
	label mood.Label
	play  func() // called while it is asked; may be nil
}

func (a *actor) Score(ctx context.Context, asks []mood.Ask) ([]mood.Reading, error) {
	a.mu.Lock()
	a.asked = append(a.asked, len(asks))
	play, err := a.play, a.fails
	a.mu.Unlock()
	if play != nil {
		play()
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	readings := make([]mood.Reading, len(asks))
	for i := range readings {
		readings[i].Label = a.label
	}
	return readings, nil
}

// scene is a breaker with what is around it.
type scene struct {
	*Breaker
	engine, fallback actor
	now              time.Time
	log              strings.Builder
	away             bool
	byEngine, byBack int
}

func (s *scene) EngineAway(away bool)            { s.away = away }
func (s *scene) EngineRead(engine, fallback int) { s.byEngine += engine; s.byBack += fallback }

// newScene makes a breaker of pieces of ten, one at a time, that three
// failures shut for 5 s, 10 s, and 15 s at most.
func newScene() *scene {
	s := &scene{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	s.engine.label, s.fallback.label = mood.Positive, mood.Negative
	s.Breaker = NewBreaker(BreakerOptions{
		Engine: &s.engine, Fallback: &s.fallback, Name: "tei at http://x", Piece: 10, Parallel: 1, Failures: 3,
		Wait: 5 * time.Second, Longest: 15 * time.Second, Now: func() time.Time { return s.now },
		Jitter: func() float64 { return 0.5 }, Log: slog.New(slog.NewTextHandler(&s.log, nil)), Observe: s,
	})
	return s
}

// score asks about n texts and gives who read them: e the engine, f the
// fallback.
func (s *scene) score(t *testing.T, n int) string {
	t.Helper()
	readings, err := s.Score(t.Context(), make([]mood.Ask, n))
	if err != nil || len(readings) != n {
		t.Fatalf("%d readings: %v", len(readings), err)
	}
	by := map[mood.Label]string{mood.Positive: "e", mood.Negative: "f"}
	var b strings.Builder
	for _, r := range readings {
		b.WriteString(by[r.Label])
	}
	return b.String()
}

func (s *scene) wants(t *testing.T, n int, want string) {
	t.Helper()
	if got := s.score(t, n); got != want {
		t.Errorf("read by %s, not %s", got, want)
	}
}

var errSick = &Failure{Message: "it answered 500", Remedy: "its own log should say more"}

func TestAnEngineThatAnswersReadsEverything(t *testing.T) {
	s := newScene()
	s.wants(t, 25, strings.Repeat("e", 25))
	if got := fmt.Sprint(s.engine.asked, s.fallback.asked); got != "[10 10 5] []" {
		t.Errorf("asked: %s", got)
	}
	if s.away || s.byEngine != 25 || s.byBack != 0 || s.log.Len() > 0 || s.Describe() != "tei at http://x reads" {
		t.Errorf("away %v, %d and %d read, %s: %s", s.away, s.byEngine, s.byBack, s.Describe(), s.log.String())
	}
}

func TestAFailureCostsOnlyThePieceInHand(t *testing.T) {
	s := newScene()
	s.engine.play = func() {
		s.engine.fails = nil
		if len(s.engine.asked) == 1 {
			s.engine.fails = errSick // for the second piece
		}
	}
	s.wants(t, 25, strings.Repeat("e", 10)+strings.Repeat("f", 10)+strings.Repeat("e", 5))
	if s.away || s.byEngine != 15 || s.byBack != 10 || s.log.Len() > 0 {
		t.Errorf("away %v, %d and %d read: %s", s.away, s.byEngine, s.byBack, s.log.String())
	}
}

func TestThreeFailuresInARowShutAnEngineOutAndThisIsSaidOnce(t *testing.T) {
	s := newScene()
	s.engine.fails = errSick
	s.wants(t, 20, strings.Repeat("f", 20))
	s.engine.fails = nil
	s.wants(t, 1, "e") // two were too few, and this one clears them
	s.engine.fails = errSick
	s.wants(t, 50, strings.Repeat("f", 50))
	if n := len(s.engine.asked); n != 6 {
		t.Errorf("the engine was asked %d times, not 2 + 1 + 3", n)
	}
	if lines := strings.Count(s.log.String(), "\n"); lines != 1 {
		t.Errorf("%d lines in the log:\n%s", lines, s.log.String())
	}
	for _, part := range []string{"level=WARN", "the built-in one stands in", "tei at http://x", "it answered 500: its own log should say more", "next_try_in=5s"} {
		if !strings.Contains(s.log.String(), part) {
			t.Errorf("the log doesn't say %q:\n%s", part, s.log.String())
		}
	}
	state := s.State()
	if !s.away || !state.Away || !state.Since.Equal(s.now) || state.NextTry.Sub(s.now) != 5*time.Second || state.Fallback != 70 || s.byBack != 70 {
		t.Errorf("away %v, %+v, %d counted", s.away, state, s.byBack)
	}
	if d := s.Describe(); !strings.Contains(d, "stands in for tei at http://x since 2026-01-01T00:00:00Z") || !strings.Contains(d, "it answered 500") {
		t.Errorf("described: %s", d)
	}
}

// shut brings a scene to where the engine has just been shut out.
func shut(t *testing.T) *scene {
	t.Helper()
	s := newScene()
	s.engine.fails = errSick
	s.wants(t, 30, strings.Repeat("f", 30))
	s.engine.asked = nil
	s.log.Reset()
	return s
}

func TestAnEngineIsTriedWithASmallQuestionAndThenReadsAgain(t *testing.T) {
	s := shut(t)
	s.engine.fails = nil
	s.now = s.now.Add(5*time.Second - 1)
	s.wants(t, 10, strings.Repeat("f", 10))
	s.now = s.now.Add(1)
	s.wants(t, 15, strings.Repeat("e", 15))
	if got := fmt.Sprint(s.engine.asked); got != "[4 6 5]" {
		t.Errorf("asked: %s", got)
	}
	if s.away || s.State().Away || strings.Count(s.log.String(), "\n") != 1 {
		t.Errorf("away %v: %s", s.away, s.log.String())
	}
	for _, part := range []string{"level=INFO", "answers again", "away=5s", "read_by_fallback=20"} {
		if !strings.Contains(s.log.String(), part) {
			t.Errorf("the log doesn't say %q:\n%s", part, s.log.String())
		}
	}
}

func TestEveryTryThatFailsDoublesTheWaitUpToTheLongest(t *testing.T) {
	s := shut(t)
	for _, wait := range []time.Duration{5 * time.Second, 10 * time.Second, 15 * time.Second, 15 * time.Second} {
		if got := s.State().NextTry.Sub(s.now); got != wait {
			t.Errorf("waits %v, not %v", got, wait)
		}
		s.now = s.State().NextTry
		s.wants(t, 10, strings.Repeat("f", 10))
	}
	if got := fmt.Sprint(s.engine.asked); got != "[4 4 4 4]" || s.log.Len() > 0 {
		t.Errorf("asked: %s; said: %s", got, s.log.String())
	}
	// After it was well, the wait is short again.
	s.engine.fails = nil
	s.now = s.State().NextTry
	s.wants(t, 1, "e")
	s.engine.fails = errSick
	s.wants(t, 30, strings.Repeat("f", 30))
	if got := s.State().NextTry.Sub(s.now); got != 5*time.Second {
		t.Errorf("waits %v", got)
	}
}

func TestAnEngineThatAsksForAPauseGetsItAtOnce(t *testing.T) {
	s := newScene()
	s.engine.fails = fmt.Errorf("wrapped: %w", &Failure{Status: 429, Message: "too often", Wait: 42 * time.Second})
	s.wants(t, 20, strings.Repeat("f", 20))
	if n, wait := len(s.engine.asked), s.State().NextTry.Sub(s.now); n != 1 || wait != 42*time.Second {
		t.Errorf("asked %d times, waits %v", n, wait)
	}
	s = newScene()
	s.engine.fails = &Failure{Status: 401, Message: "wrong token", Hopeless: true}
	s.wants(t, 20, strings.Repeat("f", 20))
	if n := len(s.engine.asked); n != 1 {
		t.Errorf("with a wrong token it was asked %d times", n)
	}
}

func TestWaitsDifferFromProcessToProcess(t *testing.T) {
	for jitter, want := range map[float64]time.Duration{0: 4 * time.Second, 1: 6 * time.Second} {
		g := gate{failures: 1, first: 5 * time.Second, longest: time.Minute, jitter: func() float64 { return jitter }}
		now := time.Unix(0, 0)
		g.fail(g.enter(now), now, 0, false)
		if _, _, until := g.look(); until.Sub(now) != want {
			t.Errorf("waits %v, not %v", until.Sub(now), want)
		}
	}
}

func TestOnlyOneTriesWhileTheOthersAreReadByTheFallback(t *testing.T) {
	s := shut(t)
	s.engine.fails = nil
	s.now = s.State().NextTry
	s.engine.play = func() {
		s.engine.play = nil
		s.wants(t, 3, "fff")
	}
	s.wants(t, 2, "ee")
}

func TestNewsFromBeforeTheEngineWasShutOutIsNoNews(t *testing.T) {
	g := gate{failures: 1, first: time.Second, longest: time.Minute, jitter: func() float64 { return 0.5 }}
	now := time.Unix(0, 0)
	early, other, third := g.enter(now), g.enter(now), g.enter(now)
	if g.fail(other, now, 0, false) != closed {
		t.Fatal("one failure didn't shut it")
	}
	if g.succeed(early) != unchanged || g.enter(now).granted {
		t.Error("an answer from before opened it")
	}
	now = now.Add(time.Second)
	if try := g.enter(now); g.succeed(try) != reopened {
		t.Fatal("a good try didn't open it")
	}
	if g.fail(third, now, 0, true) != unchanged || !g.enter(now).granted {
		t.Error("a failure from before shut it")
	}
}

func TestWhoeverStopsWaitingDoesNotShutAnEngineOut(t *testing.T) {
	s := newScene()
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		s.engine.play = cancel
		if _, err := s.Score(ctx, make([]mood.Ask, 1)); !errors.Is(err, context.Canceled) {
			t.Fatalf("got: %v", err)
		}
	}
	s.engine.play = nil
	s.wants(t, 1, "e")
	// Nor does it use up the only try.
	s = shut(t)
	s.now = s.State().NextTry
	ctx, cancel := context.WithCancel(t.Context())
	s.engine.play = cancel
	if _, err := s.Score(ctx, make([]mood.Ask, 1)); !errors.Is(err, context.Canceled) {
		t.Fatalf("got: %v", err)
	}
	s.engine.play, s.engine.fails = nil, nil
	s.wants(t, 1, "e")
}

func TestWhatASlowEngineHasNoTimeForIsReadByTheFallback(t *testing.T) {
	s := newScene()
	s.engine.play = func() { s.now = s.now.Add(20 * time.Second) }
	s.wants(t, 40, strings.Repeat("e", 20)+strings.Repeat("f", 20))
	if s.State().Away || strings.Count(s.log.String(), "\n") != 1 || !strings.Contains(s.log.String(), "too slow") {
		t.Errorf("away %v: %s", s.State().Away, s.log.String())
	}
}

func TestAWrongNumberOfReadingsIsAFailure(t *testing.T) {
	s := newScene()
	short := scorerFunc(func(asks []mood.Ask) ([]mood.Reading, error) { return make([]mood.Reading, len(asks)-1), nil })
	s.options.Engine = short
	s.wants(t, 2, "ff")
	s.options.Fallback = short
	if _, err := s.Score(t.Context(), make([]mood.Ask, 2)); err == nil || !strings.Contains(err.Error(), "in place of tei") {
		t.Errorf("got: %v", err)
	}
}

func TestWithoutAFallbackThatWorksThereAreNoReadings(t *testing.T) {
	s := newScene()
	s.engine.fails, s.fallback.fails = errSick, errors.New("broken")
	if _, err := s.Score(t.Context(), make([]mood.Ask, 2)); err == nil || !strings.Contains(err.Error(), "broken") {
		t.Errorf("got: %v", err)
	}
}

func TestAnEngineAndItsBreakerMayBeUsedByManyAtOnce(t *testing.T) {
	b := NewBreaker(BreakerOptions{
		Engine: scorerFunc(func(asks []mood.Ask) ([]mood.Reading, error) {
			if len(asks)%3 == 0 {
				return nil, errSick
			}
			return make([]mood.Reading, len(asks)), nil
		}),
		Fallback: &actor{}, Piece: 7, Wait: time.Nanosecond,
	})
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			for n := range 30 {
				if readings, err := b.Score(t.Context(), make([]mood.Ask, n+i)); err != nil || len(readings) != n+i {
					t.Errorf("%d readings of %d: %v", len(readings), n+i, err)
				}
				b.Describe()
			}
		})
	}
	wg.Wait()
}

type scorerFunc func([]mood.Ask) ([]mood.Reading, error)

func (f scorerFunc) Score(_ context.Context, asks []mood.Ask) ([]mood.Reading, error) { return f(asks) }
