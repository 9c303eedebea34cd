package watch

import (
	"fmt"
	"slices"
	"sync"

	"agora/mood"
)

// Query is a compiled query. It is safe for concurrent use.
type Query struct {
	text string
	tree *tree
	solo func() *matcher // for asking this query alone
}

// Compile reads a query. The error is a *[SyntaxError].
func Compile(query string) (*Query, error) {
	t, err := parse(query)
	if err != nil {
		return nil, err
	}
	return &Query{
		text: query, tree: t,
		solo: sync.OnceValue(func() *matcher { return newMatcher([]*tree{t}) }),
	}, nil
}

// String gives the query as it was written.
func (q *Query) String() string { return q.text }

// Match reports whether a text matches, and where the terms stand that made
// it match: in order, not overlapping, at most 500. Terms under NOT have no
// places, so a match may have none.
func (q *Query) Match(title, body string) (spans []mood.Span, ok bool) {
	return q.MatchText(Text{Title: title, Body: body})
}

// MatchText is [Query.Match] for a text of which more is known than its words.
func (q *Query) MatchText(t Text) (spans []mood.Span, ok bool) {
	q.solo().match(&t, func(_ int, found []mood.Span) { spans, ok = found, true })
	return spans, ok
}

// Matches is [Query.MatchText] for whoever needn't know where.
func (q *Query) Matches(t Text) bool {
	m := q.solo()
	d := m.take(&t)
	defer m.give(d)
	return d.eval(m.queries[0])
}

// Broad reports a query that also matches texts without any of its words,
// such as "a OR NOT b". It is legal and seldom meant.
func (q *Query) Broad() bool {
	n := q.solo().queries[0]
	var d document
	d.stamp = 1
	d.text = &Text{}
	d.stamps = make([]uint32, len(q.solo().vocabulary.words))
	return d.eval(n)
}

// Hit is a brand that a text names.
type Hit struct {
	Brand string // its id
	Spans []mood.Span
}

// Index asks the queries of many brands at once. It is safe for concurrent
// use.
type Index struct {
	brands  []string
	matcher *matcher
}

// NewIndex compiles the queries of the brands. An error names the brand and
// wraps a *[SyntaxError].
func NewIndex(brands []mood.Brand) (*Index, error) {
	x := &Index{}
	trees := make([]*tree, 0, len(brands))
	for _, b := range brands {
		t, err := parse(b.Query)
		if err != nil {
			return nil, fmt.Errorf("query of brand %q: %w", b.ID, err)
		}
		trees = append(trees, t)
		x.brands = append(x.brands, b.ID)
	}
	x.matcher = newMatcher(trees)
	return x, nil
}

// Match names the brands in a text, in the order in which the index was given
// them.
func (x *Index) Match(title, body string) []Hit {
	return x.MatchText(Text{Title: title, Body: body})
}

// MatchText is [Index.Match] for a text of which more is known than its words.
func (x *Index) MatchText(t Text) []Hit {
	var hits []Hit
	x.matcher.match(&t, func(query int, spans []mood.Span) {
		hits = append(hits, Hit{Brand: x.brands[query], Spans: spans})
	})
	return hits
}

// matcher runs queries that share a vocabulary.
type matcher struct {
	vocabulary *vocabulary
	queries    []*node
	posted     [][]int32 // queries to try, by key
	always     []int32   // queries to try on every text
	documents  sync.Pool
}

func newMatcher(trees []*tree) *matcher {
	v := newVocabulary()
	m := &matcher{vocabulary: v}
	for _, t := range trees {
		m.queries = append(m.queries, build(t, v, false, false))
	}
	v.seal()
	m.posted = make([][]int32, len(v.words))
	for i, n := range m.queries {
		keys, _, ok := n.required()
		if !ok {
			m.always = append(m.always, int32(i))
			continue
		}
		slices.Sort(keys)
		for _, key := range slices.Compact(keys) {
			m.posted[key] = append(m.posted[key], int32(i))
		}
	}
	m.documents.New = func() any { return newDocument(len(v.words), len(m.queries)) }
	return m
}

// match calls found for each query that matches, in their order.
func (m *matcher) match(t *Text, found func(query int, spans []mood.Span)) {
	d := m.take(t)
	defer m.give(d)
	d.candidates = append(d.candidates[:0], m.always...)
	for _, key := range d.touched {
		for _, q := range m.posted[key] {
			if d.tried[q] != d.stamp {
				d.tried[q] = d.stamp
				d.candidates = append(d.candidates, q)
			}
		}
	}
	slices.Sort(d.candidates)
	for _, q := range d.candidates {
		n := m.queries[q]
		if !d.eval(n) {
			continue
		}
		d.hits = d.hits[:0]
		d.collect(n)
		found(int(q), d.spans())
	}
}

// take puts a text on a bench.
func (m *matcher) take(t *Text) *document {
	d := m.documents.Get().(*document)
	d.text = t
	d.read(m.vocabulary, t.Title, t.Body)
	return d
}

// give gives the bench back.
func (m *matcher) give(d *document) {
	d.title, d.body, d.text = "", "", nil
	if d.reusable() {
		m.documents.Put(d)
	}
}
