package charts

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

// About is what a reader of a table needs beside its rows, once it has left
// the page: which mentions are counted, how many, from which sources, and how
// feeling is measured. A table of what devices do stands on events instead.
type About struct {
	Filters  map[string]string `json:"filters"`          // parameters of the address, by name
	Mentions int64             `json:"mentions"`         // that the table stands on
	Events   *int64            `json:"events,omitempty"` // of devices, that it stands on; null: on mentions
	Sources  Coverage          `json:"sources"`
	Method   string            `json:"method"`
	Licence  string            `json:"licence,omitempty"` // of other people's data in it
	Demo     bool              `json:"demo,omitempty"`    // nothing of it is true
	Kept     *time.Time        `json:"kept,omitempty"`    // when it was put by as it is; null: it is live
}

// Coverage is how many of the sources that are asked do answer.
type Coverage struct {
	Asked     int      `json:"asked"`
	Answering int      `json:"answering"`
	Silent    []string `json:"silent,omitempty"` // names of those that don't, perhaps not all
}

// Fact is one line about a table: its name for people, and a string, a number
// (int64) or a time.
type Fact struct {
	Name  string
	Value any
}

// With gives the table with what a reader needs beside its rows. Without, a
// table is bare: rows, and nothing that says where they come from.
func (t Table) With(sources Coverage) Table {
	w := t.Words()
	about := About{
		Filters: map[string]string{"brand": t.view.filter().Brand},
		Sources: sources, Mentions: t.view.total().Mentions(), Method: w.Says.Method,
	}
	if t.Window != "" {
		about.Filters["window"] = t.Window
	}
	switch t.Chart {
	case "share":
		about.Mentions = 0
		for _, r := range t.view.board.Share {
			about.Mentions += r.Mentions
		}
	case "rhythm": // of its own span, not of the board's window
		about.Mentions = counted(t.Rows)
	case "activity":
		about.standOn(counted(t.Rows), w)
	case "map":
		about.Licence = w.Says.Licence
		if devicesIn(t.mode) {
			about.standOn(counted(t.Rows), w)
		}
	}
	if t.mode != "" {
		about.Filters["place"] = t.mode
	}
	t.About = &about
	return t
}

// standOn makes it that of a table of so many events of devices.
func (a *About) standOn(events int64, w *Words) {
	a.Mentions, a.Events, a.Method = 0, &events, w.Says.EventsMethod
}

// counted adds up what the rows of a table of counts have.
func counted(rows []Row) int64 {
	var n int64
	for _, r := range rows {
		n += r.extra.count
	}
	return n
}

// Head is what stands above a table: its title and what is in it. A bare table
// has none.
func (t Table) Head() []Fact {
	if t.About == nil {
		return nil
	}
	w := t.Words()
	facts := []Fact{{w.Facts.Title, t.Title}, {w.Facts.Filters, t.About.filters(w)}, {w.Facts.From, t.From}, {w.Facts.To, t.To}}
	if t.From.IsZero() { // as far back as texts are kept
		facts = slices.Delete(facts, 2, 3)
	}
	if t.About.Demo {
		facts = append(facts, Fact{w.Facts.Demo, w.Says.Demo})
	}
	return facts
}

// Foot is what stands below a table: how far its figures can be trusted. A bare
// table has none.
func (t Table) Foot() []Fact {
	a, w := t.About, t.Words()
	if a == nil {
		return nil
	}
	facts := []Fact{
		{w.Facts.AsOf, t.AsOf}, {w.Facts.Zone, t.Timezone}, {w.Facts.Sources, a.Sources.fact(w)},
		{w.Columns.Mentions, a.Mentions}, {w.Facts.Method, a.Method},
	}
	if a.Events != nil {
		facts[3] = Fact{w.Facts.Events, *a.Events}
	}
	if a.Kept != nil {
		facts = slices.Insert(facts, 1, Fact{w.Facts.Kept, a.Kept.In(t.view.zone())})
	}
	for _, n := range t.Notes {
		facts = append(facts, Fact{w.Facts.Note, n})
	}
	if a.Licence != "" {
		facts = append(facts, Fact{w.Facts.Licence, a.Licence})
	}
	return facts
}

// filters are the filters as people read them: "brand: nokia; window: 24h".
func (a About) filters(w *Words) string {
	parts := make([]string, 0, len(a.Filters))
	for _, k := range slices.Sorted(maps.Keys(a.Filters)) {
		name, value := w.Filters[k], a.Filters[k]
		switch k {
		case "window":
			value = w.window(value)
		case "place":
			value = cmp.Or(w.Filters[value], value)
		}
		parts = append(parts, w.pair(cmp.Or(name, k), shown(value)))
	}
	return strings.Join(parts, "; ")
}

// String says how many sources answer, and names those that don't, in English.
func (c Coverage) String() string { return c.fact(english()) }

func (c Coverage) fact(w *Words) string {
	said, asked := w.Sources, w.count(int64(c.Asked))
	switch {
	case c.Asked == 0:
		return said.FactNone
	case c.Answering >= c.Asked && c.Asked == 1:
		return said.FactOne
	case c.Answering >= c.Asked:
		return said.FactAll.with("n", asked)
	}
	s := said.FactSome.with("answering", w.count(int64(c.Answering)), "n", asked)
	if names := c.silent(w); names != "" {
		s = said.FactSilent.with("says", s, "names", names)
	}
	return s
}

// silent names those that don't answer, as far as they are known by name.
func (c Coverage) silent(w *Words) string {
	if len(c.Silent) == 0 {
		return ""
	}
	names := make([]string, len(c.Silent))
	for i, n := range c.Silent {
		names[i] = shown(n)
	}
	s := strings.Join(names, ", ")
	if more := c.Asked - c.Answering - len(names); more > 0 {
		s = w.Says.More.with("names", s, "n", w.count(int64(more)))
	}
	return s
}

// ForMentions begins a table of mentions, whose rows are written one by one:
// there may be more of them than memory holds. An empty window is a span that
// no window names.
func ForMentions(brands []string, window string, from, to, asOf time.Time, loc *time.Location, columns []Column, about About) Table {
	w := english()
	t := Table{Chart: "mentions", Title: w.Columns.Mentions, Window: window, From: from, To: to, AsOf: asOf, Timezone: loc.String(), Columns: columns}
	if len(brands) > 0 {
		t.Title += ": " + w.list(brands)
	}
	if span, ok := w.Spans[window]; ok {
		t.Title += ", " + span.Title
	}
	about.Method = w.Says.Method
	t.About = &about
	t.view.loc = loc
	return t
}

// MoodRole names the colour of a mood of −100…100, without the prefix that
// options have: a key of [Theme].
func MoodRole(points float64) string { return strings.TrimPrefix(moodRole(points), rolePrefix) }
