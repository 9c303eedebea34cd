package feed

import (
	"fmt"
	mathrand "math/rand/v2"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"agora/mood"
)

// WebSub (https://www.w3.org/TR/websub/): a feed names hubs, which push its
// news to those who subscribed. Polling goes on, less often where pushes have
// proved to come, so that a hub that falls silent costs time and no news.
//
// The way of a subscription: a poll finds the hub ([hubLinks]); it is asked
// (websub_ask.go), and comes back to ask whether that was meant (websub_verify.go);
// what it pushes is checked against the secret that only the two know, and
// taken like a polled document (websub_push.go). It is renewed ahead of its
// end, and ended when the source is taken out or names another hub or topic.

// How long things may take, and what is asked for.
const (
	leaseAsked   = 10 * day
	leaseLongest = 15 * day         // a longer lease is renewed as if it were this long: a hub may lose its memory
	leaseUnsaid  = day              // where the hub doesn't say
	renewLeast   = 5 * time.Minute  // or half of a shorter lease
	shortLease   = 30 * time.Second // a shorter one is no lease, and may run out
	confirmTime  = time.Hour        // from a hub's “accepted” to its confirmation
	hubWait      = 10 * time.Minute // after the first failure; it doubles up to a day
	deniedWait   = day              // after a denial; it doubles up to a week
	moveWait     = 6 * time.Hour    // between two subscriptions of a source that names ever new hubs
	askTime      = 2 * totalTime
	leavingTime  = time.Hour // for a hub to confirm that a subscription ends
	triesOfHub   = 3         // before the next hub of several is asked
	triesToLeave = 3         // a subscription that can't be ended runs out
	hubsAtOnce   = 4         // asked; each hub once at a time
	maxTallies   = 1_000
)

// The kinds under which subscriptions and tallies are kept.
const (
	kindPush = "websub"
	kindHub  = "websub-hub"
)

// pushWord says where a subscription stands.
type pushWord string

const (
	pushNew     pushWord = "new"     // not confirmed yet
	pushActive  pushWord = "active"  // confirmed, and not over
	pushDenied  pushWord = "denied"  // the hub refused
	pushFailed  pushWord = "failed"  // the hub couldn't be asked, or didn't confirm
	pushLeaving pushWord = "leaving" // it is to end
	pushLeft    pushWord = "left"    // the hub confirmed the end
)

// pushSub is a source's subscription at a hub, guarded by the poller's lock.
// Its id is the last part of its callback address, and like its secret random:
// who knows neither can't make anything happen.
type pushSub struct {
	ID       string `json:"id"`
	Secret   string `json:"secret"`
	Callback string `json:"callback"` // without the id
	Source   string `json:"source"`
	Hub      string `json:"hub"`
	Topic    string `json:"topic"`

	State    pushWord  `json:"state"`
	Asked    time.Time `json:"asked,omitzero"`    // last
	Awaiting bool      `json:"awaiting"`          // the hub has accepted, and is to confirm until Next
	Verified time.Time `json:"verified,omitzero"` // last
	Since    time.Time `json:"since,omitzero"`    // of the first confirmation without a gap
	Until    time.Time `json:"until,omitzero"`
	Next     time.Time `json:"next"` // when something is to be done
	Failures int       `json:"failures,omitempty"`
	Denials  int       `json:"denials,omitempty"`
	Reason   string    `json:"reason,omitempty"`

	Pushes   int64     `json:"pushes,omitempty"`
	Bad      int64     `json:"bad,omitempty"`
	Missed   int64     `json:"missed,omitempty"`
	LastPush time.Time `json:"last_push,omitzero"`

	Proven    bool      `json:"proven,omitempty"`   // it pushed, and is trusted to go on
	Strikes   int       `json:"strikes,omitempty"`  // polls in a row whose news weren't pushed
	Suspect   time.Time `json:"suspect,omitzero"`   // of a poll whose news may still be pushed
	Suspected int64     `json:"suspected,omitzero"` // how many
	Pinged    bool      `json:"pinged,omitempty"`   // a push without items came since the last poll

	busy    bool // its hub is being asked
	dirty   bool // to be written
	pending int  // pushes in work
	tally   *hubTally
}

// ending says that it is to end or has ended.
func (s *pushSub) ending() bool { return s.State == pushLeaving || s.State == pushLeft }

// hubTally counts what a hub did.
type hubTally struct {
	mood.HubTally
	dirty bool
}

// hubs keeps the subscriptions. Everything in it is guarded by the poller's
// lock.
type hubs struct {
	p        *Poller
	callback string // without a trailing slash; empty: no hub is asked
	local    bool   // the callback is on loopback, where only hubs on it get through
	random   func() float64
	wake     chan struct{} // something is to be done; buffered

	loaded  bool
	stopped bool
	leads   bool                 // this process asks hubs; see websub_share.go
	words   []hubWord            // for the one who leads
	subs    map[string]*pushSub  // by id
	last    map[string]time.Time // by source: when its last subscription was asked for
	tallies map[string]*hubTally // by hub
	deleted []string             // ids that are to be deleted

	slots chan struct{} // pushes that are held at once
	large chan struct{} // of these, those over smallBody
	jobs  chan pushed
}

func newHubs(p *Poller, callback string) (*hubs, error) {
	h := &hubs{
		p: p, callback: strings.TrimRight(callback, "/"), random: mathrand.Float64, wake: make(chan struct{}, 1),
		subs: map[string]*pushSub{}, last: map[string]time.Time{}, tallies: map[string]*hubTally{},
		slots: make(chan struct{}, pushesAtOnce), large: make(chan struct{}, largePushes), jobs: make(chan pushed, pushesAtOnce),
	}
	if h.callback != "" {
		u := webURL(h.callback)
		if u == nil {
			return nil, fmt.Errorf("feed poller: the callback %q is no web address", callback)
		}
		h.local = onLoopback(u)
	}
	return h, nil
}

func onLoopback(u *url.URL) bool {
	addr, err := netip.ParseAddr(u.Hostname())
	return err == nil && addr.Unmap().IsLoopback() || strings.EqualFold(u.Hostname(), "localhost")
}

// look has the subscriptions compared with what the sources name.
func (h *hubs) look() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// wanted gives the hubs that a source may be subscribed at, and its topic; off
// says why there is none.
func (h *hubs) wanted(sub *subscription) (usable []string, topic, off string) {
	links := sub.state.Links
	if len(links.Hubs) == 0 || sub.state.Gone >= 2 {
		return nil, "", ""
	}
	if h.callback == "" {
		return nil, "", "this feed can be pushed: set public_url to an address under which its hub reaches Agora"
	}
	for _, hub := range links.Hubs {
		if u := webURL(hub); u != nil && (!h.local || onLoopback(u)) {
			usable = append(usable, hub)
		}
	}
	if len(usable) == 0 {
		return nil, "", "its hub can't reach this machine: public_url is on loopback; set it to an address under which the hub reaches Agora"
	}
	topic = links.Self
	if topic == "" {
		topic = sub.url.String()
	}
	return usable, topic, ""
}

// tallyOf gives a hub's tally. Tallies of hubs that nobody is subscribed at
// are forgotten when there are too many.
func (h *hubs) tallyOf(s *pushSub) *hubTally {
	if s.tally != nil {
		return s.tally
	}
	t := h.tallies[s.Hub]
	if t == nil {
		if len(h.tallies) >= maxTallies {
			h.forgetTallies()
		}
		t = &hubTally{HubTally: mood.HubTally{Hub: s.Hub}}
		h.tallies[s.Hub] = t
	}
	s.tally = t
	return t
}

func (h *hubs) forgetTallies() {
	used := map[string]bool{}
	for _, s := range h.subs {
		used[s.Hub] = true
	}
	for hub := range h.tallies {
		if !used[hub] {
			delete(h.tallies, hub)
		}
	}
}
