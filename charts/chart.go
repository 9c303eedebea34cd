// Package charts turns a board into charts: a [Table] of rows, each with the
// filter that selects the mentions behind it, and an [Option], the look of
// that table for ECharts. Each chart has a file of its own, which is the only
// place that knows it. Page, stream, picture and spreadsheet all use the same
// table and the same option, so they cannot drift apart.
//
// An option is pure JSON. Colours are "role:positive" (theme.json gives each
// role its colour) or a brand's own; functions are names such as "fmt:signed"
// (static/src/format.js has them). Every series has an id, every point a name
// and, where a click selects mentions, a filter.
package charts

import (
	"time"

	"agora/mood"
)

// Chart is one kind of chart.
type Chart struct {
	ID    string `json:"id"`
	Title string `json:"title"`

	words  *Words // nil: in English
	table  func(view) Table
	option func(Table) (Option, error)
	span   *ownSpan // nil: it is of the board's window
}

// ownSpan is the time that a chart is of, whatever the window.
type ownSpan struct {
	title string // as a title ends
	from  func(view) time.Time
}

// All lists the charts in the order in which a page shows them, in English.
func All() []Chart { return allIn(english()) }

func allIn(w *Words) []Chart {
	all := []Chart{
		moodChart(), timelineChart(), mapChart(), shareChart(), topicsChart(), pulseChart(),
		sourcesChart(w), languagesChart(w), rhythmChart(w), activityChart(),
	}
	for i := range all {
		all[i].words, all[i].Title = w, w.Titles[all[i].ID]
	}
	return all
}

// Find gives the chart with an id, in English.
func Find(id string) (Chart, bool) {
	for _, c := range All() {
		if c.ID == id {
			return c, true
		}
	}
	return Chart{}, false
}

// Spoken gives the chart in other words: its title, its tables and their look.
func (c Chart) Spoken(w *Words) Chart {
	for _, same := range allIn(w) {
		if same.ID == c.ID {
			return same
		}
	}
	return c
}

// Table gives the rows of the chart for a board. It takes any board, even one
// without brands, and says in its notes what is missing.
func (c Chart) Table(b *mood.Board) Table {
	v := viewOf(b, c.words)
	w := v.words()
	t := c.table(v)
	t.Chart = c.ID
	t.Title = w.heading(c.Title, v.brands, w.Spans[b.Window].Title)
	t.Window, t.From, t.To, t.AsOf, t.Timezone = b.Window, b.From, b.To, b.AsOf, v.loc.String()
	if c.span != nil { // it has no window: what the page shows is not what is in it
		t.Title, t.Window, t.From = w.heading(c.Title, v.brands, c.span.title), "", c.span.from(v)
	}
	t.view = v
	return t
}

// Option gives the look of a table that the same chart made.
func (c Chart) Option(t Table) (Option, error) { return c.option(t) }

// Heading is the title of a chart, by name, of these brands over a window;
// without a chart, that of all of them.
func Heading(chart string, brands []mood.Brand, window string) string {
	w := english()
	return w.heading(chart, brands, w.Spans[window].Title)
}

// BoardHeading is the title of a board: its brands and its window.
func BoardHeading(b *mood.Board) string { return Heading("", viewOf(b, nil).brands, b.Window) }
