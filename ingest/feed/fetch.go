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
	"sync/atomic"
	"time"
)

const (
	maxRedirects = 5
	accept       = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.6, */*;q=0.1"
)

// fetcher asks for documents.
type fetcher struct {
	transport http.RoundTripper
	agent     string
	manners   *manners
	now       func() time.Time
	room      *room   // for bodies over smallBody
	parser    *parser // bounds how much is unpacked at once
}

const (
	stallMinimum = 256 // bytes that must come within stallTime

	// What is read of an error page so that its connection can be used again.
	drainBytes = 64 << 10
	drainTime  = 2 * time.Second
)

// asked is a request for a document, with what is known of the last answer.
type asked struct {
	url   *url.URL
	turn  *turn  // with the host of url; get ends it
	lane  lane   // for the turns with further hosts
	moved string // where an unbroken chain of permanent redirects led before url, for one that is gone on with

	took  *time.Duration // adds up how long the requests take, without the waits for turns; nil: nobody asks
	since *atomic.Int64  // when the request in flight began, in Unix nanoseconds; 0: none; nil: nobody asks

	may func() error // refuses one more request; nil: nobody does

	etag, lastModified string
	validFor           string // the address that gave the validators, as addressKey; they are sent to no other
}

// answer is what came.
type answer struct {
	status      int
	header      http.Header
	body        []byte
	url         *url.URL // after redirects
	moved       *url.URL // the last address of an unbroken chain of permanent redirects; nil: none
	private     bool     // the last host is in a private network
	conditional bool     // it was asked with validators
	truncated   bool     // the connection ended before the body did
	wire        int64    // bytes received
	packed      [][]byte // the body as it came, in pieces, until it is unpacked
	stay        *stay    // the room that the body takes; nil: none

	pausedUntil time.Time // the server asked to be left alone until then
}

// release gives back what the body holds; always call it.
func (a *answer) release() {
	a.body, a.packed = nil, nil
	if a.stay != nil {
		a.stay.leave()
		a.stay = nil
	}
}

// hopError is a request that failed.
type hopError struct {
	url     *url.URL
	private bool
	answer  *answer // its answer; nil: none came
	stopped bool    // it was given up while the answer came
	err     error
}

func (e *hopError) Error() string { return e.err.Error() }
func (e *hopError) Unwrap() error { return e.err }

// redirectedError is a request that failed where a redirect led.
type redirectedError struct {
	to  *url.URL
	err error
}

func (e *redirectedError) Error() string { return e.err.Error() }
func (e *redirectedError) Unwrap() error { return e.err }

// get asks for a document and follows redirects, each in its host's turn.
func (f *fetcher) get(ctx context.Context, a asked) (*answer, error) {
	u, turn := a.url, a.turn
	var moved *url.URL
	permanent := true
	if a.moved != "" {
		moved, _ = url.Parse(a.moved)
		permanent = moved != nil && moved.String() == u.String()
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	seen := map[string]bool{}
	for hop := 0; ; hop++ {
		if turn == nil {
			var err error
			if turn, err = f.manners.follow(ctx, u, a.lane); err != nil {
				return nil, stillMoved(err, moved)
			}
		}
		seen[addressKey(u)] = true
		begun := f.now()
		if a.since != nil {
			a.since.Store(begun.UnixNano())
		}
		ans, err := f.once(ctx, a, u)
		if a.since != nil {
			a.since.Store(0)
		}
		turn.done()
		if a.took != nil {
			*a.took += f.now().Sub(begun)
		}
		turn = nil
		if err != nil {
			if hop > 0 {
				err = &redirectedError{to: u, err: err}
			}
			return nil, err
		}
		ans.moved = moved
		if !isRedirect(ans.status) {
			// Only what came as a document is opened: an empty 304 or 404 may
			// say how its body would be packed.
			if len(ans.packed) == 0 {
				return ans, nil
			}
			if err := f.open(ctx, ans); err != nil {
				ans.release()
				return nil, &hopError{url: u, private: ans.private, answer: ans, stopped: ctx.Err() != nil, err: err}
			}
			return ans, nil
		}
		ans.release()
		next, err := leadsTo(u, ans.header.Get("Location"))
		switch {
		case err != nil:
			return nil, err
		case seen[addressKey(next)]:
			return nil, fmt.Errorf("it redirects in a circle, back to %s: check the address, or ask its operator", clip(addressKey(next), 200))
		case hop == maxRedirects:
			return nil, fmt.Errorf("it redirects more than %d times, last to %s: give the address where the feed is", maxRedirects, clip(addressKey(next), 200))
		}
		permanent = permanent && (ans.status == http.StatusMovedPermanently || ans.status == http.StatusPermanentRedirect)
		if permanent {
			moved = next
		}
		if !ans.pausedUntil.IsZero() {
			// Retry-After on a redirect says when to make the redirected
			// request (RFC 9110, 10.2.3).
			return nil, &pausedError{status: ans.status, until: ans.pausedUntil, host: !ans.private, next: next, moved: moved}
		}
		if u.User != nil && next.User == nil && next.Host == u.Host && next.Scheme == u.Scheme {
			with := *next // the address that is told and kept is without a password
			with.User = u.User
			next = &with
		}
		u = next
	}
}

// stillMoved lets a redirect that is followed later remember a move for good.
func stillMoved(err error, moved *url.URL) error {
	var (
		paused *pausedError
		putOff *putOffError
	)
	switch {
	case errors.As(err, &paused):
		paused.moved = moved
	case errors.As(err, &putOff):
		putOff.moved = moved
	}
	return err
}

// leadsTo gives the address that a redirect from u names.
func leadsTo(u *url.URL, location string) (*url.URL, error) {
	next, err := u.Parse(tidyAddress(location))
	if err != nil || location == "" || next.Hostname() == "" || next.Scheme != "http" && next.Scheme != "https" {
		return nil, fmt.Errorf("it redirects to %q, which is no web address: ask its operator", clip(location, 200))
	}
	next.Fragment, next.RawFragment = "", ""
	next.User = nil // a password is the operator's to give
	return next, nil
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// once makes one request and reads its body.
func (f *fetcher) once(ctx context.Context, a asked, u *url.URL) (*answer, error) {
	ctx, cancelTotal := context.WithTimeoutCause(ctx, totalTime, slow("it did not finish within %v", totalTime))
	defer cancelTotal()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	ans := &answer{url: u, private: privateHost(u)}
	if a.may != nil {
		if err := a.may(); err != nil {
			return nil, err
		}
	}
	var retries retries
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		err := error(nil)
		if a.may != nil {
			err = a.may() // connecting took its time
		}
		if err == nil && !retries.may(info) {
			err = errHungUp
		}
		if err != nil {
			_ = info.Conn.Close() // cancelled alone, the request might still go out
			cancel(err)
			return
		}
		if tcp, ok := info.Conn.RemoteAddr().(*net.TCPAddr); ok {
			if addr, ok := netip.AddrFromSlice(tcp.IP); ok {
				ans.private = isPrivate(addr)
				f.manners.learn(u, addr)
			}
		}
	}})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", f.agent)
	req.Header.Set("Accept", accept)
	req.Header.Set("Accept-Encoding", acceptEncoding)
	if a.validFor == addressKey(u) {
		if a.etag != "" {
			req.Header.Set("If-None-Match", a.etag)
		}
		if a.lastModified != "" {
			req.Header.Set("If-Modified-Since", a.lastModified)
		}
		ans.conditional = a.etag != "" || a.lastModified != ""
	}
	if u.User != nil {
		password, _ := u.User.Password()
		req.SetBasicAuth(u.User.Username(), password)
	}
	// Names of header answers arrive within headerTime even where the
	// transport doesn't see to it.
	header := time.AfterFunc(dialTime+headerTime, func() { cancel(slow("it did not answer within %v", dialTime+headerTime)) })
	resp, err := f.transport.RoundTrip(req)
	header.Stop()
	if err != nil {
		return nil, &hopError{url: u, private: ans.private, err: causeOf(ctx, err)}
	}
	defer resp.Body.Close()
	ans.status, ans.header = resp.StatusCode, resp.Header
	if until, ok := pauseOf(ans.header, f.now()); ok {
		ans.pausedUntil = until
		f.manners.pause(u, ans.private, until)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		// What an error page says isn't needed; a little is read so that the
		// connection can be used again. If there is more, or if it drips,
		// closing the body ends the connection.
		drain := time.AfterFunc(drainTime, func() { cancel(errors.New("its error page drips")) })
		defer drain.Stop()
		ans.wire, _ = io.CopyN(io.Discard, endedBy{ctx, resp.Body}, drainBytes)
		return ans, nil
	}
	if err := f.readBody(ctx, cancel, resp, ans); err != nil {
		ans.release()
		return nil, &hopError{url: u, private: ans.private, answer: ans, stopped: ctx.Err() != nil, err: causeOf(ctx, err)}
	}
	return ans, nil
}

// endedBy reads until its context ends.
type endedBy struct {
	ctx context.Context
	r   io.Reader
}

func (e endedBy) Read(p []byte) (int, error) {
	if err := e.ctx.Err(); err != nil {
		return 0, err
	}
	return e.r.Read(p)
}

// causeOf prefers the reason for which a request was cancelled.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}
