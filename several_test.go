package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"agora/mood"
)

// agoraProcess is an Agora of its own.
type agoraProcess struct {
	t    testing.TB
	args []string
	url  string
	cmd  *exec.Cmd
	log  lockedBuffer
	over chan struct{}
}

// startAgora runs this program as agora with arguments, and waits until it
// says where it is.
func startAgora(t testing.TB, args ...string) *agoraProcess {
	t.Helper()
	p := &agoraProcess{t: t, args: args}
	p.start()
	t.Cleanup(p.kill)
	return p
}

func (p *agoraProcess) start() {
	p.t.Helper()
	self, err := os.Executable()
	if err != nil {
		p.t.Fatal(err)
	}
	p.cmd = exec.Command(self, p.args...) //nolint:gosec // this very program
	p.cmd.Args[0] = "agora"
	p.cmd.Stderr = &p.log
	said, err := p.cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.over = make(chan struct{})
	at := make(chan string, 1)
	go func() {
		defer close(p.over)
		lines := bufio.NewScanner(said)
		for lines.Scan() {
			if url, ok := strings.CutPrefix(lines.Text(), "Agora is at "); ok {
				at <- url
			}
		}
		_ = p.cmd.Wait() // that it was killed
	}()
	select {
	case p.url = <-at:
	case <-p.over:
		p.t.Fatalf("agora %v ended:\n%s", p.args, &p.log)
	case <-time.After(patience):
		p.kill()
		p.t.Fatalf("agora %v did not start:\n%s", p.args, &p.log)
	}
}

func (p *agoraProcess) kill() {
	_ = p.cmd.Process.Signal(syscall.SIGCONT)
	_ = p.cmd.Process.Kill()
	<-p.over
}

// board is a brand's board as a process shows it, but for the moment it is of.
func (p *agoraProcess) board(brand string) (map[string]any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/api/v1/board?window=7d&brand="+brand, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var b map[string]any
	err = json.NewDecoder(response.Body).Decode(&b)
	forgetMoments(b)
	return b, err
}

// forgetMoments drops what tells when somebody asked.
func forgetMoments(v map[string]any) {
	for _, key := range []string{"as_of", "to", "latency", "mentions_since"} {
		delete(v, key)
	}
	if _, window := v["from"].(string); window {
		delete(v, "from")
	}
	for _, inner := range v {
		if m, ok := inner.(map[string]any); ok {
			forgetMoments(m)
		}
	}
}

// events reads a stream until one has a name, and gives its id.
func (p *agoraProcess) events(until, after string) (names []string, id string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/api/v1/stream?brand=nokia&window=24h&after="+after, nil)
	must(p.t, err)
	response, err := http.DefaultClient.Do(request)
	must(p.t, err)
	defer response.Body.Close()
	lines := bufio.NewReader(response.Body)
	last := ""
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			p.t.Fatalf("the stream of %s ended before %s: %v after %v", p.url, until, err, names)
		}
		line = strings.TrimSpace(line)
		if v, ok := strings.CutPrefix(line, "id:"); ok {
			id = strings.TrimSpace(v)
		}
		if v, ok := strings.CutPrefix(line, "event:"); ok {
			last = strings.TrimSpace(v)
			names = append(names, last)
		}
		if line == "" && last == until {
			return names, id
		}
	}
}

// TestSeveralProcessesAreOneAgora has two that take in and two that show, on
// one Redis: all of them agree, whoever is killed or frozen.
func TestSeveralProcessesAreOneAgora(t *testing.T) {
	t.Parallel()
	r := newRedisProcess(t)
	dir := t.TempDir()
	config := filepath.Join(dir, "agora.yaml")
	must(t, os.WriteFile(config, []byte("listen: 127.0.0.1:0\nredis: "+r.url()+"\nbrands: [{id: nokia, name: Nokia}, {id: samsung, name: Samsung}]\nlimits: {push_per_second: 1000000}\n"), 0o600))
	in := func(name string) *agoraProcess {
		return startAgora(t, "serve", "--config", config, "--role", "ingest", "--data", filepath.Join(dir, name))
	}
	web := func() *agoraProcess { return startAgora(t, "serve", "--config", config, "--role", "web") }
	a, b, v, w := in("a"), in("b"), web(), web()

	acked := map[string]bool{}
	sent := 0
	push := func(p *agoraProcess, n int, wait time.Duration) bool {
		var batch []map[string]string
		for i := range n {
			id := sent + i
			batch = append(batch, map[string]string{"id": fmt.Sprint(id), "source": "one", "title": fmt.Sprint("Nokia is good, says ", id)})
		}
		body, _ := json.Marshal(batch)
		ctx, cancel := context.WithTimeout(context.Background(), wait)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/api/v1/mentions", bytes.NewReader(body))
		must(t, err)
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return false
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusAccepted {
			return false
		}
		for _, m := range batch {
			acked[m["id"]] = true
		}
		sent += n
		return true
	}
	agree := func(when string) {
		t.Helper()
		var one, other map[string]any
		for begun := time.Now(); time.Since(begun) < patience; time.Sleep(50 * time.Millisecond) {
			var err, err2 error
			one, err = v.board("nokia")
			other, err2 = w.board("nokia")
			if err != nil || err2 != nil || !reflect.DeepEqual(one, other) {
				continue
			}
			total, _ := one["total"].(map[string]any)
			if total["mentions"] == float64(len(acked)) {
				return
			}
		}
		t.Fatalf("%s: %d acknowledged; one shows %v, the other %v\n%s\n%s", when, len(acked), one["total"], other["total"], &a.log, &b.log)
	}

	for range 10 {
		if !push(a, 7, patience) || !push(b, 5, patience) {
			t.Fatalf("a push was not taken:\n%s\n%s", &a.log, &b.log)
		}
	}
	agree("at first")

	sent -= 5 // the other process takes in what is known already
	push(a, 5, patience)
	agree("after what was known came to another process")

	_, id := v.events("snapshot", "")
	if names, _ := w.events("snapshot", id); names[0] != "hello" || strings.Contains(strings.Join(names, " "), "delta") {
		t.Errorf("resumed on another process: %v, want that it begins anew with a snapshot", names)
	}

	_ = a.cmd.Process.Signal(syscall.SIGSTOP)
	push(a, 3, 300*time.Millisecond) // nobody answers
	for range 10 {
		push(b, 4, patience)
	}
	_ = a.cmd.Process.Signal(syscall.SIGCONT)
	for !push(a, 3, patience) { // the same again: it may have been taken meanwhile
	}
	agree("after one that takes in was frozen")

	_ = v.cmd.Process.Signal(syscall.SIGSTOP)
	push(a, 9, patience)
	_ = v.cmd.Process.Signal(syscall.SIGCONT)
	agree("after one that shows was frozen")

	a.kill()
	w.kill()
	push(b, 6, patience)
	a.start()
	w.start()
	push(a, 6, patience)
	agree("after one of each was killed")

	// The journal of one has a mention, that of the other its withdrawal. After a
	// loss, what was withdrawn stays away, whoever counts first.
	push(a, 1, patience)
	agree("before one is withdrawn")
	gone := fmt.Sprint(sent - 1)
	var found struct{ Mentions []mood.Mention }
	mustAsk(t, http.MethodGet, v.url+"/api/v1/mentions?brand=nokia&window=7d&q="+url.QueryEscape("says "+gone), &found)
	if len(found.Mentions) != 1 {
		t.Fatalf("%d mentions say %s", len(found.Mentions), gone)
	}
	mustAsk(t, http.MethodDelete, b.url+"/api/v1/mentions/"+found.Mentions[0].ID, nil)
	delete(acked, gone)
	agree("after one was withdrawn")
	_ = a.cmd.Process.Signal(syscall.SIGSTOP)
	r.command("FLUSHALL")
	for begun := time.Now(); !strings.Contains(b.log.String(), "it is counted again from the journal"); time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > patience {
			t.Fatalf("nobody noticed that the store is empty:\n%s", &b.log)
		}
	}
	push(b, 2, patience)
	_ = a.cmd.Process.Signal(syscall.SIGCONT)
	agree("after the store was emptied")
}

// mustAsk makes a request that must do well.
func mustAsk(t *testing.T, method, address string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	must(t, err)
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: %d %s %v", method, address, response.StatusCode, body, err)
	}
	if into != nil {
		must(t, json.Unmarshal(body, into))
	}
}

// TestACopyOfADataFolderIsRefused starts a second Agora on a copy of the first
// one's folder: both would count under the same numbers.
func TestACopyOfADataFolderIsRefused(t *testing.T) {
	t.Parallel()
	r := newRedisProcess(t)
	dir := t.TempDir()
	config := filepath.Join(dir, "agora.yaml")
	must(t, os.WriteFile(config, []byte("listen: 127.0.0.1:0\nredis: "+r.url()+"\nbrands: [{id: nokia, name: Nokia}]\n"), 0o600))
	first := startAgora(t, "serve", "--config", config, "--data", filepath.Join(dir, "one"))
	first.kill()
	must(t, os.CopyFS(filepath.Join(dir, "two"), os.DirFS(filepath.Join(dir, "one"))))
	first.start() // its own folder is its own at once, also after a crash
	self, err := os.Executable()
	must(t, err)
	second := exec.Command(self, "serve", "--config", config, "--data", filepath.Join(dir, "two")) //nolint:gosec // this very program
	second.Args[0] = "agora"
	said, err := second.CombinedOutput()
	if err == nil || !strings.Contains(string(said), "is a copy of the other") {
		t.Errorf("on a copy of the folder: %v\n%s", err, said)
	}
	first.kill()
	startAgora(t, "serve", "--config", config, "--data", filepath.Join(dir, "two")) // moved, not copied
}
