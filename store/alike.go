package store

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/mood"
)

// telling is how much a topic says by itself: names and phrases more than
// words. It decides between topics that are as salient.
func telling(topic string) int {
	n := 0
	if strings.ContainsRune(topic, ' ') {
		n++
	}
	if strings.ContainsFunc(topic, unicode.IsUpper) {
		n++
	}
	return n
}

// distinct gives rows of topics. It leaves out what says the same as something
// ahead of it, and all beyond the first so many.
func distinct(found []score, most int) []mood.Row {
	kept := make([]mood.Row, 0, min(most, len(found)))
	words := make([][]string, 0, cap(kept))
next:
	for _, t := range found {
		if len(kept) == most {
			break
		}
		w := strings.Fields(strings.ToLower(t.topic))
		for _, have := range words {
			if within(w, have) || within(have, w) {
				continue next
			}
		}
		row := mood.RowOf(t.topic, t.tally)
		row.Salience = t.salience
		kept, words = append(kept, row), append(words, w)
	}
	return kept
}

// within reports whether all words of a stand in b, in one form or another.
func within(a, b []string) bool {
	for _, w := range a {
		found := false
		for _, v := range b {
			if sameWord(w, v) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

const (
	shortestStem = 5 // bytes that two forms of a word have in common at least
	longestEnd   = 6 // and after which each has so many at most
)

// sameWord reports two forms of a word: Ukraine and Ukrainian, layoff and
// layoffs, investigated and investigation.
func sameWord(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) < shortestStem || len(b) < shortestStem || a[0] != b[0] {
		return false
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (n < len(a) && !utf8.RuneStart(a[n]) || n < len(b) && !utf8.RuneStart(b[n])) {
		n--
	}
	if n < shortestStem || len(a)-n > longestEnd || len(b)-n > longestEnd {
		return false
	}
	return ends[a[n:]] && ends[b[n:]]
}

// ends are what words end in after their stem, as far as languages of Europe
// that are much written go: a list that misses some folds too little, which
// does less harm than Niger and Nigeria as one.
var ends = func() map[string]bool {
	list := map[string]bool{"": true}
	for end := range strings.FieldsSeq(`a e i o y s n t es ed er ers en em ing ings ion ions ian ians an ans ish al ally ly
		ment ies ied or ors ic d r 's in ne ner nes ern on os as is ar arna erna et ens ets na ta ssa ssä sta stä lla llä lle lta ltä an än in ien
		й ий ая ое ые ого ой ым ую ом ов ам ы и а у е`) {
		list[end] = true
	}
	return list
}()
