package report

import (
	"cmp"
	"slices"

	"agora/mood"
)

// mostShares are the brands that stand alone in the share of voice.
const mostShares = 8

// share sets all watched brands side by side.
func (c *Content) share(b *mood.Board) {
	c.watched = int64(len(b.Share))
	rows, rest := shareRows(b)
	if rest != nil {
		rows = append(rows, *rest)
	}
	for _, r := range rows {
		c.Share = append(c.Share, Share{
			Name: cmp.Or(r.Name, r.Key), Color: r.Color, Share: r.Share, Total: r.Tally().Total(), Reported: slices.Contains(b.Order, r.Key),
		})
	}
}

// restKey is the key of all brands that don't stand alone.
const restKey = "…"

// shareRows are the rows of the share of voice, the most mentioned first. Where
// there are too many, those that the report is about stay before others, and
// what has no room is added up.
func shareRows(b *mood.Board) (rows []mood.ShareRow, rest *mood.ShareRow) {
	rows = slices.Clone(b.Share)
	mentions := func(x, y mood.ShareRow) int { return cmp.Compare(y.Mentions, x.Mentions) }
	if len(rows) > mostShares+1 {
		slices.SortStableFunc(rows, func(x, y mood.ShareRow) int {
			return cmp.Or(-cmp.Compare(btoi(slices.Contains(b.Order, x.Key)), btoi(slices.Contains(b.Order, y.Key))), mentions(x, y))
		})
		var sum mood.Tally
		part := 0.0
		for _, r := range rows[mostShares:] {
			sum.Add(r.Tally())
			if r.Share != nil {
				part += *r.Share
			}
		}
		rest = &mood.ShareRow{Row: mood.RowOf(restKey, sum), Name: othersOf(len(rows) - mostShares), Share: &part}
		rows = rows[:mostShares:mostShares]
	}
	slices.SortStableFunc(rows, mentions)
	return rows, rest
}
