package feed

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// dateToken is a run of digits or of letters, or one other sign. Sep tells
// that white space stands ahead of it.
type dateToken struct {
	text  string
	digit bool
	word  bool
	sep   bool
}

// maxDateTokens bounds what is looked at: no date has more parts.
const maxDateTokens = 48

func dateTokens(s string) []dateToken {
	s = westernDigits(s)
	toks := make([]dateToken, 0, 16)
	sep := false
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		j := i + n
		t := dateToken{sep: sep}
		switch {
		case unicode.IsSpace(r), invisible(r), r == 0x200e, r == 0x200f, r == 0x61c,
			r == ',' && (j >= len(s) || !isDigit(s[j]) || i == 0 || !isDigit(s[i-1])):
			sep = true
			i = j
			continue
		case isDigit(s[i]):
			for j < len(s) && isDigit(s[j]) {
				j++
			}
			t.digit, t.text = true, s[i:j]
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana):
			t.word, t.text = true, s[i:j]
			for _, x := range eastAsian {
				if strings.HasPrefix(s[i:], x.text) {
					t.text = x.text
					j = i + len(x.text)
					break
				}
			}
		case unicode.IsLetter(r):
			for j < len(s) {
				r, n := utf8.DecodeRuneInString(s[j:])
				if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) || unicode.In(r, unicode.Han, unicode.Hangul) {
					break
				}
				j += n
			}
			t.word, t.text = true, foldWord(s[i:j])
		default:
			t.text = signOf(r, s[i:j])
		}
		toks = append(toks, t)
		if len(toks) > maxDateTokens {
			return nil
		}
		i, sep = j, false
	}
	return toks
}

// signOf gives the plain form of a sign that has several.
func signOf(r rune, s string) string {
	switch r {
	case '−', '–', '—', '‐', '‑', '－':
		return "-"
	case '：':
		return ":"
	case '（', '[', '【':
		return "("
	case '）', ']', '】':
		return ")"
	case '／':
		return "/"
	case '．', '。':
		return "."
	case '’', '、', '|', '·', '\'', ';', 'º', 'ª', '"', '،':
		return "'"
	}
	return s
}

// westernDigits writes Arabic, Persian and full-width digits as 0…9.
func westernDigits(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return strings.Map(func(r rune) rune {
				switch {
				case 0x660 <= r && r <= 0x669:
					return r - 0x660 + '0'
				case 0x6f0 <= r && r <= 0x6f9:
					return r - 0x6f0 + '0'
				case 0xff10 <= r && r <= 0xff19:
					return r - 0xff10 + '0'
				}
				return r
			}, s)
		}
	}
	return s
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
