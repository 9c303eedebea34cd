package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/mood"
)

// How an embed shows its chart.
const (
	embedLive    = "live"
	embedPicture = "picture"
)

// framers are the sites whose pages may frame charts, and what browsers are
// told of it.
type framers struct {
	origins []string
	policy  string
}

func newFramers(origins []string) *framers {
	f := &framers{origins: origins, policy: contentPolicy}
	if len(origins) > 0 {
		f.policy = strings.Replace(contentPolicy, "frame-ancestors 'none'", "frame-ancestors "+strings.Join(origins, " "), 1)
	}
	return f
}

// AnyOrigin stands for every site.
const AnyOrigin = "*"

// OriginForm tells people how an origin is written.
const OriginForm = "write scheme, host and port alone, such as https://intranet.example.com"

// CheckOrigin says what is wrong with a text that is to be an origin whose pages
// may frame charts: scheme and host, and nothing that a policy would take for
// something else. [AnyOrigin] is fine.
func CheckOrigin(s string) error {
	if s == AnyOrigin {
		return nil
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return fmt.Errorf("%q is no address of a site", s)
	case s != u.Scheme+"://"+u.Host:
		return fmt.Errorf("%q is more than an origin", s)
	case !hostForm.MatchString(u.Host): // it goes into a header as it is
		return fmt.Errorf("%q has signs that no host has", s)
	}
	return nil
}

// CheckOrigins does so for what embed.origins lists.
func CheckOrigins(origins []string) error {
	for _, origin := range origins {
		if err := CheckOrigin(origin); err != nil {
			return fmt.Errorf("embed.origins: %w: %s", err, OriginForm)
		}
	}
	return nil
}

// AllowEmbeds replaces the origins whose pages may frame charts, as after a
// change of the configuration. Its error is that of [CheckOrigins].
func (s *Server) AllowEmbeds(origins []string) error {
	if err := CheckOrigins(origins); err != nil {
		return err
	}
	s.framers.Store(newFramers(origins))
	return nil
}

// letFrame lets the pages of some sites frame a route, and tells those who look
// at a frame what is wrong with it in words, not in JSON.
func (s *Server) letFrame(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		if f := s.framers.Load(); len(f.origins) > 0 {
			h.Set("Content-Security-Policy", f.policy)
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
			h.Del("X-Frame-Options")
		}
		err := next(c)
		if err == nil || c.Response().Committed || !strings.Contains(c.Request().Header.Get("Accept"), "text/html") {
			return err
		}
		p := problemOf(err)
		if p.cause != nil || p.retry > 0 {
			return err // it is logged, and told with its headers
		}
		return s.frame(c, p.Status, "embed-problem.html", embedPage{Title: p.Title, Detail: p.Detail})
	}
}

// embedPage is what the pages of embeds say. They are templates.
type embedPage struct {
	Title, Detail string // Detail: what is wrong
	Theme         string // empty: as the reader's system has it
	Chart, View   string
	Place         string // of the map
	Key           string
	Full          string // where the chart stands on the page
	Demo          bool
	Build         string
	Zone          string
	Now           int64           // milliseconds since 1970
	AsOf          string          // on the clock of the zone
	Picture       string          // its address, without size and colours
	Sources       []pictureSource // for browsers without scripts
}

// pictureSource is a picture for frames of some width and colours.
type pictureSource struct{ Media, Address string }

func embedParams() []string { return []string{"brand", "window", "theme", "as", "place", keyParam} }

// embed answers GET /embed/{chart}.
func (s *Server) embed(c echo.Context) error {
	chart, ok := charts.Find(c.Param("chart"))
	if !ok {
		return unknownFile(chartIDs(), "There is no chart %q: use %s.", c.Param("chart"), list(chartIDs()))
	}
	p := readQuery(c, embedParams()...)
	w := s.wantedEmbed(p, chart)
	if err := p.problem(); err != nil {
		return err
	}
	brands := s.brandsOf(w.brands)
	now := s.now()
	query := url.Values{"brand": {strings.Join(w.brands, ",")}, "window": {w.window.Name}}
	page := embedPage{
		Title: charts.Heading(chart.Title, brands, w.window.Name), Chart: chart.ID, View: viewKey(w.brands, w.window), Place: w.place,
		Key: p.text(keyParam), Demo: s.Demo, Build: s.Build, Zone: s.Location.String(), Now: now.UnixMilli(), AsOf: now.In(s.Location).Format("15:04"),
	}
	if w.theme != "auto" {
		page.Theme = w.theme
	}
	full := url.Values{"brand": {w.brands[0]}, "window": {w.window.Name}}
	if w.place != "" {
		query.Set("place", w.place)
		full.Set("map", w.place)
	}
	page.Full = "/?" + full.Encode() + "#chart-" + chart.ID
	if w.as == embedLive {
		return s.frame(c, http.StatusOK, "embed.html", page)
	}
	query.Set("bare", "1")
	if page.Key != "" {
		query.Set(keyParam, page.Key)
	}
	page.Picture = "/charts/" + chart.ID + ".png?" + query.Encode()
	page.Sources = pictureSources(page.Picture, w.theme)
	return s.frame(c, http.StatusOK, "embed-picture.html", page)
}

// embedded is an embed as it is asked for.
type embedded struct {
	brands           []string
	window           mood.Window
	theme, as, place string
}

func (s *Server) wantedEmbed(p *params, chart charts.Chart) embedded {
	as := []string{embedLive, embedPicture}
	w := embedded{
		brands: p.brands("brand", s.watched.Load(), false), window: p.window("window"),
		theme: p.oneOf("theme", "auto", "auto", "light", "dark"), as: p.oneOf("as", embedLive, as...), place: p.place(chart),
	}
	if w.as == embedPicture && s.Pictures == nil {
		p.refuse("as", []string{embedLive}, "This Agora draws no pictures: use as=%s.", embedLive)
	}
	return w
}

func (s *Server) brandsOf(ids []string) []mood.Brand {
	watched := s.watched.Load()
	brands := make([]mood.Brand, len(ids))
	for i, id := range ids {
		brands[i] = watched.byID[id]
	}
	return brands
}

// pictureSources are the sizes that a browser without scripts chooses from, by
// the frame's width, so that letters keep their size.
func pictureSources(address, theme string) []pictureSource {
	var sources []pictureSource
	for _, size := range []struct{ upTo, width, height int }{{420, 320, 150}, {900, 600, 320}, {0, 1200, 600}} {
		var media []string
		if size.upTo > 0 {
			media = append(media, fmt.Sprintf("(max-width: %dpx)", size.upTo))
		}
		at := address + "&width=" + strconv.Itoa(size.width) + "&height=" + strconv.Itoa(size.height) + "&scale=2"
		for _, shade := range []string{"dark", "light"} {
			if theme != "auto" && theme != shade {
				continue
			}
			own := slices.Clone(media)
			if theme == "auto" && shade == "dark" {
				own = append(own, "(prefers-color-scheme: dark)")
			}
			sources = append(sources, pictureSource{strings.Join(own, " and "), at + "&theme=" + shade})
		}
	}
	return sources
}

// frame sends a page of an embed.
func (s *Server) frame(c echo.Context, status int, name string, page embedPage) error {
	body, err := s.pages.fill(name, page)
	if err != nil {
		return err
	}
	return s.send(c, status, kindHTML, body)
}
