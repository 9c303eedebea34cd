package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryStart is how long a client should wait for an Agora that is starting.
const retryStart = 5 * time.Second

// Waiting answers where a [Server] is going to, while what it needs isn't
// there: that the process lives, and to everything else that it isn't ready.
type Waiting struct {
	web   *http.Server
	ended chan error
}

// Wait listens on an address and answers there until Close is called.
func Wait(listen string, log *slog.Logger) (*Waiting, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", listen, err)
	}
	w := &Waiting{
		web: &http.Server{
			Handler: http.HandlerFunc(notYet), ReadHeaderTimeout: headTime, ReadTimeout: headTime,
			WriteTimeout: headTime, IdleTimeout: headTime, MaxHeaderBytes: headSize,
			ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
		},
		ended: make(chan error, 1),
	}
	go func() { w.ended <- w.web.Serve(listener) }()
	return w, nil
}

// Close frees the address, and cuts whoever is still being answered.
func (w *Waiting) Close() error {
	err := w.web.Close()
	if ended := <-w.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

const notYetSentence = "Agora is starting, and waits for the store in which it keeps everything: the log says what it hears from there. Nothing was taken; try again in a few seconds."

func notYet(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.URL.Path == "/healthz" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		h.Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(healthView{"up"})
		return
	}
	h.Set("Retry-After", strconv.Itoa(int(retryStart.Seconds())))
	if r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") {
		h.Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte(notYetPage))
		return
	}
	h.Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusServiceUnavailable)
	_ = json.NewEncoder(w).Encode(newProblem(http.StatusServiceUnavailable, "%s", notYetSentence))
}

// notYetPage loads itself again, also on a screen that nobody touches and in a
// browser of any age.
const notYetPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="10">
<title>Agora is starting</title>
<style>
html { background: #0B1016; color: #E9EEF3; font: 3vmin/1.5 Inter, system-ui, sans-serif }
body { margin: 0; height: 100vh; display: flex; flex-direction: column; align-items: center; justify-content: center; text-align: center; padding: 0 8vw; box-sizing: border-box }
h1 { font-size: 2em; margin: 0 0 .5em; font-weight: 600 }
p { margin: 0; color: #9FB0BF; max-width: 34em }
@media (max-width: 600px) { html { font-size: 16px } }
</style>
</head>
<body>
<h1>Agora is starting</h1>
<p>It waits for the store in which it keeps everything. This page looks again by itself.</p>
</body>
</html>
`
