package main

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// After a power cut, Redis may be the last to come up.
func TestAnAgoraThatIsUpBeforeItsRedisWaitsForIt(t *testing.T) {
	t.Parallel()
	r := newRedisProcess(t)
	r.kill()
	dir := t.TempDir()
	config, at := filepath.Join(dir, "agora.yaml"), "127.0.0.1:"+freePort(t)
	must(t, os.WriteFile(config, []byte("listen: "+at+"\ndata: "+filepath.Join(dir, "data")+"\nredis: "+r.url()+"\nbrands: [{id: nokia, name: Nokia}]\n"), 0o600))
	log, err := os.Create(filepath.Join(dir, "log"))
	must(t, err)
	defer log.Close()
	start := func() (*exec.Cmd, <-chan error) {
		self, err := os.Executable()
		must(t, err)
		cmd := exec.Command(self, "serve", "--config", config) //nolint:gosec // this very program
		cmd.Args[0], cmd.Stderr = "agora", log
		must(t, cmd.Start())
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		return cmd, ended
	}
	told := func() string {
		text, err := os.ReadFile(log.Name())
		must(t, err)
		return string(text)
	}
	ask := func(method, path, accept string) (*http.Response, string) {
		request, err := http.NewRequestWithContext(t.Context(), method, "http://"+at+path, strings.NewReader(`{"id":"1","title":"Nokia is praised"}`))
		must(t, err)
		request.Header.Set("Accept", accept)
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return nil, err.Error()
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			return nil, err.Error()
		}
		return response, string(body)
	}
	until := func(path string, status int) {
		t.Helper()
		for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
			response, body := ask(http.MethodGet, path, "*/*")
			if response != nil && response.StatusCode == status {
				return
			}
			if time.Since(begun) > patience {
				t.Fatalf("%s: %s\n%s", path, body, told())
			}
		}
	}

	_, ended := start()
	until("/healthz", http.StatusOK)
	if a, body := ask(http.MethodPost, "/api/v1/mentions", "*/*"); a == nil || a.StatusCode != http.StatusServiceUnavailable ||
		a.Header.Get("Retry-After") == "" || a.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(body, "waits for the store") {
		t.Errorf("a push while there is no store: %v %s", a, body)
	}
	if a, body := ask(http.MethodGet, "/wall", "text/html"); a == nil || a.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, `http-equiv="refresh"`) {
		t.Errorf("a screen is given %v %s, which doesn't look again", a, body)
	}
	r.start()
	until("/readyz", http.StatusOK)
	if a, body := ask(http.MethodPost, "/api/v1/mentions", "*/*"); a == nil || a.StatusCode != http.StatusAccepted {
		t.Errorf("a push once there is one: %v %s", a, body)
	}
	if text := told(); !strings.Contains(text, "the store can't be reached") || !strings.Contains(text, "the store is there") {
		t.Errorf("the log says %s", text)
	}
	select {
	case err := <-ended:
		t.Fatalf("it ended: %v\n%s", err, told())
	default:
	}
}

func TestAnAgoraThatWaitsForItsRedisStopsWhenItIsTold(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	config := filepath.Join(dir, "agora.yaml")
	at := "127.0.0.1:" + freePort(t)
	must(t, os.WriteFile(config, []byte("listen: "+at+"\ndata: "+filepath.Join(dir, "data")+"\nredis: redis://127.0.0.1:"+freePort(t)+"\nbrands: [{id: nokia, name: Nokia}]\n"), 0o600))
	self, err := os.Executable()
	must(t, err)
	cmd := exec.Command(self, "serve", "--config", config) //nolint:gosec // this very program
	cmd.Args[0] = "agora"
	must(t, cmd.Start())
	defer func() { _ = cmd.Process.Kill() }()
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		response, err := http.Get("http://" + at + "/healthz")
		if err == nil {
			response.Body.Close()
			break
		}
		if time.Since(begun) > patience {
			t.Fatal(err)
		}
	}
	must(t, cmd.Process.Signal(syscall.SIGTERM))
	if err := cmd.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
}
