package draw

import (
	"image/color"
	"math"
	"sync"
)

// A tileSize is of a pattern's tile in pixels.
type tileSize struct {
	of   *pattern
	w, h int
}

// tile is the size of a pattern's tile where the pattern is mapped so: twice as
// fine as the picture.
func (p *pattern) tile(all matrix) tileSize {
	fine := func(size, dx, dy float64) int {
		return int(max(1, min(maxTile, math.Ceil(2*size*math.Hypot(dx, dy)))))
	}
	return tileSize{p, fine(p.w, all.a, all.b), fine(p.h, all.c, all.d)}
}

// grow maps the pattern's units to a tile's pixels.
func (p *pattern) grow(t tileSize) matrix {
	return matrix{a: float64(t.w) / p.w, d: float64(t.h) / p.h}
}

// A tile is a pattern's, drawn: its pixels row after row, premultiplied.
type tile struct{ pix []color.RGBA }

// tiles are drawn when they are first needed.
type tiles struct {
	mu     sync.Mutex
	drawn  map[tileSize]*tile
	pixels int
}

// get is nil when the job ended before the tile was drawn.
func (t *tiles) get(size tileSize, ended func() bool) *tile {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known := t.drawn[size]; known != nil {
		return known
	}
	c := newCanvas(size.w, size.h)
	for _, s := range size.of.shapes {
		c.shape(s, size.of.grow(size))
	}
	var b band
	if !b.paint(&job{canvas: c, rows: size.h, ended: ended}, 0) {
		return nil
	}
	made := &tile{make([]color.RGBA, size.w*size.h)}
	for i := range made.pix {
		made.pix[i] = color.RGBA{b.pix[4*i], b.pix[4*i+1], b.pix[4*i+2], b.pix[4*i+3]}
	}
	if t.pixels += len(made.pix); t.drawn == nil || t.pixels > keptTiles {
		t.drawn, t.pixels = map[tileSize]*tile{}, len(made.pix)
	}
	t.drawn[size] = made
	return made
}
