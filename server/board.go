package server

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// assemble makes the whole board of a view: counts from the store, what is
// usual from the baselines, and how late screens are from the screens.
func (s *Server) assemble(ctx context.Context, brands []string, w mood.Window) (*mood.Board, error) {
	b, err := s.Boards.Board(ctx, brands, w)
	if err != nil {
		return nil, fmt.Errorf("read board: %w", err)
	}
	b.Latency.Shown = s.shown.figures()
	health := s.health()
	for id, part := range b.Brands {
		if part.Outages, err = s.outages(ctx, id, b, health); err != nil {
			return nil, fmt.Errorf("read outages for %s: %w", id, err)
		}
		if part.Baseline, err = s.usual.of(ctx, id, w); err != nil {
			return nil, fmt.Errorf("read baseline of %s: %w", id, err)
		}
	}
	b.BrandBoard = nil
	if len(brands) == 1 {
		b.BrandBoard = b.Brands[brands[0]]
	}
	return b, nil
}

// board answers GET /api/v1/board.
func (s *Server) board(c echo.Context) error {
	p := readQuery(c, "brand", "window")
	brands, w := p.brands("brand", s.watched.Load(), false), p.window("window")
	if err := p.problem(); err != nil {
		return err
	}
	b, err := s.assemble(c.Request().Context(), brands, w)
	if err != nil {
		return err
	}
	return s.reply(c, http.StatusOK, b)
}

// baselineCache spares the store: what is usual at an hour of the week doesn't
// change within a minute.
type baselineCache struct {
	from Baselines
	now  func() time.Time
	mu   sync.Mutex
	kept map[string]keptBaseline // by brand and window
}

type keptBaseline struct {
	value *mood.Baseline
	at    time.Time
}

const (
	baselineTime = time.Minute
	maxBaselines = 2000
)

func newBaselineCache(from Baselines, now func() time.Time) *baselineCache {
	return &baselineCache{from: from, now: now, kept: make(map[string]keptBaseline)}
}

func (b *baselineCache) of(ctx context.Context, brand string, w mood.Window) (*mood.Baseline, error) {
	if b.from == nil {
		return nil, nil
	}
	key, now := brand+"@"+w.Name, b.now()
	b.mu.Lock()
	kept, ok := b.kept[key]
	b.mu.Unlock()
	if age := now.Sub(kept.at); ok && age >= 0 && age < baselineTime {
		return kept.value, nil
	}
	value, err := b.from.Baseline(ctx, brand, w, now)
	if err != nil && ok {
		return kept.value, nil // what was usual a minute ago still is
	}
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.kept) >= maxBaselines {
		clear(b.kept)
	}
	b.kept[key] = keptBaseline{value, now}
	return value, nil
}
