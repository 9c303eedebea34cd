package draw

import "fmt"

// parsePath reads the d of a path: SVG 2, section 9.3.
func parsePath(d string) (path, error) {
	r := pathReader{in: numbers{d}}
	if guess := len(d) / 9; guess > 16 {
		r.out.ops, r.out.pts = make([]byte, 0, guess), make([]point, 0, guess)
	}
	for r.in.skip(); r.in.s != ""; r.in.skip() {
		op := r.in.s[0]
		r.in.s = r.in.s[1:]
		if len(r.out.ops) == 0 && op != 'M' && op != 'm' {
			return path{}, fmt.Errorf("a path begins with %q: it must begin with M", op)
		}
		if err := r.run(op); err != nil {
			return path{}, err
		}
	}
	return r.out, nil
}

type pathReader struct {
	in         numbers
	out        path
	at, start  point
	lastCube   point // the last handle of a cubic curve, for S
	lastQuad   point // the handle of a quadratic curve, for T
	a          [7]float64
	afterCurve byte // 'C' or 'Q', when the step before was one
}

// figures is how many numbers a step takes.
func figures(op byte) int {
	switch op {
	case 'M', 'L', 'T':
		return 2
	case 'H', 'V':
		return 1
	case 'C':
		return 6
	case 'S', 'Q':
		return 4
	case 'A':
		return 7
	}
	return -1
}

// run reads a letter's steps: one, or several without the letter between.
func (r *pathReader) run(letter byte) error {
	relative := letter >= 'a' && letter <= 'z'
	op := letter
	if relative {
		op -= 'a' - 'A'
	}
	if op == 'Z' {
		r.out.close()
		r.at, r.afterCurve = r.start, 0
		return nil
	}
	n := figures(op)
	if n < 0 {
		return fmt.Errorf("a path has the step %q, which there isn't", letter)
	}
	for first := true; first || r.in.more(); first = false {
		for i := range n {
			var err error
			if op == 'A' && (i == 3 || i == 4) {
				var one bool
				one, err = r.in.flag()
				r.a[i] = 0
				if one {
					r.a[i] = 1
				}
			} else {
				r.a[i], err = r.in.next()
			}
			if err != nil {
				return fmt.Errorf("step %q of a path: %w", letter, err)
			}
		}
		r.step(op, relative)
		if op == 'M' {
			op = 'L'
		}
	}
	return nil
}

func (r *pathReader) step(op byte, relative bool) {
	from := r.at
	at := func(i int) point {
		if relative {
			return point{from.x + r.a[i], from.y + r.a[i+1]}
		}
		return point{r.a[i], r.a[i+1]}
	}
	before := r.afterCurve
	r.afterCurve = 0
	switch op {
	case 'M':
		r.at = at(0)
		r.start = r.at
		r.out.move(r.at)
	case 'L':
		r.at = at(0)
		r.out.line(r.at)
	case 'H':
		r.at.x = r.a[0]
		if relative {
			r.at.x += from.x
		}
		r.out.line(r.at)
	case 'V':
		r.at.y = r.a[0]
		if relative {
			r.at.y += from.y
		}
		r.out.line(r.at)
	case 'C':
		r.cube(at(0), at(2), at(4))
	case 'S':
		handle := from
		if before == 'C' {
			handle = point{2*from.x - r.lastCube.x, 2*from.y - r.lastCube.y}
		}
		r.cube(handle, at(0), at(2))
	case 'Q':
		r.quad(at(0), at(2))
	case 'T':
		handle := from
		if before == 'Q' {
			handle = point{2*from.x - r.lastQuad.x, 2*from.y - r.lastQuad.y}
		}
		r.quad(handle, at(0))
	case 'A':
		r.at = at(5)
		r.out.arc(from, r.a[0], r.a[1], r.a[2], r.a[3] != 0, r.a[4] != 0, r.at)
	}
}

func (r *pathReader) cube(a, b, to point) {
	r.out.cube(a, b, to)
	r.at, r.lastCube, r.afterCurve = to, b, 'C'
}

func (r *pathReader) quad(handle, to point) {
	r.out.quad(r.at, handle, to)
	r.at, r.lastQuad, r.afterCurve = to, handle, 'Q'
}
