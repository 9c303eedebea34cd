package draw

import (
	"image"
	"image/color"
	"math"
)

// shade is how a paint colours a shape's pixels: a shader, or one plain colour
// when that is nil. It is false for a paint that leaves no trace.
func (c *canvas) shade(with paint, p path, m matrix) (shader, color.RGBA, bool) {
	switch with.kind {
	case 'g':
		s, ok := shadeGradient(with.grad, with.alpha, p, m)
		return s, color.RGBA{}, ok
	case 'p':
		s, ok := c.shadePattern(with.pat, with.alpha, m)
		return s, color.RGBA{}, ok
	}
	return nil, premultiplied(with.nrgba()), true
}

func premultiplied(c color.NRGBA) color.RGBA {
	a := uint32(c.A)
	k := func(v uint8) uint8 { return uint8((uint32(v)*a + 127) / 255) }
	return color.RGBA{k(c.R), k(c.G), k(c.B), c.A}
}

func shadeGradient(g *gradient, alpha float64, p path, m matrix) (shader, bool) {
	unit, ok := g.unit(p)
	if !ok {
		return nil, false
	}
	back, ok := m.mul(unit).inverse()
	if !ok {
		return nil, false
	}
	var table [256]color.RGBA
	for i, c := range g.lookup() {
		c.A = uint8(math.Round(float64(c.A) * alpha))
		table[i] = premultiplied(c)
	}
	return func(x, y int) color.RGBA {
		at := back.apply(point{float64(x) + 0.5, float64(y) + 0.5})
		t := at.x
		if g.radial {
			t = math.Hypot(at.x, at.y)
		}
		return table[int(max(0, min(255, t*255+0.5)))]
	}, true
}

// A tileSize is of a pattern's tile in pixels.
type tileSize struct {
	of   *pattern
	w, h int
}

// shadePattern draws the tile once, twice as fine as the picture, and looks
// its pixels up.
func (c *canvas) shadePattern(p *pattern, alpha float64, m matrix) (shader, bool) {
	all := m.mul(p.m)
	back, ok := all.inverse()
	if !ok || p.w <= 0 || p.h <= 0 {
		return nil, false
	}
	fine := func(size, dx, dy float64) int {
		return int(max(1, min(maxTile, math.Ceil(2*size*math.Hypot(dx, dy)))))
	}
	w, h := fine(p.w, all.a, all.b), fine(p.h, all.c, all.d)
	grow := matrix{a: float64(w) / p.w, d: float64(h) / p.h}
	img := c.tiles[tileSize{p, w, h}]
	if img == nil {
		img = image.NewRGBA(image.Rect(0, 0, w, h))
		tile := newCanvas(img, c.raster.ended)
		for i, s := range p.shapes {
			if i%64 == 0 && c.raster.ended() {
				return nil, false
			}
			tile.shape(s, grow)
		}
		if len(c.tiles) > 16 {
			clear(c.tiles)
		}
		c.tiles[tileSize{p, w, h}] = img
	}
	get := func(x, y int) (r, g, b, a float64) {
		o := img.PixOffset((x+w)%w, (y+h)%h) // −1 to the size, at most
		q := img.Pix[o : o+4 : o+4]
		return float64(q[0]), float64(q[1]), float64(q[2]), float64(q[3])
	}
	return func(x, y int) color.RGBA {
		at := back.apply(point{float64(x) + 0.5, float64(y) + 0.5})
		if !(math.Abs(at.x)+math.Abs(at.y) < 1e12) {
			return color.RGBA{}
		}
		u := (at.x-math.Floor(at.x/p.w)*p.w)*grow.a - 0.5
		v := (at.y-math.Floor(at.y/p.h)*p.h)*grow.d - 0.5
		i, j := math.Floor(u), math.Floor(v)
		u, v = u-i, v-j
		r0, g0, b0, a0 := get(int(i), int(j))
		r1, g1, b1, a1 := get(int(i)+1, int(j))
		r2, g2, b2, a2 := get(int(i), int(j)+1)
		r3, g3, b3, a3 := get(int(i)+1, int(j)+1)
		mean := func(a, b, c, d float64) uint8 {
			return uint8(((a*(1-u)+b*u)*(1-v)+(c*(1-u)+d*u)*v)*alpha + 0.5)
		}
		return color.RGBA{mean(r0, r1, r2, r3), mean(g0, g1, g2, g3), mean(b0, b1, b2, b3), mean(a0, a1, a2, a3)}
	}, true
}

// shape draws a shape in a picture that is mapped to pixels by base.
func (c *canvas) shape(s *shape, base matrix) {
	m := base.mul(s.m)
	if s.strokeFirst {
		c.stroke(s.path, m, s.pen, s.stroke)
	}
	c.fill(s.path, m, s.evenOdd, s.fill)
	if !s.strokeFirst {
		c.stroke(s.path, m, s.pen, s.stroke)
	}
}

// image draws an embedded picture, pixel by pixel.
func (c *canvas) image(i *embedded, base matrix) {
	m := base.mul(i.m).mul(matrix{a: i.w, d: i.h, e: i.x, f: i.y})
	back, ok := m.inverse()
	if !ok || !finite(m) {
		return
	}
	var square path
	square.rect(0, 0, 1, 1, 0, 0)
	if !c.cover(square, m, false) {
		return
	}
	box := i.pixels.Bounds()
	w, h := float64(box.Dx()), float64(box.Dy())
	c.paint(false, func(x, y int) color.RGBA {
		at := back.apply(point{float64(x) + 0.5, float64(y) + 0.5})
		u := int(max(0, min(w-1, math.Floor(at.x*w))))
		v := int(max(0, min(h-1, math.Floor(at.y*h))))
		n := color.NRGBAModel.Convert(i.pixels.At(box.Min.X+u, box.Min.Y+v)).(color.NRGBA)
		n.A = uint8(math.Round(float64(n.A) * i.alpha))
		return premultiplied(n)
	}, color.RGBA{})
}
