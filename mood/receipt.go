package mood

// Outcome is what became of one thing that was offered to the store.
type Outcome uint8

// The outcomes.
const (
	Stored    Outcome = iota // new for at least one brand, and counted
	Duplicate                // known already; nothing changed but, perhaps, its list of sources
	TooOld                   // older than 90 days; not counted
	Unmatched                // names no watched brand; not kept
	Revised                  // an edit of one that is kept: its text and its reading changed, and nothing was counted anew
)

// Receipt tells a pusher what became of a request. The four figures and the
// number of rejected items add up to the items sent.
type Receipt struct {
	Accepted   int        `json:"accepted"`
	Unmatched  int        `json:"unmatched"`
	Duplicates int        `json:"duplicates"`
	TooOld     int        `json:"too_old,omitempty"`
	Rejected   []Rejected `json:"rejected"`
}

// Rejected names an item that could not be taken, and why.
type Rejected struct {
	Index int    `json:"index"` // counted from 0 in the request
	Error string `json:"error"`
}
