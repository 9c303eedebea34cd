package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// What one push may hold.
const (
	maxPushBytes = 16 << 20
	maxPushItems = 10_000
)

// push answers POST /api/v1/mentions.
func (s *Server) push(c echo.Context) error { return s.take(c, s.Intake.Push) }

// pushActivity answers POST /api/v1/activity.
func (s *Server) pushActivity(c echo.Context) error { return s.take(c, s.Intake.PushActivity) }

// take reads what was sent, checks that its sender isn't too fast, and hands
// it over as a whole: it takes all good items, or none and says why.
func (s *Server) take(c echo.Context, into func(context.Context, []json.RawMessage) (mood.Receipt, error)) error {
	if err := wantJSON(c.Request(), "application/json", "application/x-ndjson", "application/jsonl", "application/ndjson"); err != nil {
		return err
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxPushBytes))
	if err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			return err
		}
		return badBody(err)
	}
	sent, err := splitItems(body)
	if err != nil {
		return err
	}
	if sent.count() > maxPushItems {
		return newProblem(http.StatusRequestEntityTooLarge, "%d items are too many for one request: send at most %d at a time.", sent.count(), maxPushItems)
	}
	if err := s.allow(c, sent.count()); err != nil {
		return err
	}
	receipt, err := into(c.Request().Context(), sent.items)
	if err != nil {
		return fmt.Errorf("take what was pushed: %w", err)
	}
	s.meters.pushed(receipt, len(sent.broken))
	return s.reply(c, http.StatusAccepted, sent.settle(receipt))
}

// allow applies the rate, by token or else by address.
func (s *Server) allow(c echo.Context, n int) error {
	who := callerOf(c)
	if who.operator || n == 0 {
		return nil
	}
	key := who.token
	if key == "" {
		key = c.RealIP()
	}
	if wait := s.pushes.take(key, n); wait > 0 {
		s.meters.limited.Inc()
		return newProblem(http.StatusTooManyRequests,
			"More than %d items a second: none of these %d was taken; send them again in %s.",
			s.Limits.PushPerSecond, n, spell(wait)).after(wait)
	}
	return nil
}

// sentItems are the items of a request: those that are JSON, with their places
// in the request, and those that aren't.
type sentItems struct {
	items  []json.RawMessage
	places []int
	broken []mood.Rejected
}

func (s *sentItems) count() int { return len(s.items) + len(s.broken) }

func (s *sentItems) add(item []byte) {
	place := s.count()
	if err := json.Unmarshal(item, new(json.RawMessage)); err != nil {
		s.broken = append(s.broken, mood.Rejected{Index: place, Error: "not valid JSON: " + err.Error()})
		return
	}
	s.items, s.places = append(s.items, item), append(s.places, place)
}

// settle gives a receipt the places that its items had in the request.
func (s *sentItems) settle(r mood.Receipt) mood.Receipt {
	rejected := make([]mood.Rejected, 0, len(r.Rejected)+len(s.broken))
	for _, x := range r.Rejected {
		if x.Index >= 0 && x.Index < len(s.places) {
			x.Index = s.places[x.Index]
		}
		rejected = append(rejected, x)
	}
	rejected = append(rejected, s.broken...)
	slices.SortFunc(rejected, func(a, b mood.Rejected) int { return a.Index - b.Index })
	r.Rejected = rejected
	return r
}

// splitItems reads one object, an array of them, or one on each line. What was
// sent decides, not what it was called.
func splitItems(body []byte) (*sentItems, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	sent := &sentItems{}
	switch {
	case len(body) == 0:
		return nil, newProblem(http.StatusBadRequest, "The request is empty: send one JSON object, an array of them, or one on each line.")
	case body[0] == '[':
		if err := json.Unmarshal(body, &sent.items); err != nil {
			return nil, notJSON(err)
		}
		for i := range sent.items {
			sent.places = append(sent.places, i)
		}
		return sent, nil
	case json.Valid(body):
		sent.add(body)
		return sent, nil
	}
	first, rest, several := bytes.Cut(body, []byte("\n"))
	if !several {
		return nil, notJSON(json.Unmarshal(body, new(json.RawMessage)))
	}
	// One object over several lines, with a mistake in it, would otherwise be
	// told as a mistake on every line.
	if second, _, _ := bytes.Cut(rest, []byte("\n")); !json.Valid(first) && !json.Valid(second) {
		return nil, notJSON(json.Unmarshal(body, new(json.RawMessage)))
	}
	for line := range bytes.SplitSeq(body, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			sent.add(line)
		}
	}
	return sent, nil
}

func notJSON(err error) error {
	where := ""
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		where = fmt.Sprintf(" at byte %d", syntax.Offset)
	}
	return newProblem(http.StatusBadRequest, "The request isn't valid JSON%s (%v): nothing of it was taken. Send one object, an array of them, or one on each line.", where, err)
}
