package report

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"agora/charts"
	"agora/mood"
)

// world is a source of made-up mentions, counted anew for each question.
type world struct {
	brands   []mood.Brand
	mentions []mood.Mention // of any time
	usual    map[string]*mood.Baseline
	kept     time.Duration // texts; 0: all
	coarse   time.Duration // boards of the past end on multiples of it, or are refused
	gone     bool          // no board of the past is known
	coverage charts.Coverage
}

func helsinki(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// clock is 14:32 in Helsinki on a Monday.
func clock(t testing.TB) time.Time { return time.Date(2026, 11, 23, 14, 32, 8, 0, helsinki(t)) }

type source struct {
	*world
	now time.Time
}

func (s source) Coverage() charts.Coverage { return s.coverage }

func (s source) Board(_ context.Context, ids []string, w mood.Window, at time.Time) (*mood.Board, error) {
	past := !at.IsZero() && at.Before(s.now)
	if past && s.gone {
		return nil, fmt.Errorf("no board of the past: %w", mood.ErrGone)
	}
	if past && s.coarse > 0 && !(mood.Window{Step: s.coarse}).From(at, s.now.Location()).Equal(at) {
		return nil, fmt.Errorf("ask for a multiple of %v: %w", s.coarse, mood.ErrInvalid)
	}
	if !past {
		at = s.now
	}
	loc := s.now.Location()
	b := &mood.Board{
		Window: w.Name, From: w.From(at, loc), To: at, AsOf: at, Timezone: loc.String(), Order: ids,
		Names: map[string]mood.Brand{}, Brands: map[string]*mood.BrandBoard{},
	}
	if len(s.mentions) > 0 {
		since := s.now.Add(-90 * 24 * time.Hour)
		if s.kept > 0 {
			since = s.now.Add(-s.kept)
		}
		b.MentionsSince = &since
	}
	var all int64
	for _, brand := range s.brands {
		b.Names[brand.ID] = brand
		part := s.count(brand.ID, w, b.From, at, loc)
		part.Baseline = s.usual[brand.ID]
		if len(ids) == 0 {
			b.Order = append(b.Order, brand.ID)
		}
		if len(ids) == 0 || slices.Contains(ids, brand.ID) {
			b.Brands[brand.ID] = part
		}
		b.Share = append(b.Share, mood.ShareRow{Row: mood.RowOf(brand.ID, part.Total.Tally()), Name: brand.Name, Color: brand.Color})
		all += part.Total.Mentions
	}
	for i := range b.Share {
		if all > 0 {
			share := float64(b.Share[i].Mentions) / float64(all)
			b.Share[i].Share = &share
		}
	}
	return b, nil
}

func (s source) count(brand string, w mood.Window, from, to time.Time, loc *time.Location) *mood.BrandBoard {
	b := &mood.BrandBoard{}
	points := w.Points(to, loc)
	tallies := make([]mood.Tally, len(points))
	var total, before mood.Tally
	outlets, languages, countries := map[string]mood.Tally{}, map[string]mood.Tally{}, map[string]mood.Tally{}
	add := func(m map[string]mood.Tally, key string, t mood.Tally) { u := m[key]; u.Add(t); m[key] = u }
	earlier := w.From(from, loc)
	for _, m := range s.mentions {
		r, ok := m.Readings[brand]
		if !ok || m.Published.Before(earlier) || !m.Published.Before(to) {
			continue
		}
		t := mood.TallyOf(r)
		if m.Published.Before(from) {
			before.Add(t)
			continue
		}
		total.Add(t)
		if i, _ := slices.BinarySearchFunc(points, m.Published, func(p, at time.Time) int {
			if p.After(at) {
				return 1
			}
			return -1
		}); i > 0 {
			tallies[i-1].Add(t)
		}
		if m.Outlet != "" {
			add(outlets, m.Outlet, t)
		}
		add(languages, m.Language, t)
		if m.Places.From != nil {
			add(countries, m.Places.From.Country, t)
		} else {
			b.Countries.Unplaced.From++
		}
	}
	for i, at := range points {
		b.Series = append(b.Series, mood.PointOf(at, tallies[i]))
	}
	b.Total, b.Before = total.Total(), before.Total()
	b.Outlets, b.Languages, b.Countries.From = rows(outlets), rows(languages), rows(countries)
	return b
}

func rows(m map[string]mood.Tally) (list []mood.Row) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		list = append(list, mood.RowOf(k, m[k]))
	}
	slices.SortStableFunc(list, func(a, b mood.Row) int { return int(b.Mentions - a.Mentions) })
	return list
}

func (s source) Mentions(_ context.Context, f mood.Filter) (mood.MentionList, error) {
	var all []mood.Mention
	for _, m := range s.mentions {
		of := slices.ContainsFunc(f.Brands, func(id string) bool { _, ok := m.Readings[id]; return ok })
		if !of || m.Published.Before(f.From) || !m.Published.Before(f.To) || s.kept > 0 && m.Published.Before(s.now.Add(-s.kept)) {
			continue
		}
		all = append(all, m)
	}
	slices.SortStableFunc(all, func(a, b mood.Mention) int { return b.Published.Compare(a.Published) })
	list := mood.MentionList{Total: int64(len(all))}
	start := 0
	if f.Cursor != "" {
		fmt.Sscan(f.Cursor, &start)
	}
	end := min(len(all), start+f.Limit)
	list.Mentions = all[start:end]
	if end < len(all) {
		list.Next = fmt.Sprint(end)
	}
	return list, nil
}

// spell is how a brand is talked about for a while.
type spell struct {
	from, to time.Time
	count    int
	lean     float64 // mood
}

var (
	outletsOf   = []string{"reuters.com", "bbc.co.uk", "theverge.com", "hs.fi", "kauppalehti.fi", "handelsblatt.com", "lightreading.com", "economictimes.indiatimes.com", "nikkei.com", "lemonde.fr", "dn.se", "yle.fi"}
	languagesOf = []string{"en", "en", "en", "fi", "fi", "de", "en", "en", "ja", "fr", "sv", "fi"}
	countriesOf = []string{"GB", "GB", "US", "FI", "FI", "DE", "US", "IN", "JP", "FR", "SE", "FI"}
)

// talk makes up mentions of a brand: more in the day than at night, outlets by
// Zipf's law.
func talk(r *rand.Rand, brand string, s spell) (list []mood.Mention) {
	zipf := rand.NewZipf(r, 1.3, 2, uint64(len(outletsOf)-1))
	for i := range s.count {
		at := s.from.Add(time.Duration(r.Float64() * float64(s.to.Sub(s.from))))
		if h := at.Hour(); h < 6 && r.Float64() < 0.7 {
			at = s.from.Add(time.Duration(r.Float64() * float64(s.to.Sub(s.from))))
		}
		k := int(zipf.Uint64())
		m := mood.Mention{
			ID: fmt.Sprintf("%s-%d-%d", brand, s.from.Unix(), i), Title: fmt.Sprintf("%s in the news, item %d", brand, i), URL: fmt.Sprintf("https://%s/%s/%d", outletsOf[k], brand, i),
			Outlet: outletsOf[k], Language: languagesOf[k], Published: at, Seen: at, Readings: map[string]mood.Reading{brand: reading(r, s.lean)},
		}
		if r.Float64() < 0.9 {
			m.Places.From = &mood.Place{Country: countriesOf[k]}
		}
		list = append(list, m)
	}
	return list
}

func reading(r *rand.Rand, lean float64) mood.Reading {
	x := r.Float64()
	const plain = 0.45 // neutral or unclear
	positive := (1 - plain + lean) / 2
	switch {
	case x < positive:
		return mood.Reading{Label: mood.Positive, Score: math.Round(500+400*r.Float64()) / 1000}
	case x < positive+0.33:
		return mood.Reading{Label: mood.Neutral}
	case x < positive+plain:
		return mood.Reading{Label: mood.Unclear, Score: 0.05}
	default:
		return mood.Reading{Label: mood.Negative, Score: -math.Round(500+400*r.Float64()) / 1000}
	}
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 11)) }

var nokia = mood.Brand{ID: "nokia", Name: "Nokia", Color: "#005AFF"}

// story adds copies of one text.
func (w *world) story(title string, at time.Time, copies int, label mood.Label, score float64, brands ...string) {
	for i := range copies {
		m := mood.Mention{
			ID: fmt.Sprintf("%s-%d", title, i), Title: title, Outlet: outletsOf[i%len(outletsOf)], Language: languagesOf[i%len(outletsOf)],
			URL: fmt.Sprintf("https://%s/%x/%d", outletsOf[i%len(outletsOf)], len(title), i), Published: at.Add(time.Duration(i) * 7 * time.Minute), Readings: map[string]mood.Reading{},
			Places: mood.Places{From: &mood.Place{Country: countriesOf[i%len(outletsOf)]}},
		}
		for _, b := range brands {
			m.Readings[b] = mood.Reading{Label: label, Score: score}
		}
		w.mentions = append(w.mentions, m)
	}
}

// fallen is a week in which one brand's mood fell.
func fallen(t testing.TB) source {
	now := clock(t)
	day := 24 * time.Hour
	w := &world{brands: []mood.Brand{nokia, {ID: "ericsson", Name: "Ericsson", Color: "#8A5CF5"}, {ID: "huawei", Name: "Huawei", Color: "#CF0A2C"}}}
	r := newRand(1)
	w.mentions = append(w.mentions, talk(r, "nokia", spell{now.Add(-14 * day), now.Add(-7 * day), 950, 0.31})...)
	w.mentions = append(w.mentions, talk(r, "nokia", spell{now.Add(-7 * day), now, 1120, 0.08})...)
	w.mentions = append(w.mentions, talk(r, "ericsson", spell{now.Add(-14 * day), now, 1400, 0.05})...)
	w.mentions = append(w.mentions, talk(r, "huawei", spell{now.Add(-14 * day), now, 600, -0.2})...)
	w.story("Nokia to cut 900 jobs in Finland as orders slow", now.Add(-3*day), 41, mood.Negative, -0.8, "nokia")
	w.story("Nokia wins 5G core deal with T-Mobile", now.Add(-2*day), 22, mood.Positive, 0.7, "nokia")
	w.story("Nokia and Ericsson call for open spectrum", now.Add(-day), 18, mood.Neutral, 0, "nokia", "ericsson")
	w.coverage = charts.Coverage{Asked: 14, Answering: 12, Silent: []string{"BBC Technology", "Yle"}}
	return source{w, now}
}

func window(t testing.TB, name string) mood.Window {
	t.Helper()
	w, err := mood.ParseWindow(name)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func made(t testing.TB, s source, name string, brands ...string) *Content {
	t.Helper()
	c, err := Make(t.Context(), s, brands, window(t, name), time.Time{}, Links{Base: "https://agora.example/"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}
