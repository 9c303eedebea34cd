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

// PNG writes the picture as a PNG in sRGB. It fails for a scale outside of 1
// to 4, for a size over 8192 pixels a side or 24 Mi pixels in all, when the
// context ends, and when writing does. Of pictures with the same fonts, one is
// drawn at a time.
func (p *Picture) PNG(ctx context.Context, w io.Writer, o Options) (Report, error) {
	used := &sheet{}
	if o.Fonts != nil {
		// Two at once would hold twice as much, and be no sooner: drawing
		// elements takes as long as drawing pixels.
		select {
		case o.Fonts.drawing <- struct{}{}:
			defer func() { <-o.Fonts.drawing }()
		case <-ctx.Done():
			return Report{}, fmt.Errorf("draw the picture: %w", context.Cause(ctx))
		}
		if kept := o.Fonts.sheet.Value(); kept != nil {
			used = kept
		}
		o.Fonts.sheet = weak.Pointer[sheet]{}
	}
	img, report, err := p.onto(ctx, o, used)
	if err != nil {
		return report, err // what it left on the sheet is anybody's guess
	}
	if o.Fonts != nil {
		o.Fonts.sheet = weak.Make(used) // until memory is short
	}
	opaque := false
	if o.Background != nil {
		_, _, _, a := o.Background.RGBA()
		opaque = a == 0xffff
	}
	return report, writePNG(w, img, opaque)
}

// A sheet is the memory that a picture is drawn in, some 20 MB for a large one:
// taken anew for each, it would be most of what the process holds.
type sheet struct {
	pix   []byte
	cells []float32 // a raster's: all zero
}

// Image draws the picture as PNG does.
func (p *Picture) Image(ctx context.Context, o Options) (*image.RGBA, Report, error) {
	return p.onto(ctx, o, &sheet{})
}

// onto draws on a sheet, of which the image is a part.
func (p *Picture) onto(ctx context.Context, o Options, on *sheet) (*image.RGBA, Report, error) {
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
	if cap(on.pix) < 4*w*h {
		on.pix = make([]byte, 4*w*h)
	}
	img := &image.RGBA{Pix: on.pix[:4*w*h], Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
	if o.Background == nil {
		clear(img.Pix)
	} else {
		ground := premultiplied(color.NRGBAModel.Convert(o.Background).(color.NRGBA))
		copy(img.Pix, []byte{ground.R, ground.G, ground.B, ground.A})
		for done := 4; done < len(img.Pix); done *= 2 {
			copy(img.Pix[done:], img.Pix[:done])
		}
	}
	c := newCanvas(img, func() bool { return ctx.Err() != nil })
	c.raster.cells = on.cells
	set := newSetter(o.Fonts, &report)
	defer set.done()
	base := matrix{a: o.Scale, d: o.Scale}
	for i, step := range p.ops {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, report, fmt.Errorf("draw the picture: %w", context.Cause(ctx))
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
	if ctx.Err() != nil { // it may have ended within the last step
		return nil, report, fmt.Errorf("draw the picture: %w", context.Cause(ctx))
	}
	on.cells = c.raster.cells
	return img, report, nil
}
