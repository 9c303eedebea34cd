package watch

import (
	"math/bits"
	"unicode/utf8"
)

// atom is the smallest part of a text that a term can be made of: a run of
// letters and digits, or one character of a script without spaces.
type atom struct {
	start, end    int32 // bytes in its field
	fold, foldEnd int32 // bytes in document.folded
	key           int32 // of the word in the vocabulary; 0: no query knows it
	word          int32 // number of the word it is part of; see bodyWords
	flags         atomFlags
}

type atomFlags uint8

const (
	gluedLeft  atomFlags = 1 << iota // no term may begin here
	gluedRight                       // no term may end here
	startsWithDigit
	endsInDigit
	isSoloAtom
)

func (a *atom) has(f atomFlags) bool { return a.flags&f != 0 }

// bodyWords is what word numbers of the body begin at, so that no distance
// between title and body is small.
const bodyWords = 1 << 30

// occurrence is a place of a vocabulary key in the text; places of one key
// form a list in the order of the text.
type occurrence struct{ atom, next int32 }

// document is a text on the bench: taken apart once, asked by many queries.
type document struct {
	text        *Text // what is known beside its words
	title, body string
	titleAtoms  int32 // atoms before this one are of the title
	atoms       []atom
	folded      []byte
	occs        []occurrence
	touched     []int32 // keys that occur

	// By key; valid where stamps[key] == stamp.
	heads, tails []int32
	stamps       []uint32
	stamp        uint32

	// By query: those already tried.
	tried      []uint32
	candidates []int32

	near [][]hit // room for evaluating NEAR
	hits []hit   // room for collecting spans
}

func newDocument(keys, queries int) *document {
	return &document{
		heads: make([]int32, keys), tails: make([]int32, keys),
		stamps: make([]uint32, keys), tried: make([]uint32, queries),
	}
}

// maxKeptAtoms bounds what a pooled document holds on to.
const maxKeptAtoms = 1 << 15

func (d *document) reusable() bool {
	return cap(d.atoms) <= maxKeptAtoms && cap(d.occs) <= 2*maxKeptAtoms && cap(d.hits) <= maxKeptAtoms && len(d.near) <= 16
}

// read takes a text apart and looks its words up.
func (d *document) read(v *vocabulary, title, body string) {
	d.title, d.body = title, body
	d.atoms, d.folded, d.occs, d.touched = d.atoms[:0], d.folded[:0], d.occs[:0], d.touched[:0]
	d.stamp++
	if d.stamp == 0 { // wrapped: old stamps could be taken for new ones
		clear(d.stamps)
		clear(d.tried)
		d.stamp = 1
	}
	d.scan(v, title, 0, false)
	d.titleAtoms = int32(len(d.atoms))
	d.scan(v, body, bodyWords, false)
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// scan appends the atoms of one field. With wildcards, * and ? are letters.
func (d *document) scan(v *vocabulary, text string, word int32, wildcards bool) {
	table := folds()
	first := len(d.atoms)
	for i := 0; i < len(text); {
		a := atom{start: int32(i), fold: int32(len(d.folded))}
		hash := uint64(fnvOffset)
		cls := other
	run:
		for i < len(text) {
			var f *folded
			size := 1
			if c := text[i]; c < utf8.RuneSelf {
				f = &table[c]
				if wildcards && (c == '*' || c == '?') {
					f = &folded{class: wild, n: 1, text: [6]byte{c}}
				}
			} else {
				r, n := utf8.DecodeRuneInString(text[i:])
				size = n
				if r < tableSize {
					f = &table[r]
				} else {
					far := foldRune(r, table)
					f = &far
				}
			}
			switch f.class {
			case letter, digit, wild:
				for _, b := range f.bytes() {
					d.folded = append(d.folded, b)
					hash = (hash ^ uint64(b)) * fnvPrime
				}
				if cls == other && f.class == digit {
					a.flags |= startsWithDigit
				}
				cls = f.class
				i += size
				a.end = int32(i)
			case mark:
				i += size
				if cls == other {
					break run
				}
				a.end = int32(i)
			case skip:
				i += size
				if cls == other {
					break run
				}
			case solo:
				if cls != other {
					break run
				}
				cls = solo
				a.flags |= isSoloAtom
				i = d.scanSolo(text, i, size, f)
				a.end = int32(i)
				for _, b := range d.folded[a.fold:] {
					hash = (hash ^ uint64(b)) * fnvPrime
				}
				break run
			default:
				if cls == other {
					i += size
				}
				break run
			}
		}
		if cls == other {
			continue
		}
		a.foldEnd = int32(len(d.folded))
		if a.foldEnd == a.fold { // nothing but a stretched line
			continue
		}
		if cls == digit {
			a.flags |= endsInDigit
		}
		if last := len(d.atoms) - 1; last < first || !d.joined(text, &d.atoms[last], &a) {
			word++
		}
		a.word = word
		if v != nil {
			d.lookUp(v, &a, hash)
		}
		d.atoms = append(d.atoms, a)
	}
}

// scanSolo folds one character of a script without spaces, which may be
// written in parts, and returns where it ends.
func (d *document) scanSolo(text string, i, size int, f *folded) int {
	end := i + size
	if text[i] >= 0xe1 { // what composes begins at U+1100
		for end < len(text) && text[end] >= 0xe1 {
			r, n := utf8.DecodeRuneInString(text[end:])
			if !joinsBefore(r) {
				break
			}
			end += n
			if end-i > 16 {
				break
			}
		}
	}
	if end == i+size {
		d.folded = append(d.folded, f.bytes()...)
		return end
	}
	d.folded = composed.AppendString(d.folded, text[i:end])
	return end
}

// lookUp finds what queries know about an atom that is about to be appended.
func (d *document) lookUp(v *vocabulary, a *atom, hash uint64) {
	text := d.folded[a.fold:a.foldEnd]
	if key := v.find(hash, text); key != 0 {
		a.key = key
		d.note(key)
	}
	if lengths := v.prefixes[text[0]]; lengths != 0 {
		for ; lengths != 0; lengths &= lengths - 1 {
			n := bits.TrailingZeros64(lengths)
			if n > len(text) {
				break
			}
			for _, key := range v.byPrefix[string(text[:n])] {
				if wildcardMatch(v.patterns[key], text) {
					d.note(key)
				}
			}
		}
	}
	for _, key := range v.anyPrefix {
		if wildcardMatch(v.patterns[key], text) {
			d.note(key)
		}
	}
}

// note adds the next atom to the places of a key.
func (d *document) note(key int32) {
	at := int32(len(d.occs))
	d.occs = append(d.occs, occurrence{atom: int32(len(d.atoms)), next: -1})
	if d.stamps[key] != d.stamp {
		d.stamps[key] = d.stamp
		d.heads[key] = at
		d.touched = append(d.touched, key)
	} else {
		d.occs[d.tails[key]].next = at
	}
	d.tails[key] = at
}

// first gives the first place of a key, or −1.
func (d *document) first(key int32) int32 {
	if d.stamps[key] != d.stamp {
		return -1
	}
	return d.heads[key]
}

// field gives the text that an atom is in.
func (d *document) field(at int32) string {
	if at < d.titleAtoms {
		return d.title
	}
	return d.body
}

// sameField reports whether both atoms exist and are in one field.
func (d *document) sameField(a, b int32) bool {
	return a >= 0 && b < int32(len(d.atoms)) && (a < d.titleAtoms) == (b < d.titleAtoms)
}
