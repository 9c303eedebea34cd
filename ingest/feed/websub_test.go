package feed

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

func TestTheHubOfAFeedIsAskedAndWhatItPushesArrivesAtOnce(t *testing.T) {
	w := &hubWorld{latency: 2 * time.Second}
	withHub(t, w, nil, func(p *Poller, box *inbox) {
		time.Sleep(time.Second)
		if got := pushOf(p, "s"); got.State != mood.PushAsked || got.Hub != hubAddress {
			t.Errorf("before the hub confirmed: %+v", got)
		}
		time.Sleep(time.Minute)
		form := w.subscription()
		if form.Get("hub.mode") != "subscribe" || form.Get("hub.topic") != feedAddress || form.Get("hub.lease_seconds") != "864000" ||
			len(idOf(form.Get("hub.callback"))) != 32 || len(form.Get("hub.secret")) < 32 || len(form.Get("hub.secret")) >= 200 {
			t.Errorf("asked for %v", form)
		}
		polls := w.pollsSince(time.Time{})
		for method := range methods {
			body := rssOf(one(method))
			if err := w.push(form, body, "X-Hub-Signature", signature(method, form.Get("hub.secret"), body)); err != nil {
				t.Errorf("%s: %v", method, err)
			}
			if !slices.Contains(box.titles(), method) {
				t.Errorf("what was signed with %s didn't arrive", method)
			}
		}
		got := pushOf(p, "s")
		if got.State != mood.PushActive || got.Pushes != 4 || got.Last == nil || got.Since == nil || got.Until.Sub(*got.Since) != 10*day || got.Tally.Verified != 1 || got.Tally.Pushes != 4 {
			t.Errorf("health: %+v, tally %+v", got, got.Tally)
		}
		if n := w.pollsSince(time.Time{}); n != polls {
			t.Errorf("the feed was polled %d times for it", n-polls)
		}
	})
}

func TestAPushWithAWrongOrMissingSignatureIsDroppedAndCounted(t *testing.T) {
	w := &hubWorld{}
	withHub(t, w, nil, func(p *Poller, box *inbox) {
		time.Sleep(time.Minute)
		form := w.subscription()
		body := rssOf(one("forged"))
		good := signature("sha256", form.Get("hub.secret"), body)
		polls := w.pollsSince(time.Time{})
		bad := []string{
			"", "sha256", "sha256=", "=", "sha256=zz", good[:len(good)-2], good + "00", strings.Replace(good, "sha256", "sha1", 1),
			strings.Replace(good, "sha256", "md5", 1), signature("sha256", "", body), signature("sha512", "guess", body),
			signature("sha256", form.Get("hub.secret"), body+" "),
		}
		for _, sign := range bad {
			if err := w.push(form, body, "X-Hub-Signature", sign); err != nil {
				t.Errorf("%q: the hub learns that it was wrong: %v", sign, err)
			}
		}
		time.Sleep(5 * time.Minute)
		got := pushOf(p, "s")
		if slices.Contains(box.titles(), "forged") || got.Pushes != 0 || got.BadSignatures != int64(len(bad)) || got.Tally.BadSignatures != int64(len(bad)) {
			t.Errorf("arrived: %v, health: %+v", box.titles(), got)
		}
		if n := w.pollsSince(time.Time{}); n != polls {
			t.Errorf("forged pushes caused %d polls", n-polls)
		}
		if err := w.push(form, body); err != nil || !slices.Contains(box.titles(), "forged") {
			t.Errorf("the same, signed: %v %v", err, box.titles())
		}
		if err := p.Push(t.Context(), "0123456789abcdef0123456789abcdef", http.Header{}, strings.NewReader(body)); !errors.Is(err, mood.ErrGone) {
			t.Errorf("an unknown subscription: %v", err)
		}
	})
}

func TestOnlyWhatWasAskedForIsConfirmed(t *testing.T) {
	w := &hubWorld{}
	withHub(t, w, nil, func(p *Poller, _ *inbox) {
		time.Sleep(time.Minute)
		id := idOf(w.subscription().Get("hub.callback"))
		until := *pushOf(p, "s").Until
		for name, q := range map[string]url.Values{
			"another topic":             {"hub.mode": {"subscribe"}, "hub.topic": {"https://evil.example/"}, "hub.challenge": {"x"}, "hub.lease_seconds": {"60"}},
			"no challenge":              {"hub.mode": {"subscribe"}, "hub.topic": {feedAddress}, "hub.lease_seconds": {"60"}},
			"a long one":                {"hub.mode": {"subscribe"}, "hub.topic": {feedAddress}, "hub.challenge": {strings.Repeat("x", 5000)}},
			"an end":                    {"hub.mode": {"unsubscribe"}, "hub.topic": {feedAddress}, "hub.challenge": {"x"}},
			"an unknown mode":           {"hub.mode": {"publish"}, "hub.topic": {feedAddress}, "hub.challenge": {"x"}},
			"nothing":                   {},
			"a denial of another topic": {"hub.mode": {"denied"}, "hub.topic": {"https://evil.example/"}},
		} {
			if echo, err := p.VerifyIntent(id, q); !errors.Is(err, mood.ErrNotFound) || echo != "" {
				t.Errorf("%s: %q, %v", name, echo, err)
			}
		}
		good := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {feedAddress}, "hub.challenge": {"x"}, "hub.lease_seconds": {"60"}}
		if _, err := p.VerifyIntent("unknown", good); !errors.Is(err, mood.ErrNotFound) {
			t.Errorf("an unknown id: %v", err)
		}
		if got := pushOf(p, "s"); got.State != mood.PushActive || !got.Until.Equal(until) {
			t.Errorf("it changed something: %+v", got)
		}
	})
}

func TestALeaseIsRenewedAheadOfItsEndAndNotAllInStep(t *testing.T) {
	const sources = 30
	w := &hubWorld{latency: time.Second, confirm: func(int, url.Values) (string, string) { return "subscribe", "86400" }}
	w.feed = func(r *http.Request) *http.Response {
		return reply(http.StatusOK, strings.ReplaceAll(named("a"), feedAddress, r.URL.String()))
	}
	many := func(c *Config) {
		c.Sources = nil
		for i := range sources {
			c.Sources = append(c.Sources, mood.Source{ID: fmt.Sprint("s", i), Kind: "feed", URL: fmt.Sprintf("https://news%d.example/feed", i)})
		}
	}
	withHub(t, w, many, func(p *Poller, _ *inbox) {
		time.Sleep(10 * day)
		asks := map[string][]time.Time{}
		for _, a := range w.requests("subscribe") {
			asks[a.form.Get("hub.callback")] = append(asks[a.form.Get("hub.callback")], a.at)
		}
		if len(asks) != sources {
			t.Fatalf("%d subscriptions for %d sources", len(asks), sources)
		}
		second := map[int64]int{} // renewals by ten minutes of the first day
		for _, at := range asks {
			for i := 1; i < len(at); i++ {
				if gap := at[i].Sub(at[i-1]); gap < 17*time.Hour || gap > 22*time.Hour {
					t.Errorf("a lease of a day was renewed after %v", gap)
				}
			}
			second[at[1].Unix()/600]++
		}
		for slot, n := range second {
			if n > sources/3 {
				t.Errorf("%d of %d were renewed within ten minutes (%d)", n, sources, slot)
			}
		}
		for i := range sources {
			if got := pushOf(p, fmt.Sprint("s", i)); got.State != mood.PushActive || time.Since(*got.Since) < 9*day {
				t.Errorf("source %d lapsed: %+v", i, got)
			}
		}
	})
}

func TestTheLeaseOfAHubIsTakenWithinReason(t *testing.T) {
	for lease, most := range map[string]int{"1": 13 * 24, "0": 2, "junk": 2, "-5": 2, "": 2, "99999999999999999999": 1, "31536000000": 1, "2592000": 1} {
		w := &hubWorld{confirm: func(int, url.Values) (string, string) { return "subscribe", lease }}
		withHub(t, w, nil, func(_ *Poller, _ *inbox) {
			time.Sleep(day + time.Hour)
			if n := len(w.requests("")); n > most || n < 1 {
				t.Errorf("lease %q: asked %d times in a day, at most %d are decent", lease, n, most)
			}
		})
	}
	w := &hubWorld{confirm: func(int, url.Values) (string, string) { return "subscribe", "31536000" }}
	withHub(t, w, nil, func(_ *Poller, _ *inbox) {
		time.Sleep(15 * day)
		if n := len(w.requests("subscribe")); n != 2 {
			t.Errorf("a lease of a year: asked %d times in 15 days", n)
		}
	})
}

func TestADeniedSubscriptionIsAskedForAgainAndAgainLater(t *testing.T) {
	deny := true
	w := &hubWorld{latency: time.Second}
	w.confirm = func(int, url.Values) (string, string) {
		if deny {
			return "denied", ""
		}
		return "subscribe", "864000"
	}
	withHub(t, w, nil, func(p *Poller, _ *inbox) {
		time.Sleep(time.Hour)
		got := pushOf(p, "s")
		if got.State != mood.PushDenied || !strings.Contains(got.Note, "no room") || strings.Contains(got.Note, "<") || got.Tally.Denied != 1 {
			t.Errorf("health: %+v", got)
		}
		at := time.Now()
		time.Sleep(14 * day)
		if n := len(w.requests("")); n < 3 || n > 9 {
			t.Errorf("asked %d times in two weeks", n)
		}
		if w.pollsSince(at) < 14 {
			t.Error("polling stopped")
		}
		deny = false
		time.Sleep(8 * day)
		if got := pushOf(p, "s"); got.State != mood.PushActive || got.Note != "" {
			t.Errorf("after the hub changed its mind: %+v", got)
		}
		// It may change its mind at any time.
		form := w.subscription()
		w.verify(form, "denied", "")
		if got := pushOf(p, "s"); got.State != mood.PushDenied || got.Until != nil {
			t.Errorf("denied while it ran: %+v", got)
		}
	})
}

func TestAHubThatFailsIsAskedLessAndLess(t *testing.T) {
	for name, answer := range map[string]func(n int, r *http.Request) (*http.Response, error){
		"dead": func(int, *http.Request) (*http.Response, error) { return nil, errDead },
		"503":  func(int, *http.Request) (*http.Response, error) { return reply(503, ""), nil },
		"400":  func(int, *http.Request) (*http.Response, error) { return reply(400, "bad topic"), nil },
		"a redirect that asks": func(int, *http.Request) (*http.Response, error) {
			return reply(302, "", "Location", "https://hub.example/2"), nil
		},
		"a loop": func(int, *http.Request) (*http.Response, error) { return reply(307, "", "Location", hubAddress), nil },
		"no secret in clear": func(int, *http.Request) (*http.Response, error) {
			return reply(308, "", "Location", "http://hub.example/"), nil
		},
		"slow": func(_ int, r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
		"never confirms": nil,
	} {
		w := &hubWorld{answer: answer, confirm: func(int, url.Values) (string, string) { return "", "" }}
		withHub(t, w, nil, func(p *Poller, _ *inbox) {
			time.Sleep(2 * day)
			asks := w.requests("")
			var tries []time.Time // a redirect's hops are one try
			for _, a := range asks {
				if len(tries) == 0 || a.at.Sub(tries[len(tries)-1]) > time.Minute {
					tries = append(tries, a.at)
				}
			}
			if len(tries) < 4 || len(tries) > 16 {
				t.Errorf("%s: tried %d times in two days", name, len(tries))
			}
			for i := 1; i < len(tries); i++ {
				if gap := tries[i].Sub(tries[i-1]); gap < 5*time.Minute {
					t.Errorf("%s: tried again after %v", name, gap)
				}
			}
			if name == "a loop" && len(asks) > len(tries)*(maxRedirects+1) {
				t.Errorf("a loop: %d requests for %d tries", len(asks), len(tries))
			}
			got := pushOf(p, "s")
			if got.State != mood.PushFailed || got.Note == "" || got.Tally.Failed < 3 {
				t.Errorf("%s: %+v", name, got)
			}
			for _, a := range asks {
				if strings.HasPrefix(a.hub, "http:") {
					t.Errorf("%s: the secret went to %s", name, a.hub)
				}
			}
		})
	}
}

func TestAHubsRetryAfterIsKept(t *testing.T) {
	w := &hubWorld{answer: func(n int, _ *http.Request) (*http.Response, error) {
		if n == 0 {
			return reply(503, "", "Retry-After", "36000"), nil
		}
		return nil, nil
	}}
	withHub(t, w, nil, func(p *Poller, _ *inbox) {
		time.Sleep(12 * time.Hour)
		asks := w.requests("")
		if len(asks) != 2 || asks[1].at.Sub(asks[0].at) < 10*time.Hour {
			t.Errorf("asked: %v", asks)
		}
		if got := pushOf(p, "s"); got.State != mood.PushActive {
			t.Errorf("then: %+v", got)
		}
	})
}

func TestARedirectingHubIsFollowed(t *testing.T) {
	w := &hubWorld{answer: func(_ int, r *http.Request) (*http.Response, error) {
		if r.URL.Path != "/real" {
			return reply(307, "", "Location", "https://hub2.example/real"), nil
		}
		return nil, nil
	}}
	withHub(t, w, nil, func(p *Poller, _ *inbox) {
		time.Sleep(time.Minute)
		if form := w.subscription(); form.Get("hub.secret") == "" || pushOf(p, "s").State != mood.PushActive {
			t.Errorf("the form didn't arrive whole: %v", form)
		}
	})
}

func TestAfterThreeFailuresTheNextHubIsAsked(t *testing.T) {
	for _, how := range []string{"dead", "denies"} {
		w := &hubWorld{
			answer: func(_ int, r *http.Request) (*http.Response, error) {
				if how == "dead" && r.URL.Host == "hub1.example" {
					return nil, errDead
				}
				return nil, nil
			},
		}
		w.confirm = func(n int, _ url.Values) (string, string) {
			if how == "denies" && w.asks[n].hub == "https://hub1.example/" {
				return "denied", ""
			}
			return "subscribe", "864000"
		}
		w.serve(rssOf(one("a")), "Link", `<https://hub1.example/>; rel=hub, <https://hub2.example/>; rel=hub`)
		withHub(t, w, nil, func(p *Poller, _ *inbox) {
			time.Sleep(day)
			var first, second string
			for _, a := range w.requests("subscribe") {
				if a.hub == "https://hub1.example/" {
					first = a.form.Get("hub.secret") + a.form.Get("hub.callback")
				} else {
					second = a.form.Get("hub.secret") + a.form.Get("hub.callback")
				}
				if topic := a.form.Get("hub.topic"); topic != feedAddress {
					t.Errorf("%s: without rel=self the topic is %s", how, topic)
				}
			}
			if got := pushOf(p, "s"); got.State != mood.PushActive || got.Hub != "https://hub2.example/" {
				t.Errorf("%s: %+v", how, got)
			}
			if first == second {
				t.Errorf("%s: one hub knows the secret of the other's subscription", how)
			}
			if n := len(w.requests("")); n > 5 {
				t.Errorf("%s: %d requests", how, n)
			}
		})
	}
}

func TestAFeedThatNamesANewHubAtEveryPollIsHumouredOnceInAWhile(t *testing.T) {
	w := &hubWorld{latency: time.Second}
	n := 0
	w.feed = func(*http.Request) *http.Response {
		n++
		if n%3 == 0 {
			return reply(200, rssOf(one("a"), fmt.Sprintf("<!-- %d -->", n)))
		}
		return reply(200, namedAt(fmt.Sprintf("https://hub%d.example/", n), "a"))
	}
	withHub(t, w, every(time.Minute), func(p *Poller, _ *inbox) {
		time.Sleep(3 * day)
		if w.pollsSince(time.Time{}) < 4000 {
			t.Fatal("it wasn't polled")
		}
		if got := len(w.requests("subscribe")); got < 2 || got > 13 {
			t.Errorf("%d subscriptions in three days", got)
		}
		if got := len(w.requests("")); got > 2*13 {
			t.Errorf("%d requests to hubs in three days", got)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.hubs.subs) > 3 {
			t.Errorf("%d subscriptions are kept", len(p.hubs.subs))
		}
	})
}

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
		"gone":            func(w *hubWorld, _ *Poller) { w.feed = func(*http.Request) *http.Response { return reply(410, "") } },
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
		if echo, err := p.VerifyIntent(idOf(form.Get("hub.callback")), q); err != nil || echo != "x" {
			t.Errorf("asked once more: %q %v", echo, err)
		}
		q.Set("hub.mode", "subscribe")
		if _, err := p.VerifyIntent(idOf(form.Get("hub.callback")), q); err == nil {
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
		time.Sleep(time.Hour)
		good := mood.Source{ID: "good", Kind: "feed", URL: "https://good.example/feed"}
		_ = p.SetSources(append(slices.Clone(p.cfg.Sources), good))
		time.Sleep(2 * time.Minute)
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

func TestNothingIsAskedForBeforeItIsOnDisk(t *testing.T) {
	w := &hubWorld{}
	states := newMemory()
	withHub(t, w, func(c *Config) { c.States = states }, func(p *Poller, _ *inbox) {
		states.mu.Lock()
		states.fail = errors.New("disk full")
		states.mu.Unlock()
		time.Sleep(time.Hour)
		states.mu.Lock()
		n := len(w.requests(""))
		states.fail = nil
		states.mu.Unlock()
		if n > 1 { // the first may have gone out before the disk was full
			t.Errorf("%d requests while nothing could be kept", n)
		}
		time.Sleep(time.Hour)
		if got := pushOf(p, "s"); got.State != mood.PushActive {
			t.Errorf("then: %+v", got)
		}
	})
}

func TestWhereNoHubCanReachUsNoneIsAsked(t *testing.T) {
	for _, c := range []struct{ callback, hub, says string }{
		{"", hubAddress, "public_url"},
		{"http://127.0.0.1:8080/websub", hubAddress, "loopback"},
		{"http://localhost:8080/websub", hubAddress, "loopback"},
		{"http://[::1]:8080/websub", hubAddress, "loopback"},
	} {
		w := &hubWorld{}
		w.serve(namedAt(c.hub, "a"))
		withHub(t, w, func(cfg *Config) { cfg.Callback = c.callback }, func(p *Poller, _ *inbox) {
			time.Sleep(day)
			got := pushOf(p, "s")
			if len(w.requests("")) != 0 || got.State != mood.PushOff || !strings.Contains(got.Note, c.says) {
				t.Errorf("%s: asked %d times, %+v", c.callback, len(w.requests("")), got)
			}
		})
	}
	if _, err := NewPoller(Config{Deliver: newInbox().deliver, States: newMemory(), Callback: "agora.example"}); err == nil {
		t.Error("a callback without http:// was taken")
	}
}

func gzipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s))
	_ = z.Close()
	return b.String()
}
