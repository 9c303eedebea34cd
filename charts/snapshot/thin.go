package snapshot

import "math"

// thinner leaves points out of rings, by the algorithm of Ramer (1972), Douglas
// and Peucker (1973). Where countries meet, each of them has the border in its
// ring: rings are taken apart where borders begin and end, so that both sides
// keep the same points, and no gap opens.
type thinner struct {
	distance float64 // projected degrees
	sides    map[position][2]position
	corners  map[position]bool
}

func newThinner(world []feature, distance float64) thinner {
	t := thinner{distance, map[position][2]position{}, map[position]bool{}}
	for _, f := range world {
		for _, p := range f.Geometry.Coordinates {
			for _, r := range p {
				t.learn(r)
			}
		}
	}
	return t
}

// learn finds corners: points that have other neighbours in another ring.
func (t thinner) learn(r ring) {
	n := len(r) - 1 // the last point is the first again
	for i := range n {
		before, after := r[(i+n-1)%n], r[(i+1)%n]
		sides, seen := t.sides[r[i]]
		switch {
		case !seen:
			t.sides[r[i]] = [2]position{before, after}
		case sides != [2]position{before, after} && sides != [2]position{after, before}:
			t.corners[r[i]] = true
		}
	}
}

// polygons thins a country.
func (t thinner) polygons(all [][]ring) [][]ring {
	var out [][]ring
	largest, size := -1, 0.0
	for i, p := range all {
		if len(p) == 0 || len(p[0]) < 4 {
			continue
		}
		if a := extent(p[0]); a > size {
			largest, size = i, a
		}
		outer := t.ring(p[0])
		if outer == nil {
			continue
		}
		rings := []ring{outer}
		for _, hole := range p[1:] {
			if h := t.ring(hole); h != nil {
				rings = append(rings, h)
			}
		}
		out = append(out, rings)
	}
	if out == nil && largest >= 0 {
		return [][]ring{{few(all[largest][0])}}
	}
	return out
}

// few gives a ring of nine points at most: a dot, whatever it was.
func few(r ring) ring {
	n := len(r) - 1
	step := max(1, (n+7)/8)
	out := make(ring, 0, 9)
	for i := 0; i < n; i += step {
		out = append(out, r[i])
	}
	return append(out, out[0])
}

// ring thins a ring; it is nil where nothing of it is left to see.
func (t thinner) ring(r ring) ring {
	n := len(r) - 1
	if n < 3 {
		return nil
	}
	first := 0
	for first < n && !t.corners[r[first]] {
		first++
	}
	// Begun at a corner, or as an island, at a point that is always the same.
	turned := make(ring, 0, n+1)
	for i := range n + 1 {
		turned = append(turned, r[(first%n+i)%n])
	}
	flat := make([][2]float64, len(turned))
	for i, p := range turned {
		flat[i][0], flat[i][1] = project(p)
	}
	keep := make([]bool, len(turned))
	keep[0], keep[n] = true, true
	from := 0
	for i := 1; i <= n; i++ {
		if i < n && !t.corners[turned[i]] {
			continue
		}
		keep[i] = true
		if from == 0 && i == n { // a loop: its two ends are one point
			far := farthest(flat)
			keep[far] = true
			t.line(flat, keep, 0, far)
			t.line(flat, keep, far, n)
		} else {
			t.line(flat, keep, from, i)
		}
		from = i
	}
	out := make(ring, 0, n/2)
	for i, p := range turned {
		if keep[i] {
			out = append(out, p)
		}
	}
	if len(out) < 4 || t.speck(flat, keep) {
		return nil
	}
	return out
}

// line marks the points between two that are needed.
func (t thinner) line(flat [][2]float64, keep []bool, from, to int) {
	for to-from > 1 {
		far, most := 0, t.distance
		for i := from + 1; i < to; i++ {
			if d := away(flat[i], flat[from], flat[to]); d > most {
				far, most = i, d
			}
		}
		if far == 0 {
			return
		}
		keep[far] = true
		t.line(flat, keep, from, far)
		from = far
	}
}

// speck tells whether a ring is smaller than a pixel would show: five times
// the distance squared.
func (t thinner) speck(flat [][2]float64, keep []bool) bool {
	var twice float64
	last := -1
	for i, k := range keep {
		if !k {
			continue
		}
		if last >= 0 {
			twice += flat[last][0]*flat[i][1] - flat[i][0]*flat[last][1]
		}
		last = i
	}
	return math.Abs(twice)/2 < 5*t.distance*t.distance
}

// farthest is the point that is farthest from the first.
func farthest(flat [][2]float64) int {
	far, most := 0, -1.0
	for i, p := range flat {
		if d := math.Hypot(p[0]-flat[0][0], p[1]-flat[0][1]); d > most {
			far, most = i, d
		}
	}
	return far
}

// away is the distance of a point from the line between two others.
func away(p, a, b [2]float64) float64 {
	x, y := b[0]-a[0], b[1]-a[1]
	px, py := p[0]-a[0], p[1]-a[1]
	along := 0.0
	if length := x*x + y*y; length > 0 {
		along = max(0, min(1, (px*x+py*y)/length))
	}
	return math.Hypot(px-along*x, py-along*y)
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
