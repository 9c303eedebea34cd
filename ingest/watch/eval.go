package watch

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// hit is one place where a term stands.
type hit struct {
	first, last int32 // atoms
	start, end  int32 // bytes in the field
	body        bool
	words       [2]int32 // numbers of its first and last word
	marked      bool     // by NEAR: it took part
}

// eval answers a query without saying where.
func (d *document) eval(n *node) bool {
	switch n.op {
	case opTerm:
		if n.leaf.simple {
			return d.has(n.leaf) != n.negated
		}
		c := d.places(n.leaf)
		return c.next() != n.negated
	case opNear:
		return d.nearby(n) != n.negated
	case opFact:
		return d.text.Open || d.text.is(n.fact) != n.negated
	case opAnd:
		for _, kid := range n.kids {
			if !d.eval(kid) {
				return false
			}
		}
		return true
	}
	for _, kid := range n.kids {
		if d.eval(kid) {
			return true
		}
	}
	return false
}

// has is the short way of places for a plain word.
func (d *document) has(l *leaf) bool {
	for o := d.first(l.keys[0]); o >= 0; o = d.occs[o].next {
		at := d.occs[o].atom
		if l.title && at >= d.titleAtoms {
			return false
		}
		if !d.atoms[at].has(gluedLeft | gluedRight) {
			return true
		}
	}
	return false
}

// cursor walks over the places of a term, in the order of the text.
type cursor struct {
	d    *document
	l    *leaf
	occ  int32 // next occurrence of the anchor
	hit  hit
	body bool  // of a term of symbols: the field being searched
	from int32 // and where to go on
	done bool
}

func (d *document) places(l *leaf) cursor {
	c := cursor{d: d, l: l, occ: -1}
	if l.symbols == "" {
		c.occ = d.first(l.keys[l.anchor])
	}
	return c
}

// next moves to the next place and reports whether there is one.
func (c *cursor) next() bool {
	if c.l.symbols != "" {
		return c.nextSymbols()
	}
	for c.occ >= 0 {
		at := c.d.occs[c.occ].atom
		c.occ = c.d.occs[c.occ].next
		if c.l.title && at >= c.d.titleAtoms {
			c.occ = -1
			return false
		}
		if c.standsAt(at - int32(c.l.anchor)) {
			return true
		}
	}
	return false
}

// standsAt compares the whole term with the atoms from first on.
func (c *cursor) standsAt(first int32) bool {
	d, l := c.d, c.l
	last := first + int32(len(l.parts)) - 1
	if first < 0 || !d.sameField(first, last) {
		return false
	}
	text := d.field(first)
	for i := range l.parts {
		a := &d.atoms[first+int32(i)]
		p := &l.parts[i]
		if i != l.anchor && a.key != l.keys[i] {
			if !p.isPattern() || !wildcardMatch(p.folded, d.folded[a.fold:a.foldEnd]) {
				return false
			}
		}
		if p.exact != "" && !exactly(p.exact, text[a.start:a.end]) {
			return false
		}
		if i > 0 && p.gap.kind != gapAny && !p.gap.matches(text[d.atoms[first+int32(i)-1].end:a.start]) {
			return false
		}
	}
	a, z := &d.atoms[first], &d.atoms[last]
	start, end := a.start, z.end
	if l.before != "" {
		n, ok := symbolsBefore(text[:start], l.before)
		if !ok {
			return false
		}
		start -= int32(n)
	} else if a.has(gluedLeft) {
		return false
	}
	if l.after != "" {
		n, ok := symbolsAfter(text[end:], l.after)
		if !ok {
			return false
		}
		end += int32(n)
	} else if z.has(gluedRight) && !strings.HasSuffix(l.parts[len(l.parts)-1].folded, "*") {
		return false
	}
	c.hit = hit{first: first, last: last, start: start, end: end, body: first >= d.titleAtoms, words: [2]int32{a.word, z.word}}
	return true
}

// exactly compares a word with an exact term: composed and decomposed letters
// are the same, nothing else is.
func exactly(want, text string) bool {
	if want == text {
		return true
	}
	if strings.ContainsAny(want, "*?") {
		return wildcardMatch(want, norm.NFC.String(text))
	}
	return norm.NFC.String(text) == want
}

// symbolsAfter reports whether text begins with the folded symbols, and how
// many bytes they take there.
func symbolsAfter(text, symbols string) (int, bool) {
	i := 0
	for _, want := range symbols {
		for {
			if i >= len(text) {
				return 0, false
			}
			r, n := utf8.DecodeRuneInString(text[i:])
			i += n
			if foldSymbol(r) == want {
				break
			}
			if !unseen(r) {
				return 0, false
			}
		}
	}
	return i, true
}

// symbolsBefore is symbolsAfter, from the end of text backwards.
func symbolsBefore(text, symbols string) (int, bool) {
	i := len(text)
	for symbols != "" {
		want, size := utf8.DecodeLastRuneInString(symbols)
		symbols = symbols[:len(symbols)-size]
		for {
			if i <= 0 {
				return 0, false
			}
			r, n := utf8.DecodeLastRuneInString(text[:i])
			i -= n
			if foldSymbol(r) == want {
				break
			}
			if !unseen(r) {
				return 0, false
			}
		}
	}
	return len(text) - i, true
}

func unseen(r rune) bool {
	c := classOf(r)
	return c == mark || c == skip
}

// nextSymbols finds a term of symbols wherever it stands.
func (c *cursor) nextSymbols() bool {
	d := c.d
	first, _ := utf8.DecodeRuneInString(c.l.symbols)
	for !c.done {
		text := d.title
		if c.body {
			text = d.body
		}
		for at := int(c.from); at < len(text); {
			next := indexSymbol(text[at:], first)
			if next < 0 {
				break
			}
			at += next
			if n, ok := symbolsAfter(text[at:], c.l.symbols); ok {
				c.from = int32(at + n)
				c.hit = d.symbolHit(int32(at), int32(at+n), c.body)
				return true
			}
			_, n := utf8.DecodeRuneInString(text[at:])
			at += n
		}
		if c.body || c.l.title {
			c.done = true
		}
		c.body, c.from = true, 0
	}
	return false
}

// indexSymbol finds a folded symbol in any of its forms.
func indexSymbol(text string, symbol rune) int {
	if symbol >= utf8.RuneSelf {
		return strings.IndexRune(text, symbol) // only ASCII symbols have other forms
	}
	for i, r := range text {
		if r == symbol || r >= utf8.RuneSelf && foldSymbol(r) == symbol {
			return i
		}
	}
	return -1
}

// symbolHit places symbols among the words, between which they stand.
func (d *document) symbolHit(start, end int32, body bool) hit {
	low, high := int32(0), d.titleAtoms
	word := int32(0)
	if body {
		low, high, word = d.titleAtoms, int32(len(d.atoms)), bodyWords
	}
	begin := low
	for low < high { // the first atom that begins behind the symbols
		mid := (low + high) / 2
		if d.atoms[mid].start < end {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low > begin {
		word = d.atoms[low-1].word
	}
	return hit{first: low, last: low - 1, start: start, end: end, body: body, words: [2]int32{word, word}}
}
