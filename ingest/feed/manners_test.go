package feed

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

// world answers requests on the test's clock and notes them.
type world struct {
	mu       sync.Mutex
	log      []visit
	asked    map[string]int // by address
	inFlight map[string]int // by registrable domain
	most     map[string]int
	takes    time.Duration // how long an answer takes
	answer   func(n int, r *http.Request) *http.Response
}

type visit struct {
	at      time.Time
	url     string
	host    string
	request *http.Request
}

func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	key := hostKey(r.URL)
	w.mu.Lock()
	if w.inFlight == nil {
		w.asked, w.inFlight, w.most = map[string]int{}, map[string]int{}, map[string]int{}
	}
	address := r.URL.String()
	n := w.asked[address]
	w.asked[address]++
	w.log = append(w.log, visit{time.Now(), address, key, r})
	w.inFlight[key]++
	w.most[key] = max(w.most[key], w.inFlight[key])
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		w.inFlight[key]--
		w.mu.Unlock()
	}()
	select {
	case <-time.After(w.takes):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	return w.answer(n, r), nil
}

// visits lists when an address was asked, as times since the first request of
// all.
func (w *world) visits(url string) []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []time.Duration
	for _, v := range w.log {
		if v.url == url {
			list = append(list, v.at.Sub(w.log[0].at))
		}
	}
	return list
}

func reply(status int, body string, headers ...string) *http.Response {
	h := http.Header{}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

// simulate polls for a while on a clock of its own.
func simulate(t *testing.T, w *world, span time.Duration, change func(*Config), urls ...string) (health map[string]mood.SourceHealth, box *inbox) {
	t.Helper()
	health = map[string]mood.SourceHealth{}
	box = newInbox()
	synctest.Test(t, func(t *testing.T) {
		cfg := Config{Deliver: box.deliver, States: newMemory(), Transport: w}
		for i, u := range urls {
			cfg.Sources = append(cfg.Sources, mood.Source{ID: fmt.Sprint("s", i), Kind: "feed", URL: u})
		}
		if change != nil {
			change(&cfg)
		}
		p, err := NewPoller(cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); _ = p.Run(ctx) }()
		time.Sleep(span)
		for _, h := range p.Health() {
			health[h.URL] = h
		}
		cancel()
		<-done
	})
	return health, box
}

func every(d time.Duration) func(*Config) {
	return func(c *Config) {
		for i := range c.Sources {
			c.Sources[i].Every = d
		}
	}
}

const (
	publicA = "http://a.example.com/1"
	publicB = "http://b.example.com/2"
	publicC = "http://www.example.net/3"
	private = "http://10.0.0.1/1"
	privat2 = "http://10.0.0.1/2"
)

func TestOneRequestADomainWithASecondBetween(t *testing.T) {
	w := &world{takes: 300 * time.Millisecond, answer: func(int, *http.Request) *http.Response { return reply(200, rssOf(one("a"))) }}
	var urls []string
	for i := range 20 {
		urls = append(urls, fmt.Sprintf("http://h%d.example.com/%d", i%5, i))
	}
	simulate(t, w, time.Minute, every(10*time.Second), urls...)
	if w.most["example.com"] != 1 {
		t.Errorf("%d requests in flight to one domain", w.most["example.com"])
	}
	for i := 1; i < len(w.log); i++ {
		if gap := w.log[i].at.Sub(w.log[i-1].at); gap < time.Second+w.takes {
			t.Errorf("request %d came %v after the one before", i, gap)
		}
	}
	if len(w.log) < 40 {
		t.Errorf("only %d requests in a minute", len(w.log))
	}
}

func TestManyHostsAreAskedAtOnce(t *testing.T) {
	w := &world{takes: time.Second, answer: func(int, *http.Request) *http.Response { return reply(200, rssOf(one("a"))) }}
	var urls []string
	for i := range 50 {
		urls = append(urls, fmt.Sprintf("http://example%d.com/", i))
	}
	simulate(t, w, time.Second+time.Millisecond, nil, urls...)
	if len(w.log) != 50 {
		t.Errorf("%d of 50 hosts asked in the first second", len(w.log))
	}
}

func TestRetryAfterHoldsTheWholePublicHost(t *testing.T) {
	w := &world{answer: func(n int, r *http.Request) *http.Response {
		if r.URL.String() == publicA && n == 0 {
			return reply(503, "", "Retry-After", "7200")
		}
		return reply(200, rssOf(one("a")))
	}}
	health, _ := simulate(t, w, time.Hour, every(time.Minute), publicA, publicB, publicC)
	if n := len(w.visits(publicA)) + len(w.visits(publicB)); n > 2 {
		t.Errorf("the host was asked %d times though it asked for two hours of peace", n)
	}
	for _, u := range []string{publicA, publicB} {
		if h := health[u]; len(w.visits(u)) < 2 && h.State != mood.SourceWaiting && h.State != mood.SourceFine {
			t.Errorf("%s: state %s", u, h.State)
		}
	}
	if h := health[publicA]; h.State != mood.SourceWaiting || !strings.Contains(h.LastError, "whole host") {
		t.Errorf("state %s, %q", h.State, h.LastError)
	}
	if n := len(w.visits(publicC)); n < 50 {
		t.Errorf("another host was asked only %d times", n)
	}
}

func TestRetryAfterHoldsOnlyTheAddressOfAPrivateHost(t *testing.T) {
	w := &world{answer: func(n int, r *http.Request) *http.Response {
		if r.URL.String() == private {
			return reply(429, "", "Retry-After", "600")
		}
		return reply(200, rssOf(one("a")))
	}}
	simulate(t, w, 59*time.Minute, every(time.Minute), private, privat2)
	if n := len(w.visits(private)); n != 6 {
		t.Errorf("asked %d times in an hour of ten-minute pauses", n)
	}
	if n := len(w.visits(privat2)); n < 50 {
		t.Errorf("its neighbour was asked only %d times", n)
	}
	for i, at := range w.visits(private) {
		if at < time.Duration(i)*600*time.Second {
			t.Errorf("request %d came at %v", i, at)
		}
	}
}

func TestRetryAfterIsReadAsADateToo(t *testing.T) {
	w := &world{}
	w.answer = func(n int, r *http.Request) *http.Response {
		if n == 0 {
			return reply(503, "", "Retry-After", time.Now().Add(3*time.Hour).UTC().Format(http.TimeFormat))
		}
		return reply(200, rssOf(one("a")))
	}
	simulate(t, w, 4*time.Hour, every(time.Minute), private)
	if v := w.visits(private); len(v) < 2 || v[1] < 3*time.Hour-time.Second {
		t.Errorf("asked at %v", v[:min(len(v), 3)])
	}
}

func TestWhatThePublisherAsksOutranksAFixedInterval(t *testing.T) {
	channel := func(head string) string {
		return "<rss><channel>" + head + one("a") + "</channel></rss>"
	}
	for _, c := range []struct {
		name   string
		answer *http.Response
		least  time.Duration
	}{
		{"max-age", reply(200, channel(""), "Cache-Control", "public, max-age=1800"), 30 * time.Minute},
		{"max-age less age", reply(200, channel(""), "Cache-Control", "max-age=1800", "Age", "600"), 20 * time.Minute},
		{"no-cache", reply(200, channel(""), "Cache-Control", "no-cache, max-age=1800"), time.Minute},
		{"ttl", reply(200, channel("<ttl>45</ttl>")), 45 * time.Minute},
		{"nothing", reply(200, channel("")), time.Minute},
		{"a period that every blog states", reply(200, `<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><sy:updatePeriod>hourly</sy:updatePeriod>`+one("a")+`</channel></rss>`), time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			body, _ := io.ReadAll(c.answer.Body)
			w := &world{answer: func(int, *http.Request) *http.Response {
				r := *c.answer
				r.Body = io.NopCloser(strings.NewReader(string(body)))
				return &r
			}}
			simulate(t, w, 3*time.Hour, every(time.Minute), private)
			v := w.visits(private)
			for i := 1; i < len(v); i++ {
				if gap := v[i] - v[i-1]; gap < c.least || gap > c.least+c.least/9+time.Second {
					t.Fatalf("asked %v after the last time, want %v", gap, c.least)
				}
			}
			if len(v) < 3 {
				t.Errorf("asked %d times", len(v))
			}
		})
	}
}

func TestSkippedHoursAreSkipped(t *testing.T) {
	hours := ""
	for h := 1; h < 20; h++ {
		hours += fmt.Sprintf("<hour>%d</hour>", h)
	}
	w := &world{answer: func(int, *http.Request) *http.Response {
		return reply(200, "<rss><channel><skipHours>"+hours+"</skipHours>"+one("a")+"</channel></rss>")
	}}
	simulate(t, w, 72*time.Hour, every(10*time.Minute), private)
	asked := 0
	for i, v := range w.log {
		if h := v.at.UTC().Hour(); i > 0 && h >= 1 && h < 20 {
			t.Fatalf("asked at %v", v.at.UTC())
		}
		asked++
	}
	if asked < 50 {
		t.Errorf("asked %d times in three days", asked)
	}
}

func TestGoneIsAskedOnceMoreThenNeverAgain(t *testing.T) {
	w := &world{answer: func(int, *http.Request) *http.Response { return reply(410, "") }}
	health, _ := simulate(t, w, 30*day, every(time.Minute), private)
	v := w.visits(private)
	if len(v) != 2 || v[1] < time.Hour {
		t.Errorf("asked at %v", v)
	}
	if h := health[private]; h.State != mood.SourceGone || h.NextPoll != nil {
		t.Errorf("state %s, next poll %v", h.State, h.NextPoll)
	}
}

func TestFailuresBackOffAndNeverGiveUp(t *testing.T) {
	w := &world{answer: func(int, *http.Request) *http.Response { return reply(500, "") }}
	simulate(t, w, 30*day, nil, publicA)
	v := w.visits(publicA)
	if len(v) < 30 || len(v) > 120 {
		t.Errorf("asked %d times in 30 days", len(v))
	}
	if last := v[len(v)-1]; last < 28*day {
		t.Errorf("last asked after %v: it was given up", last)
	}
	for i := 1; i < len(v); i++ {
		if gap := v[i] - v[i-1]; gap < 15*time.Minute || gap > day+time.Minute {
			t.Errorf("gap %v", gap)
		}
	}
	w = &world{answer: w.answer}
	simulate(t, w, day, every(time.Minute), publicA)
	if n := len(w.visits(publicA)); n < 20 || n > 70 {
		t.Errorf("with a fixed interval of a minute it was asked %d times on its first day", n)
	}
}

func TestUnchangedFeedsAreAskedConditionallyAndEverMoreSeldom(t *testing.T) {
	w := &world{answer: func(n int, r *http.Request) *http.Response {
		if r.Header.Get("If-None-Match") == `"x"` {
			return reply(304, "")
		}
		return reply(200, rssOf(one("a")), "ETag", `"x"`)
	}}
	health, box := simulate(t, w, 30*day, nil, publicA)
	v := w.visits(publicA)
	var full []time.Duration
	for i, visit := range w.log {
		if visit.request.Header.Get("If-None-Match") == "" {
			full = append(full, v[i])
		}
	}
	if len(full) < 3 || len(full) > 6 {
		t.Errorf("%d unconditional requests in 30 days", len(full))
	}
	for i := 1; i < len(full); i++ {
		if full[i]-full[i-1] < 7*day {
			t.Errorf("unconditional requests %v apart", full[i]-full[i-1])
		}
	}
	if len(v) > 100 {
		t.Errorf("a silent feed was asked %d times", len(v))
	}
	for i := 1; i < len(v); i++ {
		if gap := v[i] - v[i-1]; gap < 15*time.Minute || gap > 27*time.Hour {
			t.Errorf("gap %v", gap)
		}
	}
	if len(box.titles()) != 1 || health[publicA].State != mood.SourceFine {
		t.Errorf("delivered %q, state %s", box.titles(), health[publicA].State)
	}
}

func TestBusyFeedsAreAskedAtTheFloor(t *testing.T) {
	w := &world{answer: func(int, *http.Request) *http.Response {
		now := time.Now()
		var items []string
		for i := range 20 {
			at := now.Truncate(5 * time.Minute).Add(-time.Duration(i) * 5 * time.Minute)
			items = append(items, fmt.Sprintf("<item><title>%d</title><guid>%d</guid><pubDate>%s</pubDate></item>", at.Unix(), at.Unix(), at.UTC().Format(time.RFC1123)))
		}
		return reply(200, rssOf(items...))
	}}
	health, box := simulate(t, w, 2*day, nil, publicA)
	if n := len(w.visits(publicA)); n < 150 || n > 192 {
		t.Errorf("asked %d times in two days", n)
	}
	if n := len(box.titles()); n < 2*24*12 {
		t.Errorf("%d items delivered", n)
	}
	if r := health[publicA].ItemsPerDay; r < 250 || r > 330 {
		t.Errorf("%.1f items a day", r)
	}
}

func TestStartsAreSpreadAfterTheFirstPoll(t *testing.T) {
	w := &world{answer: func(int, *http.Request) *http.Response { return reply(200, rssOf(one("a"))) }}
	var urls []string
	for i := range 60 {
		urls = append(urls, fmt.Sprintf("http://example%d.com/", i))
	}
	simulate(t, w, 30*time.Minute, nil, urls...)
	second := map[int]int{}
	for _, u := range urls {
		if v := w.visits(u); len(v) > 1 {
			second[int(v[1]/time.Minute)]++
		}
	}
	for minute, n := range second {
		if n > 25 {
			t.Errorf("%d of 60 second polls fell into minute %d", n, minute)
		}
	}
	if len(second) < 4 {
		t.Errorf("second polls in only %d different minutes", len(second))
	}
}

func TestAPermanentMoveIsBelievedAfterTwoDays(t *testing.T) {
	const target = "http://www.example.net/new"
	w := &world{answer: func(n int, r *http.Request) *http.Response {
		if r.URL.String() == target {
			return reply(200, rssOf(one("a")))
		}
		return reply(301, "", "Location", target)
	}}
	health, box := simulate(t, w, 10*day, every(6*time.Hour), publicA)
	old := w.visits(publicA)
	if last := old[len(old)-1]; last < 48*time.Hour || last > 60*time.Hour {
		t.Errorf("the old address was last asked after %v", last)
	}
	if h := health[publicA]; h.State != mood.SourceMoved || !strings.Contains(h.LastError, target) {
		t.Errorf("state %s, %q", h.State, h.LastError)
	}
	if n := len(w.visits(target)); n < 35 || len(box.titles()) != 1 {
		t.Errorf("the new address was asked %d times, %d items", n, len(box.titles()))
	}
}

func TestRedirectsTakeTurnsWithTheHostTheyLeadTo(t *testing.T) {
	w := &world{takes: 100 * time.Millisecond, answer: func(n int, r *http.Request) *http.Response {
		if strings.HasPrefix(r.URL.Host, "go") {
			return reply(302, "", "Location", "http://target.org/"+r.URL.Host)
		}
		return reply(200, rssOf(one("a")))
	}}
	var urls []string
	for i := range 10 {
		urls = append(urls, fmt.Sprintf("http://go%d.com/", i))
	}
	simulate(t, w, time.Minute, every(time.Hour), urls...)
	if w.most["target.org"] != 1 {
		t.Errorf("%d requests in flight to the target", w.most["target.org"])
	}
	var last time.Time
	n := 0
	for _, v := range w.log {
		if v.host != "target.org" {
			continue
		}
		if n++; n > 1 && v.at.Sub(last) < time.Second {
			t.Errorf("the target was asked %v after the last time", v.at.Sub(last))
		}
		last = v.at
	}
	if n != 10 {
		t.Errorf("the target was asked %d times", n)
	}
}

func TestAServerThatDripsIsLeft(t *testing.T) {
	w := &world{answer: func(int, *http.Request) *http.Response {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(drip{})}
	}}
	health, _ := simulate(t, w, 30*time.Second, every(time.Hour), publicA)
	if h := health[publicA]; h.State != mood.SourceFailing || !strings.Contains(h.LastError, "stalled") {
		t.Errorf("state %s, %q", h.State, h.LastError)
	}
}

// drip sends a byte a second, for ever.
type drip struct{}

func (drip) Read(p []byte) (int, error) {
	time.Sleep(time.Second)
	p[0] = ' '
	return 1, nil
}
