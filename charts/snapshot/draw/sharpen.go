package draw

import (
	"math"
	"sort"
)

// Zones are the heights at which a face's Latin letters end: on the baseline,
// at the height of x, of H and of d, and below the line. Chromium on Linux has
// FreeType move them to whole pixels ("slight" hinting, its default for
// upright text), which keeps small letters sharp; so do pictures.
type zones struct {
	known bool
	list  []zone // from the lowest to the highest
	x     float64
}

// A zone is where flat letters end (z, H) and where round ones do (o, O), in
// em above the baseline.
type zone struct{ flat, round float64 }

// zonesOf measures a face.
func (t *typesetter) zonesOf(face int) zones {
	if z, ok := t.zones[face]; ok {
		return z
	}
	edge := func(r rune, top bool) (float64, bool) {
		id, has := t.face(face).NominalGlyph(r)
		if !has {
			return 0, false
		}
		least, most, ok := t.outline(glyph{face: face, id: id}).bounds()
		if top {
			return -least.y, ok
		}
		return -most.y, ok
	}
	z := zones{known: true}
	for _, of := range []struct {
		flat, round rune
		top         bool
	}{{'p', 'g', false}, {'z', 'o', false}, {'z', 'o', true}, {'H', 'O', true}, {'d', 'f', true}} {
		flat, ok := edge(of.flat, of.top)
		round, ok2 := edge(of.round, of.top)
		if !ok || !ok2 {
			z = zones{}
			break
		}
		z.list = append(z.list, zone{flat, round})
	}
	if z.known {
		z.x = z.list[2].round
	}
	t.zones[face] = z
	return z
}

// A fit maps heights in em so that zones lie on edges of pixels.
type fit struct{ from, to []float64 }

// fitted is the fit of a face at a size in pixels; it is empty for a face
// without Latin letters. The steps are those of FreeType's autofitter
// (aflatin.c): the scale is changed so that x is a whole number of pixels
// high; then every zone is rounded, and round letters end where flat ones do
// unless they stick out by half a pixel.
func (z zones) fitted(pixels float64) fit {
	if !z.known || pixels < 6 || z.x <= 0 {
		return fit{}
	}
	scale := 1.0
	if high := z.x * pixels; high > 0 {
		scale = math.Round(high) / high
	}
	type anchor struct{ from, to float64 }
	var all []anchor
	for _, s := range z.list {
		flat, round := s.flat*pixels*scale, s.round*pixels*scale
		if math.Abs(flat-round) > 0.75 {
			continue
		}
		at := math.Round(flat)
		out := math.Abs(round - flat)
		switch {
		case out < 0.5:
			out = 0
		case out < 1:
			out = 0.5
		}
		all = append(all, anchor{s.flat, at / pixels}, anchor{s.round, (at + math.Copysign(out, round-flat)) / pixels})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].from < all[j].from })
	var f fit
	for _, a := range all {
		if n := len(f.from); n > 0 && (a.from-f.from[n-1] < 1e-6 || a.to < f.to[n-1]) {
			continue
		}
		f.from, f.to = append(f.from, a.from), append(f.to, a.to)
	}
	if len(f.from) < 2 {
		return fit{}
	}
	return f
}

// apply moves a height above the baseline, in em.
func (f fit) apply(y float64) float64 {
	n := len(f.from)
	if n == 0 {
		return y
	}
	i := sort.SearchFloat64s(f.from, y)
	switch i {
	case 0:
		return f.to[0] + (y - f.from[0])
	case n:
		return f.to[n-1] + (y - f.from[n-1])
	}
	k := (y - f.from[i-1]) / (f.from[i] - f.from[i-1])
	return f.to[i-1] + k*(f.to[i]-f.to[i-1])
}

// sharp is a glyph's outline with its heights moved, for a size in pixels.
func (t *typesetter) sharp(g glyph, pixels float64) path {
	key := sized{drawnGlyph{g.face, g.id}, pixels}
	if known, ok := t.sharpened[key]; ok {
		return known
	}
	p, z := t.outline(g), t.zonesOf(g.face)
	if f := z.fitted(pixels).with(t.stemsOf(g, z), pixels); len(f.from) > 0 {
		moved := path{ops: p.ops, pts: make([]point, len(p.pts))}
		for i, a := range p.pts {
			moved.pts[i] = point{a.x, -f.apply(-a.y)}
		}
		p = moved
	}
	if len(t.sharpened) > 5_000 {
		clear(t.sharpened)
	}
	t.sharpened[key] = p
	return p
}
