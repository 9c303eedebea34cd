// Package font holds the typeface of the pictures: what measures a text before
// ECharts lays it out, and what draws it afterwards, read the same files, so
// that nothing is cut off or laid over.
//
// A width is the sum of the advances of a text's characters. Kerning,
// ligatures and the shaping of scripts are left out, on both sides.
package font

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/width"
)

// Face is one file of the typeface.
type Face struct {
	Data   []byte // TrueType or OpenType
	Weight int    // as in CSS, 100…900
}

// Loaded is a face that was read.
type Loaded struct {
	Face
	Index int        // of the faces that were given to New
	Font  *sfnt.Font // may be used at once by many, each with a buffer of its own
}

// Set is a typeface: faces of some weights, each for some scripts. It is safe
// for concurrent use.
type Set struct {
	faces   []*Loaded // in the order that they were given
	weights []int     // ascending

	mu    sync.RWMutex
	buf   sfnt.Buffer
	known map[character]glyph
}

type character struct {
	rune   rune
	weight int // one of the set's
}

type glyph struct {
	face    *Loaded // nil where no face has it
	index   sfnt.GlyphIndex
	advance float64 // em
}

// Characters that no face has are drawn by somebody else's font, or as a box:
// these are their usual widths.
const (
	wideAdvance  = 1.0 // em: Han, Kana, Hangul, emoji
	otherAdvance = 0.6
)

// mostKnown bounds what is remembered of characters: feeds may bring them all.
const mostKnown = 8192

// New reads faces. Where several of one weight have a character, the first of
// them is used.
func New(faces []Face) (*Set, error) {
	if len(faces) == 0 {
		return nil, errors.New("font: a set needs at least one face")
	}
	s := &Set{known: map[character]glyph{}}
	for i, f := range faces {
		parsed, err := sfnt.Parse(f.Data)
		if err != nil {
			return nil, fmt.Errorf("font: face %d, weight %d: %w", i, f.Weight, err)
		}
		s.faces = append(s.faces, &Loaded{Face: f, Index: i, Font: parsed})
		s.weights = append(s.weights, f.Weight)
	}
	slices.Sort(s.weights)
	s.weights = slices.Compact(s.weights)
	return s, nil
}

// Faces lists all faces, in the order in which they were given.
func (s *Set) Faces() []*Loaded { return slices.Clone(s.faces) }

// Find gives the face that draws a character at the weight nearest to the one
// asked for, and the character's glyph in it; ok is false where no face of that
// weight has the character.
func (s *Set) Find(r rune, weight int) (face *Loaded, index sfnt.GlyphIndex, ok bool) {
	g := s.glyph(character{r, s.nearest(weight)})
	return g.face, g.index, g.face != nil
}

// Advance is the width of a text in pixels, at a size in pixels per em.
func (s *Set) Advance(text string, size float64, weight int) float64 {
	weight = s.nearest(weight)
	var em float64
	for _, r := range text {
		em += s.glyph(character{r, weight}).advance
	}
	return em * size
}

// nearest gives the weight that stands in for another; of two equally near,
// the bolder.
func (s *Set) nearest(weight int) int {
	return slices.MinFunc(s.weights, func(a, b int) int {
		return cmp.Or(cmp.Compare(abs(a-weight), abs(b-weight)), cmp.Compare(b, a))
	})
}

func abs(n int) int { return max(n, -n) }

func (s *Set) glyph(c character) glyph {
	s.mu.RLock()
	g, ok := s.known[c]
	s.mu.RUnlock()
	if ok {
		return g
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g = s.look(c)
	if len(s.known) >= mostKnown {
		clear(s.known)
	}
	s.known[c] = g
	return g
}

// look asks the faces. The caller holds the lock, for the buffer's sake.
func (s *Set) look(c character) glyph {
	// Marks lie on the letter before them, and what formats is not seen.
	flat := unicode.In(c.rune, unicode.Mn, unicode.Me, unicode.Cf, unicode.Cc)
	for _, f := range s.faces {
		if f.Weight != c.weight {
			continue
		}
		index, err := f.Font.GlyphIndex(&s.buf, c.rune)
		if err != nil || index == 0 {
			continue
		}
		g := glyph{face: f, index: index}
		if !flat {
			em := f.Font.UnitsPerEm()
			advance, err := f.Font.GlyphAdvance(&s.buf, index, fixed.I(int(em)), font.HintingNone)
			if err != nil {
				continue
			}
			g.advance = float64(advance) / 64 / float64(em)
		}
		return g
	}
	if flat {
		return glyph{}
	}
	if k := width.LookupRune(c.rune).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return glyph{advance: wideAdvance}
	}
	return glyph{advance: otherAdvance}
}
