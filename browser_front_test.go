package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// front stands between the browser and the program, as a proxy or a bad line
// does: it can answer 502, fall silent without closing anything, and pretend
// to be another build.
type front struct {
	*httptest.Server
	mu     sync.Mutex
	mode   string // "", "502" or "silent"
	build  string
	beat   time.Duration // heartbeats of its own, in place of the program's slow ones
	change chan struct{} // closed at every change of mode
}

func startFront(t *testing.T, p *program, beat time.Duration) *front {
	t.Helper()
	target, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	f := &front{beat: beat, change: make(chan struct{})}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mode, changed := f.now()
		switch {
		case mode == "502":
			w.WriteHeader(http.StatusBadGateway)
		case mode == "silent":
			select {
			case <-changed:
			case <-r.Context().Done():
			}
			w.WriteHeader(http.StatusBadGateway)
		case r.URL.Path == "/api/v1/stream":
			f.stream(w, r, target)
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(func() {
		f.set("502")
		f.Server.CloseClientConnections()
		f.Server.Close()
	})
	return f
}

func (f *front) now() (mode string, changed <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.mode, f.change
}

// set changes the mode; streams that are open fall silent or end with it.
func (f *front) set(mode string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mode = mode
	close(f.change)
	f.change = make(chan struct{})
}

// pretend makes the program look like another build to whoever connects from
// now on, and ends the streams.
func (f *front) pretend(build string) {
	f.mu.Lock()
	f.build = build
	f.mu.Unlock()
	f.set("502")
	f.set("")
}

var (
	helloBeat  = regexp.MustCompile(`"heartbeat_ms":\d+`)
	helloBuild = regexp.MustCompile(`"build":"[^"]*"`)
)

// stream hands on the program's events one by one.
func (f *front) stream(w http.ResponseWriter, r *http.Request, target *url.URL) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	to := *target
	to.Path, to.RawQuery = r.URL.Path, r.URL.RawQuery
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, to.String(), nil)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	ask.Header = r.Header.Clone()
	answer, err := http.DefaultTransport.RoundTrip(ask)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		w.WriteHeader(answer.StatusCode)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	events := make(chan string)
	go func() {
		defer close(events)
		lines := bufio.NewReader(answer.Body)
		var event strings.Builder
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				return
			}
			event.WriteString(line)
			if line != "\n" {
				continue
			}
			select {
			case events <- event.String():
			case <-ctx.Done():
				return
			}
			event.Reset()
		}
	}()
	beat := time.NewTicker(f.beat)
	defer beat.Stop()
	for {
		f.mu.Lock()
		mode, changed, build := f.mode, f.change, f.build
		f.mu.Unlock()
		var event string
		select {
		case <-r.Context().Done():
			return
		case <-changed:
			if mode, _ = f.now(); mode == "silent" {
				// Half-open: nothing comes any more, and nothing is closed.
				<-r.Context().Done()
			}
			return
		case next, open := <-events:
			if !open {
				return
			}
			event = next
		case <-beat.C:
			event = "event: heartbeat\ndata: {\"now\":\"" + time.Now().UTC().Format(time.RFC3339Nano) + "\"}\n\n"
		}
		if strings.HasPrefix(event, "event: hello\n") || strings.Contains(event, "\nevent: hello\n") {
			event = helloBeat.ReplaceAllString(event, `"heartbeat_ms":`+milliseconds(f.beat))
			if build != "" {
				event = helloBuild.ReplaceAllString(event, `"build":"`+build+`"`)
			}
		}
		if mode == "silent" {
			continue
		}
		if _, err := io.WriteString(w, event); err != nil {
			return
		}
		if err := http.NewResponseController(w).Flush(); err != nil {
			return
		}
	}
}

func milliseconds(d time.Duration) string {
	return strings.TrimSuffix(d.Round(time.Millisecond).String(), "ms")
}
