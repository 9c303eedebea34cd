package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/mood"
)

// The size of a wall's picture that nobody gave a size.
const (
	wallWidth, wallHeight = 1920, 1080
	leastScreen           = 160 // pixels of CSS
)

func wallFormats() []string { return []string{"png", "svg"} }

// wallParams are the parameters of a wall's picture. What t says is of no
// interest: old browsers ask for a picture anew only at a new address.
func wallParams() []string {
	return []string{"wall", "width", "height", "scale", "theme", "t"}
}

// takeWall answers GET /wall.{format}.
func (s *Server) takeWall(c echo.Context) error { return s.takeScene(c, "", c.Param("format")) }

// wallScene answers GET /wall/{scene}, the page, and /wall/{scene}.{format}, its
// picture.
func (s *Server) wallScene(c echo.Context) error {
	if only, format, ok := strings.Cut(c.Param("scene"), "."); ok {
		return s.takeScene(c, only, format)
	}
	return s.wallPage(c)
}

// takeScene answers with a picture of a wall: of one scene, or of the one whose
// turn it is. A store that is away is no error here: a wall shows what it knew,
// and says of when that is.
func (s *Server) takeScene(c echo.Context, only, format string) error {
	if only != "" && !slices.Contains(sceneNames(), only) {
		return unknownFile(sceneNames(), "There is no scene %q: use %s.", only, list(sceneNames()))
	}
	if err := knownFormat(format, wallFormats(), "A wall"); err != nil {
		return err
	}
	if s.Scenes == nil {
		return newProblem(http.StatusServiceUnavailable, "This Agora draws no pictures: it was built without what draws them.")
	}
	who, own, err := s.screenOf(c)
	closed := isAway(err)
	switch {
	case closed:
	case err != nil:
		return err
	case who.access < reader:
		return newProblem(http.StatusUnauthorized, "This needs a login: open /login, or send the admin token as Authorization: Bearer. A screen is paired at /wall, an old one at /still/wall.")
	}
	c.Set(callerKey, who)
	watched := s.watched.Load()
	p := readQuery(c, wallParams()...)
	w := wallWanted{
		wall: p.text("wall"), only: only, format: format, theme: p.oneOf("theme", "dark", "dark", "light"),
		width: wallWidth, height: wallHeight, scale: 1, closed: closed,
	}
	if n := p.number("width", leastScreen, mostSide); n != nil {
		w.width = *n
	}
	if n := p.number("height", leastScreen, mostSide); n != nil {
		w.height = *n
	}
	if scale := p.decimal("scale", 1, mostScale); scale != nil {
		w.scale = *scale
	}
	wide, high := float64(w.width)*w.scale, float64(w.height)*w.scale
	if format == "png" && (max(wide, high) > charts.MaxEdge || wide*high > charts.MaxPixels) {
		p.refuse("scale", nil, "The picture would have %.0f × %.0f pixels, which is too many: ask for a smaller size or scale.", wide, high)
	}
	if w.wall != "" && !closed && !watched.hasWall(w.wall) {
		p.refuse("wall", watched.wallIDs(), "There is no wall %q: use one that agora.yaml names under walls, or none.", w.wall)
	}
	if err := p.problem(); err != nil {
		return err
	}
	if w.wall == "" {
		w.wall = own
	}
	if err := s.allowTake(c); err != nil {
		return err
	}
	pic, err := s.wallPics.get(c.Request().Context(), w)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("ETag", pic.tag)
	h.Set("Content-Disposition", disposition("inline", "agora-wall."+format))
	return s.send(c, http.StatusOK, pictureKind(format), pic.data)
}

// isAway tells of an error that says that the store can't be asked.
func isAway(err error) bool {
	return errors.Is(err, mood.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded)
}

// screenOf finds out who asks for a wall, and which wall is a paired screen's
// own. A screen that was known a while ago stays so while the store is away: it
// is the one that must say so.
func (s *Server) screenOf(c echo.Context) (who caller, wall string, err error) {
	hash := ""
	if cookie, err := c.Request().Cookie(s.gate.cookieName(displayCookie)); err == nil {
		hash = hashOf(cookie.Value)
	}
	who, err = s.gate.identify(c)
	if isAway(err) {
		if kept, ok := s.gate.seen.of(hash); ok {
			return caller{access: reader, display: kept.display, token: hash}, kept.wall, nil
		}
		return who, "", err
	}
	if err != nil {
		return who, "", err
	}
	if who.display == "" {
		s.gate.seen.forget(hash)
		return who, "", nil
	}
	kept, ok := s.gate.seen.of(hash)
	d, err := s.gate.display(c.Request().Context(), who.display)
	switch {
	case err == nil:
		kept = seenScreen{who.display, d.Wall}
		s.gate.seen.note(hash, kept)
	case errors.Is(err, mood.ErrNotFound):
	case !ok:
		return who, "", nil
	}
	return who, kept.wall, nil
}

// seenScreens are paired screens that a store vouched for, by the hashes of
// their tokens.
type seenScreens struct {
	mu sync.Mutex
	by map[string]seenScreen
}

type seenScreen struct{ display, wall string }

func newSeenScreens() *seenScreens { return &seenScreens{by: map[string]seenScreen{}} }

func (s *seenScreens) of(hash string) (seenScreen, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen, ok := s.by[hash]
	return seen, ok
}

func (s *seenScreens) note(hash string, seen seenScreen) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.by) >= maxBelieved {
		clear(s.by)
	}
	s.by[hash] = seen
}

func (s *seenScreens) forget(hash string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.by, hash)
}

// forgetDisplay is for a screen that was unpaired.
func (s *seenScreens) forgetDisplay(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, seen := range s.by {
		if seen.display == id {
			delete(s.by, hash)
		}
	}
}
