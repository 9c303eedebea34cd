package feed

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"agora/mood"
)

// tarpits answers every address with "tar" in it by a byte a second.
func tarpits(n int, r *http.Request) *http.Response {
	if strings.Contains(r.URL.String(), "tar") {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(drip{})}
	}
	return reply(200, nthItem(n))
}

func nthItem(n int) string { return rssOf(one(fmt.Sprint("item ", n))) }

// late gives how many of the visits came more than slack after the one before.
func late(visits []time.Duration, every, slack time.Duration) (n int) {
	for i := 1; i < len(visits); i++ {
		if visits[i]-visits[i-1] > every+slack {
			n++
		}
	}
	return n
}

func TestTarpitsDontKeepGoodFeedsOfTheirHostWaiting(t *testing.T) {
	w := &world{takes: 20 * time.Millisecond, answer: tarpits}
	var urls []string
	for i := range 60 {
		urls = append(urls, fmt.Sprintf("http://127.0.0.1:8000/tar/%d", i))
	}
	for i := range 100 {
		urls = append(urls, fmt.Sprintf("http://127.0.0.1:8000/good/%d", i))
	}
	simulate(t, w, 90*time.Second, func(c *Config) {
		every(time.Second)(c)
		c.Hosts = map[string]HostRule{"127.0.0.1": {Parallel: 32}}
	}, urls...)
	if w.most["127.0.0.1"] > 32 {
		t.Errorf("%d requests in flight", w.most["127.0.0.1"])
	}
	for _, u := range urls[60:] {
		v := w.visits(u)
		switch {
		case len(v) < 75:
			t.Errorf("%s was asked %d times in a minute and a half of a second each", u, len(v))
		case v[0] > 10*time.Second:
			t.Errorf("%s was first asked after %v", u, v[0])
		case late(v, time.Second, time.Second) > 0:
			t.Errorf("%s came late %d times", u, late(v, time.Second, time.Second))
		}
	}
}

func TestTarpitsOnManyHostsDontKeepAllWorkersBusy(t *testing.T) {
	w := &world{takes: 20 * time.Millisecond, answer: tarpits}
	var urls []string
	for i := range 300 {
		urls = append(urls, fmt.Sprintf("http://tar%d.com/", i))
	}
	for i := range 100 {
		urls = append(urls, fmt.Sprintf("http://good%d.com/", i))
	}
	simulate(t, w, 5*time.Minute, every(10*time.Second), urls...)
	for _, u := range urls[300:] {
		v := w.visits(u)
		if len(v) < 27 || v[0] > 20*time.Second || late(v, 10*time.Second, 2*time.Second) > 0 {
			t.Errorf("%s was asked at %v", u, v)
		}
	}
}

func TestOnPrivateAddressesTroubleOfOneFeedIsNotThatOfOthers(t *testing.T) {
	w := &world{takes: 10 * time.Millisecond, answer: func(n int, r *http.Request) *http.Response {
		if strings.Contains(r.URL.Path, "bad") {
			return reply(500, "")
		}
		return reply(200, nthItem(n))
	}}
	var urls []string
	for i := range 20 {
		urls = append(urls, fmt.Sprintf("http://127.0.0.1:8000/bad/%d", i), fmt.Sprintf("http://127.0.0.1:8000/good/%d", i))
	}
	simulate(t, w, time.Minute, func(c *Config) {
		every(time.Second)(c)
		c.Hosts = map[string]HostRule{"127.0.0.1": {Parallel: 8}}
	}, urls...)
	for i := 1; i < len(urls); i += 2 {
		if n := len(w.visits(urls[i])); n < 55 {
			t.Errorf("%s was asked %d times in a minute", urls[i], n)
		}
	}
}

// refusing lets no connection through to some ports.
type refusing struct {
	*world
	dead func(r *http.Request) bool
}

func (f refusing) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := f.world.RoundTrip(r)
	if err == nil && f.dead(r) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	return resp, err
}

func TestADeadPortIsProbedByOneFeedAndLeavesOtherPortsAlone(t *testing.T) {
	w := &world{takes: time.Millisecond, answer: func(n int, _ *http.Request) *http.Response { return reply(200, nthItem(n)) }}
	f := refusing{w, func(r *http.Request) bool {
		since := time.Since(webStart)
		return r.URL.Port() == "9999" && since > time.Hour && since < 3*time.Hour
	}}
	urls := []string{"http://127.0.0.1:8000/good"}
	for i := range 20 {
		urls = append(urls, fmt.Sprintf("http://127.0.0.1:9999/%d", i))
	}
	simulate(t, w, 5*time.Hour, func(c *Config) {
		every(time.Minute)(c)
		c.Hosts = map[string]HostRule{"127.0.0.1": {Parallel: 8}}
		c.Transport = f
	}, urls...)
	var during, after int
	for _, v := range w.log {
		since := v.at.Sub(w.log[0].at)
		if !strings.Contains(v.url, ":9999") {
			continue
		}
		if since > time.Hour+2*time.Minute && since < 3*time.Hour {
			during++
		}
		if since > 4*time.Hour {
			after++
		}
	}
	if during < 5 || during > 30 {
		t.Errorf("the dead port was asked %d times in two hours", during)
	}
	if after < 20*50 {
		t.Errorf("when it was back, its twenty feeds were asked %d times in an hour of a minute each", after)
	}
	if n := len(w.visits(urls[0])); n < 270 {
		t.Errorf("the feed of another port was asked %d times in five hours", n)
	}
}

func TestFeedsOfADeadHostSayWhatIsKnown(t *testing.T) {
	w := &world{answer: func(n int, _ *http.Request) *http.Response { return reply(200, nthItem(n)) }}
	f := refusing{w, func(r *http.Request) bool { return r.URL.Path != "/first" || time.Since(webStart) > time.Hour }}
	const first, other = "http://dead.example.com/first", "http://dead.example.com/other"
	var others []string
	for i := range 5 {
		others = append(others, fmt.Sprint(other, i))
	}
	health, _ := simulate(t, f.world, 3*time.Hour, func(c *Config) { every(30 * time.Minute)(c); c.Transport = f }, append(others, first)...)
	failed, held := 0, 0
	for _, h := range health {
		switch {
		case h.State != mood.SourceFailing:
			t.Errorf("%s is %s", h.URL, h.State)
		case strings.Contains(h.LastError, "refuses connections"):
			failed++
		case strings.Contains(h.LastError, "its host dead.example.com doesn't answer, so one of its feeds at a time is tried"):
			held++
		default:
			t.Errorf("%s: %q", h.URL, h.LastError)
		}
		if h.NextPoll == nil {
			t.Errorf("%s has no next poll", h.URL)
		}
	}
	if failed == 0 || failed+held != 6 {
		t.Errorf("%d failed, %d were held", failed, held)
	}
}

func TestRulesAreFoundByNameDomainAndAddress(t *testing.T) {
	m := newManners(map[string]HostRule{
		"127.0.0.1": {Parallel: 32}, "Example.com": {Parallel: 2}, "www.deep.example.org": {Parallel: 3},
		"[2001:DB8:0::1]": {Parallel: 4}, "10.0.0.1:8080": {Parallel: 5}, "0.0.1": {Parallel: 9},
	}, time.Now)
	m.learn(webURL("http://intranet/feed"), netip.MustParseAddr("::ffff:127.0.0.1"))
	m.learn(webURL("http://elsewhere/feed"), netip.MustParseAddr("192.0.2.1"))
	m.learn(webURL("http://a.house.example/feed"), netip.MustParseAddr("127.0.0.1"))
	m.learn(webURL("http://www.house.example/feed"), netip.MustParseAddr("93.184.216.34"))
	for address, want := range map[string]int{
		"http://b.house.example/": 32, "http://www.house.example/": 1,
		"http://127.0.0.1:999/": 32, "http://[::ffff:127.0.0.1]/": 32, "http://intranet:80/": 32, "http://elsewhere/": 1,
		"https://example.com/": 2, "https://a.b.example.com:8443/": 2, "https://EXAMPLE.com./": 2,
		"http://www.deep.example.org/": 3, "http://x.www.deep.example.org/": 3, "http://deep.example.org/": 1,
		"http://[2001:db8::1]:8080/": 4, "http://10.0.0.1:8080/": 5, "http://10.0.0.1/": 1, "http://example.net/": 1,
	} {
		if got := m.rule(webURL(address)).Parallel; got != want {
			t.Errorf("%s: %d at once, want %d", address, got, want)
		}
	}
	if r := m.rule(webURL("https://old.reddit.com/r/golang/.rss")); r.Parallel != 1 || r.Gap != time.Minute {
		t.Errorf("Reddit is treated as %+v", r)
	}
}
