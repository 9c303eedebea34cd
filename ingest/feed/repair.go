package feed

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// frame is an open element.
type frame struct {
	name   string // as written out
	local  string // in lower case, without prefix
	base   *url.URL
	scopes int
	item   bool
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
	whole    struct { // after the last complete item
		length int
		stack  []frame
	}
	truncated bool
}

// repair gives back a document that a parser accepts, or says why there is
// none in it. base is where the document came from.
func repair(doc []byte, base *url.URL) (fixed []byte, truncated bool, err error) {
	start, entities, err := findRoot(doc)
	if err != nil {
		return nil, false, err
	}
	r := &repairer{lex: lexer{b: doc, pos: start}, entities: entities}
	r.out.Grow(len(doc) - start + 1024)
	wrap := missingRoot(doc[start:])
	if wrap != "" {
		r.out.WriteString("<" + wrap + ">")
	}
	if err := r.run(base); err != nil {
		return nil, false, err
	}
	if r.budget.elements == 0 {
		return nil, false, fmt.Errorf("%w: the document ends before it has begun", errNotAFeed)
	}
	if wrap != "" {
		r.out.WriteString("</" + wrap + ">")
	}
	return r.out.Bytes(), r.truncated, nil
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

func (r *repairer) run(base *url.URL) error {
	for {
		t, ok := r.lex.next()
		if !ok || t.kind == tokenCut {
			r.finish()
			return nil
		}
		switch t.kind {
		case tokenText:
			r.text(r.lex.b[t.from:t.to])
		case tokenCDATA:
			r.out.Write(r.lex.b[t.from:t.to])
		case tokenStart, tokenEmpty:
			if err := r.start(t, base); err != nil {
				return err
			}
		case tokenEnd:
			if r.end(t); len(r.stack) == 0 {
				return nil // what follows the root is no feed
			}
		case tokenComment, tokenPI, tokenDoctype, tokenCut:
		}
	}
}

func (r *repairer) top() *frame { return &r.stack[len(r.stack)-1] }

func (r *repairer) start(t token, base *url.URL) error {
	name := elementName(t.name)
	if name == "" {
		return nil // no element name at all: the tag is noise
	}
	if len(r.stack) == 0 {
		if prefix, local, ok := strings.Cut(name, ":"); ok && !strings.EqualFold(local, "rdf") {
			r.prefix = prefix
		}
	}
	if prefix, local, ok := strings.Cut(name, ":"); ok && prefix == r.prefix {
		name = local
	}
	f := frame{name: name, local: strings.ToLower(localName(name)), base: base}
	if n := len(r.stack); n > 0 {
		f.base, f.scopes = r.top().base, r.top().scopes
		f.item = isItem(name) && isContainer(r.top().local)
		// An item that opens inside an item: the one before was never closed.
		if isItem(name) && !f.item {
			for i := n - 1; i > 0; i-- {
				if r.stack[i].item && r.stack[i].local == f.local && i == n-1 {
					r.closeTo(i)
					f.item = true
					break
				}
			}
		}
	}
	if err := r.budget.element(len(r.stack) + 1); err != nil {
		return err
	}
	if f.item {
		if err := r.budget.item(); err != nil {
			return err
		}
	}
	about, err := r.writeTag(&f, r.lex.b[t.from:t.to], t.kind == tokenEmpty)
	if err != nil {
		return err
	}
	if t.kind == tokenEmpty {
		return nil
	}
	r.stack = append(r.stack, f)
	if f.item {
		if f.base != nil && f.base != base {
			r.hint("base", f.base.String())
		}
		if about != "" {
			r.hint("about", about)
		}
	}
	return nil
}

// hint leaves a note for this package inside an item.
func (r *repairer) hint(name, value string) {
	r.out.WriteString("<agora:" + name + ">")
	r.escape([]byte(value))
	r.out.WriteString("</agora:" + name + ">")
}

// writeTag writes a start tag with its attributes quoted, and notes what of
// them concerns the frame.
func (r *repairer) writeTag(f *frame, tag []byte, empty bool) (about string, err error) {
	r.out.WriteByte('<')
	r.out.WriteString(f.name)
	if bytes.IndexByte(tag, '=') >= 0 {
		r.attrs = attrs(tag, r.attrs[:0])
		if len(r.attrs) >= maxAttrs {
			return "", &capError{"attributes in one element", maxAttrs}
		}
		base64 := false
		for _, a := range r.attrs {
			switch {
			case bytes.EqualFold(a.name, []byte("xml:base")):
				r.rebase(f, a.value)
			case bytes.EqualFold(a.name, []byte("mode")):
				base64 = bytes.EqualFold(a.value, []byte("base64"))
			}
		}
		for _, a := range r.attrs {
			if len(a.value) > maxAttrSize {
				return "", &capError{"bytes in one attribute", maxAttrSize}
			}
			name := elementName(a.name)
			value := a.value
			switch lower := strings.ToLower(name); {
			case name == "" || lower == "xml:base":
				continue
			case lower == "rdf:about":
				about = unescapeAttr(value)
			case lower == "xmlns" && isFrameOfFeed(f.local):
				continue // a wrong default would make strangers of all children
			case lower == "xmlns" || strings.HasPrefix(lower, "xmlns:"):
				if f.scopes++; f.scopes > maxScopes {
					return "", &capError{"name spaces at one place", maxScopes}
				}
			case lower == "type" && base64 && !isBinary(string(value)):
				continue // beside a type the parser would not decode it
			case lower == "type" && !strings.Contains(f.name, ":"):
				value = textType(value)
			case lower == "href" && f.local == "link" && f.base != nil:
				if abs := resolve(f.base, unescapeAttr(value)); abs != "" {
					r.attribute(name, []byte(escapeAttr(abs)))
					continue
				}
			}
			r.attribute(name, value)
		}
	}
	if empty {
		r.out.WriteByte('/')
	}
	r.out.WriteByte('>')
	return about, nil
}

func (r *repairer) attribute(name string, value []byte) {
	r.out.WriteByte(' ')
	r.out.WriteString(name)
	r.out.WriteString(`="`)
	r.escape(value)
	r.out.WriteByte('"')
}

func (r *repairer) rebase(f *frame, value []byte) {
	u, err := url.Parse(tidyAddress(unescapeAttr(value)))
	if err != nil {
		return
	}
	if f.base != nil {
		u = f.base.ResolveReference(u)
	}
	if u.IsAbs() {
		f.base = u
	}
}

// textType makes the parser hand over HTML as the string that it is: escaped
// HTML as text, XHTML as written.
func textType(value []byte) []byte {
	switch v := strings.ToLower(strings.TrimSpace(string(value))); {
	case strings.Contains(v, "xhtml"), strings.HasSuffix(v, "+xml"), strings.HasSuffix(v, "/xml"):
		return []byte("raw")
	case v == "html":
		return []byte("text")
	}
	return value
}

// end closes what an end tag means. One that fits an open element further up
// closes all inside that; one that would end the feed while items of it
// follow, or fits nothing, is left out.
func (r *repairer) end(t token) {
	name := elementName(t.name)
	if prefix, local, ok := strings.Cut(name, ":"); ok && prefix == r.prefix {
		name = local
	}
	for i := len(r.stack) - 1; i >= 0; i-- {
		if strings.EqualFold(r.stack[i].name, name) {
			r.closeTo(i)
			return
		}
		if r.stack[i].item && !isFrameOfFeed(strings.ToLower(localName(name))) {
			return // a stray end tag doesn't reach out of its item
		}
	}
}

// closeTo closes all open elements from the innermost to the i-th.
func (r *repairer) closeTo(i int) {
	for n := len(r.stack) - 1; n >= i; n-- {
		f := r.stack[n]
		r.out.WriteString("</")
		r.out.WriteString(f.name)
		r.out.WriteByte('>')
		r.stack = r.stack[:n]
		if f.item {
			r.whole.length = r.out.Len()
			r.whole.stack = append(r.whole.stack[:0], r.stack...)
		}
	}
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
		r.out.WriteString("</" + r.stack[n].name + ">")
	}
	r.stack = nil
}

// text writes character data: the feed's own entities are put in, references
// to characters that XML forbids left out, stray signs escaped.
func (r *repairer) text(b []byte) {
	if len(r.stack) == 0 {
		return
	}
	r.escape(b)
}

func (r *repairer) escape(b []byte) {
	for len(b) > 0 {
		i := bytes.IndexAny(b, "<>\"&")
		if i < 0 {
			r.out.Write(b)
			return
		}
		r.out.Write(b[:i])
		switch b[i] {
		case '<':
			r.out.WriteString("&lt;")
		case '>':
			r.out.WriteString("&gt;")
		case '"':
			r.out.WriteString("&#34;")
		default:
			n := r.reference(b[i:])
			b = b[i+n:]
			continue
		}
		b = b[i+1:]
	}
}

// reference writes the entity at the beginning of b and says how long it is.
func (r *repairer) reference(b []byte) int {
	end := bytes.IndexByte(b[:min(len(b), 40)], ';')
	if end < 2 {
		r.out.WriteByte('&')
		return 1
	}
	name := b[1:end]
	if name[0] == '#' {
		code, ok := charReference(string(name[1:]))
		switch {
		case !ok:
			r.out.WriteString("&amp;")
			return 1
		case 0x80 <= code && code <= 0x9f:
			r.out.WriteRune(charmap.Windows1252.DecodeByte(byte(code)))
		case legalRune(code):
			r.out.Write(b[:end+1])
		}
		return end + 1
	}
	if value, ok := r.entities[string(name)]; ok && r.out.Len() < 2*maxBytes {
		r.out.WriteString(value)
		return end + 1
	}
	r.out.WriteByte('&')
	return 1
}

func charReference(s string) (rune, bool) {
	base := 10
	if s != "" && (s[0] == 'x' || s[0] == 'X') {
		s, base = s[1:], 16
	}
	n, err := strconv.ParseUint(s, base, 32)
	if err != nil || n > unicode.MaxRune {
		return 0, false
	}
	return rune(n), true
}

func legalRune(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r != 0xfffe && r != 0xffff && utf8.ValidRune(r)
}

// elementName makes a name that the parser accepts, or "".
func elementName(b []byte) string {
	if len(b) == 0 || len(b) > 256 {
		return ""
	}
	plain := true
	colons := 0
	for i, c := range b {
		switch {
		case isLetter(c) || c == '_':
		case (c == '-' || c == '.' || '0' <= c && c <= '9') && i > 0:
		case c == ':':
			colons++
		default:
			plain = false
		}
	}
	if plain && colons <= 1 && b[0] != ':' && b[len(b)-1] != ':' {
		return string(b)
	}
	colon := false
	name := strings.Map(func(r rune) rune {
		switch {
		case r == ':' && !colon:
			colon = true
			return r
		case r < 0x80 && (isLetter(byte(r)) || r == '_' || r == '-' || r == '.' || '0' <= r && r <= '9'):
			return r
		}
		return '_'
	}, string(b))
	return "x" + strings.Trim(name, ":")
}

// isItem names what carries one thing that was said.
func isItem(name string) bool {
	return strings.EqualFold(name, "item") || strings.EqualFold(name, "entry") ||
		strings.EqualFold(localName(name), "item") && strings.HasPrefix(strings.ToLower(name), "rss:")
}

// isContainer names what items stand in.
func isContainer(local string) bool {
	return local == "channel" || local == "feed" || local == "rdf" || local == "rss"
}

func isFrameOfFeed(local string) bool {
	return isContainer(local) || local == "item" || local == "entry"
}
