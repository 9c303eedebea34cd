package draw

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"math"
	"weak"
)

// Options say how a picture becomes pixels.
type Options struct {
	Scale      float64     // pixels for each CSS pixel, 1 to 4; 0 is 1
	Fonts      *Fonts      // for texts; without, every character is missing
	Background color.Color // nil or transparent: the PNG is transparent where nothing is drawn
}

// PNG writes the picture as a PNG in sRGB: the same bytes for the same picture,
// however many processors there are. It fails for a scale outside of 1 to 4,
// for a size over 8192 pixels a side or 24 Mi pixels in all, when the context
// ends, and when writing does; what was written until then is no PNG. Of
// pictures with the same fonts, one is drawn at a time.
func (p *Picture) PNG(ctx context.Context, w io.Writer, o Options) (Report, error) {
	t := new(tools)
	if o.Fonts != nil {
		// Two at once would hold twice as much, and be no sooner: one has all
		// processors.
		select {
		case o.Fonts.drawing <- struct{}{}:
			defer func() { <-o.Fonts.drawing }()
		case <-ctx.Done():
			return Report{}, ended(ctx)
		}
		if kept := o.Fonts.tools.Value(); kept != nil {
			t = kept
		}
		o.Fonts.tools = weak.Make(t) // until memory is short
	}
	c, report, err := p.canvas(ctx, o)
	if err != nil {
		return report, err
	}
	opaque := false
	if o.Background != nil {
		_, _, _, a := o.Background.RGBA()
		opaque = a == 0xffff
	}
	j := &job{canvas: c, rows: bandRows, ground: ground(o), lines: keeper{most: keptPoints, spare: t}}
	return report, writePNG(ctx, w, j, opaque, t)
}

// Image draws the picture as PNG does.
func (p *Picture) Image(ctx context.Context, o Options) (*image.RGBA, Report, error) {
	c, report, err := p.canvas(ctx, o)
	if err != nil {
		return nil, report, err
	}
	var all band
	j := &job{canvas: c, rows: c.size.Dy(), ground: ground(o), ended: func() bool { return ctx.Err() != nil }}
	if !all.paint(j, 0) {
		return nil, report, ended(ctx)
	}
	return &image.RGBA{Pix: all.pix, Stride: 4 * c.size.Dx(), Rect: c.size}, report, nil
}

// ground is the colour of a picture's paper.
func ground(o Options) color.RGBA {
	if o.Background == nil {
		return color.RGBA{}
	}
	return premultiplied(color.NRGBAModel.Convert(o.Background).(color.NRGBA))
}

// ended says why a picture isn't drawn to its end.
func ended(ctx context.Context) error {
	return fmt.Errorf("draw the picture: %w", context.Cause(ctx))
}

// canvas is the picture made ready to be painted.
func (p *Picture) canvas(ctx context.Context, o Options) (*canvas, Report, error) {
	var report Report
	if o.Scale == 0 {
		o.Scale = 1
	}
	if !(o.Scale >= 1 && o.Scale <= 4) {
		return nil, report, fmt.Errorf("draw the picture: the scale is %g: 1 to 4", o.Scale)
	}
	w, h := int(math.Ceil(p.Width*o.Scale-1e-6)), int(math.Ceil(p.Height*o.Scale-1e-6))
	if w < 1 || h < 1 {
		return nil, report, errors.New("draw the picture: it has no size")
	}
	if w > maxSize || h > maxSize || w*h > maxPixels {
		return nil, report, fmt.Errorf("draw the picture: it would have %d × %d pixels: %d a side and %d in all at most; ask for a smaller size or scale",
			w, h, maxSize, maxPixels)
	}
	c := newCanvas(w, h)
	set := newSetter(o.Fonts, &report)
	defer set.done()
	base := matrix{a: o.Scale, d: o.Scale}
	for i, step := range p.ops {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, report, ended(ctx)
		}
		switch {
		case step.shape != nil:
			c.shape(step.shape, base)
		case step.text != nil:
			c.text(set, step.text, base)
		case step.image != nil:
			c.image(step.image, base)
		case step.clip != nil:
			c.push(step.clip.path, base, step.clip.evenOdd)
		default:
			c.pop()
		}
	}
	return c, report, nil
}
