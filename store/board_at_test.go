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

// rounder are windows whose points lie where dimensions are kept for long.
func rounder() []mood.Window {
	return []mood.Window{
		{Name: "1h", Span: time.Hour, Step: time.Minute}, {Name: "24h", Span: day, Step: time.Hour},
		{Name: "7d", Span: 7 * day, Step: time.Hour}, {Name: "30d", Span: 30 * day, Step: day}, {Name: "90d", Span: 90 * day, Step: day},
	}
}

func TestABoardOfThePastAgreesWithARecount(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		asked, answered, counted := 0, 0, 0
		rapid.Check(t, func(rt *rapid.T) {
			loc := must(time.LoadLocation(rapid.SampledFrom(zones()).Draw(rt, "zone")))(t)
			c := clockAt(moment(t, rapid.SampledFrom(moments()).Draw(rt, "now")))
			s := srv.openFor(t, Options{Location: loc, Now: c.now, Brands: testBrands()})
			defer s.Close(context.Background())
			o := newOracle(loc, testBrands())
			var said []mood.Mention
			for i := range rapid.IntRange(1, 40).Draw(rt, "mentions") {
				m := drawMention(rt, i, c.now(), loc)
				m.Sources = []string{"push"}
				o.record(m, c.now())
				said = append(said, m)
			}
			if _, err := s.Record(context.Background(), said); err != nil {
				rt.Fatal(err)
			}
			c.add(time.Duration(rapid.IntRange(0, 40*86400).Draw(rt, "seconds later")) * time.Second)
			for range 4 {
				w := rapid.SampledFrom(append(mood.Windows(), rounder()...)).Draw(rt, "window")
				// The window before is what is asked for most.
				at := w.From(c.now(), loc)
				if rapid.Bool().Draw(rt, "anywhere") {
					unit := rapid.SampledFrom([]mood.Window{rounder()[0], rounder()[1], rounder()[4]}).Draw(rt, "unit").Step
					at = mood.Window{Step: unit}.From(c.ago(time.Duration(rapid.IntRange(0, 100*86400).Draw(rt, "seconds ago"))*time.Second), loc)
				}
				asked++
				if b := comparePast(rt, s, o, w, at, loc); b != nil {
					answered++
					if slices.ContainsFunc(b.Share, func(r mood.ShareRow) bool { return r.Mentions > 0 }) {
						counted++
					}
				}
			}
		})
		// A store that refuses all it is asked, or knows nothing, agrees with
		// anything.
		t.Logf("of %d boards of the past, %d were given, and %d had mentions in them", asked, answered, counted)
		if answered < asked/3 || counted < asked/20 {
			t.Errorf("of %d boards of the past, %d were given, and %d had mentions in them", asked, answered, counted)
		}
	})
}

// comparePast gives the board that agrees; nil: it was refused, as what is not
// kept to that time may be.
func comparePast(rt *rapid.T, s *Store, o *oracle, w mood.Window, at time.Time, loc *time.Location) *mood.Board {
	b, err := s.BoardAt(context.Background(), nil, w, at)
	if err != nil {
		if !errors.Is(err, mood.ErrInvalid) && !errors.Is(err, mood.ErrGone) {
			rt.Fatal(err)
		}
		return nil
	}
	from := w.From(at, loc)
	for brand, got := range b.Brands {
		same := func(what string, got, want any) {
			rt.Helper()
			if !reflect.DeepEqual(got, want) {
				rt.Fatalf("%s of %s, %s as of %v:\n got %+v\nwant %+v", what, brand, w.Name, at, got, want)
			}
		}
		same("total", got.Total, o.shownTotal(brand, from, at))
		same("series", got.Series, o.series(brand, w.Points(at, loc), at))
		same("outlets", got.Outlets, o.rows(brand, from, at, outletOf))
		same("languages", got.Languages, o.rows(brand, from, at, languageOf))
		same("about", got.Countries.About, o.rows(brand, from, at, aboutOf))
		same("from", got.Countries.From, o.rows(brand, from, at, fromOf))
		same("unplaced", got.Countries.Unplaced.From, o.count(brand, from, at, fromOf)[""].Mentions())
		if got.Before != (mood.Tally{}).Total() {
			same("before", got.Before, o.shownTotal(brand, w.From(from, loc), from))
		}
		if got.Last != nil && !got.Last.Before(at) {
			rt.Fatalf("the last of %s, %s as of %v, is at %v", brand, w.Name, at, got.Last)
		}
		if (got.Last == nil) != (got.Total.Mentions == 0) {
			rt.Fatalf("%s, %s as of %v, has %d mentions, the last at %v", brand, w.Name, at, got.Total.Mentions, got.Last)
		}
	}
	for _, row := range b.Share {
		if row.Mentions != b.Brands[row.Key].Total.Mentions {
			rt.Fatalf("share of %s as of %v: %d", row.Key, at, row.Mentions)
		}
	}
	return b
}

func TestTheWindowBeforeIsKnownByOutletWherePointsAreLongEnough(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now, Location: must(time.LoadLocation("Europe/Helsinki"))(t)})
		for i := range 181 {
			m := said(fmt.Sprint("old", i), c.ago(time.Duration(i)*day/2), mood.Positive, "nokia")
			m.Outlet = "old.example"
			record(t, s, m)
		}
		for _, w := range rounder() {
			now := must(s.Board(context.Background(), []string{"nokia"}, w))(t)
			b, err := s.BoardAt(context.Background(), []string{"nokia"}, w, now.From)
			if err != nil {
				t.Errorf("%s: %v", w.Name, err)
				continue
			}
			if b.Total.Tally() != now.Before.Tally() || !b.To.Equal(now.From) || b.BrandBoard != b.Brands["nokia"] {
				t.Errorf("%s: %+v up to %v, and the window before has %+v up to %v", w.Name, b.Total, b.To, now.Before, now.From)
			}
			if n := b.Total.Mentions; n > 0 && b.Outlets[0].Mentions != n {
				t.Errorf("%s: %d mentions, of outlets %+v", w.Name, n, b.Outlets)
			}
		}
		// What would have to be cut in the midst of an hour or a day is refused.
		for _, w := range mood.Windows() {
			at := w.From(c.now(), s.opts.Location)
			_, err := s.BoardAt(context.Background(), []string{"nokia"}, w, at)
			if cut := w.Name == "24h" || w.Name == "30d"; cut != errors.Is(err, mood.ErrInvalid) {
				t.Errorf("%s in usual points as of %v: %v", w.Name, at, err)
			}
		}
		if _, err := s.BoardAt(context.Background(), nil, rounder()[1], c.ago(time.Hour)); !errors.Is(err, mood.ErrInvalid) {
			t.Errorf("as of the midst of a minute: %v", err)
		}
		if _, err := s.BoardAt(context.Background(), nil, rounder()[4], rounder()[4].From(c.ago(400*day), s.opts.Location)); !errors.Is(err, mood.ErrGone) {
			t.Errorf("as of over a year ago: %v", err)
		}
		if _, err := s.BoardAt(context.Background(), []string{"acme"}, rounder()[1], c.ago(time.Hour).Truncate(time.Hour)); !errors.Is(err, mood.ErrNotFound) {
			t.Errorf("of a brand that isn't watched: %v", err)
		}
		live := must(s.BoardAt(context.Background(), []string{"nokia"}, rounder()[1], time.Time{}))(t)
		if want := board(t, s, "24h", "nokia"); !live.AsOf.Equal(want.AsOf) {
			t.Errorf("as of no time: %v, want %v", live.AsOf, want.AsOf)
		}
	})
}
