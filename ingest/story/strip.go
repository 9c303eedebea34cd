package story

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// separators stand between a title and its publisher's name. French puts a
// space before every colon: after one only the outlet's own name goes.
func separators() []string {
	return []string{" | ", " - ", " – ", " — ", " · ", " • ", " :: ", " » ", " // ", " : ", "｜", "－"}
}

// strip takes off a title what isn't part of what it says: the publisher's
// name at its end, a label such as "Exclusive:" at its beginning, and what is
// in brackets at either.
func (l *lexicon) strip(title, outlet string) string {
	title = strings.TrimSpace(title)
	for range 3 {
		before := title
		title = l.stripEnd(title, outlet)
		title = l.stripLabel(title)
		title = stripBrackets(title)
		if title == before {
			break
		}
	}
	return title
}

// stripEnd takes off the publisher's name.
func (l *lexicon) stripEnd(title, outlet string) string {
	at, size, bar, colon := -1, 0, false, false
	for _, sep := range l.separators {
		if i := strings.LastIndex(title, sep); i > at {
			at, size, bar, colon = i, len(sep), strings.Contains(sep, "|") || sep == "｜", sep == " : "
		}
	}
	if at <= 0 {
		return title
	}
	head, tail := strings.TrimSpace(title[:at]), strings.TrimSpace(title[at+size:])
	switch {
	case tail == "":
		return head
	case ownName(tail, outlet), !colon && lengthOf(head) >= 4 && l.looksLikeName(tail, bar):
		return head
	}
	return title
}

// ownName says whether a name is that of a domain: BBC News, of bbc.co.uk.
func ownName(name, outlet string) bool {
	label, _, _ := strings.Cut(outlet, ".")
	label = lettersOf(label)
	letters := lettersOf(name)
	if len(label) < 3 || len(letters) < 2 || utf8.RuneCountInString(name) > 40 {
		return false
	}
	return strings.Contains(letters, label) || len(letters) >= 4 && strings.Contains(label, letters)
}

func lettersOf(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, s)
}

// looksLikeName says whether what follows a dash could be a publisher: up to
// four words that begin with capitals, and no figures. After a bar small
// letters will do.
func (l *lexicon) looksLikeName(s string, bar bool) bool {
	n := 0
	for _, word := range strings.Fields(s) {
		n++
		c, _ := utf8.DecodeRuneInString(word)
		if unicode.IsDigit(c) || strings.ContainsAny(word, "?!%$€£") {
			return false
		}
		if unicode.IsLower(c) && !bar && l.kinds[word]&isEmpty == 0 && !strings.Contains(word, ".") {
			return false
		}
		if folded := fold(word, 2); l.kinds[folded]&(isDay|isPole) != 0 {
			return false // Markets wrap - Monday
		}
	}
	return n >= 1 && n <= 4 && utf8.RuneCountInString(s) <= 40
}

// lengthOf is how many words a text has, or a third of its characters where
// there are no spaces.
func lengthOf(s string) int {
	n, dense := len(strings.Fields(s)), 0
	for _, c := range s {
		if unspaced(c) {
			dense++
		}
	}
	return n + dense/3
}

// stripLabel takes off what sort of text it is.
func (l *lexicon) stripLabel(title string) string {
	end := strings.IndexAny(title, ":-—–|：")
	if end <= 0 || end > 24 {
		return title
	}
	_, size := utf8.DecodeRuneInString(title[end:])
	label, rest := title[:end], strings.TrimSpace(title[end+size:])
	if rest == "" {
		return title
	}
	folded := fold(label, 6)
	if title[end] == '-' && title[end-1] != ' ' { // a wire's: UPDATE 2-Nokia …
		if label != strings.ToUpper(label) || strings.HasPrefix(title[end+1:], " ") {
			return title
		}
	}
	word, number, two := strings.Cut(folded, " ")
	if l.labels[folded] || two && isDigits(number) && l.labels[word] {
		return rest
	}
	return title
}

// stripBrackets takes off (Video) and 【独自】.
func stripBrackets(title string) string {
	for _, pair := range [...][2]string{{"(", ")"}, {"[", "]"}, {"（", "）"}, {"【", "】"}} {
		if inner, ok := strings.CutPrefix(title, pair[0]); ok {
			if label, rest, ok := strings.Cut(inner, pair[1]); ok && aside(label) && strings.TrimSpace(rest) != "" {
				return strings.TrimSpace(rest)
			}
		}
		if inner, ok := strings.CutSuffix(title, pair[1]); ok {
			if i := strings.LastIndex(inner, pair[0]); i > 0 && aside(inner[i+len(pair[0]):]) {
				return strings.TrimSpace(inner[:i])
			}
		}
	}
	return title
}

// aside says whether what is in brackets says nothing of the matter.
func aside(s string) bool {
	return utf8.RuneCountInString(s) <= 16 && len(strings.Fields(s)) <= 2 && !strings.ContainsFunc(s, unicode.IsDigit)
}
