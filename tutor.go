package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"agora/ingest/sentiment"
	"agora/mood"
	"agora/server"
)

// How often a process learns anew, since people may correct in another one,
// and how long it waits for more corrections after one.
const (
	learnEvery  = 10 * time.Minute
	learnPause  = 5 * time.Second
	learnWithin = time.Minute
)

// tutor teaches the built-in engine what people corrected, brand by brand.
type tutor struct {
	engine interface {
		Learn(brand string, lessons []sentiment.Lesson) sentiment.Trial
	}
	corrections func(ctx context.Context, brand string) ([]mood.Corrected, error)
	log         *slog.Logger

	brands atomic.Pointer[[]mood.Brand]
	asked  chan struct{}
	known  map[string]lesson
}

// lesson says what a brand was taught last, so that the same is not learned
// twice.
type lesson struct {
	count int
	last  time.Time
	on    bool
}

func newTutor(engine *sentiment.Engine, corrections func(context.Context, string) ([]mood.Corrected, error), log *slog.Logger) *tutor {
	t := &tutor{engine: engine, corrections: corrections, log: log, asked: make(chan struct{}, 1), known: map[string]lesson{}}
	t.watch(nil)
	return t
}

// watch says whose corrections are learned from.
func (t *tutor) watch(brands []mood.Brand) {
	t.brands.Store(&brands)
	t.corrected()
}

// corrected tells the tutor that there is something to learn; it never waits.
func (t *tutor) corrected() {
	select {
	case t.asked <- struct{}{}:
	default:
	}
}

// run teaches at once, after corrections and now and then, until ctx ends.
func (t *tutor) run(ctx context.Context) error {
	tick := time.NewTicker(learnEvery)
	defer tick.Stop()
	for {
		t.teach(ctx)
		select {
		case <-t.asked:
			select {
			case <-time.After(learnPause):
			case <-ctx.Done():
				return nil
			}
			select {
			case <-t.asked:
			default:
			}
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

func (t *tutor) teach(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, learnWithin)
	defer cancel()
	for _, b := range *t.brands.Load() {
		list, err := t.corrections(ctx, b.ID)
		if err != nil {
			if !errors.Is(err, mood.ErrNotFound) && ctx.Err() == nil {
				t.log.LogAttrs(ctx, slog.LevelWarn, "corrections can't be read: the engine goes on with what it learned before",
					slog.String("brand", b.ID), slog.Any("error", err))
			}
			continue
		}
		now := lesson{count: len(list)}
		for _, c := range list {
			if c.At.After(now.last) {
				now.last = c.At
			}
		}
		before := t.known[b.ID]
		if before.count == now.count && before.last.Equal(now.last) {
			continue
		}
		trial := t.engine.Learn(b.ID, lessonsOf(b, list))
		now.on = trial.On
		t.known[b.ID] = now
		if trial.On != before.on {
			t.log.LogAttrs(ctx, slog.LevelInfo, "learning from corrections", slog.String("brand", b.ID), slog.Bool("on", trial.On),
				slog.Int("corrections", trial.Lessons), slog.String("why", trial.Why))
		}
	}
}

// lessonsOf are a brand's corrections as the engine learns from them. What
// isn't about the brand teaches nothing about feelings.
func lessonsOf(b mood.Brand, list []mood.Corrected) []sentiment.Lesson {
	out := make([]sentiment.Lesson, 0, len(list))
	for _, c := range list {
		if c.Irrelevant || c.Label == nil {
			continue
		}
		out = append(out, sentiment.Lesson{
			Ask: mood.Ask{
				ID: c.Mention, Brand: b.ID, Title: c.Title, Text: c.Text, Language: c.Language, Target: b.Name, Spans: c.Spans,
			},
			Label: *c.Label,
		})
	}
	return out
}

// attentive is an intake whose corrections the tutor hears of.
type attentive struct {
	server.Intake
	tutor *tutor
}

// Correct corrects, and lets the tutor know.
func (a attentive) Correct(ctx context.Context, c mood.Correction) (mood.CorrectionReceipt, error) {
	receipt, err := a.Intake.Correct(ctx, c)
	if err == nil && receipt.Changed > 0 {
		a.tutor.corrected()
	}
	return receipt, err
}
