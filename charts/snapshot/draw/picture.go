package draw

import "image"

// A Picture is a parsed SVG. It never changes, and may be drawn by several at
// once.
type Picture struct {
	Width, Height float64 // CSS pixels, as the document says
	ops           []op
}

// An op is one step of drawing: exactly one field is set, or none, which ends
// the newest clip.
type op struct {
	shape *shape
	text  *text
	image *embedded
	clip  *clip
}

type shape struct {
	path        path
	m           matrix
	evenOdd     bool
	fill        paint
	stroke      paint
	pen         pen
	strokeFirst bool
}

// A pen says how a line looks.
type pen struct {
	width  float64 // user units
	cap    byte    // 'b'utt, 'r'ound, 's'quare
	join   byte    // 'm'iter, 'r'ound, 'b'evel
	miter  float64 // limit: how far a corner may stick out, in widths
	dash   []float64
	offset float64
}

type clip struct {
	path    path // mapped
	evenOdd bool
}

type embedded struct {
	pixels     image.Image
	m          matrix
	x, y, w, h float64
	alpha      float64
}

type text struct {
	runs []run
	m    matrix
}

// A run is a piece of a text in one style.
type run struct {
	words       string
	x, y        float64
	atX, atY    bool // x, or y, is a place, where a new line begins; else it is added to where the run before ended
	size        float64
	weight      int
	anchor      byte // 's'tart, 'm'iddle, 'e'nd
	baseline    byte // 'a'lphabetic, 'c'entral, 'm'iddle, 'h'anging, 'b'elow
	fill        paint
	stroke      paint
	pen         pen
	strokeFirst bool
}

func (r run) placed() bool { return r.atX || r.atY }

// A Report says what could not be drawn as it should.
type Report struct {
	Missing []rune // characters that no face has, each once, in the order met
}

func (r *Report) miss(c rune) {
	for _, known := range r.Missing {
		if known == c {
			return
		}
	}
	if len(r.Missing) < 100 {
		r.Missing = append(r.Missing, c)
	}
}

// Missing gives the characters of the picture's texts that no face has, each
// once, in the order met, without drawing it.
func (p *Picture) Missing(f *Fonts) []rune {
	var report Report
	for _, step := range p.ops {
		if step.text == nil {
			continue
		}
		for _, run := range step.text.runs {
			for _, c := range printable(run.words) {
				if !f.Has(c) {
					report.miss(c)
				}
			}
		}
	}
	return report.Missing
}
