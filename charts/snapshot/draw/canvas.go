package draw

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
)

// A canvas is what is drawn on: pixels, and the clips that hold.
type canvas struct {
	img    *image.RGBA
	raster raster
	row    []uint8
	lines  polylines
	clips  []mask
	tiles  map[tileSize]*image.RGBA
}

// A mask is a clip: a box, and within it how much of each pixel counts; nil
// counts all.
type mask struct {
	box   image.Rectangle
	cover []uint8
}

// newCanvas draws on an image, until ended says so.
func newCanvas(img *image.RGBA, ended func() bool) *canvas {
	return &canvas{
		img: img, raster: raster{ended: ended, most: (img.Rect.Dx() + 2) * img.Rect.Dy()}, row: make([]uint8, img.Rect.Dx()+2),
		clips: []mask{{box: img.Rect}}, tiles: map[tileSize]*image.RGBA{},
	}
}

func (c *canvas) top() mask { return c.clips[len(c.clips)-1] }

// A shader says the colour of a pixel, premultiplied.
type shader func(x, y int) color.RGBA

// fill paints what a path encloses.
func (c *canvas) fill(p path, m matrix, evenOdd bool, with paint) {
	if !with.seen() || !finite(m) {
		return
	}
	shade, plain, ok := c.shade(with, p, m)
	if !ok {
		return
	}
	if plain.A == 255 && c.top().cover == nil && isPixelBox(p, m) {
		c.flood(p, m, plain)
		return
	}
	if c.cover(p, m, evenOdd) {
		c.paint(evenOdd, shade, plain)
	}
}

// flood fills a box along the edges of pixels, such as a chart's paper, which
// has more pixels than all the rest.
func (c *canvas) flood(p path, m matrix, in color.RGBA) {
	a, b := m.apply(p.pts[0]), m.apply(p.pts[2])
	const far = 1 << 20
	at := func(v float64) int { return int(max(-far, min(far, math.Round(v)))) }
	box := image.Rect(at(a.x), at(a.y), at(b.x), at(b.y)).Intersect(c.top().box)
	if box.Empty() {
		return
	}
	row := func(y int) []byte {
		o := c.img.PixOffset(box.Min.X, y)
		return c.img.Pix[o : o+4*box.Dx()]
	}
	first := row(box.Min.Y)
	copy(first, []byte{in.R, in.G, in.B, in.A})
	for done := 4; done < len(first); done *= 2 {
		copy(first[done:], first[:done])
	}
	for y := box.Min.Y + 1; y < box.Max.Y; y++ {
		copy(row(y), first)
	}
}

// cover rasterises the inside of a path.
func (c *canvas) cover(p path, m matrix, evenOdd bool) bool {
	least, most, ok := p.box(m)
	box := pixels(least, most).Intersect(c.top().box)
	if !ok || box.Empty() {
		return false
	}
	c.raster.begin(box)
	c.lines.reset()
	c.lines.add(p, m, 0.1)
	c.lines.each(func(line []point, _ bool) { c.raster.polygon(line) })
	return true
}

// pixels is the box of all pixels that are touched.
func pixels(least, most point) image.Rectangle {
	const far = 1 << 20
	whole := func(v float64) int { return int(max(-far, min(far, v))) }
	return image.Rect(whole(math.Floor(least.x)), whole(math.Floor(least.y)), whole(math.Ceil(most.x)), whole(math.Ceil(most.y)))
}

// stroke paints a path's line.
func (c *canvas) stroke(p path, m matrix, with pen, in paint) {
	if !in.seen() || with.width <= 0 || !finite(m) {
		return
	}
	shade, plain, ok := c.shade(in, p, m)
	if !ok {
		return
	}
	least, most, ok := p.box(m)
	reach := with.width / 2 * math.Sqrt2 * math.Max(math.Hypot(m.a, m.b), math.Hypot(m.c, m.d))
	if with.join == 'm' {
		reach *= max(1, with.miter)
	}
	box := pixels(point{least.x - reach, least.y - reach}, point{most.x + reach, most.y + reach}).Intersect(c.top().box)
	if !ok || box.Empty() {
		return
	}
	c.raster.begin(box)
	stroke(p, m, with, c.raster.polygon)
	c.paint(false, shade, plain)
}

// paint mixes what was rasterised into the picture.
func (c *canvas) paint(evenOdd bool, shade shader, plain color.RGBA) {
	clip := c.top()
	c.raster.spans(evenOdd, c.row, func(x, y int, cover []uint8) {
		if clip.cover != nil {
			from := (y-clip.box.Min.Y)*clip.box.Dx() + x - clip.box.Min.X
			for i, k := range clip.cover[from : from+len(cover)] {
				cover[i] = uint8((uint32(cover[i])*uint32(k) + 127) / 255)
			}
		}
		o := c.img.PixOffset(x, y)
		pix := c.img.Pix[o : o+4*len(cover)]
		if shade == nil {
			mix(pix, cover, plain)
			return
		}
		for i, k := range cover {
			if k > 0 {
				mix(pix[4*i:4*i+4], cover[i:i+1], shade(x+i, y))
			}
		}
	})
}

// mix puts one colour over pixels, as far as it covers each.
func mix(pix, cover []uint8, in color.RGBA) {
	r, g, b, a := uint32(in.R), uint32(in.G), uint32(in.B), uint32(in.A)
	whole := r | g<<8 | b<<16 | 255<<24
	for i, k := range cover {
		if k == 0 {
			continue
		}
		p := pix[4*i : 4*i+4 : 4*i+4]
		if k == 255 && a == 255 {
			binary.LittleEndian.PutUint32(p, whole)
			continue
		}
		c := uint32(k)
		left := 255*255 - a*c
		p[0] = uint8((r*c*255 + uint32(p[0])*left + 32512) / 65025)
		p[1] = uint8((g*c*255 + uint32(p[1])*left + 32512) / 65025)
		p[2] = uint8((b*c*255 + uint32(p[2])*left + 32512) / 65025)
		p[3] = uint8((a*c*255 + uint32(p[3])*left + 32512) / 65025)
	}
}

// push adds a clip to those that hold.
func (c *canvas) push(p path, m matrix, evenOdd bool) {
	outer := c.top()
	least, most, ok := p.box(m)
	box := pixels(least, most).Intersect(outer.box)
	if !ok || box.Empty() || !finite(m) {
		c.clips = append(c.clips, mask{})
		return
	}
	next := mask{box: box}
	if outer.cover != nil || !isPixelBox(p, m) {
		next.cover = make([]uint8, box.Dx()*box.Dy())
		if c.cover(p, m, evenOdd) {
			c.raster.spans(evenOdd, c.row, func(x, y int, cover []uint8) {
				at := (y-box.Min.Y)*box.Dx() + x - box.Min.X
				copy(next.cover[at:], cover)
				if outer.cover == nil {
					return
				}
				from := (y-outer.box.Min.Y)*outer.box.Dx() + x - outer.box.Min.X
				for i := range cover {
					next.cover[at+i] = uint8((uint32(cover[i])*uint32(outer.cover[from+i]) + 127) / 255)
				}
			})
		}
	}
	c.clips = append(c.clips, next)
}

func (c *canvas) pop() {
	if len(c.clips) > 1 {
		c.clips = c.clips[:len(c.clips)-1]
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
