package mood

import "time"

// Source is what is polled, or pushes.
type Source struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Kind     string        `json:"kind"` // "feed", "push", or a preset's name
	URL      string        `json:"url"`
	Unnamed  bool          `json:"-"`                  // Name is only its host: the feed's own title is better
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
	Push        *PushHealth `json:"push"`       // null: the feed names no hub

	// What follows is left out where it isn't known, or says nothing.
	Words      string     `json:"words,omitempty"`       // the state in a sentence, see Say; who serves it, makes it
	Title      string     `json:"title,omitempty"`       // the feed's own
	Trouble    Trouble    `json:"trouble,omitempty"`     // what kind of trouble it is in
	Since      *time.Time `json:"since,omitempty"`       // since when it is in trouble
	MovedTo    string     `json:"moved_to,omitempty"`    // its new address, when it has moved for good
	LastStatus int        `json:"last_status,omitempty"` // of HTTP, at the last poll
	Items      int        `json:"items,omitempty"`       // in its last document
	Today      int        `json:"today,omitempty"`       // items published in the last 24 hours
	Interval   float64    `json:"interval,omitempty"`    // seconds between two polls while all is well
	// SilentSince is when its newest item was published, when that is unusually
	// long ago though the feed answers; UsualPerDay is how many items a day it
	// brought before. It is a hint, no failure.
	SilentSince *time.Time `json:"silent_since,omitempty"`
	UsualPerDay float64    `json:"usual_per_day,omitempty"`
	// Share is its part of all mentions of the last 7 days, or of the 7 days
	// before it stopped: 0…1. Null: nothing was mentioned. Who serves it, counts.
	Share *float64 `json:"share,omitempty"`
	// Outages are the times in which it brought nothing though it should have,
	// of the last 90 days, the newest first, at most [MaxOutages]. The first one
	// lasts when it has no end.
	Outages []Outage `json:"outages,omitempty"`
}

// Trouble is what kind of trouble a failing source is in.
type Trouble string

// The kinds of trouble.
const (
	TroubleUnreachable Trouble = "unreachable" // no answer
	TroubleRefused     Trouble = "refused"     // an answer that is no document, see LastStatus
	TroubleUnreadable  Trouble = "unreadable"  // a document that can't be read
	TroubleForbidden   Trouble = "forbidden"   // an address that Agora doesn't ask
	TroubleUndelivered Trouble = "undelivered" // it is on our side: items can't be stored
)

// MaxOutages bounds the outages that are kept of a source.
const MaxOutages = 50

// Outage is a time in which a source brought nothing though it should have:
// from its last good answer to the next.
type Outage struct {
	From time.Time  `json:"from"`
	To   *time.Time `json:"to"` // null: it lasts
}

// Stopped says whether the source is in an outage now. A single failed poll is
// none.
func (h *SourceHealth) Stopped() bool { return len(h.Outages) > 0 && h.Outages[0].To == nil }

// NeverAnswered says whether the source was asked and has not answered once.
func (h *SourceHealth) NeverAnswered() bool {
	switch h.State {
	case SourceFailing, SourceNotAFeed, SourceGone:
		return h.LastSuccess == nil
	}
	return false
}

// Answers tells whether a source delivers: it hasn't stopped, and has answered
// well before if it is in any trouble, or was never asked.
func (h *SourceHealth) Answers() bool {
	if h.Stopped() {
		return false
	}
	return h.LastSuccess != nil || h.State == SourceFine || h.State == ""
}
