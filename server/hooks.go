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
	// ReadHook checks that who sends may, and makes pushed mentions of what was
	// sent. [mood.ErrNotFound]: there is no such webhook; [mood.ErrDenied]: the
	// sender hasn't proved that it may; [mood.ErrInvalid]: it can't be read.
	ReadHook(id string, header http.Header, body []byte) ([]json.RawMessage, error)
	// HookTaken notes what became of it.
	HookTaken(id string, receipt mood.Receipt)
}

const hookPath = "/hooks/:id"

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
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxPushBytes))
	if err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			return err
		}
		return badBody(err)
	}
	items, err := s.Hooks.ReadHook(id, c.Request().Header, body)
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
