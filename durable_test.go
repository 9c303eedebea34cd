package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// crashPoints are where a process dies between two steps of which both must
// outlive it.
var crashPoints = []string{
	"journal: before it is synced", "journal: after it is synced",
	"ingest: after the journal has it", "ingest: after it is counted", "ingest: before the journal may let it go",
	"store: after a batch is counted", "store: after sources are added", "store: after a mark is set",
	"store: before a log is written", "store: after a log is written",
}

// Promise 1: kill -9 anywhere loses nothing that was acknowledged, and doubles
// nothing.
func TestKillNineLosesNothingAndDoublesNothing(t *testing.T) {
	t.Parallel()
	killAgain(t, newCrowd(t, "", ""), rounds(10, 220))
}

func TestKillNineOfAnAgoraOnRedisLosesNothing(t *testing.T) {
	t.Parallel()
	r := newRedisProcess(t)
	killAgain(t, newCrowd(t, r.url(), ""), rounds(8, 220))
}

// killAgain kills the process at each point in turn, and at any moment.
func killAgain(t *testing.T, c *crowd, n int) {
	t.Helper()
	for round := range n {
		point := ""
		if round%2 == 0 {
			point = fmt.Sprint(crashPoints[round/2%len(crashPoints)], "@", 1+c.chance(20))
		}
		c.start(point)
		stop := c.pushing()
		died := time.After(time.Duration(100+c.chance(500)) * time.Millisecond)
		<-died
		c.kill()
		stop()
	}
	c.start("")
	c.agreesAtMost("after the last start")
	c.settle()
	c.agrees("after it was killed again and again")
}

// agreesAtMost fails when fewer are counted than were acknowledged, or more
// than were sent.
func (c *crowd) agreesAtMost(when string) {
	c.t.Helper()
	for brand, ids := range c.acked {
		total, _, err := c.counted(brand)
		if err != nil || c.cmd == nil {
			c.t.Fatalf("%s: %v\n%s", when, err, c.log)
		}
		if total > c.sent {
			c.t.Errorf("%s: %d of %s counted, but only %d sent", when, total, brand, c.sent)
		}
		if total < len(ids) && c.embedded() { // a Redis gets the rest by and by
			c.t.Errorf("%s: %d of %s counted, %d acknowledged", when, total, brand, len(ids))
		}
	}
}

func (c *crowd) embedded() bool {
	text, _ := os.ReadFile(c.config)
	return strings.Contains(string(text), `redis: ""`)
}

// Promises 2 and 3: a Redis that is away, emptied, replaced by an older copy or
// frozen costs nothing that was acknowledged.
func TestARedisThatLosesItsContentsGetsThemBack(t *testing.T) {
	t.Parallel()
	for round := range rounds(1, 12) {
		// Each with a store of its own: one brand keeps 64 MB of texts, and what
		// is older leaves the list.
		t.Run(strconv.Itoa(round+1), losesItsContents)
	}
}

func losesItsContents(t *testing.T) {
	r := newRedisProcess(t)
	c := newCrowd(t, r.url(), "")
	c.start("")
	harm := map[string]func(){
		"emptied": func() { r.command("FLUSHALL") },
		"killed, with nothing kept": func() {
			r.kill()
			r.start()
		},
		"away for a while": func() {
			r.kill()
			time.Sleep(1500 * time.Millisecond)
			r.start()
		},
		"replaced by an older copy": func() {
			r.command("SAVE")
			kept, _, err := c.counted("nokia")
			must(t, err)
			within(t, "more is counted than the copy has", func() bool { now, _, err := c.counted("nokia"); return err == nil && now > kept })
			r.kill()
			r.start()
			r.command("CONFIG", "SET", "save", "")
		},
		"frozen": func() {
			r.signal(syscall.SIGSTOP)
			time.Sleep(1500 * time.Millisecond)
			r.signal(syscall.SIGCONT)
		},
	}
	for name, do := range harm {
		stop := c.pushing()
		time.Sleep(200 * time.Millisecond)
		before := c.epoch()
		do()
		time.Sleep(200 * time.Millisecond)
		stop()
		c.settle()
		c.agrees("a Redis that was " + name)
		if lost := name != "frozen"; lost && c.epoch() == before {
			t.Errorf("a Redis that was %s kept its epoch: screens would go on with what they had", name)
		}
		r.forget()
	}
}

func (c *crowd) epoch() string {
	var board struct {
		Epoch string `json:"store_epoch"`
	}
	if err := c.get("/api/v1/board?window=1h&brand=nokia", &board); err != nil {
		return ""
	}
	return board.Epoch
}

// redisProcess is a redis-server of one test, which may be killed.
type redisProcess struct {
	t    testing.TB
	dir  string
	port string
	more []string
	cmd  *exec.Cmd
}

func newRedisProcess(t testing.TB, more ...string) *redisProcess {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("AGORA_TEST_ALL") == "1" {
			t.Fatal("AGORA_TEST_ALL asks for every test: ", err)
		}
		t.Skip("redis-server is missing")
	}
	r := &redisProcess{t: t, dir: t.TempDir(), port: freePort(t), more: more}
	r.start()
	t.Cleanup(r.kill)
	return r
}

func (r *redisProcess) url() string { return "redis://127.0.0.1:" + r.port }

func (r *redisProcess) start() {
	r.t.Helper()
	r.cmd = exec.Command("redis-server", append([]string{"--port", r.port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", //nolint:gosec // a test's own
		"--dir", r.dir, "--maxmemory-policy", "noeviction", "--loglevel", "warning"}, r.more...)...)
	if err := r.cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(10 * time.Millisecond) {
		if r.try("PING") == "+PONG" {
			return
		}
	}
	r.t.Fatal("redis-server did not start")
}

func (r *redisProcess) kill() {
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
}

func (r *redisProcess) signal(s syscall.Signal) { _ = r.cmd.Process.Signal(s) }

// forget drops the copy on disk.
func (r *redisProcess) forget() { _ = os.Remove(filepath.Join(r.dir, "dump.rdb")) }

// command sends a command, which must be answered with OK.
func (r *redisProcess) command(words ...string) {
	r.t.Helper()
	if answer := r.try(words...); answer != "+OK" {
		r.t.Fatalf("%v: %s", words, answer)
	}
}

// try gives the first line of an answer.
func (r *redisProcess) try(words ...string) string {
	line, _, _ := strings.Cut(r.whole(words...), "\r\n")
	return line
}

// whole gives an answer, as far as it comes at once.
func (r *redisProcess) whole(words ...string) string {
	conn, err := net.Dial("tcp", "127.0.0.1:"+r.port)
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	text := fmt.Sprintf("*%d\r\n", len(words))
	for _, w := range words {
		text += fmt.Sprintf("$%d\r\n%s\r\n", len(w), w)
	}
	if _, err := conn.Write([]byte(text)); err != nil {
		return err.Error()
	}
	answer := make([]byte, 1<<16)
	n, err := conn.Read(answer)
	if err != nil {
		return err.Error()
	}
	return string(answer[:n])
}
