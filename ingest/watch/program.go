package watch

import (
	"math"
	"slices"
	"unicode/utf8"
)

// node is a query ready to run: NOT stands right above terms and NEARs, titles
// are pushed down to the terms, words are numbers of a vocabulary.
type node struct {
	op      operator // opTerm, opAnd, opOr, opNear, opFact
	negated bool     // of opTerm, opNear and opFact
	kids    []*node
	leaf    *leaf
	within  []int32
	fact    fact
}

// leaf is a term ready to run.
type leaf struct {
	*term
	keys   []int32 // of its parts
	anchor int     // the part that is looked up; the others are compared
	title  bool    // only the title counts
	simple bool    // one plain word: nothing to compare
}

// build makes a node of a tree.
func build(t *tree, v *vocabulary, negated, title bool) *node {
	switch t.op {
	case opTerm:
		return &node{op: opTerm, negated: negated, leaf: newLeaf(t.term, v, title)}
	case opFact:
		return &node{op: opFact, negated: negated, fact: t.fact}
	case opNot:
		return build(t.kids[0], v, !negated, title)
	case opTitle:
		return build(t.kids[0], v, negated, true)
	}
	n := &node{op: t.op, within: t.within}
	switch {
	case t.op == opNear:
		n.negated, negated = negated, false
	case negated && t.op == opAnd:
		n.op = opOr
	case negated && t.op == opOr:
		n.op = opAnd
	}
	for _, kid := range t.kids {
		built := build(kid, v, negated, title)
		if n.op != opNear && built.op == n.op {
			n.kids = append(n.kids, built.kids...) // ((a b) c) is a b c
		} else {
			n.kids = append(n.kids, built)
		}
	}
	if n.op != opNear {
		if len(n.kids) == 1 {
			return n.kids[0]
		}
		// Cheap questions first: order means nothing to AND and OR.
		slices.SortStableFunc(n.kids, func(a, b *node) int { return a.weight() - b.weight() })
	}
	return n
}

func (n *node) weight() int {
	switch {
	case n.op == opFact, n.op == opTerm && n.leaf.simple:
		return 0
	case n.op == opTerm:
		return 1
	case n.op == opNear:
		return 2
	}
	return 3
}

func newLeaf(t *term, v *vocabulary, title bool) *leaf {
	l := &leaf{term: t, title: title}
	best := math.Inf(1)
	for i := range t.parts {
		p := &t.parts[i]
		l.keys = append(l.keys, v.number(p.folded))
		if c := commonness(p.folded); c < best {
			best, l.anchor = c, i
		}
	}
	l.simple = len(t.parts) == 1 && !t.exact && t.before == "" && t.after == "" && !t.parts[0].isPattern()
	return l
}

// required gives keys of which at least one occurs in every text that
// matches, the ones expected to be the rarest, and how common they are; ok is
// false when there are none, and the query must be asked of every text.
func (n *node) required() (keys []int32, cost float64, ok bool) {
	switch n.op {
	case opTerm:
		if n.negated || n.leaf.symbols != "" {
			return nil, 0, false
		}
		return []int32{n.leaf.keys[n.leaf.anchor]}, commonness(n.leaf.parts[n.leaf.anchor].folded), true
	case opFact:
		return nil, 0, false
	case opOr:
		for _, kid := range n.kids {
			more, c, found := kid.required()
			if !found {
				return nil, 0, false
			}
			keys, cost = append(keys, more...), cost+c
		}
		return keys, cost, true
	}
	if n.negated {
		return nil, 0, false
	}
	for _, kid := range n.kids {
		if more, c, found := kid.required(); found && (!ok || c < cost) {
			keys, cost, ok = more, c, true
		}
	}
	return keys, cost, ok
}

// commonness guesses in how many of a thousand texts a word occurs. Only the
// order matters: it chooses the word that a query is indexed under.
func commonness(word string) float64 {
	n := utf8.RuneCountInString(word)
	for i, r := range word {
		if r == '*' || r == '?' {
			n = utf8.RuneCountInString(word[:i])
			return 1000 / float64(1+n*n)
		}
	}
	if isFrequent(word) {
		return 500
	}
	switch {
	case n == 1:
		if word[0] >= utf8.RuneSelf {
			return 30 // a character of a large script
		}
		return 300
	case n == 2:
		return 60
	case n == 3:
		return 20
	}
	return max(1, 40/float64(n*n)*4)
}

// isFrequent lists words that most English texts contain.
func isFrequent(word string) bool {
	switch word {
	case "the", "and", "for", "that", "with", "this", "from", "have", "has", "are", "was", "will", "not", "its",
		"but", "you", "they", "their", "his", "her", "she", "who", "what", "when", "where", "which", "been", "were",
		"more", "than", "about", "after", "over", "into", "new", "one", "all", "can", "out", "said", "says", "year",
		"years", "people", "company", "would", "could", "there", "also", "other", "some", "first", "time", "news",
		"business", "world", "market", "technology", "phone", "mobile", "network", "today", "week", "million", "billion":
		return true
	}
	return false
}
