package topic

import (
	"strings"
	"unicode"

	"agora/mood"
)

// names holds what may not be a topic because it is watched: the names of
// brands and the words their queries look for.
type names struct {
	words    map[string]bool
	phrases  map[string][][]string // by first word
	ends     map[string]bool       // first and last words of phrases
	prefixes []string
	runs     []string // in scripts without spaces
}

func newNames(brands []mood.Brand) *names {
	n := &names{words: map[string]bool{}, phrases: map[string][][]string{}, ends: map[string]bool{}}
	for _, b := range brands {
		n.add(b.Name)
		n.addQuery(b.Query)
	}
	return n
}

// add takes a word or a phrase.
func (n *names) add(text string) {
	var words []string
	for _, t := range tokenise(text, false, nil) {
		words = append(words, t.key)
	}
	switch len(words) {
	case 0:
	case 1:
		n.words[words[0]] = true
		if strings.ContainsFunc(words[0], isRun) {
			n.runs = append(n.runs, words[0])
		}
	default:
		n.phrases[words[0]] = append(n.phrases[words[0]], words)
		n.ends[words[0]], n.ends[words[len(words)-1]] = true, true
	}
}

// addQuery takes the terms of a query, roughly: everything but operators, and
// what follows NOT up to the next operator.
func (n *names) addQuery(query string) {
	skip, depth, skipDepth := false, 0, 0
	for i := 0; i < len(query); {
		switch c := query[i]; {
		case c == '(':
			depth++
			i++
		case c == ')':
			depth--
			i++
			if skip && depth <= skipDepth {
				skip = false
			}
		case c == '"':
			end := strings.IndexByte(query[i+1:], '"')
			if end < 0 {
				return
			}
			if !skip {
				n.add(query[i+1 : i+1+end])
			} else if depth <= skipDepth {
				skip = false
			}
			i += end + 2
		case unicode.IsSpace(rune(c)) || c == '=':
			i++
		default:
			end := strings.IndexAny(query[i:], " \t\n()\"")
			if end < 0 {
				end = len(query) - i
			}
			word := query[i : i+end]
			i += end
			switch {
			case word == "AND" || word == "OR" || strings.HasPrefix(word, "NEAR"):
			case word == "NOT":
				skip, skipDepth = true, depth
			case strings.HasSuffix(word, ":"):
			case skip:
				if depth <= skipDepth {
					skip = false
				}
			default:
				_, after, found := strings.Cut(word, ":")
				if found {
					word = after
				}
				if prefix, ok := strings.CutSuffix(word, "*"); ok && len(prefix) > 2 {
					n.prefixes = append(n.prefixes, foldKey(prefix))
					continue
				}
				n.add(strings.TrimLeft(word, "="))
			}
		}
	}
}

// mark makes crumbs of all tokens that name a brand.
func (n *names) mark(tokens []token) {
	for i := range tokens {
		t := &tokens[i]
		if n.words[t.key] {
			t.kind, t.own = crumb, true
			continue
		}
		if t.kind == run {
			for _, name := range n.runs {
				t.text = strings.ReplaceAll(t.text, name, "·")
			}
			continue
		}
		head, tail, cut := cutHyphen(t.key)
		if cut && (n.words[head] || n.words[tail]) {
			t.kind = crumb // Nokia-branded, ex-Nokia
			continue
		}
		for _, p := range n.prefixes {
			if strings.HasPrefix(t.key, p) {
				t.kind = crumb
			}
		}
		n.markPhrases(tokens, i, t.key)
		if cut {
			n.markPhrases(tokens, i, tail) // ex-White House
		}
	}
}

// markPhrases makes crumbs of the names in several words that begin at i, with
// the word given.
func (n *names) markPhrases(tokens []token, i int, first string) {
phrases:
	for _, phrase := range n.phrases[first] {
		last := i + len(phrase) - 1
		if last >= len(tokens) {
			continue
		}
		for j, w := range phrase[1:] {
			if tokens[i+1+j].key != w {
				continue phrases
			}
		}
		for j := i; j <= last; j++ {
			tokens[j].kind, tokens[j].own = crumb, true
		}
		tokens[i].end, tokens[last].end = true, true
	}
}

// cutHyphen cuts a word at its first hyphen, and gives what is behind its last.
func cutHyphen(w string) (head, tail string, ok bool) {
	head, tail, ok = strings.Cut(w, "-")
	if i := strings.LastIndexByte(tail, '-'); i >= 0 {
		tail = tail[i+1:]
	}
	return head, tail, ok
}
