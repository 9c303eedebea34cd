package draw

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"codeberg.org/go-pdf/fpdf"
)

// PDF draws the picture on a page, within a box in points; it is as big as the
// box lets it be, in the middle. Shapes stay vectors. Texts stay texts: what
// is drawn with a face's plain letters is written with that face, embedded;
// what was shaped (ligatures, Arabic, Hebrew) is drawn as outlines, with the
// characters laid invisibly over them, so that they too can be found and
// copied. Gradients and images are pixels within a vector outline.
func (p *Picture) PDF(ctx context.Context, page *Page, x, y, w, h float64) error {
	k := min(w/p.Width, h/p.Height)
	if !(k > 0) {
		return fmt.Errorf("draw the picture: a box of %g × %g points holds nothing", w, h)
	}
	base := matrix{a: k, d: k, e: x + (w-k*p.Width)/2, f: y + (h-k*p.Height)/2}
	defer func() { page.clips = page.clips[:0] }()
	var frame clip
	frame.path.rect(base.e, base.f, k*p.Width, k*p.Height, 0, 0)
	page.clips = append(page.clips[:0], frame)
	for i, step := range p.ops {
		if i%64 == 0 && ctx.Err() != nil {
			return fmt.Errorf("draw the picture: %w", context.Cause(ctx))
		}
		if page.written > maxPage {
			return fmt.Errorf("draw the picture: it would fill a page with over %d bytes", maxPage)
		}
		switch {
		case step.shape != nil:
			page.shape(step.shape, base)
		case step.text != nil:
			page.text(step.text, base)
		case step.image != nil:
			page.image(step.image, base)
		case step.clip != nil:
			var c clip
			c.path.join(step.clip.path, base)
			c.evenOdd = step.clip.evenOdd
			page.clips = append(page.clips, c)
		case len(page.clips) > 1:
			page.clips = page.clips[:len(page.clips)-1]
		}
	}
	return page.d.pdf.Error()
}

func (p *Page) shape(s *shape, base matrix) {
	m := base.mul(s.m)
	if s.strokeFirst {
		p.stroke(s.path, m, s.pen, s.stroke)
	}
	p.fill(s.path, m, s.evenOdd, s.fill)
	if !s.strokeFirst {
		p.stroke(s.path, m, s.pen, s.stroke)
	}
}

func (p *Page) fill(q path, m matrix, evenOdd bool, with paint) {
	if !with.seen() || !finite(m) || len(q.pts) == 0 {
		return
	}
	fill, clip := "f", "W n"
	if evenOdd {
		fill, clip = "f*", "W* n"
	}
	p.raw(func(b *content) {
		switch with.kind {
		case 'c':
			p.colour(b, with, "rg")
			b.path(q, m, p.Height)
			b.op(fill)
		case 'g':
			b.path(q, m, p.Height)
			b.op(clip)
			p.flush(b)
			p.gradient(with, q, m)
		case 'p':
			b.path(q, m, p.Height)
			b.op(clip)
			p.pattern(b, with, q, m)
		}
	})
}

func (p *Page) stroke(q path, m matrix, with pen, in paint) {
	width := with.width * m.scale()
	if !in.seen() || width <= 0 || !finite(m) || len(q.pts) == 0 {
		return
	}
	if in.kind == 'g' && len(in.grad.stops) > 0 {
		in.color, in.kind = in.grad.stops[0].color, 'c' // a line is too thin to show more
	}
	if in.kind != 'c' {
		return
	}
	p.raw(func(b *content) {
		p.colour(b, in, "RG")
		b.num(width, 3)
		b.op("w")
		b.op(map[byte]string{'b': "0 J", 'r': "1 J", 's': "2 J"}[with.cap])
		b.op(map[byte]string{'m': "0 j", 'r': "1 j", 'b': "2 j"}[with.join])
		b.num(max(1, with.miter), 2)
		b.op("M")
		if len(with.dash) > 0 {
			b.WriteString("[ ")
			for _, d := range with.dash {
				b.num(d*m.scale(), 3)
			}
			b.WriteString("] ")
			b.num(max(0, with.offset*m.scale()), 3)
			b.op("d")
		}
		b.path(q, m, p.Height)
		b.op("S")
	})
}

// colour sets a plain colour and its opacity, which the library has to name.
func (p *Page) colour(b *content, with paint, op string) {
	c := with.nrgba()
	p.flush(b)
	p.d.pdf.SetAlpha(float64(c.A)/255, "Normal")
	b.num(float64(c.R)/255, 3)
	b.num(float64(c.G)/255, 3)
	b.num(float64(c.B)/255, 3)
	b.op(op)
}

// gradient lays a picture of the gradient under the clip that holds. The
// library's own gradients have two colours and no opacity.
func (p *Page) gradient(with paint, q path, m matrix) {
	unit, ok := with.grad.unit(q)
	if !ok {
		return
	}
	// The picture covers 3 × 3 units, so that the first and last colours go on.
	const side, reach = 384, 3.0
	size := image.Rect(0, 0, side, 1)
	square := matrix{a: reach, d: 200, e: -1, f: -100}
	if with.grad.radial {
		size = image.Rect(0, 0, side, side)
		square = matrix{a: 2 * reach, d: 2 * reach, e: -reach, f: -reach}
	}
	img := image.NewNRGBA(size)
	table := with.grad.lookup()
	for y := range size.Dy() {
		for x := range side {
			at := square.apply(point{(float64(x) + 0.5) / side, (float64(y) + 0.5) / float64(size.Dy())})
			t := at.x
			if with.grad.radial {
				t = math.Hypot(at.x, at.y)
			}
			img.SetNRGBA(x, y, table[int(max(0, min(255, t*255+0.5)))])
		}
	}
	p.picture(with.grad, img, m.mul(unit).mul(square), with.alpha)
}

// picture draws an image onto the unit square, mapped.
func (p *Page) picture(key any, img image.Image, m matrix, alpha float64) {
	pdf := p.d.pdf
	name, known := p.d.images[key]
	if !known {
		name = fmt.Sprintf("i%d", len(p.d.images))
		var b bytes.Buffer
		// In 8 bits a sample, which is all that the library reads.
		plain := image.NewNRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
		for y := range plain.Rect.Dy() {
			for x := range plain.Rect.Dx() {
				plain.SetNRGBA(x, y, color.NRGBAModel.Convert(img.At(img.Bounds().Min.X+x, img.Bounds().Min.Y+y)).(color.NRGBA))
			}
		}
		if png.Encode(&b, plain) != nil {
			return
		}
		pdf.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "PNG"}, &b)
		p.d.images[key] = name
	}
	pdf.SetAlpha(alpha, "Normal")
	var b content
	b.op("q")
	// An image's own square has its first row at the top, y up.
	for _, v := range []float64{m.a, -m.b, -m.c, m.d, m.e + m.c, p.Height - m.f - m.d} {
		b.num(v, 5)
	}
	b.op("cm")
	p.flush(&b)
	pdf.ImageOptions(name, 0, p.Height-1, 1, 1, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	b.op("Q")
	p.flush(&b)
}

func (p *Page) image(i *embedded, base matrix) {
	m := base.mul(i.m).mul(matrix{a: i.w, d: i.h, e: i.x, f: i.y})
	if finite(m) {
		p.raw(func(b *content) {
			p.flush(b)
			p.picture(i, i.pixels, m, i.alpha)
		})
	}
}

// pattern repeats the tile's shapes under the clip that holds. A shape that
// reaches from one side of the tile to the other is drawn once for all tiles
// of a row: the stripes of a decal are long lines, not thousands of dots.
func (p *Page) pattern(b *content, with paint, q path, m matrix) {
	pat := with.pat
	back, ok := pat.m.inverse()
	if !ok || pat.w <= 0 || pat.h <= 0 {
		return
	}
	least, most, ok := q.box(back)
	if !ok {
		return
	}
	x0, x1 := math.Floor(least.x/pat.w), math.Ceil(most.x/pat.w)
	y0, y1 := math.Floor(least.y/pat.h), math.Ceil(most.y/pat.h)
	all := m.mul(pat.m)
	var tile path
	tile.rect(0, 0, pat.w, pat.h, 0, 0)
	for _, s := range pat.shapes {
		from, to, _ := s.path.box(s.m)
		if s.fill.kind != 'c' || from.x >= pat.w || from.y >= pat.h || to.x <= 0 || to.y <= 0 {
			continue // strokes of tiles are left out
		}
		sx, sy, nx, ny := 1.0, 1.0, x1-x0, y1-y0
		rect := string(s.path.ops) == "MLLLZ" && s.m.b == 0 && s.m.c == 0
		if rect && from.x <= 0 && to.x >= pat.w {
			sx, nx = nx, 1
		}
		if rect && from.y <= 0 && to.y >= pat.h {
			sy, ny = ny, 1
		}
		if nx*ny > maxTiles {
			continue
		}
		with.kind, with.color = 'c', s.fill.color
		inner := with
		inner.alpha *= s.fill.alpha
		p.colour(b, inner, "rg")
		for j := range int(ny) {
			for i := range int(nx) {
				at := all.mul(translate((x0+float64(i))*pat.w, (y0+float64(j))*pat.h)).mul(matrix{a: sx, d: sy})
				b.path(s.path, at.mul(s.m), p.Height)
				if p.written+b.Len() > maxPage {
					b.op("f")
					p.flush(b)
					return
				}
			}
		}
		b.op("f")
	}
}
