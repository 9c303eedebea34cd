package draw

import (
	"image"
	"math"
)

// A canvas is what a picture is drawn on. It notes what is to be painted, in
// order; bands of it are painted later, by several at once.
type canvas struct {
	size  image.Rectangle
	items []*item
	clip  *clipping // that holds now
	tiles *tiles    // of patterns
}

// A clipping is a clip within those that held before it: a box, and a path
// that counts for parts of pixels, unless all of the box counts.
type clipping struct {
	outer   *clipping
	depth   int
	box     image.Rectangle
	partly  bool // not all of the box counts
	path    path
	m       matrix
	evenOdd bool
}

func newCanvas(w, h int) *canvas {
	size := image.Rect(0, 0, w, h)
	return &canvas{size: size, clip: &clipping{box: size}, tiles: &tiles{}}
}

// note adds what is to be painted, where any of it can be seen.
func (c *canvas) note(i *item) {
	if i.box = i.box.Intersect(c.clip.box); !i.box.Empty() {
		i.clip = c.clip
		c.items = append(c.items, i)
	}
}

// fill paints what a path encloses.
func (c *canvas) fill(p path, m matrix, evenOdd bool, with paint) {
	if !with.seen() || !finite(m) {
		return
	}
	tint, ok := tintOf(with, p, m)
	if !ok {
		return
	}
	if tint.plain.A == 255 && !c.clip.partly && isPixelBox(p, m) {
		a, b := m.apply(p.pts[0]), m.apply(p.pts[2])
		at := func(v float64) int { return int(max(-far, min(far, math.Round(v)))) }
		c.note(&item{box: image.Rect(at(a.x), at(a.y), at(b.x), at(b.y)), tint: tint, flood: true})
		return
	}
	if least, most, ok := p.box(m); ok {
		c.note(&item{box: pixels(least, most), tint: tint, path: p, m: m, evenOdd: evenOdd})
	}
}

// far is beyond all pictures, in pixels.
const far = 1 << 20

// pixels is the box of all pixels that are touched.
func pixels(least, most point) image.Rectangle {
	whole := func(v float64) int { return int(max(-far, min(far, v))) }
	return image.Rect(whole(math.Floor(least.x)), whole(math.Floor(least.y)), whole(math.Ceil(most.x)), whole(math.Ceil(most.y)))
}

// stroke paints a path's line.
func (c *canvas) stroke(p path, m matrix, with pen, in paint) {
	if !in.seen() || with.width <= 0 || !finite(m) {
		return
	}
	tint, ok := tintOf(in, p, m)
	if !ok {
		return
	}
	least, most, ok := p.box(m)
	reach := with.width / 2 * math.Sqrt2 * math.Max(math.Hypot(m.a, m.b), math.Hypot(m.c, m.d))
	if with.join == 'm' {
		reach *= max(1, with.miter)
	}
	if ok {
		box := pixels(point{least.x - reach, least.y - reach}, point{most.x + reach, most.y + reach})
		c.note(&item{box: box, tint: tint, path: p, m: m, pen: &with})
	}
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
	if least, most, ok := square.box(m); ok {
		c.note(&item{box: pixels(least, most), tint: tint{image: i, back: back}, path: square, m: m})
	}
}

// push adds a clip to those that hold.
func (c *canvas) push(p path, m matrix, evenOdd bool) {
	next := &clipping{outer: c.clip, depth: c.clip.depth + 1}
	least, most, ok := p.box(m)
	if box := pixels(least, most).Intersect(c.clip.box); ok && !box.Empty() && finite(m) {
		next.box = box
		next.partly = c.clip.partly || !isPixelBox(p, m)
		next.path, next.m, next.evenOdd = p, m, evenOdd
	}
	c.clip = next
}

func (c *canvas) pop() {
	if c.clip.outer != nil {
		c.clip = c.clip.outer
	}
}

// isPixelBox says whether a path is a box along the edges of pixels.
func isPixelBox(p path, m matrix) bool {
	if ops := string(p.ops); ops != "MLLLZ" && ops != "MLLL" {
		return false
	}
	var q [4]point
	for i, a := range p.pts {
		q[i] = m.apply(a)
		if math.Abs(q[i].x-math.Round(q[i].x)) > 1.0/64 || math.Abs(q[i].y-math.Round(q[i].y)) > 1.0/64 {
			return false
		}
	}
	near := func(a, b float64) bool { return math.Abs(a-b) < 1.0/32 }
	return near(q[0].x, q[3].x) && near(q[1].x, q[2].x) && near(q[0].y, q[1].y) && near(q[2].y, q[3].y) ||
		near(q[0].x, q[1].x) && near(q[2].x, q[3].x) && near(q[0].y, q[3].y) && near(q[1].y, q[2].y)
}
