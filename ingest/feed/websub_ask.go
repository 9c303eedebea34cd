package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// asking asks hubs, a few at once and each once at a time.
type asking struct {
	h       *hubs
	running sync.WaitGroup
	at      map[string]bool // by hostKey; guarded by the poller's lock
}

func newAsking(h *hubs) *asking { return &asking{h: h, at: map[string]bool{}} }

func (a *asking) wait() { a.running.Wait() }

// start asks a subscription's hub, unless it or enough others are asked
// already: the end of that one is the next chance. The caller holds the
// poller's lock.
func (a *asking) start(ctx context.Context, s *pushSub) {
	u := webURL(s.Hub)
	if u == nil {
		a.h.drop(s)
		return
	}
	if until, _, ok := a.h.p.fetch.manners.held(u); ok { // waiting for it would take others' places
		s.Next = until.Add(time.Duration(a.h.random() * float64(hubWait)))
		a.h.look()
		return
	}
	key := hostKey(u)
	if a.at[key] || len(a.at) >= hubsAtOnce {
		return
	}
	a.at[key], s.busy = true, true
	copied := *s
	a.running.Go(func() {
		a.h.ask(ctx, s, copied, u)
		a.h.p.mu.Lock()
		delete(a.at, key)
		s.busy = false
		a.h.p.mu.Unlock()
		a.h.look()
	})
}

// ask sends a hub what a subscription wants now: to begin, to go on or to end.
// s may be confirmed while its hub is still answering.
func (h *hubs) ask(ctx context.Context, s *pushSub, copied pushSub, u *url.URL) {
	p := h.p
	// The hub must find its subscription here even after a crash: it is
	// written before it is asked for.
	copied.Asked = p.now()
	if err := h.write(ctx, &copied); err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		s.Next = p.now().Add(time.Minute)
		return
	}
	leaving := copied.State == pushLeaving
	p.mu.Lock()
	if h.subs[s.ID] != s || leaving != (s.State == pushLeaving) { // changed while it was written
		if h.subs[s.ID] != s {
			h.deleted = append(h.deleted, s.ID)
		}
		p.mu.Unlock()
		return
	}
	s.Asked, s.Awaiting, s.dirty = copied.Asked, true, true
	if !leaving {
		h.last[s.Source] = s.Asked
		t := h.tallyOf(s)
		t.Subscriptions, t.dirty = t.Subscriptions+1, true
		p.observeHub(HubAsked)
	}
	// Should the process end now, the hub has as long to confirm.
	s.Next = s.Asked.Add(confirmTime)
	p.mu.Unlock()

	ans, err := h.post(ctx, u, h.form(&copied, leaving))
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	switch {
	case ctx.Err() != nil: // stopped in the middle: what the hub made of it shows later
	case leaving && s.State == pushLeft, !leaving && !s.Verified.Before(s.Asked): // confirmed meanwhile
	case s.State == pushLeaving && !leaving: // not wanted any more since
		s.Awaiting = false
		s.Next = now
	case err == nil && ans.status >= 200 && ans.status <= 299:
		if s.Awaiting {
			s.Next = now.Add(confirmTime)
		}
		if leaving {
			s.Failures++
		}
	default:
		h.refused(s, ans, err, now)
	}
}

// post asks a hub, with a bound on the time that its redirects and the manners
// towards it may take.
func (h *hubs) post(ctx context.Context, u *url.URL, form url.Values) (*hubAnswer, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, askTime, fmt.Errorf("it did not answer within %v", askTime))
	defer cancel()
	return h.p.fetch.post(ctx, u, form)
}

// refused notes an answer that isn't a yes.
func (h *hubs) refused(s *pushSub, ans *hubAnswer, err error, now time.Time) {
	reason := ""
	if err != nil {
		reason = say(err)
	} else {
		reason = ans.say()
	}
	s.Awaiting = false
	if s.State == pushLeaving {
		s.Failures++
		s.Next, s.dirty = now.Add(h.backoff(hubWait, day, s.Failures)), true
		return
	}
	if s.State == pushDenied {
		return // it said so itself while it was asked
	}
	h.failed(s, now, reason)
	if err != nil {
		return
	}
	if until, ok := retryAfter(ans.header, now); ok {
		s.Next = later(s.Next, until)
		h.p.fetch.manners.pause(ans.url, ans.private, until)
	}
	if ans.status == http.StatusGone {
		s.Next = later(s.Next, now.Add(h.backoff(deniedWait, 7*day, s.Failures)))
	}
}

// form is a request of WebSub, section 5.1. The callback stays the same when a
// subscription is renewed: the hub then replaces it, and pushes nothing twice.
func (h *hubs) form(s *pushSub, leaving bool) url.Values {
	form := url.Values{
		"hub.callback": {s.Callback + "/" + s.ID},
		"hub.topic":    {s.Topic},
		"hub.mode":     {"unsubscribe"},
	}
	if !leaving {
		form.Set("hub.mode", "subscribe")
		form.Set("hub.lease_seconds", strconv.Itoa(int(leaseAsked.Seconds())))
		form.Set("hub.secret", s.Secret)
	}
	return form
}

// hubAnswer is what a hub said.
type hubAnswer struct {
	status  int
	header  http.Header
	text    string // the beginning of what it explains
	url     *url.URL
	private bool
}

func (a *hubAnswer) say() string {
	name := http.StatusText(a.status)
	s := strings.TrimSpace(fmt.Sprintf("it answered %d %s", a.status, name))
	if why := Text(a.text); why != "" && !strings.Contains(a.text, "<") {
		s += fmt.Sprintf(" (%s)", clip(why, 200))
	}
	return s + "; it is asked again later"
}

// post sends a form to a hub, through the same guarded transport and with the
// same manners as every fetch. It follows the redirects that keep the method.
func (f *fetcher) post(ctx context.Context, u *url.URL, form url.Values) (*hubAnswer, error) {
	for hop := 0; ; hop++ {
		turn, err := f.manners.acquire(ctx, u)
		if err != nil {
			return nil, err
		}
		ans, err := f.postOnce(ctx, u, form)
		turn.done()
		if err != nil || ans.status != http.StatusTemporaryRedirect && ans.status != http.StatusPermanentRedirect {
			return ans, err
		}
		location := ans.header.Get("Location")
		next, err := u.Parse(tidyAddress(location))
		switch {
		case err != nil || location == "" || webURL(next.String()) == nil:
			return nil, fmt.Errorf("it redirects to %q, which is no web address", clip(location, 200))
		case u.Scheme == "https" && next.Scheme != "https":
			return nil, fmt.Errorf("it redirects to %s, where the secret would be read on the way", clip(next.String(), 200))
		case hop == maxRedirects:
			return nil, fmt.Errorf("it redirects more than %d times, last to %s", maxRedirects, clip(next.String(), 200))
		}
		next.Fragment = ""
		u = next
	}
}

func (f *fetcher) postOnce(ctx context.Context, u *url.URL, form url.Values) (*hubAnswer, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, totalTime, fmt.Errorf("it did not answer within %v", totalTime))
	defer cancel()
	ans := &hubAnswer{url: u, private: privateHost(u)}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if tcp, ok := info.Conn.RemoteAddr().(*net.TCPAddr); ok {
			if addr, ok := netip.AddrFromSlice(tcp.IP); ok {
				ans.private = isPrivate(addr)
			}
		}
	}})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", f.agent)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if u.User != nil {
		password, _ := u.User.Password()
		req.SetBasicAuth(u.User.Username(), password)
	}
	resp, err := f.transport.RoundTrip(req)
	if err != nil {
		return nil, causeOf(ctx, err)
	}
	defer resp.Body.Close()
	// What it explains is short; a little is read so that the connection can
	// be used again.
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
	if err != nil && errors.Is(err, context.Canceled) {
		return nil, causeOf(ctx, err)
	}
	ans.status, ans.header, ans.text = resp.StatusCode, resp.Header, string(text)
	return ans, nil
}
