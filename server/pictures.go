package server

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"agora/charts"
	"agora/mood"
)

// Pictures draws charts.
type Pictures interface {
	// Draw makes a file of a figure. The same figure gives the same bytes. A
	// figure that can't be drawn is [mood.ErrInvalid]; too many at once are
	// [mood.ErrUnavailable], and one that takes too long is [charts.ErrSlow].
	Draw(ctx context.Context, f charts.Figure) ([]byte, error)
}

// Kinds of pictures.
const (
	kindSVG = "image/svg+xml"
	kindPNG = "image/png"
	kindPDF = "application/pdf"
)

const (
	leastSide, mostSide = 50, 4096
	mostScale           = 4
	pictureWait         = 5 * time.Second // until one more may be drawn
	slowWait            = time.Minute     // until one that took too long is tried again
)

func pictureFormats() []string { return []string{"svg", "png", "pdf"} }

func pictureThemes() []string { return []string{"light", "dark", "print", "transparent"} }

func pictureKind(format string) string {
	switch format {
	case "svg":
		return kindSVG
	case "png":
		return kindPNG
	default:
		return kindPDF
	}
}

// look is how a picture is asked for.
type look struct {
	theme         string
	width, height int
	scale         float64
	lang, mode    string // mode: empty is the chart's usual one
	bare          bool
}

// lookParams are the parameters of a [look], with that of tables.
func lookParams() []string {
	return []string{"theme", "width", "height", "scale", "lang", "place", "bare"}
}

// look reads how a picture is to look; of a size, one side is enough.
func (p *params) look(chart charts.Chart, natural int) look {
	l := look{
		theme: p.oneOf("theme", "light", pictureThemes()...), lang: p.lang(),
		width: charts.FigureWidth, height: natural, scale: 1, bare: p.bare(),
	}
	w, h := p.number("width", leastSide, mostSide), p.number("height", leastSide, mostSide)
	side := func(n int) int { return min(mostSide, max(leastSide, n)) }
	switch {
	case w != nil && h != nil:
		l.width, l.height = *w, *h
	case w != nil:
		l.width, l.height = *w, side((*w*natural+charts.FigureWidth/2)/charts.FigureWidth)
	case h != nil:
		l.width, l.height = side((*h*charts.FigureWidth+natural/2)/natural), *h
	}
	if scale := p.decimal("scale", 1, mostScale); scale != nil {
		l.scale = *scale
	}
	l.mode = p.place(chart)
	return l
}

// lang reads which language the words are to be in. A region changes nothing,
// and isn't kept, so that de-AT and de-CH share what is drawn.
func (p *params) lang() string {
	given := p.text("lang")
	if given == "" {
		return charts.English
	}
	words, ok := charts.WordsIn(given)
	if !ok {
		p.refuse("lang", charts.Languages(), "lang is %q: use %s, with a region or without.", given, list(charts.Languages()))
		return charts.English
	}
	return words.Language()
}

// spoken is a chart in the language in which it was asked for.
func (l look) spoken(chart charts.Chart) charts.Chart {
	if words, ok := charts.WordsIn(l.lang); ok {
		return chart.Spoken(words)
	}
	return chart
}

// place reads which of a chart's modes is wanted; empty: it has none.
func (p *params) place(chart charts.Chart) string {
	if modes := chart.Modes(); len(modes) > 0 {
		return p.oneOf("place", modes[0], modes...)
	}
	if p.text("place") != "" {
		p.refuse("place", nil, "The chart %s shows no places: place is for the map.", chart.ID)
	}
	return ""
}

// fits refuses a PNG that would have too many pixels, and names what is too
// large.
func (p *params) fits(format string, l look) {
	if format != "png" || charts.Fits(l.width, l.height, l.scale) == nil {
		return
	}
	name := "scale"
	if l.scale == 1 {
		name = "width"
	}
	p.refuse(name, nil, "The picture would have %.0f × %.0f pixels; %d a side and %d million in all are the most: ask for a smaller width, height or scale.",
		math.Ceil(float64(l.width)*l.scale), math.Ceil(float64(l.height)*l.scale), charts.MaxEdge, charts.MaxPixels/1_000_000)
}

// figure makes a board's chart ready to be drawn.
func (s *Server) figure(chart charts.Chart, b *mood.Board, cover charts.Coverage, l look, format string) (charts.Figure, error) {
	f := charts.Figure{
		Format: format, Theme: l.theme, Width: l.width, Height: l.height, Scale: l.scale, Bare: l.bare,
	}
	chart = l.spoken(chart)
	f.Table = chart.Table(b)
	var err error
	if f.Option, err = chart.Option(f.Table); err != nil {
		return f, fmt.Errorf("draw %s: %w", chart.ID, err)
	}
	if l.mode != "" {
		if f.Table, f.Option, err = chart.In(l.mode, f.Table, f.Option); err != nil {
			return f, err
		}
	}
	if !l.bare {
		f.Table = s.told(f.Table, cover)
	}
	return f, nil
}

// liveLink leads from a picture to the page that shows its chart live, where
// others can reach that; a chart alone has no room for it.
func (s *Server) liveLink(w wanted) string {
	if s.PublicURL == "" || w.look.bare {
		return ""
	}
	query := url.Values{"brand": {w.brands[0]}, "window": {w.window.Name}} // the page shows one
	return strings.TrimRight(s.PublicURL, "/") + "/?" + query.Encode() + "#chart-" + w.chart.ID
}

// told is a table with what its reader must know.
func (s *Server) told(t charts.Table, cover charts.Coverage) charts.Table {
	t = t.With(cover)
	t.About.Demo = s.Demo
	return t
}

// draw makes a file of a figure.
func (s *Server) draw(ctx context.Context, f charts.Figure) ([]byte, error) {
	data, err := s.Pictures.Draw(ctx, f)
	if err != nil {
		return nil, unpainted(ctx, fmt.Errorf("draw %s as %s: %w", f.Table.Chart, f.Format, err))
	}
	return data, nil
}

// unpainted says why there is no picture. Whoever has left needs no words.
func unpainted(ctx context.Context, err error) error {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
	case errors.Is(err, charts.ErrSlow):
		p := tooSlow()
		p.cause = err
		return p
	case errors.Is(err, mood.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return tooMany(err)
	}
	return err
}

func tooMany(why error) *problem {
	p := newProblem(http.StatusServiceUnavailable, "Too many pictures are being drawn right now: try again in %s.", spell(pictureWait)).after(pictureWait)
	p.cause = why
	return p
}

func tooManyReports(why error) *problem {
	p := newProblem(http.StatusServiceUnavailable, "Too many reports are being made right now: try again in %s.", spell(pictureWait)).after(pictureWait)
	p.cause = why
	return p
}

func tooSlow() *problem {
	return newProblem(http.StatusServiceUnavailable, "This picture takes too long to draw, and is tried again in a minute: ask for a smaller one, for fewer brands or for a shorter window.").after(slowWait)
}

// isPicture tells whether a format is one of pictures, and they are to be had.
func (s *Server) isPicture(format string) bool {
	return s.Pictures != nil && slices.Contains(pictureFormats(), format)
}

// takePicture answers GET /charts/{id}.{svg,png,pdf}.
func (s *Server) takePicture(c echo.Context, w wanted) error {
	pic := s.gallery.ready(w)
	// A key opens one chart to all who see it: many, maybe from one address.
	// They share what is drawn, and what is there already costs them nothing.
	if pic == nil || callerOf(c).embed == nil {
		if err := s.allowTake(c); err != nil {
			return err
		}
	}
	if pic == nil {
		var err error
		if pic, err = s.gallery.get(c.Request().Context(), w); err != nil {
			return err
		}
	}
	h := c.Response().Header()
	h.Set("ETag", pic.tag)
	h.Set("Content-Disposition", disposition("inline", pic.name))
	h.Set("Content-Language", w.look.lang)
	body := pic.data
	if pic.zipped != nil && accepts(c.Request(), "gzip") && !hasTag(c.Request(), pic.tag) {
		h.Set("Content-Encoding", "gzip")
		body = pic.zipped
	}
	return s.send(c, http.StatusOK, pictureKind(w.format), body)
}
