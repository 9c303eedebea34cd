package draw

import "math"

// A stroker turns a line into convex pieces: a box for each segment, a wedge
// for each corner. All turn the same way, so that together they cover the
// stroke, however it crosses itself.
type stroker struct {
	pen   pen
	half  float64 // of the width
	m     matrix  // from user units, in which pens are measured, to pixels
	step  float64 // angle between two points of a round corner
	emit  func(piece []point)
	piece []point
	lines polylines
	cut   []point
}

// stroke emits the pieces of a path's stroke, in pixels.
func stroke(p path, m matrix, with pen, emit func(piece []point)) {
	scale := m.scale()
	half := with.width / 2
	if half <= 0 || scale <= 0 || !finite(m) {
		return
	}
	s := stroker{pen: with, half: half, m: m, emit: emit}
	// A chord of this angle is off by an eighth of a pixel at most.
	s.step = 2 * math.Acos(max(0.5, 1-0.125/max(half*scale, 0.2)))
	s.lines.add(p, identity, 0.1/scale)
	s.lines.each(func(line []point, closed bool) {
		line = distinct(line, closed)
		if len(line) == 1 {
			s.dot(line[0])
			return
		}
		if len(with.dash) > 0 && s.dashed(line, closed) {
			return
		}
		s.run(line, closed && len(line) > 2)
	})
}

// distinct drops points that repeat the one before.
func distinct(line []point, closed bool) []point {
	kept := line[:1]
	for _, p := range line[1:] {
		if p != kept[len(kept)-1] {
			kept = append(kept, p)
		}
	}
	if closed && len(kept) > 1 && kept[len(kept)-1] == kept[0] {
		kept = kept[:len(kept)-1]
	}
	return kept
}

func (s *stroker) dot(at point) {
	switch s.pen.cap {
	case 'r':
		s.fan(at, 0, 2*math.Pi)
	case 's':
		s.box(point{at.x - s.half, at.y}, point{at.x + s.half, at.y})
	}
}

// run draws a line, with caps at its ends or a corner where it closes.
func (s *stroker) run(line []point, closed bool) {
	n := len(line)
	if n == 1 {
		s.dot(line[0])
		return
	}
	last := n - 1
	if closed {
		last = n
	}
	for i := range last {
		a, b := line[i], line[(i+1)%n]
		if !closed && s.pen.cap == 's' {
			d := towards(a, b, s.half)
			if i == 0 {
				a = point{a.x - d.x, a.y - d.y}
			}
			if i == n-2 {
				b = point{b.x + d.x, b.y + d.y}
			}
		}
		s.box(a, b)
	}
	from, to := 1, last
	if closed {
		from, to = 0, n
	}
	if from < to {
		d := towards(line[(from+n-1)%n], line[from], s.half)
		for i := from; i < to; i++ {
			next := i + 1
			if next == n {
				next = 0
			}
			e := towards(line[i], line[next], s.half)
			s.corner(line[i], d, e)
			d = e
		}
	}
	if !closed && s.pen.cap == 'r' {
		s.half1(line[0], line[1])
		s.half1(line[n-1], line[n-2])
	}
}

// half1 is the half of a disc at a line's end, away from its next point.
func (s *stroker) half1(end, next point) {
	angle := math.Atan2(next.y-end.y, next.x-end.x)
	s.fan(end, angle+math.Pi/2, math.Pi)
}

// towards is a step of a length from a to b.
func towards(a, b point, length float64) point {
	dx, dy := b.x-a.x, b.y-a.y
	k := length / math.Hypot(dx, dy)
	return point{dx * k, dy * k}
}

func (s *stroker) box(a, b point) {
	d := towards(a, b, s.half)
	s.out(point{a.x + d.y, a.y - d.x}, point{b.x + d.y, b.y - d.x}, point{b.x - d.y, b.y + d.x}, point{a.x - d.y, a.y + d.x})
}

// corner fills the gap on the outer side of a turn at b, from one direction to
// another, each half a width long.
func (s *stroker) corner(b, d, e point) {
	cross, dot := d.x*e.y-d.y*e.x, d.x*e.x+d.y*e.y
	turn := math.Atan2(cross, dot)
	if math.Abs(turn) < 1e-4 {
		return
	}
	side := 1.0 // the outer side is on the right of a turn to the left
	if turn > 0 {
		side = -1
	}
	from := point{b.x - side*d.y, b.y + side*d.x}
	to := point{b.x - side*e.y, b.y + side*e.x}
	switch s.pen.join {
	case 'r':
		start := math.Atan2(from.y-b.y, from.x-b.x)
		s.fan(b, start, turn)
		return
	case 'm':
		if inner := math.Cos(turn / 2); inner > 0 && 1/inner <= s.pen.miter {
			k := 1 / (2 * inner * inner)
			tip := point{b.x + (from.x-b.x+to.x-b.x)*k, b.y + (from.y-b.y+to.y-b.y)*k}
			s.out(b, from, tip, to)
			return
		}
	}
	s.out(b, from, to)
}

// fan is a sector of the disc around a point.
func (s *stroker) fan(at point, start, turn float64) {
	n := int(math.Ceil(math.Abs(turn) / s.step))
	n = max(1, min(n, 400))
	s.piece = append(s.piece[:0], s.m.apply(at))
	for i := range n + 1 {
		sin, cos := math.Sincos(start + turn*float64(i)/float64(n))
		s.piece = append(s.piece, s.m.apply(point{at.x + cos*s.half, at.y + sin*s.half}))
	}
	s.send()
}

func (s *stroker) out(piece ...point) {
	s.piece = s.piece[:0]
	for _, p := range piece {
		s.piece = append(s.piece, s.m.apply(p))
	}
	s.send()
}

// send hands on a piece that turns the way of all.
func (s *stroker) send() {
	area := 0.0
	last := s.piece[len(s.piece)-1]
	for _, p := range s.piece {
		area += last.x*p.y - last.y*p.x
		last = p
	}
	if area < 0 {
		for i, j := 0, len(s.piece)-1; i < j; i, j = i+1, j-1 {
			s.piece[i], s.piece[j] = s.piece[j], s.piece[i]
		}
	}
	s.emit(s.piece)
}

// dashed cuts a line into dashes; it is false when those would be too many.
func (s *stroker) dashed(line []point, closed bool) bool {
	period, total := 0.0, 0.0
	for _, d := range s.pen.dash {
		period += d
	}
	if closed {
		line = append(line, line[0])
	}
	for i := 1; i < len(line); i++ {
		total += math.Hypot(line[i].x-line[i-1].x, line[i].y-line[i-1].y)
	}
	if period <= 0 || total/period*float64(len(s.pen.dash)) > maxDashes {
		return false
	}
	i, left := 0, math.Mod(s.pen.offset, period)
	if left < 0 {
		left += period
	}
	for left >= s.pen.dash[i] {
		left -= s.pen.dash[i]
		i = (i + 1) % len(s.pen.dash)
	}
	left = s.pen.dash[i] - left
	s.cut = append(s.cut[:0], line[0])
	flush := func() {
		if i%2 == 0 && len(s.cut) > 0 {
			s.run(distinct(s.cut, false), false)
		}
	}
	for k := 1; k < len(line); k++ {
		a, b := line[k-1], line[k]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		done := 0.0
		for length-done > left {
			done += left
			at := point{a.x + (b.x-a.x)*done/length, a.y + (b.y-a.y)*done/length}
			s.cut = append(s.cut, at)
			flush()
			s.cut = append(s.cut[:0], at)
			i = (i + 1) % len(s.pen.dash)
			left = s.pen.dash[i]
		}
		left -= length - done
		s.cut = append(s.cut, b)
	}
	flush()
	return true
}
