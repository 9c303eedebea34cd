package topic

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxRunes of a text are read: what it is about stands at its beginning.
const (
	maxRunes = 1200
	maxWords = 160
)

// token is a word of a text.
type token struct {
	text  string // as written, without a possessive
	key   string // lower case
	fresh bool   // something other than a space parts it from the word before
	first bool   // first of a sentence: a capital means nothing
	title bool
	own   bool // of a name that is watched
	end   bool // the first or last word of one in several words
	owner bool // it was written with 's
	kind  tokenKind
}

type tokenKind uint8

const (
	plain   tokenKind = iota // begins with a small letter
	capital                  // begins with a capital
	acronym                  // NATO, 5G, iPhone: its form is its own
	weak                     // a stop word that may be part of a name: Home Office
	crumb                    // no topic: a number, a stop word, part of an address
	run                      // characters of a script without spaces, see pieces
)

// tokenise cuts a field into words. What is written without spaces stays in one
// piece, if it can be cut later.
func tokenise(text string, inTitle bool, tokens []token) []token {
	begin := len(tokens)
	fresh, first := true, true
	for i, n := 0, 0; i < len(text) && n < maxRunes && len(tokens)-begin < maxWords; n++ {
		r, size := utf8.DecodeRuneInString(text[i:])
		if address := addressAt(text, i); address > 0 {
			i += address
			fresh = true
			continue
		}
		if !isWordRune(r) {
			if !unicode.IsSpace(r) {
				fresh = true
				if strings.ContainsRune(".!?:\n“\"‘|—–•", r) {
					first = true
				}
			} else if r == '\n' {
				fresh, first = true, true
			}
			i += size
			continue
		}
		end := wordEnd(text, i)
		word := trimPossessive(text[i:end])
		owner := strings.HasPrefix(text[i:end], word) && len(word) < end-i
		handle := i > 0 && text[i-1] == '@'
		i = end
		if unspaced(word) {
			fresh, first = true, false
			if strings.ContainsFunc(word, isRun) {
				tokens = append(tokens, token{text: word, key: word, fresh: true, title: inTitle, kind: run})
			}
			continue
		}
		if strings.Contains(word, ".") && isInitials(word) {
			word = strings.ReplaceAll(word, ".", "") // A.I. as AI
		}
		t := token{text: word, key: foldKey(word), fresh: fresh, first: first, title: inTitle, owner: owner}
		t.kind = kindOf(word)
		if handle {
			t.kind = crumb
		}
		if last := len(tokens) - 1; last >= begin && !fresh && isWholeName(tokens[last].key, t.key) {
			joined := &tokens[last]
			joined.text += " " + t.text
			joined.key += " " + t.key
			joined.kind = acronym
		} else {
			tokens = append(tokens, t)
		}
		fresh, first = owner, false // NASA's Hubble are two names
	}
	return tokens
}

// isWholeName lists names that begin or end with a stop word.
func isWholeName(a, b string) bool {
	switch a {
	case "new":
		switch b {
		case "york", "yorker", "yorkers", "zealand", "zealander", "jersey", "delhi", "orleans", "mexico", "hampshire", "england", "guinea", "brunswick", "caledonia":
			return true
		}
	case "los":
		return b == "angeles"
	case "las":
		return b == "vegas"
	case "el":
		return b == "salvador" || b == "paso"
	case "le":
		return b == "pen" || b == "monde"
	case "la":
		return b == "liga"
	case "black", "good":
		return b == "friday"
	case "cyber":
		return b == "monday"
	case "prime":
		return b == "day"
	}
	return false
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// wordEnd finds the end of a word: hyphens, apostrophes, ampersands and dots
// between letters belong to it.
func wordEnd(text string, i int) int {
	first, _ := utf8.DecodeRuneInString(text[i:])
	cut := isUnspaced(first)
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if isWordRune(r) {
			if isUnspaced(r) != cut && unicode.IsLetter(r) {
				return i // a Latin name among Han
			}
			i += size
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[min(i+size, len(text)):])
		switch r {
		case '-', '\'', '’', '&', '.', '‑', '_':
			if i+size < len(text) && isWordRune(next) {
				i += size
				continue
			}
		case ',':
			if i > 0 && isDigitByte(text[i-1]) && unicode.IsDigit(next) {
				i += size
				continue
			}
		}
		return i
	}
	return i
}

func isDigitByte(c byte) bool { return '0' <= c && c <= '9' }

// addressAt gives the length of a web or mail address that begins at i.
func addressAt(text string, i int) int {
	if i > 0 && !strings.ContainsRune(" \n\t(<[\"'", rune(text[i-1])) {
		return 0
	}
	end := strings.IndexAny(text[i:], " \n\t)>]\"")
	if end < 0 {
		end = len(text) - i
	}
	s := text[i : i+end]
	for _, prefix := range []string{"http:", "https:", "www.", "pic.twitter", "t.co/", "mailto:"} {
		if len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
			return end
		}
	}
	if at := strings.IndexByte(s, '@'); at > 0 && strings.Contains(s[at:], ".") {
		return end
	}
	return 0
}

// trimPossessive takes a word out of its possessive, its Turkish suffix and its
// elided article: Nokia's, Avrupa'nın, l'usine.
func trimPossessive(w string) string {
	head, tail, cut := cutApostrophe(w)
	if !cut {
		return w
	}
	first, _ := utf8.DecodeRuneInString(w)
	next, _ := utf8.DecodeRuneInString(tail)
	switch {
	case head == "" || tail == "":
		return w
	case strings.EqualFold(tail, "s"):
		return head
	case isElided(strings.ToLower(head)):
		return tail
	case len(head) > 3 && len(tail) <= 6 && unicode.IsUpper(first) && unicode.IsLower(next) && tail != "t":
		return head
	}
	return w
}

// cutApostrophe cuts a word at its last apostrophe.
func cutApostrophe(w string) (head, tail string, ok bool) {
	for _, apostrophe := range []string{"'", "’"} {
		if i := strings.LastIndex(w, apostrophe); i >= 0 {
			return w[:i], w[i+len(apostrophe):], true
		}
	}
	return "", "", false
}

func isElided(head string) bool {
	switch head {
	case "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "un",
		"dell", "all", "nell", "dall", "sull", "quell", "quest":
		return true
	}
	return false
}

// foldKey is what words are compared by.
func foldKey(w string) string {
	ascii := true
	for i := range len(w) {
		ascii = ascii && w[i] < utf8.RuneSelf
	}
	if !ascii {
		w = strings.ReplaceAll(norm.NFC.String(w), "’", "'")
	}
	return strings.ToLower(w)
}

// unspaced reports words of scripts that are written without spaces.
func unspaced(w string) bool {
	return strings.ContainsFunc(w, isUnspaced)
}

func isUnspaced(r rune) bool {
	return r == 'ー' || r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai,
		unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// kindOf judges a word by its form.
func kindOf(w string) tokenKind {
	letters, uppers, digits, dots := 0, 0, 0, 0
	inner := false
	for i, r := range w {
		switch {
		case unicode.IsUpper(r):
			letters++
			uppers++
			inner = inner || i > 0
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		case r == '.' || r == '_':
			dots++
		}
	}
	n := utf8.RuneCountInString(w)
	first, _ := utf8.DecodeRuneInString(w)
	switch {
	case letters == 0, digits > letters && digits > 2, n == 1, n > 30, strings.Contains(w, "_"):
		return crumb
	case dots > 0 && uppers == 0 || dots > 0 && !isInitials(w): // booking.com, e.g.
		return crumb
	case digits > 0 && unicode.IsDigit(first) && uppers == 0:
		return crumb // 10th, 3rd, 5pm
	case uppers >= 2 && uppers == letters && n <= 6, inner && uppers < letters && !strings.ContainsAny(w, "-'’"):
		return acronym
	case digits == 1 && n == 2 && strings.HasSuffix(w, "G") || w == "3D" || w == "4K" || w == "8K":
		return acronym
	case unicode.IsUpper(first):
		return capital
	}
	return plain
}

// isInitials reports U.S or N.A.T.O: single letters between dots.
func isInitials(w string) bool {
	for part := range strings.SplitSeq(w, ".") {
		if utf8.RuneCountInString(part) > 1 {
			return false
		}
	}
	return true
}
