package story

import (
	"math/bits"
	"slices"

	"github.com/cespare/xxhash/v2"
)

const (
	leadBytes  = 800 // of a text that are looked at
	leadWords  = 60
	leastLead  = 18  // shingles of a text that groups
	nearLead   = 0.8 // of the shorter one's shingles are in the longer one
	simBands   = 4
	mostFlips  = 3
	leadKeys   = 4
	sharedName = 2 // words that the titles of a text and its reprint share
)

// lead is how a text begins.
type lead struct {
	shingles []uint32 // sorted; none: the text is too short
	figures  []uint32 // likewise
	sim      uint64
	keys     [leadKeys]uint64
}

// leadOf reads how a text begins.
func (x *lexicon) leadOf(text string) lead {
	if len(text) < 3*leastLead {
		return lead{}
	}
	if len(text) > leadBytes {
		text = text[:leadBytes]
	}
	list := x.figured(words(fold(text, leadWords), make([]string, 0, leadWords)))
	list = list[:max(0, min(len(list)-1, leadWords))] // the last one may be a part of a word
	var l lead
	shingles, keys := shinglesOf(list)
	if len(shingles) < leastLead {
		return l
	}
	l.shingles, l.sim = shingles, simHash(list)
	for k := range l.keys {
		l.keys[k] = key(keyLead+keyKind(k), keys[k])
	}
	for _, w := range list {
		if x.figure(w) {
			l.figures = append(l.figures, uint32(xxhash.Sum64String(w)))
		}
	}
	slices.Sort(l.figures)
	l.figures = slices.Compact(l.figures)
	return l
}

// simHash is a fingerprint of words and pairs of words: texts that differ
// little differ in few of its bits.
func simHash(list []string) uint64 {
	var count [8]uint64 // one number for each bit, its digits in eight words
	votes := 0
	vote := func(h uint64) {
		votes++
		for k := range count {
			count[k], h = count[k]^h, count[k]&h
			if h == 0 {
				return
			}
		}
	}
	var before uint64
	for _, w := range list {
		h := xxhash.Sum64String(w)
		vote(h)
		if before != 0 {
			vote((bits.RotateLeft64(before, 17) ^ h) * 0x9e3779b97f4a7c15)
		}
		before = h
	}
	var sim uint64
	for bit := range 64 {
		n := 0
		for k := range count {
			n |= int(count[k]>>bit&1) << k
		}
		if 2*n > votes {
			sim |= 1 << bit
		}
	}
	return sim
}

// bands are the four parts of a fingerprint: of two that differ in three bits
// one part is the same.
func bands(sim uint64) (keys [simBands]uint64) {
	for k := range keys {
		keys[k] = key(keyBand+keyKind(k), sim>>(16*k)&0xffff)
	}
	return keys
}

// same says whether two texts begin alike, and with the same figures.
func (l *lead) same(other *lead) bool {
	short := min(len(l.shingles), len(other.shingles))
	return short >= leastLead && float64(common(l.shingles, other.shingles)) >= nearLead*float64(short) &&
		common(l.figures, other.figures) == min(len(l.figures), len(other.figures)) // one may go on for longer
}

// sharesWords says whether the titles of two texts with one beginning speak of
// the same: what stands under all texts of a publisher ("Sign up for …") is no
// beginning.
func (l *lexicon) sharesWords(a, b []string, sameOutlet bool) bool {
	if len(a) == 0 || len(b) == 0 {
		return !sameOutlet
	}
	n := 0
	for i, w := range a {
		if l.kinds[w]&isEmpty == 0 && !slices.Contains(a[:i], w) && slices.ContainsFunc(b, func(other string) bool { return w == other || variants(w, other) }) {
			n++
		}
	}
	least := sharedName
	if sameOutlet {
		least = max(least, (min(len(a), len(b))+1)/2)
	}
	return n >= least
}

// sameEvent says whether the titles over two texts that begin alike may speak
// of the same.
func (l *lexicon) sameEvent(a, b *title, sameOutlet bool) bool {
	other := words(b.plain, make([]string, 0, 16))
	figuresA, figuresB := l.figures(a.words), l.figures(other)
	return (len(rest(figuresA, figuresB)) == 0 || len(rest(figuresB, figuresA)) == 0) && l.sharesWords(a.words, other, sameOutlet)
}
