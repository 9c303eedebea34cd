package feed

import (
	"math"
	"strings"
	"sync"
)

// A gist is what is kept of an item's words, to tell next time whether it says
// something else: two hashes, and a sketch of its headline by which a changed
// headline is told from another one.
//
// Words are compared without regard to case, white space and punctuation
// around them. Figures that count what readers do ("12 comments", "Points: 3",
// "5 minutes ago"), and what follows the ? of an address, say nothing.
type gist struct {
	headline uint32 // the title, else the text
	text     uint32 // 0: there is none
	sketch   sketch // of the headline
	words    int    // of the headline
	length   int    // of the text, in words
}

func gistOf(title, text string) gist {
	var g gist
	var whole uint64
	whole, g.length = fingerprint(text)
	if g.length > 0 {
		g.text = uint32(whole) | 1 // 0 means none
	}
	head := title
	if whole, g.words = fingerprint(title); g.words == 0 {
		head = clip(text, maxSketched)
		whole, g.words = uint64(g.text), g.length
	}
	g.headline = uint32(whole)
	g.sketch = sketchOf(head)
	return g
}

// maxSketched is how much of a text without a title stands for its headline,
// in code points.
const maxSketched = 300

// fingerprint hashes the words of s in their order, and counts them.
func fingerprint(s string) (hash uint64, n int) {
	hash = fnvBasis
	var held [3]word // the last words: what is said around a figure decides about it
	add := func(w word) {
		if w.hash != 0 {
			hash = mix(hash ^ w.hash)
			n++
		}
	}
	kinds := around()
	eachWord(s, func(w word) {
		a, b := &held[1], &held[2]
		switch {
		case w.number && b.hash != 0:
			if k := kinds[b.hash]; k == counted || k == scored && b.colon { // Comments: 12, Points: 3
				w.hash, b.hash = 0, 0
			}
		case b.number && kinds[w.hash] == counted: // 12 comments
			w.hash, b.hash = 0, 0
		case a.number && kinds[b.hash] == span && kinds[w.hash] == ago: // 5 minutes ago, 3 min read
			a.hash, b.hash, w.hash = 0, 0, 0
		}
		add(held[0])
		held[0], held[1], held[2] = held[1], held[2], w
	})
	for _, w := range held {
		add(w)
	}
	return hash, n
}

// kind says what a word is beside a figure.
type kind uint8

const (
	plainWord kind = iota
	counted        // comments: a figure beside it counts what readers did
	scored         // points: likewise, after a colon
	span           // minutes
	ago            // ago, read
)

// around are the words that make a figure beside them one of readers or of the
// hour at which the document was made.
var around = sync.OnceValue(func() map[uint64]kind {
	m := map[uint64]kind{}
	for k, list := range map[kind]string{
		counted: "comment comments reply replies response responses kommentar kommentare kommentarer kommentti kommenttia " +
			"commentaire commentaires comentario comentarios comentário comentários commento commenti reactie reacties antworten " +
			"комментариев комментария комментарий コメント 评论",
		scored: "points point votes upvotes likes views reads shares score",
		span:   "second seconds minute minutes min mins hour hours day days",
		ago:    "ago read",
	} {
		for w := range strings.FieldsSeq(list) {
			eachWord(w, func(w word) { m[w.hash] = k })
		}
	}
	return m
})

// A sketch is what is compared of two headlines that aren't equal: six minima
// of hashes of their words, of eight bits each, which agree as often as the
// sets of words do (Broder's MinHash), and sixteen bits of all figures in them.
// 0 is the sketch of nothing.
type sketch uint64

const sketchSlots = 6

func sketchOf(s string) sketch {
	var least [sketchSlots]uint64
	for k := range least {
		least[k] = math.MaxUint64
	}
	some := false
	add := func(hash uint64) {
		some = true
		for k := range least {
			least[k] = min(least[k], mix(hash+uint64(k)*0x9e3779b97f4a7c15))
		}
	}
	var figures uint64
	eachWord(s, func(w word) {
		if w.digits {
			figures += mix(w.hash)
		}
		add(w.hash)
	})
	// Where words aren't parted by spaces, pairs of letters stand for them.
	var before rune
	for _, r := range s {
		if r >= 0x2e80 || r >= 0x0e00 && r < 0x1100 {
			if before != 0 {
				add(mix(uint64(before)<<32 | uint64(r)))
			}
			before = r
		} else {
			before = 0
		}
	}
	if !some {
		return 0
	}
	sk := sketch(figures & 0xffff)
	for k, v := range least {
		sk |= sketch(v&0xff) << (16 + 8*k)
	}
	return sk
}

// like says whether two headlines have most words in common: of six minima
// that many agree.
func (a sketch) like(b sketch, least int) bool {
	if a == 0 || b == 0 {
		return false
	}
	n := 0
	for k := range sketchSlots {
		if byte(a>>(16+8*k)) == byte(b>>(16+8*k)) {
			n++
		}
	}
	return n >= least
}

// sameFigures says whether all figures in two headlines are equal: "Story 1"
// and "Story 2" are not one story.
func (a sketch) sameFigures(b sketch) bool { return uint16(a) == uint16(b) }
