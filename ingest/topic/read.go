package topic

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// read cuts title and text into tokens and marks what is no topic in any case.
func read(title, text, lang string) []token {
	title = withoutPublisher(title)
	tokens := make([]token, 0, 64)
	tokens = tokenise(title, true, tokens)
	if !sameBeginning(title, text) {
		tokens = tokenise(text, false, tokens)
	}
	stop := stopWords(primary(lang))
	for i := range tokens {
		t := &tokens[i]
		switch {
		case t.kind == crumb, t.kind == run:
		case t.kind == acronym && (t.key == "us" || t.key == "uk"):
			t.kind = crumb // countries are counted elsewhere
		case t.kind == acronym:
		case stop(t.key) && t.kind == capital && !isTimeWord(t.key):
			t.kind = weak
		case stop(t.key):
			t.kind = crumb
		}
	}
	normaliseCase(tokens)
	for i := range tokens {
		t := &tokens[i]
		if t.first && (t.kind == weak || t.kind == capital && stop(t.key)) {
			t.kind = crumb // its capital means nothing
		}
	}
	return tokens
}

// isTimeWord lists what is written with a capital and no name.
func isTimeWord(w string) bool {
	switch w {
	case "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
		"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
		"jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "i'm", "i've", "i'll", "i'd":
		return true
	}
	return false
}

// sameBeginning reports a text that only repeats its title.
func sameBeginning(title, text string) bool {
	return title != "" && len(text) < len(title)+40 && strings.HasPrefix(text, title)
}

// longSmall is the length from which on a small word has a capital in headlines
// in which every word has one.
const longSmall = 5

// normaliseCase finds headlines in which every word has a capital, or every
// letter is one, and marks their words as if each began a sentence.
func normaliseCase(tokens []token) {
	for _, inTitle := range []bool{true, false} {
		capitals, plains, acronyms := 0, 0, 0
		for i := range tokens {
			t := &tokens[i]
			if t.title != inTitle || t.first {
				continue
			}
			switch t.kind {
			case capital:
				capitals++
			case acronym:
				acronyms++
			case plain:
				plains++
			case crumb:
				if t.text == t.key && !isDigitByte(t.text[0]) && utf8.RuneCountInString(t.text) >= longSmall {
					plains++
				}
			}
		}
		words := capitals + plains + acronyms
		shouted := words >= 3 && acronyms*2 > words
		if !shouted && (words < 3 || capitals*10 < (capitals+plains)*7) {
			continue
		}
		for i := range tokens {
			t := &tokens[i]
			if t.title != inTitle {
				continue
			}
			t.first = true
			if shouted && (t.kind == acronym || t.kind == capital) {
				t.kind = capital
				first, size := utf8.DecodeRuneInString(t.text)
				t.text = string(unicode.ToUpper(first)) + strings.ToLower(t.text[size:])
			}
		}
	}
}
