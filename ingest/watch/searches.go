package watch

import (
	"slices"
	"strings"
)

// maxSearches bounds the searches of one query, each of which is a request.
const maxSearches = 12

// Searches writes the query for engines that know of nothing but words: each
// search is the words and phrases that must all be in a text, and the query
// wants what any of the searches finds. What engines lack is widened, as in
// [Query.SearchTerms]: the index narrows it down again. A wildcard's letters
// ahead of it stand for it, which engines that complete words understand. It is
// empty when nothing is left to search for.
func (q *Query) Searches() [][]string {
	searches := searchesOf(build(q.tree, newVocabulary(), false, false))
	return searches[:min(len(searches), maxSearches)]
}

// searchesOf gives the alternatives of a node; nil when it says nothing that can
// be searched for.
func searchesOf(n *node) [][]string {
	switch {
	case n.op == opTerm:
		if term := searchable(n.leaf); term != "" && !n.negated {
			return [][]string{{term}}
		}
		return nil
	case n.op == opNear && n.negated:
		return nil
	case n.op == opOr:
		var all [][]string
		for _, kid := range n.kids {
			for _, words := range searchesOf(kid) {
				if !slices.ContainsFunc(all, func(have []string) bool { return slices.EqualFunc(have, words, strings.EqualFold) }) {
					all = append(all, words)
				}
			}
		}
		return all
	}
	var all [][]string
	for _, kid := range n.kids {
		all = together(all, searchesOf(kid))
	}
	return all
}

// together pairs the alternatives of two parts of which both are needed. Where
// that would be too many, the shorter list alone is wider, and enough.
func together(a, b [][]string) [][]string {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return a
	case len(a)*len(b) > maxSearches:
		if len(b) < len(a) {
			return b
		}
		return a
	}
	var all [][]string
	for _, left := range a {
		for _, right := range b {
			all = append(all, append(slices.Clone(left), right...))
		}
	}
	return all
}

// searchable is what is typed to find a term; empty: nothing would.
func searchable(l *leaf) string {
	if l.symbols != "" {
		return ""
	}
	text := strings.Join(strings.Fields(l.text), " ")
	if slices.ContainsFunc(l.parts, func(p part) bool { return p.isPattern() }) {
		text, _, _ = strings.Cut(text, "?")
		text = strings.TrimRight(text, "*")
		if len([]rune(text)) < 3 {
			return ""
		}
	}
	return text
}
