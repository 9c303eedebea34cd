package topic

import "strings"

// caseOf says whether a phrase is written as a name or as common words, where
// its letters tell.
func caseOf(phrase []token) (fact byte, ok bool) {
	capitals, plains := 0, 0
	for i := range phrase {
		t := &phrase[i]
		switch {
		case t.kind == plain:
			plains++
		case t.kind == capital && i > 0 && t.first:
			return 0, false
		case t.kind == capital || t.kind == acronym || t.kind == weak:
			capitals++
		}
	}
	switch {
	case plains == 0 && capitals > 1:
		return factUpper, true
	case capitals == 0 && plains > 1:
		return factLower, true
	}
	return 0, false
}

// phraseAt gives the key of the n words from i on, if they stand together and
// begin and end with words that mean something.
func phraseAt(tokens []token, i, n int) (string, bool) {
	if i+n > len(tokens) {
		return "", false
	}
	var b strings.Builder
	for j := i; j < i+n; j++ {
		t := &tokens[j]
		if j > i && (t.fresh || t.title != tokens[i].title) {
			return "", false
		}
		if t.kind == run {
			return "", false
		}
		if t.kind == crumb && (j == i || j == i+n-1 || !links(t.key)) {
			return "", false
		}
		if j > i {
			b.WriteByte(' ')
		}
		if j == i+n-1 {
			b.WriteString(stem(t.key))
		} else {
			b.WriteString(t.key)
		}
	}
	return b.String(), true
}

// links lists the small words that names are held together with.
func links(w string) bool {
	switch w {
	case "of", "de", "du", "la", "del", "di", "da", "do", "van", "von", "der", "and", "&":
		return true
	}
	return false
}

// stem lets singular and plural be one topic.
func stem(w string) string {
	if len(w) < 5 || w[len(w)-1] != 's' {
		return w
	}
	switch w[len(w)-2] {
	case 's', 'u', 'i', '\'':
		return w
	}
	if s, ok := strings.CutSuffix(w, "ies"); ok && len(s) > 2 {
		return s + "y"
	}
	return w[:len(w)-1]
}
