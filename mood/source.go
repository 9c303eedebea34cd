package mood

import "time"

// Source is what is polled, or pushes.
type Source struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Kind     string        `json:"kind"` // "feed", "push", or a preset's name
	URL      string        `json:"url"`
	Country  string        `json:"country,omitempty"`  // ISO 3166-1 alpha-2 of the publisher
	Language string        `json:"language,omitempty"` // BCP 47 primary tag
	Brands   []string      `json:"brands,omitempty"`   // ids: what it brings is about them, whether it names them or not
	Secret   bool          `json:"-"`                  // its address gives more away than the feed
	Every    time.Duration `json:"-"`                  // fixed interval; 0: the posting-rate model
	Floor    time.Duration `json:"-"`                  // the source's own etiquette; 0: the common floor
}

// SourceState says in a word how a source does.
type SourceState string

// The states of a source.
const (
	SourceFine     SourceState = "fine"
	SourceNew      SourceState = "new"     // not polled yet
	SourceWaiting  SourceState = "waiting" // the host asked for a pause
	SourceFailing  SourceState = "failing"
	SourceNotAFeed SourceState = "not-a-feed"
	SourceGone     SourceState = "gone"
	SourceMoved    SourceState = "moved"
	SourcePaused   SourceState = "paused"
)

// SourceHealth is how a source does, for people.
type SourceHealth struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Kind        string      `json:"kind"`
	URL         string      `json:"url"`
	State       SourceState `json:"state"`
	LastSuccess *time.Time  `json:"last_success"`
	LastItem    *time.Time  `json:"last_item"`
	NextPoll    *time.Time  `json:"next_poll"`
	ItemsPerDay float64     `json:"items_per_day"`
	TooOld      int64       `json:"too_old"`
	LastError   string      `json:"last_error"` // what happened and what to do; empty: nothing
}
