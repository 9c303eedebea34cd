package sentiment

import (
	"strings"
	"unicode"

	"agora/mood"
)

// readable reports whether the engine can read an ask: English, by its label
// or, without one, by its looks.
func readable(ask *mood.Ask) bool {
	if ask.Language != "" {
		tag, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(ask.Language, "_", "-")), "-")
		return tag == "en" || tag == "eng"
	}
	latin, foreign := 0, 0
	english, elsewhere := 0, 0
	for _, text := range []string{ask.Title, ask.Text} {
		text = text[:min(len(text), 2000)]
		for _, r := range text {
			switch {
			case r < 0x80:
				if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
					latin++
				}
			case unicode.IsLetter(r) && unicode.Is(unicode.Latin, r):
				latin++
			case unicode.IsLetter(r):
				foreign++
			}
		}
		for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
			if len(w) > 8 {
				continue
			}
			switch functionWord(w) {
			case inEnglish:
				english++
			case inOthers:
				elsewhere++
			}
		}
	}
	return foreign <= latin && (elsewhere < 2 || elsewhere <= english)
}

type tongue uint8

const (
	inNone tongue = iota
	inEnglish
	inOthers
)

// functionWord tells English from its neighbours by the words that carry no
// meaning. Words that mean something in English, such as "die", count for
// neither.
func functionWord(w string) tongue {
	switch strings.ToLower(w) {
	case "the", "and", "of", "to", "is", "it", "for", "with", "that", "this", "was", "are", "you", "my", "not", "has",
		"have", "be", "at", "by", "from", "its", "will", "after", "over", "as", "your", "they", "he", "she", "we", "what", "how", "why":
		return inEnglish
	case "ja", "ei", "että", "joka", "kun", "myös", "sekä", "oli", "mutta", "niin", "ovat", "yli",
		"och", "att", "det", "som", "för", "av", "är", "inte", "till", "ett", "om", "nya", "sig",
		"og", "ikke", "til", "af", "på", "med", "jeg", "har", "som'",
		"der", "das", "und", "ist", "nicht", "mit", "ein", "eine", "auf", "für", "sich", "auch", "zu", "dem", "den", "ich", "bei", "wird",
		"le", "la", "les", "des", "du", "et", "une", "dans", "est", "pas", "sur", "pour", "qui", "avec", "au", "aux", "ce", "plus",
		"el", "los", "las", "del", "por", "para", "una", "que", "con", "es", "su", "se", "al", "lo",
		"il", "di", "che", "per", "della", "dei", "nel", "non", "gli", "sono", "alla", "più",
		"os", "dos", "das'", "não", "uma", "em", "com", "na", "no'", "ao", "pelo", "mais",
		"het", "een", "van", "niet", "voor", "dat", "zijn", "met", "wordt", "naar", "ook", "bij",
		"nie", "się", "jest", "na'", "za'", "dla", "przez", "oraz",
		"ve", "bir", "bu", "için", "ile", "çok":
		return inOthers
	}
	return inNone
}
