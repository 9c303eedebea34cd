package snapshot

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
)

// The shapes of the world are for screens of all sizes. A picture has one size,
// and most of their points make no difference to its pixels: they are left out
// before the engine sees them.

// tolerance is how far a line may be drawn from where it runs, in pixels.
const tolerance = 0.5

// maxClasses bounds the sizes for which shapes are kept, at up to 1 MB each.
const maxClasses = 6

// atlas gives the world for the sizes of pictures.
type atlas struct {
	source []byte

	mu      sync.Mutex
	classes map[int]*shapes
}

// shapes are the world for one class of sizes, on the plane.
type shapes struct {
	frames   string // JSON: [code, x, y, x, y] of each country, from large to small
	outlines map[string][]outline
	size     int // bytes that the outlines take in a picture, about
}

// outline is a ring on the plane, y southwards; its last point is not the first
// again.
type outline [][2]float64

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
	s := simplified(world.Features, tolerance/classScale(class))
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

// simplified gives the world without the points that nobody would see: those
// nearer to the line without them than some distance, in projected degrees.
// Rings that shrink to a speck go too, but each country keeps its largest.
func simplified(world []feature, distance float64) *shapes {
	t := newThinner(world, distance)
	s := &shapes{outlines: make(map[string][]outline, len(world))}
	frames := []byte{'['}
	for i, f := range world {
		var rings []outline
		west, north, east, south := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
		for _, polygon := range t.polygons(f.Geometry.Coordinates) {
			for _, r := range polygon {
				o := make(outline, len(r)-1)
				for k := range o {
					x, y := project(r[k])
					o[k] = [2]float64{x, -y}
				}
				rings = append(rings, o)
			}
		}
		// The box is of all that the country has, or the map would be laid out
		// otherwise than a page's, which leaves nothing out.
		for _, polygon := range f.Geometry.Coordinates {
			for _, r := range polygon {
				for _, at := range r {
					x, y := project(at)
					west, north, east, south = min(west, x), min(north, -y), max(east, x), max(south, -y)
				}
			}
		}
		s.outlines[f.Properties.Name] = rings
		s.size += 64 // for the element
		for _, o := range rings {
			s.size += 12 * len(o)
		}
		if i > 0 {
			frames = append(frames, ',')
		}
		frames = append(frames, '[')
		frames = strconv.AppendQuote(frames, f.Properties.Name) // a code of two letters
		for _, n := range []float64{west, north, east, south} {
			frames = append(frames, ',')
			frames = strconv.AppendFloat(frames, n, 'f', -1, 64)
		}
		frames = append(frames, ']')
	}
	s.frames = string(append(frames, ']'))
	return s
}

// place is how the script says where outlines belong: in the path of an element
// for all of them, their codes, and the four numbers of path. No text in a
// picture holds its last character.
const place = "<path d=\"\x01"

// fill puts the outlines into a picture, each as an element of its own.
func (s *shapes) fill(svg string) ([]byte, error) {
	out := make([]byte, 0, len(svg)+s.size)
	for {
		before, rest, found := strings.Cut(svg, place)
		if out = append(out, before...); !found {
			return out, nil
		}
		said, rest, _ := strings.Cut(rest, `"`)
		look, rest, _ := strings.Cut(rest, "/>")
		svg = rest
		fields := strings.Split(said, " ") // one land has no code
		codes := fields[:max(0, len(fields)-4)]
		var k [4]float64
		for i, field := range fields[len(codes):] {
			var err error
			if k[i], err = strconv.ParseFloat(field, 64); err != nil {
				return nil, fmt.Errorf("place a country on the map: %w", err)
			}
		}
		for i, code := range codes {
			if i > 0 {
				out = append(out, '\n')
			}
			out = append(out, `<path d="`...)
			var err error
			if out, err = s.path(out, code, k[0], k[1], k[2], k[3]); err != nil {
				return nil, err
			}
			out = append(append(append(out, '"'), look...), "/>"...)
		}
	}
}

// path draws a country: each x of the plane at kx·x + dx, and each y likewise,
// in tenths of a pixel, as ECharts rounds.
func (s *shapes) path(b []byte, code string, kx, dx, ky, dy float64) ([]byte, error) {
	for _, k := range []float64{kx, dx, ky, dy} {
		if !(math.Abs(k) < maxPlace) { // NaN too
			return nil, fmt.Errorf("the map would be drawn at %v·x + %v and %v·y + %v", kx, dx, ky, dy)
		}
	}
	for _, o := range s.outlines[code] {
		var lastX, lastY int64
		for i, p := range o {
			x, y := int64(math.Floor((kx*p[0]+dx)*10+0.5)), int64(math.Floor((ky*p[1]+dy)*10+0.5))
			switch {
			case i == 0:
				b = append(tenths(append(tenths(append(b, 'M'), x), ' '), y), 'l')
			case x == lastX && y == lastY && i > 1:
				continue
			default:
				if i > 1 {
					b = append(b, ' ')
				}
				b = tenths(append(tenths(b, x-lastX), ' '), y-lastY)
			}
			lastX, lastY = x, y
		}
		b = append(b, 'Z')
	}
	return b, nil
}

// maxPlace is beyond what any picture has, in pixels.
const maxPlace = 1e6

// tenths writes a number of tenths.
func tenths(b []byte, n int64) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/10, 10)
	if n%10 != 0 {
		b = append(b, '.', byte('0'+n%10))
	}
	return b
}
