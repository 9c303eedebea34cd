package recount

import (
	"context"
	"errors"
	"fmt"
	"time"

	"agora/ingest/journal"
	"agora/mood"
)

// Store is what was counted.
type Store interface {
	// Counted reads a brand's counters of what begins at since or later.
	Counted(ctx context.Context, brand string, since time.Time) (mood.Counted, error)
	Reach(now time.Time) mood.Reach
	// TextsGone is the end of the newest hour whose texts were given up.
	TextsGone(ctx context.Context, brand string) (time.Time, error)
	// Whereabouts tells which counted mentions some are, or are copies of.
	Whereabouts(ctx context.Context, brand string, mentions []mood.Mention) ([]mood.Whereabouts, error)
	KnownActivities(ctx context.Context, brand string, ids []string) (map[string]bool, error)
	// Told gives a mention whose text is kept, or mood.ErrNotFound.
	Told(ctx context.Context, brand, id string) (mood.Mention, error)
}

// Config is what a recount needs.
type Config struct {
	Store    Store
	Brands   []mood.Brand
	Location *time.Location // whose hours and days are counted
	Keep     time.Duration  // how long texts are kept
	Now      func() time.Time

	Journal *journal.Journal   // that goes on being counted
	Others  []*journal.Journal // that are counted to their end
	// Still runs use while nothing of Journal is counted: all up to seq is, and
	// nothing after it. Where that isn't so it is mood.ErrUnavailable.
	Still func(use func(seq uint64) error) error
}

const (
	longestHold = 5 * time.Second // while nothing is counted, for one brand
	holdTries   = 100             // until nothing but what is counted whole stands in the store
	holdPause   = 100 * time.Millisecond
)

// Verify recounts, and compares. An error says that it couldn't be done;
// differences are none.
func Verify(ctx context.Context, cfg Config) (mood.Verification, error) {
	began := cfg.Now()
	r, err := begin(ctx, cfg, began)
	if err != nil {
		return mood.Verification{}, fmt.Errorf("recount the journal: %w", err)
	}
	var until uint64
	if err := r.still(ctx, func(seq uint64) error { until = seq; return nil }); err != nil {
		return mood.Verification{}, err
	}
	if err := r.advance(ctx, until); err != nil {
		return mood.Verification{}, fmt.Errorf("recount the journal: %w", err)
	}
	v := mood.Verification{At: began, Equal: true, Brands: []mood.BrandVerification{}}
	for _, b := range r.brands {
		counted, err := r.read(ctx, b)
		if err != nil {
			return mood.Verification{}, fmt.Errorf("read what is counted of %s: %w", b.id, err)
		}
		one := r.compare(b, counted)
		v.Equal = v.Equal && one.Differences == 0
		v.Brands = append(v.Brands, one)
	}
	v.Journals = r.journals()
	v.Took = cfg.Now().Sub(began).Milliseconds()
	return v, nil
}

// read reads a brand's counters at a moment at which exactly what was recounted
// is counted.
func (r *recount) read(ctx context.Context, b *brand) (counted mood.Counted, err error) {
	for range holdTries {
		again := false
		err = r.still(ctx, func(seq uint64) error {
			ctx, cancel := context.WithTimeout(ctx, longestHold)
			defer cancel()
			err := r.advance(ctx, seq)
			if err == nil {
				counted, err = r.cfg.Store.Counted(ctx, b.id, r.readSince())
			}
			if err == nil {
				err = ctx.Err()
			}
			if errors.Is(err, context.DeadlineExceeded) {
				return fmt.Errorf("it takes more than %s, for which counting would have to wait: try again when the store has less to do, or stop this Agora first: %w", longestHold, mood.ErrUnavailable)
			}
			again = err == nil && counted.Marks[r.cfg.Journal.ID()] > seq
			return err
		})
		if err != nil || !again {
			return counted, err
		}
		if err := rest(ctx, holdPause); err != nil {
			return counted, err
		}
	}
	return counted, fmt.Errorf("the store has more of the journal than is counted for certain: try again in a moment: %w", mood.ErrUnavailable)
}

// still is Config.Still, tried for a while.
func (r *recount) still(ctx context.Context, use func(seq uint64) error) error {
	for try := 1; ; try++ {
		ran := false
		err := r.cfg.Still(func(seq uint64) error {
			ran = true
			return use(seq)
		})
		if ran || err == nil || !errors.Is(err, mood.ErrUnavailable) || try == holdTries {
			return err
		}
		if err := rest(ctx, holdPause); err != nil {
			return err
		}
	}
}

func rest(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
