package main

import (
	"bufio"
	"crypto/sha1" //nolint:gosec // the handshake of WebSocket wants it
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// jetLog stands in for Jetstream with its look-back: it plays what was said from
// a cursor on, and goes on with what is said then.
type jetLog struct {
	*httptest.Server

	mu     sync.Mutex
	frames []string
	times  []int64
	from   int // where those begin who have no cursor
	lines  int // that are open
	grown  chan struct{}
}

func newJetLog(t testing.TB) *jetLog {
	j := &jetLog{grown: make(chan struct{})}
	j.Server = httptest.NewServer(j)
	t.Cleanup(func() { j.CloseClientConnections(); j.Close() })
	return j
}

func (j *jetLog) say(frames ...string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, f := range frames {
		j.frames, j.times = append(j.frames, f), append(j.times, time.Now().UnixMicro())
	}
	j.from = len(j.frames)
	close(j.grown)
	j.grown = make(chan struct{})
}

func (j *jetLog) open() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines
}

func (j *jetLog) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) //nolint:gosec // see above
	conn, buf, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	fmt.Fprintf(buf, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]))
	_ = buf.Flush()
	gone := make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() { _, _ = io.Copy(io.Discard, conn); close(gone) })
	defer func() { conn.Close(); reading.Wait() }()
	j.mu.Lock()
	j.lines++
	at := j.from
	if cursor, err := strconv.ParseInt(r.URL.Query().Get("cursor"), 10, 64); err == nil {
		for at = 0; at < len(j.times) && j.times[at] < cursor; at++ {
		}
	}
	j.mu.Unlock()
	defer func() { j.mu.Lock(); j.lines--; j.mu.Unlock() }()
	out := bufio.NewWriterSize(conn, 64<<10)
	for {
		j.mu.Lock()
		frames, grown := j.frames[at:], j.grown
		at = len(j.frames)
		j.mu.Unlock()
		for _, f := range frames {
			writeFrame(out, f)
		}
		if out.Flush() != nil {
			return
		}
		select {
		case <-gone:
			return
		case <-grown:
		}
	}
}

func skyPost(rkey, text string) string {
	now := time.Now()
	return fmt.Sprintf(`{"did":"did:plc:abc","time_us":%d,"kind":"commit","commit":{"rev":"3l","operation":"create","collection":"app.bsky.feed.post","rkey":%q,"record":{"$type":"app.bsky.feed.post","createdAt":%q,"langs":["en"],"text":%q},"cid":"bafy"}}`,
		now.UnixMicro(), rkey, now.UTC().Format(time.RFC3339Nano), text)
}

// TestALiveSourceOutlivesTheProcessThatFollowsIt has two processes that take in
// and one that shows, and kills the ones that take in in turn.
func TestALiveSourceOutlivesTheProcessThatFollowsIt(t *testing.T) {
	t.Parallel()
	r, j := newRedisProcess(t), newJetLog(t)
	dir := t.TempDir()
	config := filepath.Join(dir, "agora.yaml")
	must(t, os.WriteFile(config, []byte(fmt.Sprintf("listen: 127.0.0.1:0\nredis: %s\nbrands: [{id: nokia, name: Nokia}]\nfetch: {allow: [127.0.0.0/8]}\nsources:\n  - {preset: bluesky, id: sky, url: 'ws%s/subscribe'}\n",
		r.url(), strings.TrimPrefix(j.URL, "http"))), 0o600))
	in := func(name string) *agoraProcess {
		return startAgora(t, "serve", "--config", config, "--role", "ingest", "--data", filepath.Join(dir, name))
	}
	a, b, web := in("a"), in("b"), startAgora(t, "serve", "--config", config, "--role", "web")
	source := func(p *agoraProcess) (h mood.SourceHealth) {
		resp, err := http.Get(p.url + "/api/v1/sources")
		if err != nil {
			return h
		}
		defer resp.Body.Close()
		var told struct{ Sources []mood.SourceHealth }
		if json.NewDecoder(resp.Body).Decode(&told) == nil && len(told.Sources) == 1 {
			h = told.Sources[0]
		}
		return h
	}
	counted := func() int {
		board, err := web.board("nokia")
		if err != nil {
			return -1
		}
		total, _ := board["total"].(map[string]any)
		n, _ := total["mentions"].(float64)
		return int(n)
	}
	within(t, "one line is open", func() bool {
		return j.open() == 1 && source(a).State == mood.SourceFine && source(b).State == mood.SourceFine
	})
	said := 0
	say := func() {
		for range 20 {
			said++
			j.say(skyPost(fmt.Sprint("r", said), fmt.Sprint("Nokia is said ", said)))
		}
	}
	defer func() {
		if t.Failed() {
			t.Logf("%d of %d are counted, %d lines are open\na:\n%s\nb:\n%s", counted(), said, j.open(), &a.log, &b.log)
		}
	}()
	say()
	within(t, "it is counted", func() bool { return counted() == said })
	for _, p := range []*agoraProcess{a, b} {
		say()
		p.kill()
		say()
		within(t, "the other one goes on", func() bool { return counted() == said })
		within(t, "one line is open", func() bool { return j.open() == 1 }) // that of who was killed ends by itself
		p.start()
	}
	within(t, "who only shows knows how it does", func() bool { h := source(web); return h.State == mood.SourceFine && h.LastItem != nil })
}

// TestALiveSourceIsFollowedWhileRedisIsAway has one process that takes in, and
// stops its Redis for longer than any lease lasts.
func TestALiveSourceIsFollowedWhileRedisIsAway(t *testing.T) {
	t.Parallel()
	r, j := newRedisProcess(t), newJetLog(t)
	dir := t.TempDir()
	config := filepath.Join(dir, "agora.yaml")
	must(t, os.WriteFile(config, []byte(fmt.Sprintf("listen: 127.0.0.1:0\nredis: %s\nbrands: [{id: nokia, name: Nokia}]\nfetch: {allow: [127.0.0.0/8]}\nsources:\n  - {preset: bluesky, id: sky, url: 'ws%s/subscribe'}\n",
		r.url(), strings.TrimPrefix(j.URL, "http"))), 0o600))
	p := startAgora(t, "serve", "--config", config, "--data", filepath.Join(dir, "data"))
	counted := func() int {
		board, err := p.board("nokia")
		if err != nil {
			return -1
		}
		total, _ := board["total"].(map[string]any)
		n, _ := total["mentions"].(float64)
		return int(n)
	}
	within(t, "a line is open", func() bool { return j.open() == 1 })
	j.say(skyPost("r1", "Nokia is said"))
	within(t, "it is counted", func() bool { return counted() == 1 })
	r.kill()
	time.Sleep(14 * time.Second) // a lease lasts for ten
	if n := j.open(); n != 1 {
		t.Errorf("%d lines are open while Redis is away", n)
	}
	j.say(skyPost("r2", "Nokia is said meanwhile"))
	journaled := func() bool {
		resp, err := http.Get(p.url + "/metrics")
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		return strings.Contains(string(text), `agora_ingest_items_total{outcome="stored"} 2`)
	}
	within(t, "it is in the journal", journaled)
	r.start()
	within(t, "both are counted", func() bool { return counted() == 2 })
	within(t, "a line is open as before", func() bool { return j.open() == 1 })
}
