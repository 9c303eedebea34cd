package draw

import (
	"image/color"
	"math"
)

// A tint is how an item's pixels are coloured: by a gradient, a pattern or an
// embedded picture, or else in one plain colour.
type tint struct {
	plain color.RGBA // premultiplied
	grad  *gradient
	pat   *pattern
	image *embedded
	alpha float64
	back  matrix // from pixels to the gradient, the pattern or the picture
	tile  tileSize
}

// tintOf is false for a paint that leaves no trace.
func tintOf(with paint, p path, m matrix) (tint, bool) {
	switch with.kind {
	case 'g':
		unit, ok := with.grad.unit(p)
		if !ok {
			return tint{}, false
		}
		back, ok := m.mul(unit).inverse()
		return tint{grad: with.grad, alpha: with.alpha, back: back}, ok
	case 'p':
		all := m.mul(with.pat.m)
		back, ok := all.inverse()
		ok = ok && with.pat.w > 0 && with.pat.h > 0
		return tint{pat: with.pat, alpha: with.alpha, back: back, tile: with.pat.tile(all)}, ok
	}
	return tint{plain: premultiplied(with.nrgba())}, true
}

func premultiplied(c color.NRGBA) color.RGBA {
	a := uint32(c.A)
	k := func(v uint8) uint8 { return uint8((uint32(v)*a + 127) / 255) }
	return color.RGBA{k(c.R), k(c.G), k(c.B), c.A}
}

// A shader paints pixels of a row from (x, y) on, as far as all are covered.
type shader func(x, y int, pix []byte, cover uint8)

// shader is false when the job ended while a tile was drawn.
func (t *tint) shader(j *job) (shader, bool) {
	switch {
	case t.grad != nil:
		return t.shadeGradient(), true
	case t.pat != nil:
		tile := j.tiles.get(t.tile, j.ended)
		if tile == nil {
			return nil, false
		}
		return t.shadePattern(tile), true
	case t.image != nil:
		return t.shadeImage(), true
	}
	return func(_, _ int, pix []byte, cover uint8) { mix(pix, t.plain, cover) }, true
}

func (t *tint) shadeGradient() shader {
	var table [256]color.RGBA
	for i, c := range t.grad.lookup() {
		c.A = uint8(math.Round(float64(c.A) * t.alpha))
		table[i] = premultiplied(c)
	}
	at := func(x, y int) color.RGBA {
		at := t.back.apply(point{float64(x) + 0.5, float64(y) + 0.5})
		far := at.x
		if t.grad.radial {
			far = math.Hypot(at.x, at.y)
		}
		return table[int(max(0, min(255, far*255+0.5)))]
	}
	if t.back.a == 0 && !t.grad.radial { // from the top to the bottom
		return func(x, y int, pix []byte, cover uint8) { mix(pix, at(x, y), cover) }
	}
	return each(at)
}

// each asks for the colour of every pixel.
func each(at func(x, y int) color.RGBA) shader {
	return func(x, y int, pix []byte, cover uint8) {
		for i := 0; i+4 <= len(pix); i += 4 {
			if in := at(x, y); in.A > 0 {
				mix(pix[i:i+4], in, cover)
			}
			x++
		}
	}
}

// shadePattern mixes the four pixels of the tile that are nearest.
func (t *tint) shadePattern(on *tile) shader {
	p, w, h := t.pat, t.tile.w, t.tile.h
	grow := p.grow(t.tile)
	// Where the four are alike, so is what lies between, unless it is so near to
	// where rounding turns that the steps between matter.
	plain, even := [256]uint8{}, [256]bool{}
	for v := range plain {
		k := float64(v)*t.alpha + 0.5
		plain[v], even[v] = uint8(k), k-math.Floor(k) > 1e-9 && math.Ceil(k)-k > 1e-9
	}
	return each(func(x, y int) color.RGBA {
		at := t.back.apply(point{float64(x) + 0.5, float64(y) + 0.5})
		if !(math.Abs(at.x)+math.Abs(at.y) < 1e12) {
			return color.RGBA{}
		}
		u := (at.x-math.Floor(at.x/p.w)*p.w)*grow.a - 0.5
		v := (at.y-math.Floor(at.y/p.h)*p.h)*grow.d - 0.5
		i, j := math.Floor(u), math.Floor(v)
		u, v = u-i, v-j
		x0, x1, y0, y1 := around(int(i), w), around(int(i)+1, w), around(int(j), h)*w, around(int(j)+1, h)*w
		a, b, c, d := on.pix[y0+x0], on.pix[y0+x1], on.pix[y1+x0], on.pix[y1+x1]
		if a == b && a == c && a == d && even[a.R] && even[a.G] && even[a.B] && even[a.A] {
			return color.RGBA{plain[a.R], plain[a.G], plain[a.B], plain[a.A]}
		}
		mean := func(a, b, c, d uint8) uint8 {
			return uint8(((float64(a)*(1-u)+float64(b)*u)*(1-v)+(float64(c)*(1-u)+float64(d)*u)*v)*t.alpha + 0.5)
		}
		return color.RGBA{mean(a.R, b.R, c.R, d.R), mean(a.G, b.G, c.G, d.G), mean(a.B, b.B, c.B, d.B), mean(a.A, b.A, c.A, d.A)}
	})
}

// around is a place on a tile that is repeated; it is −1 to the size, at most.
func around(i, size int) int {
	if i < 0 {
		return i + size
	}
	if i >= size {
		return i - size
	}
	return i
}

func (t *tint) shadeImage() shader {
	box := t.image.pixels.Bounds()
	w, h := float64(box.Dx()), float64(box.Dy())
	return each(func(x, y int) color.RGBA {
		at := t.back.apply(point{float64(x) + 0.5, float64(y) + 0.5})
		u := int(max(0, min(w-1, math.Floor(at.x*w))))
		v := int(max(0, min(h-1, math.Floor(at.y*h))))
		n := color.NRGBAModel.Convert(t.image.pixels.At(box.Min.X+u, box.Min.Y+v)).(color.NRGBA)
		n.A = uint8(math.Round(float64(n.A) * t.image.alpha))
		return premultiplied(n)
	})
}
