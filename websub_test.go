package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// TestAPushedItemIsCountedWithoutAPoll takes a push the whole way: a feed that
// names a hub, the hub, Agora behind a proxy at its public_url, and the counts
// that a screen would get.
func TestAPushedItemIsCountedWithoutAPoll(t *testing.T) {
	var (
		mu    sync.Mutex
		polls int
		asked url.Values
		echo  string
		back  sync.WaitGroup
	)
	web := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(web.CloseIdleConnections)
	hub := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		form := r.PostForm
		w.WriteHeader(http.StatusAccepted)
		back.Go(func() {
			q := url.Values{"hub.mode": {form.Get("hub.mode")}, "hub.topic": {form.Get("hub.topic")}, "hub.challenge": {"7f3a"}, "hub.lease_seconds": {"86400"}}
			resp, err := web.Get(form.Get("hub.callback") + "?" + q.Encode())
			if err != nil {
				return
			}
			defer resp.Body.Close()
			text, _ := io.ReadAll(resp.Body)
			mu.Lock()
			defer mu.Unlock()
			asked, echo = form, string(text)
		})
	}))
	defer func() { hub.Close(); back.Wait() }()
	feeds := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		polls++
		mu.Unlock()
		fmt.Fprintf(w, `<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>f</id><link rel="hub" href="%s"/><link rel="self" href="http://%s/atom"/>%s</feed>`,
			hub.URL, r.Host, entryNow("Nokia opens a lab"))
	}))
	defer feeds.Close()
	var inside *url.URL
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(inside)
		r.Out.Host = r.In.Host
	}}
	door := httptest.NewServer(proxy)
	defer door.Close()

	cfg, err := (origin{file: writeFile(t, "agora.yaml", fmt.Sprintf(`
listen: 127.0.0.1:0
public_url: %s
data: %s
brands: [{id: nokia, name: Nokia}]
sources: [{feed: %s/atom, name: News}]
fetch: {allow: [127.0.0.0/8], hosts: {127.0.0.1: {parallel: 32}}}
`, door.URL, filepath.Join(t.TempDir(), "data"), feeds.URL)), getenv: environment()}).load()
	must(t, err)
	c := &console{now: time.Now, log: slog.New(slog.DiscardHandler), stdout: io.Discard, stderr: io.Discard, getenv: environment()}
	ctx, stop := context.WithCancel(t.Context())
	h, err := openHouse(ctx, c, cfg, nil)
	must(t, err)
	inside, err = url.Parse(h.server.URL())
	must(t, err)
	ended := make(chan error, 1)
	go func() { ended <- h.run(ctx) }()
	defer func() {
		stop()
		must(t, <-ended)
		must(t, h.close())
	}()

	source := func() (found mood.SourceHealth) {
		var answer struct{ Sources []mood.SourceHealth }
		resp, err := web.Get(door.URL + "/api/v1/sources")
		must(t, err)
		defer resp.Body.Close()
		must(t, json.NewDecoder(resp.Body).Decode(&answer))
		return answer.Sources[0]
	}
	counted := func() int64 {
		var board struct{ Total struct{ Mentions int64 } }
		resp, err := web.Get(door.URL + "/api/v1/board?brand=nokia&window=1h")
		must(t, err)
		defer resp.Body.Close()
		must(t, json.NewDecoder(resp.Body).Decode(&board))
		return board.Total.Mentions
	}
	within(t, "the hub confirmed", func() bool {
		p := source().Push
		return p != nil && p.State == mood.PushActive && counted() == 1
	})
	mu.Lock()
	before := polls
	if echo != "7f3a" || !strings.HasPrefix(asked.Get("hub.callback"), door.URL+"/websub/") {
		t.Errorf("asked for %v, confirmed with %q", asked, echo)
	}
	mu.Unlock()

	body := `<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>f</id>` + entryNow("Nokia closes a lab") + `</feed>`
	push := func(secret string) int {
		mac := hmac.New(sha512.New, []byte(secret))
		_, _ = io.WriteString(mac, body)
		r, err := http.NewRequest(http.MethodPost, asked.Get("hub.callback"), strings.NewReader(body))
		must(t, err)
		r.Header.Set("Content-Type", "application/atom+xml")
		r.Header.Set("X-Hub-Signature", "sha512="+hex.EncodeToString(mac.Sum(nil)))
		resp, err := web.Do(r)
		must(t, err)
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	if status := push("guessed"); status != http.StatusAccepted {
		t.Errorf("a forged push was answered %d", status)
	}
	if got := source().Push; got.BadSignatures != 1 || got.Pushes != 0 || counted() != 1 {
		t.Errorf("a forged push: %+v, %d counted", got, counted())
	}
	for range 2 {
		if status := push(asked.Get("hub.secret")); status != http.StatusAccepted {
			t.Errorf("a push was answered %d", status)
		}
	}
	within(t, "what was pushed is counted", func() bool { return counted() == 2 })
	resp, err := web.Get(door.URL + "/metrics")
	must(t, err)
	defer resp.Body.Close()
	metrics, err := io.ReadAll(resp.Body)
	must(t, err)
	for _, line := range []string{`agora_websub_events_total{event="push"} 2`, `agora_websub_events_total{event="bad_signature"} 1`, `agora_websub_events_total{event="verified"} 1`} {
		if !strings.Contains(string(metrics), line) {
			t.Errorf("/metrics lacks %s", line)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if polls != before {
		t.Errorf("the feed was polled %d times for it", polls-before)
	}
}

func entryNow(title string) string {
	now := time.Now().UTC().Format(time.RFC3339)
	return fmt.Sprintf(`<entry><id>%[1]s</id><title>%[1]s</title><link href="https://news.example/%[2]s"/><published>%[3]s</published></entry>`, title, url.PathEscape(title), now)
}

// within waits for what must happen some time.
func within(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("did not happen: " + what)
}
