package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"agora/ingest/journal"
	"agora/mood"
)

// openTwo opens what two processes have that share a Redis; nil where there is
// none.
func openTwo(t *testing.T) (a, b *accounts) {
	redis := redisForTests(t)
	if redis == "" {
		return nil, nil
	}
	a = openAccounts(t, redis, time.UTC, noon)
	t.Cleanup(a.close)
	b = openAccounts(t, redis, time.UTC, noon)
	t.Cleanup(b.close)
	return a, b
}

func corrected(mention string, label *mood.Label) journal.Entry {
	return journal.Entry{Correction: &mood.Correction{Brand: "nokia", Mention: mention, Label: label}}
}

func readingOf(t *testing.T, a *accounts, id string) mood.Reading {
	t.Helper()
	m, err := a.store.Told(t.Context(), "nokia", id)
	must(t, err)
	return m.Readings["nokia"]
}

// TestTheLastCorrectionHoldsWhicheverJournalIsCountedFirst counts two journals
// into an empty store, the one with the last words first.
func TestTheLastCorrectionHoldsWhicheverJournalIsCountedFirst(t *testing.T) {
	a, b := openTwo(t)
	if a == nil {
		return
	}
	positive, neutral := mood.Positive, mood.Neutral
	b.accept(journal.Entry{Mentions: []mood.Mention{aboutNokia("changed", noon), aboutNokia("restored", noon), aboutNokia("again", noon)}})
	for _, x := range []struct {
		who     *accounts
		mention string
		label   *mood.Label
	}{
		{a, "changed", &positive}, {b, "changed", &neutral},
		{a, "restored", &positive}, {b, "restored", nil},
		{b, "again", &neutral}, {a, "again", &positive}, {b, "again", &neutral},
	} {
		for _, each := range []*accounts{a, b} {
			each.set(each.clock().Add(time.Second))
		}
		x.who.accept(corrected(x.mention, x.label))
	}
	b.count()
	a.count()
	for id, want := range map[string]mood.Label{"changed": mood.Neutral, "again": mood.Neutral, "restored": mood.Negative} {
		if r := readingOf(t, a, id); r.Label != want || r.Corrected != (want == mood.Neutral) {
			t.Errorf("%s is %s, corrected %t, want %s", id, r.Label, r.Corrected, want)
		}
	}
}

// TestACorrectionCountedAgainLeavesAloneWhatCameAfterIt corrects a story of
// which a copy came later.
func TestACorrectionCountedAgainLeavesAloneWhatCameAfterIt(t *testing.T) {
	a, b := openTwo(t)
	if a == nil {
		return
	}
	first, later := aboutNokia("first", noon), aboutNokia("later", noon.Add(time.Minute))
	first.Story, later.Story = "first", "first"
	a.accept(journal.Entry{Mentions: []mood.Mention{first}})
	positive := mood.Positive
	e := corrected("first", &positive)
	e.Correction.Scope = mood.ScopeStory
	a.accept(e)
	b.set(noon.Add(time.Minute))
	b.accept(journal.Entry{Mentions: []mood.Mention{later}})
	b.count()
	a.count()
	if one, other := readingOf(t, a, "first"), readingOf(t, a, "later"); !one.Corrected || other.Corrected {
		t.Errorf("the first is %+v, the later one %+v", one, other)
	}
}

// TestACorrectionAheadOfItsMentionOutlivesItsProcess has a correction counted
// again before the mention, which is in another process's journal, and its
// process end meanwhile.
func TestACorrectionAheadOfItsMentionOutlivesItsProcess(t *testing.T) {
	a, b := openTwo(t)
	if a == nil {
		return
	}
	b.accept(journal.Entry{Mentions: []mood.Mention{aboutNokia("m1", noon)}})
	positive := mood.Positive
	a.accept(corrected("m1", &positive))
	a.accept(journal.Entry{Mentions: []mood.Mention{aboutNokia("m2", noon)}})
	b.count()
	a.count()
	tellRedis(t, a.redis, "FLUSHALL")
	for range 3 {
		a.begin()
		a.count()
	}
	b.begin()
	b.count()
	a.begin()
	a.count()
	staysPositive(t, a, "m1")
}

// TestWhatIsWithdrawnFromOneBrandComesBackInNoOther has one brand's counters
// lost, and a mention of two brands withdrawn before the process that took it in
// has counted it again.
func TestWhatIsWithdrawnFromOneBrandComesBackInNoOther(t *testing.T) {
	a, b := openTwo(t)
	if a == nil {
		return
	}
	loseOneOfTwo(t, a, b, "m1")
	a.accept(journal.Entry{Withdrawn: "m1"})
	a.begin()
	a.count()
	b.begin()
	b.count()
	isInNeither(t, a, "m1")
}

// staysPositive checks that a correction of a mention holds.
func staysPositive(t *testing.T, w *accounts, id string) {
	t.Helper()
	if r := readingOf(t, w, id); !r.Corrected || r.Label != mood.Positive {
		t.Errorf("it is %+v", r)
	}
}

// isInNeither checks that no brand has a mention.
func isInNeither(t *testing.T, w *accounts, id string) {
	t.Helper()
	for _, brand := range []string{"nokia", "ericsson"} {
		if _, err := w.store.Told(t.Context(), brand, id); !errors.Is(err, mood.ErrNotFound) {
			t.Errorf("%s has it: %v", brand, err)
		}
	}
}

// loseOneOfTwo has b count a mention of two brands, and one of them lost.
func loseOneOfTwo(t *testing.T, a, b *accounts, id string) {
	t.Helper()
	m := aboutNokia(id, noon)
	m.Readings["ericsson"] = m.Readings["nokia"]
	a.accept(journal.Entry{Mentions: []mood.Mention{aboutNokia("m2", noon)}})
	b.accept(journal.Entry{Mentions: []mood.Mention{m}})
	a.count()
	b.count()
	tellRedis(t, a.redis, dropNokia)
}

// dropNokia has the shard lose its contents that one of two brands is in.
const dropNokia = `EVAL "for _, k in ipairs(redis.call('KEYS', '*{nokia}*')) do redis.call('DEL', k) end" 0`

// TestTheLastCorrectionBeforeAKillOutlivesTheLossOfItsShard has a process killed
// within the second in which it took a correction, and the shard of the brand
// emptied before it begins again.
func TestTheLastCorrectionBeforeAKillOutlivesTheLossOfItsShard(t *testing.T) {
	a, b := openTwo(t)
	if a == nil {
		return
	}
	a.accept(journal.Entry{Mentions: []mood.Mention{aboutNokia("m2", noon)}})
	b.accept(journal.Entry{Mentions: []mood.Mention{aboutNokia("m1", noon)}})
	a.count()
	b.count()
	positive := mood.Positive
	a.accept(corrected("m1", &positive))
	tellRedis(t, a.redis, dropNokia)
	a.restart()
	a.count()
	b.restart()
	b.count()
	a.restart()
	a.count()
	staysPositive(t, a, "m1")
}

// TestWhatIsWithdrawnAfterOneShardIsLostStaysAway begins a process anew after
// one brand's counters were lost, which the other brand's don't give away, and
// withdraws what another process has yet to count again.
func TestWhatIsWithdrawnAfterOneShardIsLostStaysAway(t *testing.T) {
	a, b := openTwo(t)
	if a == nil {
		return
	}
	loseOneOfTwo(t, a, b, "m1")
	a.restart()
	a.count()
	stop := a.run()
	withdraw(t, a, "m1")
	stop()
	b.restart()
	b.count()
	isInNeither(t, a, "m1")
}

// TestSoonAfterALossNothingIsSaidToBeUnknown has one of two processes count
// again what was lost, and asks it about what the other one has.
func TestSoonAfterALossNothingIsSaidToBeUnknown(t *testing.T) {
	a, b := openTwo(t)
	if a == nil {
		return
	}
	a.accept(journal.Entry{Mentions: []mood.Mention{aboutNokia("m1", noon)}})
	b.accept(journal.Entry{Mentions: []mood.Mention{aboutNokia("m2", noon)}})
	a.count()
	b.count()
	tellRedis(t, a.redis, "FLUSHALL")
	a.restart()
	defer a.run()()
	withdraw(t, a, "m1")
	correct := func() error {
		_, err := a.intake.Correct(t.Context(), mood.Correction{Brand: "nokia", Mention: "m2"})
		return err
	}
	if one, other := a.intake.Withdraw(t.Context(), "m2"), correct(); !errors.Is(one, mood.ErrUnavailable) || !errors.Is(other, mood.ErrUnavailable) {
		t.Errorf("withdrawn: %v, corrected: %v", one, other)
	}
	a.set(noon.Add(2 * time.Minute))
	if one, other := a.intake.Withdraw(t.Context(), "m2"), correct(); !errors.Is(one, mood.ErrNotFound) || !errors.Is(other, mood.ErrNotFound) {
		t.Errorf("withdrawn: %v, corrected: %v", one, other)
	}
}

// run counts what is accepted until it is stopped.
func (a *accounts) run() (stop func()) {
	ctx, cancel := context.WithCancel(a.t.Context())
	done := make(chan error, 1)
	go func() { done <- a.intake.Run(ctx) }()
	return func() {
		a.t.Helper()
		cancel()
		must(a.t, <-done)
	}
}

// withdraw waits until the store is ready for it.
func withdraw(t *testing.T, a *accounts, id string) {
	t.Helper()
	err := a.intake.Withdraw(t.Context(), id)
	for end := time.Now().Add(patience); errors.Is(err, mood.ErrUnavailable) && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
		err = a.intake.Withdraw(t.Context(), id)
	}
	must(t, err)
}
