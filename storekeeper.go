package main

import (
	"context"
	"fmt"
	"time"

	"agora/ingest"
	"agora/ingest/journal"
	"agora/mood"
	"agora/store"
)

// storekeeper measures a store, and compares it with the journal.
type storekeeper struct {
	store   *store.Store
	journal *journal.Journal // nil: there is none
	intake  *ingest.Intake
	others  []*journal.Journal // of other processes; see ingest.Verifier
	cfg     *Config
	stopped context.Context // ends what is under way; nil: nothing does
}

// StoreStats measures the store and the journal.
func (k *storekeeper) StoreStats(ctx context.Context) (mood.StoreStats, error) {
	stats, err := k.store.Stats(ctx)
	if err == nil && k.journal != nil {
		stats.Journal = journalStats(k.journal)
	}
	return stats, err
}

func journalStats(j *journal.Journal) *mood.JournalStats {
	now := j.Stats()
	told := &mood.JournalStats{ID: j.ID(), Bytes: now.Bytes, Segments: now.Segments, Entries: now.Last + 1 - now.First}
	if !now.Oldest.IsZero() {
		at := now.Oldest.UTC()
		told.Oldest = &at
	}
	told.Waiting, told.Behind = j.Pending()
	return told
}

// VerifyStore counts the journal again, and compares.
func (k *storekeeper) VerifyStore(ctx context.Context) (mood.Verification, error) {
	if k.stopped != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(k.stopped, cancel)()
	}
	return k.intake.Verify(ctx, ingest.Verifier{
		Store: k.store, Brands: k.store.Watched(), Location: k.cfg.Location, Keep: k.cfg.Retain.Mentions, Others: k.others,
	})
}

// openKeeper opens the store of a data folder on which no Agora runs, and the
// journals of all the given folders. What waits in the journals is counted
// first, if count says so.
func openKeeper(ctx context.Context, c *console, cfg *Config, others []string, count bool) (_ *storekeeper, done func() error, err error) {
	var open []func() error
	done = func() error {
		var first error
		for i := len(open) - 1; i >= 0; i-- {
			if err := open[i](); err != nil && first == nil {
				first = err
			}
		}
		return first
	}
	defer func() {
		if err != nil {
			_ = done() // what came first says more
		}
	}()
	k := &storekeeper{cfg: cfg}
	if k.store, err = openStore(ctx, c, cfg, true); err != nil {
		return nil, nil, err
	}
	open = append(open, func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		return k.store.Close(ctx)
	})
	if k.journal, err = openJournal(c, cfg); err != nil {
		return nil, nil, err
	}
	open = append(open, k.journal.Close)
	if !count {
		return k, done, nil
	}
	for _, folder := range others {
		of := *cfg
		of.Data = folder
		other, err := openJournal(c, &of)
		if err != nil {
			return nil, nil, err
		}
		open = append(open, other.Close)
		if _, err := countAll(ctx, c, cfg, k.store, other); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", folder, err)
		}
		k.others = append(k.others, other)
	}
	if k.intake, err = countAll(ctx, c, cfg, k.store, k.journal); err != nil {
		return nil, nil, err
	}
	return k, done, nil
}

// countAll counts what waits in a journal.
func countAll(ctx context.Context, c *console, cfg *Config, to *store.Store, past *journal.Journal) (*ingest.Intake, error) {
	in, err := ingest.New(ctx, ingest.Config{Journal: past, Counter: to, Brands: cfg.Brands, Store: to, Stories: to, Now: c.now, Log: c.log})
	if err != nil {
		return nil, err
	}
	return in, in.Recover(ctx)
}
