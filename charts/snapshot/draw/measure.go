package draw

import (
	"sync"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is remembered of widths: feeds may bring all characters, and
// texts without end.
const (
	mostAdvances = 8192
	mostWidths   = 4096
	longestKept  = 256 // bytes of a text
)

// widths are what texts were measured before. ECharts asks for the same again
// and again.
type widths struct {
	mu       sync.RWMutex
	advances map[wanted]float64 // em
	texts    map[measured]float64
}

type measured struct {
	words  string
	weight int
}

// Advance is the width of a text in pixels, at a size in pixels per em, kerning
// and ligatures included: what lays a text out and what draws it agree, and
// both agree with a browser that has the same faces.
func (f *Fonts) Advance(text string, size float64, weight int) float64 {
	if r, n := utf8.DecodeRuneInString(text); n > 0 && n == len(text) && !joins(r) && !unicode.IsControl(r) {
		return f.advance(wanted{r, weight}) * size
	}
	return f.shaped(text, weight) * size
}

// advance is a character's own width in em. That of Han is one, in every
// typeface: no file is opened for it, since ECharts takes the height of a line
// from it, in pictures of Latin text too.
func (f *Fonts) advance(c wanted) float64 {
	if c.r >= 0x4e00 && c.r <= 0x9fff {
		return 1
	}
	f.widths.mu.RLock()
	em, known := f.widths.advances[c]
	f.widths.mu.RUnlock()
	if known {
		return em
	}
	em = boxWidth(c.r)
	if i := f.choose(c.r, c.weight); i >= 0 {
		t := f.setters.Get().(*typesetter)
		if id, has := t.face(i).NominalGlyph(c.r); has {
			em = t.advance(glyph{face: i, id: id})
		}
		f.setters.Put(t)
	}
	f.widths.mu.Lock()
	defer f.widths.mu.Unlock()
	if f.widths.advances == nil || len(f.widths.advances) >= mostAdvances {
		f.widths.advances = map[wanted]float64{}
	}
	f.widths.advances[c] = em
	return em
}

// shaped is a text's width in em, as it will be drawn.
func (f *Fonts) shaped(text string, weight int) float64 {
	key := measured{text, weight}
	f.widths.mu.RLock()
	em, known := f.widths.texts[key]
	f.widths.mu.RUnlock()
	if known {
		return em
	}
	t := f.setters.Get().(*typesetter)
	em = t.set(text, weight, &Report{}).width
	f.setters.Put(t)
	if len(text) > longestKept {
		return em
	}
	f.widths.mu.Lock()
	defer f.widths.mu.Unlock()
	if f.widths.texts == nil || len(f.widths.texts) >= mostWidths {
		f.widths.texts = map[measured]float64{}
	}
	f.widths.texts[key] = em
	return em
}

// besides are the stretches of characters that are as wide in a text as alone:
// first and last.
var besides = [...][2]rune{
	{0, 0xac}, {0xae, 0x2ff}, // Latin; a soft hyphen is not seen
	{0x370, 0x482}, {0x48a, 0x52f}, // Greek and Cyrillic without marks
	{0x1e00, 0x1fff},                                                       // Latin and Greek
	{0x2010, 0x2027}, {0x202f, 0x205f}, {0x20a0, 0x20cf}, {0x2100, 0x25ff}, // signs
	{0x3000, 0x3029}, {0x3030, 0x3098}, {0x309b, 0x312f}, {0x3131, 0x9fff}, // Kana, Bopomofo, Han
	{0xac00, 0xd7a3}, {0xf900, 0xfaff}, // Hangul, Han
	{0xff01, 0xff9d}, {0xffe0, 0xffee}, {0xfffd, utf8.RuneError},
	{0x20000, 0x3ffff}, // Han
}

// joins says whether a character may look otherwise beside others, or lies on
// them.
func joins(r rune) bool {
	for _, b := range besides {
		if r <= b[1] {
			return r < b[0]
		}
	}
	return true
}
