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
	rules map[string]HostRule // by host name, registrable domain or address

	mu    sync.Mutex
	hosts map[string]*hostTurn
}

// hostTurn is one host's queue at the door.
type hostTurn struct {
	inFlight int
	next     time.Time     // the next start, for the gap
	hold     time.Time     // the host asked to be left alone until then
	freed    chan struct{} // closed when a request ends; nil: nobody waits
}

func newManners(rules map[string]HostRule, now func() time.Time) *manners {
	return &manners{now: now, rules: rules, hosts: map[string]*hostTurn{}}
}

// rule gives how the host of u is treated.
func (m *manners) rule(u *url.URL) HostRule {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	for _, name := range [...]string{u.Host, host, hostKey(u)} {
		if r, ok := m.rules[name]; ok {
			r.Parallel = max(r.Parallel, 1)
			return r
		}
	}
	if r, ok := builtinRules(hostKey(u)); ok {
		return r
	}
	return CommonRule
}

// try starts a request to the host of u if manners allow it now. If not, it
// gives the time at which to ask again; zero: when a request has ended.
func (m *manners) try(u *url.URL) (ok bool, again time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h, rule, now := m.host(u), m.rule(u), m.now()
	start := h.next
	if h.hold.After(start) {
		start = h.hold
	}
	switch {
	case start.After(now):
		return false, start
	case h.inFlight >= rule.Parallel:
		return false, time.Time{}
	}
	h.inFlight++
	h.next = now.Add(rule.Gap)
	return true, time.Time{}
}

// done ends a request that try or acquire began.
func (m *manners) done(u *url.URL) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h, rule := m.host(u), m.rule(u)
	h.inFlight--
	if rule.Parallel <= 1 {
		h.next = m.now().Add(rule.Gap)
	}
	if h.freed != nil {
		close(h.freed)
		h.freed = nil
	}
}

// acquire waits until a request to the host of u may start.
func (m *manners) acquire(ctx context.Context, u *url.URL) error {
	for {
		ok, again := m.try(u)
		if ok {
			return nil
		}
		if err := m.wait(ctx, u, again); err != nil {
			return err
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

// pause keeps everybody away from the host of u until then.
func (m *manners) pause(u *url.URL, until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if h := m.host(u); until.After(h.hold) {
		h.hold = until
	}
}

// paused gives until when the host of u asked to be left alone, if it did.
func (m *manners) paused(u *url.URL) (time.Time, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h, ok := m.hosts[hostKey(u)]
	if !ok || !h.hold.After(m.now()) {
		return time.Time{}, false
	}
	return h.hold, true
}

// maxHosts bounds the table; hosts that redirects led to are forgotten first.
const maxHosts = 20_000

func (m *manners) host(u *url.URL) *hostTurn {
	key := hostKey(u)
	h, ok := m.hosts[key]
	if !ok {
		if len(m.hosts) >= maxHosts {
			now := m.now()
			for k, old := range m.hosts {
				if old.inFlight == 0 && old.freed == nil && old.next.Before(now) && old.hold.Before(now) {
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
