// Package lexicon holds what words mean for a brand, one list for each
// language, made by hand: how a word feels about what it is said of, what a
// verb does to its subject and to its object, which words turn, strengthen or
// concede, and an English gloss for every term, through which one model reads
// all languages.
//
// A list is a text file of tab-separated lines: term, value, gloss. A term is
// in lower case, of one to eight words; "*" at a word's end makes it a stem,
// and one "_" stands for a name of up to five words. A value is a number
// −4…4, a pair subject/object of such numbers, three of them,
// subject/gap/object, or an operator such as @neg. Lines that begin with # are
// comments. The lists en.txt and en-….txt make one.
package lexicon

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Op says what a word does to the words around it.
type Op uint8

// The operators, as they are written in the lists.
const (
	None    Op = iota
	Neg        // @neg: turns what follows: not, never, without
	Boost      // @boost: very
	Damp       // @damp: a bit
	But        // @but: what follows counts more
	Despite    // @despite: what follows is conceded
	By         // @by: the doer of a passive follows
	Than       // @than: what follows is compared with
	Over       // @over: what follows comes second
	If         // @if: not a fact
	Say        // @say: whoever is named here only speaks
	AskWord    // @ask: a question word
	And        // @and
	From       // @from
	To         // @to
	Less       // @less
	More       // @more
	Only       // @only
)

// opNames are in the order of the operators.
func opNames() []string {
	return []string{
		"", "@neg", "@boost", "@damp", "@but", "@despite", "@by", "@than", "@over", "@if", "@say", "@ask", "@and",
		"@from", "@to", "@less", "@more", "@only",
	}
}

// Entry is one line of a list.
type Entry struct {
	Term    string
	Op      Op
	Value   float32  // −4…4, towards whatever it is said of; 0 for pairs
	Subject float32  // what it does to its subject
	Object  float32  // and to its object
	Gap     float32  // and to the name in the term's gap
	Roles   bool     // Subject and Object are given
	Gloss   []string // in English, a word each
}

// Phrase is an entry of several words.
type Phrase struct {
	Entry
	words []pattern
}

// Len is the number of words of the phrase; its gap is one of them.
func (p *Phrase) Len() int { return len(p.words) }

// IsGap tells whether the i-th word is the gap for a name.
func (p *Phrase) IsGap(i int) bool { return p.words[i].gap }

// MatchesWord tells whether the i-th word of the phrase may be w.
func (p *Phrase) MatchesWord(i int, w string) bool { return p.words[i].matches(w) }

// Opening are the phrases that begin with one word.
type Opening struct {
	exact map[string][]*Phrase // by their second word
	stems map[byte][]*Phrase   // by the first byte of their second word, a stem
	gaps  []*Phrase            // whose second word is a gap
}

// Each calls f with the phrases whose second word may be next; those with a
// gap there only if gaps says so.
func (o *Opening) Each(next string, gaps bool, f func(*Phrase)) {
	if o.exact != nil {
		for _, p := range o.exact[next] {
			f(p)
		}
	}
	if o.stems != nil && next != "" {
		for _, p := range o.stems[next[0]] {
			if p.words[1].matches(next) {
				f(p)
			}
		}
	}
	if gaps {
		for _, p := range o.gaps {
			f(p)
		}
	}
}

func (o *Opening) add(p *Phrase) {
	switch second := p.words[1]; {
	case second.gap:
		o.gaps = append(o.gaps, p)
	case second.stem && second.text != "":
		if o.stems == nil {
			o.stems = map[byte][]*Phrase{}
		}
		o.stems[second.text[0]] = append(o.stems[second.text[0]], p)
	default:
		if o.exact == nil {
			o.exact = map[string][]*Phrase{}
		}
		o.exact[second.text] = append(o.exact[second.text], p)
	}
}

type pattern struct {
	text string
	stem bool
	gap  bool
}

func (p pattern) matches(w string) bool {
	if p.stem {
		return strings.HasPrefix(w, p.text)
	}
	return p.text == w
}

// Lexicon is the list of one language. It is read-only once made, and safe
// for concurrent use.
type Lexicon struct {
	Language string
	words    map[string]*Entry
	folded   map[string]*Entry // by the term without its marks, where that is another string
	stems    map[string]*Entry
	phrases  map[string]*Opening // by their first word, exact
	openings map[string]*Opening // by their first word, a stem
	longest  int                 // bytes of the longest word or stem
	shortest int                 // bytes of the shortest stem
	size     int
}

// Read reads one list.
func Read(lang string, r io.Reader) (*Lexicon, error) {
	l := empty(lang)
	if err := l.read(lang, r); err != nil {
		return nil, err
	}
	return l, nil
}

func empty(lang string) *Lexicon {
	return &Lexicon{
		Language: lang, words: map[string]*Entry{}, folded: map[string]*Entry{}, stems: map[string]*Entry{},
		phrases: map[string]*Opening{}, openings: map[string]*Opening{}, shortest: math.MaxInt,
	}
}

func (l *Lexicon) read(name string, r io.Reader) error {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimRight(lines.Text(), "\r\n")
		if line == "" || line[0] == '#' && !strings.Contains(line, "\t") {
			continue
		}
		e, err := parseEntry(line)
		if err != nil {
			return fmt.Errorf("lexicon %s, line %d: %w", name, n, err)
		}
		l.add(e)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read lexicon %s: %w", name, err)
	}
	return nil
}

func parseEntry(line string) (*Entry, error) {
	columns := strings.Split(line, "\t")
	if len(columns) != 3 {
		return nil, fmt.Errorf("%d columns, not 3: term, value, gloss", len(columns))
	}
	e := &Entry{Term: strings.TrimSpace(columns[0]), Gloss: strings.Fields(strings.ToLower(columns[2]))}
	if e.Term == "" || e.Term == "*" {
		return nil, fmt.Errorf("an empty term")
	}
	value := strings.TrimSpace(columns[1])
	if strings.HasPrefix(value, "@") {
		i := slices.Index(opNames(), value)
		if i <= 0 {
			return nil, fmt.Errorf("unknown operator %q", value)
		}
		e.Op = Op(i)
		return e, nil
	}
	number := func(s string) (float32, error) {
		v, err := strconv.ParseFloat(s, 32)
		if err != nil || v < -4 || v > 4 {
			return 0, fmt.Errorf("the value %q is no number from -4 to 4", s)
		}
		return float32(v), nil
	}
	var err error
	if sides := strings.Split(value, "/"); len(sides) > 1 {
		if len(sides) > 3 || len(sides) == 3 && !strings.Contains(e.Term, "_") {
			return nil, fmt.Errorf("the value %q is neither subject/object nor, for a term with a gap, subject/gap/object", value)
		}
		e.Roles = true
		to := []*float32{&e.Subject, &e.Object}
		if len(sides) == 3 {
			to = []*float32{&e.Subject, &e.Gap, &e.Object}
		} else if strings.Contains(e.Term, "_") {
			to[1] = &e.Gap
		}
		for i, side := range sides {
			if *to[i], err = number(side); err != nil {
				return nil, err
			}
		}
		return e, nil
	}
	e.Value, err = number(value)
	return e, err
}

func (l *Lexicon) add(e *Entry) {
	l.size++
	var words []pattern
	for _, w := range parts(l.Language, e.Term) {
		text, stem := strings.CutSuffix(w, "*")
		words = append(words, pattern{text, stem, w == "_"})
		l.longest = max(l.longest, len(text))
	}
	first := words[0]
	switch {
	case len(words) > 1:
		p := &Phrase{Entry: *e, words: words}
		by := l.phrases
		if first.stem {
			by = l.openings
			l.shortest = min(l.shortest, len(first.text))
		}
		if by[first.text] == nil {
			by[first.text] = &Opening{}
		}
		by[first.text].add(p)
	case first.stem:
		l.stems[first.text] = e
		l.shortest = min(l.shortest, len(first.text))
	default:
		l.words[first.text] = e
		if f := Fold(first.text); f != first.text && len(f) > 3 {
			l.folded[f] = e
		}
	}
}

// Len is the number of entries.
func (l *Lexicon) Len() int { return l.size }

// Word finds the entry of a word in lower case: the word itself, else without
// its marks, else the longest stem that it begins with. It is nil when there
// is none.
func (l *Lexicon) Word(w string) *Entry {
	if l == nil {
		return nil
	}
	if e := l.words[w]; e != nil {
		return e
	}
	for n := min(len(w), l.longest); n >= l.shortest; n-- {
		if e := l.stems[w[:n]]; e != nil {
			return e
		}
	}
	return l.folded[w]
}

// Phrases gives the phrases whose first word may be w, in groups.
func (l *Lexicon) Phrases(w string) []*Opening {
	if l == nil {
		return nil
	}
	var list []*Opening
	if o := l.phrases[w]; o != nil {
		list = append(list, o)
	}
	for n := min(len(w), l.longest); n >= l.shortest; n-- {
		if o := l.openings[w[:n]]; o != nil {
			list = append(list, o)
		}
	}
	return list
}

// LongestAt gives the length in bytes of the longest term without spaces that
// text begins with, 0 if there is none: it finds words where none are parted
// by spaces.
func (l *Lexicon) LongestAt(text string) int {
	if l == nil {
		return 0
	}
	for n := min(len(text), l.longest); n > 0; n-- {
		if n < len(text) && text[n]&0xC0 == 0x80 {
			continue // inside a character
		}
		if l.words[text[:n]] != nil || l.stems[text[:n]] != nil {
			return n
		}
	}
	return 0
}

// Glosses lists the English words that the list's glosses are made of.
func (l *Lexicon) Glosses() []string {
	var out []string
	take := func(e *Entry) { out = append(out, e.Gloss...) }
	for _, e := range l.words {
		take(e)
	}
	for _, e := range l.stems {
		take(e)
	}
	for _, by := range []map[string]*Opening{l.phrases, l.openings} {
		for _, o := range by {
			for _, p := range o.gaps {
				take(&p.Entry)
			}
			for _, list := range o.stems {
				for _, p := range list {
					take(&p.Entry)
				}
			}
			for _, list := range o.exact {
				for _, p := range list {
					take(&p.Entry)
				}
			}
		}
	}
	return out
}
