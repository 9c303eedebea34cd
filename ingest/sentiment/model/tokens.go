package model

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/ingest/sentiment/lexicon"
)

// kind says what a token is made of.
type kind uint8

const (
	kindWord kind = iota
	kindNumber
	kindPunct
	kindSymbol // emoji and the like
	kindUser   // @somebody
	kindLink
)

// token is one word or sign of a text.
type token struct {
	start, end int // in bytes
	kind       kind
	word       *word
	entry      *lexicon.Entry // of the word, or of the phrase that it is in; nil for none
	phrase     int32          // how many tokens the phrase has; on its first token alone
	gap        gapAt          // where that phrase has a name inside
	named      bool           // stands in such a gap
	inPhrase   bool           // a later token of a phrase
	target     bool           // names the brand that is asked about
	refers     bool           // "the former": stands for a name
	ignored    bool           // shall say nothing
	entity     bool           // seems to name somebody or something else
	shout      bool           // in capitals, in a text that isn't
	long       bool           // streeeetched, or repeated
	tag        bool           // of a hashtag
	quoted     bool           // in quotation marks
	turned     bool           // within the reach of a negation
	clause     uint8          // counted from 0; the last one holds what is beyond
	sentence   uint8
}

func isWordRune(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// isSolid tells the scripts that put no spaces between words.
func isSolid(r rune) bool {
	return r >= 0x3040 && r <= 0x30FF || r >= 0x3400 && r <= 0x9FFF || r == '々' || r >= 0xF900 && r <= 0xFAFF ||
		r >= 0x0E00 && r <= 0x0E7F
}

func isEmoji(r rune) bool {
	return r >= 0x2190 && r <= 0x2BFF || r >= 0x1F000 && r <= 0x1FAFF || r == 0x00A9 || r == 0x00AE || r == 0x203C || r == 0x2049
}

// joinsEmoji tells the signs that change the emoji before them.
func joinsEmoji(r rune) bool {
	return r == 0xFE0F || r == 0x200D || r >= 0x1F3FB && r <= 0x1F3FF
}

func decode(s string, i int) (rune, int) {
	if c := s[i]; c < 0x80 {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

// wordEnd is where the word that goes on at i ends.
func wordEnd(s string, i int) int {
	for i < len(s) {
		r, n := decode(s, i)
		if !isWordRune(r) || isSolid(r) {
			break
		}
		i += n
	}
	return i
}

// tokenize cuts a text into at most maxTokens tokens.
func (s *scratch) tokenize(text string) {
	s.tokens = s.tokens[:0]
	for i := 0; i < len(text) && len(s.tokens) < maxTokens; {
		r, n := decode(text, i)
		switch {
		case r == ' ' || r == '\n' || r == '\t' || r == '\r' || r > 0x7F && (unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)):
			i += n
		case r == '@' && wordEnd(text, i+1) > i+1:
			i = s.push(text, i, wordEnd(text, i+1), kindUser)
		case r == 'h' && (strings.HasPrefix(text[i:], "http:") || strings.HasPrefix(text[i:], "https:")) || r == 'w' && strings.HasPrefix(text[i:], "www."):
			j := i
			for j < len(text) && text[j] > ' ' {
				j++
			}
			i = s.push(text, i, j, kindLink)
		case r == 'h' && strings.HasPrefix(text[i:], "http") && wordEnd(text, i) == i+4:
			i = s.push(text, i, i+4, kindLink)
		case (r == '#' || r == '$') && wordEnd(text, i+1) > i+1 && !(text[i+1] >= '0' && text[i+1] <= '9'):
			i = s.hashtag(text, i+1, wordEnd(text, i+1))
		case isSolid(r):
			i = s.solid(text, i)
		case isWordRune(r):
			i = s.running(text, i)
		case isEmoji(r):
			j := i + n
			for j < len(text) {
				q, m := decode(text, j)
				if !joinsEmoji(q) {
					break
				}
				j += m
				if q == 0x200D && j < len(text) { // what it is joined with
					_, m = decode(text, j)
					j += m
				}
			}
			i = s.push(text, i, j, kindSymbol)
		default:
			i = s.sign(text, i, n)
		}
	}
}

// running takes a word of letters and digits, with the apostrophes and
// hyphens inside it.
func (s *scratch) running(text string, i int) int {
	j := wordEnd(text, i)
	if j == i {
		j = i + 1
	}
	if text[i] >= '0' && text[i] <= '9' && j < len(text) && (text[j] == '.' || text[j] == ',') {
		for j+1 < len(text) && (text[j] == '.' || text[j] == ',') && text[j+1] >= '0' && text[j+1] <= '9' {
			j = wordEnd(text, j+1)
		}
	}
	for j < len(text) {
		r, n := decode(text, j)
		if r != '\'' && r != '’' || j+n >= len(text) {
			break
		}
		e := wordEnd(text, j+n)
		if e == j+n {
			break
		}
		if lexicon.Elided(s.lang) && j-i <= 3 {
			s.push(text, i, j+n, kindWord)
			i, j = j+n, e
			continue
		}
		j = e
	}
	// "Booking.com" is one word.
	for j+1 < len(text) && text[j] == '.' && text[j+1] >= 'a' && text[j+1] <= 'z' && j > i && !isDigit(text[j-1]) {
		j = wordEnd(text, j+1)
	}
	// Words joined by hyphens are one word where somebody knows it as one.
	for j < len(text) && text[j] == '-' {
		e := wordEnd(text, j+1)
		if e == j+1 || isDigit(text[j+1]) {
			break
		}
		if w := s.lookup(text[i:e]); w.entry != nil || w.known {
			j = e
			continue
		}
		break
	}
	k := kindWord
	if isDigit(text[i]) && allDigits(text[i:j]) {
		k = kindNumber
	}
	i = s.push(text, i, j, k)
	if i < len(text) && text[i] == '-' && i+1 < len(text) {
		if r, _ := decode(text, i+1); isWordRune(r) {
			i++ // a hyphen inside is no sign of its own
		}
	}
	return i
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func allDigits(w string) bool {
	for i := range len(w) {
		if !isDigit(w[i]) && w[i] != '.' && w[i] != ',' {
			return false
		}
	}
	return true
}

// solid takes one word of a script without spaces: the longest that the
// lexicon knows, else a run of katakana, else one character.
func (s *scratch) solid(text string, i int) int {
	if n := s.lexicon.LongestAt(text[i:]); n > 0 {
		return s.push(text, i, i+n, kindWord)
	}
	r, n := decode(text, i)
	j := i + n
	if r >= 0x30A0 && r <= 0x30FF {
		for j < len(text) {
			q, m := decode(text, j)
			if !(q >= 0x30A0 && q <= 0x30FF) || s.lexicon.LongestAt(text[j:]) > m {
				break
			}
			j += m
		}
	}
	return s.push(text, i, j, kindWord)
}

// hashtag takes the words that a hashtag is made of, from its capitals or, in
// lower case, from the words that are known.
func (s *scratch) hashtag(text string, i, j int) int {
	first := len(s.tokens)
	for at := i; at < j; {
		e := hump(text, at, j)
		if e == j && at == i {
			s.split(text, i, j)
			break
		}
		s.push(text, at, e, kindWord)
		at = e
	}
	for k := first; k < len(s.tokens); k++ {
		s.tokens[k].tag = true
	}
	return j
}

// hump is where the word that begins at i in camel case ends.
func hump(text string, i, end int) int {
	r, n := decode(text, i)
	at := i + n
	upper := unicode.IsUpper(r)
	for at < end {
		r, n = decode(text, at)
		if r == '_' {
			return at + 1
		}
		if unicode.IsUpper(r) != upper {
			if !upper { // aB
				return at
			}
			if at > i+n { // ABc
				return at - n
			}
			upper = false
		}
		at += n
	}
	return end
}

// split parts "neveragain" into words that are known; what it can't part
// stays whole.
func (s *scratch) split(text string, i, j int) {
	if j-i > 24 || s.lookup(text[i:j]).known || s.lookup(text[i:j]).entry != nil {
		s.push(text, i, j, kindWord)
		return
	}
	const out = 1 << 20
	var best, from [25]int32
	n := j - i
	for e := 1; e <= n; e++ {
		best[e] = out
		for b := max(0, e-14); b < e; b++ {
			if best[b] >= out || e-b < 2 && n > 2 {
				continue
			}
			w := s.lookup(text[i+b : i+e])
			cost := int32(out)
			switch {
			case w.entry != nil:
				cost = 8
			case w.known && w.rank < 20000 && e-b > 2:
				cost = 10 + int32(w.rank/2000)
			case w.known && w.rank < 300:
				cost = 10
			}
			if c := best[b] + cost; cost < out && c < best[e] {
				best[e], from[e] = c, int32(b)
			}
		}
	}
	if best[n] >= out {
		s.push(text, i, j, kindWord)
		return
	}
	var cuts [26]int
	k := 0
	for e := n; e > 0; e = int(from[e]) {
		cuts[k] = e
		k++
	}
	at := i
	for k--; k >= 0; k-- {
		s.push(text, at, i+cuts[k], kindWord)
		at = i + cuts[k]
	}
}

// emoticons of the kind :-) are one token.
func emoticon(text string, i int) int {
	const eyes, noses, mouths = ":;=8xX", "-'o^", ")(]DPpOo/\\|3*<>[@S"
	rest := text[i:]
	if strings.HasPrefix(rest, "<3") || strings.HasPrefix(rest, "</3") {
		return strings.IndexByte(rest, '3') + 1
	}
	if len(rest) < 2 || strings.IndexByte(eyes[:3], rest[0]) < 0 {
		return 0
	}
	n := 1
	if strings.IndexByte(noses, rest[n]) >= 0 && len(rest) > 2 {
		n++
	}
	if n >= len(rest) || strings.IndexByte(mouths, rest[n]) < 0 {
		return 0
	}
	n++
	if n < len(rest) && isWordRune(rune(rest[n])) { // "Nokia:Phone", "10:30"
		return 0
	}
	return n
}

// sign takes a sign of punctuation; a row of the same is one.
func (s *scratch) sign(text string, i, n int) int {
	if m := emoticon(text, i); m > 0 && (i == 0 || !isDigit(text[i-1])) {
		return s.push(text, i, i+m, kindSymbol)
	}
	j := i + n
	for j+n <= len(text) && text[j:j+n] == text[i:i+n] {
		j += n
	}
	long := j-i > n
	end := j
	if long {
		j = i + n
	}
	s.push(text, i, j, kindPunct)
	if k := len(s.tokens) - 1; k >= 0 && s.tokens[k].start == i {
		s.tokens[k].long = long
		s.tokens[k].end = end
	}
	return end
}

// push adds a token and gives where it ends.
func (s *scratch) push(text string, i, j int, k kind) int {
	if len(s.tokens) == maxTokens {
		return j
	}
	t := token{start: i, end: j, kind: k}
	switch k {
	case kindUser:
		t.word = s.special(unitUser)
	case kindLink:
		t.word = s.special(unitLink)
	case kindNumber:
		t.word = s.special(unitNumber)
	case kindWord, kindPunct, kindSymbol:
		t.word = s.lookup(text[i:j])
		t.long = t.word.stretched
	}
	t.entry = t.word.entry
	s.tokens = append(s.tokens, t)
	return j
}
