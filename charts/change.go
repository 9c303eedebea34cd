package charts

import (
	"math"

	"agora/mood"
)

// change is how much a topic is mentioned, beside the window before.
type change struct {
	now, then    int64 // mentions of the topic
	all, allThen int64 // and of the brands
}

// changeOf gives the change of a topic; nil: it isn't known of all brands.
func (v view) changeOf(r mood.Row) *change {
	c := change{now: r.Mentions}
	for _, b := range v.boards {
		c.all += b.Total.Mentions
		c.allThen += b.Before.Mentions
		for _, own := range b.Topics {
			if valid(own.Key) != r.Key {
				continue
			}
			if own.Before == nil {
				return nil
			}
			c.then += *own.Before
		}
	}
	if c.all <= 0 || c.allThen <= 0 {
		return nil
	}
	return &c
}

// shares are those of the mentions, then and now. Edges of the window before
// are rounded, so that what was then may be a little more than all.
func (c *change) shares() (then, now float64) {
	return math.Min(1, float64(c.then)/float64(c.allThen)), math.Min(1, float64(c.now)/float64(c.all))
}

// cells are those of a table: mentions in the window before, and the change of
// the share.
func (c *change) cells() []any {
	if c == nil {
		return []any{nil, nil}
	}
	then, now := c.shares()
	return []any{c.then, roundTo(now-then, 4)}
}

// clearly is the number of standard errors from which on a share has changed for
// all to see: chance does as much in one of ten.
const clearly = 1.645

// arrow says which way a topic goes, where that is clear.
func (c *change) arrow() string {
	if c == nil || max(c.now, c.then) < few {
		return ""
	}
	then, now := c.shares()
	both := math.Min(1, float64(c.now+c.then)/float64(c.all+c.allThen))
	spread := math.Sqrt(both * (1 - both) * (1/float64(c.all) + 1/float64(c.allThen)))
	switch {
	case now-then > clearly*spread:
		return "↑"
	case then-now > clearly*spread:
		return "↓"
	}
	return ""
}

// changeTip is a line of a tooltip.
func (w *Words) changeTip(c *change) string {
	if c == nil {
		return ""
	}
	then, now := c.shares()
	if c.then == 0 {
		return "\n" + w.Says.Fresh.with("now", w.percent(now))
	}
	return "\n" + w.Says.Trend.with("now", w.percent(now), "then", w.percent(then))
}
