package topic

import (
	_ "embed" // for the list of ordinary words
	"math"
	"strings"
	"sync"
)

// ordinaryList holds some five thousand English words that are no names, as
// counted in 25,000 headlines and sentences of English news. Behind each word
// stand two digits: the binary logarithm of the number of texts it was in, and
// how often it stood where nouns stand, in tenths.
//
//go:embed ordinary.txt
var ordinaryList string

const (
	ordinaryTexts = 25000 // that the list was counted in
	ordinaryTrust = 1000  // texts that the list is worth beside what is learned
	foreignTrust  = 100   // texts that a language without a list is taken to have
)

// ordinary is what is known of a word before anything is learned.
type ordinary struct {
	share float64 // of texts that hold it
	noun  float64 // 0…1: how often it stands where nouns stand
}

var ordinaryWords = sync.OnceValue(func() map[string]ordinary {
	words := make(map[string]ordinary, 6000)
	for line := range strings.Lines(ordinaryList) {
		word, digits, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || len(digits) != 2 {
			continue
		}
		texts := 1.4 * math.Exp2(float64(digits[0]-'0'))
		words[word] = ordinary{share: texts / ordinaryTexts, noun: float64(digits[1]-'0')/10 + 0.05}
	}
	return words
})

// count gives in how many texts a term occurred, with the
// list counted in.
func (x *Extractor) count(key string) float64 {
	n := x.seen.count(x.hash(factTerm, key))
	if x.tongue == english {
		n += ordinaryTrust * ordinaryWords()[key].share
	}
	return n
}

// nouniness weighs a word by how likely it is a noun: topics are. 0: it is none.
// Of other languages than English nothing is known.
func nouniness(word string, english bool) float64 {
	if !english {
		return 0.9
	}
	o, known := ordinaryWords()[word]
	switch partOf(word) {
	case verb:
		return 0
	case other:
		return 0.5
	case nounish:
		return 1
	case unsaid:
	}
	switch {
	case !known:
		return 0.9
	case o.noun < 0.1:
		return 0.5
	case o.noun < 0.3:
		return 0.85
	}
	return 1
}

// isActivity guesses verbs and adverbs by their English endings.
func isActivity(w string) bool {
	if len(w) < 6 {
		return false
	}
	return strings.HasSuffix(w, "ing") || strings.HasSuffix(w, "ed") || strings.HasSuffix(w, "ly")
}
