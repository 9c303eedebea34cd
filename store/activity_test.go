package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/mood"
)

// helsinki and turku are cities of tests.
var (
	helsinki = mood.Spot{City: "Helsinki", Lat: 60.17, Lon: 24.94}
	turku    = mood.Spot{City: "Turku", Lat: 60.45, Lon: 22.27}
	square   = mood.Spot{Lat: 66.5, Lon: 25.75}
)

func TestActivityIsCountedByCity(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now, Kinds: []mood.ActivityKind{{ID: "activation", Name: "Activations", Unit: "devices", Color: "#123456"}}})
		at := c.ago(10 * time.Minute)
		deeds := []mood.Activity{
			{ID: "1", Brand: "nokia", Kind: "activation", Count: 12, At: at, Country: "FI", Spot: &helsinki},
			{ID: "2", Brand: "nokia", Kind: "activation", Count: 4, At: at, Country: "FI", Spot: &turku},
			{ID: "3", Brand: "nokia", Kind: "activation", Count: 7, At: at, Country: "FI"},
			{ID: "4", Brand: "nokia", Kind: "activation", Count: 25, At: at, Spot: &square},
			{ID: "5", Brand: "nokia", Kind: "activation", Count: 30, At: c.ago(26 * time.Hour), Country: "FI", Spot: &turku},
		}
		must(s.RecordActivity(context.Background(), deeds))(t)
		for _, window := range []string{"1h", "24h"} {
			rows := board(t, s, window, "nokia").Activity
			if len(rows) != 1 {
				t.Fatalf("%s: %d kinds", window, len(rows))
			}
			a := rows[0]
			if a.Name != "Activations" || a.Unit != "devices" || a.Color != "#123456" {
				t.Errorf("%s: the kind is called %q, of %q, in %q", window, a.Name, a.Unit, a.Color)
			}
			want := []mood.CityRow{{Spot: square, Count: 25}, {Country: "FI", Spot: helsinki, Count: 10}}
			if fmt.Sprint(a.Cities) != fmt.Sprint(want) {
				t.Errorf("%s: the cities are %v, want %v", window, a.Cities, want)
			}
			if a.Count != 48 || a.Unplaced != 25 || len(a.Countries) != 1 || a.Countries[0].Count != 23 {
				t.Errorf("%s: %d in all, %v, %d unplaced", window, a.Count, a.Countries, a.Unplaced)
			}
		}
		if b := board(t, s, "24h", "nokia").Activity[0].Before; b == nil || *b != 30 {
			t.Errorf("the day before has %v, want 30", b)
		}
		if a := board(t, s, "30d", "nokia").Activity[0]; len(a.Cities) != 3 || a.Cities[0].Count != 30 || a.Cities[0].City != "Turku" {
			t.Errorf("the cities of 30 days are %v", a.Cities)
		}
	})
}

func TestOnlySoManyCitiesAreCountedOneByOne(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		var deeds []mood.Activity
		for i := range mood.MostSpots + 200 {
			deeds = append(deeds, mood.Activity{ID: fmt.Sprint(i), Brand: "nokia", Kind: "a", Count: 5, At: c.now(), Country: "FI",
				Spot: &mood.Spot{City: fmt.Sprint("City ", i)}})
		}
		for range 2 {
			must(s.RecordActivity(context.Background(), deeds[:len(deeds)/2]))(t)
			must(s.RecordActivity(context.Background(), deeds))(t)
		}
		for r := minute; r <= dayCell; r++ {
			n, err := s.read.HLen(context.Background(), activitySpotKey("nokia", r, s.grid.index(r, c.now()))).Result()
			if err != nil || n != mood.MostSpots {
				t.Errorf("by the %s there are %d cities (%v), want %d", r.word(), n, err, mood.MostSpots)
			}
		}
		if a := board(t, s, "1h", "nokia").Activity[0]; a.Countries[0].Count != 5*int64(len(deeds)) {
			t.Errorf("the country has %d, want all %d", a.Countries[0].Count, 5*len(deeds))
		}
	})
}

func TestActivityIsForgottenWhenTheOperatorWants(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now, KeepActivity: 2 * day})
		must(s.RecordActivity(context.Background(), []mood.Activity{
			{ID: "1", Brand: "nokia", Kind: "a", Count: 50, At: c.now(), Country: "FI", Spot: &helsinki},
			{ID: "2", Brand: "nokia", Kind: "a", Count: 50, At: c.ago(5 * day), Country: "FI", Spot: &helsinki},
		}))(t)
		for r := minute; r <= dayCell; r++ {
			n := s.grid.index(r, c.now())
			for _, key := range []string{activityPlaceKey("nokia", r, n), activitySpotKey("nokia", r, n)} {
				ends := must(s.read.ExpireTime(context.Background(), key).Result())(t)
				if left := time.Unix(int64(ends/time.Second), 0).Sub(c.now()); left <= 0 || left > 3*day+time.Hour {
					t.Errorf("%s lives for %v yet", key, left)
				}
			}
		}
		if a := board(t, s, "7d", "nokia").Activity[0]; a.Countries[0].Count != 50 {
			t.Errorf("by country there are %v of 7 days, of which 2 are kept", a.Countries)
		}
	})
}

// Whatever is counted, nothing that is shown tells of a place with less than
// the floor: neither a number nor the difference of two.
func TestNoPlaceBelowTheFloorIsShown(t *testing.T) {
	const k = mood.LeastAtPlace
	rapid.Check(t, func(t *rapid.T) {
		w := newWhereabouts()
		var all int64
		few := rapid.OneOf(rapid.Int64Range(1, 2*k), rapid.Int64Range(1, 500))
		for _, country := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"", "FI", "SE", "US", "JP", "BR"}), 0, 6, rapid.ID).Draw(t, "countries") {
			for i := range rapid.IntRange(0, 6).Draw(t, "cities") {
				n := few.Draw(t, "at a city")
				w.spot(country, mood.Spot{City: fmt.Sprint("c", i), Lat: float64(i)}.Key(), n)
				w.countries[country] += n
				all += n
			}
			n := rapid.Int64Range(0, 2*k).Draw(t, "elsewhere")
			w.countries[country] += n
			all += n
		}
		truth := maps.Clone(w.countries)
		countries, cities, unplaced := w.shown()
		sum := unplaced
		left := map[string]int64{"": truth[""]}
		var hidden int64
		for _, c := range countries {
			if c.Count < k || c.Count != truth[c.Key] {
				t.Fatalf("%s is shown with %d, and has %d", c.Key, c.Count, truth[c.Key])
			}
			sum += c.Count
			left[c.Key] = c.Count
		}
		if sum != all {
			t.Fatalf("what is shown adds up to %d of %d", sum, all)
		}
		for country, n := range truth {
			if _, shown := left[country]; !shown {
				hidden += n
			}
		}
		if hidden > 0 && unplaced < k && len(countries) > 0 {
			t.Fatalf("%d of countries that aren't shown are among %d unplaced", hidden, unplaced)
		}
		for _, c := range cities {
			if _, shown := left[c.Country]; !shown {
				t.Fatalf("%s is shown, and its country isn't", c.City)
			}
			if has := w.spots[c.Country][c.Key()]; c.Count < k || c.Count%k != 0 || c.Count > has {
				t.Fatalf("%s is shown with %d, and has %d", c.City, c.Count, has)
			}
			left[c.Country] -= c.Count
		}
		for country, n := range left {
			if n < 0 || n > 0 && n < k && truth[country] != n {
				t.Fatalf("%d of %q are left beside its cities", n, country)
			}
		}
	})
}

// One more device changes what is shown of a city by nothing, or by as many as
// hide it.
func TestOneDeviceIsNeverSeenToCome(t *testing.T) {
	const k = mood.LeastAtPlace
	shown := map[string]int64{}
	for n := int64(1); n < 60; n++ {
		w := newWhereabouts()
		w.countries["FI"] = 1000 + n
		w.spot("FI", helsinki.Key(), n)
		w.spot("FI", turku.Key(), 60)
		_, cities, _ := w.shown()
		now := map[string]int64{}
		for _, c := range cities {
			now[c.City] = c.Count
			if diff := c.Count - shown[c.City]; diff != 0 && diff < k {
				t.Errorf("at %d, %s grew by %d", n, c.City, diff)
			}
		}
		shown = now
	}
	text, err := json.Marshal(shown)
	if err != nil || string(text) != `{"Helsinki":55,"Turku":60}` {
		t.Errorf("in the end %s is shown (%v)", text, err)
	}
}
