package server

import (
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"
)

// writes serves a route that writes: here when this process ingests, else by
// passing it on to one that does.
func (s *Server) writes(here echo.HandlerFunc) (echo.HandlerFunc, error) {
	if s.Intake != nil {
		return here, nil
	}
	if s.IngestURL == "" {
		return func(echo.Context) error {
			return newProblem(http.StatusServiceUnavailable, "This process only shows: send this to a process with the role ingest, or set ingest_url in agora.yaml so that it is passed on.").after(time.Minute)
		}, nil
	}
	target, err := url.Parse(s.IngestURL)
	if err != nil {
		return nil, err
	}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.SetXForwarded()
			// The origin was checked here, under the name that the browser knows.
			r.Out.Header.Del("Origin")
			r.Out.Header.Del("Sec-Fetch-Site")
		},
		// The headers of this process stand already.
		ModifyResponse: func(r *http.Response) error {
			for _, pair := range hardHeaders() {
				r.Header.Del(pair[0])
			}
			return nil
		},
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	return func(c echo.Context) error {
		var failed error
		p := *proxy
		p.ErrorHandler = func(_ http.ResponseWriter, _ *http.Request, err error) { failed = err }
		p.ServeHTTP(c.Response(), c.Request())
		if failed != nil {
			no := newProblem(http.StatusServiceUnavailable, "The process that ingests can't be reached right now. Nothing of this request was taken; try again in %d seconds.", int(retryStore.Seconds())).after(retryStore)
			no.cause = failed
			return no
		}
		return nil
	}, nil
}
