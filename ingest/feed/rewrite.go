package feed

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// writeTag writes a start tag with its attributes quoted, and notes what of
// them concerns the frame.
func (r *repairer) writeTag(f *frame, tag []byte, empty bool) (about string, err error) {
	r.out.WriteByte('<')
	r.out.WriteString(f.written())
	if bytes.IndexByte(tag, '=') >= 0 {
		r.attrs = attrs(tag, r.attrs[:0])
		if len(r.attrs) >= maxAttrs {
			return "", &capError{"attributes in one element", maxAttrs}
		}
		if err := r.budget.attributes(len(r.attrs)); err != nil {
			return "", err
		}
		base64 := false
		var kind, mode []byte
		for _, a := range r.attrs {
			switch {
			case bytes.EqualFold(a.name, []byte("xml:base")):
				r.rebase(f, a.value)
			case bytes.EqualFold(a.name, []byte("xml:lang")):
				f.lang = cutTo(strings.TrimSpace(string(a.value)), 35)
			case bytes.EqualFold(a.name, []byte("mode")):
				mode = a.value
				base64 = bytes.EqualFold(a.value, []byte("base64"))
			case bytes.EqualFold(a.name, []byte("type")):
				kind = textType(a.value)
			}
		}
		for _, a := range r.attrs {
			if len(a.value) > maxAttrSize {
				return "", &capError{"bytes in one attribute", maxAttrSize}
			}
			name := r.nameOf(a.name)
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
				if err := r.budget.name(); err != nil {
					return "", err
				}
				f.strange = f.strange || lower == "xmlns"
			case lower == "type" && base64 && !isBinary(string(value)):
				continue // beside a type the parser would not decode it
			case lower == "type" && !strings.Contains(f.name, ":"):
				f.plain = r.atom && isPlain(value)
				value = textType(value)
			case lower == "rdf:resource" && f.local == "link":
				name = "href"
			case lower == "ispermalink":
				name = "isPermaLink"
			case lower == "href" && f.local == "link" && f.base != nil && f.base != r.base:
				name = lower
				if abs := resolve(f.base, unescapeAttr(value)); abs != "" {
					r.attribute(name, []byte(escapeAttr(abs)))
					continue
				}
			case lower != name && strings.IndexByte(name, ':') < 0:
				name = lower // HREF and URL
			}
			r.attribute(name, value)
		}
		if f.reading = readingOf(kind, mode); f.strange {
			f.reading = readByParser // it isn't RSS's or Atom's own
		}
	} else {
		f.reading = readText
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
	for {
		i := bytes.IndexByte(value, '"')
		if i < 0 {
			break
		}
		r.escape(value[:i])
		r.out.WriteString("&#34;")
		value = value[i+1:]
	}
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
	if u.IsAbs() && len(u.Host)+len(u.Path) <= maxBase {
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

func (r *repairer) escape(b []byte) {
	for len(b) > 0 && r.out.Len() <= maxWritten {
		i := bytes.IndexAny(b, "<>&")
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
	if value, ok := r.entities[string(name)]; ok && r.grown <= maxGrowth {
		r.grown += len(value)
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

// nameOf is elementName with a memory: the tags of a feed are few.
func (r *repairer) nameOf(b []byte) string {
	if name, ok := r.names[string(b)]; ok {
		return name
	}
	name := elementName(b)
	if len(r.names) < 512 && len(b) < 64 {
		r.names[string(b)] = name
	}
	return name
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

// isItem names what carries one thing that was said, in any name space.
func isItem(name string) bool {
	local := localName(name)
	return strings.EqualFold(local, "item") || strings.EqualFold(local, "entry")
}

// isContainer names what items stand in.
func isContainer(local string) bool {
	return local == "channel" || local == "feed" || local == "rdf" || local == "rss"
}

func isFrameOfFeed(local string) bool {
	return isContainer(local) || local == "item" || local == "entry"
}
