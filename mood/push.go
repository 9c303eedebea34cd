package mood

import "time"

// PushState says in a word how news of a source are pushed (WebSub).
type PushState string

// The states of a subscription at a hub.
const (
	PushOff    PushState = "off"    // the feed names a hub, and it isn't used; the note says why
	PushAsked  PushState = "asked"  // the hub is to confirm the subscription
	PushActive PushState = "active" // the hub pushes
	PushSilent PushState = "silent" // subscribed, but polls find news that it doesn't push
	PushDenied PushState = "denied" // the hub refused; it is asked again later
	PushFailed PushState = "failed" // the hub couldn't be asked; it is asked again later
)

// PushHealth is how the hub of a source does, for people. A source whose feed
// names no hub has none.
type PushHealth struct {
	Hub   string     `json:"hub"` // its address
	State PushState  `json:"state"`
	Note  string     `json:"note"`  // what happened and what to do; empty: nothing
	Since *time.Time `json:"since"` // of the subscription's confirmation
	Until *time.Time `json:"until"` // the subscription ends then, unless it is renewed

	Pushes        int64      `json:"pushes"` // that were signed as agreed
	BadSignatures int64      `json:"bad_signatures"`
	Missed        int64      `json:"missed"` // items that a poll found though the source was subscribed to
	Last          *time.Time `json:"last"`   // push
	Tally         *HubTally  `json:"tally"`  // of the hub, for all sources; null: it was never asked
}

// HubTally counts what a hub did for all sources together.
type HubTally struct {
	Hub           string     `json:"hub"`
	Subscriptions int64      `json:"subscriptions"` // asked for, renewals included
	Verified      int64      `json:"verified"`
	Denied        int64      `json:"denied"`
	Failed        int64      `json:"failed"` // not answered, refused, or never confirmed
	Pushes        int64      `json:"pushes"`
	BadSignatures int64      `json:"bad_signatures"`
	Missed        int64      `json:"missed"`
	Last          *time.Time `json:"last"` // push
}
