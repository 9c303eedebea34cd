package server

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

const (
	displayTime = 400 * 24 * time.Hour // as long as browsers keep a cookie
	seenTime    = time.Minute          // how often a screen's last sign of life is written down
)

// display is a paired screen as it is kept: its token only as a hash.
type display struct {
	mood.Display
	Hash string `json:"hash"`
}

func newDisplay(name, wall string, now time.Time) (display, string) {
	id, secret := hashOf(newToken())[:12], newToken()
	d := display{
		Display: mood.Display{ID: id, Name: name, Wall: wall, Paired: now.UTC(), LastSeen: now.UTC()},
		Hash:    hashOf(secret),
	}
	return d, id + "." + secret
}

func (g *gate) putDisplay(ctx context.Context, d display) error {
	value, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode screen: %w", err)
	}
	if err := g.states.Put(ctx, displayKind, d.ID, value, 0); err != nil {
		return fmt.Errorf("keep screen: %w", err)
	}
	return nil
}

// displayOf finds the paired screen that a cookie's token belongs to; empty:
// none. What it saw of it is written down now and then.
func (g *gate) displayOf(ctx context.Context, token string) (string, error) {
	id, secret, ok := strings.Cut(token, ".")
	if !ok {
		return "", nil
	}
	known := hashOf(token)
	if g.known.has(known) {
		return id, nil
	}
	d, err := g.display(ctx, id)
	if errors.Is(err, mood.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	hash, err := hex.DecodeString(d.Hash)
	if err != nil || !sameSecret(secret, hash) {
		return "", nil
	}
	g.known.add(known)
	g.screens.remember(id, known)
	if g.now().Sub(d.LastSeen) >= seenTime {
		d.LastSeen = g.now().UTC()
		if err := g.putDisplay(ctx, d); err != nil && !errors.Is(err, mood.ErrUnavailable) {
			return "", err
		}
	}
	return id, nil
}

// display looks a paired screen up; [mood.ErrNotFound]: there is none.
func (g *gate) display(ctx context.Context, id string) (display, error) {
	var d display
	raw, err := g.states.Get(ctx, displayKind, id)
	if err != nil {
		return d, fmt.Errorf("look up screen: %w", err)
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		return d, fmt.Errorf("read screen %s: %w", id, errors.Join(err, mood.ErrNotFound))
	}
	return d, nil
}

// displays lists the paired screens.
func (s *Server) displays(c echo.Context) error {
	kept, err := s.States.List(c.Request().Context(), displayKind)
	if err != nil {
		return fmt.Errorf("list screens: %w", err)
	}
	answer := displaysView{Displays: []mood.Display{}}
	for id, raw := range kept {
		var d display
		if err := json.Unmarshal(raw, &d); err != nil {
			s.log.LogAttrs(c.Request().Context(), slog.LevelWarn, "skip unreadable screen", slog.String("id", id), slog.Any("error", err))
			continue
		}
		answer.Displays = append(answer.Displays, d.Display)
	}
	slices.SortFunc(answer.Displays, func(a, b mood.Display) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return s.reply(c, http.StatusOK, answer)
}

type displaysView struct {
	Displays []mood.Display `json:"displays"`
}

// unpair takes a screen's right to look, and cuts its streams at once.
func (s *Server) unpair(c echo.Context) error {
	ctx, id := c.Request().Context(), c.Param("id")
	if _, err := s.States.Get(ctx, displayKind, id); errors.Is(err, mood.ErrNotFound) {
		return newProblem(http.StatusNotFound, "There is no screen %q: GET /api/v1/displays lists those there are.", id)
	} else if err != nil {
		return fmt.Errorf("look up screen: %w", err)
	}
	if err := s.States.Delete(ctx, displayKind, id); err != nil && !errors.Is(err, mood.ErrNotFound) {
		return fmt.Errorf("unpair screen: %w", err)
	}
	s.gate.seen.forgetDisplay(id)
	for _, hash := range s.gate.screens.cut(id) {
		s.gate.known.forget(hash)
	}
	return c.NoContent(http.StatusNoContent)
}

// screens knows, of this process, which streams are a paired screen's.
type screens struct {
	mu      sync.Mutex
	streams map[string]map[*stream]bool // by display
	tokens  map[string]string           // by display: the hash that is believed
	claims  map[string]bool             // pairings that are just being handed out
}

func newScreens() *screens {
	return &screens{streams: make(map[string]map[*stream]bool), tokens: make(map[string]string), claims: make(map[string]bool)}
}

func (s *screens) remember(id, hash string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tokens) >= maxBelieved {
		clear(s.tokens)
	}
	s.tokens[id] = hash
}

func (s *screens) claim(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.claims[id] {
		return false
	}
	s.claims[id] = true
	return true
}

func (s *screens) unclaim(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.claims, id)
}

func (s *screens) add(id string, st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams[id] == nil {
		s.streams[id] = make(map[*stream]bool)
	}
	s.streams[id][st] = true
}

func (s *screens) remove(id string, st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if delete(s.streams[id], st); len(s.streams[id]) == 0 {
		delete(s.streams, id)
	}
}

// cut ends a screen's streams and gives the hashes to stop believing.
func (s *screens) cut(id string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st := range s.streams[id] {
		st.cut()
	}
	hash, ok := s.tokens[id]
	if !ok {
		return nil
	}
	delete(s.tokens, id)
	return []string{hash}
}
