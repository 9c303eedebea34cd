package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// How many sources of each kind there are, and on which address: the first
// allows 32 requests at once, the others are treated as strangers.
var badWebSources = []struct {
	kind string
	host int
	n    int
}{
	{"good", 0, 150}, {"good", 1, 6}, {"good", 2, 6}, {"big", 0, 2},
	{"fickle", 0, 10}, {"scripts", 0, 5}, {"once", 0, 20}, {"once", 1, 4}, {"packed", 0, 8},
	{"drip", 0, 40}, {"drip", 2, 2}, {"creep", 0, 10}, {"flood", 0, 10}, {"mute", 0, 20}, {"hangup", 0, 5},
	{"bomb", 0, 5}, {"deep", 0, 5}, {"items", 0, 5}, {"entities", 0, 2},
	{"loop", 0, 5}, {"inside", 0, 7}, {"busy", 0, 10}, {"down", 0, 10}, {"gone", 0, 5}, {"error", 0, 10},
	{"nothing", 0, 5}, {"page", 0, 5}, {"cut", 0, 5}, {"rubbish", 0, 5},
}

// mostMemory is what the process may take of it in all, in bytes.
const mostMemory = 300 << 20

// The program lives through the open web as it is: it stays small, its good
// feeds arrive in time, and whom it asks has nothing to complain of.
func TestTheOpenWebAsItIsIsLivedThrough(t *testing.T) {
	if testing.Short() && os.Getenv("AGORA_TEST_ALL") == "" {
		t.Skip("it takes a while: left out of the quick look")
	}
	every, length := 2*time.Second, 45*time.Second
	if os.Getenv("AGORA_TORTURE") != "" {
		length = 6 * time.Minute
	}
	web := startBadWeb(t, 3, every)
	p := startProcess(t, badWebConfig(web))
	time.Sleep(length)

	if peak := p.peakMemory(t); peak > mostMemory {
		t.Errorf("the process took %d MB; %d are allowed", peak>>20, mostMemory>>20)
	} else {
		t.Logf("the process took %d MB at most", peak>>20)
	}
	// What a good feed showed two intervals ago and longer is on the board.
	web.mu.Lock()
	shown := map[string]int{}
	for path, n := range web.told {
		shown[path] = n
	}
	web.mu.Unlock()
	time.Sleep(2 * time.Second)
	found := p.titles(t)
	for path, n := range shown {
		id := strings.ReplaceAll(strings.TrimPrefix(path, "/"), "/", "-")
		for i := range n {
			if title := fmt.Sprintf("Nokia wins deal %d of %s", i, id); found[title] != 1 {
				t.Errorf("%q is listed %d times", title, found[title])
			}
		}
	}
	for title, n := range found {
		if strings.Contains(title, "of fickle-") && n != 1 {
			t.Errorf("%q is listed %d times, whatever its GUID", title, n)
		}
		if strings.Contains(title, "<") {
			t.Errorf("there is markup in %q", title)
		}
	}
	p.checkHealth(t)
	p.stop(t)
	web.check(t, every, length)
}

// badWebStates are what sources of each kind come to.
var badWebStates = map[string][]string{
	"good": {"fine"}, "big": {"fine"}, "fickle": {"fine"}, "scripts": {"fine"}, "once": {"fine"}, "packed": {"fine"}, "entities": {"fine"},
	"drip": {"failing", "new"}, "creep": {"failing", "new"}, "mute": {"failing", "new"}, "flood": {"failing"}, "hangup": {"failing"},
	"bomb": {"failing"}, "deep": {"failing"}, "items": {"failing"}, "loop": {"failing"}, "inside": {"failing"}, "error": {"failing"},
	"busy": {"waiting"}, "down": {"waiting"}, "gone": {"failing", "gone"}, "nothing": {"not-a-feed"}, "page": {"not-a-feed"}, "rubbish": {"not-a-feed"},
}

// checkHealth compares what people are told of each source with what it did.
func (p *process) checkHealth(t *testing.T) {
	t.Helper()
	var answer struct {
		Sources []struct {
			ID, State, Words string
			LastError        string `json:"last_error"`
		}
	}
	p.get(t, "/api/v1/sources", &answer)
	for _, s := range answer.Sources {
		kind, _, _ := strings.Cut(s.ID, "-")
		if want, ok := badWebStates[kind]; ok && !slices.Contains(want, s.State) {
			t.Errorf("%s is %s (%s; %s), want %v", s.ID, s.State, s.Words, s.LastError, want)
		}
		if s.State == "failing" && s.LastError == "" {
			t.Errorf("%s fails, and nothing says why", s.ID)
		}
	}
}

// check reads the request log as those who were asked would.
func (w *badWeb) check(t *testing.T, every, length time.Duration) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	slices.SortFunc(w.log, func(a, b knock) int { return a.at.Compare(b.at) })
	visits := map[string][]time.Time{}
	lastEnd := map[string]time.Time{}
	for _, k := range w.log {
		key := k.host + k.path
		visits[key] = append(visits[key], k.at)
		if k.early {
			t.Errorf("%s was asked ahead of its Retry-After", key)
		}
		if k.unasked {
			t.Errorf("%s was asked without the validator that it had given", key)
		}
		if agent := k.header.Get("User-Agent"); !strings.HasPrefix(agent, "Agora/") || !strings.Contains(agent, "ops@example.com") {
			t.Errorf("%s was asked as %q", key, agent)
		}
		if k.header.Get("Cookie") != "" || k.header.Get("Referer") != "" {
			t.Errorf("%s was sent a cookie or a referer", key)
		}
		if k.host != w.hosts[0] {
			if gap := k.at.Sub(lastEnd[k.host]); !lastEnd[k.host].IsZero() && gap < 990*time.Millisecond {
				t.Errorf("%s was asked %v after the last request", k.host, gap)
			}
			lastEnd[k.host] = k.ended
		}
	}
	for i, host := range w.hosts {
		if most, allowed := w.most[host], []int{32, 1, 1}[i]; most > allowed {
			t.Errorf("%d requests at once on %s", most, host)
		}
	}
	counts := map[string][]int{}
	for key, times := range visits {
		kind := strings.Split(key, "/")[1]
		counts[kind] = append(counts[kind], len(times))
		if kind == "gone" && len(times) > 2 {
			t.Errorf("%s was asked %d times after it said that it is gone", key, len(times))
		}
		// One that says when it may be asked again says so every four seconds, at
		// most; see wait.
		if kind == "busy" || kind == "down" {
			if most := int(length/(4*time.Second)) + 1; len(times) > most {
				t.Errorf("%s fails, and was asked %d times, where it would have %d", key, len(times), most)
			}
			continue
		}
		// Failing ones are asked ever less: at every interval would be:
		if plenty := int(length / every); !slices.Contains([]string{"good", "big", "fickle", "scripts", "once", "packed", "cut", "entities"}, kind) && kind != "loop" && len(times) > plenty/2 {
			t.Errorf("%s fails, and was asked %d times in %d intervals", key, len(times), plenty)
		}
		if kind != "good" || !strings.HasPrefix(key, w.hosts[0]) {
			continue
		}
		if first := times[0].Sub(w.log[0].at); first > 10*every {
			t.Errorf("%s was first asked after %v", key, first.Round(time.Millisecond))
		}
		for i := 1; i < len(times); i++ {
			if gap := times[i].Sub(times[i-1]); gap > 5*every {
				t.Errorf("%s waited %v for its turn; its interval is %v", key, gap.Round(time.Millisecond), every)
			}
		}
	}
	for kind, n := range counts {
		t.Logf("%-9s asked %d to %d times", kind, slices.Min(n), slices.Max(n))
	}
	for _, s := range badWebSources {
		if len(counts[s.kind]) == 0 {
			t.Errorf("nobody asked for any %s", s.kind)
		}
	}
}

func badWebConfig(w *badWeb) string {
	var b strings.Builder
	b.WriteString("contact: ops@example.com\nbrands: [{id: nokia, name: Nokia}]\nsources:\n")
	for _, s := range badWebSources {
		for i := range s.n {
			fmt.Fprintf(&b, "  - {feed: 'http://%s/%s/%d', id: %s-%d-%d, name: '%s %d', every: %v}\n", w.hosts[s.host], s.kind, i+1000*s.host, s.kind, s.host, i, s.kind, i, w.every)
		}
	}
	b.WriteString("fetch:\n  floor: 1s\n  allow: [127.0.0.0/8]\n  hosts:\n    127.0.0.1: {parallel: 32, gap: 0s}\n")
	return b.String()
}

// process is the program as people run it, in a process of its own.
type process struct {
	cmd *exec.Cmd
	url string
	out lockedBuffer
}

func startProcess(t *testing.T, config string) *process {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "agora")
	// Without the race detector, which takes a multiple of the memory.
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil { //nolint:gosec // our own
		t.Fatalf("build: %v\n%s", err, out)
	}
	file := filepath.Join(dir, "agora.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &process{}
	p.cmd = exec.Command(binary, "serve", "--config", file, "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0") //nolint:gosec // our own
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill() })
	for deadline := time.Now().Add(browserPatience); ; time.Sleep(20 * time.Millisecond) {
		if found := addressLine.FindStringSubmatch(p.out.String()); found != nil && answers(found[1]) {
			p.url = found[1]
			return p
		}
		if time.Now().After(deadline) {
			t.Fatalf("the program didn't start:\n%s", p.out.String())
		}
	}
}

// peakMemory is the most that the process ever held, in bytes.
func (p *process) peakMemory(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatalf("the process is gone: %v\n%s", err, p.out.String())
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		t.Fatalf("no VmHWM in %s", status)
	}
	kb, _ := strconv.Atoi(string(found[1]))
	return kb << 10
}

// titles counts what is listed, by title.
func (p *process) titles(t *testing.T) map[string]int {
	t.Helper()
	found := map[string]int{}
	for cursor := ""; ; {
		var page struct {
			Mentions []struct{ Title string }
			Next     string
		}
		p.get(t, "/api/v1/mentions?brand=nokia&window=24h&limit=200&cursor="+cursor, &page)
		for _, m := range page.Mentions {
			found[m.Title]++
		}
		if cursor = page.Next; cursor == "" {
			return found
		}
	}
}

func (p *process) get(t *testing.T, path string, into any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), browserPatience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%v\n%s", err, p.out.String())
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	_, _ = body.ReadFrom(answer.Body)
	if err := json.Unmarshal(body.Bytes(), into); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v: %s", path, answer.StatusCode, err, body.String())
	}
}

// stop ends the process as an operator would, and expects it to be quick.
func (p *process) stop(t *testing.T) {
	t.Helper()
	_ = p.cmd.Process.Signal(os.Interrupt)
	done := make(chan error, 1)
	go func() { done <- p.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("the program ended with %v:\n%s", err, p.out.String())
		}
	case <-time.After(browserPatience):
		t.Error("the program didn't stop")
	}
}
