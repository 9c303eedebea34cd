package charts

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Caption is what stands above and below a chart that is taken away as a
// picture.
type Caption struct {
	Title  string
	Scope  string   // what is in it: filters and span
	Basis  string   // what the figures stand on: time, zone, mentions, sources
	Method string   // how feeling is measured, or events are counted
	Brief  string   // the same, in as few words as will do; empty: none
	Notes  []string // sentences, the one that matters most first
	Mark   string   // what nobody may overlook; empty: nothing
}

// Caption gives the title and the footer of a table's picture, from the same
// facts that stand around its rows. A bare table has only its title.
func (t Table) Caption() Caption {
	c := Caption{Title: t.Title}
	a := t.About
	if a == nil {
		return c
	}
	scope := []string{a.Filters["brand"], t.Window}
	if t.mode != "" {
		scope = append(scope, placeWords[t.mode])
	}
	if !t.From.IsZero() {
		scope = append(scope, t.moment(t.From)+" – "+t.moment(t.To))
	}
	c.Scope = strings.Join(slices.DeleteFunc(scope, func(s string) bool { return s == "" }), " · ")
	c.Method, c.Brief = a.Method, wordBrief
	stands := mentionsWord(a.Mentions)
	if a.Events != nil {
		stands, c.Brief = eventsWord(*a.Events), ""
	}
	basis := []string{factAsOf + " " + t.moment(t.AsOf) + " (" + t.Timezone + ")", stands, a.Sources.sentence()}
	if a.Kept != nil {
		basis = slices.Insert(basis, 1, wordKept+" "+t.moment(*a.Kept))
	}
	c.Basis = strings.Join(basis, " · ")
	c.Notes = append(c.Notes, t.Notes...)
	if a.Demo {
		c.Mark = wordDemo
	}
	if a.Licence != "" {
		c.Notes = append(c.Notes, a.Licence)
	}
	return c
}

// NoteMissing says that a picture lacks characters.
func NoteMissing(missing []rune) string {
	const most = 8
	named := string(missing[:min(most, len(missing))])
	codes := make([]string, 0, most)
	for _, r := range named {
		codes = append(codes, fmt.Sprintf("U+%04X", r))
	}
	s := list(codes)
	if more := len(missing) - most; more > 0 {
		s = strings.Join(codes, ", ") + fmt.Sprintf(" and %d more", more)
	}
	return noteMissing + s + "."
}

// Empty is what to say in place of a chart that has nothing to show; empty: it
// has something.
func (t Table) Empty() string {
	for _, n := range t.Notes {
		if n == noteEmpty || n == noteNoActivity || n == noteNoTopics {
			return n
		}
	}
	return ""
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
	case c.Answering >= c.Asked && c.Asked == 1:
		return "its one source answers"
	case c.Answering >= c.Asked:
		return "all " + many(int64(c.Asked), "source answers", "sources answer")
	}
	s := fmt.Sprintf("%d of %s", c.Answering, many(int64(c.Asked), "source answers", "sources answer"))
	if names := c.silent(); names != "" {
		s += " (silent: " + names + ")"
	}
	return s
}
