package draw

import (
	"bytes"
	"fmt"
	"sync"
	"weak"

	"github.com/go-text/typesetting/font"
)

// A Face is one font in one weight.
type Face struct {
	Family string // faces of one family stand for one another
	Weight int    // 1 to 1000 as in CSS; 0 is 400
	Data   []byte // of a TrueType or OpenType file with outlines; a PDF embeds TrueType only
}

// Fonts are the faces that texts are set in. They never change, and may be
// used by several at once.
type Fonts struct {
	faces   []Face
	order   []int // of each face: its family's place
	parsed  []*font.Font
	setters sync.Pool     // of *typesetter: what was worked out for one picture serves the next
	drawing chan struct{} // held by the one picture that is being drawn on the sheet
	sheet   weak.Pointer[sheet]
}

// NewFonts reads faces. The families come in the order in which they are to be
// tried for a character; a family may be spread over several files, such as
// one for Latin and one for Cyrillic. It fails without any face, and for data
// that is no font.
func NewFonts(faces ...Face) (*Fonts, error) {
	if len(faces) == 0 {
		return nil, fmt.Errorf("read the fonts: none was given")
	}
	f := &Fonts{drawing: make(chan struct{}, 1)}
	place := map[string]int{}
	for _, face := range faces {
		parsed, err := font.ParseTTF(bytes.NewReader(face.Data))
		if err != nil {
			return nil, fmt.Errorf("read the font %s %d: %w", face.Family, face.Weight, err)
		}
		if face.Weight == 0 {
			face.Weight = 400
		}
		if _, known := place[face.Family]; !known {
			place[face.Family] = len(place)
		}
		f.faces = append(f.faces, face)
		f.order = append(f.order, place[face.Family])
		f.parsed = append(f.parsed, parsed.Font)
	}
	f.setters.New = func() any { return newTypesetter(f) }
	return f, nil
}

// choose is the face for a character: of the first family that has it, the one
// whose weight fits best. It is −1 when no face has it.
func (f *Fonts) choose(r rune, weight int) int {
	best := -1
	for i, face := range f.parsed {
		if _, has := face.NominalGlyph(r); !has {
			continue
		}
		if best < 0 || f.order[i] < f.order[best] ||
			f.order[i] == f.order[best] && misfit(f.faces[i].Weight, weight) < misfit(f.faces[best].Weight, weight) {
			best = i
		}
	}
	return best
}

// misfit orders weights by how well they stand for another: CSS Fonts 4,
// section 5.2. A light text takes the next lighter first, a bold one the next
// bolder, and 400 and 500 try each other.
func misfit(have, want int) int {
	const last = 10_000
	distance := have - want
	switch {
	case have == want:
		return 0
	case want >= 400 && want <= 500:
		if have > want && have <= 500 {
			return distance
		}
		if have < want {
			return last - distance
		}
		return 2*last + distance
	case want < 400:
		if have < want {
			return -distance
		}
		return last + distance
	}
	if have > want {
		return distance
	}
	return last - distance
}
