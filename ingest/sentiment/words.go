package sentiment

import (
	"strings"
	"unicode"
)

// punctuation is what VADER strips from words.
const punctuation = `"!#$%&'()*+,-./:;<=>?@[\]^_` + "`{|}~"

// word is a word of a clause as VADER will see it.
type word struct {
	text       string // with its punctuation, in straight quotes
	start, end int    // code points in the field, without punctuation
}

// words cuts a clause at white space and long dashes, and replaces the
// target's own words: Fatal Fury is a name, and no bad news.
func (f *field) words(c stretch) []word {
	var words []word
	for i := c.start; i < c.end; {
		if parts(f.runes[i]) {
			i++
			continue
		}
		begin := i
		for i < c.end && !parts(f.runes[i]) {
			i++
		}
		w := word{start: begin, end: i}
		for w.start < w.end && isPunctuation(f.runes[w.start]) {
			w.start++
		}
		for w.end > w.start && isPunctuation(f.runes[w.end-1]) {
			w.end--
		}
		if w.start == w.end { // an emoticon is all punctuation
			w.start, w.end = begin, i
		}
		switch {
		case f.isTarget(w.start, w.end):
			w.text = "it" + string(f.runes[w.end:i])
		default:
			w.text = straight(f.runes[begin:i])
		}
		words = append(words, w)
	}
	return words
}

func parts(r rune) bool { return unicode.IsSpace(r) || r == '—' || r == '–' || r == '…' }

func isPunctuation(r rune) bool {
	return r < 0x80 && strings.ContainsRune(punctuation, r) ||
		r >= 0x80 && unicode.IsPunct(r)
}

// straight writes typographic quotes as VADER knows them, so that don’t is a
// negation.
func straight(runes []rune) string {
	var b strings.Builder
	b.Grow(len(runes))
	for _, r := range runes {
		switch r {
		case '’', '‘', 'ʼ':
			r = '\''
		case '“', '”', '„', '«', '»':
			r = '"'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// carries reports whether the lexicon has something to say about a word.
func (e *Engine) carries(w *word) bool {
	text := strings.ToLower(w.text)
	stripped := strings.Trim(text, punctuation)
	if len(stripped) < 3 {
		stripped = text
	}
	if _, ok := e.vader.Lexicon[stripped]; ok {
		return true
	}
	for _, r := range text {
		if r < 0x2190 {
			continue
		}
		for _, part := range strings.Fields(e.vader.EmojiDict[string(r)]) {
			if _, ok := e.vader.Lexicon[part]; ok {
				return true
			}
		}
	}
	return false
}

// compound asks VADER for a score, −1…1, with one word left out (−1: none).
func (e *Engine) compound(words []word, without int) float64 {
	var b strings.Builder
	for i := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		if i == without {
			b.WriteByte('x') // its place stays: negation looks back by words
			continue
		}
		b.WriteString(words[i].text)
	}
	return e.vader.PolarityScores(b.String()).Compound
}
