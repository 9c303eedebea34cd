package draw

import (
	"image"
	"image/color"
)

// A band is some rows of a picture in the painting. It belongs to one
// goroutine, and may be used for one band after the other.
type band struct {
	w, from, to int    // pixels of a row; rows of the picture
	pix         []byte // premultiplied, row after row
	raster      raster
	lines       polylines
	masks       []mask // by depth of their clippings
}

// A mask is a clipping in a band: how much of each pixel of its box counts,
// 0…255, row after row.
type mask struct {
	of    *clipping // nil: of none in this band
	cover []uint8
}

// A job is a canvas that is painted in bands of so many rows.
type job struct {
	*canvas
	rows   int
	ground color.RGBA
	ended  func() bool
	lines  keeper
}

// bands is in how many a box lies.
func (j *job) bands(box image.Rectangle) int {
	return (box.Max.Y-1)/j.rows - box.Min.Y/j.rows + 1
}

// paint paints one band. It is false when the job ended before.
func (b *band) paint(j *job, n int) bool {
	b.w, b.from, b.to = j.size.Dx(), n*j.rows, min((n+1)*j.rows, j.size.Dy())
	if need := 4 * b.w * (b.to - b.from); cap(b.pix) < need {
		b.pix = make([]byte, need)
	} else {
		b.pix = b.pix[:need]
	}
	if j.ground == (color.RGBA{}) {
		clear(b.pix)
	} else {
		flood(b.pix, j.ground)
	}
	b.raster.ended = j.ended
	for i := range b.masks {
		b.masks[i].of = nil
	}
	for k, i := range j.items {
		if k%64 == 0 && j.ended() {
			return false
		}
		if i.box.Min.Y >= b.to || i.box.Max.Y <= b.from {
			continue
		}
		if i.flood {
			for y := max(i.box.Min.Y, b.from); y < min(i.box.Max.Y, b.to); y++ {
				flood(b.row(y)[4*i.box.Min.X:4*i.box.Max.X], i.tint.plain)
			}
			continue
		}
		within, bands := b.mask(i.clip), j.bands(i.box)
		b.raster.begin(i.box, b.from, b.to)
		i.trace(b.from, b.to, bands, &j.lines, &b.lines, b.raster.polygon)
		b.tint(j, i, within)
		i.painted(bands, &j.lines)
		if b.raster.dead {
			return false
		}
	}
	return true
}

// row is a row of the picture.
func (b *band) row(y int) []byte { return b.pix[4*b.w*(y-b.from) : 4*b.w*(y-b.from+1)] }

// tint mixes what was rasterised of an item into the band, within a clip's
// mask.
func (b *band) tint(j *job, i *item, within []uint8) {
	shade, ok := i.tint.shader(j)
	if !ok {
		b.raster.dead = true
		return
	}
	if within == nil {
		b.raster.spans(i.evenOdd, func(y int, spans []span) {
			row := b.row(y)
			for _, s := range spans {
				shade(int(s.x), y, row[4*s.x:4*(s.x+s.n)], s.cover)
			}
		})
		return
	}
	box := i.clip.box
	b.raster.spans(i.evenOdd, func(y int, spans []span) {
		row := b.row(y)
		counts := within[(y-max(box.Min.Y, b.from))*box.Dx():][:box.Dx()]
		for _, s := range spans {
			for x, end := int(s.x)-box.Min.X, int(s.x+s.n)-box.Min.X; x < end; {
				k, from := counts[x], x
				for x < end && counts[x] == k {
					x++
				}
				if both := times(s.cover, k); both > 0 {
					shade(box.Min.X+from, y, row[4*(box.Min.X+from):4*(box.Min.X+x)], both)
				}
			}
		}
	})
}

// times is a part of a part, of 255.
func times(a, b uint8) uint8 { return uint8((uint32(a)*uint32(b) + 127) / 255) }

// mask is what counts of a clip's box in this band; nil counts all.
func (b *band) mask(c *clipping) []uint8 {
	if !c.partly {
		return nil
	}
	outer := b.mask(c.outer)
	for len(b.masks) <= c.depth {
		b.masks = append(b.masks, mask{})
	}
	m := &b.masks[c.depth]
	if m.of == c {
		return m.cover
	}
	top := max(c.box.Min.Y, b.from)
	size := c.box.Dx() * (min(c.box.Max.Y, b.to) - top)
	if cap(m.cover) < size {
		m.cover = make([]uint8, size)
	}
	m.of, m.cover = c, m.cover[:size]
	clear(m.cover)
	b.raster.begin(c.box, b.from, b.to)
	outline(c.path, c.m, &b.lines, b.raster.polygon)
	b.raster.spans(c.evenOdd, func(y int, spans []span) {
		row := m.cover[(y-top)*c.box.Dx():][:c.box.Dx()]
		for _, s := range spans {
			from := int(s.x) - c.box.Min.X
			for i := range int(s.n) {
				row[from+i] = s.cover
			}
		}
		if outer == nil {
			return
		}
		first := (y-max(c.outer.box.Min.Y, b.from))*c.outer.box.Dx() + c.box.Min.X - c.outer.box.Min.X
		for i, k := range outer[first : first+len(row)] {
			row[i] = times(row[i], k)
		}
	})
	return m.cover
}
