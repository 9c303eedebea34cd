package feed

import (
	"slices"
	"strings"

	"agora/mood"
)

// maxTerms bounds a search: engines cut longer ones.
const maxTerms = 8

// SearchTerms gives what a search engine is asked for a brand: the words and
// phrases that its query looks for, any of them. Finer points of the query are
// left to matching.
func SearchTerms(b mood.Brand) string {
	terms := wantedWords(b.Query)
	if len(terms) == 0 {
		return `"` + nameOf(b) + `"`
	}
	for i, t := range terms {
		if strings.ContainsFunc(t, func(r rune) bool { return r == ' ' || r == '&' || r == '+' }) {
			terms[i] = `"` + t + `"`
		}
	}
	return strings.Join(terms, " OR ")
}

// searchWords are the words and phrases that a brand's query looks for, without
// quotes; its name if there are none.
func searchWords(b mood.Brand) []string {
	if words := wantedWords(b.Query); len(words) > 0 {
		return words
	}
	return []string{nameOf(b)}
}

func nameOf(b mood.Brand) string { return strings.ReplaceAll(b.Name, `"`, "") }

// wantedWords are the first few words and phrases of a query that aren't ruled
// out.
func wantedWords(query string) []string {
	var words []string
	not := false
	for _, t := range queryWords(query) {
		switch {
		case t == "NOT":
			not = true
			continue
		case t == "AND" || t == "OR" || strings.HasPrefix(t, "NEAR/") || t == "(" || t == ")":
			continue
		case not:
			not = false
			continue
		}
		t = strings.Trim(t, "*?")
		known := slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, t) })
		if t != "" && !known && len(words) < maxTerms {
			words = append(words, t)
		}
	}
	return words
}

// queryWords splits a query into words, phrases without their quotes,
// operators and parentheses. A group after NOT counts as one word, left out.
func queryWords(q string) []string {
	var words []string
	for q = strings.TrimSpace(q); q != ""; q = strings.TrimSpace(q) {
		for _, field := range [...]string{"title:", "="} {
			q = strings.TrimPrefix(q, field)
		}
		switch {
		case q == "":
		case q[0] == '"':
			phrase, rest, _ := strings.Cut(q[1:], `"`)
			words, q = append(words, phrase), rest
		case q[0] == '(':
			if len(words) > 0 && words[len(words)-1] == "NOT" {
				end := closing(q)
				words, q = append(words, "("), q[end:]
				words[len(words)-1] = "-"
				continue
			}
			words, q = append(words, "("), q[1:]
		case q[0] == ')':
			words, q = append(words, ")"), q[1:]
		default:
			end := strings.IndexAny(q, " \t\r\n()\"")
			if end < 0 {
				end = len(q)
			}
			words, q = append(words, q[:end]), q[end:]
		}
	}
	return words
}

// closing is the index after the parenthesis that closes the first one.
func closing(q string) int {
	depth := 0
	for i, r := range q {
		switch r {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(q)
}
