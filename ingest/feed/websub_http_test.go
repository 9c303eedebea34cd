package feed

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/mood"
)

// outside serves feeds by name and sends everything else through the real,
// guarded transport.
type outside struct {
	docs map[string]string // by host
	real http.RoundTripper
}

func (o *outside) RoundTrip(r *http.Request) (*http.Response, error) {
	if doc, ok := o.docs[r.URL.Host]; ok {
		return reply(200, doc), nil
	}
	return o.real.RoundTrip(r)
}

func TestAFeedCantMakeUsPostToPrivateNetworks(t *testing.T) {
	var reached atomic.Int64
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer inside.Close()
	_, port, _ := strings.Cut(strings.TrimPrefix(inside.URL, "http://"), ":")
	transport := newTransport(nil, 1)
	defer transport.CloseIdleConnections()
	docs := &outside{docs: map[string]string{}, real: transport}
	var sources []mood.Source
	for name, hub := range map[string]string{
		"address": inside.URL, "name": "http://localhost:" + port, "mapped": "http://[::ffff:127.0.0.1]:" + port,
		"metadata": "http://169.254.169.254/latest/", "private": "http://10.0.0.1/", "decimal": "http://2130706433:" + port,
	} {
		docs.docs[name+".example"] = namedAt(hub+"/", "a")
		sources = append(sources, mood.Source{ID: name, Kind: "feed", URL: "http://" + name + ".example/feed"})
	}
	p := start(t, Config{Sources: sources, Deliver: newInbox().deliver, States: newMemory(), Transport: docs, Callback: ourCallback,
		Hosts: map[string]HostRule{"127.0.0.1": {Parallel: 32}, "localhost": {Parallel: 32}}})
	for _, src := range sources {
		eventually(t, src.ID+" was tried", func() bool { return pushOf(p, src.ID).State == mood.PushFailed })
		if note := pushOf(p, src.ID).Note; !strings.Contains(note, "fetch.allow") && src.ID != "decimal" {
			t.Errorf("%s: it says %q", src.ID, note)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests came through", n)
	}
}

// realHub is a hub behind HTTP that comes back to the subscriber by HTTP.
type realHub struct {
	*httptest.Server
	mu    sync.Mutex
	forms []url.Values
}

func newRealHub(t *testing.T) *realHub {
	h := &realHub{}
	var back sync.WaitGroup
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		form := r.PostForm
		w.WriteHeader(http.StatusAccepted)
		back.Go(func() {
			q := url.Values{"hub.mode": {form.Get("hub.mode")}, "hub.topic": {form.Get("hub.topic")}, "hub.challenge": {"<script>"}, "hub.lease_seconds": {"3600"}}
			resp, err := http.Get(form.Get("hub.callback") + "?" + q.Encode())
			if err != nil {
				return
			}
			defer resp.Body.Close()
			if echo, _ := io.ReadAll(resp.Body); resp.StatusCode == http.StatusOK && string(echo) == "<script>" {
				h.mu.Lock()
				defer h.mu.Unlock()
				h.forms = append(h.forms, form)
			}
		})
	}))
	t.Cleanup(func() { h.Close(); back.Wait(); http.DefaultClient.CloseIdleConnections() })
	return h
}

func (h *realHub) confirmed() []url.Values {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.forms)
}

func TestOnLoopbackAHubOnLoopbackIsAskedAndHeard(t *testing.T) {
	hub := newRealHub(t)
	var p atomic.Pointer[Poller]
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := strings.TrimPrefix(r.URL.Path, "/websub/")
		if r.Method == http.MethodPost {
			if err := p.Load().Push(r.Context(), id, r.Header, r.Body); err != nil {
				w.WriteHeader(http.StatusGone)
			}
			return
		}
		echo, err := p.Load().VerifyIntent(id, r.URL.Query())
		if err != nil {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, echo)
	}))
	defer door.Close()
	feeds := serve(t, map[string]http.HandlerFunc{"/f": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Link", "<"+hub.URL+`/>; rel="hub"`)
		w.Header().Add("Link", "<http://"+r.Host+`/f>; rel="self"`)
		_, _ = io.WriteString(w, rssOf(one("a")))
	}})
	box := newInbox()
	ctx, cancel := context.WithCancel(context.Background())
	poller, err := NewPoller(Config{Sources: []mood.Source{source(feeds, "/f", time.Hour)}, Deliver: box.deliver, States: newMemory(),
		Allow: loopback(), Hosts: fast(), Callback: door.URL + "/websub"})
	if err != nil {
		t.Fatal(err)
	}
	p.Store(poller)
	done := make(chan struct{})
	go func() { defer close(done); _ = poller.Run(ctx) }()
	defer func() { cancel(); <-done }()
	eventually(t, "the hub confirmed", func() bool { return len(hub.confirmed()) == 1 && pushOf(poller, "f").State == mood.PushActive })
	form := hub.confirmed()[0]
	body := rssOf(one("pushed"))
	req, _ := http.NewRequest(http.MethodPost, form.Get("hub.callback"), strings.NewReader(body))
	req.Header.Set("X-Hub-Signature", signature("sha1", form.Get("hub.secret"), body))
	resp, err := http.DefaultClient.Do(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%v %v", resp, err)
	}
	_ = resp.Body.Close()
	eventually(t, "what was pushed arrived", func() bool { return slices.Contains(box.titles(), "pushed") })
}
