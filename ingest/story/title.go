package story

import (
	"cmp"
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
	touched      = 0.4 // where one has but a word or two more than the other
	mostPutIn    = 2
	leastTelling = 5   // words of such titles
	leastHead    = 7   // words of a title that another one goes on after
	headBytes    = 600 // of a title, or of a post, in which such an end is looked for

	leastWords   = 4 // of a title that groups
	leastLetters = 16
	leastDense   = 10 // characters, in scripts without spaces
	leastPost    = 8  // words of a post that has no title
	certainWords = 6  // from which on a title groups also on the next day
	tellingAll   = 10 // from which on a title of another outlet is no series
	ownWords     = 8  // from which on an outlet's own title of another half a day is the same
)

// lexicon holds the words that decide. It is made once, and only read.
type lexicon struct {
	kinds           map[string]wordKind
	numbers, scales map[string]string
	short           map[string]shortForm
	labels          map[string]bool
	separators      []string
}

// wordKind says what a word is; it may be several things.
type wordKind uint8

const (
	isNumeral wordKind = 1 << iota
	isScale
	isDay
	isPole
	isEmpty
	isRecurring
	isShort
)

func newLexicon() *lexicon {
	l := &lexicon{kinds: map[string]wordKind{}, numbers: numbers(), scales: scales(), short: shortForms(), labels: labels(), separators: separators()}
	for word := range l.numbers {
		l.kinds[word] |= isNumeral
	}
	for word := range l.scales {
		l.kinds[word] |= isScale
	}
	for word := range l.short {
		l.kinds[word] |= isShort
	}
	for kind, words := range map[wordKind]map[string]bool{isDay: calendar(), isPole: poles(), isEmpty: empty(), isRecurring: recurring()} {
		for word := range words {
			l.kinds[word] |= kind
		}
	}
	return l
}

// title is a headline made ready to be compared.
type title struct {
	plain    string   // folded, without publisher and labels
	words    []string // of it
	hash     uint64   // 0: too short to group
	head     uint64   // hash of what stands before a subtitle; 0: there is none
	figures  uint64   // stands for all its figures
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
	t.words = l.figured(words(fold(text, mostTitle), make([]string, 0, 16)))
	t.plain = strings.Join(t.words, " ")
	t.head = l.headOf(text)
	if t.cut && len(t.words) > 1 { // the last one may be a part of a word
		t.words = t.words[:len(t.words)-1]
		t.plain = strings.Join(t.words, " ")
	}
	t.finish(l, post)
	return t
}

// headOf is the hash of a title without its subtitle, if that is long enough to
// be a title.
func (l *lexicon) headOf(text string) uint64 {
	text = text[:min(len(text), headBytes)] // a post may be pages of dots, each of which could be the end
	for from := 0; ; {
		i := strings.IndexAny(text[from:], ":.?!-–—|")
		if i < 0 {
			return 0
		}
		from += i
		head := text[:from]
		_, size := utf8.DecodeRuneInString(text[from:])
		from += size
		rest := text[from:]
		if len(strings.Fields(head)) < leastHead || !strings.HasPrefix(rest, " ") || strings.TrimSpace(rest) == "" {
			continue
		}
		if list := l.figured(words(fold(head, mostTitle), nil)); len(list) >= leastHead {
			return xxhash.Sum64String(strings.Join(list, " "))
		}
	}
}

// figured writes figures and abbreviations in one form: 40b for 40 billion and
// 40bn, 3 for three, us for United States, january for Jan.
func (l *lexicon) figured(list []string) []string {
	out := list[:0]
	for _, w := range list {
		kind := l.kinds[w]
		if kind&isShort != 0 {
			if n := len(out); n > 0 && out[n-1] == l.short[w].behind {
				out[n-1] = l.short[w].one
				continue
			} else if l.short[w].behind == "" {
				w = l.short[w].one
			}
		}
		if kind&isNumeral != 0 {
			w = l.numbers[w]
		} else if c := w[0]; c <= '9' || c >= utf8.RuneSelf { // it may begin with a figure
			if digits := strings.TrimRight(w, "abcdefghijklmnopqrstuvwxyz"); digits != w && isNumber(digits) {
				w = digits + cmp.Or(l.scales[w[len(digits):]], w[len(digits):])
			}
		}
		if kind&isScale != 0 && len(out) > 0 && isNumber(out[len(out)-1]) {
			out[len(out)-1] += l.scales[w]
			continue
		}
		out = append(out, w)
	}
	return out
}

func isNumber(s string) bool {
	if c := s[len(s)-1]; c < '0' || c > '9' {
		return false
	}
	return isDigits(strings.ReplaceAll(strings.TrimLeft(s, "$€£¥₹"), ".", ""))
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
		if l.figure(w) {
			t.figures += key(keyTitle, xxhash.Sum64String(w))
		}
		t.series = t.series || l.kinds[w]&isRecurring != 0
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
	t.hash = xxhash.Sum64String(t.plain)
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
