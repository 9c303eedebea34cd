package feed

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"strings"
)

// frame is an open element.
type frame struct {
	name   string // as the document has it
	as     string // as written out, where that is another name
	local  string // in lower case, without prefix
	base   *url.URL
	lang   string // xml:lang in force
	plain  bool   // it holds text of which nothing is markup
	nested int    // CDATA sections opened inside one another
	flat   bool   // a text whose elements are written as text too
	scopes int
	text   int // bytes so far, of an extension
	item   bool

	reading reading // of an item's text
	strange bool    // it has a default name space of its own
	content int     // where in the output that begins
}

// repairer writes a document anew so that the parser behind it reads what was
// meant: tags are closed in order, stray signs escaped, declarations and
// comments left out, xml:base applied. While it writes it keeps the budget.
// Text marked as HTML stays a string; the parser's own HTML tree, whose cost
// a publisher could drive up, is never built.
type repairer struct {
	lex      lexer
	out      bytes.Buffer
	stack    []frame
	budget   budget
	prefix   string // of the root, taken off everywhere
	entities map[string]string
	attrs    []attr
	atom     bool
	base     *url.URL // of the document
	channels int
	docLang  string   // xml:lang of the feed
	itemLang string   // xml:lang of the item that is open
	mends    int      // how often the reading went on after a cut that was none
	whole    struct { // after the last complete item
		length int
		stack  []frame
	}
	truncated bool
	lifted    lifter
	names     map[string]string // of tags, see nameOf
	grown     int               // bytes that the document's entities brought
	strays    int               // end tags that end nothing
}

// repair gives back a document that a parser accepts, or says why there is
// none in it. base is where the document came from.
func repair(doc []byte, base *url.URL) (fixed []byte, truncated bool, err error) {
	r, err := repaired(context.Background(), doc, base)
	if err != nil {
		return nil, false, err
	}
	return r.out.Bytes(), r.truncated, nil
}

// repaired does the same, ends early when ctx does, and has the texts that it
// lifted.
func repaired(ctx context.Context, doc []byte, base *url.URL) (*repairer, error) {
	start, entities, doc, err := findRoot(doc, base)
	if err != nil {
		return nil, err
	}
	r := &repairer{lex: lexer{b: doc, pos: start}, entities: entities, base: base, lifted: newLifter(), names: map[string]string{}}
	r.out.Grow((len(doc)-start)/4 + 1024)
	wrap := missingRoot(doc[start:])
	r.atom = wrap == "feed"
	if wrap != "" {
		r.out.WriteString("<" + wrap + ">")
	}
	if err := r.run(ctx, base); err != nil {
		return nil, err
	}
	if r.budget.elements == 0 {
		return nil, fmt.Errorf("%w: the document ends before it has begun", errNotAFeed)
	}
	if wrap != "" {
		r.out.WriteString("</" + wrap + ">")
	}
	return r, nil
}

// missingRoot names the element that should stand around the document and
// doesn't; "" when it does.
func missingRoot(doc []byte) string {
	l := lexer{b: doc}
	t, _ := l.next()
	switch strings.ToLower(localName(string(t.name))) {
	case "entry":
		return "feed"
	case "channel":
		return "rss"
	}
	return ""
}

func (r *repairer) run(ctx context.Context, base *url.URL) error {
	for n := 0; ; n++ {
		if n&0xff == 0 {
			if err := context.Cause(ctx); err != nil {
				return err
			}
		}
		if r.out.Len() > maxWritten {
			return &capError{"bytes once its signs and addresses are written out", maxWritten}
		}
		if r.grown > maxGrowth {
			return &capError{"bytes by its own entities", maxGrowth}
		}
		t, ok := r.lex.next()
		if ok {
			t = r.mend(t)
		}
		if !ok || t.kind == tokenCut {
			r.finish()
			return nil
		}
		switch t.kind {
		case tokenText, tokenCDATA:
			if err := r.text(t); err != nil {
				return err
			}
		case tokenStart, tokenEmpty:
			if err := r.start(t, base); err != nil {
				return err
			}
		case tokenEnd:
			if err := r.end(t); err != nil {
				return err
			}
			if len(r.stack) == 0 {
				return nil // what follows the root is no feed
			}
		case tokenComment, tokenPI, tokenDoctype, tokenCut:
		}
	}
}

// written is the name that an element has in the repaired document.
func (f *frame) written() string {
	if f.as != "" {
		return f.as
	}
	return f.name
}

func (r *repairer) top() *frame { return &r.stack[len(r.stack)-1] }

func (r *repairer) start(t token, base *url.URL) error {
	name := r.nameOf(t.name)
	if name == "" {
		return nil // no element name at all: the tag is noise
	}
	if len(r.stack) == 0 {
		if prefix, local, ok := strings.Cut(name, ":"); ok && !strings.EqualFold(local, "rdf") {
			r.prefix = prefix
		}
		r.atom = r.atom || strings.EqualFold(localName(name), "feed")
	}
	if prefix, local, ok := strings.Cut(name, ":"); ok && prefix == r.prefix {
		name = local
	}
	if n := len(r.stack); n > 0 && r.top().flat {
		if isItem(name) && isContainer(r.stack[0].local) {
			if err := r.closeTo(n - 1); err != nil { // it was never closed
				return err
			}
		} else {
			if err := r.flatten(t); err != nil {
				return err
			}
			return r.budget.element(0)
		}
	}
	f := frame{name: name, local: strings.ToLower(localName(name)), base: base}
	empty := t.kind == tokenEmpty
	if n := len(r.stack); n > 0 {
		if f.local == "channel" && isContainer(r.top().local) {
			if r.channels++; r.channels > 1 {
				return nil // the items of a second channel belong to the first
			}
		}
		if (f.local == "items" || f.local == "entries") && isContainer(r.top().local) {
			return nil // what is in it stands in the feed as well
		}
		f.item = isItem(name) && isContainer(r.top().local)
		if r.top().item && r.top().local == f.local && n > 1 {
			if empty {
				return nil // noise of a broken generator
			}
			// An item that opens inside an item: the one before was never closed.
			if err := r.closeTo(n - 1); err != nil {
				return err
			}
			f.item = true
		}
		if top := r.top(); !top.item && !isContainer(top.local) {
			empty = empty || isVoid(name)
			if closesItself(name) {
				if err := r.closeLike(f.local); err != nil {
					return err
				}
			}
			if len(r.stack) > deepText && strings.IndexByte(name, ':') < 0 {
				return r.budget.element(0) // marks of a text that nobody closed
			}
		}
		f.base, f.scopes, f.lang = r.top().base, r.top().scopes, r.top().lang
		f.as = r.foreign(&f, t)
		f.flat = r.top().item && isForeignText(&f)
	}
	if err := r.budget.element(len(r.stack) + 1); err != nil {
		return err
	}
	if f.item {
		if err := r.budget.item(); err != nil {
			return err
		}
	}
	about, err := r.writeTag(&f, r.lex.b[t.from:t.to], empty)
	if err != nil {
		return err
	}
	if err := r.budget.table(f.scopes); err != nil {
		return err
	}
	if empty {
		return nil
	}
	if n := len(r.stack); n == 0 || !r.stack[n-1].item || !liftable(f.local) {
		f.reading = readByParser
	} else if !r.atom && !f.strange {
		f.reading = readText
	}
	f.content = r.out.Len()
	r.stack = append(r.stack, f)
	r.hints(&f, about)
	return nil
}

// end closes what an end tag means. One that fits an open element further up
// closes all inside that; one that would end the feed while items of it
// follow, or fits nothing, is left out.
func (r *repairer) end(t token) error {
	name := r.nameOf(t.name)
	if prefix, local, ok := strings.Cut(name, ":"); ok && prefix == r.prefix {
		name = local
	}
	if n := len(r.stack); n > 0 && r.top().flat && !strings.EqualFold(r.top().name, name) && !isFrameOfFeed(strings.ToLower(localName(name))) {
		return r.flatten(t)
	}
	for i := len(r.stack) - 1; i >= 0; i-- {
		if len(r.stack[i].name) == len(name) && strings.EqualFold(r.stack[i].name, name) {
			return r.closeTo(i)
		}
		if r.stack[i].item && !isFrameOfFeed(strings.ToLower(localName(name))) {
			break // a stray end tag doesn't reach out of its item
		}
	}
	if r.strays++; r.strays > maxStrays {
		return &capError{"end tags that end nothing", maxStrays}
	}
	return nil
}

// closeTo closes all open elements from the innermost to the i-th.
func (r *repairer) closeTo(i int) error {
	for n := len(r.stack) - 1; n >= i; n-- {
		f := &r.stack[n]
		if f.reading != readByParser {
			r.lift(f)
		} else if f.text > maxShort {
			return &capError{"bytes in one of its small fields", maxShort}
		}
		if f.item && r.itemLang != "" && r.itemLang != r.docLang {
			r.hint("lang", r.itemLang)
		}
		r.out.WriteString("</")
		r.out.WriteString(f.written())
		r.out.WriteByte('>')
		r.stack = r.stack[:n]
		if f.item {
			r.whole.length = r.out.Len()
			r.whole.stack = append(r.whole.stack[:0], r.stack...)
		}
	}
	return nil
}

// finish ends a document that simply stopped: what stands after its last
// complete item goes, and what is still open is closed.
func (r *repairer) finish() {
	if len(r.stack) == 0 {
		return
	}
	r.truncated = true
	for _, f := range r.stack {
		if f.item {
			if r.whole.length > 0 {
				r.out.Truncate(r.whole.length)
				r.stack = append(r.stack[:0], r.whole.stack...)
			}
			break
		}
	}
	r.whole.length = 0
	for n := len(r.stack) - 1; n >= 0; n-- {
		r.out.WriteString("</" + r.stack[n].written() + ">")
	}
	r.stack = nil
}

// text writes character data: the feed's own entities are put in, references
// to characters that XML forbids left out, stray signs escaped.
func (r *repairer) text(t token) error {
	if len(r.stack) == 0 {
		return nil
	}
	b := r.lex.b[t.from:t.to]
	f := r.top()
	if f.item || isContainer(f.local) {
		return nil // nobody reads what stands between the elements of a feed
	}
	if err := r.grow(f, len(b), t.kind == tokenCDATA || !f.flat); err != nil {
		return err
	}
	switch {
	case t.kind == tokenCDATA:
		r.section(f, b)
	case f.nested > 0:
		// The end of a section that was opened inside another.
		r.escape(bytes.Replace(b, []byte("]]>"), nil, f.nested))
		f.nested = 0
	case f.plain:
		r.escapeTwice(b)
	default:
		r.escape(b)
	}
	return nil
}
