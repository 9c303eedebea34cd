package lexicon

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Normal gives a word the form that lists are written in: lower case, straight
// apostrophes, and in Arabic one shape for letters that people write in
// several. Composed letters are one (Unicode NFC). Turkish keeps its two letters i apart.
func Normal(lang, w string) string {
	switch lang {
	case "tr", "az":
		w = strings.ToLowerSpecial(unicode.TurkishCase, w)
	case "ar", "fa", "ur":
		return arabic(w)
	default:
		w = strings.ToLower(w)
	}
	if strings.Contains(w, "’") {
		w = strings.ReplaceAll(w, "’", "'")
	}
	return norm.NFC.String(w) // gives ASCII back as it is
}

func arabic(w string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'أ' || r == 'إ' || r == 'آ' || r == 'ٱ':
			return 'ا'
		case r == 'ى':
			return 'ي'
		case r == 'ة':
			return 'ه'
		case r == 'ـ' || r >= 0x64B && r <= 0x652 || r == 0x670: // stretching and vowel marks
			return -1
		}
		return unicode.ToLower(r)
	}, w)
}

// Elided tells whether words of a language run together at an apostrophe, as
// in "l'azienda" and "n'arrive".
func Elided(lang string) bool { return lang == "fr" || lang == "it" || lang == "ca" }

// parts are the words of a term.
func parts(lang, term string) []string {
	fields := strings.Fields(Normal(lang, term))
	if !Elided(lang) {
		return fields
	}
	var out []string
	for _, w := range fields {
		for {
			i := strings.IndexByte(w, '\'')
			if i <= 0 || i > 3 || i == len(w)-1 || w[i+1] == '*' {
				break
			}
			out = append(out, w[:i+1])
			w = w[i+1:]
		}
		out = append(out, w)
	}
	return out
}
