// Package scene draws what a wall shows as one picture, for screens that can
// show nothing else: the scenes of static/src/wall, with their sizes
// (css/wall.css) and their words (words.js), composed as SVG. The charts in
// them are those of the page.
package scene

import (
	"context"
	"encoding/json"
	"fmt"
	"image/color"

	"agora/charts"
	"agora/charts/snapshot"
	"agora/charts/snapshot/draw"
	"agora/mood"
)

// Limits of what is asked for.
const (
	MinSide  = 160 // pixels of CSS
	MaxSide  = snapshot.MaxSide
	MaxScale = 4
)

// Artist draws the parts of a scene, and makes a PNG of the whole.
// [figure.Maker] is one.
type Artist interface {
	// Chart draws a chart: what is inside of its svg element.
	Chart(ctx context.Context, p snapshot.Picture) (string, error)
	// Fonts measure texts as PNG draws them.
	Fonts() *draw.Fonts
	// PNG makes a PNG of an SVG.
	PNG(ctx context.Context, svg []byte, scale float64, ground color.NRGBA) ([]byte, error)
}

// Maker makes pictures of scenes. It is safe for concurrent use.
type Maker struct {
	artist Artist
	themes map[string]map[string]string // colours by theme and role
}

// New gives a maker that draws with an artist.
func New(a Artist) (*Maker, error) {
	m := &Maker{artist: a}
	if err := json.Unmarshal(charts.Theme(), &m.themes); err != nil {
		return nil, fmt.Errorf("read the colours: %w", err)
	}
	return m, nil
}

// Draw makes a picture. The same scene gives the same bytes. The error is a
// mood.ErrInvalid where the scene can't be drawn, whoever asks, a
// mood.ErrUnavailable where too much is being drawn; else ctx's, or what broke.
func (m *Maker) Draw(ctx context.Context, s charts.Scene) ([]byte, error) {
	if s.Scale == 0 {
		s.Scale = 1
	}
	if err := m.check(s); err != nil {
		return nil, err
	}
	svg, err := m.compose(ctx, s)
	if err != nil || s.Format == "svg" {
		return svg, err
	}
	return m.artist.PNG(ctx, svg, s.Scale, rgb(m.themes[s.Theme]["paper"]))
}

func (m *Maker) check(s charts.Scene) error {
	switch {
	case s.Format != "svg" && s.Format != "png":
		return fmt.Errorf("a scene can't be had as %q: use svg or png: %w", s.Format, mood.ErrInvalid)
	case s.Theme != "light" && s.Theme != "dark":
		return fmt.Errorf("a scene can't be had in the theme %q: use light or dark: %w", s.Theme, mood.ErrInvalid)
	case s.Width < MinSide || s.Width > MaxSide || s.Height < MinSide || s.Height > MaxSide:
		return fmt.Errorf("a scene of %d × %d pixels can't be had: each side must have %d to %d: %w", s.Width, s.Height, MinSide, MaxSide, mood.ErrInvalid)
	case !(s.Scale >= 1 && s.Scale <= MaxScale): // NaN too
		return fmt.Errorf("a scale of %v can't be had: use 1 to %d: %w", s.Scale, MaxScale, mood.ErrInvalid)
	case s.Format == "png":
		return charts.Fits(s.Width, s.Height, s.Scale)
	}
	return nil
}

// compose writes the SVG of a scene.
func (m *Maker) compose(ctx context.Context, s charts.Scene) ([]byte, error) {
	p := newPaper(m, s)
	top := p.top()   // what stands over every scene comes first: scenes keep clear of it
	foot := p.foot() // likewise
	if err := p.stage(ctx, top); err != nil {
		return nil, err
	}
	stage := p.taken()
	return p.whole(stage, top, foot), nil
}

// stage draws what the scene is about.
func (p *paper) stage(ctx context.Context, top head) error {
	switch p.Show {
	case charts.SceneOverview:
		return p.overview(ctx, top)
	case charts.SceneMap:
		return p.worldmap(ctx, top)
	case charts.SceneBrands:
		p.brands(top)
	case charts.SceneMentions:
		p.mentions(top)
	case charts.SceneWaiting:
		return p.waiting(ctx)
	default:
		return fmt.Errorf("there is no scene %q: %w", p.Show, mood.ErrInvalid)
	}
	return nil
}
