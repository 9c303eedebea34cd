package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// statusTime is how often the machinery is looked at, and statusRepeat how
// often readers are told even when nothing changed.
const (
	statusTime   = time.Second
	statusRepeat = 10 * time.Second
	statusNames  = 5
)

// watchStatus tells readers how the machinery does.
func (h *hub) watchStatus(ctx context.Context) {
	tick := time.NewTicker(statusTime)
	defer tick.Stop()
	var (
		last string
		told time.Time
		asOf time.Time
	)
	for {
		within, done := context.WithTimeout(ctx, 2*time.Second)
		st := h.server.status(within)
		done()
		if st.Redis.State == "up" || asOf.IsZero() {
			asOf = st.AsOf
		}
		st.AsOf = time.Time{}
		known, err := json.Marshal(st)
		st.AsOf = asOf
		if now := time.Now(); err == nil && (string(known) != last || now.Sub(told) >= statusRepeat) {
			last, told = string(known), now
			framed := frame("status", "", encode(st))
			h.status.Store(&framed)
			h.tell("status", framed)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// status says how ingest, sources and store do. Its time is the last one at
// which the store was there.
func (s *Server) status(ctx context.Context) mood.Status {
	st := mood.Status{AsOf: s.now().UTC().Truncate(time.Millisecond), Ingest: s.ingestStatus(ctx), Redis: s.Boards.Status(ctx)}
	st.Sources.Names = []string{}
	for _, h := range s.health() {
		st.Sources.Total++
		switch h.State {
		case mood.SourceFailing, mood.SourceNotAFeed, mood.SourceGone:
			st.Sources.Failing++
			if len(st.Sources.Names) < statusNames {
				st.Sources.Names = append(st.Sources.Names, h.Name)
			}
		case mood.SourceFine, mood.SourceNew, mood.SourceWaiting, mood.SourceMoved, mood.SourcePaused:
		}
	}
	return st
}

func (s *Server) ingestStatus(ctx context.Context) mood.PartStatus {
	if s.Ingest != nil {
		return s.Ingest(ctx)
	}
	state := "down"
	if s.Intake != nil {
		state = "up"
	}
	since := s.started.UTC()
	return mood.PartStatus{State: state, Since: &since}
}

func (s *Server) health() []mood.SourceHealth {
	if s.Sources == nil {
		return nil
	}
	return s.Sources.Health()
}

type sourcesView struct {
	Sources []mood.SourceHealth `json:"sources"`
}

// sources answers GET /api/v1/sources.
func (s *Server) sources(c echo.Context) error {
	answer := sourcesView{Sources: s.health()}
	if answer.Sources == nil {
		answer.Sources = []mood.SourceHealth{}
	}
	return s.reply(c, http.StatusOK, answer)
}

type brandsView struct {
	Brands   []mood.Brand `json:"brands"`
	Timezone string       `json:"timezone"`
	Demo     bool         `json:"demo"`
	Build    string       `json:"build"`
	Version  string       `json:"version"`
	Windows  []string     `json:"windows"`
}

// brands answers GET /api/v1/brands.
func (s *Server) brands(c echo.Context) error {
	return s.reply(c, http.StatusOK, brandsView{
		Brands: s.watched.Load().brands, Timezone: s.Location.String(), Demo: s.Demo,
		Build: s.Build, Version: s.Version, Windows: windowNames(),
	})
}

type wallsView struct {
	Walls    []mood.Wall `json:"walls"`
	Timezone string      `json:"timezone"`
}

// walls answers GET /api/v1/walls: all, the one with an id, or, for a paired
// screen that names none, its own.
func (s *Server) walls(c echo.Context) error {
	p := readParams(c.QueryParams(), "id")
	all := s.watched.Load()
	id := p.text("id")
	if id != "" && !all.hasWall(id) {
		p.refuse("id", all.wallIDs(), "There is no wall %q: use one that agora.yaml names under walls.", id)
	}
	if err := p.problem(); err != nil {
		return err
	}
	if who := callerOf(c); id == "" && who.display != "" {
		d, err := s.gate.display(c.Request().Context(), who.display)
		if err != nil && !errors.Is(err, mood.ErrNotFound) {
			return err
		}
		id = d.Wall
	}
	answer := wallsView{Walls: all.walls, Timezone: s.Location.String()}
	if all.hasWall(id) {
		answer.Walls = slices.DeleteFunc(slices.Clone(all.walls), func(w mood.Wall) bool { return w.ID != id })
	}
	return s.reply(c, http.StatusOK, answer)
}
