package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"agora/mood"
)

// newspapers are feeds that remember who asked for them, and when.
type newspapers struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string][]asking // by path
	held  map[string]chan struct{}
	waits map[string]int // requests that are held, by worker
}

type asking struct {
	at time.Time
	by string
}

var workerName = regexp.MustCompile(`\+(w\d)@`)

func publish(t *testing.T) *newspapers {
	t.Helper()
	n := &newspapers{asked: map[string][]asking{}, held: map[string]chan struct{}{}, waits: map[string]int{}}
	n.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		by := "nobody"
		if m := workerName.FindStringSubmatch(r.UserAgent()); m != nil {
			by = m[1]
		}
		n.mu.Lock()
		n.asked[r.URL.Path] = append(n.asked[r.URL.Path], asking{time.Now(), by})
		held := n.held[by]
		n.waits[by]++
		n.mu.Unlock()
		if held != nil {
			select {
			case <-held:
			case <-r.Context().Done():
			}
		}
		n.mu.Lock()
		n.waits[by]--
		n.mu.Unlock()
		fmt.Fprintf(w, `<feed xmlns="http://www.w3.org/2005/Atom"><title>%s</title><id>f</id>%s</feed>`, r.URL.Path, entryNow("Nokia in "+strings.Trim(r.URL.Path, "/")))
	}))
	t.Cleanup(n.Close)
	return n
}

// hold keeps a worker's requests waiting until one of them does, and gives what
// answers them.
func (n *newspapers) hold(t *testing.T, by string) (answer func()) {
	t.Helper()
	held := make(chan struct{})
	n.mu.Lock()
	n.held[by] = held
	n.mu.Unlock()
	within(t, by+" polls", func() bool {
		n.mu.Lock()
		defer n.mu.Unlock()
		return n.waits[by] > 0
	})
	return func() {
		n.mu.Lock()
		delete(n.held, by)
		n.mu.Unlock()
		close(held)
	}
}

// polls counts who asked for what since a moment.
func (n *newspapers) polls(since time.Time) (byWorker, byFeed map[string]int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	byWorker, byFeed = map[string]int{}, map[string]int{}
	for path, list := range n.asked {
		for _, a := range list {
			if a.at.After(since) {
				byWorker[a.by]++
				byFeed[path]++
			}
		}
	}
	return byWorker, byFeed
}

// redisOf starts a Redis for a test.
func redisOf(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("AGORA_TEST_ALL") != "" {
			t.Fatal("redis-server is not in the PATH: install it (Debian: redis-server)")
		}
		t.Skip("redis-server is not in the PATH")
	}
	port := freePort(t)
	address := "127.0.0.1:" + port
	server := exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	must(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	within(t, "redis-server came up", func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	return "redis://" + address
}

// worker is a process of agora.
type worker struct {
	cmd *exec.Cmd
	log lockedBuffer
	url string
}

func startWorker(t *testing.T, config string, flags ...string) *worker {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "agora.yaml")
	must(t, os.WriteFile(file, []byte(config), 0o600))
	w := &worker{}
	w.cmd = exec.Command("agora", append([]string{"serve", "--config", file, "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0"}, flags...)...)
	w.cmd.Stdout, w.cmd.Stderr = &w.log, &w.log
	must(t, w.cmd.Start())
	t.Cleanup(func() {
		_ = w.cmd.Process.Kill()
		_ = w.cmd.Wait()
		if t.Failed() {
			t.Log(w.log.String())
		}
	})
	return w
}

// up waits until a worker serves.
func (w *worker) up(t *testing.T) {
	t.Helper()
	within(t, "a worker serves", func() bool {
		found := addressLine.FindStringSubmatch(w.log.String())
		if found != nil {
			w.url = found[1]
		}
		return found != nil
	})
}

func (w *worker) get(t *testing.T, path string, into any) {
	t.Helper()
	resp, err := http.Get(w.url + path)
	must(t, err)
	defer resp.Body.Close()
	must(t, json.NewDecoder(resp.Body).Decode(into))
}

func TestWorkersShareFeedsAndOneThatDiesOrFreezesIsFollowed(t *testing.T) {
	t.Parallel()
	const feeds, every = 30, 2 * time.Second
	papers := publish(t)
	redis := redisOf(t)
	config := func(name string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "redis: %s\ncontact: %s@example.com\nbrands: [{id: nokia, name: Nokia}]\n"+
			"fetch: {allow: [127.0.0.0/8], hosts: {127.0.0.1: {parallel: 32, gap: 0s}}}\nsources:\n", redis, name)
		for i := range feeds {
			fmt.Fprintf(&b, "  - {feed: '%s/f%d', name: F%d, every: %s}\n", papers.URL, i, i, every)
		}
		return b.String()
	}
	workers := map[string]*worker{}
	for _, name := range []string{"w1", "w2", "w3"} {
		workers[name] = startWorker(t, config(name), "--role", "ingest")
	}
	web := startWorker(t, config("w4"), "--role", "web")
	for _, w := range workers {
		w.up(t)
	}
	begun := time.Now()
	within(t, "each of them polls some, and all is polled", func() bool {
		byWorker, byFeed := papers.polls(begun)
		return byWorker["w1"] > 5 && byWorker["w2"] > 5 && byWorker["w3"] > 5 && len(byFeed) == feeds
	})

	kill, freeze := papers.hold(t, "w1"), papers.hold(t, "w2")
	must(t, workers["w1"].cmd.Process.Signal(syscall.SIGKILL))
	must(t, workers["w2"].cmd.Process.Signal(syscall.SIGSTOP))
	gone := time.Now()
	kill()
	freeze()
	for {
		if _, byFeed := papers.polls(gone); len(byFeed) == feeds {
			break
		}
		if time.Since(gone) > 15*time.Second {
			_, byFeed := papers.polls(gone)
			t.Fatalf("%d feeds were polled in 15 s after two workers were gone", len(byFeed))
		}
		time.Sleep(50 * time.Millisecond)
	}

	must(t, workers["w2"].cmd.Process.Signal(syscall.SIGCONT))
	back := time.Now()
	within(t, "the one that was frozen polls again", func() bool {
		byWorker, byFeed := papers.polls(back)
		for _, n := range byFeed {
			if n < 2 {
				return false
			}
		}
		return byWorker["w2"] > 5 && byWorker["w3"] > 5 && len(byFeed) == feeds
	})

	// Two polls that don't know of each other come in the same moment, or when
	// a frozen one wakes up.
	papers.mu.Lock()
	for path, list := range papers.asked {
		for i := 1; i < len(list); i++ {
			if gap := list[i].at.Sub(list[i-1].at); gap < every/2 {
				t.Errorf("%s was polled by %s, and %s later by %s", path, list[i-1].by, gap, list[i].by)
			}
		}
	}
	papers.mu.Unlock()

	// Everybody knows how all sources do, whoever polls them.
	web.up(t)
	for name, w := range map[string]*worker{"w2": workers["w2"], "w3": workers["w3"], "web": web} {
		within(t, name+" knows how the sources do", func() bool {
			var answer struct{ Sources []mood.SourceHealth }
			w.get(t, "/api/v1/sources", &answer)
			known := 0
			for _, s := range answer.Sources {
				if s.State == mood.SourceFine && s.LastSuccess != nil && s.LastSuccess.After(gone) {
					known++
				}
			}
			return known == feeds
		})
	}
	var board struct{ Total struct{ Mentions int64 } }
	web.get(t, "/api/v1/board?brand=nokia&window=1h", &board)
	if board.Total.Mentions != feeds {
		t.Errorf("%d items are counted %d times", feeds, board.Total.Mentions)
	}
}
