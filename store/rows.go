package store

import (
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
