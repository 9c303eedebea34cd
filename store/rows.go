package store

import (
	"math"
	"sort"
	"strings"

	"agora/mood"
)

// before orders rows: most mentions first, then by key.
func before(a, b mood.Row) bool {
	if a.Mentions != b.Mentions {
		return a.Mentions > b.Mentions
	}
	return strings.Compare(a.Key, b.Key) < 0
}

// rowsOf makes rows of tallies. Values that nothing is left of have none.
func rowsOf(tallies map[string]mood.Tally) []mood.Row {
	rows := make([]mood.Row, 0, len(tallies))
	for key, t := range tallies {
		if t.Mentions() > 0 {
			rows = append(rows, mood.RowOf(key, t))
		}
	}
	sort.Slice(rows, func(i, j int) bool { return before(rows[i], rows[j]) })
	return rows
}

func top(rows []mood.Row, n int) []mood.Row { return rows[:min(n, len(rows))] }

// placed parts rows of countries from the number of mentions without one.
func placed(tallies map[string]mood.Tally) ([]mood.Row, int64) {
	unplaced := tallies[none].Mentions()
	delete(tallies, none)
	return rowsOf(tallies), unplaced
}

// Topics are what is said beside a brand more than elsewhere: the log-odds
// ratio with an informative Dirichlet prior of Monroe, Colaresi and Quinn
// (Fightin' Words, 2008), in standard deviations. Elsewhere means the other
// watched brands at the same time, and the brand itself in the four weeks
// before. That background is read from whole days, of a long window from a
// sample of them.
const (
	maxTopicRows    = 40
	backgroundDays  = 8   // of the window, for each of the other brands
	backgroundWeeks = 28  // days ahead of the window, for the brand itself
	backgroundMost  = 24  // other brands
	priorWeight     = 200 // mentions of topics that the prior weighs as much as
	fewMentions     = 20  // under which a topic may stand on a single mention
)

// sampleDays are the days of the window that other brands are read on.
func (s *Store) sampleDays(f frame) []int64 {
	first, last := s.grid.index(dayCell, f.from), s.grid.index(dayCell, f.asOf.Add(-1))
	step := (last-first)/backgroundDays + 1
	var days []int64
	for n := last; n >= first; n -= step {
		days = append(days, n)
	}
	return days
}

// ownDays are the days ahead of the window.
func (s *Store) ownDays(f frame) []span {
	last := s.grid.index(dayCell, f.from) - 1
	return []span{{dayCell, last - backgroundWeeks + 1, last}}
}

// others are the brands that one is compared with.
func others(brand string, watched []mood.Brand) []string {
	var ids []string
	for _, b := range watched {
		if b.ID != brand && len(ids) < backgroundMost {
			ids = append(ids, b.ID)
		}
	}
	return ids
}

func (s *Store) wantBackground(r *reads, asked, watched []mood.Brand, f frame) {
	days := s.sampleDays(f)
	for _, b := range asked {
		r.wantDims(b.ID, s.ownDays(f), groupTopics)
		for _, id := range others(b.ID, watched) {
			for _, n := range days {
				r.wantDims(id, []span{{dayCell, n, n}}, groupTopics)
			}
		}
	}
}

// topics gives a brand's most salient topics.
func (s *Store) topics(r *reads, brand string, here map[string]mood.Tally, mentions int64,
	watched []mood.Brand, f frame,
) []mood.Row {
	background := map[string]float64{}
	add := func(rows rowTallies) {
		for key, t := range rows[dimTopic] {
			background[key] += float64(t.Mentions())
		}
	}
	add(r.dims(brand, s.ownDays(f), groupTopics))
	for _, id := range others(brand, watched) {
		for _, n := range s.sampleDays(f) {
			add(r.dims(id, []span{{dayCell, n, n}}, groupTopics))
		}
	}
	least := int64(2)
	if mentions < fewMentions {
		least = 1
	}
	rows := salient(rowsOf(here), background)
	kept := rows[:0]
	for _, row := range rows {
		if row.Mentions >= least {
			kept = append(kept, row)
		}
	}
	return top(kept, maxTopicRows)
}

// salient fills in the salience of rows, and sorts by it.
func salient(rows []mood.Row, background map[string]float64) []mood.Row {
	var here, there float64
	for _, row := range rows {
		here += float64(row.Mentions)
	}
	for _, n := range background {
		there += n
	}
	prior := math.Min(priorWeight, here+there)
	for i := range rows {
		y, z := float64(rows[i].Mentions), background[rows[i].Key]
		a := prior * (y + z) / (here + there)
		odds := func(count, total float64) float64 {
			// Where a topic is all there is, its odds have no end; half a
			// mention of something else bounds them.
			return math.Log((count + a) / math.Max(total+prior-count-a, 0.5))
		}
		delta := odds(y, here) - odds(z, there)
		rows[i].Salience = math.Round(delta/math.Sqrt(1/(y+a)+1/(z+a))*100) / 100
	}
	sort.SliceStable(rows, func(i, j int) bool {
		if rows[i].Salience != rows[j].Salience {
			return rows[i].Salience > rows[j].Salience
		}
		return before(rows[i], rows[j])
	})
	return rows
}
