package feed

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

func TestRetryAfterOfEitherFormIsReadAndNonsenseIsNot(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	date := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, c := range []struct {
		headers []string
		want    time.Duration
	}{
		{[]string{"Retry-After", "120"}, 2 * time.Minute},
		{[]string{"Retry-After", " 120 "}, 2 * time.Minute},
		{[]string{"Retry-After", "0"}, 0},
		{[]string{"Retry-After", "-5"}, 0},
		{[]string{"Retry-After", "1.5"}, 0},
		{[]string{"Retry-After", "1e3"}, 0},
		{[]string{"Retry-After", "infinity"}, 0},
		{[]string{"Retry-After", "soon"}, 0},
		{[]string{"Retry-After", "120 seconds"}, 0},
		{[]string{"Retry-After", "99999999999999999999999"}, day},
		{[]string{"Retry-After", date(time.Hour)}, time.Hour},
		{[]string{"Retry-After", now.Add(time.Hour).Format("Monday, 02-Jan-06 15:04:05 GMT")}, time.Hour},
		{[]string{"Retry-After", now.Add(time.Hour).Format(time.ANSIC)}, time.Hour},
		{[]string{"Retry-After", date(-time.Hour)}, 0},
		{[]string{"Retry-After", date(90 * day)}, day},
		{[]string{"Retry-After", date(-time.Hour), "Date", date(-3 * time.Hour)}, 2 * time.Hour}, // its clock is slow
		{[]string{"Retry-After", date(time.Hour), "Date", date(30 * time.Minute)}, time.Hour},
		{[]string{"X-RateLimit-Remaining", "0.0", "X-RateLimit-Reset", "240"}, 4 * time.Minute}, // Reddit
		{[]string{"X-RateLimit-Remaining", "12", "X-RateLimit-Reset", "240"}, 0},
		{[]string{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", fmt.Sprint(now.Add(time.Hour).Unix())}, time.Hour}, // GitHub
		{[]string{"RateLimit", `"default";r=0;t=30`}, 30 * time.Second},
		{[]string{"RateLimit", `"default";r=5;t=30`}, 0},
		{[]string{"RateLimit", "limit=100, remaining=0, reset=50"}, 50 * time.Second},
		{[]string{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "never"}, 0},
	} {
		until, ok := pauseOf(reply(200, "", c.headers...).Header, now)
		if ok != (c.want > 0) || ok && !until.Equal(now.Add(c.want)) {
			t.Errorf("%q: %v, %v; want %v", c.headers, until.Sub(now), ok, c.want)
		}
	}
}

func TestFreshnessIsReadAsAPrivateCacheReadsIt(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, c := range []struct {
		headers []string
		want    time.Duration
	}{
		{nil, 0},
		{[]string{"Cache-Control", "max-age=600"}, 10 * time.Minute},
		{[]string{"Cache-Control", `Public, Max-Age="600"`}, 10 * time.Minute},
		{[]string{"Cache-Control", "max-age=600", "Age", "200"}, 400 * time.Second},
		{[]string{"Cache-Control", "max-age=600", "Age", "2000"}, 0},
		{[]string{"Cache-Control", "s-maxage=600"}, 0},
		{[]string{"Cache-Control", "no-cache, max-age=600"}, 0},
		{[]string{"Cache-Control", "no-store"}, 0},
		{[]string{"Cache-Control", `no-cache="Set-Cookie", max-age=600`}, 10 * time.Minute},
		{[]string{"Cache-Control", "max-age=600, max-age=900"}, 10 * time.Minute},
		{[]string{"Cache-Control", "max-age=-1"}, 0},
		{[]string{"Cache-Control", "max-age=1.5"}, 0},
		{[]string{"Cache-Control", "max-age=99999999999999999999"}, day},
		{[]string{"Expires", at(time.Hour)}, time.Hour},
		{[]string{"Expires", at(time.Hour), "Date", at(30 * time.Minute)}, 30 * time.Minute},
		{[]string{"Expires", at(time.Hour), "Cache-Control", "max-age=60"}, time.Minute},
		{[]string{"Expires", at(time.Hour), "Cache-Control", "no-cache"}, 0},
		{[]string{"Expires", "0"}, 0},
		{[]string{"Expires", at(-time.Hour)}, 0},
		{[]string{"Expires", at(90 * day)}, day},
	} {
		if got := freshnessOf(reply(200, "", c.headers...).Header, now).lasts; got != c.want {
			t.Errorf("%q: %v, want %v", c.headers, got, c.want)
		}
	}
}

func TestANotModifiedThatSaysNothingLeavesTheFreshnessInForce(t *testing.T) {
	w := &world{answer: func(n int, r *http.Request) *http.Response {
		if n == 0 {
			return reply(200, rssOf(one("a")), "ETag", `"1"`, "Cache-Control", "max-age=3600")
		}
		return reply(304, "")
	}}
	simulate(t, w, 12*time.Hour, every(time.Minute), private)
	v := w.visits(private)
	for i := 1; i < len(v); i++ {
		if v[i]-v[i-1] < time.Hour {
			t.Fatalf("asked at %v", v)
		}
	}
	if len(v) < 10 {
		t.Errorf("asked %d times", len(v))
	}
}

// stages runs one poller after the other on one store and one clock.
func stages(t *testing.T, w http.RoundTripper, span time.Duration, sources ...[]mood.Source) *memory {
	t.Helper()
	states := newMemory()
	synctest.Test(t, func(t *testing.T) {
		for _, list := range sources {
			p, err := NewPoller(Config{Sources: list, Deliver: newInbox().deliver, States: states, Transport: w})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); _ = p.Run(ctx) }()
			time.Sleep(span)
			cancel()
			<-done
		}
	})
	return states
}

func TestAPauseOutlivesTheProcessAndTheFeedThatWasTold(t *testing.T) {
	w := &world{answer: func(n int, r *http.Request) *http.Response {
		if r.URL.String() == publicA {
			return reply(200, rssOf(one("a")), "Retry-After", "36000")
		}
		return reply(200, rssOf(one("b")))
	}}
	stages(t, w, time.Hour,
		[]mood.Source{{ID: "a", URL: publicA}},
		[]mood.Source{{ID: "b", URL: publicB}},
		[]mood.Source{{ID: "b", URL: publicB}, {ID: "c", URL: publicC}})
	if n := len(w.visits(publicB)); n != 0 {
		t.Errorf("the host was asked %d times though it wants ten hours of peace", n)
	}
	if n := len(w.visits(publicC)); n == 0 {
		t.Error("another host waited, too")
	}
	w.log = nil
	stages(t, w, 11*time.Hour, []mood.Source{{ID: "a", URL: publicA}}, []mood.Source{{ID: "b", URL: publicB}})
	if n := len(w.visits(publicB)); n == 0 {
		t.Error("the host wasn't asked when the pause was over")
	}
}

func TestARedirectThatAsksToWaitIsFollowedThen(t *testing.T) {
	const target = "http://10.0.0.2/new"
	w := &world{answer: func(n int, r *http.Request) *http.Response {
		if r.URL.String() == private {
			return reply(302, "", "Location", target, "Retry-After", "1800")
		}
		return reply(200, rssOf(one("a")))
	}}
	_, box := simulate(t, w, 59*time.Minute, every(10*time.Minute), private)
	old, led := w.visits(private), w.visits(target)
	if len(led) != 1 || led[0] < 30*time.Minute || len(old) != 2 || old[1] < led[0] {
		t.Errorf("asked at %v, its target at %v", old, led)
	}
	if len(box.titles()) != 1 {
		t.Errorf("delivered %q", box.titles())
	}
}

func TestAPausedHostHoldsNoWorkerThatARedirectLedThere(t *testing.T) {
	w := &world{answer: func(n int, r *http.Request) *http.Response {
		switch r.URL.Host {
		case "busy.com":
			return reply(503, "", "Retry-After", "36000")
		case "good.com":
			return reply(200, rssOf(one("a")))
		}
		return reply(302, "", "Location", "http://busy.com/"+r.URL.Host)
	}}
	urls := []string{"http://good.com/1"}
	for i := range 20 {
		urls = append(urls, fmt.Sprintf("http://go%d.com/", i))
	}
	health, _ := simulate(t, w, time.Hour, func(c *Config) { every(time.Minute)(c); c.Workers = 4 }, urls...)
	if n := len(w.visits("http://good.com/1")); n < 50 {
		t.Errorf("a good feed was asked %d times in an hour", n)
	}
	asked := slices.IndexFunc(w.log, func(v visit) bool { return v.host == "busy.com" })
	if n := slices.IndexFunc(w.log[asked+1:], func(v visit) bool { return v.host == "busy.com" }); n >= 0 {
		t.Error("the host was asked during its pause")
	}
	if h := health["http://go3.com/"]; h.State != mood.SourceWaiting {
		t.Errorf("state %s, %q", h.State, h.LastError)
	}
}

func TestRedirectsToOneHostHoldFewWorkersAndAllArrive(t *testing.T) {
	w := &world{takes: 2 * time.Second, answer: func(n int, r *http.Request) *http.Response {
		if r.URL.Host == "hub.com" || r.URL.Host == "good.com" {
			return reply(200, nthItem(n))
		}
		return reply(302, "", "Location", "http://hub.com/"+r.URL.Host)
	}}
	urls := []string{"http://good.com/1"}
	for i := range 60 {
		urls = append(urls, fmt.Sprintf("http://go%d.com/", i))
	}
	health, _ := simulate(t, w, 10*time.Minute, func(c *Config) {
		every(time.Hour)(c)
		c.Sources[0].Every = 10 * time.Second
		c.Workers = 8
	}, urls...)
	if w.most["hub.com"] != 1 {
		t.Errorf("%d requests in flight to the host they lead to", w.most["hub.com"])
	}
	if v := w.visits(urls[0]); len(v) < 50 || late(v, 10*time.Second, 5*time.Second) > 0 {
		t.Errorf("a good feed was asked at %v", v)
	}
	for _, u := range urls[1:] {
		if health[u].State != mood.SourceFine || len(w.visits(u)) != 1 {
			t.Errorf("%s is %s (%s) after %d requests", u, health[u].State, health[u].LastError, len(w.visits(u)))
		}
	}
}
