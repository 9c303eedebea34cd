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
		sent time.Time
		lost string
		asOf time.Time
	)
	for {
		within, done := context.WithTimeout(ctx, 2*time.Second)
		health := h.server.health()
		st := h.server.status(within, health)
		done()
		if now := lasting(health); now != lost {
			lost = now
			h.redraw() // charts mark when a source stopped
		}
		if st.Redis.State == "up" || asOf.IsZero() {
			asOf = st.AsOf
		}
		st.AsOf = time.Time{}
		known, err := json.Marshal(st)
		st.AsOf = asOf
		if now := time.Now(); err == nil && (string(known) != last || now.Sub(sent) >= statusRepeat) {
			last, sent = string(known), now
			plain := mood.Status{AsOf: st.AsOf, Ingest: st.Ingest, Redis: st.Redis} // sources stay unnamed
			what := told{frame("status", "", encode(st)), frame("status", "", encode(plain))}
			h.status.Store(&what)
			h.tellEach("status", what)
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
func (s *Server) status(ctx context.Context, health []mood.SourceHealth) mood.Status {
	return mood.Status{
		AsOf: s.now().UTC().Truncate(time.Millisecond), Ingest: s.ingestStatus(ctx), Redis: s.Boards.Status(ctx),
		Sources: s.sourcesStatus(ctx, health),
	}
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
	p := readQuery(c, "id")
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
