package model

// The n-grams of a word that are looked up, and how many of a text: those of
// sixty letters or so. More make an answer hardly surer, and take time.
const (
	longestGram = 5
	mostGrams   = 340
	longestWord = 24 // letters of a word that is looked up as a whole
)

// Grams are the hashes of a text's n-grams of letters, of one to five with
// the spaces around words among them, and of its whole words.
type Grams struct {
	list   [mostGrams]uint32
	strong int               // list[:strong] are of words that tell the language
	weak   int               // list[strong:weak] of those that tell less of it
	rows   [mostGrams]uint32 // where the weights of those that have any are
}

// Strong are the hashes that count in full.
func (g *Grams) Strong() []uint32 { return g.list[:g.strong] }

// Weak are those of names and hashtags.
func (g *Grams) Weak() []uint32 { return g.list[g.strong:g.weak] }

const (
	seed          = 0x2545F491
	wordSeed      = 0x1B873593
	multiply      = 0x9E3779B1
	edge     rune = ' '
)

func mix(h uint32, r rune) uint32 {
	h = (h ^ uint32(r)) * multiply
	return h ^ h>>15
}

// Grams collects the n-grams of the words of a script; of Han, those of Kana
// too, as one text.
func (t *Text) Grams(s Script, g *Grams) {
	g.strong, g.weak = 0, 0
	for i := range t.n {
		if w := &t.words[i]; w.script == s && !t.weak(w) {
			g.strong = t.gramsOf(w, g, g.strong)
		}
	}
	g.weak = g.strong
	for i := range t.n {
		if w := &t.words[i]; w.script == s && t.weak(w) {
			g.weak = t.gramsOf(w, g, g.weak)
		}
	}
}

func (t *Text) gramsOf(w *word, g *Grams, at int) int {
	var padded [longest + 2]rune
	n := 2 + copy(padded[1:], t.runes[w.from:w.to])
	padded[0], padded[n-1] = edge, edge
	if at+n*longestGram+1 > mostGrams {
		return at
	}
	for i := range n {
		h := uint32(seed)
		for _, r := range padded[i:min(i+longestGram, n)] {
			h = mix(h, r)
			g.list[at] = h
			at++
		}
	}
	if n > longestGram && n <= longestWord+2 {
		h := uint32(wordSeed)
		for _, r := range padded[1 : n-1] {
			h = mix(h, r)
		}
		g.list[at] = h
		at++
	}
	return at
}
