package draw

import (
	"image"
	"math"
	"math/bits"
)

// A raster finds how much of each pixel a shape covers. Every edge adds its
// signed area to the cells that it crosses; the sum over a row from the left
// is the winding at a pixel, in parts. The method is that of font-rs
// (https://github.com/raphlinus/font-rs), with the touched cells of every row
// remembered, so that a shape costs what its edges touch, not its box.
//
// It does so for some rows of the shape's box at a time, and a row comes out the
// same whichever they are.
type raster struct {
	box    image.Rectangle // pixels that count
	lo, hi int             // rows that are looked at, from the top of the box
	stride int             // cells of a row
	words  int             // of a row's marks
	cells  []float32       // zero between shapes
	marks  []uint64        // a bit for each cell that was touched; zero between shapes
	runs   []span
	ended  func() bool
	edges  int  // since ended was asked
	dead   bool // it said yes: nothing more is drawn
}

// A span is some pixels of a row that are covered alike.
type span struct {
	x, n  int32
	cover uint8
}

// begin makes room for those rows of a shape within a box that lie from one row
// of the picture to another.
func (r *raster) begin(box image.Rectangle, from, to int) {
	r.box = box
	r.lo, r.hi = max(from, box.Min.Y)-box.Min.Y, min(to, box.Max.Y)-box.Min.Y
	r.stride = box.Dx() + 2
	r.words = (r.stride + 63) / 64
	if need := r.stride * (r.hi - r.lo); len(r.cells) < need {
		r.cells = make([]float32, need)
	}
	if need := r.words * (r.hi - r.lo); len(r.marks) < need {
		r.marks = make([]uint64, need)
	}
}

// polygon adds a closed line, in pixels of the picture.
func (r *raster) polygon(line []point) {
	if len(line) < 2 || r.dead {
		return
	}
	if r.edges += len(line); r.edges > 4096 {
		if r.edges, r.dead = 0, r.ended(); r.dead {
			return
		}
	}
	ox, oy := float64(r.box.Min.X), float64(r.box.Min.Y)
	top, bottom := float64(r.lo), float64(r.hi)
	last := line[len(line)-1]
	x0, y0 := last.x-ox, last.y-oy
	for _, p := range line {
		x1, y1 := p.x-ox, p.y-oy
		switch {
		case y0 < y1:
			if y1 > top && y0 < bottom {
				r.edge(x0, y0, x1, y1, 1)
			}
		case y1 < y0:
			if y0 > top && y1 < bottom {
				r.edge(x1, y1, x0, y0, -1)
			}
		}
		x0, y0 = x1, y1
	}
}

// edge adds an edge that falls from (x0, y0) to (x1, y1), which is lower, and
// lies at least in part in the rows that are looked at.
func (r *raster) edge(x0, y0, x1, y1, sign float64) {
	if !(math.Abs(x0)+math.Abs(x1)+math.Abs(y0)+math.Abs(y1) < 1e12) {
		return // beyond all reason
	}
	slope := (x1 - x0) / (y1 - y0)
	if y0 < 0 {
		x0, y0 = x0-y0*slope, 0
	}
	if bottom := float64(r.box.Dy()); y1 > bottom {
		y1 = bottom
	}
	x, y, w := x0, int(y0), float64(r.box.Dx())
	at := y0
	if y < r.lo { // step by step as ever, for a row to be the same in every band
		x += slope * (float64(y+1) - y0)
		for y++; y < r.lo; y++ {
			x += slope
		}
		at = float64(y)
	}
	for ; y < r.hi && at < y1; y++ {
		below := float64(y + 1)
		if below > y1 {
			below = y1
		}
		dy := below - at
		next := x + slope*dy
		if next < x {
			r.row(y-r.lo, next, x, dy*sign, w)
		} else {
			r.row(y-r.lo, x, next, dy*sign, w)
		}
		x, at = next, below
	}
}

// row adds the part of an edge that lies in one row, between two xs, while it
// falls by d rows.
func (r *raster) row(y int, xa, xb, d, w float64) {
	if xa >= w {
		return // what is right of the box covers nothing in it
	}
	cells := r.cells[y*r.stride : (y+1)*r.stride]
	marks := r.marks[y*r.words : (y+1)*r.words]
	if xa < 0 || xb > w {
		if xb <= 0 {
			cells[0] += float32(d)
			marks[0] |= 1
			return
		}
		whole := xb - xa
		if xa < 0 {
			left := d * -xa / whole
			cells[0] += float32(left)
			marks[0] |= 1
		}
		a, b := max(0, xa), min(w, xb)
		d *= (b - a) / whole
		xa, xb = a, b
	}
	first := int(xa)
	if xb <= float64(first+1) { // within one pixel
		right := (xa+xb)/2 - float64(first)
		two := cells[first : first+2 : first+2]
		two[0] += float32(d * (1 - right))
		two[1] += float32(d * right)
		marks[first>>6] |= 1 << (first & 63)
		marks[(first+1)>>6] |= 1 << ((first + 1) & 63)
		return
	}
	end := int(math.Ceil(xb))
	for i := first; i <= end; i++ {
		marks[i>>6] |= 1 << (i & 63)
	}
	s := 1 / (xb - xa)
	in := 1 - (xa - float64(first))
	out := xb - float64(end-1)
	head, tail := s*in*in/2, s*out*out/2
	cells[first] += float32(d * head)
	if end == first+2 {
		cells[first+1] += float32(d * (1 - head - tail))
	} else {
		second := s * (in + 0.5)
		cells[first+1] += float32(d * (second - head))
		for i := first + 2; i < end-1; i++ {
			cells[i] += float32(d * s)
		}
		third := second + float64(end-first-3)*s
		cells[end-1] += float32(d * (1 - third - tail))
	}
	cells[end] += float32(d * tail)
}

// spans hands out the covered pixels of each row of the picture, from left to
// right. It leaves the cells empty.
func (r *raster) spans(evenOdd bool, out func(y int, spans []span)) {
	w := r.box.Dx()
	for y := range r.hi - r.lo {
		cells := r.cells[y*r.stride : (y+1)*r.stride]
		marks := r.marks[y*r.words : (y+1)*r.words]
		runs := r.runs[:0]
		sum := float32(0)
		at, now := 0, uint8(0) // what the pixels from at on are covered with
		for k, word := range marks {
			if word == 0 {
				continue
			}
			marks[k] = 0
			for ; word != 0; word &= word - 1 {
				x := k<<6 + bits.TrailingZeros64(word)
				c := cells[x]
				if c == 0 {
					continue
				}
				cells[x] = 0
				if x >= w {
					continue
				}
				sum += c
				next := covered(sum, evenOdd)
				if next == now {
					continue
				}
				if now > 0 {
					runs = append(runs, span{int32(r.box.Min.X + at), int32(x - at), now})
				}
				at, now = x, next
			}
		}
		if now > 0 && at < w {
			runs = append(runs, span{int32(r.box.Min.X + at), int32(w - at), now})
		}
		if r.runs = runs; len(runs) > 0 {
			out(r.box.Min.Y+r.lo+y, runs)
		}
	}
}

func covered(winding float32, evenOdd bool) uint8 {
	if winding < 0 {
		winding = -winding
	}
	if evenOdd {
		winding = float32(math.Mod(float64(winding), 2))
		if winding > 1 {
			winding = 2 - winding
		}
	}
	if winding >= 1 {
		return 255
	}
	return uint8(winding*255 + 0.5)
}
