package engine

import (
	"strings"
	"unicode"

	"agora/mood"
)

// LongestExcerpt is how much of a text is sent, in code points: it fits in the
// 512 tokens that most classifiers take. Of scripts whose letters take a token
// each (Chinese, Japanese, Korean, Thai and the like) half as much is sent.
const LongestExcerpt = 900

// excerpt is what is sent of an ask: title and text, cut around the target.
type excerpt struct {
	runes []rune
	from  int // where it begins in title and text, one after the other
	body  int // where the text begins in there; the title comes before
}

// cutOut takes the excerpt out of an ask.
func cutOut(ask *mood.Ask, longest int) excerpt {
	title, text := []rune(strings.TrimRight(ask.Title, " \n")), []rune(ask.Text)
	all, body := text, 0
	if len(title) > 0 {
		body = len(title) + 1
		all = append(append(title, '\n'), text...)
	}
	if dense(all) {
		longest /= 2
	}
	if len(all) <= longest {
		return excerpt{all, 0, body}
	}
	from, to := around(all, firstSpan(ask.Spans, body), longest)
	return excerpt{all[from:to], from, body}
}

// firstSpan is where the target is named first, in title and text one after
// the other. Without any it is the beginning.
func firstSpan(spans []mood.Span, body int) (at [2]int) {
	found := false
	for _, s := range spans {
		start, end := s.Start, s.End
		if s.Field != "title" {
			start, end = start+body, end+body
		}
		if !found || start < at[0] {
			at, found = [2]int{start, end}, true
		}
	}
	return at
}

// around finds a stretch of n code points with at in its middle, as far as
// the ends allow (spans come from elsewhere), and lets it begin and end at a space where one is near.
func around(all []rune, at [2]int, n int) (from, to int) {
	const near = 40
	at = [2]int{min(at[0], len(all)), min(at[1], len(all))}
	from = min(max(0, (at[0]+at[1]-n)/2), len(all)-n)
	to = from + n
	if from > 0 {
		for i := from; i < min(from+near, at[0]); i++ {
			if unicode.IsSpace(all[i]) {
				from = i + 1
				break
			}
		}
	}
	if to < len(all) {
		for i := to; i > max(to-near, at[1]); i-- {
			if unicode.IsSpace(all[i]) {
				to = i
				break
			}
		}
	}
	return from, to
}

// dense tells whether a text is mostly of letters that take a token each.
func dense(all []rune) bool {
	n := 0
	for _, r := range all {
		if r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
			unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
			n++
		}
	}
	return n > len(all)/4
}

// String is what is sent.
func (e excerpt) String() string { return string(e.runes) }

// blank tells whether there is nothing to ask about.
func (e excerpt) blank() bool {
	for _, r := range e.runes {
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

// place finds a stretch of the excerpt in the ask's title or text.
func (e excerpt) place(start, end int) mood.Reason {
	r := mood.Reason{Text: string(e.runes[start:end]), Field: "text", Start: start + e.from - e.body, End: end + e.from - e.body}
	if start+e.from < e.body {
		r.Field, r.Start, r.End = "title", start+e.from, end+e.from
	}
	return r
}

// find looks for words in the excerpt, whatever their case, first as whole
// words. It is false where they don't stand in it, or run from the title into
// the text.
func (e excerpt) find(words string) (start, end int, ok bool) {
	want := fold([]rune(words))
	have := fold(e.runes)
	inside := -1
	for i := 0; i+len(want) <= len(have) && len(want) > 0; i++ {
		if !equal(have[i:i+len(want)], want) || e.crosses(i, i+len(want)) {
			continue
		}
		if !letterAt(have, i-1) && !letterAt(have, i+len(want)) {
			return i, i + len(want), true
		}
		if inside < 0 {
			inside = i
		}
	}
	if inside >= 0 {
		return inside, inside + len(want), true
	}
	return 0, 0, false
}

func (e excerpt) crosses(start, end int) bool {
	line := e.body - 1 - e.from // the newline between title and text
	return e.body > 0 && start <= line && line < end
}

// fold makes case not count, code point by code point, so that places stay.
func fold(runes []rune) []rune {
	folded := make([]rune, len(runes))
	for i, r := range runes {
		folded[i] = unicode.ToLower(unicode.ToUpper(r))
	}
	return folded
}

func equal(a, b []rune) bool {
	for i := range b {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func letterAt(runes []rune, i int) bool {
	return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
}
