package draw

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strings"
)

// text writes a text of a picture.
func (p *Page) text(t *text, base matrix) {
	m := base.mul(t.m)
	for _, l := range p.d.set.lay(t, 1000) {
		p.line(l, m)
	}
}

func (p *Page) line(l laid, m matrix) {
	if !finite(m) || m.det() == 0 {
		return
	}
	outlines := func(do func(q path)) {
		var q path
		for _, g := range l.line.glyphs {
			q.join(p.d.set.types.outline(g), l.place(g))
		}
		do(q)
	}
	stroke := func() {
		if l.run.stroke.seen() && l.run.pen.width > 0 {
			outlines(func(q path) { p.stroke(q, m, l.run.pen, l.run.stroke) })
		}
	}
	if l.run.strokeFirst {
		stroke()
	}
	if l.run.fill.kind == 'c' {
		p.letters(l, m)
	} else if l.run.fill.seen() {
		outlines(func(q path) { p.fill(q, m, false, l.run.fill) })
	}
	if !l.run.strokeFirst {
		stroke()
	}
}

// place maps a glyph's outline to user units.
func (l laid) place(g glyph) matrix {
	return matrix{a: l.run.size, d: l.run.size, e: l.x + g.x*l.run.size, f: l.y + g.y*l.run.size}
}

// letters writes glyphs from left to right, those that lie where the face
// itself would put them together.
func (p *Page) letters(l laid, m matrix) {
	if !l.run.fill.seen() {
		return
	}
	var words strings.Builder
	face, start, end := -1, 0.0, 0.0
	write := func() {
		if words.Len() > 0 {
			p.write(l, m, face, start, words.String(), 0)
			words.Reset()
		}
	}
	for i, g := range l.line.glyphs {
		own := g.words != "" && g.words == bmp(g.words)
		if !own || !g.plain || !p.d.embeds(g.face) {
			write()
			var q path
			q.join(p.d.set.types.outline(g), l.place(g))
			p.fill(q, m, false, l.run.fill)
			if words := bmp(g.words); words != "" && !blank(words) {
				if by := p.d.carrier(g); by >= 0 {
					p.write(l, m, by, g.pen, words, p.stretch(l.line.glyphs[i:], by, words))
				}
			}
			continue
		}
		if face != g.face || math.Abs(end-g.x) > 0.005 {
			write()
			face, start, end = g.face, g.x, g.x
		}
		words.WriteString(g.words)
		end += p.d.set.types.advance(g)
	}
	write()
}

// advance is the face's own width of a glyph, in em.
func (t *typesetter) advance(g glyph) float64 {
	face := t.face(g.face)
	return float64(face.HorizontalAdvance(g.id)) / float64(max(1, face.Upem()))
}

// embeds says whether the PDF library can embed a face: TrueType only.
func (d *Document) embeds(face int) bool { return d.fonts.faces[face].embeds }

// carrier is the face that a glyph's characters are written in where they are
// not seen: its own, or the first of all, for what is copied from a page are
// characters, not their looks. It is −1 where neither can be embedded.
func (d *Document) carrier(g glyph) int {
	switch {
	case g.face >= 0 && d.embeds(g.face):
		return g.face
	case d.embeds(0):
		return 0
	}
	return -1
}

// blank says whether words have nothing to copy.
func blank(words string) bool {
	return strings.IndexFunc(words, func(r rune) bool { return !ignorable(r) }) < 0
}

// stretch is by how much the plain letters of the first glyph's cluster must be
// stretched to be as wide as it is drawn. Readers take a gap for a new word.
func (p *Page) stretch(glyphs []glyph, face int, words string) float64 {
	types := p.d.set.types
	drawn, plain := glyphs[0].advance, 0.0
	for _, g := range glyphs[1:] {
		if g.words != "" {
			break
		}
		drawn += g.advance
	}
	for _, r := range words {
		id, _ := types.face(face).NominalGlyph(r)
		plain += types.advance(glyph{face: face, id: id})
	}
	if drawn <= 0 || plain <= 0 {
		return 1
	}
	return max(0.05, min(20, drawn/plain))
}

// write writes words with an embedded face, from x em right of the line's
// start. With a stretch they are not seen, and made wider by it.
func (p *Page) write(l laid, m matrix, face int, x float64, words string, stretch float64) {
	pdf := p.d.pdf
	name := fmt.Sprintf("f%d", face)
	if !p.d.embedded[face] {
		data, err := p.d.fonts.faces[face].data()
		if err != nil {
			pdf.SetError(fmt.Errorf("read a font anew: %w", err))
			return
		}
		pdf.AddUTF8FontFromBytes(name, "", bytes.Clone(data))
		p.d.embedded[face] = true
	}
	at := m.mul(translate(l.x+x*l.run.size, l.y))
	p.raw(func(b *content) {
		p.colour(b, l.run.fill, "rg")
		if stretch != 0 {
			b.op("3 Tr")
			b.num(100*stretch, 1)
			b.op("Tz")
		}
		for _, v := range []float64{at.a, -at.b, -at.c, at.d, at.e, p.Height - at.f} {
			b.num(v, 5)
		}
		b.op("cm")
		p.flush(b)
		pdf.SetFont(name, "", l.run.size)
		pdf.Text(0, p.Height, words)
	})
}

// A TextStyle says how a line of a page looks.
type TextStyle struct {
	Size   float64     // points; 0 is 10
	Weight int         // 0 is 400
	Color  color.NRGBA // one without opacity, such as the zero value, is black
	Align  byte        // 'l'eft, 'c'entre or 'r'ight of x; 0 is left
}

func (s TextStyle) run(words string, x, y float64) run {
	r := run{
		words: words, x: x, y: y, atX: true, atY: true, size: s.Size, weight: s.Weight, anchor: 's', baseline: 'a',
		fill: paint{kind: 'c', color: s.Color, alpha: 1},
	}
	if r.size == 0 {
		r.size = 10
	}
	if s.Color.A == 0 {
		r.fill.color = color.NRGBA{A: 255}
	}
	if r.weight == 0 {
		r.weight = 400
	}
	switch s.Align {
	case 'c':
		r.anchor = 'm'
	case 'r':
		r.anchor = 'e'
	}
	return r
}

// Text writes one line; y is of its baseline.
func (p *Page) Text(words string, x, y float64, s TextStyle) {
	p.text(&text{m: identity, runs: []run{s.run(words, x, y)}}, identity)
}

// TextWidth is how wide a line is, in points.
func (d *Document) TextWidth(words string, s TextStyle) float64 {
	if d.set.types == nil {
		return 0
	}
	r := s.run(words, 0, 0)
	var unseen Report
	return d.set.types.set(words, r.weight, &unseen).width * r.size
}

// Paragraph writes a text in lines of a width, the first with its baseline at
// y, each a line height of 1.45 below the one before. It returns the y for the
// line after. A word that is wider than the width has a line of its own, and
// sticks out.
func (p *Page) Paragraph(words string, x, y, width float64, s TextStyle) float64 {
	size := s.run("", 0, 0).size
	line := ""
	for word := range strings.FieldsSeq(words) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && p.d.TextWidth(longer, s) > width {
			p.Text(line, x, y, s)
			y += 1.45 * size
			longer = word
		}
		line = longer
	}
	if line != "" {
		p.Text(line, x, y, s)
		y += 1.45 * size
	}
	return y
}

// Rect fills a box.
func (p *Page) Rect(x, y, w, h float64, c color.NRGBA) {
	var q path
	q.rect(x, y, w, h, 0, 0)
	p.fill(q, identity, false, paint{kind: 'c', color: c, alpha: 1})
}
