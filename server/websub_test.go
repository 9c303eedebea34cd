package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"agora/mood"
)

// switchboard is a poller, as far as hubs see it.
type switchboard struct {
	mu     sync.Mutex
	query  url.Values
	header http.Header
	body   []byte
	err    error
}

func (s *switchboard) VerifyIntent(id string, q url.Values) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.query = q
	switch {
	case s.err != nil:
		return "", s.err
	case id != "known":
		return "", fmt.Errorf("no: %w", mood.ErrNotFound)
	}
	return q.Get("hub.challenge"), nil
}

func (s *switchboard) Push(_ context.Context, id string, h http.Header, body io.Reader) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	if id != "known" {
		return fmt.Errorf("no: %w", mood.ErrGone)
	}
	var err error
	s.header = h
	if s.body, err = io.ReadAll(body); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
}

const intent = "?hub.mode=subscribe&hub.topic=https%3A%2F%2Fnews.example%2F%3Fa%3D1%26b%3D2&hub.challenge=%3Cscript%3Ealert(1)%3C%2Fscript%3E&hub.lease_seconds=10"

func TestAHubIsAnsweredWithItsChallengeAsHarmlessBytes(t *testing.T) {
	board := &switchboard{}
	h := guarded(t, func(c *Config) { c.Hubs, c.PublicURL = board, "https://mood.example.com" })
	a := h.get("/websub/known"+intent, "Host", "mood.example.com")
	if a.status != http.StatusOK || a.body != "<script>alert(1)</script>" {
		t.Errorf("%d %q", a.status, a.body)
	}
	if a.header.Get("Content-Type") != "application/octet-stream" || a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Content-Security-Policy") != contentPolicy {
		t.Errorf("a browser could run it: %v", a.header)
	}
	if got := board.query.Get("hub.topic"); got != "https://news.example/?a=1&b=2" {
		t.Errorf("topic %s", got)
	}
	if a := h.get("/websub/unknown" + intent); a.status != http.StatusNotFound {
		t.Errorf("an unknown one: %d", a.status)
	}
	board.query = nil
	if a := h.ask(http.MethodHead, "/websub/known"+intent, ""); a.status != http.StatusNotFound || board.query != nil {
		t.Errorf("a HEAD confirms what nobody reads: %d", a.status)
	}
	board.err = mood.ErrUnavailable
	if a := h.get("/websub/known" + intent); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("before the subscriptions are read: %d", a.status)
	}
}

func TestWhatAHubPushesArrivesUnchanged(t *testing.T) {
	var log bytes.Buffer
	board := &switchboard{}
	ingest := guarded(t, func(c *Config) {
		c.Hubs, c.PublicURL = board, "https://mood.example.com"
		c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	web := guarded(t, func(c *Config) { c.Intake, c.IngestURL, c.PublicURL = nil, ingest.url, "https://mood.example.com" })
	body := make([]byte, 1<<20) // compressed, as far as anybody can tell
	_, _ = rand.Read(body)
	for name, h := range map[string]*house{"here": ingest, "passed on": web} {
		board.body = nil
		a := h.post("/websub/known", string(body), "Host", "mood.example.com", "Content-Type", "application/atom+xml; charset=utf-16",
			"Content-Encoding", "gzip", "X-Hub-Signature", "sha1=00", "Link", `<https://hub.example/>; rel=hub, <x>; rel=self`)
		if a.status != http.StatusAccepted || !bytes.Equal(board.body, body) {
			t.Errorf("%s: %d, %d bytes arrived", name, a.status, len(board.body))
		}
		for header, want := range map[string]string{"Content-Type": "application/atom+xml; charset=utf-16", "Content-Encoding": "gzip", "X-Hub-Signature": "sha1=00"} {
			if got := board.header.Get(header); got != want {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
		if a := h.get("/websub/known"+intent, "Host", "mood.example.com"); a.status != http.StatusOK || a.body != "<script>alert(1)</script>" {
			t.Errorf("%s: confirmed with %d %q", name, a.status, a.body)
		}
		if a := h.post("/websub/unknown", "x", "Host", "mood.example.com"); a.status != http.StatusGone {
			t.Errorf("%s: an unknown one: %d", name, a.status)
		}
		if a := h.post("/websub/known", string(make([]byte, 8<<20+1))); a.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: over 8 MB: %d", name, a.status)
		}
		if a := h.post("/websub/known", "x", "Host", "evil.example.com"); a.status != http.StatusMisdirectedRequest {
			t.Errorf("%s: under a stranger's name: %d", name, a.status)
		}
	}
	if err := ingest.stop(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(log.String(), "/known") {
		t.Error("the id of a subscription is in the log")
	}
}

func TestAHubIsToldWhenToComeBack(t *testing.T) {
	board := &switchboard{err: fmt.Errorf("busy: %w", mood.ErrUnavailable)}
	h := open(t, func(c *Config) { c.Hubs = board })
	if a := h.post("/websub/known", "x"); a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") != "30" {
		t.Errorf("%d %v", a.status, a.header)
	}
	board.err = errors.New("cut off")
	if a := h.post("/websub/known", "x"); a.status != http.StatusBadRequest {
		t.Errorf("a broken request: %d", a.status)
	}
	none := open(t, nil)
	if a := none.post("/websub/known", "x"); a.status != http.StatusGone {
		t.Errorf("without subscriptions: %d", a.status)
	}
	if a := none.get("/websub/known" + intent); a.status != http.StatusNotFound {
		t.Errorf("without subscriptions: %d", a.status)
	}
}
