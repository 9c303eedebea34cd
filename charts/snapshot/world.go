package snapshot

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"sync"
)

// The shapes of the world are for screens of all sizes. A picture has one size,
// and most of their points fall into the same pixels of it: they are left out
// before the engine sees them.

// cell is the side of the squares, in pixels, of which each keeps one point.
const cell = 0.5

// maxClasses bounds the sizes for which shapes are kept, at up to 500 kB each.
const maxClasses = 6

// atlas gives the world for the sizes of pictures.
type atlas struct {
	source []byte

	mu      sync.Mutex
	classes map[int]*shapes
}

// shapes are the world for one class of sizes.
type shapes struct {
	json string // GeoJSON
}

type position [2]float64 // longitude and latitude in degrees

type ring = []position

type feature struct {
	Properties struct {
		Name string `json:"name"`
	} `json:"properties"`
	Geometry struct {
		Coordinates [][]ring `json:"coordinates"` // of a MultiPolygon
	} `json:"geometry"`
}

func newAtlas(source []byte) *atlas { return &atlas{source: source, classes: map[int]*shapes{}} }

// at gives the world as a picture needs it.
func (a *atlas) at(pic Picture) (*shapes, error) {
	class := sizeClass(pic)
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.classes[class]; s != nil {
		return s, nil
	}
	var world struct {
		Features []feature `json:"features"`
	}
	if err := json.Unmarshal(a.source, &world); err != nil {
		return nil, fmt.Errorf("read the world map: %w", err)
	}
	if len(a.classes) >= maxClasses {
		clear(a.classes)
	}
	s := &shapes{json: simplified(world.Features, cell/classScale(class))}
	a.classes[class] = s
	return s, nil
}

// The projected world is about this large, in projected degrees.
const (
	worldWidth  = 310.0
	worldHeight = 130.0
)

// sizeClass rounds a picture's scale up, in steps of √2, so that few sizes of
// the world are made, and none is too coarse.
func sizeClass(pic Picture) int {
	scale := min(float64(pic.Width)/worldWidth, float64(pic.Height)/worldHeight) * pic.Scale
	return int(math.Ceil(2 * math.Log2(scale)))
}

// classScale is the scale of a class, in pixels per projected degree.
func classScale(class int) float64 { return math.Exp2(float64(class) / 2) }

// simplified writes the world with one point in each square of a grid over the
// projected plane. The first point that falls into a square stands for all
// others there, whichever country they are of: neighbours keep their common
// border. Rings that shrink to a line go, but each country keeps its largest.
func simplified(world []feature, side float64) string {
	g := grid{side: side, kept: map[[2]int32]position{}}
	b := []byte(`{"type":"FeatureCollection","features":[`)
	for i, f := range world {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"type":"Feature","properties":{"name":`...)
		b = strconv.AppendQuote(b, f.Properties.Name) // a code of two letters
		b = append(b, `},"geometry":{"type":"MultiPolygon","coordinates":[`...)
		polygons := g.polygons(f.Geometry.Coordinates)
		for j, p := range polygons {
			if j > 0 {
				b = append(b, ',')
			}
			b = appendPolygon(b, p)
		}
		b = append(b, `]}}`...)
	}
	return string(append(b, `]}`...))
}

func appendPolygon(b []byte, rings []ring) []byte {
	b = append(b, '[')
	for i, r := range rings {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for j, p := range r {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(b, '[')
			b = strconv.AppendFloat(b, p[0], 'f', -1, 64)
			b = append(b, ',')
			b = strconv.AppendFloat(b, p[1], 'f', -1, 64)
			b = append(b, ']')
		}
		b = append(b, ']')
	}
	return append(b, ']')
}

type grid struct {
	side float64 // projected degrees
	kept map[[2]int32]position
}

// polygons simplifies a country.
func (g grid) polygons(all [][]ring) [][]ring {
	var out [][]ring
	largest, size := -1, 0.0
	for i, p := range all {
		if len(p) == 0 {
			continue
		}
		if a := extent(p[0]); a > size {
			largest, size = i, a
		}
		outer := g.ring(p[0])
		if outer == nil {
			continue
		}
		rings := []ring{outer}
		for _, hole := range p[1:] {
			if h := g.ring(hole); h != nil {
				rings = append(rings, h)
			}
		}
		out = append(out, rings)
	}
	if out == nil && largest >= 0 {
		return [][]ring{{all[largest][0]}}
	}
	return out
}

// ring simplifies a ring; it is nil where nothing of it is left to see.
func (g grid) ring(r ring) ring {
	out := make(ring, 0, len(r)/2)
	for _, p := range r {
		x, y := project(p)
		square := [2]int32{int32(math.Floor(x / g.side)), int32(math.Floor(y / g.side))}
		kept, ok := g.kept[square]
		if !ok {
			kept = p
			g.kept[square] = p
		}
		switch n := len(out); {
		case n > 0 && out[n-1] == kept:
		case n > 1 && out[n-2] == kept:
			out = out[:n-1] // there and back again
		default:
			out = append(out, kept)
		}
	}
	if len(out) > 1 && out[0] == out[len(out)-1] {
		out = out[:len(out)-1]
	}
	if len(out) < 3 {
		return nil
	}
	return append(out, out[0])
}

// extent is the area of the box around a ring, in square degrees.
func extent(r ring) float64 {
	low, high := r[0], r[0]
	for _, p := range r {
		for i := range p {
			low[i], high[i] = min(low[i], p[i]), max(high[i], p[i])
		}
	}
	return (high[0] - low[0]) * (high[1] - low[1])
}

// project is the projection of the page, static/src/projection.js: Equal Earth
// (Šavrič, Patterson and Jenny, 2018).
func project(p position) (x, y float64) {
	const a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
	const radian = math.Pi / 180
	m := math.Sqrt(3) / 2
	t := math.Asin(m * math.Sin(p[1]*radian))
	t2 := t * t
	t6 := t2 * t2 * t2
	x = p[0] * math.Cos(t) / (m * (a1 + 3*a2*t2 + t6*(7*a3+9*a4*t2)))
	return x, t * (a1 + a2*t2 + t6*(a3+a4*t2)) / radian
}
