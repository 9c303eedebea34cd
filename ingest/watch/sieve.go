package watch

import (
	"bytes"
	"strings"
	"sync"
	"unicode/utf8"
)

// Sieve tells cheaply of most texts that a query can't match them. It is safe
// for concurrent use.
type Sieve struct {
	words [][]byte // of ASCII
	more  [][]byte // of other letters: they are in no plain text
	open  bool     // nothing can be told
	solo  bool     // nor can it of texts that aren't plain
	rooms sync.Pool
}

// Sieve gives the query's.
func (q *Query) Sieve() *Sieve {
	m := q.solo()
	keys, _, ok := m.queries[0].required()
	if !ok {
		return &Sieve{open: true}
	}
	s := &Sieve{}
	for _, key := range keys {
		word := m.vocabulary.words[key]
		if word == "" {
			word = m.vocabulary.patterns[key]
			word = word[:strings.IndexAny(word, "*?")]
		}
		switch {
		case word == "":
			return &Sieve{open: true}
		case isASCII(word):
			s.words = append(s.words, []byte(word))
		case strings.ContainsFunc(word, func(r rune) bool { return classOf(r) != letter && classOf(r) != digit }):
			s.solo = true // characters that texts may write in parts
		default:
			s.more = append(s.more, []byte(word))
		}
	}
	return s
}

// MayMatch is false for texts that don't match. The text is given in lower
// case as far as it is ASCII, title and body in one.
func (s *Sieve) MayMatch(lower []byte) bool {
	if s.open {
		return true
	}
	for _, word := range s.words {
		if bytes.Contains(lower, word) {
			return true
		}
	}
	if isPlain(lower) {
		return false
	}
	if s.solo {
		return true
	}
	room, _ := s.rooms.Get().(*[]byte)
	if room == nil {
		room = new([]byte)
	}
	folded := appendLetters((*room)[:0], lower)
	defer func() { *room = folded[:0]; s.rooms.Put(room) }()
	for _, words := range [...][][]byte{s.words, s.more} {
		for _, word := range words {
			if bytes.Contains(folded, word) {
				return true
			}
		}
	}
	return false
}

// appendLetters writes a text with its letters and digits folded, as they are
// in words, and with a space for all else.
func appendLetters(b, text []byte) []byte {
	table := folds()
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			b = append(b, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		i += n
		var far folded
		f := &far
		if r < tableSize {
			f = &table[r]
		} else {
			far = foldRune(r, table)
		}
		switch f.class {
		case letter, digit:
			b = append(b, f.bytes()...)
		case mark, skip:
		default:
			b = append(b, ' ')
		}
	}
	return b
}

// isPlain tells whether the words of a text are of ASCII letters and digits
// alone: then each is found in it byte by byte.
func isPlain(text []byte) bool {
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if classOf(r) != other {
			return false
		}
		i += n
	}
	return true
}
