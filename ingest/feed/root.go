package feed

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"strings"
)

// findRoot finds where the feed begins in a document that may have anything
// ahead of it, and reads the harmless entities of its DOCTYPE.
func findRoot(doc []byte) (start int, entities map[string]string, err error) {
	if len(bytes.TrimSpace(doc)) == 0 {
		return 0, nil, fmt.Errorf("%w: the document is empty", errNotAFeed)
	}
	l := lexer{b: doc}
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
			if local == "rss" || local == "feed" || local == "rdf" {
				if first == "html" && local != "rss" && !bytes.Contains(doc[t.from:t.to], []byte("xmlns")) {
					continue
				}
				return t.from, entities, nil
			}
			if first == "" && (local == "entry" || local == "channel" && !bytes.Contains(bytes.ToLower(doc[t.from:t.to]), []byte("href"))) {
				return t.from, entities, nil // a feed without its outermost element
			}
			if first == "" {
				first, firstTag = local, doc[t.from:t.to]
			}
		}
	}
	// Junk ahead of the root may hide it from the lexer.
	for _, mark := range [...]string{"<rss ", "<rss>", "<feed ", "<rdf:RDF", "<atom:feed"} {
		if i := bytes.Index(doc, []byte(mark)); i >= 0 && first != "html" {
			return i, entities, nil
		}
	}
	return 0, nil, refusal(doc, first, firstTag)
}

// refusal says what the document is instead of a feed.
func refusal(doc []byte, root string, tag []byte) error {
	switch {
	case root == "channel" && bytes.Contains(bytes.ToLower(tag), []byte("href")):
		return fmt.Errorf("%w: this is CDF, a format that is no longer in use", errNotAFeed)
	case root == "opml":
		return fmt.Errorf("%w: this is OPML, a list of feeds; use the addresses in it", errNotAFeed)
	case root == "urlset" || root == "sitemapindex":
		return fmt.Errorf("%w: this is a site map", errNotAFeed)
	case root == "html" || root == "head" || root == "body" || looksLikeHTML(doc):
		if found := autodiscover(doc, nil); found != "" {
			return fmt.Errorf("%w: this is a web page; its feed is %s", errNotAFeed, found)
		}
		return fmt.Errorf("%w: this is a web page, and it names no feed", errNotAFeed)
	case root != "":
		return fmt.Errorf("%w: the document is <%s>, and neither RSS nor Atom", errNotAFeed, clip(root, 40))
	}
	return fmt.Errorf("%w: the document is neither XML nor JSON", errNotAFeed)
}

func looksLikeHTML(doc []byte) bool {
	head := bytes.ToLower(doc[:min(len(doc), 2048)])
	return bytes.Contains(head, []byte("<!doctype html")) || bytes.Contains(head, []byte("<html")) ||
		bytes.Contains(head, []byte("<body"))
}

// autodiscover finds the feed that a web page links to; "" when it names
// none. A nil base leaves a relative address as it is.
func autodiscover(doc []byte, base *url.URL) string {
	l := lexer{b: doc[:min(len(doc), 512<<10)]}
	var list []attr
	for {
		t, ok := l.next()
		if !ok {
			return ""
		}
		if t.kind != tokenStart && t.kind != tokenEmpty || !strings.EqualFold(string(t.name), "link") {
			continue
		}
		list = attrs(doc[t.from:t.to], list[:0])
		var rel, kind, href string
		for _, a := range list {
			switch strings.ToLower(string(a.name)) {
			case "rel":
				rel = strings.ToLower(string(a.value))
			case "type":
				kind = strings.ToLower(string(a.value))
			case "href":
				href = unescapeAttr(a.value)
			}
		}
		if strings.Contains(rel, "alternate") && href != "" &&
			(strings.Contains(kind, "rss") || strings.Contains(kind, "atom") || strings.Contains(kind, "feed+json")) {
			if base != nil {
				return resolve(base, href)
			}
			return clip(href, 300)
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
