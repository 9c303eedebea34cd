package watch

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"agora/mood"

	"golang.org/x/text/unicode/norm"
)

// oracle answers a query straight from its tree, without vocabulary, index,
// normal form or cleverness: every atom is compared with every term.
type oracle struct {
	d    document
	text Text
}

func newOracle(text Text) *oracle {
	title, body := text.Title, text.Body
	o := &oracle{text: text}
	v := newVocabulary()
	v.seal()
	o.d.stamps = make([]uint32, 1)
	o.d.read(v, title, body)
	return o
}

func (o *oracle) matches(t *tree, title bool) bool {
	switch t.op {
	case opTerm:
		return len(o.places(t.term, title)) > 0
	case opNot:
		return !o.matches(t.kids[0], title)
	case opTitle:
		return o.matches(t.kids[0], true)
	case opFact:
		// Slowly: every label of the domain, and codes letter by letter.
		switch t.fact.kind {
		case factSite:
			for site := o.text.Site; site != ""; _, site, _ = strings.Cut(site, ".") {
				if site == t.fact.value {
					return true
				}
			}
			return false
		case factLanguage:
			return o.text.Language == t.fact.value
		}
		return o.text.Country == t.fact.value
	case opNear:
		return o.near(t, title, 0, hit{})
	case opAnd:
		for _, k := range t.kids {
			if !o.matches(k, title) {
				return false
			}
		}
		return true
	}
	for _, k := range t.kids {
		if o.matches(k, title) {
			return true
		}
	}
	return false
}

// near tries every place of the i-th term beside one of the term before.
func (o *oracle) near(t *tree, title bool, i int, before hit) bool {
	if i == len(t.kids) {
		return true
	}
	for _, h := range o.places(t.kids[i].term, title) {
		if i > 0 {
			if h.body != before.body {
				continue
			}
			gap := h.words[0] - before.words[1]
			if h.end <= before.start {
				gap = before.words[0] - h.words[1]
			} else if h.start < before.end {
				continue
			}
			if gap > t.within[i-1] {
				continue
			}
		}
		if o.near(t, title, i+1, h) {
			return true
		}
	}
	return false
}

func (o *oracle) places(t *term, title bool) []hit {
	var out []hit
	l := &leaf{term: t, keys: make([]int32, len(t.parts)), title: title, anchor: -1}
	if t.symbols != "" {
		c := cursor{d: &o.d, l: l}
		for c.next() {
			out = append(out, c.hit)
		}
		return out
	}
	for first := range o.d.atoms {
		if title && int32(first) >= o.d.titleAtoms || first+len(t.parts) > len(o.d.atoms) {
			continue
		}
		same := true
		for i, p := range t.parts {
			a := o.d.atoms[first+i]
			same = same && wildcardMatch(p.folded, o.d.folded[a.fold:a.foldEnd])
		}
		if !same {
			continue
		}
		c := cursor{d: &o.d, l: l}
		if c.standsAt(int32(first)) {
			out = append(out, c.hit)
		}
	}
	return out
}

// agree compares index, single query and oracle, and checks the spans.
func agree(t *testing.T, query, title, body string) {
	t.Helper()
	q, err := Compile(query)
	if err != nil {
		return
	}
	text := Text{Title: title, Body: body}
	switch (len(title) + 3*len(body)) % 4 { // something is known of most
	case 1:
		text.Site, text.Language, text.Country = "news.a.com", "fi", "FI"
	case 2:
		text.Site, text.Language, text.Country = "ba.com", "sv", "GB"
	case 3:
		text.Site = "a.com"
	}
	spans, ok := q.MatchText(text)
	if ok && !q.Sieve().MayMatch(bytes.ToLower([]byte(title+"\n"+body))) {
		t.Errorf("%q on %q / %q: a match, and the sieve says there is none", query, title, body)
	}
	if q.Matches(text) != ok {
		t.Errorf("%q on %q / %q: match is %v, and asked for nothing else %v", query, title, body, ok, !ok)
	}
	if want := newOracle(text).matches(q.tree, false); ok != want {
		t.Errorf("%q on %q / %q: match is %v, the oracle says %v", query, title, body, ok, want)
	}
	brands := []mood.Brand{{ID: "other", Query: "a OR b"}, {ID: "q", Query: query}, {ID: "more", Query: `"b a" OR a* OR c NOT a`}}
	x, err := NewIndex(brands)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time with a used document
		hits := x.MatchText(text)
		i := slices.IndexFunc(hits, func(h Hit) bool { return h.Brand == "q" })
		if (i >= 0) != ok || ok && !slices.Equal(hits[i].Spans, spans) {
			t.Errorf("%q on %q / %q: the index says %v, the query %v %v", query, title, body, hits, ok, spans)
		}
	}
	if !ok && spans != nil {
		t.Errorf("%q on %q / %q: spans %v without a match", query, title, body, spans)
	}
	lengths := map[string]int{"title": utf8.RuneCountInString(title), "text": utf8.RuneCountInString(body)}
	last := mood.Span{Field: "title"}
	for _, s := range spans {
		length, known := lengths[s.Field]
		if !known || s.Start >= s.End || s.End > length || s.Field == last.Field && s.Start < last.End || s.Field == "title" && last.Field == "text" {
			t.Errorf("%q on %q / %q: bad spans %v", query, title, body, spans)
		}
		last = s
	}
}

var (
	pieces = []string{"a", "b", "c", "ab", "a*", "a?", `"a b"`, `"b a c"`, "=A", `="A b"`, `"a&b"`, "a&b", "a-b", "小", "小米", "👍", `"a+"`, "a's", "é", "title:a", "title:(b OR c)"}
	facts  = []string{"site:a.com", "lang:(fi OR sv)", "country:GB", "site:(a.com NOT news.a.com)", "lang:(NOT fi)", "NOT country:FI"}
	words  = []string{"a", "b", "c", "A", "ab", "abc", "é", "É", "小", "米", "小米", "👍", "a&b", "a-b", "a+", "a's", "a’s", "l'a", "x", "y", "a.b", "a1", "ａ", "a\u0301"}
)

func randomQuery(r *rand.Rand, depth int) string {
	piece := func() string { return pieces[r.IntN(len(pieces))] }
	if depth == 0 {
		return piece()
	}
	switch r.IntN(8) {
	case 0, 1:
		return randomQuery(r, depth-1) + " OR " + randomQuery(r, depth-1)
	case 2, 3:
		return randomQuery(r, depth-1) + " " + randomQuery(r, depth-1)
	case 4:
		return "NOT " + randomQuery(r, depth-1)
	case 5:
		return "(" + randomQuery(r, depth-1) + ")"
	case 6:
		s := piece()
		for range 1 + r.IntN(3) {
			s += fmt.Sprintf(" NEAR/%d %s", 1+r.IntN(3), piece())
		}
		return s
	}
	return randomQuery(r, depth-1) + " NOT (" + randomQuery(r, depth-1) + ")"
}

func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(8) {
		b.WriteString(words[r.IntN(len(words))])
		b.WriteString([]string{" ", " ", " ", "", ", ", "\n", "-"}[r.IntN(7)])
	}
	return b.String()
}

func TestIndexQueryAndOracleAgreeOnRandomQueries(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	compiled := 0
	for range 20000 {
		q := randomQuery(r, 1+r.IntN(4))
		if _, err := Compile(q); err == nil {
			compiled++
		}
		agree(t, q, randomText(r), randomText(r))
		if t.Failed() {
			return
		}
	}
	if compiled < 10000 {
		t.Errorf("only %d of the random queries were legal: the test has lost its teeth", compiled)
	}
}

func TestIndexQueryAndOracleAgreeOnFields(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 10000 {
		q := "(" + randomQuery(r, r.IntN(3)) + ")"
		for range 1 + r.IntN(2) {
			q += []string{" ", " OR ", " AND NOT "}[r.IntN(3)] + facts[r.IntN(len(facts))]
		}
		agree(t, q, randomText(r), randomText(r))
		if t.Failed() {
			return
		}
	}
}

func TestCompositionAndCaseOfATextMeanNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 13))
	for range 5000 {
		query, title, body := randomQuery(r, r.IntN(3)), randomText(r), randomText(r)
		q, err := Compile(query)
		if err != nil {
			continue
		}
		_, want := q.Match(title, body)
		for name, change := range map[string]func(string) string{"composed": norm.NFC.String, "decomposed": norm.NFD.String, "in capitals": strings.ToUpper} {
			if name == "in capitals" && strings.Contains(query, "=") {
				continue
			}
			if _, got := q.Match(change(title), change(body)); got != want {
				t.Fatalf("%q on %q / %q: %v, %s %v", query, title, body, want, name, got)
			}
		}
	}
}

func FuzzQueryIndexAndOracleAgree(f *testing.F) {
	for _, q := range []string{`nokia OR "bell labs" NOT (a NEAR/2 b*)`, `title:("C++" =Apple) 小米`, `((a)`, "a NEAR/3", "“x”", "NOT a OR b?c", "l'oréal ß İ ﬁ"} {
		f.Add(q, "Nokia’s Bell Labs C++", "Apple 小米 straße l’Oréal a b c")
	}
	f.Add("a 👍", "\xff\xfea", "a\u200d\u0301\u20e3👍🏽")
	f.Fuzz(func(t *testing.T, query, title, body string) {
		if len(query) > 300 || len(title)+len(body) > 2000 {
			return
		}
		agree(t, query, title, body)
		if q, err := Compile(query); err == nil {
			q.Broad()
			if s := q.SearchTerms(); len(s) > 4*len(query)+16 {
				t.Errorf("%q grew to %q", query, s)
			}
		}
	})
}
