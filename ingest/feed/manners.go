package feed

import (
	"context"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// HostRule is how gently a host is treated. Zero fields mean the default: one
// request at a time. Gap 0 with Parallel set means no gap.
type HostRule struct {
	Parallel int           // requests in flight
	Gap      time.Duration // between the end of one and the start of the next; with Parallel > 1, between starts
}

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

// plainHost writes a host the way that it is kept by: lower case, no brackets,
// addresses in their shortest form, names as they are looked up (so that no
// fanciful digits make two hosts of one).
func plainHost(name string) string {
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	if strings.ContainsFunc(name, func(r rune) bool { return r >= utf8.RuneSelf }) {
		if ascii, err := idna.Lookup.ToASCII(name); err == nil {
			name = ascii
		}
	}
	if addr, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return addr.Unmap().WithZone("").String()
	}
	return name
}

// widest is the most requests that any rule allows at once.
func (m *manners) widest() int {
	most := 1
	for _, r := range m.rules {
		most = max(most, r.Parallel)
	}
	return most
}

// rule gives how the host of u is treated: what is said of it by name and
// port, by name, by a domain above it, or by the address that its name was
// last seen to lead to.
func (m *manners) rule(u *url.URL) HostRule {
	host := plainHost(u.Hostname())
	if len(m.rules) > 0 {
		if r, ok := m.rules[plainHost(u.Host)]; ok {
			return r
		}
		for name := host; name != ""; {
			if r, ok := m.rules[name]; ok {
				return r
			}
			_, above, _ := strings.Cut(name, ".")
			if strings.Contains(name, ":") || isDigits(above) {
				break // an address has nothing above it
			}
			name = above
		}
		if addr, ok := m.learned[host]; ok {
			if r, ok := m.rules[addr.String()]; ok {
				return r
			}
		}
	}
	if r, ok := builtinRules(hostKey(u)); ok {
		return r
	}
	return HostRule{Parallel: 1, Gap: time.Second}
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789.") == ""
}

// builtinRules are the manners that some hosts are known to want.
func builtinRules(key string) (HostRule, bool) {
	if key == "reddit.com" {
		return HostRule{Parallel: 1, Gap: time.Minute}, true
	}
	return HostRule{}, false
}

// learn notes where a name led to, when somebody made a rule for that address.
func (m *manners) learn(u *url.URL, addr netip.Addr) {
	addr = addr.Unmap().WithZone("")
	host := plainHost(u.Hostname())
	if _, ok := m.rules[addr.String()]; !ok || host == addr.String() {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.learned) >= maxHosts {
		clear(m.learned)
	}
	m.learned[host] = addr
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
	h.next = now.Add(rule.Gap)
	return &turn{m: m, host: h, rule: rule, lane: l}, time.Time{}
}

// done ends a request that try or acquire began.
func (t *turn) done() {
	t.m.mu.Lock()
	defer t.m.mu.Unlock()
	h := t.host
	h.inFlight--
	h.lanes[t.lane]--
	if t.rule.Parallel <= 1 {
		h.next = t.m.now().Add(t.rule.Gap)
	}
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
		if err := m.wait(ctx, u, again); err != nil {
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
	m.mu.Lock()
	h := m.host(u)
	ahead := h.waiting
	if ahead < maxWaiting {
		h.waiting++
	}
	gap := m.rule(u).Gap
	m.mu.Unlock()
	if ahead >= maxWaiting {
		return nil, &putOffError{next: u, until: m.now().Add(max(gap, time.Second) * time.Duration(ahead))}
	}
	defer func() {
		m.mu.Lock()
		h.waiting--
		m.mu.Unlock()
	}()
	for {
		if until, host, ok := m.held(u); ok {
			return nil, &pausedError{until: until, host: host, next: u}
		}
		t, again := m.try(u, l)
		if t != nil {
			return t, nil
		}
		if again.After(deadline) || !m.now().Before(deadline) {
			return nil, &putOffError{next: u, until: later(again, m.now().Add(max(gap, time.Second)))}
		}
		if err := m.wait(ctx, u, again); err != nil {
			return nil, err
		}
	}
}

func (m *manners) wait(ctx context.Context, u *url.URL, again time.Time) error {
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
	var timer <-chan time.Time
	if !again.IsZero() {
		t := time.NewTimer(again.Sub(m.now()))
		defer t.Stop()
		timer = t.C
		freed = nil // an end can't bring the gap forward
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
