package charts

import (
	"fmt"
	"strings"
	"time"
)

// Caption is what stands above and below a chart that is taken away as a
// picture.
type Caption struct {
	Title string
	Scope string   // what is in it: filters and span
	Basis string   // what the figures stand on: time, zone, mentions, sources
	Notes []string // sentences, the one that matters most first
}

// Caption gives the title and the footer of a table's picture, from the same
// facts that stand around its rows. A bare table has only its title.
func (t Table) Caption() Caption {
	c := Caption{Title: t.Title}
	a := t.About
	if a == nil {
		return c
	}
	c.Scope = a.filters()
	if !t.From.IsZero() {
		c.Scope += " · " + t.moment(t.From) + " – " + t.moment(t.To)
	}
	c.Basis = strings.Join([]string{
		factAsOf + " " + t.moment(t.AsOf) + " (" + t.Timezone + ")", mentionsWord(a.Mentions), a.Sources.sentence(),
	}, " · ")
	c.Notes = append(c.Notes, t.Notes...)
	c.Notes = append(c.Notes, a.Method)
	if a.Licence != "" {
		c.Notes = append(c.Notes, a.Licence)
	}
	return c
}

// moment writes a time on the table's clock, for people.
func (t Table) moment(at time.Time) string {
	return at.In(t.view.zone()).Format("2 Jan 2006, 15:04")
}

// sentence says how many sources answer, within a line of others.
func (c Coverage) sentence() string {
	switch {
	case c.Asked == 0:
		return "no source is asked"
	case c.Answering >= c.Asked:
		return "all " + many(int64(c.Asked), "source answers", "sources answer")
	}
	s := fmt.Sprintf("%d of %s", c.Answering, many(int64(c.Asked), "source answers", "sources answer"))
	if names := c.silent(); names != "" {
		s += " (silent: " + names + ")"
	}
	return s
}
