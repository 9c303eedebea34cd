package draw

import (
	"image"
	"math"
	"sync"
	"sync/atomic"
)

// An item is one thing to paint: a fill or, with a pen, a stroke. Those who
// paint different bands of it may do so at once.
type item struct {
	box     image.Rectangle // pixels that it may touch
	clip    *clipping
	tint    tint
	flood   bool // all of the box, along the edges of pixels
	path    path
	m       matrix
	evenOdd bool
	pen     *pen

	mu    sync.Mutex
	tried bool // whether lines are kept is decided
	lines *polygons
	done  int // bands that are painted
}

// polygons are closed lines, in pixels.
type polygons struct {
	pts   []point
	lines []reach
}

// A reach is where a line ends in the points of all, and rows between which it
// lies.
type reach struct {
	end         int32
	top, bottom float32
}

func (p *polygons) add(line []point) {
	top, bottom := math.Inf(1), math.Inf(-1)
	for _, a := range line {
		if a.y < top {
			top = a.y
		}
		if a.y > bottom {
			bottom = a.y
		}
	}
	p.pts = append(p.pts, line...)
	p.lines = append(p.lines, reach{int32(len(p.pts)), float32(top) - 1, float32(bottom) + 1}) // more than what rounding changes
}

// A keeper bounds the lines that are kept from one band to the next, in all
// items of a picture together. Beyond, they are made anew for each band.
type keeper struct {
	most   int // points
	points atomic.Int64
	spare  *tools
}

// trace hands out what an item's path encloses, or its stroke covers, as closed
// lines, as far as they are needed from one row to another. Lines of items that
// lie in several bands are kept until the last of them.
func (i *item) trace(from, to, bands int, k *keeper, scratch *polylines, out func(line []point)) {
	if bands == 1 {
		i.outline(scratch, out)
		return
	}
	kept := i.keep(k, scratch)
	if kept == nil {
		i.outline(scratch, out)
		return
	}
	at := int32(0)
	for _, l := range kept.lines {
		if !(l.top >= float32(to) || l.bottom <= float32(from)) {
			out(kept.pts[at:l.end:l.end])
		}
		at = l.end
	}
}

// keep is the item's lines, made when they are first asked for; nil where there
// is no room for them.
func (i *item) keep(k *keeper, scratch *polylines) *polygons {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.tried {
		return i.lines
	}
	i.tried = true
	made := take(&k.spare.mu, &k.spare.lines)
	made.pts, made.lines = made.pts[:0], made.lines[:0]
	room, full := k.most-int(k.points.Load()), false
	i.outline(scratch, func(line []point) {
		if full = full || len(made.pts)+len(line) > room; !full {
			made.add(line)
		}
	})
	if full {
		return nil
	}
	k.points.Add(int64(len(made.pts)))
	i.lines = made
	return made
}

// painted says that one of so many bands has the item, and lets go of what
// nobody needs after the last.
func (i *item) painted(bands int, k *keeper) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.done++; i.done < bands {
		return
	}
	if i.lines != nil {
		k.points.Add(-int64(len(i.lines.pts)))
		put(&k.spare.mu, &k.spare.lines, i.lines)
	}
	i.lines, i.path = nil, path{}
}

func (i *item) outline(scratch *polylines, out func(line []point)) {
	if i.pen != nil {
		stroke(i.path, i.m, *i.pen, out)
		return
	}
	outline(i.path, i.m, scratch, out)
}

// outline hands out a path's lines, which are off by a tenth of a pixel.
func outline(p path, m matrix, scratch *polylines, out func(line []point)) {
	scratch.reset()
	scratch.add(p, m, 0.1)
	scratch.each(func(line []point, _ bool) { out(line) })
}
