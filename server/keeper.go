package server

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

const (
	statsPath  = "/api/v1/store/stats"
	verifyPath = "/api/v1/store/verify"
)

// storeStats answers GET /api/v1/store/stats.
func (s *Server) storeStats(c echo.Context) error {
	if s.Keeper == nil {
		return noKeeper()
	}
	stats, err := s.Keeper.StoreStats(c.Request().Context())
	if err != nil {
		return fmt.Errorf("measure the store: %w", err)
	}
	return s.reply(c, http.StatusOK, stats)
}

// verifyStore answers POST /api/v1/store/verify. Differences are an answer,
// too.
func (s *Server) verifyStore(c echo.Context) error {
	if s.Keeper == nil {
		return noKeeper()
	}
	done, err := s.Keeper.VerifyStore(c.Request().Context())
	if errors.Is(err, mood.ErrUnavailable) {
		no := newProblem(http.StatusServiceUnavailable, "%s", sentence(err)).after(retryStore)
		no.cause = err
		return no
	}
	if err != nil {
		return err
	}
	return s.reply(c, http.StatusOK, done)
}

func noKeeper() error {
	return newProblem(http.StatusNotFound, "This Agora has no store of its own to look after.")
}
