package draw

import (
	"errors"
	"fmt"
	"sync"
	"weak"

	"github.com/go-text/typesetting/font"
)

// A Face is one font in one weight.
type Face struct {
	Family string // faces of one family stand for one another; empty: what the file says, as for Weight
	Weight int    // 1 to 1000 as in CSS; 0 is 400
	Data   []byte // of a TrueType or OpenType file with outlines, or of a collection of them; a PDF embeds single TrueType only

	// Open gives the data instead, when a text first needs the face; Covers says
	// for which characters that is: first, last, first, last…, ascending. It may
	// be called again, and by several at once.
	Open   func() ([]byte, error)
	Covers []rune
}

// Fonts are the faces that texts are set in. They never change, and may be
// used by several at once.
type Fonts struct {
	faces   []*file
	setters sync.Pool // of *typesetter: what was worked out for one picture serves the next
	widths  widths
	drawing chan struct{} // held by the one picture that is being drawn
	tools   weak.Pointer[tools]
}

// NewFonts takes faces. The families come in the order in which they are to be
// tried for a character; a family may be spread over several files, such as
// one for Latin and one for Cyrillic. Of a collection, every font that has
// characters which those before it lack is taken.
//
// The first face is read at once, for its heights are those of every line; of
// the others no more than what says which characters they have, until a text
// needs one of these. NewFonts fails without any face, and for data that is no
// font with outlines.
func NewFonts(faces ...Face) (*Fonts, error) {
	if len(faces) == 0 {
		return nil, errors.New("read the fonts: none was given")
	}
	f := &Fonts{drawing: make(chan struct{}, 1)}
	place := map[string]int{}
	for _, face := range faces {
		files, err := filesOf(face)
		if err != nil {
			return nil, fmt.Errorf("read the font %s %d: %w", face.Family, face.Weight, err)
		}
		for _, file := range files {
			if _, known := place[file.Family]; !known {
				place[file.Family] = len(place)
			}
			file.order = place[file.Family]
			f.faces = append(f.faces, file)
		}
	}
	if f.faces[0].open() == nil {
		return nil, fmt.Errorf("read the font %s %d: %w", faces[0].Family, faces[0].Weight, f.faces[0].failed)
	}
	f.setters.New = func() any { return newTypesetter(f) }
	return f, nil
}

// choose is the face for a character: of the first family that has it, the one
// whose weight fits best. It is −1 when no face has it.
func (f *Fonts) choose(r rune, weight int) int {
	best := -1
	for i, face := range f.faces {
		if best >= 0 && (face.order > f.faces[best].order ||
			face.order == f.faces[best].order && misfit(face.Weight, weight) >= misfit(f.faces[best].Weight, weight)) {
			continue
		}
		if face.has(r) && face.open() != nil {
			best = i
		}
	}
	return best
}

// A file is one font of those that were given.
type file struct {
	Face
	order  int // its family's place
	number int // within a collection

	once     sync.Once
	parsed   *font.Font
	failed   error // why it could not be read when it was needed
	embeds   bool  // the PDF library can embed it
	variable bool
}

// has says whether a face has a character.
func (f *file) has(r rune) bool {
	low, high := 0, len(f.Covers)/2
	for low < high {
		mid := (low + high) / 2
		switch {
		case r < f.Covers[2*mid]:
			high = mid
		case r > f.Covers[2*mid+1]:
			low = mid + 1
		default:
			return true
		}
	}
	return false
}

// data are the bytes of the file, which are not kept for a face that can be
// opened anew.
func (f *file) data() ([]byte, error) {
	if f.Data != nil || f.Open == nil {
		return f.Data, nil
	}
	return f.Open()
}

// open reads a face when it is first needed. One that can't be read has no
// characters: it gives nil.
func (f *file) open() *font.Font {
	f.once.Do(func() {
		data, err := f.data()
		if err == nil {
			err = f.parse(data)
		}
		f.failed = err
	})
	return f.parsed
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
