package feed

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/mood"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve answers every path by its handler, and 404 elsewhere.
func serve(t testing.TB, handlers map[string]http.HandlerFunc) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for path, h := range handlers {
		mux.HandleFunc(path, h)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func doc(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

func source(s *httptest.Server, path string, every time.Duration) mood.Source {
	return mood.Source{ID: strings.Trim(path, "/"), Name: path, Kind: "feed", URL: s.URL + path, Every: every}
}

func healthOf(p *Poller, id string) mood.SourceHealth {
	for _, h := range p.Health() {
		if h.ID == id {
			return h
		}
	}
	return mood.SourceHealth{}
}

func TestNewItemsAreDeliveredOnceAndWithinAnInterval(t *testing.T) {
	var mu sync.Mutex
	items := []string{one("a"), one("b")}
	s := serve(t, map[string]http.HandlerFunc{"/f": func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		_, _ = w.Write([]byte(rssOf(items...)))
	}})
	box := newInbox()
	p := start(t, Config{Sources: []mood.Source{source(s, "/f", 100*time.Millisecond)}, Deliver: box.deliver, States: newMemory(), Allow: loopback(), Hosts: fast()})
	eventually(t, "the first two arrived", func() bool { return len(box.titles()) == 2 })
	mu.Lock()
	items = append([]string{one("c")}, items...)
	mu.Unlock()
	eventually(t, "the third arrived", func() bool { return len(box.titles()) == 3 })
	polled := *healthOf(p, "f").LastSuccess
	eventually(t, "it was asked again", func() bool { return healthOf(p, "f").LastSuccess.After(polled.Add(300 * time.Millisecond)) })
	if got := strings.Join(box.titles(), ""); got != "abc" {
		t.Errorf("delivered %q", got)
	}
	if !box.first["f"] {
		t.Error("the first delivery didn't say that it was")
	}
}

func TestMisbehavingServersAreNamedAndHarmNobody(t *testing.T) {
	good := rssOf(one("good"))
	zeros := func() []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		block := make([]byte, 1<<20)
		for i := range block {
			block[i] = ' '
		}
		for range 64 {
			_, _ = z.Write(block)
		}
		_ = z.Close()
		return b.Bytes()
	}()
	s := serve(t, map[string]http.HandlerFunc{
		"/good": doc(good),
		"/type": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=us-ascii")
			_, _ = w.Write([]byte(rssOf(one("größe"))))
		},
		"/endless": func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte("<rss><channel>"))
			block := []byte(strings.Repeat(one("endless"), 1000))
			for r.Context().Err() == nil {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		},
		"/bomb": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(zeros)
		},
		"/page":  doc(`<html><head><link rel=alternate type="application/atom+xml" href="/atom.xml"></head></html>`),
		"/empty": doc(""),
		"/404":   http.NotFound,
		"/500":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) },
		"/loop":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) },
		"/chain/": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		},
		"/inside": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.1.2.3/latest/meta-data", http.StatusFound)
		},
		"/file": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		},
		"/429": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(429)
		},
		"/410": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(410) },
		"/brotli": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			_, _ = w.Write([]byte("x"))
		},
		"/cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write([]byte(strings.TrimSuffix(rssOf(one("cut")), "</channel></rss>") + "<item><title>half"))
		},
		"/hangup": func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) },
		"/stack":  doc("<rss><channel><item>" + strings.Repeat("<x:a>", 800_000)),
		"/evil":   doc(rssOf(`<item><title>&lt;script&gt;alert(1)&lt;/script&gt;evil&lt;img src=x onerror=alert(1)&gt;</title><link>javascript:alert(1)</link><description><![CDATA[<svg onload=alert(1)>text]]></description></item>`)),
		"/guids":  doc(rssOf(`<item><title>g1</title><guid>x</guid><link>/1</link></item>`, `<item><title>g2</title><guid>x</guid><link>/2</link></item>`)),
	})
	closed := httptest.NewServer(nil)
	closed.Close()
	want := map[string]struct {
		state mood.SourceState
		say   string
	}{
		"good": {mood.SourceFine, ""}, "type": {mood.SourceFine, ""}, "evil": {mood.SourceFine, ""},
		"guids": {mood.SourceFine, ""}, "cut": {mood.SourceFine, ""},
		"endless": {mood.SourceFailing, "larger than 8 MB"},
		"bomb":    {mood.SourceFailing, "larger than 8 MB"},
		"page":    {mood.SourceNotAFeed, s.URL + "/atom.xml"},
		"empty":   {mood.SourceNotAFeed, "empty"},
		"404":     {mood.SourceFailing, "404 Not Found"},
		"500":     {mood.SourceFailing, "500"},
		"loop":    {mood.SourceFailing, "redirects in a circle"},
		"chain/x": {mood.SourceFailing, "redirects more than 5 times"},
		"inside":  {mood.SourceFailing, "10.1.2.3"},
		"file":    {mood.SourceFailing, "no web address"},
		"429":     {mood.SourceWaiting, "leave this feed alone until"},
		"410":     {mood.SourceFailing, "410 Gone"},
		"brotli":  {mood.SourceFailing, `"br"`},
		"hangup":  {mood.SourceFailing, ""},
		"stack":   {mood.SourceFailing, "256 elements inside one another"},
		"closed":  {mood.SourceFailing, "refuses connections"},
		"nowhere": {mood.SourceFailing, "nowhere.invalid"},
	}
	var sources []mood.Source
	for id := range want {
		src := source(s, "/"+id, time.Hour)
		switch id {
		case "closed":
			src.URL = closed.URL
		case "nowhere":
			src.URL = "http://nowhere.invalid/feed"
		}
		sources = append(sources, src)
	}
	box := newInbox()
	p := start(t, Config{Sources: sources, Deliver: box.deliver, States: newMemory(), Allow: loopback(), Hosts: fast()})
	for id, w := range want {
		eventually(t, id+" was asked", func() bool { return healthOf(p, id).State != mood.SourceNew })
		h := healthOf(p, id)
		if h.State != w.state || !strings.Contains(h.LastError, w.say) || (w.state == mood.SourceFine) != (h.LastError == "") {
			t.Errorf("%s: state %s, error %q; want %s, %q", id, h.State, h.LastError, w.state, w.say)
		}
	}
	if h := healthOf(p, "inside"); !strings.Contains(h.LastError, "fetch.allow") {
		t.Errorf("the refusal doesn't say what to do: %q", h.LastError)
	}
	got := box.titles()
	slices.Sort(got)
	if w := "cut|evil|g1|g2|good|größe"; strings.Join(got, "|") != w {
		t.Errorf("delivered %q, want %q", strings.Join(got, "|"), w)
	}
	for _, m := range box.items {
		if m.Title == "evil" && (m.URL != "" || m.Text != "text") {
			t.Errorf("hostile item kept %q, %q", m.URL, m.Text)
		}
	}
}

func TestConditionalRequestsRepeatValidatorsByteForByte(t *testing.T) {
	var asked atomic.Int64
	bad := make(chan string, 10)
	s := serve(t, map[string]http.HandlerFunc{"/f": func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		etag, modified := `W/"a b;c"`, "yesterday, about noon"
		if n > 2 {
			etag = `"new"` // a 304 may bring a new one
		}
		if n > 1 {
			expect := `W/"a b;c"`
			if n > 3 {
				expect = `"new"`
			}
			if got := r.Header.Get("If-None-Match"); got != expect {
				bad <- fmt.Sprintf("poll %d sent the ETag %q, want %q", n, got, expect)
			}
			if got := r.Header.Get("If-Modified-Since"); got != modified {
				bad <- fmt.Sprintf("poll %d sent %q", n, got)
			}
		}
		if got := r.UserAgent(); got != "Agora/1.2 (+ops@example.com)" {
			bad <- "user agent " + got
		}
		w.Header()["Etag"] = []string{etag}
		if n == 1 {
			w.Header().Set("Last-Modified", modified)
			_, _ = w.Write([]byte(rssOf(one("a"))))
			return
		}
		w.WriteHeader(http.StatusNotModified)
	}})
	results := make(chan string, 100)
	box := newInbox()
	p := start(t, Config{
		Sources: []mood.Source{source(s, "/f", 100*time.Millisecond)}, Deliver: box.deliver, States: newMemory(), Allow: loopback(), Hosts: fast(),
		Version: "1.2", Contact: "ops@example.com",
		Observe: func(e Event) {
			select {
			case results <- e.Result:
			default:
			}
		},
	})
	eventually(t, "five polls", func() bool { return asked.Load() >= 5 })
	if h := healthOf(p, "f"); h.State != mood.SourceFine {
		t.Errorf("state %s %s", h.State, h.LastError)
	}
	if first, second := <-results, <-results; first != "new" || second != "not-modified" {
		t.Errorf("results %s, %s", first, second)
	}
	select {
	case s := <-bad:
		t.Error(s)
	default:
	}
}

func TestStateSurvivesARestart(t *testing.T) {
	var asked atomic.Int64
	s := serve(t, map[string]http.HandlerFunc{"/f": func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		_, _ = w.Write([]byte(rssOf(one("a"), fmt.Sprintf("<lastBuildDate>%d</lastBuildDate>", asked.Load()))))
	}})
	box, states := newInbox(), newMemory()
	cfg := Config{Sources: []mood.Source{source(s, "/f", time.Hour)}, Deliver: box.deliver, States: states, Allow: loopback(), Hosts: fast()}
	run := func(until func(*Poller) bool) {
		p, err := NewPoller(cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() { defer close(done); _ = p.Run(ctx) }()
		eventually(t, "it did", func() bool { return until(p) })
		cancel()
		<-done
	}
	run(func(*Poller) bool { return len(box.titles()) == 1 })
	run(func(p *Poller) bool { return healthOf(p, "f").State == mood.SourceFine })
	if n := asked.Load(); n != 1 {
		t.Errorf("it was asked %d times within its hour", n)
	}
	if len(states.values[kindHealth]) != 1 {
		t.Errorf("health of %d sources kept", len(states.values[kindHealth]))
	}
	cfg.Sources[0].Every = 100 * time.Millisecond // a shorter interval holds at once
	run(func(*Poller) bool { return asked.Load() > 2 })
	if got := box.titles(); len(got) != 1 {
		t.Errorf("delivered again after a restart: %q", got)
	}
	cfg.Sources = nil // what was taken out while nobody polled is no longer listed
	run(func(*Poller) bool {
		states.mu.Lock()
		defer states.mu.Unlock()
		return len(states.values[kindHealth]) == 0
	})
}

func TestUndeliveredItemsAreOfferedAgain(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/f": func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("ETag", `"1"`)
		_, _ = w.Write([]byte(rssOf(one("a"))))
	}})
	box := newInbox()
	box.err = errors.New("the store is away")
	p := start(t, Config{Sources: []mood.Source{source(s, "/f", 100*time.Millisecond)}, Deliver: box.deliver, States: newMemory(), Allow: loopback(), Hosts: fast()})
	eventually(t, "it was offered three times", func() bool { box.mu.Lock(); defer box.mu.Unlock(); return box.calls >= 3 })
	if h := healthOf(p, "f"); h.State != mood.SourceFailing || !strings.Contains(h.LastError, "the store is away") {
		t.Errorf("state %s, error %q", h.State, h.LastError)
	}
	box.mu.Lock()
	box.err = nil
	box.mu.Unlock()
	eventually(t, "it arrived", func() bool { return len(box.titles()) == 1 })
	if !box.first["f"] {
		t.Error("what never arrived counted as a first delivery")
	}
}

func TestStatesThatCantBeWrittenStopNothing(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/f": doc(rssOf(one("a")))})
	states := newMemory()
	states.fail = errors.New("away")
	box := newInbox()
	p := start(t, Config{Sources: []mood.Source{source(s, "/f", time.Hour)}, Deliver: box.deliver, States: states, Allow: loopback(), Hosts: fast()})
	eventually(t, "it arrived", func() bool { return len(box.titles()) == 1 })
	p.keep(context.Background(), keepTime)
	states.mu.Lock()
	states.fail = nil
	states.mu.Unlock()
	eventually(t, "the state was written when it could be", func() bool {
		states.mu.Lock()
		defer states.mu.Unlock()
		return len(states.values[kindFeed]) == 1 && strings.Contains(string(states.values[kindHealth]["f"]), "fine")
	})
}

func TestSourcesChangeWhileRunning(t *testing.T) {
	var a, b atomic.Int64
	count := func(n *atomic.Int64, title string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { n.Add(1); _, _ = w.Write([]byte(rssOf(one(title)))) }
	}
	s := serve(t, map[string]http.HandlerFunc{"/a": count(&a, "a"), "/b": count(&b, "b")})
	box, states := newInbox(), newMemory()
	p := start(t, Config{Sources: []mood.Source{source(s, "/a", 100*time.Millisecond)}, Deliver: box.deliver, States: states, Allow: loopback(), Hosts: fast()})
	eventually(t, "a was asked", func() bool { return a.Load() > 1 })
	if err := p.SetSources([]mood.Source{source(s, "/b", 100*time.Millisecond)}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a is no longer listed", func() bool {
		states.mu.Lock()
		defer states.mu.Unlock()
		return len(states.values[kindHealth]) == 1
	})
	eventually(t, "b was asked", func() bool { return b.Load() > 1 })
	asked, often := a.Load(), b.Load()+5
	eventually(t, "b was asked often", func() bool { return b.Load() > often })
	if n := a.Load(); n > asked {
		t.Errorf("a was asked %d times more after it was taken out", n-asked)
	}
	if err := p.SetSources([]mood.Source{source(s, "/a", 100*time.Millisecond), source(s, "/b", 100*time.Millisecond)}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a was asked again", func() bool { return a.Load() > asked })
	if got := box.titles(); len(got) != 2 {
		t.Errorf("delivered %q", got)
	}
	for _, bad := range [][]mood.Source{{{ID: "x", URL: "ftp://x"}}, {{URL: s.URL}}, {source(s, "/a", 0), source(s, "/a", 0)}} {
		if p.SetSources(bad) == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}

func TestStoppingEndsRequestsAtOnce(t *testing.T) {
	entered := make(chan struct{})
	s := serve(t, map[string]http.HandlerFunc{"/slow": func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("<rss>"))
		w.(http.Flusher).Flush()
		close(entered)
		<-r.Context().Done()
	}})
	p, err := NewPoller(Config{Sources: []mood.Source{source(s, "/slow", time.Hour)}, Deliver: newInbox().deliver, States: newMemory(), Allow: loopback(), Hosts: fast()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = p.Run(ctx) }()
	<-entered
	cancel()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("it runs on after five seconds")
	}
}

func TestATryDeliversNothing(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{
		"/good": doc(rssOf("<item><title>a</title><pubDate>Mon, 02 Jan 2006 15:04:05 GMT</pubDate></item>", one("b"))),
		"/page": doc("<html></html>"),
	})
	box := newInbox()
	p, err := NewPoller(Config{Sources: []mood.Source{source(s, "/good", 0), source(s, "/page", 0)}, Deliver: box.deliver, States: newMemory(), Allow: loopback(), Hosts: fast()})
	if err != nil {
		t.Fatal(err)
	}
	trials := p.TryAll(context.Background())
	if g := trials[0]; g.Items != 2 || g.Error != "" || g.Newest.Year() != 2006 || g.Title != "T" || g.State != mood.SourceFine {
		t.Errorf("good: %+v", g)
	}
	if b := trials[1]; b.State != mood.SourceNotAFeed || b.Error == "" {
		t.Errorf("page: %+v", b)
	}
	if box.calls != 0 {
		t.Error("a try delivered")
	}
	p.fetch.transport.(*http.Transport).CloseIdleConnections()
}

func TestUndatedItemsOfTheFirstPollAreNotCounted(t *testing.T) {
	var mu sync.Mutex
	items := []string{one("a")}
	s := serve(t, map[string]http.HandlerFunc{"/f": func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		_, _ = w.Write([]byte(rssOf(items...)))
	}})
	box := newInbox()
	start(t, Config{Sources: []mood.Source{source(s, "/f", 100*time.Millisecond)}, Deliver: box.deliver, States: newMemory(), Allow: loopback(), Hosts: fast()})
	eventually(t, "the first arrived", func() bool { return len(box.titles()) == 1 })
	mu.Lock()
	items = append(items, one("b"))
	mu.Unlock()
	eventually(t, "the second arrived", func() bool { return len(box.titles()) == 2 })
	for _, m := range box.items {
		if !m.Undated || m.Uncounted != (m.Title == "a") || !m.Published.Equal(m.Seen) {
			t.Errorf("%s: undated %v, uncounted %v, published %v, seen %v", m.Title, m.Undated, m.Uncounted, m.Published, m.Seen)
		}
	}
}

func TestWhatIsListedIsOfferedAgainOnRequest(t *testing.T) {
	s := serve(t, map[string]http.HandlerFunc{"/f": doc(rssOf(one("a"), one("b")))})
	box := newInbox()
	p := start(t, Config{Sources: []mood.Source{source(s, "/f", 100*time.Millisecond)}, Deliver: box.deliver, States: newMemory(), Allow: loopback(), Hosts: fast()})
	eventually(t, "both arrived", func() bool { return len(box.titles()) == 2 && healthOf(p, "f").State == mood.SourceFine })
	p.OfferAgain()
	eventually(t, "both arrived again", func() bool { return len(box.titles()) == 4 })
	polled := *healthOf(p, "f").LastSuccess
	eventually(t, "it was asked again", func() bool { return healthOf(p, "f").LastSuccess.After(polled.Add(200 * time.Millisecond)) })
	if n := len(box.titles()); n != 4 {
		t.Errorf("%d items delivered", n)
	}
}
