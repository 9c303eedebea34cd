package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"agora/ingest/archive"
	"agora/ingest/watch"
	"agora/mood"
)

const (
	backfillPace  = 1000 // mentions a second: what comes in meanwhile goes first
	mostBackfills = 100  // that wait, or are remembered
)

// Whereabouts is a store that can tell what was counted before: then nothing
// of it goes through the journal again.
type Whereabouts interface {
	Whereabouts(ctx context.Context, brand string, mentions []mood.Mention) ([]mood.Whereabouts, error)
}

// backfills are those that were asked for, the newest last: one of each brand.
type backfills struct {
	mu   sync.Mutex
	list []*mood.Backfill
	wake chan struct{}
}

func newBackfills() *backfills { return &backfills{wake: make(chan struct{}, 1)} }

// Backfill asks for a brand to be counted anew in the texts of the last days,
// and returns at once; [Intake.Backfills] tells how it goes. One that waits or
// is under way isn't begun twice.
func (in *Intake) Backfill(_ context.Context, brand string) (mood.Backfill, error) {
	if in.archive == nil {
		return mood.Backfill{}, errNoArchive
	}
	b, ok := in.watch.Load().brands[brand]
	if !ok {
		return mood.Backfill{}, fmt.Errorf("brand: %q is not watched; GET /api/v1/brands lists the ids: %w", brief(brand), mood.ErrInvalid)
	}
	all := in.backfills
	all.mu.Lock()
	defer all.mu.Unlock()
	all.list = slices.DeleteFunc(all.list, func(x *mood.Backfill) bool {
		return x.Brand == brand && (x.State == mood.BackfillDone || x.State == mood.BackfillFailed)
	})
	for _, x := range all.list {
		if x.Brand == brand {
			return *x, nil
		}
	}
	if len(all.list) >= mostBackfills {
		return mood.Backfill{}, fmt.Errorf("too many brands are being counted anew: wait until some are done: %w", mood.ErrBusy)
	}
	x := &mood.Backfill{Brand: brand, Query: b.Query, State: mood.BackfillWaiting, Asked: in.now().UTC(), Sampled: []mood.SampledText{}}
	all.list = append(all.list, x)
	select {
	case all.wake <- struct{}{}:
	default:
	}
	return *x, nil
}

// Backfills tells how the last one of each brand goes, in the order in which
// they were asked for.
func (in *Intake) Backfills() []mood.Backfill {
	in.backfills.mu.Lock()
	defer in.backfills.mu.Unlock()
	list := make([]mood.Backfill, 0, len(in.backfills.list))
	for _, x := range in.backfills.list {
		list = append(list, *x)
	}
	return list
}

// runBackfills does what is asked for, one after the other, until ctx ends.
func (in *Intake) runBackfills(ctx context.Context) error {
	for {
		x := in.backfills.next()
		if x == nil {
			select {
			case <-in.backfills.wake:
				continue
			case <-ctx.Done():
				return nil
			}
		}
		begun := in.now().UTC()
		in.backfills.change(func() { x.State, x.Started = mood.BackfillRunning, &begun })
		err := in.backfill(ctx, x)
		ended := in.now().UTC()
		in.backfills.change(func() {
			x.State, x.Ended = mood.BackfillDone, &ended
			if err != nil {
				x.State, x.Error = mood.BackfillFailed, "It ended early: "+err.Error()+". What was counted stays counted; do it again, and the rest follows."
			}
		})
		if err != nil && ctx.Err() == nil {
			in.log.Error("a brand could not be counted anew in all of the kept texts; doing it again is harmless", slog.String("brand", x.Brand), slog.Any("error", err))
		} else if err == nil {
			in.log.Info("a brand was counted anew in the kept texts", slog.String("brand", x.Brand), slog.Int64("texts", x.Texts),
				slog.Int64("accepted", x.Accepted), slog.Int64("duplicates", x.Duplicates), slog.Int64("too_old", x.TooOld))
		}
	}
}

func (b *backfills) next() *mood.Backfill {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, x := range b.list {
		if x.State == mood.BackfillWaiting {
			return x
		}
	}
	return nil
}

func (b *backfills) change(do func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	do()
}

// backfill counts one brand anew. Each text goes through scorer, journal and
// store with its reading of that brand alone, so that no other brand is
// touched; the store drops what it counted before.
func (in *Intake) backfill(ctx context.Context, x *mood.Backfill) error {
	w := in.watch.Load()
	b, ok := w.brands[x.Brand]
	if !ok {
		return fmt.Errorf("brand %q is watched no more: %w", x.Brand, mood.ErrNotFound)
	}
	s, err := newSide("query", b.Query)
	if err != nil {
		return err
	}
	stats := in.archive.Stats()
	in.backfills.change(func() {
		x.Query, x.Sampled = b.Query, sampledOf(stats)
		if !stats.From.IsZero() {
			x.From = &stats.From
		}
	})
	job := &backfillJob{in: in, watched: w, brand: b, query: s.query, x: x, pace: newPacer(backfillPace)}
	seen, err := archive.Scan(ctx, in.archive, time.Time{}, func(t *archive.Text) (mood.Mention, bool) {
		if !s.matches(t) {
			return mood.Mention{}, false
		}
		m, err := t.Mention()
		if err != nil {
			in.log.Error("a kept text can't be counted", slog.Any("error", err))
		}
		return m, err == nil
	}, func(m mood.Mention) error { return job.take(ctx, m) })
	in.backfills.change(func() { x.Texts = seen.Texts })
	if err != nil {
		return err
	}
	return job.flush(ctx)
}

type backfillJob struct {
	in      *Intake
	watched *watched
	brand   mood.Brand
	query   *watch.Query
	x       *mood.Backfill
	pace    *pacer
	batch   []mood.Mention
}

// backfillBatch is how many texts are counted together: few, so that others
// get their turn.
const backfillBatch = 100

func (j *backfillJob) take(ctx context.Context, m mood.Mention) error {
	j.batch = append(j.batch, m)
	if len(j.batch) < backfillBatch {
		return nil
	}
	return j.flush(ctx)
}

// flush counts the batch.
func (j *backfillJob) flush(ctx context.Context) error {
	batch := j.batch
	j.batch = nil
	if len(batch) == 0 {
		return ctx.Err()
	}
	j.pace.wait(ctx, len(batch))
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stopped on the way: %w", err)
	}
	var told mood.Backfill
	told.Matched = int64(len(batch))
	now := j.in.now()
	batch = slices.DeleteFunc(batch, func(m mood.Mention) bool {
		if m.TooOld(now) {
			told.TooOld++
			return true
		}
		return false
	})
	batch, err := j.news(ctx, batch, &told)
	if err != nil {
		return err
	}
	outcomes, err := j.count(ctx, now, batch)
	for i, o := range outcomes {
		switch o {
		case mood.Stored:
			told.Accepted++
			if batch[i].Uncounted {
				told.Uncounted++
			}
		case mood.Duplicate, mood.Revised:
			told.Duplicates++
		case mood.TooOld:
			told.TooOld++
		case mood.Unmatched: // its brand has just gone
		}
	}
	j.in.observe.Outcomes(int(told.Accepted), int(told.Duplicates), 0, int(told.TooOld), 0)
	j.in.backfills.change(func() {
		j.x.Matched += told.Matched
		j.x.Accepted += told.Accepted
		j.x.Uncounted += told.Uncounted
		j.x.Duplicates += told.Duplicates
		j.x.TooOld += told.TooOld
	})
	return err
}

// news leaves out what the store is known to have counted.
func (j *backfillJob) news(ctx context.Context, batch []mood.Mention, told *mood.Backfill) ([]mood.Mention, error) {
	store, ok := j.in.store.(Whereabouts)
	if !ok || len(batch) == 0 {
		return batch, nil
	}
	where, err := store.Whereabouts(ctx, j.brand.ID, batch)
	if err != nil {
		return nil, fmt.Errorf("ask what was counted before: %w", err)
	}
	fresh := batch[:0:0]
	for i, m := range batch {
		if where[i].Known {
			told.Duplicates++
			continue
		}
		fresh = append(fresh, m)
	}
	return fresh, nil
}

// count reads the texts towards the brand, and records them.
func (j *backfillJob) count(ctx context.Context, now time.Time, batch []mood.Mention) ([]mood.Outcome, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	select {
	case j.in.turns <- struct{}{}:
		defer func() { <-j.in.turns }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a turn: %w", ctx.Err())
	}
	for i := range batch {
		m := &batch[i]
		spans, _ := j.query.MatchText(watch.TextOf(m))
		m.Readings = map[string]mood.Reading{j.brand.ID: {Spans: spans, Topics: j.watched.topics.Of(m)}}
	}
	if err := j.in.score(ctx, j.watched, batch, len(batch)); err != nil {
		return nil, err
	}
	outcomes, err := j.in.record(ctx, now, batch)
	if err != nil {
		return outcomes, fmt.Errorf("record %d mentions: %w", len(batch), err)
	}
	return outcomes, nil
}
