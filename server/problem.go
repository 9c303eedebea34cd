package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// problem is an error as RFC 9457 tells it to a client. Detail is a sentence
// for people that says what to do.
type problem struct {
	Type      string   `json:"type"`
	Title     string   `json:"title"`
	Status    int      `json:"status"`
	Detail    string   `json:"detail"`
	Parameter string   `json:"parameter,omitempty"` // the one that is wrong
	Valid     []string `json:"valid,omitempty"`     // what it may be
	Column    int      `json:"column,omitempty"`    // of a query: where it is wrong, from 1, in code points

	retry time.Duration // 0: none is told
	cause error         // for the log alone
}

// Error is the detail, so that a problem reads as an error in logs and tests.
func (p *problem) Error() string { return p.Detail }

func (p *problem) Unwrap() error { return p.cause }

func newProblem(status int, format string, args ...any) *problem {
	return &problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: fmt.Sprintf(format, args...)}
}

// badParameter names the parameter that is wrong and what it may be.
func badParameter(name string, valid []string, format string, args ...any) *problem {
	p := newProblem(http.StatusBadRequest, format, args...)
	p.Parameter, p.Valid = name, valid
	return p
}

func (p *problem) after(d time.Duration) *problem { p.retry = d; return p }

// retryStore is how long a client should wait for a store that is away.
const retryStore = 5 * time.Second

// problemOf is the one table from kinds of errors to what clients are told.
func problemOf(err error) *problem {
	var (
		p       *problem
		he      *echo.HTTPError
		tooLong *http.MaxBytesError
		query   *mood.QueryError
	)
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &tooLong):
		return newProblem(http.StatusRequestEntityTooLarge, "The request is over %d MiB: send it in several requests.", tooLong.Limit>>20)
	case errors.As(err, &query):
		p = newProblem(http.StatusBadRequest, "The query can't be read at column %d: %s.", query.Column, query.Message)
		p.Parameter, p.Column = query.Field, query.Column
		return p
	case errors.Is(err, mood.ErrBusy):
		return newProblem(http.StatusTooManyRequests, "%s", sentence(err)).after(retryStore)
	case errors.Is(err, mood.ErrNotFound):
		return newProblem(http.StatusNotFound, "%s", sentence(err))
	case errors.Is(err, mood.ErrInvalid):
		return newProblem(http.StatusBadRequest, "%s", sentence(err))
	case errors.Is(err, mood.ErrGone):
		return newProblem(http.StatusGone, "%s", sentence(err))
	case errors.Is(err, mood.ErrConflict):
		return newProblem(http.StatusConflict, "%s", sentence(err))
	case errors.Is(err, mood.ErrDenied):
		return newProblem(http.StatusUnauthorized, "%s", sentence(err))
	case errors.Is(err, mood.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		p = newProblem(http.StatusServiceUnavailable, "This can't be done right now: the store can't be reached, or there is no room to keep what comes in (the log says which). Try again in %d seconds; sending all of it again is harmless.", int(retryStore.Seconds())).after(retryStore)
		p.cause = err
		return p
	case errors.As(err, &he):
		return problemOfEcho(he)
	}
	p = newProblem(http.StatusInternalServerError, "Something went wrong in the server. It is in the server's log; try again, and tell the operator if it stays.")
	p.cause = err
	return p
}

func problemOfEcho(he *echo.HTTPError) *problem {
	switch he.Code {
	case http.StatusNotFound:
		return newProblem(he.Code, "There is nothing at this address. GET /openapi.json lists every address there is.")
	case http.StatusMethodNotAllowed:
		return newProblem(he.Code, "This address doesn't take that method. GET /openapi.json says which ones it takes.")
	}
	p := newProblem(he.Code, "%s", http.StatusText(he.Code))
	p.cause = he.Internal
	return p
}

// sentence makes an error's text one that starts with a capital and ends with
// a full stop, without the word for its kind, which says nothing to people.
func sentence(err error) string {
	s := strings.TrimSpace(err.Error())
	for _, kind := range []error{mood.ErrInvalid, mood.ErrGone, mood.ErrConflict, mood.ErrBusy, mood.ErrDenied} {
		if word := ": " + kind.Error(); errors.Is(err, kind) {
			s = strings.ReplaceAll(strings.TrimSuffix(s, word), word+": ", ": ")
		}
	}
	if s == "" {
		return s
	}
	if c := s[0]; 'a' <= c && c <= 'z' {
		s = string(c-'a'+'A') + s[1:]
	}
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// fail is Echo's error handler: every error of every route ends here.
func (s *Server) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	if errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil {
		return // the client has left; there is nobody to tell
	}
	p := problemOf(err)
	if p.Status >= http.StatusInternalServerError && p.cause != nil {
		s.log.LogAttrs(c.Request().Context(), slog.LevelError, "request failed",
			slog.String("method", c.Request().Method), slog.String("path", c.Request().URL.Path),
			slog.Int("status", p.Status), slog.Any("error", p.cause))
	}
	h := c.Response().Header()
	for _, name := range []string{"Content-Encoding", "Content-Disposition", "ETag"} {
		h.Del(name)
	}
	if p.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retry.Seconds()))))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="agora"`)
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	body, err := json.Marshal(p)
	if err != nil {
		body = []byte(`{"type":"about:blank","title":"Internal Server Error","status":500}`)
	}
	c.Response().WriteHeader(p.Status)
	if c.Request().Method != http.MethodHead {
		_, _ = c.Response().Write(append(body, '\n'))
	}
}
