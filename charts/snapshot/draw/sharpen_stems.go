package draw

import (
	"math"
	"sort"
)

// A stem is a bar across a letter, such as that of e: its lower and its upper
// edge, in em above the baseline.
type stem struct{ low, high float64 }

// stemsOf finds the bars of a glyph that end in no zone.
func (t *typesetter) stemsOf(g glyph, z zones) []stem {
	key := drawnGlyph{g.face, g.id}
	if known, ok := t.stems[key]; ok {
		return known
	}
	var stems []stem
	var lines polylines
	lines.add(t.outline(g), identity, 0.01)
	var rising, falling []float64 // heights of level edges that go right, and left
	lines.each(func(line []point, _ bool) {
		last := line[len(line)-1]
		for _, p := range line {
			if dx := p.x - last.x; math.Abs(dx) > 0.12 && math.Abs(p.y-last.y) < 0.01 {
				if dx > 0 {
					rising = append(rising, -p.y)
				} else {
					falling = append(falling, -p.y)
				}
			}
			last = p
		}
	})
	for _, a := range rising {
		for _, b := range falling {
			s := stem{min(a, b), max(a, b)}
			if thick := s.high - s.low; thick > 0.03 && thick < 0.16 && !z.near(s.low) && !z.near(s.high) {
				stems = append(stems, s)
			}
		}
	}
	sort.Slice(stems, func(i, j int) bool { return stems[i].low < stems[j].low })
	if len(t.stems) > 5_000 {
		clear(t.stems)
	}
	t.stems[key] = stems
	return stems
}

func (z zones) near(y float64) bool {
	for _, s := range z.list {
		if math.Abs(y-s.flat) < 0.025 || math.Abs(y-s.round) < 0.025 {
			return true
		}
	}
	return false
}

// with is the fit that puts bars on whole rows of pixels too, which are at
// least one row thick.
func (f fit) with(stems []stem, pixels float64) fit {
	if len(f.from) == 0 {
		return f
	}
	for _, s := range stems {
		low, high := f.apply(s.low)*pixels, f.apply(s.high)*pixels
		thick := max(1, high-low)
		low = math.Round((low+high-thick)/2) / pixels
		high = low + thick/pixels
		i := sort.SearchFloat64s(f.from, s.low)
		if i == 0 || i == len(f.from) || f.from[i] < s.high || low < f.to[i-1] || high > f.to[i] {
			continue // beyond the zones, or it would touch what lies beside it
		}
		f.from = insert(f.from, i, s.low, s.high)
		f.to = insert(f.to, i, low, high)
	}
	return f
}

func insert(list []float64, i int, a, b float64) []float64 {
	out := make([]float64, 0, len(list)+2)
	out = append(out, list[:i]...)
	out = append(out, a, b)
	return append(out, list[i:]...)
}
