package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// pausedError is a wish to be left alone.
type pausedError struct {
	status int // of the answer with the wish; 0: it was told before
	until  time.Time
	host   bool     // the whole host
	next   *url.URL // where a redirect leads, to be asked then; nil: none
	moved  *url.URL // next, or an address before it, if permanent redirects led there
}

func (e *pausedError) Error() string {
	whom := "this feed"
	if e.host {
		whom = "the whole host"
	}
	what := "its host"
	if e.status != 0 {
		what = fmt.Sprintf("it answered %d and", e.status)
	}
	return fmt.Sprintf("%s asks to leave %s alone until %s; nothing to do", what, whom, clockTime(e.until))
}

// putOffError is a redirect that couldn't be followed at once, since too many
// wait for that host.
type putOffError struct {
	next  *url.URL
	moved *url.URL // see pausedError
	until time.Time
}

func (e *putOffError) Error() string {
	return fmt.Sprintf("it redirects to %s, which many others of its sources wait for; it is asked at %s", e.next.Host, clockTime(e.until))
}

func clockTime(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// pauseOf reads until when an answer asks to be left alone, in whatever form:
// Retry-After (RFC 9110, 10.2.3) on any status, or a rate limit that is used
// up (X-RateLimit-*, draft-ietf-httpapi-ratelimit-headers). At most a day.
func pauseOf(h http.Header, now time.Time) (time.Time, bool) {
	until, ok := retryAfter(h, now)
	if limit, limited := rateLimit(h, now); limited && limit.After(until) {
		until, ok = limit, true
	}
	return until, ok
}

// retryAfter reads a Retry-After of either form, at most a day ahead. A date
// is taken by the server's own clock where it shows one, if that is later.
func retryAfter(h http.Header, now time.Time) (time.Time, bool) {
	var until time.Time
	for _, v := range h.Values("Retry-After") {
		v = strings.TrimSpace(v)
		if d, ok := seconds(v); ok {
			until = later(until, now.Add(d))
		} else if t, err := http.ParseTime(v); err == nil {
			until = later(until, t)
			if date, err := http.ParseTime(h.Get("Date")); err == nil {
				until = later(until, now.Add(t.Sub(date)))
			}
		}
	}
	if !until.After(now) {
		return time.Time{}, false
	}
	if latest := now.Add(day); until.After(latest) {
		until = latest
	}
	return until, true
}

// rateLimit reads when a used-up rate limit is filled again.
func rateLimit(h http.Header, now time.Time) (time.Time, bool) {
	var wait time.Duration
	for _, prefix := range [...]string{"X-RateLimit-", "X-Rate-Limit-", "RateLimit-"} {
		left, err := strconv.ParseFloat(strings.TrimSpace(h.Get(prefix+"Remaining")), 64)
		if err != nil || left >= 1 {
			continue
		}
		reset, err := strconv.ParseFloat(strings.TrimSpace(h.Get(prefix+"Reset")), 64)
		if err != nil || !(reset > 0) {
			continue
		}
		if reset > 1e9 { // some count from 1970
			reset -= float64(now.UnixNano()) / 1e9
		}
		wait = max(wait, time.Duration(min(max(reset, 0), day.Seconds())*float64(time.Second)))
	}
	// RateLimit: "default";r=0;t=30, in older drafts remaining=0, reset=30
	fields := strings.FieldsFunc(strings.Join(h.Values("RateLimit"), ","), func(r rune) bool { return r == ';' || r == ',' || r == ' ' })
	usedUp, reset := false, time.Duration(0)
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		switch name {
		case "r", "remaining":
			usedUp = value == "0"
		case "t", "reset":
			if d, ok := seconds(value); ok && usedUp {
				reset = max(reset, d)
			}
		}
	}
	if wait = max(wait, reset); wait <= 0 {
		return time.Time{}, false
	}
	return now.Add(wait), true
}

// seconds reads a number of seconds, at most a day.
func seconds(s string) (time.Duration, bool) {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > int64(day/time.Second) {
		return day, true
	}
	return time.Duration(n) * time.Second, true
}

// addressKey is an address as pauses of one address are kept by.
func addressKey(u *url.URL) string {
	if u.User == nil && u.Fragment == "" {
		return u.String()
	}
	c := *u
	c.User, c.Fragment, c.RawFragment = nil, "", ""
	return c.String()
}

// pause keeps everybody away until then: from the whole host, or on a private
// one, where an address may stand for many servers, from u alone.
func (m *manners) pause(u *url.URL, private bool, until time.Time) {
	m.mu.Lock()
	now := m.now()
	if private {
		if len(m.urls) >= maxHosts {
			for k, t := range m.urls {
				if !t.After(now) {
					delete(m.urls, k)
				}
			}
		}
		if len(m.urls) < maxHosts && until.After(m.urls[addressKey(u)]) {
			m.urls[addressKey(u)] = until
		}
		m.mu.Unlock()
		return
	}
	told := m.onPaused
	if h := m.host(u); until.After(h.hold) {
		h.hold = until
		m.paused[hostKey(u)] = until
	} else {
		told = nil
	}
	m.mu.Unlock()
	if told != nil {
		told()
	}
}

// held gives until when u or its whole host asked to be left alone, if it did.
func (m *manners) held(u *url.URL) (until time.Time, host, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	key := addressKey(u)
	if t, found := m.urls[key]; found {
		if until = t; !t.After(now) {
			delete(m.urls, key)
		}
	}
	if h, found := m.hosts[hostKey(u)]; found && h.hold.After(until) {
		until, host = h.hold, true
	}
	return until, host, until.After(now)
}

// restore puts a pause in force that was written by an earlier process, or by
// another one.
func (m *manners) restore(key string, until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	h, ok := m.hosts[key]
	if !ok {
		h = &hostTurn{}
		m.hosts[key] = h
	}
	h.hold = later(h.hold, until)
}

// unwritten hands over the pauses that are to be written.
func (m *manners) unwritten() map[string]time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.paused) == 0 {
		return nil
	}
	list := m.paused
	m.paused = map[string]time.Time{}
	return list
}

// rewrite takes back a pause that couldn't be written.
func (m *manners) rewrite(key string, until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.paused[key] = later(m.paused[key], until)
}

// pausesEvery is how often the pauses that other processes learned of are read.
const pausesEvery = 2 * time.Second

// hostPause is a host's wish to be left alone, as it is kept for the next
// process and for others on the same store. Its id is the hostKey.
type hostPause struct {
	Until time.Time `json:"until"`
}

// loadPauses puts the pauses in force that are kept.
func (p *Poller) loadPauses(ctx context.Context) error {
	all, err := p.cfg.States.List(ctx, kindPause)
	if err != nil {
		return err
	}
	now := p.now()
	for key, raw := range all {
		var pause hostPause
		if json.Unmarshal(raw, &pause) != nil || !pause.Until.After(now) {
			continue
		}
		if latest := now.Add(day); pause.Until.After(latest) {
			pause.Until = latest
		}
		p.fetch.manners.restore(key, pause.Until)
	}
	return nil
}

// keepPauses writes the pauses that hosts asked for since the last time.
func (p *Poller) keepPauses(ctx context.Context) error {
	var failed error
	now := p.now()
	for key, until := range p.fetch.manners.unwritten() {
		if !until.After(now) {
			continue
		}
		raw, err := json.Marshal(hostPause{until.UTC()})
		if err == nil {
			err = p.cfg.States.Put(ctx, kindPause, key, raw, until.Sub(now))
		}
		if err != nil {
			failed = err
			p.fetch.manners.rewrite(key, until)
		}
	}
	return failed
}
