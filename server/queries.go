package server

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// Queries tries queries on the texts of the last days, and counts brands anew
// in them.
type Queries interface {
	// TestQuery wraps [mood.ErrBusy] while several are tried already. A bad query
	// is a *[mood.QueryError].
	TestQuery(ctx context.Context, q mood.QueryTest) (mood.QueryAnswer, error)
	// Backfill returns at once; Backfills tells how the last one of each brand
	// goes.
	Backfill(ctx context.Context, brand string) (mood.Backfill, error)
	Backfills() []mood.Backfill
}

const (
	queriesPath  = "/queries"
	testPath     = "/api/v1/queries/test"
	backfillPath = "/api/v1/queries/backfill"
)

// backfillBody is what POST /api/v1/queries/backfill takes.
type backfillBody struct {
	Brand string `json:"brand"`
}

type backfillsView struct {
	Backfills []mood.Backfill `json:"backfills"`
}

// noQueries is for a process that keeps no texts.
func noQueries() error {
	return newProblem(http.StatusNotFound, "This Agora keeps no texts that a query could be tried on: see limits.texts and retain.texts in agora.yaml.")
}

// testQuery answers POST /api/v1/queries/test.
func (s *Server) testQuery(c echo.Context) error {
	var q mood.QueryTest
	if err := readJSON(c, &q); err != nil {
		return err
	}
	if s.Queries == nil {
		return noQueries()
	}
	answer, err := s.Queries.TestQuery(c.Request().Context(), q)
	if err != nil {
		return err
	}
	return s.reply(c, http.StatusOK, answer)
}

// backfill answers POST /api/v1/queries/backfill.
func (s *Server) backfill(c echo.Context) error {
	var body backfillBody
	if err := readJSON(c, &body); err != nil {
		return err
	}
	if s.Queries == nil {
		return noQueries()
	}
	started, err := s.Queries.Backfill(c.Request().Context(), body.Brand)
	if err != nil {
		return err
	}
	return s.reply(c, http.StatusAccepted, started)
}

// backfills answers GET /api/v1/queries/backfill.
func (s *Server) backfills(c echo.Context) error {
	if s.Queries == nil {
		return noQueries()
	}
	return s.reply(c, http.StatusOK, backfillsView{s.Queries.Backfills()})
}
