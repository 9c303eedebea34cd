package feed

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"
	"sort"
	"sync"
	"time"

	"agora/mood"
)

// Config is what a [Poller] needs.
type Config struct {
	Sources []mood.Source
	// Deliver takes the items of a feed that weren't delivered before, and those
	// that say something else than when they were (Edited), in the document's
	// order; first says that the feed has never answered before.
	// After an error the same items are offered again. It must be safe for
	// concurrent use.
	Deliver func(ctx context.Context, src mood.Source, items []mood.Mention, first bool) (Delivered, error)
	States  States
	Leases  Leases // nil: no other process polls the same sources

	Allow   []netip.Prefix      // networks that the SSRF guard lets through, on any port
	Hosts   map[string]HostRule // manners by host name, registrable domain or address
	Floor   time.Duration       // 0: 15 minutes
	Version string              // for the user agent
	Contact string              // likewise: an address or a mailbox
	Workers int                 // 0: 96
	Observe func(Event)         // called after every poll, from many goroutines; may be nil

	// Callback is the address under which hubs reach [Poller.VerifyIntent] and
	// [Poller.Push]: a subscription's id is added as a last path element.
	// Empty: no hub is asked to push.
	Callback   string
	ObserveHub func(HubEvent) // called from many goroutines; may be nil

	Transport http.RoundTripper // nil: the guarded one; for tests
	Now       func() time.Time  // nil: time.Now
	Log       *slog.Logger      // nil: nothing is logged
}

// Delivered says what became of delivered items.
type Delivered struct {
	Fresh  int // counted for the first time
	TooOld int // older than what is counted
}

// Event is one poll, for metrics.
type Event struct {
	Source   string
	Result   string // "new", "same", "not-modified", "failed", "not-a-feed", "gone", "undelivered", "no-room", "put-off"
	Status   int    // of HTTP; 0: no answer
	Bytes    int64  // received
	Items    int    // in the document
	Fresh    int    // not delivered before
	Edited   int    // delivered before, and saying something else now
	Duration time.Duration
}

// Poller polls feeds. Make one with [NewPoller], then call Run once.
type Poller struct {
	cfg      Config
	now      func() time.Time
	log      *slog.Logger
	fetch    *fetcher
	parser   *parser
	schedule schedule
	tries    chan struct{} // bounds [Poller.Try]
	hubs     *hubs

	mu      sync.Mutex
	subs    map[string]*subscription // by source id
	changed chan struct{}            // the set of sources changed; buffered
	wake    chan struct{}            // something must be written; buffered
	askers  map[string]string        // by address: the id of the one source that asks there
	loaded  bool
	dirty   map[string]bool          // ids whose state or health must be written
	dropped map[string]bool          // ids whose health must be deleted
	parted  map[string]*subscription // taken out, their last state not written yet

	self      string    // tells this process from others
	othersAt  time.Time // when another one was last seen to poll; zero: never
	awaySince time.Time // the store gives no leases; zero: it does
}

// subscription is a source with its state. The state is replaced as a whole,
// under the poller's lock; whoever polls holds busy.
type subscription struct {
	src   mood.Source
	url   *url.URL
	state *state
	due   time.Time
	busy  bool
	gone  bool // taken out of the configuration
	// Its interval was changed, and the dispatcher hasn't seen it yet.
	replan bool
	index  int // in the queue; −1: not in it; −2: due

	// The dispatcher's own, but while a worker has the source.
	ask     *url.URL // what is asked next; see address
	door    string   // its host and port
	turn    *turn    // of the host of ask
	fetch   fetching
	lane    lane
	outcome outcome

	taking chan struct{} // full while somebody takes in what the source says, or keeps its state
	push   *pushSub      // its subscription at a hub, if any
	off    string        // why the hub that the feed names isn't asked
	soon   time.Time     // it is to be due by then, unless it is polled before; zero: as it is

	// Where processes share sources:
	version uint64     // of the kept state that state stands for
	lease   mood.Lease // the last one, under which state may be kept; zero: another process's is newer
	offer   time.Time  // all that is listed was to be delivered, last; zero: never
}

// NewPoller checks the configuration. It starts nothing.
func NewPoller(cfg Config) (*Poller, error) {
	if cfg.Deliver == nil || cfg.States == nil {
		return nil, errors.New("feed poller: Deliver and States must be set")
	}
	p := &Poller{
		cfg: cfg, now: cfg.Now, log: cfg.Log, parser: newParser(),
		subs: map[string]*subscription{}, changed: make(chan struct{}, 1), wake: make(chan struct{}, 1), tries: make(chan struct{}, 16),
		self: rand.Text(), dirty: map[string]bool{}, dropped: map[string]bool{}, parted: map[string]*subscription{},
	}
	if p.now == nil {
		p.now = time.Now
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	if p.cfg.Workers <= 0 {
		p.cfg.Workers = 96
	}
	if p.cfg.Observe == nil {
		p.cfg.Observe = func(Event) {}
	}
	p.schedule = schedule{floor: cfg.Floor, random: mathrand.Float64}
	if p.schedule.floor <= 0 {
		p.schedule.floor = defaultFloor
	}
	manners := newManners(cfg.Hosts, p.now)
	manners.onPaused = p.touched
	transport := cfg.Transport
	if transport == nil {
		transport = newTransport(cfg.Allow, manners.widest())
	}
	p.fetch = &fetcher{
		transport: transport, agent: UserAgent(cfg.Version, cfg.Contact), now: p.now,
		manners: manners, room: newRoom(roomSteps), parser: p.parser,
	}
	var err error
	if p.hubs, err = newHubs(p, cfg.Callback); err != nil {
		return nil, err
	}
	if err := p.subscribe(cfg.Sources); err != nil {
		return nil, err
	}
	return p, nil
}

// UserAgent is how fetches introduce themselves.
func UserAgent(version, contact string) string {
	if version == "" {
		version = "dev"
	}
	if contact == "" {
		return "Agora/" + version
	}
	return fmt.Sprintf("Agora/%s (+%s)", version, contact)
}

// SetSources changes what is polled: those no longer listed stop, new ones
// start at once, kept ones keep their state. On an error nothing changes.
func (p *Poller) SetSources(sources []mood.Source) error {
	if err := p.subscribe(sources); err != nil {
		return err
	}
	p.hasChanged()
	return nil
}

// hasChanged tells the dispatcher to look at all sources.
func (p *Poller) hasChanged() {
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

func (p *Poller) subscribe(sources []mood.Source) error {
	next := make(map[string]*subscription, len(sources))
	for _, src := range sources {
		u, err := checkSource(src)
		if err != nil {
			return err
		}
		if _, ok := next[src.ID]; ok {
			return fmt.Errorf("two sources have the id %q", src.ID)
		}
		next[src.ID] = &subscription{src: src, url: u, index: -1, taking: make(chan struct{}, 1)}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, sub := range next {
		old := p.subs[id]
		if old == nil {
			old = p.parted[id]
		}
		delete(p.parted, id)
		if old == nil || old.src.URL != sub.src.URL {
			continue
		}
		if old.state != nil && sub.src.Every != old.src.Every {
			old.replan = true
		}
		old.src, old.gone = sub.src, false
		next[id] = old
	}
	for id, old := range p.subs {
		if next[id] == old {
			continue
		}
		old.gone = true
		delete(p.dirty, id)
		if next[id] == nil {
			p.dropped[id] = true
			p.parted[id] = old
		}
	}
	for id := range next {
		delete(p.dropped, id)
	}
	p.subs = next
	p.assign()
	p.hubs.look()
	p.touched()
	return nil
}

func checkSource(src mood.Source) (*url.URL, error) {
	if src.ID == "" {
		return nil, fmt.Errorf("the source %q has no id", src.URL)
	}
	u, err := url.Parse(tidyAddress(src.URL))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("source %s: %q is no web address; it must begin with http:// or https://", src.ID, src.URL)
	}
	u.Fragment = ""
	return u, nil
}

// Health tells how every source does, ordered by name.
func (p *Poller) Health() []mood.SourceHealth {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	list := make([]mood.SourceHealth, 0, len(p.subs))
	for _, sub := range p.subs {
		if sub.state == nil {
			sub = &subscription{src: sub.src, state: &state{}}
		}
		list = append(list, sub.health(now))
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].Name != list[j].Name {
			return list[i].Name < list[j].Name
		}
		return list[i].ID < list[j].ID
	})
	return list
}

// OfferAgain makes every feed deliver all it lists at its next poll, whether
// or not it did before: for the day when a new brand is watched. The polls
// come no sooner for it, and undated items are marked as at a first poll.
func (p *Poller) OfferAgain() {
	defer p.touched()
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, sub := range p.subs {
		sub.offer = p.now()
		if sub.state == nil {
			continue
		}
		st := *sub.state
		st.Again = true
		sub.state = &st
		p.dirty[id] = true
	}
}
