package feed

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

// newWeb builds publishers of every kind.
func newWeb() *web {
	w := &web{sites: map[string]*webSite{}, down: map[string][]spell{}}
	kinds := []string{"etag", "weak", "odd", "modified", "both", "changing", "none"}
	add := func(url string, s webSite) {
		if s.validators == "" {
			s.validators = kinds[len(w.sites)%len(kinds)]
		}
		w.sites[url] = &s
	}
	// Publishers alone on their hosts: busy, slow and silent ones.
	for i := range 4 {
		add(fmt.Sprintf("http://www.busy%d.com/feed", i), webSite{every: 40 * time.Minute})
	}
	for i := range 50 {
		add(fmt.Sprintf("http://www.slow%d.org/feed", i), webSite{every: time.Duration(8+2*i) * time.Hour})
	}
	for i := range 40 {
		add(fmt.Sprintf("http://silent%d.net/feed", i), webSite{takes: time.Duration(i%5) * 2 * time.Second})
	}
	for i := range 3 {
		add(fmt.Sprintf("http://[2001:db8::5]/feed/%d", i), webSite{every: 20 * time.Hour})
	}
	// One host with forty feeds under many names.
	for i := range 40 {
		add(fmt.Sprintf("http://blog%d.crowd.com/feed/%d", i%7, i), webSite{every: time.Duration(20+2*i) * time.Hour})
	}
	// What publishers ask for in headers and documents.
	for i, s := range []webSite{
		{every: 4 * time.Hour, headers: []string{"Cache-Control", "public, max-age=7200"}},
		{every: 4 * time.Hour, headers: []string{"Cache-Control", "max-age=7200", "Age", "1800"}},
		{every: 4 * time.Hour, headers: []string{"Cache-Control", "no-cache, max-age=7200"}},
		{every: 30 * time.Minute, headers: []string{"Cache-Control", "max-age=300"}},
		{every: 4 * time.Hour, headers: []string{"Cache-Control", "max-age=99999999"}},
		{every: 4 * time.Hour, head: "<ttl>180</ttl>"},
		{every: 4 * time.Hour, head: "<ttl>999999999</ttl>"},
		{every: 4 * time.Hour, head: "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"},
		{every: 4 * time.Hour, head: "<skipHours><hour>0</hour><hour>1</hour><hour>2</hour><hour>23</hour></skipHours>"},
		{every: 4 * time.Hour, head: "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>"},
		{every: 4 * time.Hour, head: "<skipHours><hour>4</hour><hour>5</hour></skipHours><skipDays><day>Monday</day></skipDays>"},
	} {
		for j := range 1 + (i+1)%2 {
			add(fmt.Sprintf("http://wish%d-%d.com/feed", i, j), s)
		}
	}
	// Retry-After of both forms on all kinds of answers, on shared hosts.
	inSeconds := func(time.Time) []string { return []string{"Retry-After", "5400"} }
	asDate := func(now time.Time) []string {
		return []string{"Retry-After", now.Add(3 * time.Hour).UTC().Format(http.TimeFormat), "Date", now.UTC().Format(http.TimeFormat)}
	}
	tooLong := func(time.Time) []string { return []string{"Retry-After", "99999999"} }
	for i, status := range []int{200, 403, 404, 429, 500, 503} {
		for j, form := range []func(time.Time) []string{inSeconds, asDate, tooLong} {
			for k := range 3 {
				url := fmt.Sprintf("http://n%d.pause%d-%d.com/feed", k, i, j)
				s := webSite{every: 20 * time.Hour}
				switch {
				case status == 200 && k == 0:
					s.headers = []string{"Retry-After", "4000"}
				case k == 0:
					s.answer = episodes(url, status, form)
				}
				add(url, s)
				if i == 5 {
					add(fmt.Sprintf("http://10.0.%d.%d/%d", i, j, k), s)
				}
			}
		}
	}
	// Moves, for good and not, chains, and a redirect that asks to wait.
	to := func(status int, target string, headers ...string) webSite {
		return webSite{answer: func(int, time.Time) *http.Response {
			return reply(status, "", append(headers, "Location", target)...)
		}}
	}
	for i, status := range []int{301, 308, 302, 307} {
		add(fmt.Sprintf("http://old%d.com/feed", i), to(status, fmt.Sprintf("http://new%d.com/feed", i)))
		add(fmt.Sprintf("http://new%d.com/feed", i), webSite{every: 12 * time.Hour})
	}
	add("http://chain.com/1", to(301, "http://chain.com/2"))
	add("http://chain.com/2", to(301, "http://chain.org/3"))
	add("http://chain.org/3", to(302, "http://chain.org/4"))
	add("http://chain.org/4", webSite{every: 12 * time.Hour})
	add("http://later.com/feed", to(301, "http://sooner.com/feed", "Retry-After", "3600"))
	add("http://sooner.com/feed", webSite{every: 12 * time.Hour})
	add("http://loop.com/a", to(302, "http://loop.com/b"))
	add("http://loop.com/b", to(302, "http://loop.com/a"))
	// Troubles: gone ones, spells of server errors, dead hosts that come back.
	for i := range 3 {
		after := i * 20
		add(fmt.Sprintf("http://gone%d.com/feed", i), webSite{every: 12 * time.Hour, answer: func(n int, _ time.Time) *http.Response {
			if n < after {
				return nil
			}
			return reply(410, "")
		}})
	}
	for i := range 60 {
		add(fmt.Sprintf("http://spell%d.com/feed", i), webSite{every: 24 * time.Hour})
		w.down[fmt.Sprintf("spell%d.com", i)] = []spell{{2 * day, 4 * day, 500 + i%4}, {12 * day, 20 * day, 0}}
	}
	for i := range 40 {
		add(fmt.Sprintf("http://dead.com/feed/%d", i), webSite{every: 20 * time.Hour})
		add(fmt.Sprintf("http://ill.com/feed/%d", i), webSite{every: 30 * time.Hour})
	}
	w.down["dead.com"] = []spell{{5 * day, 8 * day, 0}, {20 * day, 21 * day, 0}}
	w.down["ill.com"] = []spell{{6 * day, 9 * day, 503}}
	return w
}

// sources are the addresses that are configured: all but those that only
// redirects lead to.
func (w *web) sources() []mood.Source {
	led := map[string]bool{"http://chain.com/2": true, "http://chain.org/3": true, "http://chain.org/4": true, "http://sooner.com/feed": true, "http://loop.com/b": true}
	for i := range 4 {
		led[fmt.Sprintf("http://new%d.com/feed", i)] = true
	}
	var list []mood.Source
	for _, url := range slices.Sorted(maps.Keys(w.sites)) {
		if !led[url] {
			list = append(list, mood.Source{ID: fmt.Sprint("s", len(list)), Kind: "feed", URL: url})
		}
	}
	return list
}

// TestMannersOverThirtyDaysOfASimulatedWeb polls some hundred feeds for thirty
// days on a clock of its own, with a restart in the middle, and holds the
// request log against every line of the table of manners.
func TestMannersOverThirtyDaysOfASimulatedWeb(t *testing.T) {
	w := newWeb()
	box := newInbox()
	var health []mood.SourceHealth
	synctest.Test(t, func(t *testing.T) {
		states := newMemory()
		for _, span := range []time.Duration{13*day + 5*time.Hour, 17 * day} {
			p, err := NewPoller(Config{
				Sources: w.sources(), Deliver: box.deliver, States: states, Transport: w,
				Version: "1.0", Contact: "ops@example.com",
			})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); _ = p.Run(ctx) }()
			time.Sleep(span)
			cancel()
			<-done
			health = p.Health()
		}
	})
	t.Logf("%d requests for %d feeds", len(w.log), len(w.sources()))
	for law, check := range laws {
		found := check(w.log)
		for _, s := range found[:min(len(found), 5)] {
			t.Errorf("%s: %s", law, s)
		}
		if len(found) > 5 {
			t.Errorf("%s: and %d more", law, len(found)-5)
		}
	}
	words := map[mood.SourceState]int{}
	for _, h := range health {
		words[h.State]++
		switch {
		case strings.HasPrefix(h.URL, "http://gone"):
			if h.State != mood.SourceGone {
				t.Errorf("%s is %s", h.URL, h.State)
			}
		case strings.HasPrefix(h.URL, "http://old0"), strings.HasPrefix(h.URL, "http://old1"), strings.HasPrefix(h.URL, "http://later"):
			if h.State != mood.SourceMoved {
				t.Errorf("%s is %s: %s", h.URL, h.State, h.LastError)
			}
		case strings.HasPrefix(h.URL, "http://loop"), strings.Contains(h.URL, "pause"), strings.HasPrefix(h.URL, "http://10."), strings.HasPrefix(h.URL, "http://chain"):
		case h.State != mood.SourceFine:
			t.Errorf("%s is %s: %s", h.URL, h.State, h.LastError)
		}
	}
	t.Log(words)
	delivered := map[string]int{}
	for _, m := range box.items {
		delivered[m.Title]++
	}
	for title, n := range delivered {
		if n > 1 {
			t.Errorf("%q was delivered %d times", title, n)
		}
	}
}
