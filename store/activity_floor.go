package store

import (
	"cmp"
	"slices"

	"agora/mood"
)

// whereabouts is what devices of one kind did, by country ("" where it isn't
// known) and by city.
type whereabouts struct {
	countries map[string]int64
	spots     map[string]map[string]int64 // by country and key of the spot
}

func newWhereabouts() *whereabouts {
	return &whereabouts{countries: map[string]int64{}, spots: map[string]map[string]int64{}}
}

func (w *whereabouts) spot(country, spot string, n int64) {
	if w.spots[country] == nil {
		w.spots[country] = map[string]int64{}
	}
	w.spots[country][spot] += n
}

// shown gives what may be shown of it, with k = mood.LeastAtPlace:
//
//   - No place has less than k: a country with less counts among what is
//     unplaced, a city with less with its country alone.
//   - Nor does what is left of a country beside its cities, or of the countries
//     that aren't shown: a subtraction would tell it. The largest city then gives
//     up k, and the smallest country is shown no more.
//   - Counts of cities are multiples of k, rounded down: boards of two moments
//     or of two windows differ by at least k, or not at all.
func (w *whereabouts) shown() (countries []mood.CountRow, cities []mood.CityRow, unplaced int64) {
	const k = mood.LeastAtPlace
	countries, cities = []mood.CountRow{}, []mood.CityRow{}
	var folded int64
	for country, n := range w.countries {
		switch {
		case country == "":
		case n >= k:
			countries = append(countries, mood.CountRow{Key: country, Count: n})
		default:
			folded += n
		}
	}
	slices.SortFunc(countries, func(a, b mood.CountRow) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Key, b.Key))
	})
	unplaced = w.countries[""] + folded
	if folded > 0 && unplaced < k && len(countries) > 0 {
		last := len(countries) - 1
		unplaced += countries[last].Count
		countries = countries[:last]
	}
	for _, c := range countries {
		cities = append(cities, w.cities(c.Key, c.Count)...)
	}
	cities = append(cities, w.cities("", w.countries[""])...)
	slices.SortFunc(cities, func(a, b mood.CityRow) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Country, b.Country), cmp.Compare(a.Key(), b.Key()))
	})
	return countries, cities[:min(maxSpots, len(cities))], unplaced
}

// maxSpots is how many cities of a kind a board shows, the largest.
const maxSpots = 300

// cities are those of a country, of which n are counted in all.
func (w *whereabouts) cities(country string, n int64) (rows []mood.CityRow) {
	const k = mood.LeastAtPlace
	left := n
	for key, count := range w.spots[country] {
		spot, ok := mood.ParseSpot(key)
		if count = count / k * k; ok && count > 0 {
			rows = append(rows, mood.CityRow{Country: country, Spot: spot, Count: count})
			left -= count
		}
	}
	slices.SortFunc(rows, func(a, b mood.CityRow) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Key(), b.Key()))
	})
	if left > 0 && left < k && len(rows) > 0 {
		if rows[0].Count -= k; rows[0].Count == 0 {
			rows = rows[1:]
		}
	}
	return rows
}
