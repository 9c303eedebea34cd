package feed

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"agora/mood"
)

// States keeps what must outlive the process: opaque bytes by kind and id.
// Get answers mood.ErrNotFound for what isn't there. A ttl of 0 means for ever.
type States interface {
	Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error
	Get(ctx context.Context, kind, id string) ([]byte, error)
	List(ctx context.Context, kind string) (map[string][]byte, error)
	Delete(ctx context.Context, kind, id string) error
}

// The kinds under which states are kept, and for how long after their last
// change. The state of a source that was taken out is kept for a while, so
// that putting it back delivers nothing twice.
const (
	kindFeed   = "feed"
	kindHealth = "source"
	kindPause  = "pause"

	stateTTL = 60 * day
)

// maxRecent bounds the items from whose dates the posting rate is read.
const maxRecent = 200

// state is what is known of a feed between polls.
type state struct {
	URL          string `json:"url"` // the state speaks of this address
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	ValidFor     string `json:"valid_for,omitempty"` // the address that gave ETag and LastModified
	Hash         uint64 `json:"hash,omitempty"`      // of the last body that was delivered

	Begun       time.Time     `json:"begun"` // of the first poll
	LastPoll    time.Time     `json:"last_poll"`
	LastSuccess time.Time     `json:"last_success"`
	LastFull    time.Time     `json:"last_full"` // the last answer with a body
	LastItem    time.Time     `json:"last_item"`
	NextPoll    time.Time     `json:"next_poll"`
	NotBefore   time.Time     `json:"not_before"`        // what the publisher asked for
	MaxAge      time.Duration `json:"max_age,omitempty"` // of the last answer that had one

	Refused refusedDoc `json:"refused,omitzero"` // the document that ETag and Hash speak of is no feed, or too much
	Onward  onward     `json:"onward,omitzero"`  // a redirect that is still to be followed
	Cut     int        `json:"cut,omitempty"`    // answers in a row that ended before their end
	CutHash uint64     `json:"cut_hash,omitempty"`
	Slow    bool       `json:"slow,omitempty"` // the last fetch took long

	Again   bool      `json:"again,omitempty"`  // all that is listed is to be delivered
	Offered time.Time `json:"offered,omitzero"` // when that was done last

	Failures int       `json:"failures,omitempty"` // in a row
	Gone     int       `json:"gone,omitempty"`     // 410s in a row
	Polls    int64     `json:"polls,omitempty"`
	Moved    movedTo   `json:"moved,omitzero"`
	Asks     asks      `json:"asks,omitzero"`
	Links    hubLinks  `json:"links,omitzero"`
	Recent   []int64   `json:"recent,omitempty"`  // when the newest items were published, Unix seconds
	Items    records   `json:"items,omitempty"`   // delivered ones, those of the newest document last
	Largest  int       `json:"largest,omitempty"` // document, in items
	Seen     marks     `json:"seen,omitempty"`    // what was delivered before records were kept; see oldMarks
	SeenTill time.Time `json:"seen_till,omitzero"`
	TooOld   int64     `json:"too_old,omitempty"`
	Word     string    `json:"state,omitempty"`
	Error    string    `json:"error,omitempty"`
	Since    time.Time `json:"since,omitzero"` // of the first failure in a row
	Told     told      `json:"told,omitzero"`  // for people alone
}

// refusedDoc is why a document wasn't taken. It stands as long as the document is
// the same, and the program that refused it.
type refusedDoc struct {
	Word   string `json:"word,omitempty"`
	Error  string `json:"error,omitempty"`
	Parser string `json:"parser,omitempty"`
}

// onward is where a redirect led that was to be followed later.
type onward struct {
	URL   string `json:"url,omitempty"`
	Moved string `json:"moved,omitempty"` // see asked.moved
	Hops  int    `json:"hops,omitempty"`
}

// movedTo counts sightings of a permanent redirect.
type movedTo struct {
	URL   string    `json:"url,omitempty"`
	Since time.Time `json:"since,omitzero"`
	Last  time.Time `json:"last,omitzero"`
	Times int       `json:"times,omitempty"`
}

// believed says whether the move has been seen often and long enough to ask
// at the new address outright.
func (m movedTo) believed() bool {
	return m.URL != "" && m.Times >= 3 && m.Last.Sub(m.Since) >= 48*time.Hour
}

// remember takes the dates of new items into the posting rate: neither edits
// nor what is offered again is posted anew.
func (s *state) remember(fresh []mood.Mention, now time.Time) {
	recent := slices.Clone(s.Recent)
	for i := range fresh {
		if fresh[i].Uncounted {
			continue
		}
		at := fresh[i].Published
		recent = append(recent, at.Unix())
		if at.After(s.LastItem) && !at.After(now) {
			s.LastItem = at
		}
	}
	slices.Sort(recent)
	if over := len(recent) - maxRecent; over > 0 {
		recent = recent[over:]
	}
	s.Recent = recent
}

// perDay is how many items a day the feed brought over the last week, or over
// the time that is known of it, least at least.
func (s *state) perDay(now time.Time, least time.Duration) float64 {
	if len(s.Recent) == 0 {
		return 0
	}
	span := 7 * day
	if len(s.Recent) == maxRecent {
		if full := now.Sub(time.Unix(s.Recent[0], 0)); full < span {
			span = max(full, time.Minute)
		}
	} else {
		// A feed first seen today shows what it still lists; a week without
		// items before the oldest of them is not known to have been silent.
		oldest := now.Sub(time.Unix(s.Recent[0], 0))
		span = min(span, max(oldest, now.Sub(s.Begun), least))
	}
	from := now.Add(-span).Unix()
	i, _ := slices.BinarySearch(s.Recent, from)
	return float64(len(s.Recent)-i) / (float64(span) / float64(day))
}

// loadState reads a state that was kept. One that speaks of another address or
// is broken counts as none, and times that can't be are put right: they would
// keep a feed from being asked.
func loadState(raw []byte, address string, now time.Time) *state {
	s := &state{}
	if len(raw) == 0 || json.Unmarshal(raw, s) != nil || s.URL != address {
		return &state{URL: address}
	}
	for _, t := range [...]*time.Time{&s.Begun, &s.LastPoll, &s.LastSuccess, &s.LastItem, &s.Since, &s.Moved.Since, &s.Moved.Last} {
		if t.After(now) {
			*t = now
		}
	}
	if s.NotBefore.After(now.Add(8 * day)) { // skipped days are the longest wish
		s.NotBefore = now.Add(day)
	}
	if s.NextPoll.After(now.Add(9 * day)) {
		s.NextPoll = now
	}
	if s.LastFull.After(now.Add(day)) {
		s.LastFull = time.Time{}
	}
	s.Failures, s.Gone, s.Cut = max(s.Failures, 0), max(s.Gone, 0), max(s.Cut, 0)
	if u := webURL(s.Onward.URL); u == nil {
		s.Onward = onward{}
	}
	if u := webURL(s.Moved.URL); u == nil {
		s.Moved = movedTo{}
	}
	return s
}
