package watch

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// class says what a code point does to the words around it.
type class uint8

const (
	other  class = iota // ends a word
	letter              // part of a word
	digit               // part of a word
	solo                // a word of its own: scripts without spaces between words
	mark                // belongs to the letter before it, and is not compared
	skip                // invisible
	wild                // a wildcard; only while a term is read
)

// folded is what a code point becomes before it is compared.
type folded struct {
	class class
	n     uint8
	text  [6]byte
}

func (f *folded) bytes() []byte { return f.text[:f.n] }

const tableSize = 0x2000 // all alphabets of living languages but the CJK ones

// folds gives the table of the commonest code points. It never changes once
// it is made.
var folds = sync.OnceValue(func() *[tableSize]folded {
	var t [tableSize]folded
	for r := range rune(tableSize) {
		t[r] = foldOf(r)
	}
	return &t
})

// foldRune folds any code point.
func foldRune(r rune, table *[tableSize]folded) folded {
	switch {
	case r < tableSize:
		return table[r]
	case isSolo(r) && !needsComposing(r):
		return foldedTo(solo, utf8.AppendRune(nil, r))
	case r >= 0x2000 && r < 0x2c00 && !unicode.IsLetter(r):
		// Punctuation, symbols and pictures are far more frequent here than letters.
		return foldedTo(classOf(r), nil)
	}
	return foldOf(r)
}

func foldedTo(c class, text []byte) folded {
	f := folded{class: c}
	f.n = uint8(copy(f.text[:], text))
	return f
}

func foldOf(r rune) folded {
	c := classOf(r)
	switch c {
	case letter, digit:
		text := appendFolded(nil, r)
		if len(text) == 0 || len(text) > len(folded{}.text) {
			text = utf8.AppendRune(nil, unicode.ToLower(r))
		}
		return foldedTo(c, text)
	case solo:
		return foldedTo(c, norm.NFKC.AppendString(nil, string(r)))
	}
	return folded{class: c}
}

// appendFolded writes r in lower case, without marks, decomposed.
func appendFolded(b []byte, r rune) []byte {
	if s, ok := writtenOut(r); ok {
		return append(b, s...)
	}
	for _, d := range norm.NFKD.String(string(r)) {
		if isDroppedMark(d) || !unicode.In(d, unicode.L, unicode.M, unicode.Nd) {
			continue
		}
		d = unicode.ToLower(d)
		if s, ok := writtenOut(d); ok {
			b = append(b, s...)
			continue
		}
		b = utf8.AppendRune(b, d)
	}
	return b
}

// writtenOut folds letters that Unicode does not decompose.
func writtenOut(r rune) (string, bool) {
	switch r {
	case 'ß', 'ẞ':
		return "ss", true
	case 'æ', 'Æ':
		return "ae", true
	case 'œ', 'Œ':
		return "oe", true
	case 'ø', 'Ø':
		return "o", true
	case 'ł', 'Ł':
		return "l", true
	case 'đ', 'Đ', 'ð', 'Ð':
		return "d", true
	case 'þ', 'Þ':
		return "th", true
	case 'ħ', 'Ħ':
		return "h", true
	case 'ı', 'İ':
		return "i", true
	case 'ŧ', 'Ŧ':
		return "t", true
	case 'ĸ':
		return "k", true
	case 'ς':
		return "σ", true
	case 'ی', 'ى': // one letter to those who type it, on Persian, Egyptian and Arabic keyboards
		return "ي", true
	case 'ک':
		return "ك", true
	case 'ہ':
		return "ه", true
	}
	return "", false
}

func classOf(r rune) class {
	switch {
	case r < utf8.RuneSelf:
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z':
			return letter
		case '0' <= r && r <= '9':
			return digit
		}
		return other
	case r == 0x200b || r == utf8.RuneError:
		return other // the zero-width space is there to end words
	case r == 0x0640: // Arabic tatweel only stretches a word
		return skip
	case r == 0x02bc || r == 0x02bb || r == 0x02b9:
		return other // letters to Unicode, apostrophes to those who type them
	case isSolo(r):
		return solo
	case isDroppedMark(r):
		return mark
	case unicode.In(r, unicode.L, unicode.M, unicode.Nl):
		return letter
	case unicode.Is(unicode.Nd, r):
		return digit
	case unicode.Is(unicode.Cf, r):
		return skip
	}
	return other
}

// isSolo reports scripts that do not part words with spaces. Hangul does, but
// glues particles to names, so it is matched like its neighbours.
func isSolo(r rune) bool {
	switch {
	case r < 0x0e00:
		return false
	case r <= 0x0eff: // Thai, Lao
		return r != 0x0e3f && r != 0x0e4f && r != 0x0e5a && r != 0x0e5b && r != 0x0e2f
	case r >= 0x1000 && r <= 0x109f: // Burmese
		return r != 0x104a && r != 0x104b
	case r >= 0x1100 && r <= 0x11ff: // Hangul, in parts
		return true
	case r >= 0x1780 && r <= 0x17d3: // Khmer
		return true
	case r < 0x2e80:
		return false
	case r <= 0x2fdf, r >= 0x3005 && r <= 0x3007, r >= 0x3021 && r <= 0x3029:
		return true
	case r >= 0x3041 && r <= 0x31bf, r >= 0x31f0 && r <= 0x31ff: // kana, bopomofo, Hangul letters
		return r != 0x30fb && r != 0x30a0 && r != 0x309b && r != 0x309c && !(r >= 0x3190 && r <= 0x319f)
	case r >= 0x3400 && r <= 0x4dbf, r >= 0x4e00 && r <= 0x9fff: // Han
		return true
	case r >= 0xa960 && r <= 0xa97f, r >= 0xac00 && r <= 0xd7ff: // Hangul
		return true
	case r >= 0xf900 && r <= 0xfaff, r >= 0xff66 && r <= 0xff9f: // compatibility forms
		return true
	case r >= 0xffa0 && r <= 0xffdc:
		return true
	}
	return r >= 0x1b000 && r <= 0x1b16f || r >= 0x20000 && r <= 0x3ffff
}

// needsComposing reports code points of scripts without spaces that may be
// only a part of a character.
func needsComposing(r rune) bool {
	switch {
	case r >= 0x1100 && r <= 0x11ff, r >= 0xa960 && r <= 0xa97f, r >= 0xd7b0 && r <= 0xd7ff:
		return true
	case r == 0x3099 || r == 0x309a:
		return true
	}
	return r >= 0xf900 && r <= 0xfaff || r >= 0xff66 && r <= 0xffdc || r >= 0x2e80 && r <= 0x2fdf
}

// joinsBefore reports code points that make one character with the one before.
func joinsBefore(r rune) bool {
	switch {
	case r == 0x3099, r == 0x309a, r == 0xff9e, r == 0xff9f:
		return true
	}
	return r >= 0x1160 && r <= 0x11ff
}

// isDroppedMark reports marks that a reader may leave out: accents, Arabic and
// Hebrew points, variation selectors. Indic vowel signs are none of them.
func isDroppedMark(r rune) bool {
	switch {
	case r < 0x0300:
		return false
	case r <= 0x036f, r >= 0x0483 && r <= 0x0489:
		return true
	case r >= 0x0591 && r <= 0x05bd, r == 0x05bf, r >= 0x05c1 && r <= 0x05c2, r >= 0x05c4 && r <= 0x05c5, r == 0x05c7:
		return true
	case r >= 0x0610 && r <= 0x061a, r >= 0x064b && r <= 0x065f, r == 0x0670, r >= 0x06d6 && r <= 0x06ed && unicode.Is(unicode.Mn, r):
		return true
	case r >= 0x1ab0 && r <= 0x1aff, r >= 0x1dc0 && r <= 0x1dff, r >= 0x20d0 && r <= 0x20ff:
		return true
	}
	return r >= 0xfe00 && r <= 0xfe0f || r >= 0xfe20 && r <= 0xfe2f || r >= 0xe0100 && r <= 0xe01ef
}

// foldSymbol makes the many forms of one symbol equal: apostrophes, quotation
// marks, dashes, full-width forms.
func foldSymbol(r rune) rune {
	switch r {
	case '’', '‘', '‛', 'ʼ', 'ʻ', 'ʹ', '＇':
		return '\''
	case '“', '”', '„', '‟', '＂':
		return '"'
	case '‐', '‑', '‒', '–', '—', '―', '−', '－', '﹣':
		return '-'
	}
	if r >= 0xff01 && r <= 0xff5e {
		return r - 0xfee0
	}
	return r
}

// foldSymbols folds a string of symbols, without what can't be seen.
func foldSymbols(s string) string {
	return strings.Map(func(r rune) rune {
		if c := classOf(r); c == mark || c == skip {
			return -1
		}
		return foldSymbol(r)
	}, s)
}
