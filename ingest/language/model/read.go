package model

import (
	"unicode"
	"unicode/utf8"
)

// What is read of a text at most. The language of a text is told by its first
// lines; the rest costs time.
const (
	mostRunes = 400
	mostWords = 80
	longest   = 40 // letters of a word; more is no word
)

// A word is a run of letters of one script, in small letters.
type word struct {
	from, to uint16 // in Text.runes
	script   Script
	form     form
	tagged   bool // part of a hashtag
	first    bool // of a sentence, where a capital says nothing
}

type form uint8

const (
	small   form = iota // at least the first letter is small, or the script knows no capitals
	capital             // the first is a capital, as of names
	shouted             // all are capitals
)

// Text is what is read of a title and a text: words, without addresses, names
// of accounts, numbers and emoji. It is meant to be used again: reading
// allocates nothing.
type Text struct {
	runes [mostRunes]rune
	words [mostWords]word
	n     int // words
	end   int // of runes in use

	// Letters counts letters by script; Plain leaves out those of words that
	// look like names or hashtags.
	Letters, Plain [Scripts]int
	weakNames      bool
	forms          [3]int
}

// Read reads a title and a text.
func (t *Text) Read(title, text string) {
	t.n, t.end = 0, 0
	t.Letters, t.Plain, t.forms = [Scripts]int{}, [Scripts]int{}, [3]int{}
	t.read(title)
	t.read(text)
	for i := range t.n {
		if w := &t.words[i]; !w.tagged && w.script <= Cyrillic {
			t.forms[w.form]++
		}
	}
	// In running text a capital within a sentence marks a name, or in German a
	// noun; in a headline where every word has one it says nothing.
	named := t.forms[capital] + t.forms[shouted]
	t.weakNames = t.forms[small] > 0 && 3*t.forms[small] >= named || named <= 3 && t.forms[shouted] < 3
	for i := range t.n {
		w := &t.words[i]
		n := int(w.to - w.from)
		t.Letters[w.script] += n
		if !t.weak(w) {
			t.Plain[w.script] += n
		}
	}
}

// weak says whether a word tells less of the language than others.
func (t *Text) weak(w *word) bool {
	if w.tagged {
		return true
	}
	return t.weakNames && w.form != small && (!w.first || t.forms[small] == 0)
}

// Words is how many words were read.
func (t *Text) Words() int { return t.n }

// Small is how many words of scripts with capitals are in small letters.
func (t *Text) Small() int { return t.forms[small] }

// Cased is how many words of scripts with capitals there are, hashtags aside.
func (t *Text) Cased() int { return t.forms[small] + t.forms[capital] + t.forms[shouted] }

// read reads the tokens of s: what stands between spaces.
func (t *Text) read(s string) {
	first := true
	for i := 0; i < len(s) && t.n < mostWords && t.end < mostRunes-longest-2; {
		for i < len(s) {
			r, size := rune(s[i]), 1
			if r >= utf8.RuneSelf {
				r, size = utf8.DecodeRuneInString(s[i:])
			}
			if !space(r) {
				break
			}
			i += size
		}
		from := i
		special := false
		for i < len(s) {
			r, size := rune(s[i]), 1
			if r >= utf8.RuneSelf {
				r, size = utf8.DecodeRuneInString(s[i:])
			}
			if space(r) {
				break
			}
			special = special || r == '@' || r == '/' || r == '.' || r == '#' || r == '_' || r == '＠' || r == '＃' || r == '&' || r == ':'
			i += size
		}
		if from == i {
			return
		}
		token := s[from:i]
		if special {
			token = plain(token)
		}
		if token != "" {
			first = t.token(token, first)
		}
	}
}

func space(r rune) bool {
	return r == ' ' || r >= '\t' && r <= '\r' || r >= 0x80 && unicode.IsSpace(r)
}

// plain cuts off what is no word of a language: addresses of pages and
// mailboxes, names of accounts and subreddits, what is left of HTML.
func plain(token string) string {
	begin := 0
	for begin < len(token) && (token[begin] == '(' || token[begin] == '"' || token[begin] == '.' || token[begin] == '[' || token[begin] == '\'') {
		begin++
	}
	rest := token[begin:]
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '@': // an account within or after words, or a mailbox
			return rest[:wordEnd(rest[:i], i)]
		case ':':
			if i+2 < len(rest) && rest[i+1] == '/' && rest[i+2] == '/' {
				return rest[:schemeStart(rest[:i])]
			}
		case '/':
			if i == 1 && (rest[0] == 'r' || rest[0] == 'u') || i > 0 && dotted(rest[:i]) {
				return ""
			}
		case '&':
			if i+3 < len(rest) && rest[len(rest)-1] == ';' {
				return rest[:i]
			}
		}
	}
	if len(rest) > 4 && (rest[:4] == "www." || rest[:4] == "WWW.") || dotted(rest) {
		return ""
	}
	return rest
}

// wordEnd is i where an @ at i begins the name of an account, and 0 where it
// stands in a mailbox.
func wordEnd(before string, i int) int {
	if i == 0 || before[i-1] < utf8.RuneSelf && !letterOrDigit(before[i-1]) {
		return i
	}
	return 0
}

// schemeStart is where the letters before :// begin.
func schemeStart(s string) int {
	i := len(s)
	for i > 0 && letterOrDigit(s[i-1]) {
		i--
	}
	return i
}

func letterOrDigit(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// dotted tells a host, such as example.org, from a word at a sentence's end
// and from two sentences without a space between them.
func dotted(s string) bool {
	for i := 1; i+2 < len(s); i++ {
		if s[i] == '.' && letterOrDigit(s[i-1]) && s[i+1] >= 'a' && s[i+1] <= 'z' && s[i+2] >= 'a' && s[i+2] <= 'z' {
			return true
		}
	}
	return false
}

// token reads the words of a token and says whether the next one begins a
// sentence.
func (t *Text) token(s string, first bool) bool {
	tagged := false
	start, script, form := t.end, Other, small
	letters, capitals := 0, 0
	digits := false
	beforeSmall := false // whether the letter before this one was small, for #CamelCase
	finish := func() {
		if letters > 0 && !digits && letters <= longest && t.n < mostWords {
			if capitals == letters && letters > 1 {
				form = shouted
			}
			t.words[t.n] = word{from: uint16(start), to: uint16(t.end), script: script, form: form, tagged: tagged, first: first}
			t.n++
			first = false
		} else {
			t.end = start
		}
		start, script, form, letters, capitals, digits, beforeSmall = t.end, Other, small, 0, 0, false, false
	}
	for _, r := range s {
		if r >= '0' && r <= '9' {
			digits = digits || letters > 0 && script == Latin
			if letters == 0 {
				digits = true
			}
			continue
		}
		sc := ScriptOf(r)
		if sc == Other {
			if r >= 0x300 && r <= 0x36F || r == 0x200C || r == 0x200D || r == 0xAD || r >= 0x64B && r <= 0x65F || r >= 0x591 && r <= 0x5C7 {
				continue // marks over letters, and joiners within words
			}
			finish()
			digits = false
			switch {
			case r == '#' || r == '＃':
				tagged = true
			case r == '.' || r == '!' || r == '?' || r == '…' || r == ':' || r == '|' || r == '—' || r == '–':
				first = true
			}
			continue
		}
		upper := false
		if sc <= Cyrillic || sc == Greek || sc == Armenian {
			small := r
			if r < 0x80 {
				if r <= 'Z' {
					small = r + 'a' - 'A'
				}
			} else {
				small = folded(r)
			}
			upper, r = small != r && !(r >= 0xFF41 && r <= 0xFF5A), small
		}
		if sc == Han && script == Kana || sc == Kana && script == Han {
			finish()
		}
		if letters > 0 && (sc != script || tagged && upper && beforeSmall) {
			finish()
		}
		if letters == 0 {
			script = sc
			if upper {
				form = capital
			}
			if digits && sc != Latin {
				digits = false
			}
		}
		if upper {
			capitals++
		}
		beforeSmall = !upper
		if t.end < mostRunes-1 && !(t.end-start >= 2 && t.runes[t.end-1] == r && t.runes[t.end-2] == r) { // soooo
			t.runes[t.end] = r
			t.end++
		}
		letters++
	}
	finish()
	return first
}

// folded is a letter as small letter, in the form that the weights know: the
// halves of double code points for one letter are joined.
func folded(r rune) rune {
	switch r {
	case 'İ':
		return 'i'
	case 'ѐ':
		return 'е'
	}
	if r >= 0xFF21 && r <= 0xFF3A {
		return r - 0xFF21 + 'a'
	}
	if r >= 0xFF41 && r <= 0xFF5A {
		return r - 0xFF41 + 'a'
	}
	return unicode.ToLower(r)
}
