package server

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/mood"
)

// The size of a picture that stands beside a shared link.
const (
	shareWidth, shareHeight = 1200, 630
)

var shareSize = fmt.Sprintf("width=%d&height=%d", shareWidth, shareHeight)

// shared is what is shown of a link where people share it: in a chat, say.
type shared struct {
	title, description string
	url, image         string // absolute
	alt                string // of the image
}

// shareTags writes what is shared into tags for a page's head. The tags name
// figures: they are only for pages that whoever gets them may read.
func shareTags(s shared) template.HTML {
	var b strings.Builder
	tag := func(kind, name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "<meta %s=\"%s\" content=\"%s\">\n", kind, name, html.EscapeString(value))
		}
	}
	tag("property", "og:site_name", "Agora")
	tag("property", "og:type", "website")
	tag("property", "og:title", s.title)
	tag("property", "og:description", s.description)
	tag("property", "og:url", s.url)
	tag("property", "og:image", s.image)
	tag("property", "og:image:type", kindPNG)
	tag("property", "og:image:width", strconv.Itoa(shareWidth))
	tag("property", "og:image:height", strconv.Itoa(shareHeight))
	tag("property", "og:image:alt", s.alt)
	tag("name", "twitter:card", "summary_large_image")
	return template.HTML(b.String()) //nolint:gosec // every value was escaped
}

// withTags puts tags at the end of a page's head.
func withTags(page []byte, tags template.HTML) []byte {
	const end = "</head>"
	at := bytes.Index(page, []byte(end))
	if at < 0 {
		return page
	}
	return slices.Concat(page[:at], []byte(tags), page[at:])
}

// front answers GET /: the manager's page, with tags for whoever shares its
// link.
func (s *Server) front(c echo.Context) error {
	a := s.pages.files["index.html"]
	if a == nil {
		return noPages()
	}
	tags, ok := s.frontTags(c)
	if !ok {
		return serveAsset(c, a)
	}
	return s.send(c, 200, a.kind, withTags(a.body, tags))
}

// frontTags are those of the manager's page at an address. There are none where
// who follows the link would be asked to log in, so that no picture is to be
// had.
func (s *Server) frontTags(c echo.Context) (template.HTML, bool) {
	open := s.gate.hash == nil || s.gate.readOpen
	watched := s.watched.Load()
	if !open || s.Pictures == nil || len(watched.ids) == 0 {
		return "", false
	}
	// As the page itself reads its address: what isn't known is the usual.
	query := c.QueryParams()
	brand, window := query.Get("brand"), query.Get("window")
	if _, ok := watched.byID[brand]; !ok {
		brand = watched.ids[0]
	}
	w, err := mood.ParseWindow(window)
	if err != nil {
		if w, err = mood.ParseWindow(defaultWindow); err != nil {
			return "", false
		}
	}
	said := s.said.of(c.Request().Context(), brand, w)
	view := url.Values{"brand": {brand}, "window": {w.Name}}.Encode()
	base := s.base(c.Request())
	heading := charts.BoardHeading(&mood.Board{Order: []string{brand}, Names: watched.byID, Window: w.Name})
	return shareTags(shared{
		title: heading, description: said, url: base + "/?" + view,
		image: base + "/charts/timeline.png?" + view + "&" + shareSize, alt: heading,
	}), true
}

// saidCache spares the store: a page is loaded far more often than what is said
// of it matters.
type saidCache struct {
	server *Server
	mu     sync.Mutex
	kept   map[string]said
}

type said struct {
	text string
	at   time.Time
}

const (
	saidTime = 30 * time.Second // a sentence may be as old as this
	saidWait = time.Second      // for the store; a page waits no longer
	maxSaid  = 200
)

// of says in words how a brand does; empty: it can't be said right now.
func (c *saidCache) of(ctx context.Context, brand string, w mood.Window) string {
	key, now := brand+"@"+w.Name, c.server.now()
	c.mu.Lock()
	found, ok := c.kept[key]
	c.mu.Unlock()
	if age := now.Sub(found.at); ok && age >= 0 && age < saidTime {
		return found.text
	}
	within, done := context.WithTimeout(ctx, saidWait)
	defer done()
	if b, err := c.server.assemble(within, []string{brand}, w); err == nil {
		found.text = strings.Join(sentencesOf(b), " ")
	} else if ctx.Err() != nil {
		return "" // whoever asked has left, which says nothing of the store
	} else {
		found.text = "" // the page itself says what is wrong
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= maxSaid {
		clear(c.kept)
	}
	c.kept[key] = said{found.text, now}
	return found.text
}
