package watch

import (
	"fmt"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/language"

	"agora/mood"
)

// Text is what a query is asked of.
type Text struct {
	Title, Body string
	Site        string // who published: a domain; empty: unknown
	Language    string // BCP 47 primary tag; empty: unknown
	Country     string // the publisher's, ISO 3166-1 alpha-2; empty: unknown
	// Open says that Site, Language and Country will be known later: whatever a
	// query asks of them may be so.
	Open bool
}

// TextOf is a mention as queries see it.
func TextOf(m *mood.Mention) Text {
	t := Text{Title: m.Title, Body: m.Text, Site: m.Outlet, Language: m.Language}
	if m.Places.From != nil {
		t.Country = m.Places.From.Country
	}
	return t
}

// fact is what a field asks of a text beside its words.
type fact struct {
	kind  factKind
	value string // as [Text] has it
}

type factKind uint8

const (
	noFact factKind = iota
	factSite
	factLanguage
	factCountry
)

// The names of the fields. titleField asks for words; the others for facts.
const titleField = "title"

var factNames = [...]string{factSite: "site", factLanguage: "lang", factCountry: "country"}

// String is the name of the field.
func (k factKind) String() string { return factNames[k] }

// factOf gives the kind of fact that a field asks for.
func factOf(field string) factKind {
	for k := factSite; k <= factCountry; k++ {
		if factNames[k] == field {
			return k
		}
	}
	return noFact
}

// fieldHint says which fields there are, and which one may have been meant.
func fieldHint(field string) string {
	meant := ""
	switch field {
	case "language", "locale", "langs":
		meant = "lang"
	case "domain", "host", "outlet", "source", "url", "sites", "from", "publisher":
		meant = "site"
	case "region", "place", "nation", "land", "countries":
		meant = "country"
	case "headline", "intitle", "titel", "heading", "subject", "titles":
		meant = "title"
	default:
		for _, known := range []string{titleField, "site", "lang", "country"} {
			if oneSlip(field, known) {
				meant = known
			}
		}
	}
	hint := "title:, site:, lang: and country: are known"
	if meant != "" {
		hint = fmt.Sprintf("did you mean %s:? %s", meant, hint)
	}
	return hint
}

// oneSlip tells whether one letter was left out, added, changed or swapped.
func oneSlip(a, b string) bool {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	x, y := a[i:], b[i:]
	switch {
	case x == "" && y == "":
		return true
	case len(x) == len(y):
		return x[1:] == y[1:] || len(x) > 1 && x[0] == y[1] && x[1] == y[0] && x[2:] == y[2:]
	case len(x) == len(y)+1:
		return x[1:] == y
	case len(y) == len(x)+1:
		return y[1:] == x
	}
	return false
}

// is tells whether a fact holds. Nothing holds of what isn't known.
func (t *Text) is(f fact) bool {
	switch f.kind {
	case factSite:
		site := strings.ToLower(t.Site)
		if !isASCII(site) {
			if ascii, err := idna.Lookup.ToASCII(site); err == nil {
				site = ascii
			}
		}
		rest, ok := strings.CutSuffix(site, f.value)
		return ok && (rest == "" || strings.HasSuffix(rest, "."))
	case factLanguage:
		return t.Language != "" && sameLanguage(strings.ToLower(t.Language)) == f.value
	case factCountry:
		return strings.EqualFold(t.Country, f.value)
	case noFact:
	}
	return false
}

// sameLanguage makes one of the codes that mean the same.
func sameLanguage(code string) string {
	switch code {
	case "iw":
		return "he"
	case "in":
		return "id"
	case "ji":
		return "yi"
	case "nb", "nn":
		return "no"
	case "fil":
		return "tl"
	}
	return code
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// readFact reads the value that is written behind a field.
func readFact(kind factKind, t token) (fact, error) {
	written := strings.TrimSpace(t.text)
	if t.exact {
		return fact{}, refuse(t.column, "= means nothing in %s: write the value alone, as in %s", kind, kind.example())
	}
	if strings.ContainsAny(written, "*?") {
		return fact{}, refuse(t.column, "%s: takes no wildcards: write the whole value, as in %s", kind, kind.example())
	}
	var value string
	var err error
	switch kind {
	case factSite:
		value, err = readSite(t.column, written)
	case factLanguage:
		value, err = readLanguage(t.column, written)
	case factCountry:
		value, err = readCountry(t.column, written)
	case noFact:
	}
	return fact{kind, value}, err
}

func (k factKind) example() string {
	switch k {
	case factLanguage:
		return "lang:fi"
	case factCountry:
		return "country:GB"
	case factSite, noFact:
	}
	return "site:bbc.co.uk"
}

func readSite(column int, written string) (string, error) {
	host := strings.ToLower(written)
	if _, rest, ok := strings.Cut(host, "://"); ok {
		host = rest
	}
	host, _, _ = strings.Cut(host, "/")
	host = strings.Trim(strings.TrimPrefix(host, "www."), ".")
	ascii, err := idna.Lookup.ToASCII(host)
	switch {
	case err != nil || ascii == "" || strings.ContainsAny(ascii, ": @"):
		return "", refuse(column, "%q is no domain: write the outlet's, as in site:bbc.co.uk; its subdomains are in it", written)
	case strings.ContainsAny(written, "/"):
		return "", refuse(column, "site: takes a domain, no address: write site:%s", host)
	}
	return ascii, nil
}

func readLanguage(column int, written string) (string, error) {
	tag, err := language.All.Parse(written) // cmn is zh, as what came says
	if err != nil {
		return "", refuse(column, "%q is no language: write its code, as in lang:fi", written)
	}
	base, _ := tag.Base()
	if strings.ContainsAny(written, "-_") {
		return "", refuse(column, "the language of a text is known without its region: write lang:%s, and country: for the publisher's", base)
	}
	return sameLanguage(base.String()), nil
}

func readCountry(column int, written string) (string, error) {
	code := strings.ToUpper(written)
	if _, known := mood.Country(code); known {
		return code, nil
	}
	meant := ""
	switch code {
	case "UK":
		meant = "GB"
	case "USA":
		meant = "US"
	}
	for _, c := range mood.Territories() {
		if strings.EqualFold(c.Name, written) {
			meant = c.Code
		}
	}
	if meant != "" {
		return "", refuse(column, "%q is no country code: did you mean country:%s?", written, meant)
	}
	return "", refuse(column, "%q is no country: write the two letters of ISO 3166, as in country:GB", written)
}

// afterFact tells whether a column is where the value of a field for facts
// begins: it is no operator and no term, whatever it looks like.
func afterFact(tokens []token, column int) bool {
	if len(tokens) == 0 {
		return false
	}
	last := tokens[len(tokens)-1]
	return last.kind == tokField && factOf(last.text) != noFact && last.column+len(last.text)+1 == column
}

// fact reads what stands behind a field for facts: a value, or a group of them.
func (p *parser) fact(field token, kind factKind) (*tree, error) {
	if p.titles > 0 {
		return nil, refuse(field.column, "%s: can't stand inside title:(…): write it beside it", kind)
	}
	switch p.peek().kind {
	case tokBare, tokQuoted:
		return p.value(kind)
	case tokOpen:
		return p.values(kind)
	}
	return nil, refuse(field.column, "%s: needs a value or a group right after it, as in %s", kind, kind.example())
}

func (p *parser) value(kind factKind) (*tree, error) {
	next := p.next()
	switch next.kind {
	case tokBare, tokQuoted:
	case tokOpen:
		p.at--
		return p.values(kind)
	case tokField:
		return nil, refuse(next.column, "%s:(…) holds values alone: write %s: beside it", kind, next.text)
	case tokNear:
		return nil, refuse(next.column, "NEAR stands between words or phrases: in %s:(…) write OR", kind)
	default:
		return nil, p.unexpected(next)
	}
	if p.terms++; p.terms > maxQueryTerms {
		return nil, refuse(next.column, "the query has too many terms: at most %d", maxQueryTerms)
	}
	f, err := readFact(kind, next)
	if err != nil {
		return nil, err
	}
	return &tree{op: opFact, column: next.column, fact: f}, nil
}

// values reads a group of values: with OR between them, and NOT.
func (p *parser) values(kind factKind) (*tree, error) {
	open := p.next()
	if err := p.enter(open.column); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	switch p.peek().kind {
	case tokClose:
		return nil, refuse(open.column, "this group is empty: put a value between ( and )")
	case tokEnd:
		return nil, refuse(open.column, "this ( is never closed: add a )")
	}
	var either, all []*tree
	for {
		kid, err := p.oneValue(kind)
		if err != nil {
			return nil, err
		}
		if kid.op == opFact {
			for _, other := range all {
				if other.op == opFact {
					return nil, refuse(kid.column, "a text has one %s: write %s:(%s OR %s)", kind.noun(), kind, other.fact.value, kid.fact.value)
				}
			}
		}
		all = append(all, kid)
		switch next := p.peek(); next.kind {
		case tokClose:
			p.next()
			either = append(either, join(opAnd, all))
			return &tree{op: opOr, column: open.column, kids: either}, nil
		case tokEnd:
			return nil, refuse(open.column, "this ( is never closed: add a )")
		case tokOr:
			p.next()
			if err := p.needsOperand(next); err != nil {
				return nil, err
			}
			either, all = append(either, join(opAnd, all)), nil
		case tokAnd:
			p.next()
			if err := p.needsOperand(next); err != nil {
				return nil, err
			}
		}
	}
}

func (p *parser) oneValue(kind factKind) (*tree, error) {
	not := p.peek()
	if not.kind != tokNot {
		return p.value(kind)
	}
	p.next()
	if err := p.needsOperand(not); err != nil {
		return nil, err
	}
	if err := p.enter(not.column); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	kid, err := p.oneValue(kind)
	if err != nil {
		return nil, err
	}
	return &tree{op: opNot, column: not.column, kids: []*tree{kid}}, nil
}

func (k factKind) noun() string {
	switch k {
	case factLanguage:
		return "language"
	case factCountry:
		return "country"
	case factSite, noFact:
	}
	return "publisher"
}
