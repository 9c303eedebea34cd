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
			len(hubIDOf(form.Get("hub.callback"))) != 32 || len(form.Get("hub.secret")) < 32 || len(form.Get("hub.secret")) >= 200 {
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
		id := hubIDOf(w.subscription().Get("hub.callback"))
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

func TestAShortLeaseIsRenewedBeforeItRunsOut(t *testing.T) {
	w := &hubWorld{confirm: func(int, url.Values) (string, string) { return "subscribe", "45" }}
	withHub(t, w, nil, func(p *Poller, _ *inbox) {
		time.Sleep(time.Minute)
		for range 120 {
			if got := pushOf(p, "s"); got.State != mood.PushActive {
				t.Errorf("the subscription is %s: %s", got.State, got.Note)
				return
			}
			time.Sleep(5 * time.Second)
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
