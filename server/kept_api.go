package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/mood"
)

// keepBody is what POST /api/v1/snapshots takes. An empty one keeps what is
// shown when nothing is asked for.
type keepBody struct {
	Brand  string `json:"brand,omitempty"`
	Window string `json:"window,omitempty"`
	Note   string `json:"note,omitempty"`
}

// keptView is a kept board in lists.
type keptView struct {
	ID     string    `json:"id"`
	URL    string    `json:"url"` // of its page
	Kept   time.Time `json:"kept"`
	Brand  string    `json:"brand"` // ids, with commas
	Window string    `json:"window"`
	AsOf   time.Time `json:"as_of"`
	Note   string    `json:"note,omitempty"`
	Demo   bool      `json:"demo,omitempty"`
}

// keptAnswer is a kept board that was just kept.
type keptAnswer struct {
	keptView
	Charts map[string]map[string]string `json:"charts"` // addresses, by chart and format
}

// keptWhole is a kept board with everything on it.
type keptWhole struct {
	keptAnswer
	Version string          `json:"version"` // of the software that kept it
	Sources charts.Coverage `json:"sources"`
	Names   []keptBrand     `json:"names"`
	Board   *mood.Board     `json:"board"`
}

type keptListView struct {
	Snapshots []keptView `json:"snapshots"`
}

const keptPath = "/snapshots/"

func (s *Server) keptAnswer(b *keptBoard) keptAnswer {
	url := s.keptBase(b.Base) + keptPath + b.ID
	a := keptAnswer{keptView: keptView{
		ID: b.ID, URL: url, Kept: b.Kept, Brand: strings.Join(b.Order, ","), Window: b.Window, AsOf: b.AsOf, Note: b.Note, Demo: b.Demo,
	}, Charts: map[string]map[string]string{}}
	for _, ch := range charts.All() {
		formats := map[string]string{}
		for _, f := range s.chartFormats() {
			formats[f] = url + "/" + ch.ID + "." + f
		}
		a.Charts[ch.ID] = formats
	}
	return a
}

// keep answers POST /api/v1/snapshots.
func (s *Server) keep(c echo.Context) error {
	var body keepBody
	if err := readJSON(c, &body); err != nil {
		return err
	}
	p := readParams(url.Values{"brand": {body.Brand}, "window": {body.Window}}, "brand", "window")
	brands, window := p.brands("brand", s.watched.Load(), false), p.window("window")
	note := cleanNote(body.Note)
	if n := utf8.RuneCountInString(note); n > maxNote {
		p.refuse("note", nil, "The note has %d characters: use %d at most.", n, maxNote)
	}
	if err := p.problem(); err != nil {
		return err
	}
	ctx := c.Request().Context()
	b, err := s.assemble(ctx, brands, window)
	if err != nil {
		return err
	}
	kept := keepBoard(b)
	kept.ID, kept.Kept, kept.Note = newKeptID(), s.now().UTC().Truncate(time.Millisecond), note
	kept.Version, kept.Demo, kept.Sources, kept.Base = s.Version, s.Demo, s.coverage(), s.base(c.Request())
	if err := s.keeper.put(ctx, kept); err != nil {
		return err
	}
	answer := s.keptAnswer(kept)
	c.Response().Header().Set("Location", answer.URL)
	return s.reply(c, http.StatusCreated, answer)
}

// listKept answers GET /api/v1/snapshots.
func (s *Server) listKept(c echo.Context) error {
	all, err := s.keeper.list(c.Request().Context())
	if err != nil {
		return err
	}
	answer := keptListView{Snapshots: make([]keptView, len(all))}
	for i, n := range all {
		answer.Snapshots[i] = keptView{
			ID: n.ID, URL: s.keptBase(n.Base) + keptPath + n.ID, Kept: n.Kept, Brand: n.Brand, Window: n.Window, AsOf: n.AsOf, Note: n.Note, Demo: n.Demo,
		}
	}
	return s.reply(c, http.StatusOK, answer)
}

// showKept answers GET /api/v1/snapshots/{id}.
func (s *Server) showKept(c echo.Context) error {
	found, err := s.readKept(c)
	if err != nil {
		return err
	}
	answer := keptWhole{
		keptAnswer: s.keptAnswer(found.board), Version: found.board.Version, Sources: found.board.Sources, Board: found.board.board(),
	}
	for _, id := range found.board.Order {
		answer.Names = append(answer.Names, found.board.Names[id])
	}
	return s.reply(c, http.StatusOK, answer)
}

// deleteKept answers DELETE /api/v1/snapshots/{id}.
func (s *Server) deleteKept(c echo.Context) error {
	id := c.Param("id")
	if err := s.keeper.remove(c.Request().Context(), id); errors.Is(err, mood.ErrNotFound) {
		return unknownBoard(id)
	} else if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// readKept gives the board that an address names.
func (s *Server) readKept(c echo.Context) (readBoard, error) {
	id := c.Param("id")
	found, err := s.keeper.get(c.Request().Context(), id)
	switch {
	case errors.Is(err, mood.ErrNotFound):
		return found, unknownBoard(id)
	case errors.Is(err, errNewerBoard):
		p := newProblem(http.StatusNotImplemented, "%s", sentence(errNewerBoard))
		p.cause = err
		return found, p
	case err != nil:
		return found, fmt.Errorf("show a kept board: %w", err)
	}
	return found, nil
}

func unknownBoard(id string) error {
	return newProblem(http.StatusNotFound, "No board is kept as %q: it was deleted, or its address isn't whole. GET /api/v1/snapshots lists those that are kept.", id)
}
