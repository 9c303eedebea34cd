package feed

import (
	"bytes"
	"strings"

	htmlatom "golang.org/x/net/html/atom"
)

// maxMends bounds how often the reading goes on after a mark that was never
// closed: each time costs a look at the rest of the document.
const maxMends = 200

// What shows that a document goes on behind a mark that seems unclosed.
var itemEnds = [...][]byte{[]byte("</item>"), []byte("</entry>")}

// mend sees whether a stretch reaches too far, because the mark at its
// beginning was never closed: a CDATA section that holds whole items ends with
// its element, a comment or a tag that swallows all the rest is text.
func (r *repairer) mend(t token) token {
	b := r.lex.b[t.from:t.to]
	isSection := t.kind == tokenCDATA || t.kind == tokenCut && bytes.HasPrefix(b, []byte("<![CDATA["))
	isTag := (t.kind == tokenStart || t.kind == tokenEmpty) && len(b) > 64
	if !isSection && !isTag && t.kind != tokenCut || r.mends >= maxMends {
		return t
	}
	end := swallowed(b)
	if end < 0 {
		return t
	}
	r.mends++
	if !isSection {
		skip := 1
		if bytes.HasPrefix(b, []byte("<!--")) {
			skip = 4
		}
		r.lex.pos = t.from + skip
		return token{kind: tokenComment, from: t.from, to: r.lex.pos}
	}
	if len(r.stack) == 0 {
		return t
	}
	if i := bytes.Index(b, []byte("</"+r.top().name)); i >= 0 && i <= end {
		end = i
	}
	r.lex.pos = t.from + end
	return token{kind: tokenCDATA, from: t.from, to: r.lex.pos}
}

// swallowed gives the place of an item's end tag in b behind which the feed
// goes on; −1: there is none.
func swallowed(b []byte) int {
	for _, mark := range itemEnds {
		i := bytes.Index(b, mark)
		if i < 0 {
			continue
		}
		next := bytes.TrimLeft(b[i+len(mark):], " \t\r\n")
		for _, name := range [...]string{"<item", "<entry", "</channel", "</feed", "</rss", "</rdf"} {
			if len(next) >= len(name) && strings.EqualFold(string(next[:len(name)]), name) {
				return i
			}
		}
	}
	return -1
}

// section writes a CDATA section: closed, without others inside it, and in
// plain text with its signs escaped, since they are no markup.
func (r *repairer) section(f *frame, b []byte) {
	inner := bytes.TrimSuffix(b[len("<![CDATA["):], []byte("]]>"))
	if bytes.Contains(inner, []byte("<![CDATA[")) {
		f.nested += bytes.Count(inner, []byte("<![CDATA["))
		inner = bytes.ReplaceAll(inner, []byte("<![CDATA["), nil)
		inner = bytes.ReplaceAll(inner, []byte("]]>"), []byte("]] >")) // that it may leave behind
	}
	if f.plain {
		r.escapeTwice(bytes.ReplaceAll(inner, []byte("&"), []byte("&amp;"))) // as it would be outside
		return
	}
	r.out.WriteString("<![CDATA[")
	r.out.Write(inner)
	r.out.WriteString("]]>")
}

// escapeTwice writes text so that it comes out of the parser as HTML that
// shows it as it is.
func (r *repairer) escapeTwice(b []byte) {
	for len(b) > 0 && r.out.Len() <= maxWritten {
		i := bytes.IndexAny(b, "<>&")
		if i < 0 {
			break
		}
		r.out.Write(b[:i])
		sign := b[i]
		b = b[i+1:]
		switch sign {
		case '<':
			r.out.WriteString("&amp;lt;")
			continue
		case '>':
			r.out.WriteString("&amp;gt;")
			continue
		}
		end := bytes.IndexByte(b[:min(len(b), 40)], ';')
		switch {
		case end < 1 || bytes.ContainsAny(b[:end], " \t\r\n&<>"):
			r.out.WriteString("&amp;amp;") // a sign that begins no reference
		case r.entities[string(b[:end])] != "":
			r.grown += len(r.entities[string(b[:end])])
			r.out.WriteString(r.entities[string(b[:end])])
			b = b[end+1:]
		default:
			r.out.WriteString("&amp;")
		}
	}
	r.out.Write(b)
}

// hint leaves a note for this package inside an item or a channel.
func (r *repairer) hint(name, value string) {
	r.out.WriteString("<agora:" + name + ">")
	r.escape([]byte(value))
	r.out.WriteString("</agora:" + name + ">")
}

// hints leaves notes of what the parser behind this one doesn't hand on: the
// base of relative addresses, rdf:about, the language.
func (r *repairer) hints(f *frame, about string) {
	switch {
	case f.item:
		r.itemLang = f.lang
		if f.base != nil && f.base != r.base {
			r.hint("base", f.base.String())
		}
		if about != "" {
			r.hint("about", about)
		}
	case isContainer(f.local):
		if r.docLang = f.lang; f.local == "channel" && f.lang != "" {
			r.hint("lang", f.lang)
		}
	case f.lang != "" && len(r.stack) > 1 && r.stack[len(r.stack)-2].item:
		switch f.local {
		case "title", "summary", "content", "description", "encoded":
			r.itemLang = f.lang
		}
	}
}

// foreign gives the name under which an element is written that its format
// doesn't know, though it says what others do: items of the one in feeds of
// the other, RSS elements in Atom entries. "": its own.
func (r *repairer) foreign(f *frame, t token) string {
	if f.item {
		switch {
		case r.atom && f.name != "entry":
			return "entry"
		case !r.atom && f.name != "item":
			return "item"
		}
		return ""
	}
	if !r.atom && f.local == "pubdate" && r.top().item && strings.IndexByte(f.name, ':') < 0 {
		return "agora:pubdate" // the parser would try a hundred forms of date on it, in vain
	}
	if !r.atom || !r.top().item || strings.IndexByte(f.name, ':') >= 0 {
		return ""
	}
	tag := r.lex.b[t.from:t.to]
	switch f.local {
	case "created", "pubdate", "date", "description", "guid", "keywords":
		return "agora:" + f.local
	case "link":
		if !holdsFold(tag, "href") {
			return "agora:link"
		}
	case "category":
		if !holdsFold(tag, "term") && !holdsFold(tag, "label") {
			return "agora:category"
		}
	case "author":
		// <author>Jo</author> is RSS; in Atom the name is an element.
		rest := bytes.TrimLeft(r.lex.b[min(t.to, len(r.lex.b)):], " \t\r\n")
		if len(rest) > 0 && (rest[0] != '<' || bytes.HasPrefix(rest, []byte("<!["))) {
			return "agora:author"
		}
	}
	return ""
}

// isForeignText names the elements of an item, from other name spaces, whose
// text may hold HTML. The parser would drop the elements of it.
func isForeignText(f *frame) bool {
	if strings.IndexByte(f.name, ':') < 0 {
		return f.local == "body"
	}
	switch f.local {
	case "description", "summary", "content", "title", "subtitle", "encoded", "body", "div":
		return true
	}
	return false
}

func holdsFold(b []byte, s string) bool {
	return bytes.Contains(b, []byte(s)) || bytes.Contains(b, []byte(strings.ToUpper(s)))
}

// deepText is how deep the marks of a text may stand inside one another; more
// are left out, since they weren't closed.
const deepText = 100

// closeLike closes the open element of the same name that a new one ends, as
// a paragraph ends the one before.
func (r *repairer) closeLike(local string) error {
	for i := len(r.stack) - 1; i > 0; i-- {
		switch name := r.stack[i].local; {
		case name == local:
			if !r.stack[i].item && !isContainer(r.stack[i-1].local) && !r.stack[i-1].item {
				return r.closeTo(i)
			}
			return nil
		case !closesItself(name) && !isInline(htmlatom.Lookup([]byte(name))):
			return nil
		}
	}
	return nil
}

// isVoid names the HTML elements that have no end tag.
func isVoid(name string) bool {
	switch strings.ToLower(name) {
	case "br", "hr", "img", "wbr", "input", "col", "area", "embed":
		return true
	}
	return false
}

// closesItself names the HTML elements whose end tag is the next one's start.
func closesItself(name string) bool {
	switch strings.ToLower(name) {
	case "p", "li", "dt", "dd", "tr", "td", "th", "option":
		return true
	}
	return false
}

func isPlain(kind []byte) bool {
	s := strings.ToLower(strings.TrimSpace(string(kind)))
	return s == "text" || s == "text/plain"
}

// cutTo bounds a value by bytes, for what is ASCII anyway.
func cutTo(s string, n int) string { return s[:min(len(s), n)] }
