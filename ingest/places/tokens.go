package places

import (
	"unicode"
	"unicode/utf8"
)

// gap is what stands between a token and the one before.
type gap uint8

const (
	gapStart  gap = iota // nothing stands before
	gapSpace             // spaces alone
	gapComma             // a comma, perhaps with spaces
	gapHyphen            // a hyphen without spaces
	gapApo               // an apostrophe without spaces
	gapDot               // a full stop without spaces, as in U.S.
	gapEnd               // a full stop and a space: maybe the end of a sentence, maybe of an abbreviation
	gapOther             // anything else: a dash, a colon, quotes, brackets
	gapNone              // the script changes without anything between
)

// script is how a token's letters are looked up.
type script uint8

const (
	latin  script = iota // and all others that part words by spaces, with capitals or without
	run                  // no spaces between words: every substring may be a name
	hangul               // words with particles on them: every beginning may be a name
	arabic
	hebrew
	cyrillic
	indic
)

// token is a word of a text, or a run of letters of a script without spaces.
type token struct {
	start, end int // bytes of the text
	from, to   int // bytes of the folded letters
	word       int32
	gap        gap
	script     script
	upper      bool // its first letter is a capital
	caps       bool // all its letters are capitals, two or more
	cased      bool // its script has capitals
	digits     bool
	dotted     bool // single letters with full stops between
}

// letters are about how many letters a token has: all of them count as one
// byte in Latin, and more elsewhere.
func (t *token) letters() int { return t.to - t.from }

// mostBytes is how much of a text is read: what comes first says where it is.
const mostBytes = 300

// reader is the scratch room of one reading. It isn't safe for concurrent use.
type reader struct {
	text   string
	folded []byte
	tokens []token
	hits   []hit
	found  []finding

	capitals, smalls, shouts int
	titled                   bool // a headline In Which Words Begin Like This
	shouted                  bool // ALL OF IT IS IN CAPITALS
	small                    bool // there is no capital in it
	english                  bool // its language is English, or unknown
}

// cutText is the beginning of a text that is read, whole letters of it.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

func scriptOf(r rune) script {
	switch {
	case r < 0x370:
		return latin
	case r < 0x400:
		return latin // Greek
	case r < 0x530:
		return cyrillic
	case r >= 0x590 && r < 0x600:
		return hebrew
	case r >= 0x600 && r < 0x780, r >= 0xFB50 && r < 0xFE00, r >= 0xFE70 && r < 0xFF00:
		return arabic
	case r >= 0x900 && r < 0xE00:
		return indic
	case r >= 0xE00 && r < 0x10A0: // Thai, Lao, Tibetan, Burmese
		return run
	case r >= 0x1780 && r < 0x1800: // Khmer
		return run
	case r >= 0x3040 && r < 0x3100, r >= 0x31F0 && r < 0x3200, r >= 0x3400 && r < 0xA000, r >= 0xF900 && r < 0xFB00, r >= 0x20000 && r < 0x32000, r == 0x3005, r == 0x30FC:
		return run
	case r >= 0xAC00 && r < 0xD7B0, r >= 0x1100 && r < 0x1200:
		return hangul
	}
	return latin
}

func isLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r) || r == 0x200D || r == 0x200C
}

func isApostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == '‘' || r == 'ʼ' || r == '`' || r == '´'
}

// read cuts a text into tokens.
func (r *reader) read(f *folder, s string) {
	r.text, r.folded, r.tokens, r.hits, r.found = s, r.folded[:0], r.tokens[:0], r.hits[:0], r.found[:0]
	r.capitals, r.smalls, r.shouts = 0, 0, 0
	between := gapStart
	note := func(g gap) {
		switch {
		case between == gapStart && len(r.tokens) == 0, between == gapOther:
		case between == gapSpace && g == gapSpace:
		case between == gapNone:
			between = g
		case g == gapSpace && (between == gapDot):
			between = gapEnd
		case g == gapSpace && between == gapComma, g == gapSpace && between == gapEnd:
		case g == gapComma && (between == gapDot || between == gapEnd): // "Ala., said"
			between = gapComma
		default:
			between = gapOther
		}
	}
	for i := 0; i < len(s); {
		c, n := decode(s, i)
		digit := '0' <= c && c <= '9'
		if !digit && !isLetter(c) {
			switch {
			case c == ' ' || c == '\u00a0' || c == '\t' || c == '\n' || c == '\r' || c == '\u202f':
				note(gapSpace)
			case c == ',' || c == '،' || c == '、' || c == '，':
				note(gapComma)
			case c == '-' || c == '‐' || c == '‑' || c == '־':
				note(gapHyphen)
			case isApostrophe(c):
				note(gapApo)
			case c == '.':
				note(gapDot)
			default:
				note(gapOther)
			}
			i += n
			continue
		}
		t := token{start: i, from: len(r.folded), gap: between, digits: digit, word: -1}
		if len(r.tokens) == 0 {
			t.gap = gapStart
		}
		t.script = scriptOf(c)
		letters, caps := 0, 0
		for i < len(s) {
			c, n := decode(s, i)
			d := '0' <= c && c <= '9'
			if !d && !isLetter(c) {
				// The sign within an abbreviation in Hebrew.
				if t.script == hebrew && (c == '"' || c == '״' || c == '׳') && i+n < len(s) {
					if next, _ := decode(s, i+n); scriptOf(next) == hebrew && isLetter(next) {
						i += n
						continue
					}
				}
				break
			}
			if sc := scriptOf(c); !d && (sc == run || t.script == run) && sc != t.script && !unicode.Is(unicode.Mn, c) {
				break
			}
			letters++
			if c < utf8.RuneSelf && 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf && unicode.IsUpper(c) {
				caps++
				if letters == 1 {
					t.upper = true
				}
				t.cased = true
			} else if !t.cased && (c < utf8.RuneSelf || c < 0x590 && unicode.IsLower(c) || c >= 0x1E00 && c < 0x2000) {
				t.cased = true
			}
			r.folded = f.append(r.folded, c)
			i += n
		}
		t.end, t.to = i, len(r.folded)
		t.caps = letters > 1 && caps == letters
		if t.cased && !t.digits {
			switch {
			case t.caps:
				r.shouts++
				r.capitals++
			case t.upper:
				r.capitals++
			case letters > 3:
				r.smalls++
			}
		}
		between = gapNone
		if k := len(r.tokens) - 1; letters == 1 && t.upper && t.gap == gapDot && r.tokens[k].upper && (r.tokens[k].dotted || r.tokens[k].letters() == 1) {
			p := &r.tokens[k] // U.S., D.C.
			p.end, p.to, p.dotted, p.caps = t.end, t.to, true, true
			continue
		}
		r.tokens = append(r.tokens, t)
	}
	r.titled = r.capitals >= 4 && r.smalls*4 <= r.capitals
	r.shouted = r.shouts >= 3 && r.shouts*3 >= r.capitals*2 && r.smalls <= 1
	r.small = r.capitals == 0
}

func decode(s string, i int) (rune, int) {
	if s[i] < utf8.RuneSelf {
		return rune(s[i]), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

func (r *reader) letters(i int) []byte { t := &r.tokens[i]; return r.folded[t.from:t.to] }
