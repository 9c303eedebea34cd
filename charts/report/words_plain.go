package report

import (
	"fmt"

	"agora/charts"
)

// Lines of a plain text.

func brandLine(b Brand) string {
	before := wordNothing
	if b.Before.Mentions > 0 {
		before = fmt.Sprintf("before: %s from %s; %s", moodOf(b.Before.Tally()), charts.MentionsWord(b.Before.Mentions), moodVerdict(b))
	}
	s := fmt.Sprintf("%s: mood %s from %s (%s)", b.Name, moodOf(b.Now.Tally()), charts.MentionsWord(b.Now.Mentions), before)
	if b.Share != nil {
		s += ", " + charts.PercentWord(*b.Share) + " of all brands"
	}
	return s
}

func partLine(p Part) string {
	s := fmt.Sprintf("%s %s: %s at %s, before %s at %s", signedNumber(p.Points, 1), p.Name,
		charts.MentionsWord(p.Now.Mentions()), moodOf(p.Now), charts.CountWord(p.Before.Mentions()), moodOf(p.Before))
	if p.Significant {
		s += " (significant)"
	}
	return s
}

func shareLine(s Share) string {
	share := "–"
	if s.Share != nil {
		share = charts.PercentWord(*s.Share)
	}
	return fmt.Sprintf("%s: %s, %s, mood %s", s.Name, share, charts.MentionsWord(s.Total.Mentions), moodOf(s.Total.Tally()))
}

// movedOf says that it is told of some brands only.
func (c *Content) movedOf() string {
	if n := c.brandsMoved(); n < len(c.Brands) && !c.sectioned {
		return fmt.Sprintf("Of the %d brands that changed most. ", n)
	}
	return ""
}

func (c *Content) movedSaysPlain() string {
	return c.movedOf() + "Points of mood that each part added since " + spanBefore(c.Window) + ". The parts of each group add up to the change."
}
