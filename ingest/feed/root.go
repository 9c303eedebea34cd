package feed

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"strings"
)

// findRoot finds where the feed begins in a document that may have anything
// ahead of it, and reads the harmless entities of its DOCTYPE. base is where
// the document came from. A feed that is escaped into a page is given back as
// a document of its own.
func findRoot(doc []byte, base *url.URL) (start int, entities map[string]string, fixed []byte, err error) {
	return findRootIn(doc, base, false)
}

func findRootIn(doc []byte, base *url.URL, escaped bool) (start int, entities map[string]string, fixed []byte, err error) {
	if len(bytes.TrimSpace(doc)) == 0 {
		return 0, nil, nil, fmt.Errorf("%w: the document is empty", errNotAFeed)
	}
	l := lexer{b: doc}
	signs := rootSigns{doc: doc}
	first := ""
	var firstTag []byte
	for {
		t, ok := l.next()
		if !ok {
			break
		}
		switch t.kind {
		case tokenDoctype:
			entities = declaredEntities(doc[t.from:t.to])
		case tokenStart, tokenEmpty:
			local := strings.ToLower(localName(string(t.name)))
			if isRoot(local) && signs.isFeed(t, local, first) {
				return t.from, entities, doc, nil
			}
			if first == "" && (local == "entry" || local == "channel" && !holdsFold(doc[t.from:t.to], "href")) {
				return t.from, entities, doc, nil // a feed without its outermost element
			}
			if first == "" {
				first, firstTag = local, doc[t.from:t.to]
			}
		}
	}
	if first != "html" {
		// Junk ahead of the root may hide it from the lexer.
		if i := hiddenRoot(doc, &signs, first); i >= 0 {
			return i, entities, doc, nil
		}
	}
	if !escaped {
		if inner := escapedFeed(doc); inner != nil {
			if start, entities, inner, err := findRootIn(inner, base, true); err == nil {
				return start, entities, inner, nil
			}
		}
	}
	return 0, nil, nil, refusal(doc, first, firstTag, base)
}

func isRoot(local string) bool { return local == "rss" || local == "feed" || local == "rdf" }

// rootSigns looks once for what shows that a root is a feed's.
type rootSigns struct {
	doc                  []byte
	looked               bool
	item, channel, entry bool
}

// isFeed says whether an element of a root's name is one: RDF says many things
// besides RSS, and a page or another document may have a <feed>.
func (s *rootSigns) isFeed(t token, local, first string) bool {
	if local == "rss" || local == "feed" && first == "" {
		return true
	}
	if !s.looked {
		s.looked = true
		s.item, s.channel, s.entry = holdsTag(s.doc, "item"), holdsTag(s.doc, "channel"), holdsTag(s.doc, "entry")
	}
	if local == "rdf" {
		return s.item || first == "" && s.channel
	}
	tag := s.doc[t.from:min(t.to, t.from+1024)]
	return s.entry || bytes.Contains(bytes.ToLower(tag), []byte("atom"))
}

// holdsTag looks for an element, with any prefix, in lower or in upper case.
func holdsTag(b []byte, name string) bool {
	for _, mark := range [...]string{"<" + name, ":" + name, "<" + strings.ToUpper(name)} {
		rest := b
		for {
			i := bytes.Index(rest, []byte(mark))
			if i < 0 {
				break
			}
			if rest = rest[i+len(mark):]; len(rest) == 0 || endsName(rest[0]) {
				return true
			}
		}
	}
	return false
}

// hiddenRoot looks for a root where no markup was recognized; −1: none.
func hiddenRoot(doc []byte, signs *rootSigns, first string) int {
	for i := 0; i < len(doc); i++ {
		next := bytes.IndexByte(doc[i:], '<')
		if next < 0 {
			return -1
		}
		i += next
		if i+1 >= len(doc) || !isLetter(doc[i+1]) {
			continue
		}
		name := doc[i+1 : min(len(doc), i+1+40)]
		end := bytes.IndexFunc(name, func(r rune) bool { return r <= ' ' || r == '>' })
		if end < 3 {
			continue
		}
		prefix, local, prefixed := strings.Cut(strings.ToLower(string(name[:end])), ":")
		if !prefixed {
			local = prefix
		}
		if !isRoot(local) {
			continue
		}
		t := token{from: i, to: i + 1 + end}
		if tag := bytes.IndexByte(doc[i:min(len(doc), i+1024)], '>'); tag > 0 {
			t.to = i + tag
		}
		if signs.isFeed(t, local, first) {
			return i
		}
	}
	return -1
}

// What may stand around a feed that was escaped into a page, in bytes of text.
const maxAround = 200

// escapedFeed takes a feed out of a page that shows it as text, as when a
// server sends its source in <pre>; nil: there is none. A page that only
// quotes a feed has words around it, and is none.
func escapedFeed(doc []byte) []byte {
	from := -1
	for _, mark := range [...]string{"&lt;?xml", "&lt;rss", "&lt;feed", "&lt;rdf:RDF"} {
		if i := bytes.Index(doc, []byte(mark)); i >= 0 && (from < 0 || i < from) {
			from = i
		}
	}
	if from < 0 {
		return nil
	}
	to := -1
	for _, mark := range [...]string{"&lt;/rss&gt;", "&lt;/feed&gt;", "&lt;/rdf:RDF&gt;"} {
		if i := bytes.LastIndex(doc, []byte(mark)); i > from {
			to = max(to, i+len(mark))
		}
	}
	if to < 0 {
		return nil
	}
	before, after := Text(string(doc[max(0, from-maxHTML/16):from])), Text(string(doc[to:min(len(doc), to+maxHTML/16)]))
	if len(before) > maxAround || len(after) > maxAround {
		return nil
	}
	inner := doc[from:to]
	if bytes.IndexByte(inner, '<') >= 0 {
		// A browser's view of the source marks its parts up.
		inner = []byte(stripMarks(inner))
	}
	return legal([]byte(html.UnescapeString(string(inner))))
}

// stripMarks leaves out the tags of a view of a source.
func stripMarks(b []byte) string {
	var out strings.Builder
	l := lexer{b: b}
	for {
		t, ok := l.next()
		if !ok {
			return out.String()
		}
		if t.kind == tokenText {
			out.Write(b[t.from:t.to])
		}
	}
}

// declaredEntities reads <!ENTITY name "value"> of a DOCTYPE. Only short
// values without markup or further entities are kept, so nothing can grow.
func declaredEntities(doctype []byte) map[string]string {
	var found map[string]string
	for len(found) < 64 {
		i := bytes.Index(doctype, []byte("<!ENTITY"))
		if i < 0 {
			break
		}
		doctype = doctype[i+len("<!ENTITY"):]
		end := bytes.IndexByte(doctype, '>')
		if end < 0 {
			break
		}
		name, rest, ok := strings.Cut(strings.TrimSpace(string(doctype[:end])), " ")
		rest = strings.TrimSpace(rest)
		if !ok || len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' || rest[len(rest)-1] != rest[0] {
			continue
		}
		value := rest[1 : len(rest)-1]
		if len(value) > 256 || len(name) > 32 || strings.ContainsAny(value, "<>&%") {
			continue
		}
		switch name {
		case "amp", "lt", "gt", "quot", "apos":
			continue
		}
		if found == nil {
			found = map[string]string{}
		}
		found[name] = value
	}
	return found
}

func unescapeAttr(b []byte) string { return html.UnescapeString(string(b)) }
func escapeAttr(s string) string   { return html.EscapeString(s) }
