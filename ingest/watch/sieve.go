package watch

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Sieve tells cheaply of most texts that a query can't match them. It is safe
// for concurrent use.
type Sieve struct {
	words [][]byte // one of them is in every plain text that matches
	open  bool     // nothing can be told
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
		case !isASCII(word): // it is in no plain text
		case word == "":
			return &Sieve{open: true}
		default:
			s.words = append(s.words, []byte(word))
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
	return !isPlain(lower)
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
