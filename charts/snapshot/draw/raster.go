package draw

import (
	"image"
	"math"
	"math/bits"
)

// A raster finds how much of each pixel a shape covers. Every edge adds its
// signed area to the cells that it crosses; the sum over a row from the left
// is the winding at a pixel, in parts. The method is that of font-rs
// (https://github.com/raphlinus/font-rs), with the touched part of every row
// remembered, so that a thin line costs what it touches, not its box.
type raster struct {
	box    image.Rectangle // pixels that count
	stride int
	cells  []float32 // zero between shapes
	most   int       // how many of them the whole picture would have
	from   []int32   // first touched cell of each row
	to     []int32   // behind the last
	ended  func() bool
	edges  int  // since ended was asked
	dead   bool // it said yes: nothing more is drawn
}

// begin makes room for a shape within a box.
func (r *raster) begin(box image.Rectangle) {
	r.box = box
	r.stride = box.Dx() + 2
	if need := r.stride * box.Dy(); len(r.cells) < need {
		r.cells = nil
		r.cells = make([]float32, max(need, min(r.most, 1<<bits.Len(uint(need))))) // the next may need more
	}
	if h := box.Dy(); len(r.from) < h {
		r.from, r.to = make([]int32, h), make([]int32, h)
	}
	for y := range box.Dy() {
		r.from[y], r.to[y] = math.MaxInt32, 0
	}
}

// polygon adds a closed line, in pixels of the picture.
func (r *raster) polygon(line []point) {
	if len(line) < 2 || r.dead {
		return
	}
	ox, oy := float64(r.box.Min.X), float64(r.box.Min.Y)
	last := line[len(line)-1]
	for _, p := range line {
		if r.edges++; r.edges > 4096 {
			if r.edges, r.dead = 0, r.ended(); r.dead {
				return
			}
		}
		r.edge(last.x-ox, last.y-oy, p.x-ox, p.y-oy)
		last = p
	}
}

func (r *raster) edge(x0, y0, x1, y1 float64) {
	if y0 == y1 {
		return
	}
	sign := 1.0
	if y0 > y1 {
		x0, y0, x1, y1 = x1, y1, x0, y0
		sign = -1
	}
	w, h := float64(r.box.Dx()), float64(r.box.Dy())
	if y1 <= 0 || y0 >= h || !(math.Abs(x0)+math.Abs(x1)+math.Abs(y0)+math.Abs(y1) < 1e12) {
		return // above, below, or beyond all reason
	}
	slope := (x1 - x0) / (y1 - y0)
	if y0 < 0 {
		x0, y0 = x0-y0*slope, 0
	}
	y1 = min(y1, h)
	x := x0
	for y := int(y0); y < r.box.Dy() && float64(y) < y1; y++ {
		dy := min(float64(y+1), y1) - max(float64(y), y0)
		next := x + slope*dy
		r.row(y, x, next, dy*sign, w)
		x = next
	}
}

// row adds the part of an edge that lies in one row: it goes from x to another
// x while it falls by d rows.
func (r *raster) row(y int, xa, xb, d, w float64) {
	if xa > xb {
		xa, xb = xb, xa
	}
	if xa >= w {
		return // what is right of the box covers nothing in it
	}
	cells := r.cells[y*r.stride : (y+1)*r.stride]
	if xb <= 0 {
		cells[0] += float32(d)
		r.touch(y, 0, 1)
		return
	}
	if xa < 0 || xb > w {
		whole := xb - xa
		if xa < 0 {
			left := d * -xa / whole
			cells[0] += float32(left)
			r.touch(y, 0, 1)
		}
		a, b := max(0, xa), min(w, xb)
		d *= (b - a) / whole
		xa, xb = a, b
	}
	first, end := int(xa), int(math.Ceil(xb))
	r.touch(y, first, max(end, first+1)+1)
	if end <= first+1 { // within one pixel
		right := (xa+xb)/2 - float64(first)
		cells[first] += float32(d * (1 - right))
		cells[first+1] += float32(d * right)
		return
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

func (r *raster) touch(y, from, to int) {
	r.from[y], r.to[y] = min(r.from[y], int32(from)), max(r.to[y], int32(to))
}

// spans hands out the covered pixels of each row, from left to right: a run of
// pixels with the coverage of each, 0…255. It leaves the cells empty.
func (r *raster) spans(evenOdd bool, row []uint8, out func(x, y int, cover []uint8)) {
	w := r.box.Dx()
	for y := range r.box.Dy() {
		from, to := int(r.from[y]), int(r.to[y])
		if from >= to {
			continue
		}
		cells := r.cells[y*r.stride : (y+1)*r.stride]
		sum := float32(0)
		var now uint8
		for x := from; x < to; {
			if c := cells[x]; c != 0 {
				sum += c
				cells[x] = 0
				now = covered(sum, evenOdd)
			}
			row[x] = now
			x++
			run := x
			for run < to && cells[run] == 0 {
				run++
			}
			alike(row[x:run], now)
			x = run
		}
		end := min(to, w)
		if now > 0 && to < w { // the edge that ends it lies right of the box
			alike(row[to:w], now)
			end = w
		}
		if end > from {
			out(r.box.Min.X+from, r.box.Min.Y+y, row[from:end])
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

// alike makes all of a row one cover.
func alike(row []uint8, cover uint8) {
	if cover == 0 {
		clear(row)
		return
	}
	if len(row) == 0 {
		return
	}
	row[0] = cover
	for done := 1; done < len(row); done *= 2 {
		copy(row[done:], row[:done])
	}
}
