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

const stallMinimum = 256 // bytes that must come within stallTime

// asked is a request for a document, with what is known of the last answer.
type asked struct {
	url                *url.URL
	etag, lastModified string
}

// answer is what came.
type answer struct {
	status    int
	header    http.Header
	body      []byte
	url       *url.URL // after redirects
	moved     *url.URL // the last address of an unbroken chain of permanent redirects; nil: none
	private   bool     // the last host is in a private network
	truncated bool     // the connection ended before the body did
	wire      int64    // bytes received
	packed    [][]byte // the body as it came, in pieces, until it is unpacked
	stay      *stay    // the room that the body takes; nil: none
}

// release gives back what the body holds; always call it.
func (a *answer) release() {
	a.body, a.packed = nil, nil
	if a.stay != nil {
		a.stay.leave()
		a.stay = nil
	}
}

// get asks for a document and follows redirects. The caller holds the turn of
// the first host; get ends it, and takes turns with every further host.
func (f *fetcher) get(ctx context.Context, a asked) (*answer, error) {
	u := a.url
	var moved *url.URL
	permanent := true
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for hop := 0; ; hop++ {
		if hop > 0 {
			if err := f.manners.acquire(ctx, u); err != nil {
				return nil, err
			}
		}
		ans, err := f.once(ctx, a, u)
		f.manners.done(u)
		if err != nil {
			return nil, err
		}
		ans.moved = moved
		if !isRedirect(ans.status) {
			if err := f.open(ctx, ans); err != nil {
				ans.release()
				return nil, err
			}
			return ans, nil
		}
		ans.release()
		location := ans.header.Get("Location")
		next, err := u.Parse(tidyAddress(location))
		if err != nil || location == "" || next.Hostname() == "" || next.Scheme != "http" && next.Scheme != "https" {
			return nil, fmt.Errorf("it redirects to %q, which is no web address", clip(location, 200))
		}
		if hop == maxRedirects {
			return nil, fmt.Errorf("it redirects more than %d times, last to %s", maxRedirects, clip(next.String(), 200))
		}
		next.Fragment = ""
		permanent = permanent && (ans.status == http.StatusMovedPermanently || ans.status == http.StatusPermanentRedirect)
		if permanent {
			moved = next
		}
		if next.User == nil && next.Host == u.Host {
			next.User = u.User
		}
		u = next
	}
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
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if tcp, ok := info.Conn.RemoteAddr().(*net.TCPAddr); ok {
			if addr, ok := netip.AddrFromSlice(tcp.IP); ok {
				ans.private = isPrivate(addr)
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
	if a.etag != "" {
		req.Header.Set("If-None-Match", a.etag)
	}
	if a.lastModified != "" {
		req.Header.Set("If-Modified-Since", a.lastModified)
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
		return nil, causeOf(ctx, err)
	}
	defer resp.Body.Close()
	ans.status, ans.header = resp.StatusCode, resp.Header
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		// What an error page says isn't needed; a little is read so that the
		// connection can be used again.
		n, _ := io.CopyN(io.Discard, resp.Body, 4<<10)
		ans.wire = n
		return ans, nil
	}
	if err := f.readBody(ctx, cancel, resp, ans); err != nil {
		ans.release()
		return nil, causeOf(ctx, err)
	}
	return ans, nil
}

// causeOf prefers the reason for which a request was cancelled.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// retryAfter reads a Retry-After of either form, at most a day ahead.
func retryAfter(h http.Header, now time.Time) (time.Time, bool) {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return time.Time{}, false
	}
	t := now
	if d, ok := seconds(v); ok {
		t = now.Add(d)
	} else {
		var err error
		if t, err = http.ParseTime(v); err != nil {
			return time.Time{}, false
		}
	}
	if !t.After(now) {
		return time.Time{}, false
	}
	if latest := now.Add(day); t.After(latest) {
		t = latest
	}
	return t, true
}

// freshFor reads how long an answer says that it stays fresh, at most a day.
func freshFor(h http.Header) time.Duration {
	var fresh time.Duration
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(name) {
		case "no-store", "no-cache":
			return 0
		case "max-age":
			fresh, _ = seconds(strings.Trim(value, `"`))
		}
	}
	if age, ok := seconds(h.Get("Age")); ok {
		fresh -= age
	}
	return max(0, fresh)
}

// seconds reads a number of seconds, at most a day.
func seconds(s string) (time.Duration, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(n >= 0) {
		return 0, false
	}
	return time.Duration(min(n, day.Seconds()) * float64(time.Second)), true
}
