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

	table  func(view) Table
	option func(Table) (Option, error)
	span   *ownSpan // nil: it is of the board's window
}

// ownSpan is the time that a chart is of, whatever the window.
type ownSpan struct {
	title string // as a title ends
	from  func(view) time.Time
}

// All lists the charts in the order in which a page shows them.
func All() []Chart {
	return []Chart{
		moodChart(), timelineChart(), mapChart(), shareChart(), topicsChart(),
		sourcesChart(), languagesChart(), rhythmChart(), activityChart(),
	}
}

// Find gives the chart with an id.
func Find(id string) (Chart, bool) {
	for _, c := range All() {
		if c.ID == id {
			return c, true
		}
	}
	return Chart{}, false
}

// Table gives the rows of the chart for a board. It takes any board, even one
// without brands, and says in its notes what is missing.
func (c Chart) Table(b *mood.Board) Table {
	v := viewOf(b)
	t := c.table(v)
	t.Chart = c.ID
	t.Title = Heading(c.Title, v.brands, b.Window)
	t.Window, t.From, t.To, t.AsOf, t.Timezone = b.Window, b.From, b.To, b.AsOf, v.loc.String()
	if c.span != nil { // it has no window: what the page shows is not what is in it
		t.Title, t.Window, t.From = headed(c.Title, v.brands, c.span.title), "", c.span.from(v)
	}
	t.view = v
	return t
}

// Option gives the look of a table that the same chart made.
func (c Chart) Option(t Table) (Option, error) { return c.option(t) }
