package main

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// program is the real program, in this process, that can be stopped and
// started again on the same address and data.
type program struct {
	t      testing.TB
	folder string
	env    map[string]string
	listen string
	URL    string

	stop func()
}

// startProgram writes agora.yaml and starts. What follows the listed keys is
// the caller's: brands, sources, walls.
func startProgram(t testing.TB, env map[string]string, config string) *program {
	t.Helper()
	p := &program{t: t, folder: t.TempDir(), env: env, listen: "127.0.0.1:" + freePort(t)}
	if err := os.WriteFile(filepath.Join(p.folder, "agora.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	p.start()
	t.Cleanup(func() { p.stop() })
	return p
}

var addressLine = regexp.MustCompile(`Agora is at (http://\S+)`)

// start runs the program until stop; it returns once it answers.
func (p *program) start() {
	p.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var stdout, stderr lockedBuffer
	done := make(chan int, 1)
	go func() {
		getenv := func(name string) string { return p.env[name] }
		done <- run(ctx, []string{
			"serve", "--config", filepath.Join(p.folder, "agora.yaml"),
			"--data", filepath.Join(p.folder, "data"), "--listen", p.listen,
		}, getenv, strings.NewReader(""), &stdout, &stderr)
	}()
	deadline := time.Now().Add(browserPatience)
	for {
		if found := addressLine.FindStringSubmatch(stdout.String()); found != nil && answers(found[1]) {
			p.URL = found[1]
			break
		}
		select {
		case status := <-done:
			cancel()
			p.t.Fatalf("the program ended with status %d:\n%s%s", status, stdout.String(), stderr.String())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			cancel()
			p.t.Fatalf("the program didn't start:\n%s%s", stdout.String(), stderr.String())
		}
	}
	p.listen = strings.TrimPrefix(p.URL, "http://")
	p.stop = func() {
		cancel()
		select {
		case status := <-done:
			if status != 0 {
				p.t.Errorf("the program ended with status %d:\n%s", status, stderr.String())
			}
		case <-time.After(browserPatience):
			p.t.Error("the program didn't stop")
		}
		p.stop = func() {}
	}
}

func answers(url string) bool {
	answer, err := http.Get(url + "/readyz") //nolint:noctx // a probe in a test
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// push sends one mention, and fails unless it was accepted.
func (p *program) push(title string) {
	p.t.Helper()
	body := fmt.Sprintf(`{"id":%q,"title":%q,"url":"https://news.example/%d","source":"wire","country":"FI","language":"en"}`, title, title, time.Now().UnixNano())
	answer, err := http.Post(p.URL+"/api/v1/mentions", "application/json", strings.NewReader(body)) //nolint:noctx // a test's
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted {
		p.t.Fatalf("push %q: HTTP %d", title, answer.StatusCode)
	}
}

// lockedBuffer is written by the program while the test reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newswire is a feed of its own server, to which items can be added.
type newswire struct {
	*httptest.Server
	mu    sync.Mutex
	items []string
}

func serveFeed(t *testing.T, titles ...string) *newswire {
	t.Helper()
	f := &newswire{items: titles}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title><link>https://wire.example/</link>`)
		for i, title := range f.items {
			fmt.Fprintf(w, `<item><title>%s</title><link>https://wire.example/%d</link><guid>wire-%d</guid><pubDate>%s</pubDate></item>`,
				html.EscapeString(title), i, i, time.Now().Add(-time.Duration(len(f.items)-i)*time.Minute).UTC().Format(time.RFC1123Z))
		}
		fmt.Fprint(w, `</channel></rss>`)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *newswire) add(title string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.items = append(f.items, title)
}

const twoBrands = `
brands:
  - id: nokia
    name: Nokia
    color: '#005AFF'
  - id: ericsson
    name: Ericsson
    color: '#6B4FBB'
`

// withFeed is a configuration of two brands and one feed.
func withFeed(f *newswire) string {
	return twoBrands + `
sources:
  - feed: ` + f.URL + `/feed.xml
    name: Wire
    country: FI
    language: en
    every: 200ms
fetch:
  floor: 100ms
  allow: [127.0.0.0/8]
  hosts:
    127.0.0.1: {parallel: 8, gap: 0s}
`
}
