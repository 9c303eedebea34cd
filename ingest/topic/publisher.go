package topic

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/mood"
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

// signatures are what a mention is signed with, in letters alone: its outlet's
// name and its author's.
func signatures(m *mood.Mention) []string {
	var list []string
	outlet := m.Outlet
	for {
		label, rest, more := strings.Cut(outlet, ".")
		if !more {
			break
		}
		if outlet = rest; len(label) > 3 {
			list = append(list, letters(label))
		}
	}
	if len(list) > 0 {
		list = append(list, strings.TrimPrefix(list[0], "the"))
	}
	if author := letters(m.Author); len(author) > 3 {
		list = append(list, author)
	}
	return list
}

// unsign makes crumbs of the words that spell a signature.
func unsign(tokens []token, signed []string) {
	const most = 4 // words of one
	for _, name := range signed {
		for i := range tokens {
			rest := name
			for j := i; j < len(tokens) && j < i+most && rest != ""; j++ {
				next, ok := strings.CutPrefix(rest, letters(tokens[j].key))
				if !ok || next == rest {
					break
				}
				if rest = next; rest == "" {
					for k := i; k <= j; k++ {
						tokens[k].kind = crumb
					}
				}
			}
		}
	}
}
