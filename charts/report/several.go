package report

import (
	"cmp"
	"slices"

	"agora/mood"
)

const (
	// mostRows are those of the table that sets brands side by side, on paper and
	// on the page: what has no room is added up in the last one.
	mostRows = 24
	// mostDrawn is the number of brands up to which charts show all; of more they
	// show the mostSections that are mentioned most.
	mostDrawn = 8
)

// drawn is the number of brands in the charts of mood and of its course.
func (c *Content) drawn() int {
	if len(c.Brands) <= mostDrawn {
		return len(c.Brands)
	}
	return mostSections
}

// early tells whether the course of mood stands on the first page, where
// nothing else needs the room.
func (c *Content) early() bool { return len(c.Brands) == 1 || c.brandsMoved() == 0 }

// rows are the brands of the table. Those that changed significantly stay, then
// the most mentioned; the others are added up, as one whose id is restKey.
func (c *Content) rows() []Brand {
	if len(c.Brands) <= mostRows {
		return c.Brands
	}
	order := slices.Clone(c.Brands)
	slices.SortStableFunc(order, func(a, b Brand) int {
		return cmp.Or(-cmp.Compare(btoi(a.changed()), btoi(b.changed())), cmp.Compare(b.Now.Mentions, a.Now.Mentions))
	})
	shown, others := order[:mostRows-1], order[mostRows-1:]
	slices.SortStableFunc(shown, func(a, b Brand) int { return cmp.Compare(b.Now.Mentions, a.Now.Mentions) })
	rest := Brand{ID: restKey, Name: othersOf(len(others))}
	var now, before mood.Tally
	for _, b := range others {
		now.Add(b.Now.Tally())
		before.Add(b.Before.Tally())
		if b.Share != nil {
			share := *b.Share
			if rest.Share != nil {
				share += *rest.Share
			}
			rest.Share = &share
		}
	}
	rest.Now, rest.Before = now.Total(), before.Total()
	return append(shown, rest)
}

// rowsNote says by which rule brands have a row; empty: all have one.
func (c *Content) rowsNote() string {
	if len(c.Brands) <= mostRows {
		return ""
	}
	return wordRows
}

func (b Brand) changed() bool { return b.Mood.Significant || b.Volume.Significant }

// keepMoved leaves what moved the mood to as many brands as two pages have room
// for: those that changed most surely, then those that changed most.
func keepMoved(brands []Brand) {
	most := mostSections
	if len(brands) > 16 {
		most = 3
	}
	var order []int
	for i, b := range brands {
		if len(b.Moved) > 0 {
			order = append(order, i)
		}
	}
	abs := func(x float64) float64 { return max(x, -x) }
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := brands[i].Mood, brands[j].Mood
		return cmp.Or(-cmp.Compare(btoi(a.Significant), btoi(b.Significant)), -cmp.Compare(btoi(a.Tested), btoi(b.Tested)),
			cmp.Compare(a.P, b.P), cmp.Compare(abs(b.By), abs(a.By)))
	})
	for _, i := range order[min(most, len(order)):] {
		brands[i].Moved = nil
	}
}

// few says how many parts of each dimension stand alone, so that two pages are
// enough.
func (c *Content) few() [3]int {
	switch n := len(c.Brands); {
	case n <= 1:
		return [3]int{6, 4, 5}
	case n == 2:
		return [3]int{4, 3, 3}
	case n == 3:
		return [3]int{3, 1, 2}
	case n <= mostSections+2:
		return [3]int{3, 3, 3}
	case n <= 10:
		return [3]int{2, 2, 2}
	}
	return [3]int{1, 1, 1}
}

// moving are the brands of which it is told what moved their mood.
func (c *Content) moving() []Brand {
	return slices.DeleteFunc(slices.Clone(c.Brands), func(b Brand) bool { return len(b.Moved) == 0 })
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
