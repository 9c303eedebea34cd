package snapshot

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"sync"
)

// The shapes of the world are for screens of all sizes. A picture has one size,
// and most of their points make no difference to its pixels: they are left out
// before the engine sees them.

// tolerance is how far a line may be drawn from where it runs, in pixels.
const tolerance = 0.5

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
	s := &shapes{json: simplified(world.Features, tolerance/classScale(class))}
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

// simplified writes the world without the points that nobody would see: those
// nearer to the line without them than some distance, in projected degrees.
// Rings that shrink to a speck go too, but each country keeps its largest.
func simplified(world []feature, distance float64) string {
	t := newThinner(world, distance)
	b := []byte(`{"type":"FeatureCollection","features":[`)
	for i, f := range world {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"type":"Feature","properties":{"name":`...)
		b = strconv.AppendQuote(b, f.Properties.Name) // a code of two letters
		b = append(b, `},"geometry":{"type":"MultiPolygon","coordinates":[`...)
		polygons := t.polygons(f.Geometry.Coordinates)
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
