package ingest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/ingest/archive"
	"agora/ingest/watch"
	"agora/mood"
)

// reader is an intake with an archive.
type reader struct {
	*Intake
	store   *kept
	archive *archive.Archive
	t       *testing.T
}

func newReader(t *testing.T, brands ...mood.Brand) *reader {
	t.Helper()
	clock := func() time.Time { return now }
	a, err := archive.Open(archive.Options{Folder: t.TempDir(), Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	r := &reader{store: &kept{mentions: map[string]mood.Mention{}, activities: map[string]mood.Activity{}}, archive: a, t: t}
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	if r.Intake, err = New(t.Context(), Config{Brands: brands, Scorer: fan{}, Store: r.store, Archive: a, Location: zone, Now: clock}); err != nil {
		t.Fatal(err)
	}
	return r
}

// bring delivers items as a source does.
func (r *reader) bring(items ...mood.Mention) {
	r.t.Helper()
	for i := range items {
		if items[i].Sources == nil {
			items[i].Sources = []string{"feed"}
		}
	}
	if _, err := r.Deliver(r.t.Context(), mood.Source{}, items, false); err != nil {
		r.t.Fatal(err)
	}
}

func (r *reader) test(q mood.QueryTest) mood.QueryAnswer {
	r.t.Helper()
	a, err := r.TestQuery(r.t.Context(), q)
	if err != nil {
		r.t.Fatalf("%+v: %v", q, err)
	}
	return a
}

func idsOf(run mood.TextRun) (ids []string) {
	for _, x := range run.Texts {
		ids = append(ids, x.ID)
	}
	return ids
}

var nokia = mood.Brand{ID: "nokia", Name: "Nokia", Query: "nokia"}

func TestAQueryIsTriedOnWhatNamedNobodyToo(t *testing.T) {
	r := newReader(t, nokia)
	r.bring(
		mood.Mention{ID: "a", Title: "Nokia rises", Text: "A good day", Published: now.Add(-time.Hour), Outlet: "yle.fi", Language: "fi"},
		mood.Mention{ID: "b", Title: "Prizes", Text: strings.Repeat("On and on. ", 100) + "Then came Bell Labs, at last. " + strings.Repeat("And on. ", 100), Published: now.Add(-30 * time.Hour), Outlet: "bbc.co.uk", Language: "en"},
		mood.Mention{ID: "c", Title: "Bell Labs and Nokia", Published: now.Add(-2 * time.Hour), Outlet: "bbc.co.uk", Language: "en"},
		mood.Mention{ID: "d", Title: "Nokia of old", Published: now.Add(-8 * 24 * time.Hour)},
		mood.Mention{ID: "e", Title: "Nothing at all", Published: now.Add(-time.Hour)},
	)
	a := r.test(mood.QueryTest{Query: `"bell labs"`, Brand: "nokia"})
	if want := (mood.QueryCounts{Total: 2, Before: 2, Gained: 1, Lost: 1, Both: 1}); a.QueryCounts != want {
		t.Errorf("counts %+v, want %+v", a.QueryCounts, want)
	}
	for list, want := range map[string][]string{"matches": {"c", "b"}, "gained": {"b"}, "lost": {"a"}} {
		if got := idsOf(a.Lists[list]); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", list, got, want)
		}
	}
	found := a.Lists["gained"].Texts[0]
	if !slices.Equal(found.Why, []string{"Bell Labs"}) || len(found.Brands) != 0 || len(found.Spans) != 1 {
		t.Errorf("why: %v, counted for %v, at %v", found.Why, found.Brands, found.Spans)
	}
	if s := found.Spans[0]; s.Field != "text" || string([]rune(found.Text)[s.Start:s.End]) != "Bell Labs" || !strings.HasPrefix(found.Text, "… ") || !strings.HasSuffix(found.Text, " …") {
		t.Errorf("shown is %q with %v", found.Text, s)
	}
	if lost := a.Lists["lost"].Texts[0]; !slices.Equal(lost.Why, []string{"Nokia"}) || !slices.Equal(lost.Brands, []string{"nokia"}) {
		t.Errorf("a lost one says %v, of %v", lost.Why, lost.Brands)
	}
	if len(a.Days) != 8 || a.Days[7].Day != "2026-11-23" || a.Days[7].Total != 1 || a.Days[6].Total != 1 || a.Days[7].Lost != 1 || a.Timezone != "Europe/Helsinki" {
		t.Errorf("days: %+v", a.Days)
	}
	if want := []mood.QueryRow{{Key: "bbc.co.uk", Mentions: 2}}; !reflect.DeepEqual(a.Outlets, want) {
		t.Errorf("outlets %v", a.Outlets)
	}
	if a.Coverage.Texts != 5 || a.Coverage.From == nil || a.Estimated {
		t.Errorf("coverage %+v", a.Coverage)
	}
	if a := r.test(mood.QueryTest{Query: "nokia"}); a.Total != 2 || a.Earlier != 1 || a.Against != nil || a.Gained != 0 || len(a.Lists["gained"].Texts) != 0 {
		t.Errorf("alone: %+v", a)
	}
	if a := r.test(mood.QueryTest{Brand: "nokia", Window: "24h"}); a.Query != "nokia" || a.Both != 2 || a.Gained+a.Lost != 0 {
		t.Errorf("the brand's own: %+v", a)
	}
	if a := r.test(mood.QueryTest{Query: "labs site:bbc.co.uk NOT lang:fi", Against: "labs"}); a.Both != 2 || a.Lost != 0 {
		t.Errorf("fields: %+v", a.QueryCounts)
	}
}

func TestABadQuestionIsRefusedWithItsColumnOrItsRemedy(t *testing.T) {
	r := newReader(t, nokia)
	_, err := r.TestQuery(t.Context(), mood.QueryTest{Query: "nokia", Against: "a (b"})
	var bad *mood.QueryError
	if !errors.As(err, &bad) || bad.Field != "against" || bad.Column != 3 || !errors.Is(err, mood.ErrInvalid) {
		t.Errorf("a bad query: %v", err)
	}
	for what, q := range map[string]mood.QueryTest{
		"brand": {Query: "a", Brand: "nobody"}, "window": {Query: "a", Window: "90d"}, "limit": {Query: "a", Limit: 1000},
		"cursor": {Query: "a", Cursor: "!", List: "lost"}, "list": {Query: "a", List: "more"},
	} {
		if _, err := r.TestQuery(t.Context(), q); !errors.Is(err, mood.ErrInvalid) || !strings.HasPrefix(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := (&Intake{}).TestQuery(t.Context(), mood.QueryTest{Query: "a"}); !errors.Is(err, mood.ErrNotFound) {
		t.Errorf("without an archive: %v", err)
	}
}

// TestATestSaysWhatAskingEveryTextSays compares with an oracle that asks both
// queries of every text, an address once, and sorts all of them.
func TestATestSaysWhatAskingEveryTextSays(t *testing.T) {
	r := newReader(t, nokia)
	rnd := rand.New(rand.NewPCG(4, 2))
	words := []string{"nokia", "Bell", "Labs", "näkymä", "profit", "Ericsson", "5G", "小米", "said", "the"}
	outlets := []string{"a.fi", "b.fi", "news.b.fi", ""}
	var all []mood.Mention
	for i := range 600 {
		m := mood.Mention{ID: fmt.Sprint(i), Published: now.Add(-time.Duration(rnd.IntN(9*24*60)) * time.Minute), Outlet: outlets[rnd.IntN(4)]}
		for range rnd.IntN(5) {
			m.Title += words[rnd.IntN(len(words))] + " "
		}
		for range rnd.IntN(12) {
			m.Text += words[rnd.IntN(len(words))] + " "
		}
		if m.Title+m.Text == "" {
			continue
		}
		if rnd.IntN(3) == 0 {
			m.URL, m.Outlet = fmt.Sprintf("https://c.fi/%d", rnd.IntN(40)), "c.fi"
		}
		all = append(all, m)
	}
	r.bring(all...)
	queries := []string{"nokia", "bell labs", `"bell labs"`, "profit NOT nokia", "小米 OR ericsson", "title:nakyma", "nok* site:b.fi", "5G NEAR/2 said", "NOT the OR nokia", "the OR site:c.fi"}
	window := mood.Windows()[2]
	from := window.From(now, r.zone)
	for range 40 {
		query, against := queries[rnd.IntN(len(queries))], queries[rnd.IntN(len(queries))]
		q1, err1 := watch.Compile(query)
		q2, err2 := watch.Compile(against)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		by := map[string]byte{} // by address, or id
		newest := map[string]mood.Mention{}
		for _, m := range all {
			key := "id " + m.ID
			if m.URL != "" {
				key = m.URL
			}
			if m.Published.Before(from) {
				continue
			}
			text := watch.TextOf(&m)
			if _, ok := q1.MatchText(text); ok {
				if by[key]&byQuery == 0 {
					newest[key] = m
				}
				by[key] |= byQuery
			}
			if _, ok := q2.MatchText(text); ok {
				by[key] |= byAgainst
			}
		}
		var want mood.QueryCounts
		for _, b := range by {
			tallied(&want, b, 1)
		}
		var ids []string
		matches := make([]mood.Mention, 0, len(newest))
		for _, m := range newest {
			matches = append(matches, m)
		}
		slices.SortFunc(matches, func(a, b mood.Mention) int {
			if c := b.Published.Compare(a.Published); c != 0 {
				return c
			}
			return slices.IndexFunc(all, func(m mood.Mention) bool { return m.ID == b.ID }) - slices.IndexFunc(all, func(m mood.Mention) bool { return m.ID == a.ID })
		})
		for _, m := range matches {
			ids = append(ids, m.ID)
		}

		a := r.test(mood.QueryTest{Query: query, Against: against})
		if a.QueryCounts != want {
			t.Errorf("%s against %s: %+v, want %+v", query, against, a.QueryCounts, want)
		}
		var days mood.QueryCounts
		for _, d := range a.Days {
			days.Total, days.Before, days.Gained, days.Lost, days.Both = days.Total+d.Total, days.Before+d.Before, days.Gained+d.Gained, days.Lost+d.Lost, days.Both+d.Both
		}
		if days != a.QueryCounts {
			t.Errorf("%s against %s: the days add up to %+v, not to %+v", query, against, days, a.QueryCounts)
		}
		var paged []string
		for cursor := ""; ; {
			run := r.test(mood.QueryTest{Query: query, Against: against, List: "matches", Limit: 7, Cursor: cursor}).Lists["matches"]
			paged = append(paged, idsOf(run)...)
			if cursor = run.Next; cursor == "" {
				break
			}
		}
		if !slices.Equal(paged, ids) {
			t.Errorf("%s: the pages have %d texts, want %d, or in another order", query, len(paged), len(ids))
		}
		if t.Failed() {
			return
		}
	}
}

func TestAnAddressCountsOnItsFirstDayWhateverMatchesItLater(t *testing.T) {
	r := newReader(t, nokia)
	r.bring(
		mood.Mention{ID: "a", Title: "Nokia rises", URL: "https://c.fi/1", Published: now.Add(-50 * time.Hour)},
		mood.Mention{ID: "b", Title: "Bell Labs rises", URL: "https://c.fi/1", Published: now.Add(-time.Hour)},
	)
	a := r.test(mood.QueryTest{Query: "bell", Against: "nokia"})
	if want := (mood.QueryCounts{Total: 1, Before: 1, Both: 1}); a.QueryCounts != want {
		t.Errorf("counts %+v, want %+v", a.QueryCounts, want)
	}
	for i, d := range a.Days {
		var want mood.QueryCounts
		if i == len(a.Days)-3 {
			want = a.QueryCounts
		}
		if d.QueryCounts != want {
			t.Errorf("%s: %+v, want %+v", d.Day, d.QueryCounts, want)
		}
	}
}

func TestFiguresOfASampledSourceAreEstimatesAndAreCalledSo(t *testing.T) {
	small, err := archive.Open(archive.Options{Folder: t.TempDir(), MaxBytes: 1 << 20, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	defer small.Close() //nolint:errcheck // a test's
	r := newReader(t, nokia)
	r.Intake.archive = small
	rnd := rand.New(rand.NewPCG(7, 7))
	const n = 12_000
	for from := 0; from < n; from += 500 {
		items := make([]mood.Mention, 500)
		for i := range items {
			items[i] = mood.Mention{ID: fmt.Sprint(from + i), Title: "Posts", Sources: []string{"firehose"}, Published: now.Add(-time.Minute), Text: fmt.Sprintf("%x %x %x %x", rnd.Uint64(), rnd.Uint64(), rnd.Uint64(), rnd.Uint64())}
		}
		r.bring(items...)
		if err := small.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	a := r.test(mood.QueryTest{Query: "posts"})
	if off := float64(a.Total)/n - 1; !a.Estimated || off < -0.2 || off > 0.2 || a.Coverage.Texts >= n {
		t.Errorf("%d matches are told, of %d, from %d texts; estimated: %v", a.Total, n, a.Coverage.Texts, a.Estimated)
	}
	if len(a.Coverage.Sampled) != 1 || a.Coverage.Sampled[0].Source != "firehose" || a.Coverage.Sampled[0].OneIn < 2 {
		t.Errorf("sampled: %+v", a.Coverage.Sampled)
	}
}

func TestWhatIsWithdrawnIsFoundByNoQuery(t *testing.T) {
	r := newReader(t, nokia)
	r.bring(mood.Mention{ID: "a", Title: "Nokia rises", Published: now}, mood.Mention{ID: "b", Title: "Nobody rises", Published: now})
	for _, id := range []string{"a", "b"} { // b is in no count
		if err := r.Withdraw(t.Context(), id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if err := r.Withdraw(t.Context(), "c"); !errors.Is(err, mood.ErrNotFound) {
		t.Errorf("what nobody has: %v", err)
	}
	if a := r.test(mood.QueryTest{Query: "rises"}); a.Total != 0 {
		t.Errorf("%d withdrawn texts are found", a.Total)
	}
}

func TestOneIsTriedAtATimeAFewWaitAndMoreAreTurnedAway(t *testing.T) {
	r := newReader(t, nokia)
	r.trialTurn <- struct{}{} // one is under way
	r.trials.Add(1)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 10)
	for range waitingTests {
		go func() {
			_, err := r.TestQuery(ctx, mood.QueryTest{Query: "a"})
			done <- err
		}()
	}
	for r.trials.Load() < 1+waitingTests {
		time.Sleep(time.Millisecond)
	}
	if _, err := r.TestQuery(ctx, mood.QueryTest{Query: "a"}); !errors.Is(err, mood.ErrBusy) {
		t.Errorf("one more: %v", err)
	}
	cancel()
	for range waitingTests {
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("one whose caller has left: %v", err)
		}
	}
	<-r.trialTurn
	r.trials.Add(-1)
	r.test(mood.QueryTest{Query: "a"})
}

// finished waits until the last backfill of a brand has ended.
func (r *reader) finished(brand string) mood.Backfill {
	r.t.Helper()
	if _, err := r.Backfill(r.t.Context(), brand); err != nil {
		r.t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		for _, b := range r.Backfills() {
			if b.Brand == brand && b.Ended != nil {
				return b
			}
		}
	}
	r.t.Fatal("the backfill didn't end")
	return mood.Backfill{}
}

func (r *reader) running() {
	ctx, cancel := context.WithCancel(r.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	r.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			r.t.Error(err)
		}
	})
}

func TestABackfillCountsWhatTheQueryMatchesNowAtItsOwnTime(t *testing.T) {
	r := newReader(t, nokia, mood.Brand{ID: "ericsson", Name: "Ericsson", Query: "ericsson"})
	r.running()
	old := now.Add(-3 * 24 * time.Hour)
	r.bring(
		mood.Mention{ID: "a", Title: "Nokia rises", Published: old},
		mood.Mention{ID: "b", Title: "A good day for Bell Labs", Published: old, Sources: []string{"wire"}, Places: mood.Places{From: &mood.Place{Country: "FI"}}},
		mood.Mention{ID: "c", Title: "Bell Labs, undated", Uncounted: true},
		mood.Mention{ID: "d", Title: "Ericsson rises", Published: old},
		mood.Mention{ID: "e", Title: "Bell Labs of old", Published: now.Add(-100 * 24 * time.Hour)},
		mood.Mention{ID: "f", Title: "Nobody", Published: old},
	)
	before := r.store.mentions["a"]
	wider := nokia
	wider.Query = `nokia OR "bell labs"`
	if err := r.SetBrands([]mood.Brand{wider, {ID: "ericsson", Name: "Ericsson", Query: "ericsson"}}); err != nil {
		t.Fatal(err)
	}
	b := r.finished("nokia")
	if b.State != mood.BackfillDone || b.Texts != 6 || b.Matched != 4 || b.Accepted != 2 || b.Duplicates != 1 || b.TooOld != 1 || b.Uncounted != 1 || b.Query != wider.Query {
		t.Errorf("%+v", b)
	}
	m := r.store.mentions["b"]
	if !m.Published.Equal(old) || m.Sources[0] != "wire" || m.Places.From == nil || m.Places.From.Country != "FI" || len(m.Readings) != 1 {
		t.Errorf("counted as %+v", m)
	}
	if reading := m.Readings["nokia"]; reading.Label != mood.Positive || len(reading.Spans) != 1 {
		t.Errorf("read as %+v", reading)
	}
	if !r.store.mentions["c"].Uncounted {
		t.Error("what came undated with a first poll is counted now")
	}
	if !reflect.DeepEqual(r.store.mentions["a"], before) {
		t.Error("what was counted before has changed")
	}
	if again := r.finished("nokia"); again.Accepted != 0 || again.Duplicates != 3 {
		t.Errorf("done again: %+v", again)
	}
	if _, err := r.Backfill(t.Context(), "nobody"); !errors.Is(err, mood.ErrInvalid) {
		t.Errorf("a brand that isn't watched: %v", err)
	}
}

func TestABackfillThatEndsEarlyIsSaidAndDoneAgainFromItsBeginning(t *testing.T) {
	r := newReader(t, nokia)
	r.running()
	r.bring(mood.Mention{ID: "a", Title: "Ericsson", Published: now})
	if err := r.SetBrands([]mood.Brand{{ID: "nokia", Name: "Nokia", Query: "ericsson"}}); err != nil {
		t.Fatal(err)
	}
	r.store.mu.Lock()
	r.store.fail = errors.New("the disk is full")
	r.store.mu.Unlock()
	if b := r.finished("nokia"); b.State != mood.BackfillFailed || !strings.Contains(b.Error, "the disk is full") || b.Accepted != 0 {
		t.Errorf("%+v", b)
	}
	r.store.mu.Lock()
	r.store.fail = nil
	r.store.mu.Unlock()
	if b := r.finished("nokia"); b.State != mood.BackfillDone || b.Accepted != 1 || b.Error != "" {
		t.Errorf("%+v", b)
	}
}
