package draw

import "math"

type point struct{ x, y float64 }

// matrix maps (x, y) to (a·x + c·y + e, b·x + d·y + f), as in SVG.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

// mul is the matrix that maps by n first, and by m then.
func (m matrix) mul(n matrix) matrix {
	return matrix{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b,
		m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

func (m matrix) apply(p point) point {
	return point{m.a*p.x + m.c*p.y + m.e, m.b*p.x + m.d*p.y + m.f}
}

func (m matrix) det() float64 { return m.a*m.d - m.b*m.c }

// scale is the factor by which lengths grow, on average.
func (m matrix) scale() float64 { return math.Sqrt(math.Abs(m.det())) }

// inverse is false for a matrix that makes everything flat.
func (m matrix) inverse() (matrix, bool) {
	det := m.det()
	if det == 0 || math.IsNaN(det) || math.IsInf(1/det, 0) {
		return matrix{}, false
	}
	i := 1 / det
	n := matrix{a: m.d * i, b: -m.b * i, c: -m.c * i, d: m.a * i}
	n.e, n.f = -(n.a*m.e + n.c*m.f), -(n.b*m.e + n.d*m.f)
	return n, true
}

func translate(x, y float64) matrix { return matrix{1, 0, 0, 1, x, y} }

// A path is a list of steps, each with the points that it needs.
type path struct {
	ops []byte // 'M' and 'L' with one point, 'C' with three, 'Z' with none
	pts []point
}

func (p *path) move(a point) { p.ops, p.pts = append(p.ops, 'M'), append(p.pts, a) }
func (p *path) line(a point) { p.ops, p.pts = append(p.ops, 'L'), append(p.pts, a) }
func (p *path) close()       { p.ops = append(p.ops, 'Z') }
func (p *path) cube(a, b, c point) {
	p.ops, p.pts = append(p.ops, 'C'), append(p.pts, a, b, c)
}

// quad adds a quadratic curve from a point to another.
func (p *path) quad(from, control, to point) {
	third := func(a, b point) point { return point{a.x + (b.x-a.x)*2/3, a.y + (b.y-a.y)*2/3} }
	p.cube(third(from, control), third(to, control), to)
}

// join adds another path, mapped.
func (p *path) join(q path, m matrix) {
	p.ops = append(p.ops, q.ops...)
	for _, a := range q.pts {
		p.pts = append(p.pts, m.apply(a))
	}
}

// rect adds a box with round corners of rx and ry.
func (p *path) rect(x, y, w, h, rx, ry float64) {
	rx, ry = min(rx, w/2), min(ry, h/2)
	if rx <= 0 || ry <= 0 {
		p.move(point{x, y})
		p.line(point{x + w, y})
		p.line(point{x + w, y + h})
		p.line(point{x, y + h})
		p.close()
		return
	}
	const k = 1 - circle
	p.move(point{x + rx, y})
	p.line(point{x + w - rx, y})
	p.cube(point{x + w - rx*k, y}, point{x + w, y + ry*k}, point{x + w, y + ry})
	p.line(point{x + w, y + h - ry})
	p.cube(point{x + w, y + h - ry*k}, point{x + w - rx*k, y + h}, point{x + w - rx, y + h})
	p.line(point{x + rx, y + h})
	p.cube(point{x + rx*k, y + h}, point{x, y + h - ry*k}, point{x, y + h - ry})
	p.line(point{x, y + ry})
	p.cube(point{x, y + ry*k}, point{x + rx*k, y}, point{x + rx, y})
	p.close()
}

// circle is how long the handles of a cubic curve are that looks like a
// quarter of a circle, in radii.
const circle = 0.5522847498

func (p *path) ellipse(cx, cy, rx, ry float64) {
	const k = circle
	p.move(point{cx + rx, cy})
	p.cube(point{cx + rx, cy + k*ry}, point{cx + k*rx, cy + ry}, point{cx, cy + ry})
	p.cube(point{cx - k*rx, cy + ry}, point{cx - rx, cy + k*ry}, point{cx - rx, cy})
	p.cube(point{cx - rx, cy - k*ry}, point{cx - k*rx, cy - ry}, point{cx, cy - ry})
	p.cube(point{cx + k*rx, cy - ry}, point{cx + rx, cy - k*ry}, point{cx + rx, cy})
	p.close()
}

// arc adds an elliptical arc: SVG 2, appendix B.2.4 and B.2.5.
func (p *path) arc(from point, rx, ry, degrees float64, large, sweep bool, to point) {
	rx, ry = math.Abs(rx), math.Abs(ry)
	if from == to {
		return
	}
	if rx == 0 || ry == 0 {
		p.line(to)
		return
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	dx, dy := (from.x-to.x)/2, (from.y-to.y)/2
	x1, y1 := cos*dx+sin*dy, -sin*dx+cos*dy
	if far := x1*x1/(rx*rx) + y1*y1/(ry*ry); far > 1 {
		rx, ry = rx*math.Sqrt(far), ry*math.Sqrt(far)
	}
	below := rx*rx*y1*y1 + ry*ry*x1*x1
	k := math.Sqrt(max(0, (rx*rx*ry*ry-below)/below))
	if large == sweep {
		k = -k
	}
	cx1, cy1 := k*rx*y1/ry, -k*ry*x1/rx
	cx, cy := cos*cx1-sin*cy1+(from.x+to.x)/2, sin*cx1+cos*cy1+(from.y+to.y)/2
	start := math.Atan2((y1-cy1)/ry, (x1-cx1)/rx)
	turn := math.Atan2((-y1-cy1)/ry, (-x1-cx1)/rx) - start
	if sweep && turn < 0 {
		turn += 2 * math.Pi
	} else if !sweep && turn > 0 {
		turn -= 2 * math.Pi
	}
	n := max(1, int(math.Ceil(math.Abs(turn)/(math.Pi/2)-1e-9)))
	step := turn / float64(n)
	handle := 4.0 / 3 * math.Tan(step/4)
	at := func(u, v float64) point { return point{cx + cos*rx*u - sin*ry*v, cy + sin*rx*u + cos*ry*v} }
	for i := range n {
		sa, ca := math.Sincos(start + float64(i)*step)
		sb, cb := math.Sincos(start + float64(i+1)*step)
		end := at(cb, sb)
		if i == n-1 {
			end = to
		}
		p.cube(at(ca-handle*sa, sa+handle*ca), at(cb+handle*sb, sb-handle*cb), end)
	}
}

// box is the smallest upright box around a path's points, mapped. It is false
// for an empty path.
func (p path) box(m matrix) (least, most point, ok bool) {
	least, most = point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, a := range p.pts {
		a = m.apply(a)
		least = point{min(least.x, a.x), min(least.y, a.y)}
		most = point{max(most.x, a.x), max(most.y, a.y)}
	}
	return least, most, len(p.pts) > 0
}

// bounds is the box of SVG's objectBoundingBox: curves count, not their handles.
func (p path) bounds() (least, most point, ok bool) {
	var lines polylines
	lines.add(p, identity, 0.05)
	return path{pts: lines.pts}.box(identity)
}

// polylines are paths without curves.
type polylines struct {
	pts    []point
	ends   []int  // where each line ends in pts
	closed []bool // for each line
}

func (l *polylines) reset() { l.pts, l.ends, l.closed = l.pts[:0], l.ends[:0], l.closed[:0] }

func (l *polylines) each(do func(line []point, closed bool)) {
	from := 0
	for i, end := range l.ends {
		if end > from {
			do(l.pts[from:end:end], l.closed[i])
		}
		from = end
	}
}

// add flattens a path, mapped; its curves are off by at most the tolerance.
func (l *polylines) add(p path, m matrix, tolerance float64) {
	var start, at point
	open := false
	end := func(closed bool) {
		if open {
			l.ends, l.closed = append(l.ends, len(l.pts)), append(l.closed, closed)
		}
		open = false
	}
	begin := func() {
		if !open {
			l.pts, open = append(l.pts, at), true
		}
	}
	i := 0
	for _, op := range p.ops {
		switch op {
		case 'M':
			end(false)
			at = m.apply(p.pts[i])
			start = at
			i++
			begin()
		case 'L':
			begin()
			at = m.apply(p.pts[i])
			l.pts = append(l.pts, at)
			i++
		case 'C':
			begin()
			b, c, d := m.apply(p.pts[i]), m.apply(p.pts[i+1]), m.apply(p.pts[i+2])
			l.cube(at, b, c, d, tolerance)
			at = d
			i += 3
		case 'Z':
			begin()
			end(true)
			at = start
		}
	}
	end(false)
}

func (l *polylines) cube(a, b, c, d point, tolerance float64) {
	bend := max(math.Hypot(a.x-2*b.x+c.x, a.y-2*b.y+c.y), math.Hypot(b.x-2*c.x+d.x, b.y-2*c.y+d.y))
	n := 1
	if steps := math.Ceil(math.Sqrt(0.75 * bend / tolerance)); steps > 1 {
		n = int(min(steps, 200))
	}
	for i := 1; i < n; i++ {
		t := float64(i) / float64(n)
		s := 1 - t
		u, v, w, z := s*s*s, 3*s*s*t, 3*s*t*t, t*t*t
		l.pts = append(l.pts, point{u*a.x + v*b.x + w*c.x + z*d.x, u*a.y + v*b.y + w*c.y + z*d.y})
	}
	l.pts = append(l.pts, d)
}
