package topic

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// withoutPublisher cuts " - Reuters" and its like off a title: a short last
// part behind a spaced dash or bar, all in capitals at its words' beginnings.
func withoutPublisher(title string) string {
	for range 2 { // " - Business - CNN"
		cut := -1
		size := 0
		for _, separator := range []string{" - ", " | ", " – ", " — ", " · ", " :: ", " • "} {
			if at := strings.LastIndex(title, separator); at > cut {
				cut, size = at, len(separator)
			}
		}
		if cut < 0 || len(strings.Fields(title[:cut])) < 3 || !looksLikePublisher(title[cut+size:]) {
			return title
		}
		title = title[:cut]
	}
	return title
}

func looksLikePublisher(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 4 {
		return false
	}
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		if unicode.IsUpper(first) || unicode.IsDigit(first) || strings.Contains(w, ".") || isSmallWord(w) {
			continue
		}
		return false
	}
	return true
}

func isSmallWord(w string) bool {
	switch w {
	case "of", "the", "and", "for", "in", "de", "la", "le", "du", "der", "die", "das", "und", "&":
		return true
	}
	return false
}
