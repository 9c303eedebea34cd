package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

var now = time.Date(2026, 11, 23, 14, 32, 0, 0, time.UTC)

// kept is a store that remembers what it was given.
type kept struct {
	mu         sync.Mutex
	mentions   map[string]mood.Mention
	activities map[string]mood.Activity
	fail       error
}

func (k *kept) Record(_ context.Context, mentions []mood.Mention) ([]mood.Outcome, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail != nil {
		return nil, k.fail
	}
	outcomes := make([]mood.Outcome, len(mentions))
	for i, m := range mentions {
		if _, known := k.mentions[m.ID]; known {
			outcomes[i] = mood.Duplicate
			continue
		}
		k.mentions[m.ID] = m
	}
	return outcomes, nil
}

func (k *kept) RecordActivity(_ context.Context, activities []mood.Activity) ([]mood.Outcome, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	outcomes := make([]mood.Outcome, len(activities))
	for i, a := range activities {
		if _, known := k.activities[a.ID]; known {
			outcomes[i] = mood.Duplicate
			continue
		}
		k.activities[a.ID] = a
	}
	return outcomes, nil
}

func (k *kept) Withdraw(_ context.Context, id string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, known := k.mentions[id]; !known {
		return mood.ErrNotFound
	}
	delete(k.mentions, id)
	return nil
}

func (k *kept) Correct(_ context.Context, c mood.Correction) (mood.CorrectionReceipt, error) {
	if _, known := k.mentions[c.Mention]; !known {
		return mood.CorrectionReceipt{}, mood.ErrGone
	}
	return mood.CorrectionReceipt{Changed: 1, Mentions: []string{c.Mention}, Mention: k.mentions[c.Mention]}, nil
}

func (k *kept) one(t *testing.T) mood.Mention {
	t.Helper()
	if len(k.mentions) != 1 {
		t.Fatalf("%d mentions kept, want 1", len(k.mentions))
	}
	for _, m := range k.mentions {
		return m
	}
	panic("unreachable")
}

// fan likes its target wherever "good" stands.
type fan struct{}

func (fan) Score(_ context.Context, asks []mood.Ask) ([]mood.Reading, error) {
	readings := make([]mood.Reading, len(asks))
	for i, a := range asks {
		if strings.Contains(a.Title+a.Text, "good") {
			readings[i] = mood.Reading{Label: mood.Positive, Score: 1, Reasons: []mood.Reason{{Text: a.Target}}}
		}
	}
	return readings, nil
}

func intake(t *testing.T) (*Intake, *kept) {
	t.Helper()
	return intakeWith(t, nil)
}

func intakeWith(t *testing.T, cities Cities) (*Intake, *kept) {
	t.Helper()
	store := &kept{mentions: map[string]mood.Mention{}, activities: map[string]mood.Activity{}}
	in, err := New(t.Context(), Config{
		Brands: []mood.Brand{{ID: "nokia", Name: "Nokia", Query: "nokia"}, {ID: "att", Name: "AT&T", Query: `"AT&T"`}},
		Scorer: fan{}, Store: store, Cities: cities, Now: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return in, store
}

func push(t *testing.T, in *Intake, items ...string) mood.Receipt {
	t.Helper()
	raw := make([]json.RawMessage, len(items))
	for i, s := range items {
		raw[i] = json.RawMessage(s)
	}
	receipt, err := in.Push(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

func TestEveryBrandNamedGetsItsOwnReading(t *testing.T) {
	in, store := intake(t)
	receipt := push(t, in, `{"title":"Nokia and AT&T sign a good deal","url":"https://www.example.com/a?utm_source=x"}`)
	if receipt.Accepted != 1 {
		t.Fatalf("%+v", receipt)
	}
	m := store.one(t)
	if m.Readings["nokia"].Reasons[0].Text != "Nokia" || m.Readings["att"].Reasons[0].Text != "AT&T" {
		t.Errorf("readings %+v", m.Readings)
	}
	if span := m.Readings["att"].Spans; len(span) != 1 || span[0] != (mood.Span{Field: "title", Start: 10, End: 14}) {
		t.Errorf("AT&T is found at %+v", span)
	}
	if m.Outlet != "example.com" || m.URL != "https://www.example.com/a" || !m.Undated || !m.Published.Equal(now) {
		t.Errorf("%+v", m)
	}
}

func TestTheReceiptAddsUp(t *testing.T) {
	in, _ := intake(t)
	first := `{"id":1,"title":"Nokia"}`
	push(t, in, first)
	receipt := push(t, in, first, `{"title":"Motorola"}`, `{"title":"Nokia again"}`, `{"title":""}`, `[]`)
	if receipt.Duplicates != 1 || receipt.Unmatched != 1 || receipt.Accepted != 1 || len(receipt.Rejected) != 2 {
		t.Errorf("%+v", receipt)
	}
	if receipt.Rejected[0].Index != 3 || receipt.Rejected[1].Index != 4 {
		t.Errorf("%+v", receipt.Rejected)
	}
}

func TestABadItemNamesItsFieldAndHarmsNoOther(t *testing.T) {
	for item, want := range map[string]string{
		`{"title":"Nokia","published":"yesterday"}`:           `published: "yesterday" is no time; write it as "2026-11-23T14:32:00Z"`,
		`{"title":"Nokia","url":"javascript:alert(1)"}`:       `url: "javascript:alert(1)" is no http or https address; leave it out if there is none`,
		`{"title":"Nokia","country":"Finland"}`:               `country: "FINLAND" is no ISO 3166-1 code of two letters, such as FI`,
		`{"title":"Nokia","country":"QQ"}`:                    `country: "QQ" is no ISO 3166-1 code of two letters, such as FI`,
		`{"title":"Nokia","language":"English"}`:              `language: "english" is no language tag; write it as en, fi or pt-BR`,
		`{"title":"Nokia","place":{"lat":91,"lon":0}}`:        `place: 91, 0 is not on the globe; lat is −90…90, lon −180…180`,
		`{"title":"Nokia","place":{"lat":60}}`:                `place: both "lat" and "lon" are needed, in degrees`,
		`{"title":"x","place":[60,24]}`:                       `place: an object is expected, not an array`,
		`{"title":7}`:                                         `title: a string is expected, not a number`,
		`"Nokia"`:                                             `an object is expected, not "Nokia"`,
		`{"id":"x","text":"<script>alert('Nokia')</script>"}`: `title, text: one of them must say something`,
		`{"title":"Nokia","published":1e300}`:                 `published: 1e+297 is no time in seconds or milliseconds since 1970`,
	} {
		in, store := intake(t)
		receipt := push(t, in, item, `{"title":"Nokia is good"}`)
		if len(receipt.Rejected) != 1 || receipt.Rejected[0].Error != want {
			t.Errorf("%s\n got %+v\nwant %s", item, receipt.Rejected, want)
		}
		if receipt.Accepted != 1 || len(store.mentions) != 1 {
			t.Errorf("%s: the item beside it was not taken: %+v", item, receipt)
		}
	}
}

func TestDatesAreBelievedOnlyWhereTheyCanBe(t *testing.T) {
	for published, want := range map[string]struct {
		at      time.Time
		undated bool
	}{
		`"2026-11-23T13:00:00+02:00"`: {time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC), false},
		`"2026-11-23T14:46:00Z"`:      {now.Add(14 * time.Minute), false},
		`"2026-11-23T14:48:00Z"`:      {now, false},
		`"9999-01-01"`:                {now, false},
		`"1970-01-01T00:00:00Z"`:      {now, true},
		`null`:                        {now, true},
		`1763908320`:                  {time.Unix(1763908320, 0).UTC(), false},
		`1763908320000`:               {time.Unix(1763908320, 0).UTC(), false},
	} {
		in, store := intake(t)
		push(t, in, fmt.Sprintf(`{"title":"Nokia","published":%s}`, published))
		if m := store.one(t); !m.Published.Equal(want.at) || m.Undated != want.undated {
			t.Errorf("%s counts at %s, undated %v", published, m.Published, m.Undated)
		}
	}
}

func TestNobodysAddressIsKept(t *testing.T) {
	in, store := intake(t)
	push(t, in, `{"title":"Nokia","country":"fi","place":{"lat":60.17116,"lon":24.93265}}`)
	m := store.one(t)
	if *m.Places.Origin.Point != (mood.Point{Lat: 60.2, Lon: 24.9}) || m.Places.From.Country != "FI" {
		t.Errorf("%+v %+v", m.Places.Origin, m.Places.From)
	}
}

func TestNothingIsAcknowledgedThatTheStoreDoesNotHave(t *testing.T) {
	in, store := intake(t)
	store.fail = mood.ErrUnavailable
	if _, err := in.Push(t.Context(), []json.RawMessage{[]byte(`{"title":"Nokia"}`)}); !errors.Is(err, mood.ErrUnavailable) {
		t.Errorf("push: %v", err)
	}
	if _, err := in.Deliver(t.Context(), mood.Source{}, []mood.Mention{{Title: "Nokia"}}, false); !errors.Is(err, mood.ErrUnavailable) {
		t.Errorf("deliver: %v", err)
	}
}

func TestOutcomesKeepTheOrderOfALargePush(t *testing.T) {
	in, store := intake(t)
	var items []string
	for i := range 1700 {
		switch i % 3 {
		case 0:
			items = append(items, fmt.Sprintf(`{"id":"%d","title":"Nokia %d"}`, i, i))
		case 1:
			items = append(items, fmt.Sprintf(`{"id":"%d","title":"Nothing %d"}`, i, i))
		default:
			items = append(items, `{}`)
		}
	}
	receipt := push(t, in, items...)
	if receipt.Accepted != 567 || receipt.Unmatched != 567 || len(receipt.Rejected) != 566 || len(store.mentions) != 567 {
		t.Errorf("accepted %d, unmatched %d, rejected %d, kept %d", receipt.Accepted, receipt.Unmatched, len(receipt.Rejected), len(store.mentions))
	}
}

func TestActivityIsCheckedItemByItem(t *testing.T) {
	in, store := intake(t)
	receipt, err := in.PushActivity(t.Context(), []json.RawMessage{
		[]byte(`{"id":"a","brand":"nokia","kind":"activation","count":3,"country":"FI","place":{"lat":60.17,"lon":24.93}}`),
		[]byte(`{"id":"a","brand":"nokia","kind":"activation","count":3}`),
		[]byte(`{"id":"b","brand":"siemens","kind":"activation"}`),
		[]byte(`{"id":"c","brand":"nokia","kind":"activation","count":-1}`),
		[]byte(`{"brand":"nokia","kind":"activation"}`),
		[]byte(`{"id":"d","brand":"nokia","kind":"activation","at":"soon"}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if receipt.Accepted != 1 || receipt.Duplicates != 1 || len(receipt.Rejected) != 4 {
		t.Errorf("%+v", receipt)
	}
	if a := store.activities[fingerprint("a")]; a.Count != 3 || a.Country != "FI" || *a.Spot != (mood.Spot{Lat: 60.125, Lon: 24.875}) || !a.At.Equal(now) {
		t.Errorf("%+v", a)
	}
}

func TestAReloadChangesWhatIsWatched(t *testing.T) {
	in, _ := intake(t)
	if err := in.SetBrands([]mood.Brand{{ID: "motorola", Name: "Motorola", Query: "motorola"}}); err != nil {
		t.Fatal(err)
	}
	if r := push(t, in, `{"title":"Motorola"}`, `{"title":"Nokia"}`); r.Accepted != 1 || r.Unmatched != 1 {
		t.Errorf("%+v", r)
	}
	if err := in.SetBrands([]mood.Brand{{ID: "x", Name: "X", Query: "("}}); err == nil {
		t.Error("a bad query was taken")
	}
	if r := push(t, in, `{"title":"Motorola 2"}`); r.Accepted != 1 {
		t.Errorf("a bad query changed what is watched: %+v", r)
	}
}

func TestLongTextsAreCutAtAWord(t *testing.T) {
	s := strings.Repeat("åäö ", 300)
	got := cut(s, 100)
	if n := len([]rune(got)); n > 100 || !strings.HasSuffix(got, "ö…") {
		t.Errorf("%d code points, ends in %q", n, got[len(got)-6:])
	}
}

func FuzzPushedItemsNeverPanic(f *testing.F) {
	f.Add([]byte(`{"id":1,"title":"Nokia","published":1e9,"place":{"lat":1,"lon":2}}`))
	f.Add([]byte(`{"id":{},"published":[],"url":"http://[::1"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := readMention(raw)
		if err == nil && m.Title == "" && m.Text == "" {
			t.Error("an empty mention was taken")
		}
		_, _ = new(Intake).readActivity(raw, now)
	})
}
