package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/mood"
)

// TestBoardsAndListsAgreeWithARecount plays random histories (any order,
// duplicates within a batch and across, edits, retries, withdrawals, corrections,
// times at the edges of windows, clock changes) on the store and on the oracle.
func TestBoardsAndListsAgreeWithARecount(t *testing.T) {
	everywhere(t, func(t *testing.T, s server) {
		rapid.Check(t, func(rt *rapid.T) { history(t, rt, s) })
	})
}

// moments at which clocks somewhere change, or days and months begin.
func moments() []string {
	return []string{
		"2031-03-30T00:59:59.999Z", "2031-03-30T01:00:00Z", "2031-03-30T21:30:00Z", "2031-10-26T01:30:00Z",
		"2031-10-26T22:00:00Z", "2031-11-02T06:15:00Z", "2031-01-01T00:00:00Z", "2031-05-14T10:17:42.5Z",
		"2031-05-14T18:30:00Z", "2031-05-14T18:29:59.999Z", "2032-02-29T12:45:00Z",
	}
}

func zones() []string {
	return []string{
		"UTC", "Europe/Helsinki", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York",
		"America/St_Johns", "Pacific/Chatham", "Pacific/Kiritimati",
	}
}

func history(t *testing.T, rt *rapid.T, srv server) {
	loc := must(time.LoadLocation(rapid.SampledFrom(zones()).Draw(rt, "zone")))(t)
	c := clockAt(moment(t, rapid.SampledFrom(moments()).Draw(rt, "now")))
	brands := testBrands()
	s := srv.openFor(t, Options{Location: loc, Now: c.now, Brands: brands})
	defer s.Close(context.Background())
	one := s
	writer := func() *Store { return one }
	if srv.url != "" { // another process writes as well
		other := must(Open(context.Background(), Options{URLs: srv.urls(), Location: loc, Now: c.now, Brands: brands}))(t)
		defer other.Close(context.Background())
		writer = func() *Store {
			if rapid.IntRange(0, 3).Draw(rt, "writer") == 0 {
				return other
			}
			return one
		}
	}
	o := newOracle(loc, brands)

	var mentions []mood.Mention
	n := rapid.IntRange(1, 40).Draw(rt, "mentions")
	for i := range n {
		mentions = append(mentions, drawMention(rt, i, c.now(), loc))
	}
	jumped := false
	for range rapid.IntRange(1, 8).Draw(rt, "steps") {
		s := writer()
		switch rapid.IntRange(0, 8).Draw(rt, "step") {
		case 0:
			id := mentions[rapid.IntRange(0, n-1).Draw(rt, "withdrawn")].ID
			err := s.Withdraw(context.Background(), id)
			if want := o.withdraw(id, c.now()); want != (err == nil) || err != nil && !errors.Is(err, mood.ErrNotFound) {
				rt.Fatalf("withdraw %s: %v, but kept: %v", id, err, want)
			}
		case 1:
			// Once, time passes that ends much; not so long that the store
			// may forget what it knew.
			if !jumped && rapid.Bool().Draw(rt, "jump") {
				jumped = true
				c.add(time.Duration(rapid.IntRange(0, 29*86400-6*5*3600).Draw(rt, "seconds")) * time.Second)
				continue
			}
			c.add(time.Duration(rapid.IntRange(0, 5*3600).Draw(rt, "seconds")) * time.Second)
		case 2, 3, 4:
			wish := drawCorrection(rt, n)
			want, wantErr := o.correct(wish, c.now())
			got, err := s.Correct(context.Background(), wish)
			slices.Sort(got.Mentions)
			if !errors.Is(err, wantErr) || err == nil && (!slices.Equal(got.Mentions, want) || got.Changed != len(want)) {
				rt.Fatalf("%+v changed %v, %v; want %v, %v", wish, got.Mentions, err, want, wantErr)
			}
		default:
			var batch []mood.Mention
			var want []mood.Outcome
			for range rapid.IntRange(1, 30).Draw(rt, "batch") {
				m := mentions[rapid.IntRange(0, n-1).Draw(rt, "one")]
				m.Sources = []string{rapid.SampledFrom([]string{"bbc", "yle", "push"}).Draw(rt, "source")}
				if rapid.IntRange(0, 3).Draw(rt, "edited") == 0 {
					m = drawEdit(rt, m, c.now(), loc)
				}
				batch = append(batch, m)
				want = append(want, o.record(m, c.now()))
			}
			got, err := s.Record(context.Background(), batch)
			if err != nil {
				rt.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				rt.Fatalf("outcomes %v, want %v", got, want)
			}
		}
		if rapid.Bool().Draw(rt, "look") { // what was read is remembered
			compare(rt, s, o, rapid.SampledFrom(mood.Windows()).Draw(rt, "looked at"), c.now(), loc)
		}
	}
	for _, w := range mood.Windows() {
		compare(rt, s, o, w, c.now(), loc)
	}
}

// openFor opens an empty store that the caller closes.
func (s server) openFor(t *testing.T, opts Options) *Store {
	var store *Store
	if s.url == "" {
		store = must(Open(context.Background(), opts))(t)
		return store
	}
	opts.URLs = s.urls()
	store = must(Open(context.Background(), opts))(t)
	if err := s.flush(); err != nil {
		t.Fatal(err)
	}
	clear(store.checked)
	return store
}

func drawMention(rt *rapid.T, i int, now time.Time, loc *time.Location) mood.Mention {
	draw := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(rt, name) }
	var at time.Time
	if rapid.Bool().Draw(rt, "at an edge") {
		w := rapid.SampledFrom(mood.Windows()).Draw(rt, "window")
		from := w.From(now, loc)
		edges := []time.Time{from, w.Next(from, loc), w.From(from, loc), now}
		at = rapid.SampledFrom(edges).Draw(rt, "edge").Add(rapid.SampledFrom([]time.Duration{
			-time.Minute, -time.Millisecond, 0, time.Millisecond, time.Minute, 17 * time.Minute,
		}).Draw(rt, "beside"))
	} else {
		reach := rapid.SampledFrom([]time.Duration{time.Hour, day, 7 * day, 30 * day, 95 * day}).Draw(rt, "reach")
		at = now.Add(-time.Duration(rapid.Int64Range(0, reach.Milliseconds()).Draw(rt, "ago")) * time.Millisecond)
	}
	m := mood.Mention{
		ID: fmt.Sprintf("m%d", i), Published: at, Seen: now,
		Title: draw("title", "", "A deal", "a deal!", "Else"), Story: draw("story", "", "", "", "s1"),
		URL:    draw("url", "", fmt.Sprintf("https://a.example/%d", i), "https://a.example/shared", "https://b.example/shared"),
		Outlet: draw("outlet", "", "bbc.co.uk", "yle.fi"), Language: draw("language", "", "en", "fi"),
		Uncounted: rapid.IntRange(0, 9).Draw(rt, "uncounted") == 0,
		Readings:  map[string]mood.Reading{},
	}
	for _, country := range []string{"FI", "SE"} {
		if rapid.IntRange(0, 2).Draw(rt, "about") == 0 {
			m.Places.About = append(m.Places.About, mood.Place{Country: country})
		}
	}
	if country := draw("from", "", "GB", "US"); country != "" {
		m.Places.From = &mood.Place{Country: country}
	}
	if country := draw("origin", "", "DE"); country != "" {
		m.Places.Origin = &mood.Place{Country: country}
	}
	for _, brand := range []string{"nokia", "ericsson", "unwatched"} {
		if rapid.IntRange(0, 2).Draw(rt, brand) > 0 {
			m.Readings[brand] = mood.Reading{
				Label: mood.Label(rapid.IntRange(0, 3).Draw(rt, "label")),
				Score: float64(rapid.IntRange(-1000, 1000).Draw(rt, "score")) / 1000,
				Topics: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"5g", "phones", "tower", "战"}), 0, 3,
					rapid.ID[string]).Draw(rt, "topics"),
			}
		}
	}
	return m
}

// drawEdit is a mention after its source has edited it.
func drawEdit(rt *rapid.T, m mood.Mention, now time.Time, loc *time.Location) mood.Mention {
	edit := drawMention(rt, 0, now, loc)
	m.Title, m.Language, m.Readings, m.Places.About = edit.Title, edit.Language, edit.Readings, edit.Places.About
	m.Text = rapid.SampledFrom([]string{"", "one", "two", "three"}).Draw(rt, "text")
	m.Edited = true
	return m
}

func drawCorrection(rt *rapid.T, mentions int) mood.Correction {
	c := mood.Correction{
		Mention: fmt.Sprintf("m%d", rapid.IntRange(0, mentions-1).Draw(rt, "corrected")),
		Brand:   rapid.SampledFrom([]string{"nokia", "ericsson"}).Draw(rt, "of"),
		Scope:   rapid.SampledFrom([]mood.Scope{mood.ScopeMention, mood.ScopeStory}).Draw(rt, "scope"),
	}
	switch label := mood.Label(rapid.IntRange(0, 4).Draw(rt, "wish")); label {
	case mood.Positive, mood.Neutral, mood.Negative:
		c.Label = &label
	case mood.Unclear:
		c.Irrelevant = true
	}
	return c
}

func compare(rt *rapid.T, s *Store, o *oracle, w mood.Window, now time.Time, loc *time.Location) {
	b, err := s.Board(context.Background(), nil, w)
	if err != nil {
		rt.Fatal(err)
	}
	from, to := w.From(b.AsOf, loc), b.To
	var all int64
	for _, brand := range b.Order {
		got, name := b.Brands[brand], brand+" "+w.Name
		same := func(what string, got, want any) {
			rt.Helper()
			if !reflect.DeepEqual(got, want) {
				rt.Fatalf("%s of %s at %v:\n got %+v\nwant %+v", what, name, now, got, want)
			}
		}
		all += got.Total.Mentions
		same("total", got.Total, o.total(brand, from, to).Total())
		same("before", got.Before, o.total(brand, w.From(from, loc), from).Total())
		same("series", got.Series, o.series(brand, w.Points(b.AsOf, loc), to))
		same("outlets", got.Outlets, o.rows(brand, from, to, outletOf))
		same("sources", got.Sources, o.rows(brand, from, to, sourcesOf))
		same("languages", got.Languages, o.rows(brand, from, to, languageOf))
		same("about", got.Countries.About, o.rows(brand, from, to, aboutOf))
		same("from", got.Countries.From, o.rows(brand, from, to, fromOf))
		same("origin", got.Countries.Origin, o.rows(brand, from, to, originOf))
		same("unplaced about", got.Countries.Unplaced.About, o.count(brand, from, to, aboutOf)[""].Mentions())
		same("unplaced from", got.Countries.Unplaced.From, o.count(brand, from, to, fromOf)[""].Mentions())
		same("unplaced origin", got.Countries.Unplaced.Origin, o.count(brand, from, to, originOf)[""].Mentions())
		same("rhythm", got.Rhythm, o.rhythm(brand, now))
		if (got.Last == nil) != (got.Total.Mentions == 0) {
			rt.Fatalf("%s has %d mentions, the last at %v", name, got.Total.Mentions, got.Last)
		}
		sums, dims := readTallies(rt, s, brand, w)
		same("sums", sums, o.total(brand, from, to))
		for d, keys := range map[dimension]func(*mood.Mention) []string{
			dimOutlet: outletOf, dimSource: sourcesOf, dimLanguage: languageOf,
		} {
			want := o.count(brand, from, to, keys)
			delete(want, "")
			for key, t := range dims[d] {
				if t != want[key] {
					rt.Fatalf("%s of %s: %+v, want %+v", key, name, t, want[key])
				}
			}
		}
		if w.Span <= 7*day {
			clicks(rt, s, brand, b, got)
		}
		if w.Span == 7*day {
			compareCorrections(rt, s, o, brand, now)
			compareTexts(rt, s, o, brand)
		}
	}
	for _, row := range b.Share {
		if want := b.Brands[row.Key].Total.Mentions; row.Mentions != want {
			rt.Fatalf("share of %s: %d mentions, want %d", row.Key, row.Mentions, want)
		}
		if all > 0 && *row.Share != float64(row.Mentions)/float64(all) {
			rt.Fatalf("share of %s: %v of %d", row.Key, *row.Share, all)
		}
	}
}

// clicks follows every number of a board to its mentions.
func clicks(rt *rapid.T, s *Store, brand string, b *mood.Board, got *mood.BrandBoard) {
	click := func(what string, want int64, change func(*mood.Filter)) {
		rt.Helper()
		f := mood.Filter{Brands: []string{brand}, From: b.From, To: b.To, Limit: 500}
		change(&f)
		l, err := s.Mentions(context.Background(), f)
		if err != nil {
			rt.Fatal(err)
		}
		counted := int64(0)
		for _, m := range l.Mentions {
			if !m.Uncounted {
				counted++
			}
		}
		if l.Total != want || counted != want {
			rt.Fatalf("%s %s: %s is %d, its list says %d and holds %d", brand, b.Window, what, want, l.Total, counted)
		}
	}
	click("total", got.Total.Mentions, func(*mood.Filter) {})
	for i, p := range got.Series {
		if n := (mood.Tally{Positive: p.Positive, Neutral: p.Neutral, Unclear: p.Unclear, Negative: p.Negative}).Mentions(); n > 0 {
			click("point "+p.T.String(), n, func(f *mood.Filter) {
				f.From = p.T
				if i+1 < len(got.Series) {
					f.To = got.Series[i+1].T
				}
			})
		}
	}
	for _, r := range got.Outlets {
		click("outlet "+r.Key, r.Mentions, func(f *mood.Filter) { f.Outlet = r.Key })
		click("positive of outlet "+r.Key, r.Positive, func(f *mood.Filter) {
			f.Outlet, f.Labels = r.Key, []mood.Label{mood.Positive}
		})
	}
	for _, r := range got.Sources {
		click("source "+r.Key, r.Mentions, func(f *mood.Filter) { f.Source = r.Key })
	}
	for _, r := range got.Languages {
		click("language "+r.Key, r.Mentions, func(f *mood.Filter) { f.Language = r.Key })
	}
	for _, r := range got.Topics {
		click("topic "+r.Key, r.Mentions, func(f *mood.Filter) { f.Topic = r.Key })
	}
	for kind, rows := range map[string][]mood.Row{
		"about": got.Countries.About, "from": got.Countries.From, "origin": got.Countries.Origin,
	} {
		for _, r := range rows {
			click(kind+" "+r.Key, r.Mentions, func(f *mood.Filter) { f.Country, f.PlaceKind = r.Key, kind })
		}
	}
	for kind, n := range map[string]int64{
		"about": got.Countries.Unplaced.About, "from": got.Countries.Unplaced.From, "origin": got.Countries.Unplaced.Origin,
	} {
		click(kind+" unplaced", n, func(f *mood.Filter) { f.Country, f.PlaceKind = "none", kind })
	}
}

// readTallies reads what boards don't show: sums of scores.
func readTallies(rt *rapid.T, s *Store, brand string, w mood.Window) (mood.Tally, rowTallies) {
	f := s.newFrame(w, s.now())
	r := s.newReads(s.now())
	r.wantSeries(brand, f.inside)
	r.wantDims(brand, f.inside, groupPlaces, groupWho, groupTopics)
	if err := r.send(context.Background()); err != nil {
		rt.Fatal(err)
	}
	rows := r.dims(brand, f.inside, groupPlaces, groupWho, groupTopics)
	topics := map[string]mood.Tally{} // in all languages
	for value, t := range rows[dimTopic] {
		topic, _ := topicOf(value)
		t.Add(topics[topic])
		topics[topic] = t
	}
	if len(topics) > 0 {
		rows[dimTopic] = topics
	}
	return r.sum(brand, f.inside), rows
}

// compareTexts looks at what is listed: edits leave their words, once.
func compareTexts(rt *rapid.T, s *Store, o *oracle, brand string) {
	l, err := s.Mentions(context.Background(), mood.Filter{Brands: []string{brand}, Limit: 500})
	if err != nil {
		rt.Fatal(err)
	}
	for _, m := range l.Mentions {
		k := o.brands[brand].find(func(k *mood.Mention) bool { return k.ID == m.ID })
		if k == nil || m.Title != k.Title || m.Text != k.Text || m.Readings[brand].Label != k.Readings[brand].Label {
			rt.Fatalf("listed is %+v, want %+v", m, k)
		}
	}
}

// compareCorrections looks at what is listed as corrected, and at what is kept
// for learning.
func compareCorrections(rt *rapid.T, s *Store, o *oracle, brand string, now time.Time) {
	yes := true
	l, err := s.Mentions(context.Background(), mood.Filter{Brands: []string{brand}, Corrected: &yes, Limit: 500})
	if err != nil {
		rt.Fatal(err)
	}
	listed := map[string]mood.Reading{}
	for _, m := range l.Mentions {
		listed[m.ID] = m.Readings[brand]
	}
	total := int64(0)
	for _, k := range o.brands[brand].kept {
		r := k.Readings[brand]
		if !r.Corrected || !o.inList(k, now) || k.Published.Before(now.Add(-7*day-time.Hour)) {
			continue
		}
		if got := listed[k.ID]; got.Label != r.Label || got.Score != r.Score || got.Irrelevant != r.Irrelevant ||
			!reflect.DeepEqual(got.Engine, r.Engine) {
			rt.Fatalf("%s is listed with %+v, want %+v", k.ID, got, r)
		}
		delete(listed, k.ID)
		if !r.Irrelevant && !k.Uncounted {
			total++
		}
	}
	if len(listed) > 0 || l.Total != total {
		rt.Fatalf("listed as corrected, and not: %v; total %d, want %d", listed, l.Total, total)
	}
	kept, err := s.Corrections(context.Background(), brand)
	if err != nil {
		rt.Fatal(err)
	}
	want := o.brands[brand].corrected
	if len(kept) != len(want) {
		rt.Fatalf("%d corrections are kept of %s, want %d", len(kept), brand, len(want))
	}
	for _, k := range kept {
		r, ok := want[k.Mention]
		if !ok || k.Engine != *r.Engine || k.Irrelevant != r.Irrelevant || !k.Irrelevant && *k.Label != r.Label {
			rt.Fatalf("kept is %+v, want %+v", k, r)
		}
	}
}
