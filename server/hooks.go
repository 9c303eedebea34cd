package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// Hooks knows the webhooks of the configuration: sources to which other programs
// send what they have, in their own form.
type Hooks interface {
	// AdmitHook says from the header alone whether who sends may; signed: only
	// the body proves it, to ReadHook. Its errors are those of ReadHook.
	AdmitHook(id string, header http.Header) (signed bool, err error)
	// ReadHook checks that who sends may, and makes pushed mentions of what was
	// sent. [mood.ErrNotFound]: there is no such webhook; [mood.ErrDenied]: the
	// sender hasn't proved that it may; [mood.ErrInvalid]: it can't be read.
	ReadHook(id string, header http.Header, body []byte) ([]json.RawMessage, error)
	// HookTaken notes what became of it.
	HookTaken(id string, receipt mood.Receipt)
}

const hookPath = "/hooks/:id"

// What is held of senders who have proved nothing before their body is whole: of
// each, and of how many at once.
const (
	maxSignedBytes = 4 << 20
	maxUnproved    = 16
)

// Wrong secrets that an address may show: some at once, then one a second.
const (
	hookTries     = 30
	hookTriesRate = 1
)

// takeFromHook answers POST /hooks/{id}: what it answers is what a push to
// /api/v1/mentions is answered.
func (s *Server) takeFromHook(c echo.Context) error {
	id := c.Param("id")
	if s.Hooks == nil {
		return fmt.Errorf("there is no webhook %q: %w", id, mood.ErrNotFound)
	}
	// One bad sender locks nobody else out, behind whatever proxy.
	sender := c.RealIP() + " " + id
	if wait := s.hookTries.wait(sender); wait > 0 {
		return newProblem(http.StatusTooManyRequests, "Too many wrong secrets came for this webhook from your address: try again in %s.", spell(wait)).after(wait)
	}
	items, err := s.readHook(c, id)
	if err != nil {
		if errors.Is(err, mood.ErrDenied) {
			s.hookTries.take(sender, 1)
		}
		return err
	}
	if err := s.allow(c, len(items)); err != nil {
		return err
	}
	receipt, err := s.Intake.Push(c.Request().Context(), items)
	if err != nil {
		return fmt.Errorf("take what a webhook was sent: %w", err)
	}
	s.meters.pushed(receipt, 0)
	s.Hooks.HookTaken(id, receipt)
	return s.reply(c, http.StatusAccepted, receipt)
}

// readHook reads what was sent. Who shows a secret shows it first: of others
// nothing is read. A signature is known to be right only once all is read, so
// little is read of those who send one.
func (s *Server) readHook(c echo.Context, id string) ([]json.RawMessage, error) {
	header, most := c.Request().Header, int64(maxPushBytes)
	signed, err := s.Hooks.AdmitHook(id, header)
	if err != nil {
		return nil, err
	}
	if err := wantPlain(c.Request()); err != nil {
		return nil, err
	}
	if signed {
		most = maxSignedBytes
		select {
		case s.unproved <- struct{}{}:
			defer func() { <-s.unproved }()
		default:
			return nil, newProblem(http.StatusServiceUnavailable, "Too many signed messages are being sent at once: send this one again in %s.", spell(retryStore)).after(retryStore)
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, most))
	if err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			return nil, err
		}
		return nil, badBody(err)
	}
	return s.Hooks.ReadHook(id, header, body)
}
