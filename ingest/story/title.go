package story

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
)

const (
	shingleWords = 3
	mostTitle    = 60 // words of a title that are compared
	nearTitle    = 0.7

	leastWords   = 4 // of a title that groups
	leastLetters = 16
	leastDense   = 10 // characters, in scripts without spaces
	leastPost    = 8  // words of a post that has no title
	certainWords = 6  // from which on a title groups also on the next day
	ownWords     = 8  // from which on an outlet's own title of another half a day is the same
)

// lexicon holds the words that decide. It is made once, and only read.
type lexicon struct {
	numbers, scales                           map[string]string
	calendar, poles, empty, recurring, labels map[string]bool
	separators                                []string
}

func newLexicon() *lexicon {
	return &lexicon{
		numbers: numbers(), scales: scales(), calendar: calendar(), poles: poles(), empty: empty(),
		recurring: recurring(), labels: labels(), separators: separators(),
	}
}

// title is a headline made ready to be compared.
type title struct {
	plain    string   // folded, without publisher and labels
	words    []string // of it
	hash     uint64   // 0: too short to group
	shingles []uint32 // sorted, each once
	keys     [4]uint64
	cut      bool // it ends with an ellipsis
	dense    bool // it is of characters without spaces
	series   bool // it may come again tomorrow
}

// titleOf reads a title; one of a post is its text.
func (l *lexicon) titleOf(text, outlet string, post bool) title {
	t := title{cut: strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...")}
	if !post {
		text = l.strip(text, outlet)
	}
	t.plain = fold(text, mostTitle)
	t.words = words(t.plain, make([]string, 0, 16))
	if t.cut && len(t.words) > 1 { // the last one may be a part of a word
		t.words = t.words[:len(t.words)-1]
		t.plain = strings.Join(t.words, " ")
	}
	t.finish(l, post)
	return t
}

// finish works out what follows from the words.
func (t *title) finish(l *lexicon, post bool) {
	dense, letters := 0, 0
	for _, w := range t.words {
		n := utf8.RuneCountInString(w)
		letters += n
		if n == 1 && len(w) >= 3 {
			dense++
		}
		t.series = t.series || l.recurring[w]
	}
	least := leastWords
	if post {
		least = leastPost
	}
	if t.dense = dense*2 > len(t.words); t.dense {
		if len(t.words) < leastDense || post && len(t.words) < 2*leastPost {
			return
		}
	} else if len(t.words) < least || letters < leastLetters {
		return
	}
	t.hash = key(keyTitle, xxhash.Sum64String(t.plain))
	t.shingles, t.keys = shinglesOf(t.words)
}

// shinglesOf are the hashes of all runs of three words, and the smallest ones
// by four measures: titles that share most shingles most likely share one of
// these.
func shinglesOf(words []string) (list []uint32, keys [4]uint64) {
	n := len(words) - shingleWords + 1
	if n <= 0 {
		return nil, keys
	}
	list = make([]uint32, 0, n)
	least := [4]uint64{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}
	var a, b uint64
	for i, w := range words {
		c := xxhash.Sum64String(w)
		if i >= shingleWords-1 {
			h := (a*0x9e3779b97f4a7c15+bits.RotateLeft64(b, 21))*0xbf58476d1ce4e5b9 + c*0x94d049bb133111eb
			h ^= h >> 29
			list = append(list, uint32(h))
			for k := range least {
				x := (h ^ uint64(k)*0x632be59bd9b4e019) * 0xd6e8feb86659fd93
				x ^= x >> 32
				least[k] = min(least[k], x)
			}
		}
		a, b = b, c
	}
	slices.Sort(list)
	for k := range keys {
		keys[k] = key(keyShingle+keyKind(k), least[k])
	}
	return slices.Compact(list), keys
}

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
	alike := jaccard(a.shingles, b.shingles)
	if alike < nearTitle {
		short, long := a, b
		if len(a.words) > len(b.words) {
			short, long = b, a
		}
		if short.cut && len(short.words) >= certainWords && strings.HasPrefix(long.plain, short.plain+" ") {
			return nearTitle
		}
		return 0
	}
	if !l.sameMatter(a.words, b.words) {
		return 0
	}
	return alike
}

// sameMatter says whether two lists of words differ in nothing that matters:
// figures, days, what turns the sense round, and names.
func (l *lexicon) sameMatter(a, b []string) bool {
	mineA, mineB := rest(a, b), rest(b, a)
	if !slices.Equal(l.figures(a), l.figures(b)) {
		return false
	}
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
		switch {
		case l.poles[w]:
			return nil, false
		case l.empty[w], l.figure(w) != "", l.scales[w] != "":
		default:
			out = append(out, w)
		}
	}
	return out, true
}

// figure is a word as a figure: a number, however it is written, or a day or
// month; empty: it is none.
func (l *lexicon) figure(w string) string {
	if w[0] >= '0' && w[0] <= '9' {
		return w
	}
	if n := l.numbers[w]; n != "" {
		return n
	}
	if l.calendar[w] {
		return w
	}
	return ""
}

// figures are all figures of a title, sorted, in one form: 40b for 40 billion
// and 40bn.
func (l *lexicon) figures(words []string) (list []string) {
	for i, w := range words {
		f := l.figure(w)
		if f == "" {
			continue
		}
		digits := strings.TrimRight(f, "abcdefghijklmnopqrstuvwxyz")
		if scale := l.scales[f[len(digits):]]; scale != "" {
			f = digits + scale
		} else if digits == f && i+1 < len(words) {
			f += l.scales[words[i+1]]
		}
		list = append(list, f)
	}
	slices.Sort(list)
	return list
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
