package draw

import (
	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// A typesetter shapes texts for one picture at a time: the faces within have
// caches that can't be shared.
type typesetter struct {
	fonts     *Fonts
	faces     []*font.Face // nil until they are needed
	shaper    shaping.HarfbuzzShaper
	segments  shaping.Segmenter
	bidi      bidi.Paragraph
	chosen    map[wanted]int
	outlines  map[drawnGlyph]path
	zones     map[int]zones // of faces
	stems     map[drawnGlyph][]stem
	sharpened map[sized]path
	weight    int // wanted now
}

type wanted struct {
	r      rune
	weight int
}

type drawnGlyph struct {
	face int
	id   font.GID
}

type sized struct {
	drawnGlyph
	pixels float64
}

func newTypesetter(f *Fonts) *typesetter {
	t := &typesetter{fonts: f, faces: make([]*font.Face, len(f.faces)),
		chosen: map[wanted]int{}, outlines: map[drawnGlyph]path{}, zones: map[int]zones{}, stems: map[drawnGlyph][]stem{}, sharpened: map[sized]path{}}
	return t
}

// face is a face to shape with; it is read when it is first asked for.
func (t *typesetter) face(i int) *font.Face {
	if t.faces[i] == nil {
		t.faces[i] = t.fonts.faces[i].face()
	}
	return t.faces[i]
}

// line is a shaped text. Its figures are in em: they are times the font size.
type line struct {
	glyphs          []glyph // from left to right
	width           float64
	ascent, descent float64 // of the first face for this weight; both positive
}

type glyph struct {
	face    int // −1 for a character that no face has
	id      font.GID
	x, y    float64 // of its origin; y points down
	pen     float64 // where the letter begins that it is, or is a part of
	advance float64
	words   string // the characters that it stands for, in the order of reading; empty when another glyph of its cluster has them
	plain   bool   // the face's own glyph for one character, placed where that would be
	rtl     bool
}

// em is the size at which texts are shaped: fine enough for any scale.
const em = 2048

// ResolveFace picks a face for a character, for the segmenter.
func (t *typesetter) ResolveFace(r rune) *font.Face {
	return t.face(max(0, t.choose(r)))
}

func (t *typesetter) choose(r rune) int {
	key := wanted{r, t.weight}
	i, known := t.chosen[key]
	if !known {
		i = t.fonts.choose(r, t.weight)
		if len(t.chosen) > 20_000 {
			clear(t.chosen)
		}
		t.chosen[key] = i
	}
	return i
}

// set shapes a text that runs from left to right, but for what in it doesn't.
func (t *typesetter) set(words string, weight int, report *Report) line {
	t.weight = weight
	first := max(0, t.choose(' '))
	var out line
	out.ascent, out.descent = t.metrics(first)
	text := printable(words)
	if len(text) == 0 {
		return out
	}
	pieces, levels := t.pieces(text)
	for _, i := range visualOrder(levels) {
		shaped := t.shaper.Shape(pieces[i])
		t.place(&out, shaped, text, report)
	}
	return out
}

// pieces cuts a text into runs of one direction, script and face, in the order
// of reading, each with its embedding level.
func (t *typesetter) pieces(text []rune) (pieces []shaping.Input, levels []bidi.Level) {
	from := 0
	for _, run := range t.levels(text) {
		direction := di.DirectionLTR
		if run.level%2 == 1 {
			direction = di.DirectionRTL
		}
		split := t.segments.Split(shaping.Input{
			Text: text, RunStart: from, RunEnd: run.end,
			Direction: direction, Size: fixed.I(em), Language: language.NewLanguage("en"),
		}, t)
		for _, piece := range split {
			piece.Direction = direction
			pieces, levels = append(pieces, piece), append(levels, run.level)
		}
		from = run.end
	}
	return pieces, levels
}

// visualOrder is rule L2 of UAX #9: from the highest level down to the lowest
// odd one, what is at that level or above is turned round.
func visualOrder(levels []bidi.Level) []int {
	order := make([]int, len(levels))
	highest := bidi.Level(0)
	for i, l := range levels {
		order[i] = i
		highest = max(highest, l)
	}
	for at := highest; at > 0; at-- {
		for i := 0; i < len(order); i++ {
			end := i
			for end < len(order) && levels[order[end]] >= at {
				end++
			}
			for a, b := i, end-1; a < b; a, b = a+1, b-1 {
				order[a], order[b] = order[b], order[a]
			}
			i = max(i, end)
		}
	}
	return order
}

// place adds shaped glyphs at the end of a line.
func (t *typesetter) place(out *line, shaped shaping.Output, text []rune, report *Report) {
	face := 0
	for i, f := range t.faces {
		if f == shaped.Face {
			face = i
		}
	}
	first := max(0, t.choose(' '))
	units := func(v fixed.Int26_6) float64 { return float64(v) / 64 / em }
	told := -1
	for _, g := range shaped.Glyphs {
		at, n := g.TextIndex(), g.RunesCount()
		next := glyph{
			face: face, id: g.GlyphID, pen: out.width, x: out.width + units(g.XOffset), y: -units(g.YOffset), advance: units(g.Advance),
			rtl: shaped.Direction == di.DirectionRTL,
		}
		if at != told {
			next.words = string(text[at:min(at+n, len(text))])
			told = at
		}
		if n == 1 && g.GlyphsCount() == 1 && !next.rtl && g.XOffset == 0 && g.YOffset == 0 {
			nominal, has := shaped.Face.NominalGlyph(text[at])
			next.plain = has && nominal == g.GlyphID
		}
		if next.words == " " && face != first { // as wide as in the rest of the line, and not every face has one
			id, _ := t.face(first).NominalGlyph(' ')
			next.face, next.id, next.x, next.y, next.plain = first, id, out.width, 0, !next.rtl
			next.advance = t.advance(next)
		} else if g.GlyphID == 0 {
			if next.words == "" || ignorable(text[at]) {
				continue
			}
			for _, r := range next.words {
				report.miss(r)
			}
			next.face, next.advance = -1, boxWidth(text[at])
		}
		out.glyphs = append(out.glyphs, next)
		out.width += next.advance
	}
}

// metrics are a face's ascent and descent in em.
func (t *typesetter) metrics(face int) (ascent, descent float64) {
	upem := float64(t.face(face).Upem())
	extents, ok := t.face(face).FontHExtents()
	if !ok || upem == 0 {
		return 0.9, 0.25
	}
	return float64(extents.Ascender) / upem, -float64(extents.Descender) / upem
}

// outline is the path of a glyph in em, y down.
func (t *typesetter) outline(g glyph) path {
	if g.face < 0 {
		return stand(g)
	}
	key := drawnGlyph{g.face, g.id}
	if known, ok := t.outlines[key]; ok {
		return known
	}
	var p path
	face := t.face(g.face)
	drawn, _ := face.GlyphDataOutline(g.id)
	k := 1 / float64(max(1, face.Upem()))
	at := func(a opentype.SegmentPoint) point { return point{float64(a.X) * k, -float64(a.Y) * k} }
	var last point
	for i, s := range drawn.Segments {
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if i > 0 {
				p.close()
			}
			last = at(s.Args[0])
			p.move(last)
		case opentype.SegmentOpLineTo:
			last = at(s.Args[0])
			p.line(last)
		case opentype.SegmentOpQuadTo:
			p.quad(last, at(s.Args[0]), at(s.Args[1]))
			last = at(s.Args[1])
		case opentype.SegmentOpCubeTo:
			p.cube(at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
			last = at(s.Args[2])
		}
	}
	if len(drawn.Segments) > 0 {
		p.close()
	}
	if len(t.outlines) > 5_000 {
		clear(t.outlines)
	}
	t.outlines[key] = p
	return p
}
