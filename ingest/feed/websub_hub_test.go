package feed

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

// hubWorld is a web of feeds and hubs on the test's clock. Hosts whose names
// begin with "hub" are hubs, the others serve feeds.
type hubWorld struct {
	t  testing.TB
	p  *Poller
	mu sync.Mutex

	feed func(r *http.Request) *http.Response // what feeds answer

	// answer is what hubs answer; nil: 202. confirm says whether a hub then
	// asks back, and with which lease; nil: it does, and grants ten days.
	answer  func(n int, r *http.Request) (*http.Response, error)
	confirm func(n int, form url.Values) (mode, lease string)
	latency time.Duration // of a hub's coming back

	polls     []time.Time
	asks      []asked2hub
	confirmed map[string]url.Values // running subscriptions, by callback
	wrong     []string              // what the subscriber did that a hub must not see
}

type asked2hub struct {
	at   time.Time
	hub  string
	form url.Values
}

const (
	ourCallback = "https://agora.example/websub"
	hubAddress  = "https://hub.example/"
	feedAddress = "https://news.example/feed"
)

func (w *hubWorld) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(r.URL.Hostname(), "hub") {
		w.mu.Lock()
		w.polls = append(w.polls, time.Now())
		answer := w.feed
		w.mu.Unlock()
		return answer(r), nil
	}
	body, _ := io.ReadAll(r.Body)
	form, err := url.ParseQuery(string(body))
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		w.complain("%s %s: %v", r.Method, r.Header.Get("Content-Type"), err)
	}
	w.mu.Lock()
	n := len(w.asks)
	w.asks = append(w.asks, asked2hub{time.Now(), r.URL.String(), form})
	answer, confirm := w.answer, w.confirm
	w.mu.Unlock()
	if answer != nil {
		if resp, err := answer(n, r); resp != nil || err != nil {
			return resp, err
		}
	}
	mode, lease := form.Get("hub.mode"), "864000"
	if confirm != nil {
		mode, lease = confirm(n, form)
	}
	if mode != "" {
		go func() {
			time.Sleep(w.latency)
			w.verify(form, mode, lease)
		}()
	}
	return reply(http.StatusAccepted, ""), nil
}

func (w *hubWorld) complain(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
}

func hubIDOf(callback string) string {
	id, _ := strings.CutPrefix(callback, ourCallback+"/")
	return id
}

// verify comes back to the subscriber, as section 5.3 has it.
func (w *hubWorld) verify(form url.Values, mode, lease string) {
	callback := form.Get("hub.callback")
	q := url.Values{"hub.mode": {mode}, "hub.topic": {form.Get("hub.topic")}, "hub.challenge": {"c-" + callback}, "hub.lease_seconds": {lease}}
	if mode == "denied" {
		q = url.Values{"hub.mode": {mode}, "hub.topic": {form.Get("hub.topic")}, "hub.reason": {"<b>no room</b>"}}
	}
	echo, err := w.p.VerifyIntent(hubIDOf(callback), q)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case mode == "denied":
	case err != nil || echo != "c-"+callback:
	case mode == "subscribe":
		if w.confirmed == nil {
			w.confirmed = map[string]url.Values{}
		}
		w.confirmed[callback] = form
	case mode == "unsubscribe":
		delete(w.confirmed, callback)
	}
}

// subscription gives the one that is running; there must be one.
func (w *hubWorld) subscription() url.Values {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.confirmed) != 1 {
		w.t.Fatalf("%d subscriptions are running", len(w.confirmed))
	}
	for _, form := range w.confirmed {
		return form
	}
	return nil
}

var methods = map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}

func signature(method, secret, body string) string {
	mac := hmac.New(methods[method], []byte(secret))
	_, _ = mac.Write([]byte(body))
	return method + "=" + hex.EncodeToString(mac.Sum(nil))
}

// push pushes, signed as agreed unless headers say otherwise.
func (w *hubWorld) push(form url.Values, body string, headers ...string) error {
	h := http.Header{"X-Hub-Signature": {signature("sha256", form.Get("hub.secret"), body)}, "Content-Type": {"application/rss+xml"}}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	err := w.p.Push(context.Background(), hubIDOf(form.Get("hub.callback")), h, strings.NewReader(body))
	if w.t != nil && err == nil {
		synctest.Wait()
	}
	return err
}

// requests lists what was asked of hubs, in one word each.
func (w *hubWorld) requests(mode string) (list []asked2hub) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range w.asks {
		if mode == "" || a.form.Get("hub.mode") == mode {
			list = append(list, a)
		}
	}
	return list
}

func (w *hubWorld) pollsSince(at time.Time) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, poll := range w.polls {
		if !poll.Before(at) {
			n++
		}
	}
	return n
}

// say changes what the feed lists.
func (w *hubWorld) say(items ...string) { w.serve(named(items...)) }

func (w *hubWorld) serve(doc string, headers ...string) {
	w.answerFeed(func(*http.Request) *http.Response { return reply(http.StatusOK, doc, headers...) })
}

func (w *hubWorld) answerFeed(feed func(*http.Request) *http.Response) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.feed = feed
}

// named is a feed that names the hub, with dated items.
func named(titles ...string) string { return namedAt(hubAddress, titles...) }

func namedAt(hub string, titles ...string) string {
	items := `<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="` + hub + `"/><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="` + feedAddress + `"/>`
	for _, title := range titles {
		items += one(title)
	}
	return rssOf(items)
}

// withHub runs a poller of one source on a clock of its own while play plays.
func withHub(t *testing.T, w *hubWorld, change func(*Config), play func(p *Poller, box *inbox)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		if w.feed == nil {
			w.say("a", "b")
		}
		box := newInbox()
		cfg := Config{
			Deliver: box.deliver, States: newMemory(), Transport: w, Callback: ourCallback,
			Sources: []mood.Source{{ID: "s", Kind: "feed", URL: feedAddress}},
		}
		if change != nil {
			change(&cfg)
		}
		stop := w.start(t, cfg)
		play(w.p, box)
		stop()
		for _, wrong := range w.wrong {
			t.Error(wrong)
		}
	})
}

// start runs a poller; stop ends it.
func (w *hubWorld) start(t *testing.T, cfg Config) (stop func()) {
	t.Helper()
	p, err := NewPoller(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.t, w.p = t, p
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = p.Run(ctx) }()
	return func() { cancel(); <-done }
}

func pushOf(p *Poller, id string) mood.PushHealth {
	if ph := healthOf(p, id).Push; ph != nil {
		return *ph
	}
	return mood.PushHealth{}
}

var errDead = errors.New("connection refused")
