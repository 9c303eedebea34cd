package social

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The time that each step of a request may take, and the most that is read.
const (
	headerTime = 15 * time.Second
	totalTime  = 60 * time.Second
	maxBody    = 16 << 20
	maxSaid    = 4 << 10 // of an answer that refuses
)

// web asks services.
type web struct {
	kit     *Kit
	agent   string
	manners *manners
	client  *http.Client
	now     func() time.Time
}

func newWeb(cfg *Config) *web {
	transport := &http.Transport{
		DialContext: cfg.Kit.Dial, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: headerTime,
		IdleConnTimeout: 90 * time.Second, MaxIdleConns: 64, MaxIdleConnsPerHost: 2,
		MaxResponseHeaderBytes: 64 << 10, ForceAttemptHTTP2: true,
		HTTP2: &http.HTTP2Config{SendPingTimeout: headerTime, PingTimeout: 10 * time.Second},
	}
	w := &web{kit: &cfg.Kit, agent: cfg.Agent, now: cfg.Now, manners: newManners(cfg.Hosts, cfg.Now)}
	w.client = &http.Client{Transport: transport, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) > 5 {
			return errors.New("it redirects more than 5 times: check the address")
		}
		if r.URL.Scheme == "http" && via[0].URL.Scheme == "https" && via[0].Header.Get("Authorization") != "" {
			return errors.New("it redirects to an address without TLS, where a token doesn't go: check the address")
		}
		return nil
	}}
	return w
}

// close ends connections that nobody uses.
func (w *web) close() { w.client.CloseIdleConnections() }

// ask is a request.
type ask struct {
	url       *url.URL
	etiquette etiquette
	token     string // sent as Bearer; empty: none
	accept    string
	header    http.Header
}

func (w *web) request(ctx context.Context, a ask) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url.String(), nil)
	if err != nil {
		return nil, err
	}
	for name, values := range a.header {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", w.agent)
	if a.accept != "" {
		req.Header.Set("Accept", a.accept)
	}
	if a.token != "" {
		req.Header.Set("Authorization", "Bearer "+a.token)
	}
	return req, nil
}

// get asks for a document in its host's turn. A document that isn't there
// (404, 204) and other refusals are errors of the type *refusedError.
func (w *web) get(ctx context.Context, a ask) (body []byte, header http.Header, err error) {
	done, err := w.manners.turn(ctx, a.url, a.etiquette)
	if err != nil {
		return nil, nil, err
	}
	defer done()
	ctx, cancel := context.WithTimeoutCause(ctx, totalTime, fmt.Errorf("it did not finish within %v: %w", totalTime, context.DeadlineExceeded))
	defer cancel()
	req, err := w.request(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return nil, nil, causeOf(ctx, err)
	}
	defer resp.Body.Close()
	if err := w.judge(a.url, resp); err != nil {
		return nil, resp.Header, err
	}
	body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, resp.Header, causeOf(ctx, err)
	case len(body) > maxBody:
		return nil, resp.Header, garbled("its answer is larger than %d MiB", maxBody>>20)
	}
	return body, resp.Header, nil
}

// open asks for a stream. Its host's turn is over when it begins.
func (w *web) open(ctx context.Context, a ask) (*http.Response, error) {
	done, err := w.manners.turn(ctx, a.url, a.etiquette)
	if err != nil {
		return nil, err
	}
	defer done()
	req, err := w.request(ctx, a)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "identity") // what is packed comes late
	req.Header.Set("Cache-Control", "no-cache")
	resp, err := w.client.Do(req)
	if err != nil {
		return nil, causeOf(ctx, err)
	}
	if err := w.judge(a.url, resp); err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	switch packed := strings.ToLower(resp.Header.Get("Content-Encoding")); packed {
	case "", "identity":
	case "gzip", "x-gzip":
		resp.Body = &unpacked{body: resp.Body}
	default:
		_ = resp.Body.Close()
		return nil, garbled("it packs what it sends (%s), though it is asked not to", packed)
	}
	return resp, nil
}

// unpacked is a body that came as gzip, though nobody asked for that. Nothing is
// read of it before somebody reads, and nothing that came waits for what is
// packed after it.
type unpacked struct {
	body io.ReadCloser
	in   *bufio.Reader
	text *gzip.Reader
	over bool // one piece is; there may be more
}

func (u *unpacked) Read(p []byte) (int, error) {
	for {
		var err error
		switch {
		case u.text == nil:
			u.in = bufio.NewReader(u.body)
			u.text, err = gzip.NewReader(u.in)
		case u.over:
			err = u.text.Reset(u.in)
		}
		if err != nil {
			return 0, err
		}
		u.text.Multistream(false)
		n, err := u.text.Read(p)
		if u.over = errors.Is(err, io.EOF); u.over {
			err = nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (u *unpacked) Close() error { return u.body.Close() }

// judge reads the wishes of an answer, and makes an error of one that refuses.
func (w *web) judge(u *url.URL, resp *http.Response) error {
	now := w.now()
	until, asked := w.kit.Pause(resp.Header, now)
	if limit, ok := rateLimit(resp.Header, now); ok && limit.After(until) {
		until, asked = limit, true
	}
	if asked {
		w.manners.hold(u, until)
	}
	if resp.StatusCode/100 == 2 {
		return nil
	}
	said, _ := io.ReadAll(io.LimitReader(resp.Body, maxSaid)) // what can't be read isn't told
	text := strings.Join(strings.Fields(w.kit.Text(messageIn(said))), " ")
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable && asked {
		if !asked {
			until = now.Add(unsaidPause)
			w.manners.hold(u, until)
		}
		return &pausedError{until: until, status: resp.StatusCode, text: text}
	}
	return &refusedError{status: resp.StatusCode, text: text}
}

// messageIn is what an answer that refuses says to people, where it is JSON.
func messageIn(said []byte) string {
	var fields map[string]any
	if json.Unmarshal(said, &fields) == nil {
		for _, name := range [...]string{"error_description", "detail", "message", "error", "title"} {
			if s, ok := fields[name].(string); ok && s != "" {
				return s
			}
		}
	}
	return string(said)
}

// unsaidPause is how long a service is left alone that answers 429 and doesn't
// say for how long.
const unsaidPause = time.Minute

// rateLimit reads when a used-up limit is filled again, where that is a date as
// Mastodon has it.
func rateLimit(h http.Header, now time.Time) (time.Time, bool) {
	left, err := strconv.Atoi(strings.TrimSpace(h.Get("X-RateLimit-Remaining")))
	if err != nil || left > 0 {
		return time.Time{}, false
	}
	until, err := time.Parse(time.RFC3339, strings.TrimSpace(h.Get("X-RateLimit-Reset")))
	if err != nil || !until.After(now) {
		return time.Time{}, false
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil { // by the server's own clock
		if until = now.Add(until.Sub(date)); !until.After(now) {
			return time.Time{}, false
		}
	}
	return until, !until.After(now.Add(day))
}

// causeOf prefers the reason for which a request was cancelled.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err // without the address, which may hold a secret
	}
	return err
}

// address reads where a service is. A bare host gets the service's usual path,
// and so does a part of that path.
func address(given, usual string) string {
	if given == "" {
		return usual
	}
	u, err := url.Parse(given)
	if err != nil {
		return given
	}
	std, err := url.Parse(usual)
	if err != nil {
		return given
	}
	path := strings.TrimSuffix(u.Path, "/")
	if path == "" || std.Path != path && strings.HasPrefix(std.Path, path+"/") {
		u.Path = std.Path
	}
	return u.String()
}
