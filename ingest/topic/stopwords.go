package topic

import (
	"strings"
	"sync"
)

// stopWords gives the test for words that are never topics in a language; for
// one that is unknown, in any of those known.
func stopWords(lang string) func(string) bool {
	lists := stopLists()
	switch lang {
	case "nb", "nn":
		lang = "no"
	case "ms":
		lang = "id"
	case "sr", "bs", "sh":
		lang = "hr"
	}
	own, known := lists[lang]
	if !known || lang == "" {
		own = lists["all"]
	}
	english, everywhere := lists["en"], lists["crumbs"]
	return func(w string) bool { return own[w] || english[w] || everywhere[w] || isNumeral(w) }
}

func isNumeral(w string) bool {
	switch w {
	case "hundred", "thousand", "million", "billion", "trillion", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "dozen":
		return true
	}
	return false
}

// stopLists are made once and never changed.
var stopLists = sync.OnceValue(func() map[string]map[string]bool {
	lists := map[string]map[string]bool{"all": {}}
	texts := map[string]string{
		"en": englishStops + " " + headlineStops, "fi": finnishStops, "sv": swedishStops, "no": norwegianStops,
		"de": germanStops, "fr": frenchStops, "es": spanishStops, "it": italianStops, "pt": portugueseStops,
		"nl": dutchStops, "pl": polishStops, "ru": russianStops, "tr": turkishStops, "ar": arabicStops,
		"hi": hindiStops, "id": indonesianStops, "crumbs": crumbStops,
	}
	texts["da"] = norwegianStops
	for lang, text := range texts {
		set := map[string]bool{}
		for _, w := range strings.Fields(text) {
			set[w] = true
			lists["all"][w] = true
		}
		lists[lang] = set
	}
	for lang, text := range worldStops() {
		if lists[lang] == nil {
			lists[lang] = map[string]bool{}
		}
		for w := range strings.FieldsSeq(text) {
			lists[lang][w] = true
			if _, english := ordinaryWords()[w]; !english { // a text of no known language may well be about care
				lists["all"][w] = true
			}
		}
	}
	return lists
})
