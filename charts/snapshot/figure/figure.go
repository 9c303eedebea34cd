// Package figure makes files of charts: a chart with its title above and what
// its figures stand on below, as SVG, PNG or PDF. [charts/snapshot] draws the
// chart, [charts/snapshot/draw] makes pixels and pages of it.
//
// All of a figure is laid out at the size of a slide and then enlarged, so that
// a picture for a wall and one for a mail look the same.
package figure

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"agora/charts"
	"agora/charts/snapshot"
	"agora/charts/snapshot/draw"
	"agora/errand"
	"agora/mood"
)

// Limits of what is asked for.
const (
	MinSide  = snapshot.MinSide // pixels of CSS
	MaxSide  = snapshot.MaxSide // pixels of CSS
	MaxScale = 4
)

// Config is what a [Maker] needs.
type Config struct {
	Script []byte      // static.Engine
	World  []byte      // static.World
	Fonts  *draw.Fonts // static.Fonts, and the operator's own
	Log    *slog.Logger
}

// Maker makes figures. It keeps what it made for a while, and makes nothing
// twice at once. It is safe for concurrent use, and must be closed.
type Maker struct {
	painter *snapshot.Painter
	office  *errand.Office
	fonts   *draw.Fonts
	charts  *shelf // SVGs of charts alone
	files   *shelf // whole files

	presses chan struct{} // files that are made of SVGs at once: pixels take memory
}

// Bounds of what is kept, in bytes: a picture has 20 to 400 kB.
const (
	keptCharts = 8 << 20
	keptFiles  = 16 << 20

	maxPresses = 2
)

// New gives a maker. Nothing runs before its first figure.
func New(c Config) (*Maker, error) {
	if c.Fonts == nil {
		return nil, errors.New("figure: Fonts must be set")
	}
	painter, err := snapshot.New(snapshot.Config{Script: c.Script, World: c.World, Fonts: c.Fonts, Log: c.Log})
	if err != nil {
		return nil, err
	}
	office := errand.NewOffice(snapshot.ErrClosed)
	return &Maker{
		painter: painter, office: office, fonts: c.Fonts,
		charts: newShelf(office, keptCharts), files: newShelf(office, keptFiles), presses: make(chan struct{}, maxPresses),
	}, nil
}

// Close ends what is being made, waits for that, and lets go of everything.
// Whoever waits for a picture gets [snapshot.ErrClosed].
func (m *Maker) Close() {
	_ = m.office.Close(context.Background()) // which never ends
	m.painter.Close()
}

// Fonts are the faces of all texts.
func (m *Maker) Fonts() *draw.Fonts { return m.fonts }

// Draw makes a file. The same figure gives the same bytes. The error is a
// mood.ErrInvalid where the figure can't be drawn, whoever asks, a
// mood.ErrUnavailable where too many wait, and a charts.ErrSlow too where
// drawing it takes too long; else ctx's, or what broke.
func (m *Maker) Draw(ctx context.Context, f charts.Figure) ([]byte, error) {
	if f.Scale == 0 {
		f.Scale = 1
	}
	if err := check(f); err != nil {
		return nil, err
	}
	return m.files.get(ctx, keyOf(f), func(ctx context.Context) ([]byte, error) { return m.make(ctx, f) })
}

func check(f charts.Figure) error {
	switch {
	case f.Format != "svg" && f.Format != "png" && f.Format != "pdf":
		return fmt.Errorf("a picture can't be had as %q: use svg, png or pdf: %w", f.Format, mood.ErrInvalid)
	case f.Width < MinSide || f.Width > MaxSide || f.Height < MinSide || f.Height > MaxSide:
		return fmt.Errorf("a picture of %d × %d pixels can't be had: each side must have %d to %d: %w", f.Width, f.Height, MinSide, MaxSide, mood.ErrInvalid)
	case !(f.Scale >= 1 && f.Scale <= MaxScale): // NaN too
		return fmt.Errorf("a scale of %v can't be had: use 1 to %d: %w", f.Scale, MaxScale, mood.ErrInvalid)
	case f.Format == "png":
		return charts.Fits(f.Width, f.Height, f.Scale)
	}
	return nil
}

// keyOf names a figure by all that it is made of.
func keyOf(f charts.Figure) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%d %d %v\n%s\n%v\n%q\n%q\n%d\n", f.Format, f.Theme, f.Width, f.Height, f.Scale, f.Table.Words().Language(), f.Bare, f.Link, f.Table.Empty(), f.Table.AsOf.UnixNano())
	fmt.Fprintf(h, "%q\n", f.Table.Caption())
	h.Write(f.Option)
	return string(h.Sum(nil))
}

func (m *Maker) make(ctx context.Context, f charts.Figure) ([]byte, error) {
	svg, err := m.compose(ctx, f, nil)
	if err != nil || f.Format == "svg" {
		return svg, err
	}
	picture, err := draw.Parse(svg)
	if err != nil {
		return nil, err
	}
	if missing := picture.Missing(m.fonts); len(missing) > 0 && !f.Bare {
		// Who can't read a picture should know that it isn't whole.
		if svg, err = m.compose(ctx, f, missing); err != nil {
			return nil, err
		}
		if picture, err = draw.Parse(svg); err != nil {
			return nil, err
		}
	}
	return m.render(ctx, f, picture)
}

// render makes a PNG or a PDF of a picture.
func (m *Maker) render(ctx context.Context, f charts.Figure, picture *draw.Picture) ([]byte, error) {
	select {
	case m.presses <- struct{}{}:
		defer func() { <-m.presses }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to make a file of a picture: %w", context.Cause(ctx))
	}
	var out bytes.Buffer
	if f.Format == "png" {
		o := draw.Options{Scale: f.Scale, Fonts: m.fonts}
		if ground, ok := paperOf(f.Theme); ok {
			o.Background = ground
		}
		_, err := picture.PNG(ctx, &out, o)
		return out.Bytes(), err
	}
	c := f.Table.Caption()
	doc := draw.NewDocument(draw.Meta{
		Title: c.Title, Author: "Agora", Subject: c.Scope, Language: f.Table.Words().Language(), Created: f.Table.AsOf,
	}, m.fonts)
	const point = 72.0 / 96 // of a pixel of CSS
	w, h := point*float64(f.Width), point*float64(f.Height)
	page := doc.Page(w, h)
	if ground, ok := paperOf(f.Theme); ok {
		page.Rect(0, 0, w, h, ground)
	}
	if err := picture.PDF(ctx, page, 0, 0, w, h); err != nil {
		return nil, err
	}
	if f.Link != "" && !f.Bare {
		l := m.layout(f, nil)
		box := l.link
		k := point * l.zoom
		if err := page.Link(k*box.x, k*box.y, k*box.w, k*box.h, f.Link); err != nil {
			return nil, err
		}
	}
	_, err := doc.Write(&out)
	return out.Bytes(), err
}

// chart draws the chart alone.
func (m *Maker) chart(ctx context.Context, p snapshot.Picture) ([]byte, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s %d %d %v %v\n", p.Lang, p.Theme, p.Width, p.Height, p.Font, p.Scale)
	h.Write(p.Option)
	return m.charts.get(ctx, string(h.Sum(nil)), func(ctx context.Context) ([]byte, error) { return m.painter.SVG(ctx, p) })
}

// inside takes an SVG apart: what it holds, and its words for those who can't
// see it.
func inside(svg []byte) (body, words string, err error) {
	s := string(svg)
	start := strings.IndexByte(s, '>')
	end := strings.LastIndex(s, "</svg>")
	if !strings.HasPrefix(s, "<svg") || start < 0 || end < start {
		return "", "", errors.New("what was drawn is no SVG")
	}
	s = s[start+1 : end]
	if cut := strings.Index(s, "</desc>"); strings.HasPrefix(s, "<title>") && cut >= 0 {
		cut += len("</desc>")
		return s[cut:], s[:cut], nil
	}
	return s, "", nil
}
