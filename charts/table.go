package charts

import (
	"encoding/json"
	"slices"
	"time"

	"agora/mood"
)

// Table is what a chart says, in rows.
type Table struct {
	Chart    string    `json:"chart"`
	Title    string    `json:"title"`
	Window   string    `json:"window"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	AsOf     time.Time `json:"as_of"`
	Timezone string    `json:"timezone"`
	Columns  []Column  `json:"columns"`
	Rows     []Row     `json:"rows"`
	Notes    []string  `json:"notes"` // what a reader must know: what is missing, merged or left out
	About    *About    `json:"about,omitempty"`

	view view
	mode string // one of the chart's modes, where it is in one
}

// Column describes the cells at one place of every row.
type Column struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Kind  Kind   `json:"kind"`
}

// Kind says what the cells of a column hold. Any cell may be nil: unknown.
type Kind string

// The kinds of columns, and the Go type of their cells.
const (
	Text  Kind = "text"   // string
	Time  Kind = "time"   // time.Time
	Count Kind = "count"  // int64
	Mood  Kind = "mood"   // float64, −100…100
	Share Kind = "share"  // float64, 0…1
	Plain Kind = "number" // float64
	Flag  Kind = "flag"   // bool
)

// Row is one line of a table.
type Row struct {
	Key    string `json:"key"`    // what the row is about; no two rows of a table share one
	Cells  []any  `json:"cells"`  // one for each column
	Filter Filter `json:"filter"` // the mentions behind it; empty: none can be named

	// What only the look needs.
	group string // series: a brand, a kind of place, a kind of activity
	at    string // name of the point in its series
	title string // for people
	tally mood.Tally
	extra extra
}

// extra is what some charts keep beside the tally of a row.
type extra struct {
	count  int64
	site   *site // of what devices did
	weight float64
	line   *stretch
	before *mood.Tally
	change *change
	band   *mood.Band
	color  string
	x, y   float64
	pale   bool

	stories *int64 // begun; nil: not counted
}

// Filter selects mentions. Its JSON keys are the query parameters of
// GET /api/v1/mentions.
type Filter struct {
	Brand    string `json:"brand,omitempty"` // ids with commas
	Country  string `json:"country,omitempty"`
	From     string `json:"from,omitempty"` // RFC 3339, UTC
	Hour     string `json:"hour,omitempty"`
	Label    string `json:"label,omitempty"` // names with commas
	Language string `json:"language,omitempty"`
	Outlet   string `json:"outlet,omitempty"`
	Place    string `json:"place,omitempty"`
	To       string `json:"to,omitempty"`
	Topic    string `json:"topic,omitempty"`
	Weekday  string `json:"weekday,omitempty"`
	Window   string `json:"window,omitempty"`
}

// Words are those that the table is put in.
func (t Table) Words() *Words { return t.view.words() }

// MarshalJSON writes {"key","cells","filter"}; filter is null when there is none.
func (r Row) MarshalJSON() ([]byte, error) {
	out := struct {
		Key    string  `json:"key"`
		Cells  []any   `json:"cells"`
		Filter *Filter `json:"filter"`
	}{Key: r.Key, Cells: r.Cells}
	if r.Filter != (Filter{}) {
		out.Filter = &r.Filter
	}
	return json.Marshal(out)
}

// MarshalJSON writes the table with empty lists as [], never null.
func (t Table) MarshalJSON() ([]byte, error) {
	type plain Table
	p := plain(t)
	if p.Columns == nil {
		p.Columns = []Column{}
	}
	if p.Rows == nil {
		p.Rows = []Row{}
	}
	if p.Notes == nil {
		p.Notes = []string{}
	}
	return json.Marshal(p)
}

// tallyColumns are the columns of a tally, in the order of [tallyCells].
func tallyColumns(w *Words) []Column {
	return []Column{
		{"mentions", w.Columns.Mentions, Count}, {"positive", w.Columns.Positive, Count}, {"neutral", w.Columns.Neutral, Count},
		{"unclear", w.Columns.Unclear, Count}, {"negative", w.Columns.Negative, Count}, {"mood", w.Columns.Mood, Mood},
	}
}

func tallyCells(t mood.Tally) []any {
	return []any{t.Mentions(), t.Positive, t.Neutral, t.Unclear, t.Negative, points(t)}
}

// addStories adds a column of stories begun, if they were counted for any row.
func (t *Table) addStories(w *Words) {
	if !slices.ContainsFunc(t.Rows, func(r Row) bool { return r.extra.stories != nil }) {
		return
	}
	t.Columns = append(t.Columns, Column{"stories", w.Columns.Stories, Count})
	for i := range t.Rows {
		var cell any
		if n := t.Rows[i].extra.stories; n != nil {
			cell = *n
		}
		t.Rows[i].Cells = append(t.Rows[i].Cells, cell)
	}
}

// points gives a tally's mood as a cell: −100…100 in hundredths, or nil.
func points(t mood.Tally) any {
	p := t.Total().Mood
	if p == nil {
		return nil
	}
	return hundredths(*p)
}

// hundredths scales a mood of −1…1 to −100…100 without the dust of binary fractions.
func hundredths(m float64) float64 { return roundTo(m*100, 2) }
