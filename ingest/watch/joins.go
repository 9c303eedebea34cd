package watch

import (
	"unicode"
	"unicode/utf8"
)

// joined looks at what stands between two neighbouring parts of a text and
// decides whether Unicode takes them for one word, and if so, where a term may
// end or begin inside it.
func (d *document) joined(text string, a, b *atom) bool {
	gap := text[a.end:b.start]
	if gap == "" || len(gap) > 3 || a.has(isSoloAtom) || b.has(isSoloAtom) {
		return false
	}
	r, size := utf8.DecodeRuneInString(gap)
	if size != len(gap) {
		if gap == "__" || gap == "___" {
			a.flags |= gluedRight
			b.flags |= gluedLeft
			return true
		}
		return false
	}
	letters := !a.has(endsInDigit) && !b.has(startsWithDigit)
	digits := a.has(endsInDigit) && b.has(startsWithDigit)
	switch foldSymbol(r) {
	case '\'':
		if letters {
			d.aroundApostrophe(text, a, b)
			return true
		}
		return digits && glue(a, b)
	case '.':
		if letters {
			if d.isOneLetter(a) || d.isOneLetter(b) {
				return glue(a, b) // U.S.A., e.g.
			}
			return true
		}
		return digits && glue(a, b)
	case ':':
		return letters
	case ',', ';':
		return digits && glue(a, b)
	case '_':
		return glue(a, b)
	case '·', '‧':
		return letters && glue(a, b)
	}
	return false
}

func glue(a, b *atom) bool {
	a.flags |= gluedRight
	b.flags |= gluedLeft
	return true
}

func (d *document) isOneLetter(a *atom) bool {
	return utf8.RuneCount(d.folded[a.fold:a.foldEnd]) == 1
}

// aroundApostrophe lets a name be found in front of a possessive, of a
// contraction and of a Turkish suffix, and behind an elided article.
func (d *document) aroundApostrophe(text string, a, b *atom) {
	head, tail := d.folded[a.fold:a.foldEnd], d.folded[b.fold:b.foldEnd]
	if !isElided(head) {
		b.flags |= gluedLeft
	}
	first, _ := utf8.DecodeRuneInString(text[a.start:])
	if len(head) < 2 && !behindAmpersand(text, a) || !isEnding(tail) && !(unicode.IsUpper(first) && isTurkishSuffix(tail)) {
		a.flags |= gluedRight
	}
}

// behindAmpersand tells the T of AT&T's from the I of I'm.
func behindAmpersand(text string, a *atom) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:a.start])
	return foldSymbol(r) == '&'
}

// isElided lists articles, pronouns and prepositions of French, Italian and
// Catalan that lose their vowel in front of a name.
func isElided(head []byte) bool {
	switch string(head) {
	case "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu",
		"un", "dell", "all", "nell", "dall", "sull", "coll", "dagl", "degl", "agl", "quell", "quest", "anch", "tutt":
		return true
	}
	return false
}

// isEnding lists what English and its neighbours hang on a name.
func isEnding(tail []byte) bool {
	switch string(tail) {
	case "s", "ll", "d", "re", "ve", "m":
		return true
	}
	return false
}

func isTurkishSuffix(tail []byte) bool {
	switch string(tail) {
	case "a", "e", "i", "u", "ya", "ye", "yi", "yu", "na", "ne", "ni", "nu", "in", "un", "nin", "nun",
		"da", "de", "ta", "te", "dan", "den", "tan", "ten", "nda", "nde", "ndan", "nden",
		"la", "le", "yla", "yle", "lar", "ler", "larin", "lerin", "ca", "ce", "dir", "dur", "tir", "tur",
		"li", "lu", "lik", "daki", "deki", "taki", "teki":
		return true
	}
	return false
}
