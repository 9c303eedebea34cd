package topic

import (
	"math"

	"github.com/cespare/xxhash/v2"
)

// The sketch takes sketchRows × sketchWidth × 2 bytes: 768 KiB.
const (
	sketchRows  = 3
	sketchWidth = 1 << 17
	// decayAt is the number of texts after which all counts are halved, so
	// that what was rare last season may be common now, and noise is forgotten.
	decayAt = 40000
)

// sketch counts in how many texts a term occurred: a count-min sketch with
// conservative update. Counts are never too low (but for decay) and seldom
// much too high.
type sketch struct {
	cells []uint16 // sketchRows rows of sketchWidth
	texts float64  // learned, decayed like the counts

	tongues map[tongue]float64 // the same, of each language
}

func newSketch() *sketch {
	return &sketch{cells: make([]uint16, sketchRows*sketchWidth), tongues: map[tongue]float64{}}
}

// cellsOf derives one cell a row from one hash.
func cellsOf(hash uint64) [sketchRows]uint32 {
	low, high := uint32(hash), uint32(hash>>32)|1
	var at [sketchRows]uint32
	for row := range uint32(sketchRows) {
		at[row] = row*sketchWidth + (low+row*high)%sketchWidth
	}
	return at
}

func (s *sketch) count(hash uint64) float64 {
	lowest := uint16(math.MaxUint16)
	for _, at := range cellsOf(hash) {
		lowest = min(lowest, s.cells[at])
	}
	return float64(lowest)
}

func (s *sketch) add(hash uint64) {
	at := cellsOf(hash)
	lowest := uint16(math.MaxUint16)
	for _, i := range at {
		lowest = min(lowest, s.cells[i])
	}
	if lowest == math.MaxUint16 {
		return
	}
	for _, i := range at {
		if s.cells[i] == lowest {
			s.cells[i]++
		}
	}
}

// endText counts a text, and halves everything when it is time.
func (s *sketch) endText(in tongue) {
	s.texts++
	if _, known := s.tongues[in]; known || len(s.tongues) < maxTongues {
		s.tongues[in]++
	}
	if s.texts < decayAt {
		return
	}
	for i := range s.cells {
		s.cells[i] >>= 1
	}
	s.texts /= 2
	for in := range s.tongues {
		s.tongues[in] /= 2
	}
}

// tongue keeps the facts of one language from those of others.
type tongue uint64

// english is what is English, and what may be.
const english tongue = 0

// maxTongues bounds the languages whose texts are counted: tags come from
// feeds.
const maxTongues = 256

func tongueOf(lang string) tongue {
	if lang = primary(lang); isEnglish(lang) {
		return english
	}
	return tongue(hashOf('g', lang) | 1)
}

// hash names a fact about a term in the language of the text in hand.
func (x *Extractor) hash(kind byte, term string) uint64 {
	var d xxhash.Digest
	d.ResetWithSeed(uint64(kind) ^ uint64(x.tongue)<<8)
	_, _ = d.WriteString(term)
	return d.Sum64()
}

// Kinds of facts that share the sketch.
const (
	factTerm  = 't' // a word or phrase occurred
	factLower = 'l' // a word was written in lower case
	factUpper = 'u' // a word was capitalised where nothing asked for it
	factOwn   = 'o' // a word was a part of a watched name: Joe Biden, Elon Musk
	factBare  = 'b' // a word with a capital was written without 's
)

// hashOf names a fact about a term.
func hashOf(kind byte, term string) uint64 {
	var d xxhash.Digest
	d.ResetWithSeed(uint64(kind))
	_, _ = d.WriteString(term)
	return d.Sum64()
}
