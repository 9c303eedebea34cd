package charts

import (
	"fmt"
	"slices"
	"strconv"
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
	c, w := Caption{Title: t.Title}, t.Words()
	a := t.About
	if a == nil {
		return c
	}
	scope := []string{a.Filters["brand"], w.window(t.Window)}
	if t.mode != "" {
		scope = append(scope, w.Places[t.mode])
	}
	if !t.From.IsZero() {
		scope = append(scope, t.moment(t.From)+" – "+t.moment(t.To))
	}
	c.Scope = strings.Join(slices.DeleteFunc(scope, func(s string) bool { return s == "" }), " · ")
	c.Method, c.Brief = a.Method, w.Says.Brief
	stands := w.mentions(a.Mentions)
	if a.Events != nil {
		stands, c.Brief = w.events(*a.Events), ""
	}
	basis := []string{w.Says.AsOf.with("time", t.moment(t.AsOf), "zone", t.Timezone), stands, a.Sources.sentence(w)}
	if a.Kept != nil {
		basis = slices.Insert(basis, 1, w.Says.Kept.with("time", t.moment(*a.Kept)))
	}
	c.Basis = strings.Join(basis, " · ")
	c.Notes = append(c.Notes, t.Notes...)
	if a.Demo {
		c.Mark = w.Says.Demo
	}
	if a.Licence != "" {
		c.Notes = append(c.Notes, a.Licence)
	}
	return c
}

// Missing says that a picture of the table lacks characters.
func (t Table) Missing(missing []rune) string {
	w := t.Words()
	const most = 8
	named := string(missing[:min(most, len(missing))])
	codes := make([]string, 0, most)
	for _, r := range named {
		codes = append(codes, fmt.Sprintf("U+%04X", r))
	}
	s := w.list(codes)
	if more := len(missing) - most; more > 0 {
		s = w.Says.More.with("names", strings.Join(codes, ", "), "n", strconv.Itoa(more))
	}
	return w.Notes.Missing.with("codes", s)
}

// Empty is what to say in place of a chart that has nothing to show; empty: it
// has something.
func (t Table) Empty() string {
	w := t.Words()
	for _, n := range t.Notes {
		if n == w.Notes.Empty || n == w.Notes.NoActivity || n == w.Notes.NoTopics {
			return n
		}
	}
	return ""
}

// moment writes a time on the table's clock, for people.
func (t Table) moment(at time.Time) string {
	w := t.Words()
	return w.at(w.Format.Date, at.In(t.view.zone()))
}

// sentence says how many sources answer, within a line of others.
func (c Coverage) sentence(w *Words) string {
	said := w.Sources
	switch {
	case c.Asked == 0:
		return said.None
	case c.Answering >= c.Asked && c.Asked == 1:
		return said.One
	case c.Answering >= c.Asked:
		return w.many(int64(c.Asked), said.All)
	}
	s := w.many(int64(c.Asked), said.Some, "answering", w.count(int64(c.Answering)))
	if names := c.silent(w); names != "" {
		s = said.Silent.with("says", s, "names", names)
	}
	return s
}
