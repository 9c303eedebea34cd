package mood

import "time"

// Filter selects mentions. Its zero fields select everything. Hour and
// Weekday speak of the local clock; Weekday counts from Monday = 0.
type Filter struct {
	Brands    []string
	From, To  time.Time // [From, To); zero To: now
	Labels    []Label
	Outlet    string
	Source    string
	Country   string // with PlaceKind; "none": unplaced
	PlaceKind string // "about", "from" (default) or "origin"
	Language  string // "none": unknown
	Topic     string
	Story     string
	Fold      bool // of each story, list the newest mention alone
	Hour      *int
	Weekday   *int
	Corrected *bool
	Text      string // words that the title or the text contains
	Limit     int    // 0: 50; at most 500
	Cursor    string // from the page before
}

// MentionList is one page of mentions, newest first. Each says how many others
// of its story the filter selects (Copies).
type MentionList struct {
	Mentions []Mention `json:"mentions"`
	Total    int64     `json:"total"`   // counted ones that the filter selects, on all pages
	Stories  int64     `json:"stories"` // that these tell; one without a story is one by itself
	Next     string    `json:"next"`    // cursor of the next page; empty: none
	// Tellers are the mentions that the filter selects, on all pages, by story.
	Tellers map[string]int `json:"-"`
}
