package report

import (
	"context"
	"time"

	"agora/charts"
	"agora/mood"
)

// Content is what a report says. It is data: every form of a report is written
// from it, and says no more.
type Content struct {
	Title    string    `json:"title"`
	Window   string    `json:"window"`
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`          // the data's time
	Earlier  time.Time `json:"before_from"` // the window before is [Earlier, From)
	Zone     string    `json:"zone"`        // IANA name; times are on its clock
	Verdict  Verdict   `json:"verdict"`
	Headline string    `json:"headline"` // one sentence
	Subject  string    `json:"subject"`  // the same in few words
	Details  []string  `json:"details"`  // sentences beside it
	Mentions int64     `json:"mentions"` // all that the report stands on

	Brands      []Brand         `json:"brands"`
	Stories     []Story         `json:"stories"` // at most three
	StoriesNote string          `json:"stories_note"`
	Share       []Share         `json:"share"`
	Charts      []Chart         `json:"charts"`
	Sources     charts.Coverage `json:"sources"`
	Fine        []Fine          `json:"fine"` // what a careful reader wants to know
	Links       Links           `json:"links"`

	// Demo marks a report of which nothing is true. Whoever makes it says so:
	// boards don't.
	Demo bool `json:"demo,omitempty"`

	watched   int64 // brands in all
	sectioned bool  // each brand has a section; else there are too many
}

// Verdict says what became of the headline.
type Verdict string

// The verdicts.
const (
	Changed   Verdict = "changed"
	Unchanged Verdict = "unchanged" // nothing significant
	TooFew    Verdict = "too-few"   // mentions to tell
	Alone     Verdict = "alone"     // nothing to compare with
	Silent    Verdict = "silent"    // no mention in either window
)

// Brand is one brand's part of a report.
type Brand struct {
	ID       string         `json:"id"`
	Name     string         `json:"name"`
	Color    string         `json:"color"` // #rrggbb, or empty
	Link     string         `json:"link"`
	Now      mood.Total     `json:"now"`
	Before   mood.Total     `json:"before"`
	Share    *float64       `json:"share"` // of all watched brands' mentions
	Usual    *mood.Baseline `json:"usual"`
	Mood     Change         `json:"mood"`
	Volume   Change         `json:"volume"`
	Sentence string         `json:"sentence"`
	Moved    []Dimension    `json:"moved"` // none where there is nothing to compare
}

// Change is a difference that was looked into.
type Change struct {
	By          float64 `json:"by"` // of mood in points, −200…200; of mentions as a part, −1…
	P           float64 `json:"p"`  // of a difference so great by chance; 1 where it wasn't tested
	Tested      bool    `json:"tested"`
	Significant bool    `json:"significant"` // after the correction for all that was tested
	Against     string  `json:"against"`     // "before" or "usual"
}

// Dimension splits a change of mood into parts, which add up to it.
type Dimension struct {
	ID    string  `json:"id"` // outlets, languages or countries
	Title string  `json:"title"`
	Total float64 `json:"total"` // points, in tenths
	Parts []Part  `json:"parts"` // the greatest first; at the end the rest, if there is one
}

// Part is what one outlet, language or country had to do with a change.
//
// Points are its share s times its change of mood m, plus its change of share
// times how far its mood lies from that of all, both with the means of the two
// windows: (s₁+s₀)/2·(m₁−m₀) + (s₁−s₀)·((m₁+m₀)/2 − M), which is
// s₁(m₁−M) − s₀(m₀−M). Over all parts that is the whole change, without a rest
// (E. M. Kitagawa, Components of a difference between two rates, Journal of
// the American Statistical Association 50, 1955).
type Part struct {
	Key         string     `json:"key"`
	Name        string     `json:"name"`
	Rest        int        `json:"rest"` // over 0: how many others this adds up; -1: an unknown number
	Now         mood.Tally `json:"now"`
	Before      mood.Tally `json:"before"`
	Points      float64    `json:"points"` // in tenths
	P           float64    `json:"p"`
	Significant bool       `json:"significant"`
}

// Story is what several texts with one title tell.
type Story struct {
	Title     string     `json:"title"`
	Outlet    string     `json:"outlet"`
	Published time.Time  `json:"published"`
	Link      string     `json:"link"` // http or https, or empty
	Label     mood.Label `json:"label"`
	Copies    int        `json:"copies"`
	Brands    []string   `json:"brands"` // names
	Language  string     `json:"language"`
}

// Share is one brand beside the others.
type Share struct {
	Name     string     `json:"name"`
	Color    string     `json:"color"`
	Total    mood.Total `json:"total"`
	Share    *float64   `json:"share"`
	Reported bool       `json:"reported"` // the report is about it
}

// Chart is a chart of the report.
type Chart struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Says  string `json:"says"` // for who can't see it
	Note  string `json:"note"`

	table  charts.Table
	option charts.Option
	keys   []key // the legend, which the option lacks then
}

// Fine is one thing in small print.
type Fine struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Links are where a report leads. What isn't http or https is left out.
type Links struct {
	Page string `json:"page"` // the live page of what is reported; empty: made from Base
	Base string `json:"base"` // the server; empty: nothing but stories is linked to
}

// Source is where a report takes what it says from.
type Source interface {
	// Board gives a board as of a time, the present one for no time, with
	// baselines. Where counts were not kept to that time, it fails with
	// mood.ErrInvalid or mood.ErrGone. The window may have longer points than
	// that of its name: what is kept of a board must not go by the name alone.
	Board(ctx context.Context, brands []string, w mood.Window, at time.Time) (*mood.Board, error)
	Mentions(ctx context.Context, f mood.Filter) (mood.MentionList, error)
	Coverage() charts.Coverage
}

// Painter draws one chart, in the figure's format: svg or png.
type Painter interface {
	Chart(ctx context.Context, f charts.Figure) ([]byte, error)
}

// PainterFunc is a function as a [Painter].
type PainterFunc func(ctx context.Context, f charts.Figure) ([]byte, error)

// Chart calls the function.
func (p PainterFunc) Chart(ctx context.Context, f charts.Figure) ([]byte, error) { return p(ctx, f) }
