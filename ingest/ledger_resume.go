package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"agora/ingest/journal"
	"agora/mood"
)

// recover counts everything that the journal holds by now.
func (l *ledger) recover(ctx context.Context) error {
	until := l.journal.Last()
	begun := time.Now()
	first := uint64(0)
	for {
		if l.resumed && l.next > until {
			break
		}
		if _, err := l.step(ctx); err != nil {
			if errors.Is(err, mood.ErrLost) {
				l.trouble(ctx, err)
				continue
			}
			return fmt.Errorf("count what the journal holds: %w", err)
		}
		if first == 0 {
			first = l.next
		}
	}
	l.mark(ctx)
	if n := int64(until) - int64(first) + 1; n > 0 {
		l.log.Info("what was accepted before the last stop is counted", "entries", n, "took", time.Since(begun).Round(time.Millisecond))
	}
	return nil
}

// recall goes through the newest entries that are counted: the store may have
// written that to disk a moment before what it holds of their stories.
func (l *ledger) recall(ctx context.Context, counted uint64) error {
	if counted == 0 {
		return nil
	}
	err := l.journal.Read(ctx, max(counted, lastCounted)-lastCounted+1, func(r journal.Record) error {
		if r.Seq > counted {
			return errEnough
		}
		if e, err := journal.Decode(r.Payload); err == nil { // others say what is damaged
			l.stories.Learn(ctx, e.Mentions)
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return fmt.Errorf("read the journal: %w", err)
	}
	return nil
}

// resume learns how far the store has the journal.
func (l *ledger) resume(ctx context.Context) error {
	known := l.journal.Stats().Applied
	from, err := l.store.Resume(ctx, l.journal.ID(), known)
	if err != nil {
		return err
	}
	if last := l.journal.Last(); from.Last > last {
		l.log.Warn("the journal has lost its end, which was counted before; it goes on after it", "ends", last, "counted", from.Last)
		l.journal.Skip(from.Last)
	}
	l.ready.Store(false) // what follows was answered for before
	l.lock.Lock()
	l.next = from.Seq + 1
	l.lock.Unlock()
	if err := l.recall(ctx, from.Seq); err != nil {
		return err
	}
	l.marked, l.marks, l.resumed = from.Seq, nil, true
	first, last := l.journal.First(), l.journal.Last()
	// What one brand alone lacks may be lost, or the brand is new.
	if from.Lost || from.Seq < known {
		l.lost = true
		l.lostAt.Store(l.now().UnixNano())
	}
	if from.Lost {
		l.stories.Lost()
		l.log.Warn("the store has lost what was counted: it is counted again from the journal",
			"entries", int64(last)-int64(max(from.Seq+1, first))+1, "since", l.journal.Oldest())
		if from.Seq+1 < first {
			l.log.Warn("what was accepted before the journal begins can't be counted again", "begins", l.journal.Oldest())
		}
	}
	return nil
}
