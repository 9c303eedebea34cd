package feed

import (
	"bytes"
	"html"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

// lifter takes the long texts of items out of a document, so that the parser
// behind it reads a short mark in the place of each: it goes through texts byte
// by byte, several times. Afterwards the texts are put in for the marks, as the
// parser would have read them.
type lifter struct {
	mark       string // how marks of this document begin; nobody can guess it
	texts      []string
	extensions bool // some of them stand in extensions
}

// liftFrom is how long a text must be to be lifted.
var liftFrom = 48

// How the text of an element is read.
type reading uint8

const (
	readByParser reading = iota
	readText             // references are decoded
	readMarkup           // it stays as it is: XHTML
)

func newLifter() lifter {
	return lifter{mark: "agora-" + strconv.FormatUint(rand.Uint64(), 36) + "-"}
}

// liftable says whether an element inside an item holds its text.
func liftable(local string) bool {
	switch local {
	case "description", "encoded", "content", "summary", "body", "div", "fullitem":
		return true
	}
	return false
}

// readingOf says how the parser behind the repairer reads the text of an
// element of Atom with that type and mode, as written out.
func readingOf(kind, mode []byte) reading {
	switch {
	case bytes.EqualFold(mode, []byte("base64")):
		return readByParser
	case bytes.EqualFold(kind, []byte("raw")):
		return readMarkup
	case len(kind) == 0 && bytes.EqualFold(mode, []byte("xml")):
		return readMarkup
	case len(kind) == 0, bytes.EqualFold(kind, []byte("text")), len(kind) > 5 && bytes.EqualFold(kind[:5], []byte("text/")):
		return readText
	}
	return readByParser
}

// lift takes what was written of an element's content since from.
func (r *repairer) lift(f *frame) {
	inner := bytes.TrimSpace(r.out.Bytes()[f.content:])
	if len(inner) < liftFrom {
		return
	}
	if strings.IndexByte(f.written(), ':') >= 0 {
		if holdsElements(inner) {
			return // an extension's elements have values of their own
		}
		r.lifted.extensions = true
	}
	how := f.reading
	if how == readMarkup && bytes.Contains(inner, cdataStart) {
		how = readText
	}
	text := ""
	if how == readMarkup {
		text = string(inner)
	} else {
		text = decodeText(inner)
	}
	r.out.Truncate(f.content)
	r.out.WriteString(r.lifted.mark)
	r.out.Write(strconv.AppendInt(r.out.AvailableBuffer(), int64(len(r.lifted.texts)), 10))
	r.lifted.texts = append(r.lifted.texts, text)
}

var cdataStart, cdataEnd = []byte("<![CDATA["), []byte("]]>")

// holdsElements says whether there is a tag in what the repairer wrote.
func holdsElements(b []byte) bool {
	for {
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			return false
		}
		if b = b[i:]; !bytes.HasPrefix(b, cdataStart) {
			return true
		}
		end := bytes.Index(b, cdataEnd)
		if end < 0 {
			return false
		}
		b = b[end:]
	}
}

// decodeText decodes references once, those of HTML too, and takes CDATA
// sections as they stand, as gofeed does. Without a semicolon nothing is a
// reference.
func decodeText(b []byte) string {
	var out []byte
	for {
		i := bytes.IndexAny(b, "&<")
		if i < 0 {
			if out == nil {
				return string(b)
			}
			return string(append(out, b...))
		}
		if out == nil {
			out = make([]byte, 0, len(b))
		}
		out, b = append(out, b[:i]...), b[i:]
		if b[0] == '<' {
			if end := bytes.Index(b, cdataEnd); bytes.HasPrefix(b, cdataStart) && end >= len(cdataStart) {
				out, b = append(out, b[len(cdataStart):end]...), b[end+len(cdataEnd):]
				continue
			}
			out, b = append(out, '<'), b[1:]
			continue
		}
		end := bytes.IndexByte(b[:min(len(b), 64)], ';')
		if end < 0 {
			out, b = append(out, '&'), b[1:]
			continue
		}
		switch string(b[1:end]) {
		case "lt":
			out = append(out, '<')
		case "gt":
			out = append(out, '>')
		case "amp":
			out = append(out, '&')
		case "quot", "#34":
			out = append(out, '"')
		case "apos", "#39":
			out = append(out, '\'')
		case "nbsp":
			out = append(out, "\u00a0"...)
		default:
			if bytes.ContainsAny(b[1:end], " \t\r\n&") {
				out, b = append(out, '&'), b[1:]
				continue
			}
			whole := string(b[:end+1])
			decoded := html.UnescapeString(whole)
			if decoded == html.UnescapeString(whole[:end])+";" {
				out, b = append(out, '&'), b[1:]
				continue
			}
			out = append(out, decoded...)
		}
		b = b[end+1:]
	}
}

// put gives the text for a mark, and everything else back.
func (l *lifter) put(s *string) {
	rest, ok := strings.CutPrefix(*s, l.mark)
	if !ok {
		return
	}
	if n, err := strconv.Atoi(rest); err == nil && 0 <= n && n < len(l.texts) {
		*s = l.texts[n]
	}
}

func (l *lifter) putExtensions(x ext.Extensions) {
	if !l.extensions {
		return
	}
	for _, names := range x {
		for name, list := range names {
			if !liftable(strings.ToLower(name)) {
				continue
			}
			for i := range list {
				l.put(&list[i].Value)
			}
		}
	}
}

func (l *lifter) putRSS(f *rss.Feed) {
	if len(l.texts) == 0 {
		return
	}
	for _, item := range f.Items {
		l.put(&item.Description)
		l.put(&item.Content)
		for name, value := range item.Custom {
			if strings.HasPrefix(value, l.mark) {
				l.put(&value)
				item.Custom[name] = value
			}
		}
		l.putExtensions(item.Extensions)
	}
}

func (l *lifter) putAtom(f *atom.Feed) {
	if len(l.texts) == 0 {
		return
	}
	for _, e := range f.Entries {
		l.put(&e.Summary)
		if e.Content != nil {
			l.put(&e.Content.Value)
		}
		l.putExtensions(e.Extensions)
	}
}
