package feed

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const fnvBasis, fnvPrime = 14695981039346656037, 1099511628211

// mix spreads the bits of x (the finaliser of MurmurHash3).
func mix(x uint64) uint64 {
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// word is one word of a text.
type word struct {
	hash   uint64 // 0: it says nothing
	number bool   // digits alone
	digits bool   // among others
	colon  bool   // one follows

	address bool // what follows its ? or # says nothing
}

// class is what a byte is in a word.
type class uint8

const (
	mark   class = iota // punctuation counts inside a word alone
	space               // ends a word
	letter              // in lower case
	upper
	digit
	sign  // counts like a letter, as in C++ and 3%
	quote // of two forms
	minus // counts ahead of a digit, and inside a word
	more  // the first byte of a longer character
)

var classes = func() (table [256]class) {
	for c := range table {
		switch {
		case c >= utf8.RuneSelf:
			table[c] = more
		case c <= ' ' && unicode.IsSpace(rune(c)):
			table[c] = space
		case c >= 'a' && c <= 'z':
			table[c] = letter
		case c >= 'A' && c <= 'Z':
			table[c] = upper
		case c >= '0' && c <= '9':
			table[c] = digit
		}
	}
	for _, c := range "%&@#+" {
		table[c] = sign
	}
	table['\''], table['-'] = quote, minus
	return table
}()

// classOf is the class of a character beyond ASCII.
func classOf(r rune) (rune, class) {
	switch {
	case r == '’':
		return '\'', quote
	case r == '−':
		return '-', minus
	case unicode.IsSpace(r):
		return r, space
	case unicode.IsPunct(r):
		return r, mark
	}
	return unicode.ToLower(r), letter
}

// eachWord hands on the words of s.
func eachWord(s string, use func(word)) {
	var w word
	hash := uint64(fnvBasis) // of the word so far; w.hash is up to its last character that counts
	inside, figure := false, true
	for i := 0; i <= len(s); i++ {
		r, c := rune(' '), space
		if i < len(s) {
			r, c = rune(s[i]), classes[s[i]]
			if c == more {
				var size int
				r, size = utf8.DecodeRuneInString(s[i:])
				r, c = classOf(r)
				i += size - 1
			}
		}
		switch c {
		case space:
			if w.hash != 0 {
				w.number = figure && w.digits
				use(w)
			}
			w, hash, inside, figure = word{}, fnvBasis, false, true
			continue
		case mark, quote, minus:
			w.colon = r == ':'
			w.address = w.address || w.colon && strings.HasPrefix(s[i:], "://")
			if r == '?' && w.address {
				i = skipWord(s, i)
				continue
			}
			if inside || c == minus && i+1 < len(s) && classes[s[i+1]] == digit {
				hash = (hash ^ uint64(r)) * fnvPrime
			}
			continue
		case upper:
			r += 'a' - 'A'
			figure = false
		case letter:
			figure = false
		case digit:
			w.digits = true
		case sign:
			if r == '#' && w.address {
				i = skipWord(s, i)
				continue
			}
		}
		inside = true
		hash = (hash ^ uint64(r)) * fnvPrime
		w.hash = hash
	}
}

// skipWord gives the last byte of the word at i.
func skipWord(s string, i int) int {
	for i+1 < len(s) && classes[s[i+1]] != space {
		i++
	}
	return i
}
