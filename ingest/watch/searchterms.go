package watch

import "strings"

// maxSearchWords is what engines read of a query; Google ignores what comes
// after 32 words.
const maxSearchWords = 30

// SearchTerms writes the query for search engines such as Google News, which
// know OR, quotes and a minus but nothing else of the language. What they
// lack is widened rather than guessed: NEAR becomes both terms, title: and =
// are left off, a NOT that an engine can't express is left out, and so are
// terms with wildcards and terms of symbols alone. So engines answer with more
// than the query asks for, which the index narrows down again; they answer
// with less only where a wildcard stood beside OR, or where more than 30 words
// had to be cut. It is empty when nothing is left to search for.
func (q *Query) SearchTerms() string {
	w := searchWriter{left: maxSearchWords}
	var positive, negative []*node
	n := build(q.tree, newVocabulary(), false, false)
	if n.op == opAnd {
		for _, kid := range n.kids {
			if kid.op == opTerm && kid.negated {
				negative = append(negative, kid)
			} else {
				positive = append(positive, kid)
			}
		}
	} else {
		positive = []*node{n}
	}
	var words []string
	for _, kid := range positive {
		if s := w.write(kid, len(positive)+len(negative) > 1); s != "" {
			words = append(words, s)
		}
	}
	if len(words) == 0 {
		return ""
	}
	for _, kid := range negative {
		l := kid.leaf
		if l.title || l.exact || l.before != "" || l.after != "" {
			continue // a minus would leave out too much
		}
		if s := w.term(l); s != "" {
			words = append(words, "-"+s)
		}
	}
	return strings.Join(words, " ")
}

type searchWriter struct{ left int }

func (w *searchWriter) write(n *node, grouped bool) string {
	if n.op == opTerm {
		if n.negated {
			return ""
		}
		return w.term(n.leaf)
	}
	if n.op == opNear && n.negated {
		return ""
	}
	var parts []string
	for _, kid := range n.kids {
		if s := w.write(kid, true); s != "" {
			parts = append(parts, s)
		}
	}
	separator := " "
	if n.op == opOr {
		separator = " OR "
	}
	s := strings.Join(parts, separator)
	if grouped && len(parts) > 1 {
		s = "(" + s + ")"
	}
	return s
}

func (w *searchWriter) term(l *leaf) string {
	if l.symbols != "" || len(l.parts) > w.left {
		return ""
	}
	for i := range l.parts {
		if l.parts[i].isPattern() {
			return ""
		}
	}
	w.left -= len(l.parts)
	text := strings.Join(strings.Fields(l.text), " ")
	if strings.ContainsFunc(text, func(r rune) bool { return classOf(r) == other }) {
		return `"` + text + `"`
	}
	return text
}
