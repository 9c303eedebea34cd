package draw

import "math"

// A setter lays texts out for one picture.
type setter struct {
	types  *typesetter // nil without fonts
	fonts  *Fonts
	report *Report
}

func newSetter(f *Fonts, report *Report) *setter {
	s := &setter{fonts: f, report: report}
	if f != nil {
		s.types = f.setters.Get().(*typesetter)
	}
	return s
}

// done hands the typesetter back, for the next picture.
func (s *setter) done() {
	if s.types != nil {
		s.fonts.setters.Put(s.types)
		s.types = nil
	}
}

// A laid run is a run with its glyphs, from (x, y) in user units, y being of
// the alphabetic baseline.
type laid struct {
	run  *run
	line line
	x, y float64
}

// lay places the runs of a text. Heights are rounded to pixels, of which there
// are scale in a user unit, as Chromium does, so that both agree. On paper there
// are no pixels: a great scale leaves heights as they are.
func (s *setter) lay(t *text, scale float64) []laid {
	if s.types == nil {
		for _, r := range t.runs {
			for _, c := range printable(r.words) {
				s.report.miss(c)
			}
		}
		return nil
	}
	out := make([]laid, 0, len(t.runs))
	var x, y, dx float64
	first := 0 // run of this anchored line
	width := 0.0
	finish := func() {
		if first < len(out) {
			shift := 0.0
			switch out[first].run.anchor {
			case 'm':
				shift = width / 2
			case 'e':
				shift = width
			}
			for i := first; i < len(out); i++ {
				out[i].x -= shift
			}
		}
		first, width = len(out), 0
	}
	for i := range t.runs {
		r := &t.runs[i]
		if r.placed() {
			finish()
			x, dx = x+dx, 0
		} else {
			width += r.x
		}
		if r.atX {
			x = r.x
		} else {
			dx += r.x
		}
		if r.atY {
			y = 0
		}
		y += r.y
		next := laid{run: r, line: s.types.set(r.words, r.weight, s.report)}
		next.x, next.y = x+dx, y+lift(next.line, r, scale)
		dx += next.line.width * r.size
		width += next.line.width * r.size
		out = append(out, next)
	}
	finish()
	return out
}

// lift is how far the alphabetic baseline lies below the one that is asked for.
func lift(l line, r *run, scale float64) float64 {
	round := func(v float64) float64 { return math.Round(v*r.size*scale) / scale }
	ascent, descent := round(l.ascent), round(l.descent)
	switch r.baseline {
	case 'c':
		return (ascent - descent) / 2
	case 'm':
		return 0.26 * r.size // half of a usual x-height
	case 'h':
		return ascent
	case 'b':
		return -descent
	}
	return 0
}

// text draws a text as outlines.
func (c *canvas) text(s *setter, t *text, base matrix) {
	m := base.mul(t.m)
	for _, l := range s.lay(t, max(m.scale(), 1e-3)) {
		p, at := l.outline(s, m)
		if l.run.strokeFirst {
			c.stroke(p, at, l.run.pen, l.run.stroke)
		}
		c.fill(p, at, false, l.run.fill)
		if !l.run.strokeFirst {
			c.stroke(p, at, l.run.pen, l.run.stroke)
		}
	}
}

// outline is a run's path in user units, and the matrix to pixels. In upright
// text the baseline and the heights of letters lie on edges of pixels, where
// they are sharp.
func (l laid) outline(s *setter, m matrix) (path, matrix) {
	upright := m.b == 0 && m.c == 0 && m.a > 0 && m.d > 0
	if upright {
		at := m.apply(point{l.x, l.y})
		m.f += math.Round(at.y) - at.y
	}
	var p path
	for _, g := range l.line.glyphs {
		q := s.types.outline(g)
		if upright && g.face >= 0 && latin(g.words) {
			q = s.types.sharp(g, l.run.size*m.d)
		}
		place := l.place(g)
		if upright { // letters stand on quarters of a pixel, as Skia's do
			place.e = (math.Floor((m.a*place.e+m.e)*4+0.5)/4 - m.e) / m.a
		}
		p.join(q, place)
	}
	return p, m
}

// latin says whether a glyph ends where Latin letters do.
func latin(words string) bool {
	for _, r := range words {
		return r < 0x590 || r >= 0x1e00 && r < 0x2300
	}
	return false
}
