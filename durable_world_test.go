package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// crowd pushes mentions with ids into an Agora that is killed now and then, and
// knows which of them were acknowledged.
type crowd struct {
	t      testing.TB
	config string
	data   string

	lock   sync.Mutex
	url    string
	cmd    *exec.Cmd
	log    *bytes.Buffer
	sent   int
	acked  map[string]map[string]bool // by brand: ids that were answered with 202
	doubt  [][]map[string]string      // batches whose answer was lost
	random *rand.Rand
}

func newCrowd(t testing.TB, redis string, more string) *crowd {
	t.Helper()
	dir := t.TempDir()
	c := &crowd{
		t: t, data: filepath.Join(dir, "data"), acked: map[string]map[string]bool{"nokia": {}, "samsung": {}},
		random: rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1)), log: &bytes.Buffer{},
	}
	c.config = filepath.Join(dir, "agora.yaml")
	text := fmt.Sprintf(`
listen: 127.0.0.1:0
data: %s
redis: %q
brands:
  - {id: nokia, name: Nokia}
  - {id: samsung, name: Samsung}
limits: {push_per_second: 1000000}
%s
`, c.data, redis, more)
	if err := os.WriteFile(c.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	return c
}

// start runs an Agora as a process of its own. crash is a point to die at, or
// empty.
func (c *crowd) start(crash string) {
	c.t.Helper()
	self, err := os.Executable()
	if err != nil {
		c.t.Fatal(err)
	}
	cmd := exec.Command(self, "serve", "--config", c.config) //nolint:gosec // this very program
	cmd.Args[0] = "agora"
	cmd.Env = append(os.Environ(), "AGORA_CRASH_AT="+crash)
	cmd.Stdout, cmd.Stderr = io.Discard, c.log
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // that it was killed
		close(ended)
	}()
	c.lock.Lock()
	c.cmd, c.url = cmd, ""
	c.lock.Unlock()
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(5 * time.Millisecond) {
		select {
		case <-ended: // it came to its point while it started
			return
		default:
		}
		r, err := readLock(c.data)
		if err != nil || r.PID != cmd.Process.Pid || r.URL == "" {
			continue
		}
		c.lock.Lock()
		c.url = r.URL
		c.lock.Unlock()
		return
	}
	c.t.Fatalf("Agora did not start:\n%s", c.log)
}

func (c *crowd) kill() {
	c.lock.Lock()
	cmd := c.cmd
	c.url = ""
	c.lock.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Kill()
	for cmd.ProcessState == nil { // the goroutine of start waits for it
		time.Sleep(time.Millisecond)
	}
}

func (c *crowd) at() string {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.url
}

func (c *crowd) chance(n int) int {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.random.IntN(n)
}

// next makes up a batch: new mentions, a batch whose answer was lost, or one
// that was acknowledged before.
func (c *crowd) next() []map[string]string {
	c.lock.Lock()
	defer c.lock.Unlock()
	if n := len(c.doubt); n > 0 && c.random.IntN(3) == 0 {
		batch := c.doubt[n-1]
		c.doubt = c.doubt[:n-1]
		return batch
	}
	from, n := c.sent, []int{1, 1, 2, 10, 60}[c.random.IntN(5)]
	if c.random.IntN(8) == 0 && from > n {
		from = c.random.IntN(from - n) // known already
	} else {
		c.sent += n
	}
	batch := make([]map[string]string, n)
	for i := range batch {
		id := from + i
		batch[i] = map[string]string{
			"id": fmt.Sprint("m-", id), "source": fmt.Sprint("s", id%3),
			"title": [...]string{"Nokia does it well", "Samsung is in trouble", "Nokia and Samsung agree"}[id%3] + fmt.Sprint(", says number ", id),
		}
	}
	return batch
}

// push sends a batch, and says whether it was acknowledged.
func (c *crowd) push(ctx context.Context, batch []map[string]string) bool {
	body, _ := json.Marshal(batch)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.at()+"/api/v1/mentions", bytes.NewReader(body))
	if err == nil {
		request.Header.Set("Content-Type", "application/json")
		var response *http.Response
		if response, err = http.DefaultClient.Do(request); err == nil {
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			if response.StatusCode != http.StatusAccepted {
				err = fmt.Errorf("answered %s", response.Status)
			}
		}
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	if err != nil {
		c.doubt = append(c.doubt, batch)
		return false
	}
	for _, m := range batch {
		for brand, name := range map[string]string{"nokia": "Nokia", "samsung": "Samsung"} {
			if strings.Contains(m["title"], name) {
				c.acked[brand][m["id"]] = true
			}
		}
	}
	return true
}

// pushing has several push until the function that it gives is called.
func (c *crowd) pushing() (stop func()) {
	ctx, cancel := context.WithCancel(c.t.Context())
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for ctx.Err() == nil {
				if c.at() == "" || !c.push(ctx, c.next()) {
					time.Sleep(2 * time.Millisecond)
				}
			}
		})
	}
	return func() {
		cancel()
		wg.Wait()
	}
}

// settle pushes again what nobody acknowledged.
func (c *crowd) settle() {
	c.t.Helper()
	for heard := time.Now(); time.Since(heard) < patience; time.Sleep(10 * time.Millisecond) {
		c.lock.Lock()
		batches := c.doubt
		c.doubt = nil
		c.lock.Unlock()
		if len(batches) == 0 {
			return
		}
		for _, b := range batches {
			if c.push(c.t.Context(), b) {
				heard = time.Now()
			}
		}
	}
	c.t.Fatalf("what was not acknowledged is refused again and again:\n%s", c.log)
}

// agrees waits until the board counts what was acknowledged, and fails when it
// doesn't.
func (c *crowd) agrees(when string) {
	c.t.Helper()
	wrong, most := "", 0
	for moved := time.Now(); time.Since(moved) < patience; time.Sleep(20 * time.Millisecond) {
		wrong = ""
		sum := 0
		for brand, ids := range c.acked {
			total, listed, err := c.counted(brand)
			sum += min(total, len(ids))
			if err != nil || total != len(ids) || listed != len(ids) {
				wrong += fmt.Sprintf("%s: %d acknowledged, %d counted, %d listed, %v\n", brand, len(ids), total, listed, err)
			}
		}
		if wrong == "" {
			return
		}
		if sum > most { // it is still being counted
			most, moved = sum, time.Now()
		}
	}
	c.t.Fatalf("%s:\n%s%s", when, wrong, c.log)
}

func (c *crowd) counted(brand string) (total, listed int, err error) {
	var board struct {
		Total struct{ Mentions, Positive, Neutral, Unclear, Negative int }
	}
	if err := c.get("/api/v1/board?window=24h&brand="+brand, &board); err != nil {
		return 0, 0, err
	}
	var list struct{ Total int }
	err = c.get("/api/v1/mentions?window=24h&limit=1&brand="+brand, &list)
	if t := board.Total; t.Positive+t.Neutral+t.Unclear+t.Negative != t.Mentions {
		err = fmt.Errorf("its labels don't add up: %+v", t)
	}
	return board.Total.Mentions, list.Total, err
}

func (c *crowd) get(path string, into any) error {
	response, err := http.Get(c.at() + path)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", path, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(into)
}

// rounds is how many rounds a test goes: few, or with AGORA_TORTURE=1 many.
func rounds(few, many int) int {
	if os.Getenv("AGORA_TORTURE") == "1" {
		return many
	}
	return few
}
