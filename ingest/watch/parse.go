package watch

// tree is a query as it was written.
type tree struct {
	op     operator
	column int
	kids   []*tree
	term   *term   // of opTerm
	within []int32 // of opNear: the distance to the next kid
	fact   fact    // of opFact
}

type operator uint8

const (
	opTerm operator = iota
	opAnd
	opOr
	opNot
	opNear
	opTitle
	opFact
)

type parser struct {
	tokens []token
	at     int
	depth  int
	terms  int
	titles int // title: around what is read
}

func parse(query string) (*tree, error) {
	tokens, err := lex(query)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	if p.peek().kind == tokEnd {
		return nil, refuse(1, "the query is empty: write at least one word")
	}
	t, err := p.or()
	if err != nil {
		return nil, err
	}
	if next := p.peek(); next.kind != tokEnd {
		return nil, p.unexpected(next)
	}
	if column, bad := onlyNots(t); bad {
		return nil, refuse(column, "a query of NOTs and fields only would match nearly every text: add a word to look for")
	}
	return t, nil
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != tokEnd {
		p.at++
	}
	return t
}

func (p *parser) or() (*tree, error) {
	left, err := p.and()
	if err != nil {
		return nil, err
	}
	kids := []*tree{left}
	for p.peek().kind == tokOr {
		operator := p.next()
		if err := p.needsOperand(operator); err != nil {
			return nil, err
		}
		kid, err := p.and()
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
	}
	return join(opOr, kids), nil
}

func (p *parser) and() (*tree, error) {
	left, err := p.not()
	if err != nil {
		return nil, err
	}
	kids := []*tree{left}
	for {
		switch next := p.peek(); next.kind {
		case tokAnd:
			p.next()
			if err := p.needsOperand(next); err != nil {
				return nil, err
			}
		case tokOpen, tokBare, tokQuoted, tokNot, tokField:
		default:
			return join(opAnd, kids), nil
		}
		kid, err := p.not()
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
	}
}

func join(op operator, kids []*tree) *tree {
	if len(kids) == 1 {
		return kids[0]
	}
	return &tree{op: op, column: kids[0].column, kids: kids}
}

// needsOperand refuses an operator that nothing can follow.
func (p *parser) needsOperand(operator token) error {
	switch next := p.peek(); next.kind {
	case tokEnd, tokClose:
		return refuse(operator.column, "%s has nothing after it: add a term or remove %s", operator.text, operator.text)
	case tokAnd, tokOr, tokNear:
		return refuse(next.column, "%s follows %s directly: put a term between them, or quote %q to look for the word", next.text, operator.text, next.text)
	}
	return nil
}

func (p *parser) enter(column int) error {
	p.depth++
	if p.depth > maxQueryDepth {
		return refuse(column, "the query is nested too deeply: at most %d levels", maxQueryDepth)
	}
	return nil
}

func (p *parser) not() (*tree, error) {
	if p.peek().kind != tokNot {
		return p.near()
	}
	operator := p.next()
	if err := p.enter(operator.column); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	if err := p.needsOperand(operator); err != nil {
		return nil, err
	}
	kid, err := p.not()
	if err != nil {
		return nil, err
	}
	return &tree{op: opNot, column: operator.column, kids: []*tree{kid}}, nil
}

func (p *parser) near() (*tree, error) {
	left, err := p.primary()
	if err != nil {
		return nil, err
	}
	if p.peek().kind != tokNear {
		return left, nil
	}
	t := &tree{op: opNear, column: left.column, kids: []*tree{left}}
	for p.peek().kind == tokNear {
		operator := p.next()
		if err := nearOperand(left); err != nil {
			return nil, err
		}
		if err := p.needsOperand(operator); err != nil {
			return nil, err
		}
		if next := p.peek(); next.kind == tokNot {
			return nil, refuse(next.column, "NEAR can't have NOT beside it: write a NOT (a NEAR/%d b)", operator.number)
		}
		if left, err = p.primary(); err != nil {
			return nil, err
		}
		if err := nearOperand(left); err != nil {
			return nil, err
		}
		t.kids = append(t.kids, left)
		t.within = append(t.within, operator.number)
	}
	return t, nil
}

func nearOperand(t *tree) error {
	switch t.op {
	case opTerm:
		return nil
	case opTitle:
		return refuse(t.column, "NEAR stands between words or phrases: write title:(a NEAR/5 b)")
	case opFact:
		return refuse(t.column, "NEAR stands between words or phrases, and %s: is neither: write (a NEAR/5 b) %s:%s", t.fact.kind, t.fact.kind, t.fact.value)
	}
	return refuse(t.column, "NEAR stands between words or phrases, not groups: write (a NEAR/5 c) OR (b NEAR/5 c)")
}

func (p *parser) primary() (*tree, error) {
	next := p.next()
	switch next.kind {
	case tokOpen:
		return p.group(next)
	case tokBare, tokQuoted:
		p.terms++
		if p.terms > maxQueryTerms {
			return nil, refuse(next.column, "the query has too many terms: at most %d", maxQueryTerms)
		}
		t, err := newTerm(next.column, next.text, next.kind == tokQuoted, next.exact)
		if err != nil {
			return nil, err
		}
		return &tree{op: opTerm, column: next.column, term: t}, nil
	case tokField:
		if kind := factOf(next.text); kind != noFact {
			return p.fact(next, kind)
		}
		switch p.peek().kind {
		case tokOpen, tokBare, tokQuoted, tokField:
		default:
			return nil, refuse(next.column, "%s: needs a word, a phrase or a group right after it, as in title:nokia", next.text)
		}
		if err := p.enter(next.column); err != nil {
			return nil, err
		}
		p.titles++
		defer func() { p.depth--; p.titles-- }()
		kid, err := p.primary()
		if err != nil {
			return nil, err
		}
		return &tree{op: opTitle, column: next.column, kids: []*tree{kid}}, nil
	}
	return nil, p.unexpected(next)
}

func (p *parser) group(open token) (*tree, error) {
	if err := p.enter(open.column); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	switch p.peek().kind {
	case tokClose:
		return nil, refuse(open.column, "this group is empty: put a term between ( and )")
	case tokEnd:
		return nil, refuse(open.column, "this ( is never closed: add a )")
	}
	inner, err := p.or()
	if err != nil {
		return nil, err
	}
	switch next := p.next(); next.kind {
	case tokClose:
	case tokEnd:
		return nil, refuse(open.column, "this ( is never closed: add a )")
	default:
		return nil, p.unexpected(next)
	}
	switch inner.op {
	case opTerm: // a group of one is still a group to NEAR
		return &tree{op: opAnd, column: open.column, kids: []*tree{inner}}, nil
	case opNot:
		return inner, nil
	}
	grouped := *inner
	grouped.column = open.column
	return &grouped, nil
}

func (p *parser) unexpected(t token) error {
	switch t.kind {
	case tokClose:
		return refuse(t.column, "this ) closes nothing: remove it, or add a ( ahead of it")
	case tokEnd:
		return refuse(t.column, "the query ends too early: add a term")
	}
	return refuse(t.column, "%s has nothing ahead of it: add a term, or quote %q to look for the word", t.text, t.text)
}

// onlyNots reports a query that asks for nothing but absence, and the column
// of the NOT to blame.
func onlyNots(t *tree) (int, bool) {
	if column, found := asksFor(t, false); !found {
		return column, true
	}
	return 0, false
}

// asksFor reports whether any term is looked for rather than excluded.
func asksFor(t *tree, negated bool) (int, bool) {
	switch t.op {
	case opTerm, opNear:
		return t.column, !negated
	case opFact:
		return t.column, false
	case opNot:
		_, found := asksFor(t.kids[0], !negated)
		return t.column, found
	}
	for _, kid := range t.kids {
		if _, found := asksFor(kid, negated); found {
			return t.column, true
		}
	}
	column, _ := asksFor(t.kids[0], negated)
	return column, false
}
