package report

import (
	"cmp"
	"slices"

	"agora/mood"
)

// mostShares are the brands that stand alone in the share of voice.
const mostShares = 8

// share sets all watched brands side by side, those that are reported on first
// when there are many.
func (c *Content) share(b *mood.Board) {
	asked := map[string]bool{}
	for _, id := range b.Order {
		asked[id] = true
	}
	c.watched = int64(len(b.Share))
	for _, r := range shareRows(b) {
		c.Share = append(c.Share, Share{
			Name: cmp.Or(r.Name, r.Key), Color: r.Color, Share: r.Share, Total: r.Tally().Total(), Reported: asked[r.Key],
		})
	}
}

// restKey is the key of all brands that don't stand alone.
const restKey = "…"

// shareRows are the rows of the share of voice, the smallest ones added up.
func shareRows(b *mood.Board) []mood.ShareRow {
	rows := slices.Clone(b.Share)
	slices.SortStableFunc(rows, func(x, y mood.ShareRow) int { return cmp.Compare(y.Mentions, x.Mentions) })
	if len(rows) <= mostShares+1 {
		return rows
	}
	var rest mood.Tally
	part := 0.0
	for _, r := range rows[mostShares:] {
		rest.Add(r.Tally())
		if r.Share != nil {
			part += *r.Share
		}
	}
	return append(rows[:mostShares:mostShares], mood.ShareRow{Row: mood.RowOf(restKey, rest), Name: othersOf(len(rows) - mostShares), Share: &part})
}
