package server

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// Hubs takes what WebSub hubs send to the callbacks of subscriptions.
type Hubs interface {
	// VerifyIntent gives the challenge to echo to a hub that asks whether a
	// subscription is meant. [mood.ErrNotFound]: it isn't.
	VerifyIntent(id string, q url.Values) (challenge string, err error)
	// Push takes what a hub pushes, once its signature is checked.
	// [mood.ErrGone]: there is no such subscription; [mood.ErrUnavailable]:
	// not now.
	Push(ctx context.Context, id string, header http.Header, body io.Reader) error
}

// The route of callbacks; whoever knows an id may use it, so it is left out of
// logs.
const (
	hubPath      = "/websub/:id"
	maxHubBytes  = 8 << 20
	retryHubPush = 30 * time.Second
)

// confirmToHub answers GET /websub/{id}: a hub asks whether a subscription is
// meant. What it sent is echoed as bytes that no browser takes for a page.
func (s *Server) confirmToHub(c echo.Context) error {
	if s.Hubs == nil || c.Request().Method != http.MethodGet {
		return noSubscription(http.StatusNotFound)
	}
	challenge, err := s.Hubs.VerifyIntent(c.Param("id"), c.QueryParams())
	switch {
	case errors.Is(err, mood.ErrUnavailable):
		return hubLater()
	case err != nil:
		return noSubscription(http.StatusNotFound)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, "application/octet-stream", []byte(challenge))
}

// takeFromHub answers POST /websub/{id}: a hub pushes. 202 says no more than
// that it was received, even where its signature was wrong.
func (s *Server) takeFromHub(c echo.Context) error {
	if s.Hubs == nil {
		return noSubscription(http.StatusGone)
	}
	r := c.Request()
	err := s.Hubs.Push(r.Context(), c.Param("id"), r.Header, http.MaxBytesReader(c.Response(), r.Body, maxHubBytes))
	var tooLong *http.MaxBytesError
	switch {
	case err == nil:
		return c.NoContent(http.StatusAccepted)
	case errors.As(err, &tooLong):
		return err
	case errors.Is(err, mood.ErrGone):
		return noSubscription(http.StatusGone)
	case errors.Is(err, mood.ErrUnavailable):
		return hubLater()
	case errors.Is(err, mood.ErrInvalid):
		return err
	}
	return badBody(err)
}

func noSubscription(status int) error {
	return newProblem(status, "There is no such subscription here: stop pushing to this address.")
}

func hubLater() error {
	return newProblem(http.StatusServiceUnavailable, "Too much is in work right now: send it again in %s.", spell(retryHubPush)).after(retryHubPush)
}
