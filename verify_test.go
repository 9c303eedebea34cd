package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"agora/ingest"
	"agora/ingest/journal"
	"agora/mood"
)

func aboutNokia(id string, at time.Time) mood.Mention {
	return mood.Mention{
		ID: id, Title: "Title of " + id, Published: at, Seen: at, Outlet: "bbc.co.uk", Language: "en", Sources: []string{"bbc"},
		Readings: map[string]mood.Reading{"nokia": {Label: mood.Negative, Score: -0.4, Topics: []string{"5g"}}},
	}
}

var noon = time.Date(2031, 5, 14, 12, 0, 0, 0, time.UTC)

func ofNokia(v mood.Verification) mood.BrandVerification {
	return v.Brands[slices.IndexFunc(v.Brands, func(b mood.BrandVerification) bool { return b.Brand == "nokia" })]
}

func TestASpoiledCounterIsNamedWithWhatItShouldBe(t *testing.T) {
	redis := redisForTests(t)
	if redis == "" {
		return
	}
	a := openAccounts(t, redis, time.UTC, noon)
	defer a.close()
	a.accept(journal.Entry{
		Mentions:   []mood.Mention{aboutNokia("m1", noon)},
		Activities: nil,
	})
	a.accept(journal.Entry{Activities: []mood.Activity{{ID: "d1", Brand: "nokia", Kind: "check-in", Count: 2, At: noon, Country: "FI", Spot: &mood.Spot{City: "Turku", Lat: 60.45, Lon: 22.27}}}})
	a.count()
	if v := a.verify(); !v.Equal || ofNokia(v).Counters != 3*(7+1+3) { // minutes, hours, days × rows, all, activity
		t.Fatalf("before: %+v", v)
	}
	hour := noon.Unix() / 3600
	for _, x := range []struct {
		spoil, by, value, step string
		counted, recounted     int64
	}{
		{fmt.Sprintf("HSET s:{nokia}:1h:%d %d 0,0,0,3,0,-400,160000", hour/96, hour%96), "mentions", "", "hour", 3, 1},
		{fmt.Sprintf("HSET x:{nokia}:1d:%d:w obbc.co.uk 0,0,0,0,0,0,0", hour/24), "outlet", "bbc.co.uk", "day", 0, 1},
		{fmt.Sprintf("HSET x:{nokia}:1m:%d t6g 1,0,0,0,0,5,25", noon.Unix()/60), "topic", "6g", "minute", 1, 0},
		{fmt.Sprintf("HINCRBY a:{nokia}:1h:%d %d:check-in 5", hour/96, hour%96), "activity", "check-in", "hour", 7, 2},
		{fmt.Sprintf("HDEL c:{nokia}:1d:%d FI:check-in", hour/24), "activity by country", "FI:check-in", "day", 0, 2},
		{fmt.Sprintf("HINCRBY g:{nokia}:1h:%d FI:60.45,22.27,Turku:check-in 2", hour), "activity by city", "FI:check-in", "hour", 4, 2},
	} {
		tellRedis(t, redis, x.spoil)
		v := a.verify()
		if v.Equal {
			t.Fatalf("%s isn't noticed", x.spoil)
		}
		i := slices.IndexFunc(ofNokia(v).First, func(d mood.Difference) bool { return d.By == x.by && d.Value == x.value })
		if i < 0 {
			t.Fatalf("%s isn't named: %+v", x.spoil, v)
		}
		d := ofNokia(v).First[i]
		if d.Step != x.step || d.At.After(noon) || noon.Sub(d.At) > 24*time.Hour || d.Counted.Count != x.counted || d.Recounted.Count != x.recounted {
			t.Errorf("%s: %+v", x.spoil, d)
		}
	}
	var page strings.Builder
	must(t, printVerification(&page, a.verify()))
	if want := regexp.MustCompile(`(?m)^outlet +bbc\.co\.uk +day of 2031-05-14 00:00 UTC +0 +1 \(\+0 =0 \?0 -1, scores -400, squares 160000\)$`); !want.MatchString(page.String()) {
		t.Errorf("printed is\n%s", page.String())
	}
}

// TestACopyOfWhatWasCountedBeforeTheJournalBeginsIsNoFalseAlarm has a mention
// come again, with a new date, when the journal has let go of its first coming.
func TestACopyOfWhatWasCountedBeforeTheJournalBeginsIsNoFalseAlarm(t *testing.T) {
	onEveryStore(t, func(t *testing.T, redis string) {
		for _, later := range []time.Duration{keepEntries + time.Hour, keepTexts + 30*time.Hour} {
			a := openAccounts(t, redis, time.UTC, noon)
			a.accept(journal.Entry{Mentions: []mood.Mention{aboutNokia("m1", noon)}})
			a.count()
			for i := range 40 { // files come to an end by their size
				a.set(a.clock().Add(time.Second))
				a.accept(journal.Entry{Mentions: []mood.Mention{aboutNokia(fmt.Sprint("filler ", i, strings.Repeat("x", i*37%90)), a.clock())}})
			}
			a.count()
			a.set(noon.Add(later))
			for a.past.First() == 1 {
				a.accept(journal.Entry{Mentions: []mood.Mention{aboutNokia("another", a.clock())}})
				a.count()
			}
			a.set(a.clock().Add(time.Hour))
			a.accept(journal.Entry{Mentions: []mood.Mention{aboutNokia("m1", a.clock()), aboutNokia("m2", a.clock())}})
			a.count()
			a.set(a.clock().Add(2 * time.Hour))
			v := a.verify()
			if b := ofNokia(v); !v.Equal || b.Copies != 1 || b.Unsure != 0 || b.Counters == 0 {
				t.Errorf("%s later: %+v", later, v)
			}
			a.close()
		}
	})
}

// TestWhichOfTwoJournalsWasCountedFirstIsNoFalseAlarm has whoever got no answer
// from one process send the same to another, which has its own mind about time,
// story and topics, and whose journal is the first to be counted.
func TestWhichOfTwoJournalsWasCountedFirstIsNoFalseAlarm(t *testing.T) {
	redis := redisForTests(t)
	if redis == "" {
		return
	}
	a := openAccounts(t, redis, time.UTC, noon)
	defer a.close()
	b := openAccounts(t, redis, time.UTC, noon)
	defer b.close()
	there := func(id, story, topic string, label mood.Label) mood.Mention {
		m := aboutNokia(id, a.clock().Add(time.Hour-keepTexts))
		m.Seen, m.Story = a.clock(), story
		m.Readings["nokia"] = mood.Reading{Label: label, Score: 0.3, Topics: []string{topic}}
		return m
	}
	a.accept(journal.Entry{Mentions: []mood.Mention{there("m1", "m1", "5g", mood.Neutral), there("m2", "m1", "5g", mood.Neutral), there("m3", "m3", "5g", mood.Neutral)}})
	for _, x := range []*accounts{a, b} {
		x.set(noon.Add(90 * time.Second))
	}
	b.accept(journal.Entry{Mentions: []mood.Mention{there("m1", "m0", "6g", mood.Positive), there("m2", "m2", "6g", mood.Positive), there("m3", "m0", "6g", mood.Positive)}})
	b.count()
	positive := mood.Positive
	a.accept(journal.Entry{Correction: &mood.Correction{Brand: "nokia", Mention: "m1", Label: &positive}})
	a.accept(journal.Entry{Withdrawn: "m3"})
	a.accept(journal.Entry{Mentions: []mood.Mention{there("m2", "m1", "7g", mood.Negative)}})
	a.count()
	verify := func() mood.Verification {
		v, err := a.intake.Verify(t.Context(), ingest.Verifier{
			Store: a.store, Brands: a.brands, Location: a.loc, Keep: keepTexts, Others: []*journal.Journal{b.past},
		})
		must(t, err)
		return v
	}
	if v := verify(); !v.Equal || ofNokia(v).Unsure != 0 || ofNokia(v).Mentions != 3 {
		t.Errorf("%+v", v)
	}
	a.set(noon.Add(5 * time.Hour))
	if v := verify(); !v.Equal || ofNokia(v).Unsure == 0 {
		t.Errorf("with texts that are kept no more: %+v", v)
	}
	tellRedis(t, redis, fmt.Sprintf("HSET x:{nokia}:1d:%d:w obbc.co.uk 99,0,0,0,0,0,0", noon.Add(-keepTexts).Unix()/86400))
	if v := verify(); v.Equal {
		t.Errorf("a spoiled counter isn't noticed: %+v", v)
	}
}

// plainScorer finds everything neutral.
type plainScorer struct{}

func (plainScorer) Score(_ context.Context, asks []mood.Ask) ([]mood.Reading, error) {
	return make([]mood.Reading, len(asks)), nil
}

func TestCountingGoesOnWhileItIsVerified(t *testing.T) {
	onEveryStore(t, func(t *testing.T, redis string) {
		a := openAccounts(t, redis, time.UTC, time.Now())
		defer a.close()
		var err error
		a.intake, err = ingest.New(t.Context(), ingest.Config{
			Journal: a.past, Counter: a.store, Store: a.store, Scorer: plainScorer{}, Brands: a.brands, Now: a.clock,
		})
		must(t, err)
		ctx, stop := context.WithCancel(t.Context())
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error { return a.intake.Run(ctx) })
		said, verified := make(chan int), make(chan struct{})
		group.Go(func() error {
			defer close(said)
			for n := 0; ; n++ {
				somebody := said
				if n == 0 {
					somebody = nil
				}
				select {
				case <-verified:
					return nil
				case somebody <- n: // who looks
				default:
				}
				m := mood.Mention{ID: fmt.Sprint(n), Title: "Nokia", Text: fmt.Sprint(n), Published: a.clock(), Seen: a.clock(), Sources: []string{"bbc"}}
				if _, err := a.intake.Deliver(ctx, mood.Source{}, []mood.Mention{m}, false); err != nil {
					return err
				}
			}
		})
		before := int64(0)
		for range 5 {
			<-said // one more since the last time
			v := a.verify()
			if b := ofNokia(v); !v.Equal || b.Counters == 0 || b.Mentions <= before {
				t.Errorf("%+v", v)
			} else {
				before = b.Mentions
			}
		}
		close(verified)
		stop()
		if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}
