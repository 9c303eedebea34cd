package story

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// common is how many values two sorted lists share.
func common(a, b []uint32) (n int) {
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			n++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return n
}

// jaccard is the part of all values of two lists that both have.
func jaccard(a, b []uint32) float64 {
	n := common(a, b)
	if all := len(a) + len(b) - n; all > 0 {
		return float64(n) / float64(all)
	}
	return 0
}

// near says how alike two different titles are: 0 if they don't say the same.
func (l *lexicon) near(a, b *title) float64 {
	common := jaccard(a.shingles, b.shingles)
	short, long := a, b
	if len(a.words) > len(b.words) {
		short, long = b, a
	}
	switch {
	case short.cut && len(short.words) >= certainWords && strings.HasPrefix(long.plain, short.plain+" "):
		return max(common, nearTitle)
	case common < touched || a.figures != b.figures:
	case common >= nearTitle && l.sameMatter(a.words, b.words), common >= touched && l.touchedUp(short.words, long.words):
		return common
	}
	return 0
}

// touchedUp says whether two titles have the same words in the same order, but
// for empty ones, and for one or two that one of them has more at one place.
// That takes many shingles of a short title away.
func (l *lexicon) touchedUp(short, long []string) bool {
	if !l.sameMatter(short, long) {
		return false
	}
	a, b := l.telling(short), l.telling(long)
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > mostPutIn || len(a) < leastTelling {
		return false
	}
	i := 0
	for i < len(a) && alike(a[i], b[i]) {
		i++
	}
	for j := len(a); j > i; j-- {
		if !alike(a[j-1], b[j-1+len(b)-len(a)]) {
			return false
		}
	}
	return true
}

func alike(a, b string) bool { return a == b || variants(a, b) }

// telling are the words that say something.
func (l *lexicon) telling(list []string) []string {
	out := make([]string, 0, len(list))
	for _, w := range list {
		if l.kinds[w]&isEmpty == 0 {
			out = append(out, w)
		}
	}
	return out
}

// sameMatter says whether two lists of words with the same figures differ in
// nothing that matters: what turns the sense round, and names.
func (l *lexicon) sameMatter(a, b []string) bool {
	mineA, mineB := rest(a, b), rest(b, a)
	mineA, okA := l.matter(mineA)
	mineB, okB := l.matter(mineB)
	if !okA || !okB {
		return false
	}
	if len(mineA) > len(mineB) {
		mineA, mineB = mineB, mineA
	}
	// One of the two may say more; none may say another thing in its place.
	for _, w := range mineA {
		if !slices.ContainsFunc(mineB, func(other string) bool { return variants(w, other) }) {
			return false
		}
	}
	return len(mineB)-len(mineA) <= max(1, min(len(a), len(b))/4)
}

// rest are the words of a that b doesn't have, as often as a has them more.
func rest(a, b []string) (list []string) {
	left := slices.Clone(b)
	for _, w := range a {
		if i := slices.Index(left, w); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			list = append(list, w)
		}
	}
	return list
}

// matter are the words among what differs that say something; not ok: one of
// them turns the sense round. Figures are compared elsewhere.
func (l *lexicon) matter(list []string) (out []string, ok bool) {
	for _, w := range list {
		switch kind := l.kinds[w]; {
		case kind&isPole != 0:
			return nil, false
		case kind&isEmpty != 0, l.figure(w):
		default:
			out = append(out, w)
		}
	}
	return out, true
}

// figure says whether a word is a number, a day or a month.
func (l *lexicon) figure(w string) bool {
	c := rune(w[0])
	if c >= 'a' && c <= 'z' {
		return l.kinds[w]&isDay != 0
	}
	c, _ = utf8.DecodeRuneInString(w)
	return unicode.IsDigit(c) || currency(c) || l.kinds[w]&isDay != 0
}

// figures are all figures among words, sorted.
func (l *lexicon) figures(list []string) (out []string) {
	for _, w := range list {
		if l.figure(w) {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

// variants says whether two words are forms or spellings of one.
func variants(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	for n < len(a) && a[n] == b[n] {
		n++
	}
	if n >= 4 && ending(a[n:]) && ending(b[n:]) {
		return true
	}
	if len(a) < 5 {
		return false
	}
	slips := 1
	if len(a) >= 9 {
		slips = 2
	}
	return oneSlip(a[n:], b[n:], slips)
}

func ending(s string) bool {
	switch s {
	case "", "s", "es", "ed", "d", "ing", "e", "ly", "n", "en", "an", "er", "y", "ies":
		return true
	}
	return false
}

// oneSlip says whether a few letters make one of the other.
func oneSlip(a, b string, most int) bool {
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return max(len(a), len(b)) <= most
}
