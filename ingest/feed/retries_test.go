package feed

import (
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"sync/atomic"
	"testing"
	"time"

	"agora/mood"
)

func TestAServerThatHangsUpIsAskedOnceAPoll(t *testing.T) {
	var hangups atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hangup" {
			hangups.Add(1)
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write([]byte(rssOf(one("a"))))
	}))
	defer server.Close()
	p, err := NewPoller(Config{Deliver: newInbox().deliver, States: newMemory(), Allow: loopback(), Hosts: map[string]HostRule{"127.0.0.1": {Parallel: 8}}})
	if err != nil {
		t.Fatal(err)
	}
	// Several connections are kept, each of which the transport would try.
	good := func() {
		for range 4 {
			if trial := p.Try(t.Context(), mood.Source{ID: "good", URL: server.URL + "/good"}); trial.Error != "" {
				t.Error(trial.Error)
			}
		}
	}
	for range 5 {
		good()
		before := hangups.Load()
		if trial := p.Try(t.Context(), mood.Source{ID: "bad", URL: server.URL + "/hangup"}); trial.Error == "" {
			t.Error("a server that hangs up is no error")
		}
		if n := hangups.Load() - before; n != 1 {
			t.Errorf("it was asked %d times", n)
		}
	}
}

func TestOneRetryIsLetBeAfterAConnectionThatHadLain(t *testing.T) {
	for _, c := range []struct {
		idle time.Duration
		want int
	}{{0, 1}, {10 * time.Millisecond, 1}, {time.Minute, 2}} {
		var r retries
		n := 0
		for r.may(httptrace.GotConnInfo{Reused: true, IdleTime: c.idle}) {
			n++
		}
		if n != c.want {
			t.Errorf("after %v: %d connections, want %d", c.idle, n, c.want)
		}
	}
}
