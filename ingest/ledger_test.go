package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"agora/ingest/archive"
	"agora/ingest/journal"
	"agora/mood"
)

// counter is a store that counts a journal, and can be away.
type counter struct {
	kept
	lock sync.Mutex
	away bool
	lost bool
	mark uint64

	finished  map[string]uint64 // by brand; nil: all that is marked
	corrected []string          // brands
	refused   []string          // ids
	counted   []uint64          // numbers of entries, in the order in which they were counted
}

func (c *counter) set(change func()) {
	c.lock.Lock()
	defer c.lock.Unlock()
	change()
}

func (c *counter) Resume(context.Context, string, uint64) (mood.Resumed, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.away {
		return mood.Resumed{}, mood.ErrUnavailable
	}
	lost := c.lost
	c.lost = false
	return mood.Resumed{Seq: c.mark, Last: c.mark, Lost: lost}, nil
}

func (c *counter) Count(ctx context.Context, _ string, entries []mood.Accepted) ([][]mood.Outcome, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	switch {
	case c.away:
		return nil, fmt.Errorf("count: %w", mood.ErrUnavailable)
	case c.lost:
		return nil, mood.ErrLost
	}
	var all [][]mood.Outcome
	for _, e := range entries {
		c.counted = append(c.counted, e.Seq)
		outcomes, err := c.Record(ctx, e.Mentions)
		if err != nil {
			return nil, err
		}
		more, err := c.RecordActivity(ctx, e.Activities)
		if err != nil {
			return nil, err
		}
		all = append(all, append(outcomes, more...))
	}
	return all, nil
}

func (c *counter) Mark(_ context.Context, seq uint64) error {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.away {
		return mood.ErrUnavailable
	}
	c.mark = seq
	return nil
}

func (c *counter) Finished(brand string, seq uint64) bool {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.finished != nil {
		return c.finished[brand] >= seq
	}
	return c.mark >= seq
}

func (c *counter) CorrectAt(ctx context.Context, x mood.Correction, _ time.Time, _ bool) (mood.CorrectionReceipt, error) {
	return c.Correct(ctx, x)
}

func (c *counter) Correct(ctx context.Context, x mood.Correction) (mood.CorrectionReceipt, error) {
	c.set(func() { c.corrected = append(c.corrected, x.Brand) })
	return c.kept.Correct(ctx, x)
}

func (c *counter) Saved() time.Time { return time.Now().Add(time.Hour) }
func (c *counter) Recovered()       {}

func (c *counter) Has(_ context.Context, id string) (bool, error) {
	c.kept.mu.Lock()
	defer c.kept.mu.Unlock()
	_, ok := c.mentions[id]
	return ok, nil
}

func (c *counter) Refuse(_ context.Context, id string) error {
	c.set(func() { c.refused = append(c.refused, id) })
	return nil
}

// ledgered is an intake with a journal, and what runs it.
func ledgered(t *testing.T, c *counter, options journal.Options, texts ...*archive.Archive) *Intake {
	t.Helper()
	if c.mentions == nil {
		c.mentions, c.activities = map[string]mood.Mention{}, map[string]mood.Activity{}
	}
	j, err := journal.Open(options)
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		Brands: []mood.Brand{{ID: "nokia", Name: "Nokia", Query: "nokia"}},
		Scorer: fan{}, Store: c, Journal: j, Counter: c, Now: func() time.Time { return now },
	}
	if len(texts) > 0 {
		cfg.Archive = texts[0]
	}
	in, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- in.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, j.Close()); err != nil {
			t.Error(err)
		}
	})
	return in
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(2 * time.Millisecond) {
		if is() {
			return
		}
	}
	t.Fatalf("not so in time: %s", what)
}

func settled(in *Intake) func() bool { return in.ledger.ready.Load }

func TestWhatIsPushedWhileTheStoreIsAwayIsAcceptedAndCountedLater(t *testing.T) {
	c := &counter{}
	in := ledgered(t, c, journal.Options{Folder: t.TempDir()})
	eventually(t, "ready", settled(in))
	if r := push(t, in, `{"id":"1","title":"Nokia is good"}`); r.Accepted != 1 {
		t.Errorf("pushed: %+v", r)
	}
	if r := push(t, in, `{"id":"1","title":"Nokia is good"}`); r.Duplicates != 1 {
		t.Errorf("pushed again: %+v, want a duplicate", r)
	}
	c.set(func() { c.away = true })
	for i := range 5 {
		if r := push(t, in, fmt.Sprintf(`{"id":"away-%d","title":"Nokia is good"}`, i)); r.Accepted != 1 {
			t.Errorf("pushed while the store is away: %+v", r)
		}
	}
	if _, err := in.Correct(t.Context(), mood.Correction{Mention: "x", Brand: "nokia"}); !errors.Is(err, mood.ErrUnavailable) {
		t.Errorf("corrected while the store is away: %v", err)
	}
	if n := len(c.mentions); n != 1 {
		t.Errorf("%d counted while the store is away", n)
	}
	c.set(func() { c.away = false })
	eventually(t, "all are counted", func() bool {
		c.lock.Lock()
		defer c.lock.Unlock()
		return len(c.mentions) == 6
	})
	for i, seq := range c.counted {
		if seq != uint64(i+1) {
			t.Fatalf("counted in the order %v", c.counted)
		}
	}
}

func TestAStoreThatLostItsContentsIsCountedIntoAgain(t *testing.T) {
	c := &counter{}
	in := ledgered(t, c, journal.Options{Folder: t.TempDir()})
	eventually(t, "ready", settled(in))
	for i := range 4 {
		push(t, in, fmt.Sprintf(`{"id":"%d","title":"Nokia is good"}`, i))
	}
	c.set(func() {
		clear(c.mentions)
		c.mark, c.lost, c.counted = 0, true, nil
	})
	push(t, in, `{"id":"5","title":"Nokia is good"}`)
	eventually(t, "all are there again", func() bool {
		c.lock.Lock()
		defer c.lock.Unlock()
		return len(c.mentions) == 5
	})
}

func TestAFullJournalTakesNothingAndRecovers(t *testing.T) {
	c := &counter{away: true}
	in := ledgered(t, c, journal.Options{Folder: t.TempDir(), MaxBytes: 16 << 10, KeepBytes: 1})
	accepted := 0
	var full error
	for i := 0; full == nil && i < 10_000; i++ {
		items := itemsOf(fmt.Sprintf(`{"id":"%d","title":"Nokia is good, number %d of very many that differ"}`, i, i))
		r, err := in.Push(t.Context(), items)
		accepted += r.Accepted
		full = err
	}
	if !errors.Is(full, journal.ErrFull) || !errors.Is(full, mood.ErrUnavailable) {
		t.Fatalf("the journal of 16 KiB ended with %v", full)
	}
	c.set(func() { c.away = false })
	eventually(t, "it takes more again", func() bool {
		_, err := in.Push(t.Context(), itemsOf(`{"id":"more","title":"Nokia is good"}`))
		return err == nil
	})
	eventually(t, "all are counted", func() bool {
		c.lock.Lock()
		defer c.lock.Unlock()
		return len(c.mentions) == accepted+1
	})
}

func TestCorrectionsAndWithdrawalsWaitForTheirTurn(t *testing.T) {
	c := &counter{}
	in := ledgered(t, c, journal.Options{Folder: t.TempDir()})
	eventually(t, "ready", settled(in))
	push(t, in, `{"id":"1","title":"Nokia is good"}`)
	id := c.one(t).ID
	r, err := in.Correct(t.Context(), mood.Correction{Mention: id, Brand: "nokia", Irrelevant: true})
	if err != nil || r.Changed != 1 {
		t.Errorf("corrected: %+v, %v", r, err)
	}
	if _, err := in.Correct(t.Context(), mood.Correction{Mention: "none", Brand: "nokia"}); !errors.Is(err, mood.ErrGone) {
		t.Errorf("corrected what isn't there: %v", err)
	}
	if err := in.Withdraw(t.Context(), id); err != nil {
		t.Error(err)
	}
	last := in.ledger.journal.Last()
	if err := in.Withdraw(t.Context(), id); !errors.Is(err, mood.ErrNotFound) {
		t.Errorf("withdrawn twice: %v", err)
	}
	if now := in.ledger.journal.Last(); now != last {
		t.Errorf("what took nothing away is in the journal: %d entries, after %d", now, last)
	}
}

// In the second before a loss is noticed the store has nothing of a mention, and
// the archive has its text.
func TestWhatIsWithdrawnBeforeALossIsNoticedDoesNotComeBack(t *testing.T) {
	a, err := archive.Open(archive.Options{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	c := &counter{}
	in := ledgered(t, c, journal.Options{Folder: t.TempDir()}, a)
	eventually(t, "ready", settled(in))
	push(t, in, `{"id":"1","title":"Nokia is good"}`)
	id := c.one(t).ID
	c.kept.mu.Lock()
	clear(c.mentions)
	c.kept.mu.Unlock()
	if err := in.Withdraw(t.Context(), id); err != nil {
		t.Fatalf("withdrawn: %v", err)
	}
	c.set(func() { c.lost, c.mark = true, 0 })
	push(t, in, `{"id":"2","title":"Nokia is good"}`)
	eventually(t, "all is counted again", func() bool {
		return settled(in)() && in.Drain(t.Context()) == nil
	})
	if m := c.one(t); m.ID == id {
		t.Error("it was acknowledged, and came back")
	}
}

// What was corrected is not corrected again when a journal is counted once
// more for another brand's sake: later words may have come since.
func TestACorrectionThatIsDoneIsNotRepeated(t *testing.T) {
	folder := t.TempDir()
	j, err := journal.Open(journal.Options{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []journal.Entry{
		{At: now, Correction: &mood.Correction{Mention: "m", Brand: "nokia"}},
		{At: now, Correction: &mood.Correction{Mention: "m", Brand: "new"}},
	} {
		payload, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := j.Append(t.Context(), payload); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	c := &counter{kept: kept{mentions: map[string]mood.Mention{"m": {ID: "m"}}}, finished: map[string]uint64{"nokia": 2}}
	in := ledgered(t, c, journal.Options{Folder: folder})
	eventually(t, "ready", settled(in))
	c.lock.Lock()
	defer c.lock.Unlock()
	if fmt.Sprint(c.corrected) != "[new]" {
		t.Errorf("corrected %v, want the brand alone that has not heard it", c.corrected)
	}
}

func TestActivityAndTextsOfOldAreKeptInOneJournal(t *testing.T) {
	c := &counter{}
	in := ledgered(t, c, journal.Options{Folder: t.TempDir()})
	eventually(t, "ready", settled(in))
	r, err := in.PushActivity(t.Context(), itemsOf(`{"id":"a","brand":"nokia","kind":"activation"}`, `{"id":"a","brand":"nokia","kind":"activation"}`))
	if err != nil || r.Accepted != 1 || r.Duplicates != 1 {
		t.Errorf("activity: %+v, %v", r, err)
	}
	if r := push(t, in, `{"id":"old","title":"Nokia is good","published":"2026-07-01T00:00:00Z"}`); r.TooOld != 1 {
		t.Errorf("an old text: %+v, want that it is too old", r)
	}
}

func TestAJournalThatLostItsEndGivesNoNumberTwice(t *testing.T) {
	c := &counter{mark: 10}
	in := ledgered(t, c, journal.Options{Folder: t.TempDir()})
	eventually(t, "ready", settled(in))
	if r := push(t, in, `{"id":"1","title":"Nokia is good"}`); r.Accepted != 1 || len(c.counted) != 1 || c.counted[0] != 11 {
		t.Errorf("%+v, counted as %v, want as 11: what has a lower number is taken for counted", r, c.counted)
	}
}

// A process that has counted its journal serves while its parts begin, one after
// the other.
func TestWhatComesAheadOfTheFirstRunIsAnsweredForToo(t *testing.T) {
	c := &counter{kept: kept{mentions: map[string]mood.Mention{}, activities: map[string]mood.Activity{}}}
	j, err := journal.Open(journal.Options{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	in, err := New(t.Context(), Config{
		Brands: []mood.Brand{{ID: "nokia", Name: "Nokia", Query: "nokia"}},
		Scorer: fan{}, Store: c, Journal: j, Counter: c, Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	told := make(chan mood.Receipt, 1)
	go func() {
		told <- push(t, in, `{"id":"1","title":"Nokia is good"}`, `{"id":"1","title":"Nokia is good"}`)
	}()
	eventually(t, "it is in the journal", func() bool { return j.Last() > 0 })
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- in.Run(ctx) }()
	if r := <-told; r.Accepted != 1 || r.Duplicates != 1 {
		t.Errorf("%+v, want one of two that are the same", r)
	}
	stop()
	if err := errors.Join(<-ended, j.Close()); err != nil {
		t.Error(err)
	}
}

func itemsOf(texts ...string) []json.RawMessage {
	items := make([]json.RawMessage, len(texts))
	for i, s := range texts {
		items[i] = json.RawMessage(s)
	}
	return items
}
