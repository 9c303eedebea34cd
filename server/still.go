package server

import (
	"bytes"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/gif"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// The pages under /still are for browsers that are too old for the others: all
// that they need is to show a picture and to load it again.

// stillFile is the template of these pages, built along with the others.
const stillFile = "still.html"

const (
	stillEvery  = 10 * time.Second // a wall's picture is loaded anew
	stillReload = 20 * time.Second // a wall's page, where there is no script
)

// sendStill sends one of these pages.
func (s *Server) sendStill(c echo.Context, status int, view stillView) error {
	view.Demo = s.Demo
	body, err := s.pages.fill(stillFile, view)
	if err != nil {
		return err
	}
	c.Response().Header().Set("ETag", tagOf(body))
	return s.send(c, status, kindHTML, body)
}

// stillView is what the template shows: one of Wall, Pair, Desk and Away.
type stillView struct {
	Title   string
	Refresh int  // seconds, whether there is a script or not; 0: never
	Demo    bool // the data is made up
	Wall    *stillWallView
	Pair    *stillPairView
	Desk    *stillDeskView
	Away    bool // the store can't be reached
}

type stillWallView struct {
	Picture string // its address, without a size
	Plain   string // its address for a browser without script
	Size    string // that the address asks for: 1280x720; empty: the screen's
	Live    string // the live wall to go back to when that failed; empty: never
	Every   int    // seconds between two pictures
	Reload  int    // seconds between two pages, where there is no script
}

type stillPairView struct {
	Code  string // empty: none was given
	Host  string
	Until string // how long the code lasts
}

// stillParams are those of the live pages, too: an address that an old browser
// is sent on from must not be refused.
func stillParam(c echo.Context, name string) string { return strings.TrimSpace(c.QueryParam(name)) }

// stillWall answers GET /still/wall and /still/wall/{scene}.
func (s *Server) stillWall(c echo.Context) error {
	who, own, err := s.screenOf(c)
	if err == nil && who.access < reader {
		return s.stillPair(c)
	}
	if err != nil && !isAway(err) {
		return err
	}
	watched, scene, query := s.watched.Load(), c.Param("scene"), url.Values{}
	if !slices.Contains(sceneNames(), scene) {
		scene = ""
	}
	id := stillParam(c, "id")
	if id == "" {
		id = stillParam(c, "wall")
	}
	if !watched.hasWall(id) { // a wall that is no longer set up gives way
		id = own
	}
	if watched.hasWall(id) {
		query.Set("wall", id)
	}
	if theme := stillParam(c, "theme"); theme == "light" {
		query.Set("theme", theme)
	}
	view := stillWallView{Every: int(stillEvery.Seconds()), Reload: int(stillReload.Seconds())}
	path, live := "/wall.png", "/wall"
	if scene != "" {
		path, live = "/wall/"+scene+".png", "/wall/"+scene
	}
	view.Picture = path + "?" + query.Encode()
	w, h := stillSide(c, "width"), stillSide(c, "height")
	if w > 0 && h > 0 {
		view.Size = fmt.Sprintf("%dx%d", w, h)
	} else {
		w, h = 1280, 720
	}
	query.Set("width", strconv.Itoa(w))
	query.Set("height", strconv.Itoa(h))
	view.Plain = path + "?" + query.Encode()
	if stillParam(c, "after") == "failure" {
		view.Live = live
		if id != "" {
			view.Live += "?id=" + url.QueryEscape(id)
		}
	}
	return s.sendStill(c, http.StatusOK, stillView{Title: "Agora wall", Wall: &view})
}

func stillSide(c echo.Context, name string) int {
	n, err := strconv.Atoi(stillParam(c, name))
	if err != nil || n < leastScreen || n > mostSide {
		return 0
	}
	return n
}

// stillThere answers GET /still/there.gif: a dot, by which a script without any
// other means finds out that the server answers, and whether it may look: a dot
// that is two wide says that the screen must be paired.
func (s *Server) stillThere(c echo.Context) error {
	who, _, err := s.screenOf(c)
	if err != nil && !isAway(err) {
		return err
	}
	wide := 1
	if err == nil && who.access < reader {
		wide = 2
	}
	var dot bytes.Buffer
	if err := gif.Encode(&dot, image.NewPaletted(image.Rect(0, 0, wide, 1), color.Palette{color.Transparent, color.Black}), nil); err != nil {
		return fmt.Errorf("write a dot: %w", err)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, "image/gif", dot.Bytes())
}

// wallPage answers GET /wall with the live wall. Where it sends a browser
// without script on to is the same scene of the same wall.
func (s *Server) wallPage(c echo.Context) error {
	a := s.pages.files["wall.html"]
	scene, id := c.Param("scene"), c.QueryParam("id")
	if a == nil || scene == "" && id == "" {
		return s.page("wall.html")(c)
	}
	to := "/still/wall"
	if slices.Contains(sceneNames(), scene) {
		to += "/" + scene
	}
	if s.watched.Load().hasWall(id) {
		to += "?id=" + url.QueryEscape(id)
	}
	body := bytes.Replace(a.body, []byte(`url=/still/wall"`), []byte(`url=`+template.HTMLEscapeString(to)+`"`), 1)
	return serveAsset(c, &asset{kind: a.kind, tag: tagOf(body), body: body})
}
