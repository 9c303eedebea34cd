package server

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if spec := os.Getenv(drainEnv); spec != "" {
		drain(spec)
	}
	goleak.VerifyTestMain(m)
}

// patience is how long a test waits for what must come.
const patience = time.Minute

// clock is a time that tests may move and hold. It runs by itself otherwise.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
	held  time.Time // zero: it runs
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.held.IsZero() {
		return c.held.Add(c.ahead)
	}
	return time.Now().Add(c.ahead)
}

// hold stops it, but for being moved.
func (c *clock) hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = time.Now()
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// house is a running server with a world behind it.
type house struct {
	*world
	t      testing.TB
	clock  *clock
	server *Server
	url    string
	stop   func() error // stops it and waits; once
	client *http.Client
	floods atomic.Int64
}

func files() fstest.MapFS {
	page := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"index.html": page("<title>page</title>"), "wall.html": page("<title>wall</title>"),
		"displays.html": page("<title>displays</title>"), "login.html": page("<title>login</title>"),
		"build.txt":               page("b1"),
		"assets/main-75UIE3R5.js": page("export {}"), "assets/main-75UIE3R5.js.gz": page("gz twin"),
		"assets/licenses.txt": page("MIT"),
	}
}

// open starts a server on a port of its own, with loopback's rules unless
// change says otherwise.
func open(t testing.TB, change func(*Config)) *house {
	t.Helper()
	c := &clock{}
	w := newWorld(c.now)
	config := Config{
		Listen: "127.0.0.1:0", Boards: w, Mentions: w, States: w, Sources: w, Intake: w,
		Brands: w.brands, Assets: files(), Build: "b1", Now: c.now,
	}
	if change != nil {
		change(&config)
	}
	s, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	h := &house{world: w, t: t, clock: c, server: s, url: s.URL(), client: &http.Client{
		Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 50},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	h.stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() {
		h.client.CloseIdleConnections()
		if err := h.stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	waitFor(t, "the server to listen to the store", func() bool { w.mu.Lock(); defer w.mu.Unlock(); return len(w.listener) > 0 })
	return h
}

// answer is what came back of a request.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) json(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("not a JSON object: %v\n%.300s", err, a.body)
	}
	return v
}

// ask sends a request. Headers are pairs; a body is sent as JSON unless they
// say otherwise.
func (h *house) ask(method, path, body string, headers ...string) answer {
	h.t.Helper()
	var sent io.Reader
	if body != "" {
		sent = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, h.url+path, sent)
	if err != nil {
		h.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := h.client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(got)}
}

func (h *house) get(path string, headers ...string) answer {
	h.t.Helper()
	return h.ask(http.MethodGet, path, "", headers...)
}

func (h *house) post(path, body string, headers ...string) answer {
	h.t.Helper()
	return h.ask(http.MethodPost, path, body, headers...)
}

// sse is one event as a browser would see it.
type sse struct{ name, id, data string }

// tap reads a stream over a connection of its own.
type tap struct {
	t      testing.TB
	conn   net.Conn
	res    *http.Response
	lines  *bufio.Reader
	lastID string
}

func (h *house) tap(query string, headers ...string) *tap {
	h.t.Helper()
	d := net.Dialer{}
	conn, err := d.DialContext(context.Background(), "tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, h.url+streamPath+query, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if err := r.Write(conn); err != nil {
		h.t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), r)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { conn.Close() })
	return &tap{t: h.t, conn: conn, res: res, lines: bufio.NewReaderSize(res.Body, 1<<20)}
}

// next gives the next event, or io.EOF's kind of error when the stream ended.
// A test that waits in vain fails.
func (p *tap) next() (sse, error) {
	_ = p.conn.SetReadDeadline(time.Now().Add(patience))
	var e sse
	for {
		line, err := p.lines.ReadString('\n')
		if err != nil {
			return e, err
		}
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			if e.name != "" {
				return e, nil
			}
			continue
		}
		field, value, _ := strings.Cut(line, ": ")
		switch field {
		case "event":
			e.name = value
		case "id":
			e.id, p.lastID = value, value
		case "data":
			e.data = value
		}
	}
}

// until gives the next event of a name.
func (p *tap) until(name string) sse {
	p.t.Helper()
	for {
		e, err := p.next()
		if err != nil {
			p.t.Fatalf("waiting for %s: %v", name, err)
		}
		if e.name == name {
			return e
		}
	}
}
