package social

import (
	"context"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"
)

// commonGap is the time between two requests to a host of which nothing else is
// known.
const commonGap = time.Second

// manners keeps count of what every host is being asked: one request at a time,
// a gap apart, and none while it wants to be left alone.
type manners struct {
	now   func() time.Time
	rules map[string]time.Duration // the operator's, by host, with or without a port

	mu    sync.Mutex
	hosts map[string]*hostTurn // by host and port
}

type hostTurn struct {
	busy chan struct{} // full while a request is under way
	next time.Time     // may the next one start
	hold time.Time     // it asked to be left alone until then
}

func newManners(rules map[string]time.Duration, now func() time.Time) *manners {
	return &manners{now: now, rules: rules, hosts: map[string]*hostTurn{}}
}

func (m *manners) host(key string) *hostTurn {
	m.mu.Lock()
	defer m.mu.Unlock()
	h, ok := m.hosts[key]
	if !ok {
		if len(m.hosts) >= maxHosts {
			for k, old := range m.hosts {
				if now := m.now(); len(old.busy) == 0 && old.next.Before(now) && old.hold.Before(now) {
					delete(m.hosts, k)
				}
			}
		}
		h = &hostTurn{busy: make(chan struct{}, 1)}
		m.hosts[key] = h
	}
	return h
}

// maxHosts bounds the table: more than sources ever name.
const maxHosts = 10_000

// gap is the least time between two requests to u. What a service demands of
// everybody is shortened only by a rule for that very host and port: one for a
// whole machine means its other services too.
func (m *manners) gap(u *url.URL, e etiquette) time.Duration {
	if gap, ok := m.rules[hostKey(u)]; ok {
		return gap
	}
	gap, ok := m.ruleOf(strings.ToLower(u.Hostname()))
	if !ok {
		return max(commonGap, e.gap)
	}
	if e.strict {
		return max(gap, e.gap)
	}
	return gap
}

// ruleOf finds the operator's rule for a host, or for a domain that it is in.
func (m *manners) ruleOf(host string) (gap time.Duration, ok bool) {
	for name, more := host, true; more; _, name, more = strings.Cut(name, ".") {
		if gap, ok = m.rules[name]; ok {
			return gap, true
		}
	}
	return 0, false
}

// etiquette is how gently a service wants to be asked.
type etiquette struct {
	gap    time.Duration
	strict bool // it refuses those who are quicker
}

// longestWait is how long a request waits for its host to be content with being
// asked again, before its source says so and does.
const longestWait = 5 * time.Second

// turn waits until a request to u may start. The caller must call done when it
// is over.
func (m *manners) turn(ctx context.Context, u *url.URL, e etiquette) (done func(), err error) {
	h := m.host(hostKey(u))
	select {
	case h.busy <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	m.mu.Lock()
	until := h.next
	if h.hold.After(until) {
		until = h.hold
	}
	held, now := h.hold, m.now()
	m.mu.Unlock()
	if held.Sub(now) > longestWait {
		<-h.busy
		return nil, &pausedError{until: held}
	}
	if err := sleep(ctx, until.Sub(now)); err != nil {
		<-h.busy
		return nil, err
	}
	return func() {
		m.mu.Lock()
		h.next = m.now().Add(m.gap(u, e))
		m.mu.Unlock()
		<-h.busy
	}, nil
}

// hold leaves a host alone until a time.
func (m *manners) hold(u *url.URL, until time.Time) {
	h := m.host(hostKey(u))
	m.mu.Lock()
	defer m.mu.Unlock()
	if until.After(h.hold) {
		h.hold = until
	}
}

// hostKey is a host with its port.
func hostKey(u *url.URL) string {
	port := u.Port()
	if port == "" {
		switch u.Scheme {
		case "http", "ws":
			port = "80"
		default:
			port = "443"
		}
	}
	return strings.ToLower(net.JoinHostPort(u.Hostname(), port))
}

// sleep waits, or ends early with ctx.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
