package mood

import (
	"errors"
	"fmt"
	"time"
)

// ErrBusy says that so much of the same is asked for that some must wait.
var ErrBusy = errors.New("busy")

// QueryError says what is wrong with a query, and where. It is [ErrInvalid].
type QueryError struct {
	Field   string // which of the queries of a request: "query" or "against"
	Column  int    // from 1, in code points
	Message string // what is wrong and what to do
}

// Error gives the column and the message.
func (e *QueryError) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Message) }

// Unwrap is the kind of the error.
func (e *QueryError) Unwrap() error { return ErrInvalid }

// The lists of a test of a query.
const (
	ListMatches = "matches" // what the query matches
	ListGained  = "gained"  // what the one before doesn't match
	ListLost    = "lost"    // what only the one before matches
)

// QueryLists are the lists of a test.
func QueryLists() []string { return []string{ListMatches, ListGained, ListLost} }

// QueryTest asks what a query would have matched.
type QueryTest struct {
	Query   string `json:"query"`             // empty: the brand's own
	Brand   string `json:"brand,omitempty"`   // whose query in force is compared with
	Against string `json:"against,omitempty"` // or else this query
	Window  string `json:"window,omitempty"`  // 1h, 24h or 7d; empty: 7d
	List    string `json:"list,omitempty"`    // the only list that is wanted; empty: all
	Limit   int    `json:"limit,omitempty"`   // texts of each list; 0: 20, at most 200
	Cursor  string `json:"cursor,omitempty"`  // next of the list before
}

// QueryAnswer is what a query would have matched. All figures speak of texts
// that were published in [From, To), by any brand matched or not, and of one
// address once. Of sources that were sampled they are estimates.
type QueryAnswer struct {
	Query    string    `json:"query"`
	Against  *string   `json:"against"` // the query before; null: there is none
	Brand    string    `json:"brand"`   // whose it is; empty: nobody's
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Timezone string    `json:"timezone"` // of the days

	QueryCounts
	Earlier   int64              `json:"earlier"`   // matches that were taken in, and were published before From
	Estimated bool               `json:"estimated"` // a sampled source is among the matches
	Days      []QueryDay         `json:"days"`
	Outlets   []QueryRow         `json:"outlets"`   // of the matches, the most frequent ones
	Languages []QueryRow         `json:"languages"` // likewise
	Lists     map[string]TextRun `json:"lists"`     // by name; see QueryLists
	Coverage  TextCoverage       `json:"coverage"`
}

// QueryCounts compares two queries. Without one before, Before, Gained, Lost
// and Both are 0.
type QueryCounts struct {
	Total  int64 `json:"total"`  // what the query matches
	Before int64 `json:"before"` // what the one before matches
	Gained int64 `json:"gained"` // what only the query matches
	Lost   int64 `json:"lost"`   // what only the one before matches
	Both   int64 `json:"both"`
}

// QueryDay is a day of the local clock; the first and the last may be cut.
type QueryDay struct {
	Day  string    `json:"day"` // 2026-11-23
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	QueryCounts
}

// QueryRow is how often something is among the matches.
type QueryRow struct {
	Key      string `json:"key"` // empty: unknown
	Mentions int64  `json:"mentions"`
}

// TextRun is a part of a list of texts, newest first.
type TextRun struct {
	Texts []TextMatch `json:"texts"`
	Next  string      `json:"next"` // cursor of what follows; empty: nothing
}

// TextMatch is a text that a query matches, and why.
type TextMatch struct {
	ID        string    `json:"id"`
	Title     string    `json:"title"`
	Text      string    `json:"text"` // the part around the first match
	URL       string    `json:"url"`
	Outlet    string    `json:"outlet"`
	Language  string    `json:"language"`
	Country   string    `json:"country"` // the publisher's
	Published time.Time `json:"published"`
	Seen      time.Time `json:"seen"`
	Undated   bool      `json:"undated,omitempty"`
	Brands    []string  `json:"brands"`     // whose queries in force match it
	StandsFor int64     `json:"stands_for"` // so many texts of a source that is sampled; 1: itself
	Spans     []Span    `json:"spans"`      // where the terms stand, in Title and Text as given here
	Why       []string  `json:"why"`        // the terms, as they stand there; of a lost text those of the query before
}

// TextCoverage says which texts a test looked at.
type TextCoverage struct {
	From    *time.Time    `json:"from"`  // since when texts are kept; null: there are none
	Texts   int64         `json:"texts"` // that were looked at
	Stand   int64         `json:"stand"` // for so many texts of the sources
	Bytes   int64         `json:"bytes"` // that the texts take on disk
	Limit   int64         `json:"limit"` // and may take
	Days    float64       `json:"days"`  // that texts are kept for, if there is room
	Sampled []SampledText `json:"sampled"`
	Lost    int64         `json:"lost"`    // texts that couldn't be written since the start
	Damaged int           `json:"damaged"` // blocks that couldn't be read
	Problem string        `json:"problem"` // why nothing is written right now; empty: it is
}

// SampledText says that of a source one text in so many is kept, at the most
// crowded of times.
type SampledText struct {
	Source string `json:"source"`
	Named  bool   `json:"named"` // of its texts that name a brand; else of the others
	OneIn  int64  `json:"one_in"`
}

// The states of a backfill.
const (
	BackfillWaiting = "waiting"
	BackfillRunning = "running"
	BackfillDone    = "done"
	BackfillFailed  = "failed" // in part: doing it again is harmless
)

// Backfill counts for a brand the texts of the last days that its query
// matches now and that weren't counted for it when they came.
type Backfill struct {
	Brand   string     `json:"brand"`
	Query   string     `json:"query"` // that was in force at its start
	State   string     `json:"state"`
	Asked   time.Time  `json:"asked"`
	Started *time.Time `json:"started"`
	Ended   *time.Time `json:"ended"`
	Error   string     `json:"error,omitempty"` // why it failed, and what to do

	Texts      int64 `json:"texts"`      // that were looked at
	Matched    int64 `json:"matched"`    // that the query matches
	Accepted   int64 `json:"accepted"`   // that are counted now
	Uncounted  int64 `json:"uncounted"`  // of those, that are listed alone: undated ones of a source's very first poll
	Duplicates int64 `json:"duplicates"` // that were counted before, or are copies of what was
	TooOld     int64 `json:"too_old"`    // that were published over 90 days ago

	Sampled []SampledText `json:"sampled"` // sources of which only a part was kept: the rest can't be counted
	From    *time.Time    `json:"from"`    // since when texts are kept
}
