package social

import (
	"context"
	"time"

	"agora/mood"
)

// Spec is one source as the operator wants it. Two that are deeply equal are
// the same.
type Spec struct {
	// Source has the preset's name as Kind, the service's address as URL, and as
	// Every the time between two rounds, or 0 for the preset's own.
	mood.Source

	// Watch are the ids of the brands that the source is there for: what names
	// none of them is passed over. Empty: of all that are watched.
	Watch []string
	// Searches are what a service that can search is asked, any of them: each
	// the words and phrases that belong together.
	Searches [][]string

	Languages []string // ISO 639: what is in another is passed over; empty: all are taken
	Projects  []string // hosts of wikis, such as en.wikipedia.org; empty: all
	Instance  string   // a host, for people
	Tag       string   // without #
	Project   string   // of Article
	Article   string

	Token     string // a secret of the operator, for the service; or of the service, for us
	Signature string // the header that has the signature of a webhook; empty: the usual ones
	Silence   time.Duration
	Fields    Fields
}

// Source speaks one service's protocol.
type Source interface {
	// Follow takes in what the service has since the desk's cursor. A source
	// that is asked in rounds returns nil when one is done, and is called again
	// after its interval. A live one listens until the line ends, and says why;
	// it is called again after a while. Both return when ctx ends.
	Follow(ctx context.Context, d *Desk) error
}

// The kinds of states that this package keeps, by a source's id, and for how
// long after their last change.
const (
	kindLive = "live"
	stateTTL = 60 * day
	day      = 24 * time.Hour
)
