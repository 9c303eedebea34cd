package topic

import (
	_ "embed" // for the parts of speech
	"strings"
	"sync"
)

// speechList says of English words what part of speech they are most often: a
// heading, and the words below it. It has verbs that are never nouns, other
// words that seldom are, and nouns that look like verbs. What endings tell, and
// words that are nouns first, aren't in it. From en-lexicon, see NOTICE.
//
//go:embed speech.txt
var speechList string

type speech uint8

const (
	unsaid  speech = iota
	verb           // never a noun: deepen, unveil
	other          // seldom one: historical, hack
	nounish        // training, funding
)

var speechOf = sync.OnceValue(func() map[string]speech {
	words := make(map[string]speech, 8000)
	var part speech
	for line := range strings.Lines(speechList) {
		switch line = strings.TrimSpace(line); line {
		case "verbs":
			part = verb
		case "others":
			part = other
		case "nouns":
			part = nounish
		default:
			for word := range strings.FieldsSeq(line) {
				words[word] = part
			}
		}
	}
	return words
})

// partOf guesses what part of speech an English word is: verbs and adverbs by
// their endings where the list has nothing.
func partOf(word string) speech {
	if part, ok := speechOf()[word]; ok {
		return part
	}
	if isActivity(word) {
		if strings.HasSuffix(word, "ing") {
			return other
		}
		return verb
	}
	for _, end := range [...]string{"s", "es", "ies"} {
		base, ok := strings.CutSuffix(word, end)
		if end == "ies" {
			base += "y"
		}
		if ok && len(base) > 2 && speechOf()[base] == verb {
			return verb
		}
	}
	return unsaid
}
