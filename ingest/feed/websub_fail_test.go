package feed

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"agora/mood"
)

func TestADeniedSubscriptionIsAskedForAgainAndAgainLater(t *testing.T) {
	var deny atomic.Bool
	deny.Store(true)
	w := &hubWorld{latency: time.Second}
	w.confirm = func(int, url.Values) (string, string) {
		if deny.Load() {
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
		deny.Store(false)
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
