package story

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold gives a text as words with single spaces between: lower case, without
// diacritics, and with figures in one form. In scripts that put no spaces
// between words every character is a word. At most so many words are taken.
func fold(text string, most int) string {
	f := folder{out: make([]byte, 0, len(text)+8), left: most}
	if !isASCII(text) {
		text = norm.NFKD.String(text)
	}
	for i, size := 0, 0; i < len(text) && f.left >= 0; i += size {
		c := rune(text[i])
		size = 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(text[i:])
		}
		f.take(c, text[i+size:])
	}
	f.end()
	return string(f.out)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// folder puts folded words together.
type folder struct {
	out   []byte
	left  int // words that may still come
	begin int // of the word under way
	open  bool
	digit bool // the word begins with one
	last  rune
	skip  bool // the next character belongs to what is left out
}

func (f *folder) take(c rune, rest string) {
	if f.skip {
		f.skip = false
		return
	}
	switch {
	case c < utf8.RuneSelf && (c >= 'a' && c <= 'z' || c >= '0' && c <= '9'):
		f.letter(c)
	case c >= 'A' && c <= 'Z':
		f.letter(c + 'a' - 'A')
	case c == '\'' || c == '’' || c == 'ʼ':
		f.apostrophe(rest)
	case c == '.' || c == ',':
		f.point(c, rest)
	case currency(c) && rest != "" && isDigits(rest[:1]):
		f.end()
		f.letter(c)
		f.digit = true
	case c == '%' && f.open && f.digit:
		f.out = append(f.out, '%')
	case c < utf8.RuneSelf:
		f.end()
	case unicode.Is(unicode.Mn, c): // diacritics, once a character is taken apart
		if unspaced(f.last) { // a vowel or a tone of Thai or Lao
			f.out = utf8.AppendRune(f.out, c)
		}
	case unspaced(c):
		f.end()
		f.letter(c)
		f.open = false
	case unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c):
		f.letter(simple(unicode.ToLower(c)))
	default:
		f.end()
	}
}

func currency(c rune) bool { return c == '$' || c == '€' || c == '£' || c == '¥' || c == '₹' }

// simple is a letter that no decomposition takes apart, without its stroke.
func simple(c rune) rune {
	switch c {
	case 'ø':
		return 'o'
	case 'ł':
		return 'l'
	case 'đ', 'ð':
		return 'd'
	case 'ı':
		return 'i'
	case 'ё':
		return 'е'
	}
	return c
}

func (f *folder) letter(c rune) {
	if !f.open {
		f.begin, f.open = len(f.out), true
		f.digit = unicode.IsDigit(c)
		if f.left--; f.left < 0 {
			f.open = false
			return
		}
		if f.begin > 0 {
			f.out = append(f.out, ' ')
			f.begin++
		}
	}
	f.out, f.last = utf8.AppendRune(f.out, c), c
}

// apostrophe joins "isn't", and drops the "'s" of "Nokia's".
func (f *folder) apostrophe(rest string) {
	if !f.open {
		return
	}
	if rest != "" && (rest[0] == 's' || rest[0] == 'S') {
		next, _ := utf8.DecodeRuneInString(rest[1:])
		if rest[1:] == "" || !unicode.IsLetter(next) {
			f.skip = true
			f.end()
			return
		}
	}
	next, _ := utf8.DecodeRuneInString(rest)
	if !unicode.IsLetter(next) {
		f.end()
	}
}

// point keeps 4.5 in one piece, and makes us of U.S.
func (f *folder) point(c rune, rest string) {
	next, _ := utf8.DecodeRuneInString(rest)
	switch {
	case !f.open:
	case f.digit && unicode.IsDigit(next) && unicode.IsDigit(f.last):
		if c == '.' {
			f.out = append(f.out, '.')
		} else if len(rest) < 3 || !isDigits(rest[:3]) || len(rest) > 3 && isDigits(rest[3:4]) {
			f.out = append(f.out, '.') // a decimal comma
		}
	case c == '.' && unicode.IsLetter(next) && len(f.out)-f.begin <= 3 && !unicode.IsDigit(f.last) && short(f.out[f.begin:], rest):
	case c == '.' && !f.digit && len(f.out)-f.begin <= 4 && !unicode.IsLetter(next):
		f.end()
	default:
		f.end()
	}
}

// short says whether a word before a point, and what follows, look like
// initials: u.s., not amazon.com.
func short(word []byte, rest string) bool {
	if len(rest) > 1 {
		after, _ := utf8.DecodeRuneInString(rest[1:])
		return !unicode.IsLetter(after) || len(word) == 1 && rest[1] == '.'
	}
	return true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func (f *folder) end() { f.open = false }

// unspaced says whether a character is of a script without spaces between
// words.
func unspaced(c rune) bool {
	if c < 0x0e00 {
		return false
	}
	return unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) || c == 'ー'
}

// words takes folded text apart.
func words(folded string, into []string) []string {
	for folded != "" {
		word, rest, _ := strings.Cut(folded, " ")
		if word != "" { // what another process wrote may be anything
			into = append(into, word)
		}
		folded = rest
	}
	return into
}
