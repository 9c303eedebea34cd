// Package snapshot draws charts without a browser: the option of a chart, made
// by the page's own ECharts in a JavaScript engine that is part of the program.
//
// An option is text that feeds had a hand in, and ECharts is a large program.
// So an engine has little memory, little time, a shallow stack, no clock, no
// network and no files; what it draws passes a list of what pictures may hold
// (static/src/svg.js); and an engine that failed once is never used again.
package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"agora/charts"
	"agora/mood"
)

// Limits of a picture.
const (
	MinSide = 50   // pixels
	MaxSide = 4096 // pixels: a 4K screen
	MinFont = 6.0  // pixels
	MaxFont = 72.0 // pixels
)

// drawTime is how long one picture may take to draw, on a busy machine. The
// slowest, a map on a screen, takes half a second.
const drawTime = 20 * time.Second

// ErrClosed is the answer of a painter that was closed.
var ErrClosed = fmt.Errorf("no pictures are drawn any more: %w", mood.ErrUnavailable)

// errSlow is why a drawing ends that takes too long.
var errSlow = charts.ErrSlow

// Config is what a painter needs.
type Config struct {
	Script []byte // the engine's script: static.Engine
	World  []byte // GeoJSON with a country's code as each feature's name: static.World
	Fonts  Fonts  // those that the SVG will be drawn with
	Log    *slog.Logger
}

// Fonts measure texts before they are laid out; *draw.Fonts do. They are used
// by several at once.
type Fonts interface {
	// Advance is a text's width in pixels, at a size in pixels and a weight as
	// in CSS.
	Advance(text string, size float64, weight int) float64
}

// Picture is what to draw.
type Picture struct {
	Option charts.Option
	Theme  string  // a part of charts.Theme (light, dark, print), or transparent: light without its paper
	Width  int     // pixels, MinSide…MaxSide
	Height int     // pixels, likewise
	Font   float64 // size of the text in pixels, MinFont…MaxFont; 0 is 12
	Scale  float64 // how much larger the SVG will be seen, for the detail of maps, up to 4; 0 is 1
	Lang   string  // how numbers and times are written: one of charts.Languages; empty is English
}

// Painter draws pictures, at most two at a time; whoever comes later waits. It
// starts an engine when it is asked for a picture, and lets go of it when
// nobody asks for some minutes. It is safe for concurrent use.
type Painter struct {
	log     *slog.Logger
	engines *pool
	maps    *atlas
	limit   time.Duration // for one picture

	life context.Context // ends with Close
	end  context.CancelCauseFunc
}

// New gives a painter; nothing runs before its first picture. It must be
// closed.
func New(c Config) (*Painter, error) {
	if len(c.Script) == 0 || len(c.World) == 0 || c.Fonts == nil {
		return nil, errors.New("snapshot: Script, World and Fonts must be set")
	}
	p := &Painter{log: c.Log, maps: newAtlas(c.World), limit: drawTime}
	if p.log == nil {
		p.log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	p.engines = newPool(newScript(c.Script, c.Fonts), p.log)
	p.life, p.end = context.WithCancelCause(context.Background())
	return p, nil
}

// Close ends what is being drawn, waits for that, and lets go of the engines.
// A second Close does nothing.
func (p *Painter) Close() {
	p.end(ErrClosed)
	p.engines.close()
}

// SVG draws a picture. The same picture gives the same bytes. They hold no
// script, no style sheet and no link, names that other pictures on the page
// don't have, and the chart's words as title and description.
//
// The error is a mood.ErrInvalid where the picture or its option can't be
// drawn, whoever asks; a mood.ErrUnavailable where that took too long; else ctx's, ErrClosed, or what broke.
func (p *Painter) SVG(ctx context.Context, pic Picture) ([]byte, error) {
	if pic.Font == 0 {
		pic.Font = 12
	}
	if pic.Scale == 0 {
		pic.Scale = 1
	}
	if pic.Lang == "" {
		pic.Lang = charts.English
	}
	if err := pic.check(); err != nil {
		return nil, err
	}
	o, err := inspect(pic.Option)
	if err != nil {
		return nil, fmt.Errorf("draw a chart: %w: %w", err, mood.ErrInvalid)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(p.life, func() { cancel(ErrClosed) })()

	var shapes *shapes
	if o.world {
		if shapes, err = p.maps.at(pic); err != nil {
			return nil, err
		}
	}
	svg, used, err := p.draw(ctx, pic, shapes)
	if errors.Is(err, errMemory) && used { // others may have left it little
		svg, _, err = p.draw(ctx, pic, shapes)
	}
	return svg, err
}

// draw draws with an engine; used tells whether that had drawn before.
func (p *Painter) draw(ctx context.Context, pic Picture, world *shapes) (svg []byte, used bool, err error) {
	e, err := p.engines.take(ctx, world)
	if err != nil {
		return nil, false, err
	}
	used = e.draws > 0
	timed, stop := context.WithTimeoutCause(ctx, p.limit, errSlow)
	defer stop()
	svg, err = e.draw(timed, pic, world)
	p.engines.giveBack(e)
	switch {
	case err == nil:
		return svg, used, nil
	case ctx.Err() != nil:
		return nil, used, fmt.Errorf("draw a chart: %w", context.Cause(ctx))
	}
	why := mood.ErrInvalid
	if timed.Err() != nil { // of an option that has no end, or on a machine that has no time
		err, why = errSlow, mood.ErrUnavailable
	}
	p.log.Warn("a chart could not be drawn", slog.Any("error", err), slog.Int("option_bytes", len(pic.Option)))
	return nil, used, fmt.Errorf("draw a chart: %w: %w", err, why)
}

// check tells what is wrong with a picture, but for its option.
func (pic Picture) check() error {
	for _, side := range []int{pic.Width, pic.Height} {
		if side < MinSide || side > MaxSide {
			return fmt.Errorf("draw a chart: a picture of %d × %d pixels; each side must have %d to %d: %w", pic.Width, pic.Height, MinSide, MaxSide, mood.ErrInvalid)
		}
	}
	if !(pic.Font >= MinFont && pic.Font <= MaxFont) { // NaN too
		return fmt.Errorf("draw a chart: text of %v pixels; it must have %v to %v: %w", pic.Font, MinFont, MaxFont, mood.ErrInvalid)
	}
	if !(pic.Scale >= 0.1 && pic.Scale <= 4) {
		return fmt.Errorf("draw a chart: a scale of %v; it must be 0.1 to 4: %w", pic.Scale, mood.ErrInvalid)
	}
	if _, ok := charts.WordsIn(pic.Lang); !ok {
		return fmt.Errorf("draw a chart: there are no words in %q: use %s: %w", pic.Lang, charts.List(charts.Languages()), mood.ErrInvalid)
	}
	return nil
}

// name is what names inside the picture begin with: pictures that differ may
// stand on one page without taking each other's clips.
func (pic Picture) name() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d %d %v %v\n", pic.Theme, pic.Width, pic.Height, pic.Font, pic.Scale)
	h.Write(pic.Option)
	if pic.Lang != charts.English {
		fmt.Fprintf(h, "\n%s", pic.Lang)
	}
	return "p" + hex.EncodeToString(h.Sum(nil)[:5])
}
