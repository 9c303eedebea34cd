package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

func TestValidatorsGoOnlyToTheAddressThatGaveThem(t *testing.T) {
	const first, second = "http://one.example.net/x", "http://two.example.org/y"
	w := &world{}
	w.answer = func(n int, r *http.Request) *http.Response {
		switch r.URL.String() {
		case publicA:
			target := first
			if time.Since(w.log[0].at) > 5*time.Hour {
				target = second
			}
			return reply(302, "", "Location", target, "ETag", `"of the redirect"`)
		case first:
			if r.Header.Get("If-None-Match") == `"same"` {
				return reply(304, "")
			}
			return reply(200, rssOf(one("a")), "ETag", `"same"`)
		}
		if r.Header.Get("If-None-Match") == `"same"` && n == 0 {
			return reply(304, "") // its own document of that tag, which nobody read
		}
		return reply(200, rssOf(one("b")), "ETag", `"same"`)
	}
	_, box := simulate(t, w, 9*time.Hour, every(time.Hour), publicA)
	for i, v := range w.log {
		tag := v.request.Header.Get("If-None-Match")
		switch n := len(w.log[:i]); {
		case v.url == publicA && tag != "":
			t.Errorf("request %d sent %s to the address that redirects", n, tag)
		case v.url == first && n > 2 && tag != `"same"`:
			t.Errorf("request %d sent %q to the address that gave a tag", n, tag)
		}
	}
	if got := strings.Join(box.titles(), ""); got != "ab" {
		t.Errorf("delivered %q", got)
	}
}

func TestADocumentThatIsRefusedIsntFetchedWholeAgain(t *testing.T) {
	huge := "<rss>" + strings.Repeat("<!-- endless -->", maxBytes/16)
	for name, body := range map[string]string{"a page": "<html><body>hello</body></html>", "nothing": " ", "too much": huge} {
		t.Run(name, func(t *testing.T) {
			whole := 0
			w := &world{answer: func(n int, r *http.Request) *http.Response {
				if r.Header.Get("If-None-Match") == `W/"junk"` {
					return reply(304, "")
				}
				whole++
				return reply(200, body, "ETag", `W/"junk"`)
			}}
			synctest.Test(t, func(t *testing.T) {
				states := newMemory()
				run := func(version string) mood.SourceHealth {
					p, err := NewPoller(Config{
						Sources: []mood.Source{{ID: "s", URL: private, Every: time.Minute}}, Deliver: newInbox().deliver, States: states, Transport: w, Version: version,
					})
					if err != nil {
						t.Fatal(err)
					}
					ctx, cancel := context.WithCancel(t.Context())
					done := make(chan struct{})
					go func() { defer close(done); _ = p.Run(ctx) }()
					time.Sleep(2 * day)
					cancel()
					<-done
					return p.Health()[0]
				}
				h := run("1")
				if len(w.log) < 20 || whole != 1 {
					t.Errorf("%d requests, %d of them brought all of it", len(w.log), whole)
				}
				if h.State == mood.SourceFine || h.LastError == "" || h.LastSuccess != nil {
					t.Errorf("state %s, %q", h.State, h.LastError)
				}
				if again := run("1"); again.LastError != h.LastError || again.State != h.State || whole != 1 {
					t.Errorf("after a restart: %s, %q; had %d times", again.State, again.LastError, whole)
				}
				if run("2"); whole != 2 {
					t.Errorf("a new program judged %d documents in all", whole)
				}
			})
		})
	}
}

func TestAFeedThatWasJunkForAWhileIsTakenInAgain(t *testing.T) {
	w := &world{answer: func(n int, r *http.Request) *http.Response {
		tag, body := `"good"`, rssOf(one("a"))
		if n >= 2 && n < 5 {
			tag, body = `"junk"`, "<html></html>"
		}
		if r.Header.Get("If-None-Match") == tag {
			return reply(304, "")
		}
		return reply(200, body, "ETag", tag)
	}}
	health, box := simulate(t, w, 2*time.Hour, every(time.Minute), private)
	if h := health[private]; h.State != mood.SourceFine || h.LastError != "" {
		t.Errorf("state %s, %q", h.State, h.LastError)
	}
	if n := len(box.titles()); n != 1 {
		t.Errorf("%d items", n)
	}
}

func TestAnUnaskedNotModifiedIsNoSuccess(t *testing.T) {
	w := &world{answer: func(int, *http.Request) *http.Response { return reply(304, "", "ETag", `"x"`) }}
	health, _ := simulate(t, w, time.Hour, every(time.Minute), private)
	if h := health[private]; h.State != mood.SourceFailing || h.LastSuccess != nil || !strings.Contains(h.LastError, "304") {
		t.Errorf("state %s, %q", h.State, h.LastError)
	}
	for _, v := range w.log {
		if v.request.Header.Get("If-None-Match") != "" {
			t.Fatal("it sent a tag of what it never had")
		}
	}
}

// cutBody ends before its end.
type cutBody struct{ io.Reader }

func (c cutBody) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (cutBody) Close() error { return nil }

func TestADocumentThatIsCutOffIsAskedForOnceMoreAndNotHammered(t *testing.T) {
	cut := func(body string) *http.Response {
		resp := reply(200, "", "ETag", `"x"`)
		resp.Body = cutBody{strings.NewReader(body)}
		return resp
	}
	half := strings.TrimSuffix(rssOf(one("a"), "<item><title>half"), "</channel></rss>")
	w := &world{answer: func(n int, r *http.Request) *http.Response {
		if r.Header.Get("If-None-Match") == `"x"` {
			return reply(304, "")
		}
		if n == 0 {
			return cut(half)
		}
		return reply(200, rssOf(one("a"), one("b")), "ETag", `"x"`)
	}}
	_, box := simulate(t, w, time.Hour, every(time.Minute), private)
	if got := strings.Join(box.titles(), ""); got != "ab" {
		t.Errorf("delivered %q", got)
	}
	// One that always ends too early, and otherwise each time.
	w = &world{answer: func(n int, r *http.Request) *http.Response {
		return cut(strings.Replace(half, "half", strings.Repeat("x", n), 1))
	}}
	simulate(t, w, time.Hour, every(time.Minute), private)
	if n := len(w.visits(private)); n > 20 {
		t.Errorf("asked for all of it %d times in an hour", n)
	}
	// One that counts its bytes wrongly.
	whole := 0
	w = &world{answer: func(n int, r *http.Request) *http.Response {
		if r.Header.Get("If-None-Match") == `"x"` {
			return reply(304, "")
		}
		whole++
		return cut(rssOf(one("a")))
	}}
	simulate(t, w, time.Hour, every(time.Minute), private)
	if n := len(w.visits(private)); whole != 2 || n < 45 {
		t.Errorf("asked %d times, %d times for all of it", n, whole)
	}
}

func TestTwoSourcesThatAreOneFeedAreAskedOnce(t *testing.T) {
	const target = "http://www.example.net/new"
	w := &world{answer: func(n int, r *http.Request) *http.Response {
		if r.URL.String() != target {
			return reply(301, "", "Location", target)
		}
		return reply(200, rssOf(one("a")))
	}}
	health, _ := simulate(t, w, 10*day, every(6*time.Hour), publicA, target)
	late := 0
	for _, at := range w.visits(target) {
		if at > 5*day {
			late++
		}
	}
	if late > 20 {
		t.Errorf("the feed was asked %d times in five days of four a day", late)
	}
	if h := health[publicA]; h.State != mood.SourceMoved || !strings.Contains(h.LastError, target) || !strings.Contains(h.LastError, "s1") {
		t.Errorf("the one that moved: %s, %q", h.State, h.LastError)
	}
	if h := health[target]; h.State != mood.SourceFine {
		t.Errorf("the other: %s, %q", h.State, h.LastError)
	}
	// Both moved to an address that isn't configured, and two are the same
	// from the start.
	w = &world{answer: w.answer}
	twins := func(c *Config) {
		every(6 * time.Hour)(c)
		c.Sources = append(c.Sources, mood.Source{ID: "twin", URL: publicA, Every: 6 * time.Hour})
	}
	simulate(t, w, 10*day, twins, publicA, publicB)
	late = 0
	for _, v := range w.log {
		if v.at.Sub(w.log[0].at) > 5*day {
			late++
		}
	}
	if late > 20 {
		t.Errorf("three sources of one feed made %d requests in five days of four a day", late)
	}
}

func TestASourceIsAskedAgainWhenTheOneThatAskedForItIsTakenOut(t *testing.T) {
	w := &world{answer: func(int, *http.Request) *http.Response { return reply(200, rssOf(one("a"))) }}
	both := []mood.Source{{ID: "a", URL: private, Every: time.Hour}, {ID: "b", URL: private, Every: time.Hour}}
	synctest.Test(t, func(t *testing.T) {
		p, err := NewPoller(Config{Sources: both, Deliver: newInbox().deliver, States: newMemory(), Transport: w})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); _ = p.Run(ctx) }()
		time.Sleep(90 * time.Minute)
		if h := healthOf(p, "b"); h.State != mood.SourceMoved || len(w.log) != 2 {
			t.Errorf("state %s after %d requests", h.State, len(w.log))
		}
		if err := p.SetSources(both[1:]); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Hour)
		if h := healthOf(p, "b"); h.State != mood.SourceFine || len(w.log) < 4 {
			t.Errorf("state %s, %q after %d requests", h.State, h.LastError, len(w.log))
		}
		cancel()
		<-done
	})
}

func TestAHiccupOfTheNewAddressDoesntUndoAMove(t *testing.T) {
	const target = "http://www.example.net/new"
	w := &world{}
	w.answer = func(n int, r *http.Request) *http.Response {
		switch since := time.Since(w.log[0].at); {
		case r.URL.String() != target:
			return reply(301, "", "Location", target)
		case since > 5*day && since < 5*day+7*time.Hour:
			return reply(503, "")
		case since > 10*day:
			return reply(404, "")
		}
		return reply(200, rssOf(one("a")))
	}
	simulate(t, w, 12*day, every(6*time.Hour), publicA)
	var between, after int
	for _, at := range w.visits(publicA) {
		if at > 3*day && at < 10*day {
			between++
		} else if at > 10*day {
			after++
		}
	}
	if between != 0 || after == 0 {
		t.Errorf("the old address was asked %d times after the hiccup, %d times after the new one was gone", between, after)
	}
}

func TestABrokenStateDoesntKeepAFeedFromBeingAsked(t *testing.T) {
	far := time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)
	odd, err := json.Marshal(state{URL: private, LastPoll: far, NextPoll: far, NotBefore: far, LastFull: far, Failures: -4, Moved: movedTo{URL: "file:///x", Times: 9}, Onward: onward{URL: "::"}})
	if err != nil {
		t.Fatal(err)
	}
	for i, raw := range []string{"", "null", "{", `{"url":`, "\x00\xff", `[1,2]`, `{"url":"` + private + `","seen":"!"}`, string(odd)} {
		w := &world{answer: func(int, *http.Request) *http.Response { return reply(200, rssOf(one("a"))) }}
		states := newMemory()
		states.values[kindFeed] = map[string][]byte{"s0": []byte(raw)}
		states.values[kindPause] = map[string][]byte{"10.0.0.1": []byte(raw), "x": []byte(fmt.Sprintf(`{"until":%q}`, far.Format(time.RFC3339)))}
		simulate(t, w, 2*day, func(c *Config) { c.States = states }, private)
		if len(w.log) == 0 {
			t.Errorf("state %d, %q: never asked", i, raw)
		}
	}
}
