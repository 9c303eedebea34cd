package feed

import (
	"context"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"
)

// HostRule is how gently a host is treated. Zero fields mean the default: one
// request at a time. Gap 0 with Parallel set means no gap.
type HostRule struct {
	Parallel int           // requests in flight
	Gap      time.Duration // between the end of one and the start of the next; with Parallel > 1, between starts
}

// CommonRule is how a host is asked of which nothing else is known.
var CommonRule = HostRule{Parallel: 1, Gap: time.Second}

// manners keeps count of what every host is being asked, for all workers.
type manners struct {
	now   func() time.Time
	rules map[string]HostRule // by host name, with or without port, domain or address

	mu       sync.Mutex
	hosts    map[string]*hostTurn
	urls     map[string]time.Time  // addresses on private hosts that asked to be left alone until then
	learned  map[string]netip.Addr // what names led to, where a rule is for an address
	paused   map[string]time.Time  // pauses of hosts that aren't written yet
	onPaused func()                // there is one; may be nil
}

// hostTurn is one host's queue at the door.
type hostTurn struct {
	inFlight int
	lanes    [lanes]int    // of those in flight
	waiting  int           // redirects that wait for their turn
	next     time.Time     // the next start, for the gap
	hold     time.Time     // the host asked to be left alone until then
	freed    chan struct{} // closed when a request ends; nil: nobody waits
}

// turn is the right to one request to a host. It must be ended.
type turn struct {
	m    *manners
	host *hostTurn
	rule HostRule
	lane lane

	began, before time.Time // the next start by this one's gap, and without it
}

func newManners(rules map[string]HostRule, now func() time.Time) *manners {
	m := &manners{
		now: now, rules: make(map[string]HostRule, len(rules)),
		hosts: map[string]*hostTurn{}, urls: map[string]time.Time{}, learned: map[string]netip.Addr{}, paused: map[string]time.Time{},
	}
	for name, r := range rules {
		r.Parallel = max(r.Parallel, 1)
		m.rules[plainHost(name)] = r
	}
	return m
}

// try starts a request to u if manners allow it now. If not, it gives the time
// at which to ask again; zero: when a request has ended.
func (m *manners) try(u *url.URL, l lane) (t *turn, again time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.tryLocked(u, l)
}

func (m *manners) tryLocked(u *url.URL, l lane) (t *turn, again time.Time) {
	h, rule, now := m.host(u), m.rule(u), m.now()
	start := later(h.next, h.hold)
	if until, ok := m.urls[addressKey(u)]; ok {
		start = later(start, until)
	}
	switch {
	case start.After(now):
		return nil, start
	case h.inFlight >= rule.Parallel || !l.fits(h.lanes, rule.Parallel):
		return nil, time.Time{}
	}
	h.inFlight++
	h.lanes[l]++
	before := h.next
	h.next = now.Add(rule.Gap)
	return &turn{m: m, host: h, rule: rule, lane: l, began: h.next, before: before}, time.Time{}
}

// undo ends a request that wasn't made, after which no gap is needed.
func (t *turn) undo() {
	t.m.mu.Lock()
	defer t.m.mu.Unlock()
	if t.host.next.Equal(t.began) {
		t.host.next = t.before
	}
	t.free()
}

// done ends a request that try or acquire began.
func (t *turn) done() {
	t.m.mu.Lock()
	defer t.m.mu.Unlock()
	if t.rule.Parallel <= 1 {
		t.host.next = t.m.now().Add(t.rule.Gap)
	}
	t.free()
}

// free lets others have a turn. The caller holds the lock.
func (t *turn) free() {
	h := t.host
	h.inFlight--
	h.lanes[t.lane]--
	if h.freed != nil {
		close(h.freed)
		h.freed = nil
	}
}

// acquire waits until a request to u may start, beside no poll.
func (m *manners) acquire(ctx context.Context, u *url.URL) (*turn, error) {
	for {
		if until, host, ok := m.held(u); ok {
			return nil, &pausedError{until: until, host: host}
		}
		t, again := m.try(u, laneQuick)
		if t != nil {
			return t, nil
		}
		if err := m.wait(ctx, u, again, time.Time{}); err != nil {
			return nil, err
		}
	}
}

// Those that a redirect may keep waiting for a host's turn, each in a worker,
// and for how long.
const (
	maxWaiting  = 4
	longestWait = 10 * time.Second
)

// follow waits until a redirect to u may be followed, if that is soon. If it
// isn't, a [putOffError] says when to go on.
func (m *manners) follow(ctx context.Context, u *url.URL, l lane) (*turn, error) {
	deadline := m.now().Add(longestWait)
	var h *hostTurn // that this one waits for
	for {
		if until, host, ok := m.held(u); ok {
			return nil, &pausedError{until: until, host: host, next: u}
		}
		t, again := m.try(u, l)
		if t != nil {
			return t, nil
		}
		if h == nil {
			m.mu.Lock()
			h = m.host(u)
			h.waiting++
			ahead, gap := h.waiting-1, max(m.rule(u).Gap, time.Second)
			m.mu.Unlock()
			defer func() {
				m.mu.Lock()
				h.waiting--
				m.mu.Unlock()
			}()
			if ahead >= maxWaiting {
				return nil, &putOffError{next: u, until: m.now().Add(gap * time.Duration(ahead))}
			}
		}
		if again.After(deadline) || !m.now().Before(deadline) {
			return nil, &putOffError{next: u, until: later(again, m.now().Add(time.Second))}
		}
		if err := m.wait(ctx, u, again, deadline); err != nil {
			return nil, err
		}
	}
}

// wait waits until again, or if that is zero, until a request to the host of u
// ends, at most until the deadline if there is one.
func (m *manners) wait(ctx context.Context, u *url.URL, again, deadline time.Time) error {
	m.mu.Lock()
	h := m.host(u)
	if h.freed == nil {
		h.freed = make(chan struct{})
	}
	freed := h.freed
	busy := h.inFlight > 0
	m.mu.Unlock()
	if again.IsZero() && !busy {
		return ctx.Err() // it was freed in between
	}
	if !again.IsZero() {
		deadline = again
		freed = nil // an end can't bring the gap forward
	}
	var timer <-chan time.Time
	if !deadline.IsZero() {
		t := time.NewTimer(deadline.Sub(m.now()))
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-timer:
	case <-freed:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return nil
}

// maxHosts bounds the tables; hosts that redirects led to are forgotten first.
const maxHosts = 20_000

func (m *manners) host(u *url.URL) *hostTurn {
	key := hostKey(u)
	h, ok := m.hosts[key]
	if !ok {
		if len(m.hosts) >= maxHosts {
			now := m.now()
			for k, old := range m.hosts {
				if old.inFlight == 0 && old.waiting == 0 && old.freed == nil && old.next.Before(now) && old.hold.Before(now) {
					delete(m.hosts, k)
				}
			}
		}
		h = &hostTurn{}
		m.hosts[key] = h
	}
	return h
}

// privateHost says whether u names an address in a private network outright.
func privateHost(u *url.URL) bool {
	addr, err := netip.ParseAddr(u.Hostname())
	return err == nil && isPrivate(addr) || strings.EqualFold(u.Hostname(), "localhost")
}
