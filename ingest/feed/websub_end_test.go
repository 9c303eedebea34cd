package feed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

func TestASubscriptionEndsWithItsSourceItsHubOrItsTopic(t *testing.T) {
	other := strings.ReplaceAll(named("a"), feedAddress, "https://news.example/other")
	for name, change := range map[string]func(w *hubWorld, p *Poller){
		"taken out": func(_ *hubWorld, p *Poller) { _ = p.SetSources(nil) },
		"another address": func(_ *hubWorld, p *Poller) {
			_ = p.SetSources([]mood.Source{{ID: "s", Kind: "feed", URL: "https://quiet.example/"}})
		},
		"no hub any more": func(w *hubWorld, _ *Poller) { w.serve(rssOf(one("a"))) },
		"another hub":     func(w *hubWorld, _ *Poller) { w.serve(namedAt("https://hub2.example/", "a")) },
		"another topic":   func(w *hubWorld, _ *Poller) { w.serve(other) },
		"gone": func(w *hubWorld, _ *Poller) {
			w.answerFeed(func(*http.Request) *http.Response { return reply(410, "") })
		},
	} {
		w := &hubWorld{latency: time.Second}
		withHub(t, w, func(c *Config) { c.Sources[0].Every = time.Hour }, func(p *Poller, _ *inbox) {
			time.Sleep(10 * time.Hour)
			form := w.subscription()
			w.mu.Lock()
			before := w.feed
			w.feed = func(r *http.Request) *http.Response {
				if r.URL.Host == "quiet.example" {
					return reply(200, rssOf(one("q")))
				}
				return before(r)
			}
			w.mu.Unlock()
			change(w, p)
			time.Sleep(5 * time.Hour)
			ends := w.requests("unsubscribe")
			if len(ends) != 1 || ends[0].form.Get("hub.callback") != form.Get("hub.callback") || ends[0].form.Get("hub.topic") != feedAddress || ends[0].form.Has("hub.secret") {
				t.Fatalf("%s: ended by %v", name, ends)
			}
			w.mu.Lock()
			_, still := w.confirmed[form.Get("hub.callback")]
			w.mu.Unlock()
			if still {
				t.Errorf("%s: the end wasn't confirmed", name)
			}
			if err := w.push(form, rssOf(one("late"))); !errors.Is(err, mood.ErrGone) {
				t.Errorf("%s: a push after the end: %v", name, err)
			}
			if name == "another hub" || name == "another topic" {
				if got := pushOf(p, "s"); got.State != mood.PushActive || len(w.requests("subscribe")) != 2 {
					t.Errorf("%s: %+v", name, got)
				}
			} else if got := healthOf(p, "s").Push; got != nil {
				t.Errorf("%s: %+v", name, got)
			}
		})
	}
}

func TestAHubThatDoesntConfirmTheEndIsLeftAfterThreeTries(t *testing.T) {
	w := &hubWorld{confirm: func(_ int, form url.Values) (string, string) {
		if form.Get("hub.mode") == "unsubscribe" {
			return "", ""
		}
		return "subscribe", "864000"
	}}
	withHub(t, w, nil, func(p *Poller, _ *inbox) {
		time.Sleep(time.Hour)
		_ = p.SetSources(nil)
		time.Sleep(3 * day)
		if n := len(w.requests("unsubscribe")); n != 3 {
			t.Errorf("asked %d times", n)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.hubs.subs) != 0 {
			t.Errorf("kept: %v", p.hubs.subs)
		}
	})
}

func TestAnEndingSubscriptionTakesNothingAndConfirmsItsEndTwice(t *testing.T) {
	w := &hubWorld{}
	withHub(t, w, nil, func(p *Poller, box *inbox) {
		time.Sleep(time.Hour)
		form := w.subscription()
		_ = p.SetSources(nil)
		time.Sleep(time.Minute)
		if err := w.push(form, rssOf(one("late"))); !errors.Is(err, mood.ErrGone) || slices.Contains(box.titles(), "late") {
			t.Errorf("a push: %v", err)
		}
		q := url.Values{"hub.mode": {"unsubscribe"}, "hub.topic": {feedAddress}, "hub.challenge": {"x"}}
		if echo, err := p.VerifyIntent(hubIDOf(form.Get("hub.callback")), q); err != nil || echo != "x" {
			t.Errorf("asked once more: %q %v", echo, err)
		}
		q.Set("hub.mode", "subscribe")
		if _, err := p.VerifyIntent(hubIDOf(form.Get("hub.callback")), q); err == nil {
			t.Error("it began anew")
		}
	})
}

func TestALeaseThatRunsOutBringsThePollsBack(t *testing.T) {
	w := &hubWorld{confirm: func(n int, _ url.Values) (string, string) {
		if n > 0 {
			return "", "" // it accepts, and has forgotten us
		}
		return "subscribe", "21600"
	}}
	withHub(t, w, nil, func(p *Poller, _ *inbox) {
		begun := time.Now().Add(-day)
		w.serveBusy(begun)
		time.Sleep(time.Minute)
		form := w.subscription()
		for range 11 {
			_ = w.push(form, rssOf(busyFeed(begun, time.Now())[0]))
			time.Sleep(30 * time.Minute)
		}
		if got := pushOf(p, "s"); got.State != mood.PushActive {
			t.Errorf("while the lease runs: %+v", got)
		}
		time.Sleep(2 * time.Hour)
		if got := pushOf(p, "s"); got.State != mood.PushFailed || got.Until != nil || got.Note == "" {
			t.Errorf("after it: %+v", got)
		}
		if n := w.pollsSince(time.Now().Add(-time.Hour)); n < 3 {
			t.Errorf("polled %d times in the hour after", n)
		}
	})
}

func TestHubsThatWantToBeLeftAloneHoldNobodyUp(t *testing.T) {
	w := &hubWorld{answer: func(_ int, r *http.Request) (*http.Response, error) {
		if r.URL.Host != "hub.example" {
			return reply(503, "", "Retry-After", "80000"), nil
		}
		return nil, nil
	}}
	w.feed = func(r *http.Request) *http.Response {
		hub := hubAddress
		if host := r.URL.Hostname(); host != "good.example" {
			hub = "https://hub." + host[len(host)-len("0.example"):] + "/"
		}
		return reply(200, strings.ReplaceAll(namedAt(hub, "a"), feedAddress, r.URL.String()))
	}
	many := func(c *Config) {
		c.Sources = nil
		for i := range 24 { // of six hubs
			c.Sources = append(c.Sources, mood.Source{ID: fmt.Sprint("s", i), Kind: "feed", URL: fmt.Sprintf("https://a%d.x%d.example/feed", i, i%6)})
		}
	}
	withHub(t, w, many, func(p *Poller, _ *inbox) {
		time.Sleep(20 * time.Second)
		good := mood.Source{ID: "good", Kind: "feed", URL: "https://good.example/feed"}
		_ = p.SetSources(append(slices.Clone(p.cfg.Sources), good))
		time.Sleep(20 * time.Second)
		if got := pushOf(p, "good"); got.State != mood.PushActive {
			t.Errorf("it waits for others: %+v", got)
		}
	})
}

func TestASubscriptionOutlivesARestart(t *testing.T) {
	w := &hubWorld{latency: time.Second}
	states := newMemory()
	w.say("a")
	synctest.Test(t, func(t *testing.T) {
		box := newInbox()
		cfg := Config{
			Deliver: box.deliver, States: states, Transport: w, Callback: ourCallback,
			Sources: []mood.Source{{ID: "s", Kind: "feed", URL: feedAddress}},
		}
		stop := w.start(t, cfg)
		time.Sleep(time.Minute)
		form := w.subscription()
		if err := w.push(form, rssOf(one("b"))); err != nil {
			t.Fatal(err)
		}
		stop()
		time.Sleep(time.Hour)
		stop = w.start(t, cfg)
		time.Sleep(time.Second)
		for range 2 {
			if err := w.push(form, rssOf(one("b"), one("c"))); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Second) // for the states to be written
		if got := strings.Join(box.titles(), ""); got != "abc" {
			t.Errorf("delivered %q", got)
		}
		if got := pushOf(w.p, "s"); got.State != mood.PushActive || got.Pushes != 3 || got.Tally.Pushes != 3 {
			t.Errorf("health: %+v %+v", got, got.Tally)
		}
		time.Sleep(12 * day)
		if n := len(w.requests("")); n != 2 {
			t.Errorf("asked %d times in 12 days", n)
		}
		stop()
		// Elsewhere, or nowhere: the old callback reaches nobody.
		cfg.Callback = "https://elsewhere.example/websub"
		stop = w.start(t, cfg)
		time.Sleep(day)
		asks := w.requests("subscribe")
		if last := asks[len(asks)-1].form.Get("hub.callback"); !strings.HasPrefix(last, "https://elsewhere.example/websub/") {
			t.Errorf("asked to push to %s", last)
		}
		stop()
	})
}

// fullDisk can be read and not written, until it is freed.
type fullDisk struct {
	*memory
	freed atomic.Bool
}

func (d *fullDisk) Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error {
	if !d.freed.Load() {
		return errors.New("disk full")
	}
	return d.memory.Put(ctx, kind, id, value, ttl)
}

func TestNothingIsAskedForBeforeItIsOnDisk(t *testing.T) {
	w := &hubWorld{}
	states := &fullDisk{memory: newMemory()}
	withHub(t, w, func(c *Config) { c.States = states }, func(p *Poller, _ *inbox) {
		time.Sleep(time.Hour)
		if n := len(w.requests("")); n > 0 {
			t.Errorf("%d requests while nothing could be kept", n)
		}
		states.freed.Store(true)
		time.Sleep(time.Hour)
		if got := pushOf(p, "s"); got.State != mood.PushActive {
			t.Errorf("then: %+v", got)
		}
	})
}
