package ingest

import (
	"context"
	"fmt"
	"time"

	"agora/ingest/journal"
	"agora/ingest/recount"
	"agora/mood"
)

// Verifier is what a verification needs beside the intake.
type Verifier struct {
	Store    recount.Store
	Brands   []mood.Brand
	Location *time.Location
	Keep     time.Duration      // how long texts are kept
	Others   []*journal.Journal // of other processes, counted to their end
}

// ErrBusy says that a verification is under way already.
var ErrBusy = fmt.Errorf("the counters are being verified already: wait until that is done: %w", mood.ErrConflict)

// Verify counts the journal again and compares. Counting goes on meanwhile, but
// for the moments in which a brand's counters are read, of five seconds at most.
func (in *Intake) Verify(ctx context.Context, v Verifier) (mood.Verification, error) {
	if in.ledger == nil {
		return mood.Verification{}, fmt.Errorf("this Agora keeps no journal that its counters could be compared with: %w", mood.ErrNotFound)
	}
	if !in.verifying.TryLock() {
		return mood.Verification{}, ErrBusy
	}
	defer in.verifying.Unlock()
	done, err := recount.Verify(ctx, recount.Config{
		Store: v.Store, Brands: v.Brands, Location: v.Location, Keep: v.Keep, Now: in.now,
		Journal: in.ledger.journal, Others: v.Others, Still: in.ledger.still,
	})
	if err != nil {
		return done, fmt.Errorf("verify the counters: %w", err)
	}
	return done, nil
}

// still runs use while nothing is counted: all up to seq is.
func (l *ledger) still(use func(seq uint64) error) error {
	l.turn.Lock()
	defer l.turn.Unlock()
	if !l.resumed || l.stuck {
		return errAway
	}
	return use(l.next - 1)
}
