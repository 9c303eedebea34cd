package feed

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding/charmap"
)

// maxStripPasses bounds how often markup that was itself escaped is taken
// out. Each pass only shortens the text.
const maxStripPasses = 4

// Text turns HTML into plain text on one line. Entities are decoded exactly
// once; tags and comments are gone, and so is what stands in scripts, styles
// and frames; block elements part words with a space; control characters and
// invisible break hints are dropped; UTF-8 that was encoded twice is mended. Markup that was escaped twice by its
// publisher is taken out as well, so the result never holds an element.
func Text(s string) string {
	s = unmangle(s)
	if strings.IndexByte(s, '<') >= 0 || strings.IndexByte(s, '&') >= 0 {
		if strings.Contains(s, "<![CDATA[") {
			// A section inside HTML is a publisher's mistake: its text is meant.
			s = strings.ReplaceAll(strings.ReplaceAll(s, "<![CDATA[", ""), "]]>", "")
		}
		s = stripTags(s, true)
	}
	// What is invisible goes first: it may hide a tag's beginning.
	s = oneLine(s)
	for range maxStripPasses {
		if !holdsMarkup(s) {
			return s
		}
		s = oneLine(stripTags(s, false))
	}
	if holdsMarkup(s) {
		s = oneLine(strings.ReplaceAll(s, "<", " "))
	}
	return s
}

// maxTagHead is how much of a tag is looked at to know it for one.
const maxTagHead = 256

// stripTags takes markup out of s. On the first pass every tag goes and
// entities are decoded; later passes, which see text that a publisher had
// escaped, decode nothing and leave what is no HTML, such as vector<int>.
func stripTags(s string, first bool) string {
	var b strings.Builder
	b.Grow(len(s))
	z := html.NewTokenizer(strings.NewReader(s))
	skip := "" // the element whose contents are being dropped
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			// An unfinished tag at the end of the text is the tokenizer's
			// leftover; nothing of it is text.
			return b.String()
		}
		switch kind {
		case html.TextToken:
			if skip != "" {
				continue
			}
			if first {
				b.Write(z.Text())
			} else {
				b.Write(z.Raw())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			raw := ""
			if !first {
				raw = string(z.Raw())
			}
			name, hasAttr := z.TagName()
			tag := localName(string(name))
			a := atom.Lookup([]byte(tag))
			if !first && a == 0 && !hasAttr {
				if skip == "" {
					b.WriteString(raw)
				}
				continue
			}
			switch {
			case skip != "":
				if kind == html.EndTagToken && tag == skip {
					skip = ""
					b.WriteByte(' ')
				}
			case dropsContents(a):
				if kind == html.StartTagToken {
					skip = tag
				}
			case !isInline(a):
				b.WriteByte(' ')
			}
		default: // comments, doctypes
		}
	}
}

// holdsMarkup says whether a browser would find an element, a comment or a
// declaration in s.
func holdsMarkup(s string) bool {
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 || i+1 >= len(s) {
			return false
		}
		s = s[i+1:]
		switch c := s[0]; {
		case c == '!' || c == '?':
			return true
		case c == '/' || isLetter(c):
			name := strings.TrimPrefix(s, "/")
			name = name[:min(len(name), maxTagHead)]
			end := strings.IndexFunc(name, func(r rune) bool {
				return r == ' ' || r == '\t' || r == '\n' || r == '\f' || r == '\r' || r == '/' || r == '>'
			})
			if end < 0 {
				continue
			}
			if atom.Lookup([]byte(localName(strings.ToLower(name[:end])))) != 0 {
				return true
			}
			if rest := name[end:]; rest[0] != '>' && strings.IndexByte(rest, '>') >= 0 && strings.IndexByte(rest, '=') >= 0 {
				return true
			}
		}
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// localName is a tag's name without a namespace prefix: xhtml:p is p.
func localName(tag string) string {
	if i := strings.IndexByte(tag, ':'); i >= 0 {
		return tag[i+1:]
	}
	return tag
}

// dropsContents names the elements whose contents aren't text for readers. An
// object's are: they stand in for what can't be shown.
func dropsContents(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Template, atom.Iframe, atom.Noembed,
		atom.Noframes, atom.Applet, atom.Head, atom.Select:
		return true
	}
	return false
}

// isInline names the elements that stand inside a word or a sentence; every
// other one parts what is before from what is after.
func isInline(a atom.Atom) bool {
	switch a {
	case atom.A, atom.Abbr, atom.Acronym, atom.B, atom.Bdi, atom.Bdo, atom.Big,
		atom.Cite, atom.Code, atom.Data, atom.Del, atom.Dfn, atom.Em, atom.Font,
		atom.I, atom.Ins, atom.Kbd, atom.Mark, atom.Q, atom.S, atom.Samp,
		atom.Small, atom.Span, atom.Strike, atom.Strong, atom.Sub, atom.Sup,
		atom.Time, atom.Tt, atom.U, atom.Var, atom.Wbr, atom.Rb, atom.Ruby:
		return true
	}
	return false
}

// oneLine drops what can't be seen, turns C1 controls into the characters of
// Windows-1252 that they stand for on the web, and joins white space.
func oneLine(s string) string {
	if isOneLine(s) {
		return s
	}
	b := make([]byte, 0, len(s))
	space := false
	for i := 0; i < len(s); {
		from := i
		for i < len(s) && ' ' < s[i] && s[i] < 0x7f {
			i++
		}
		if from < i {
			if space && len(b) > 0 {
				b = append(b, ' ')
			}
			space = false
			b = append(b, s[from:i]...)
			continue
		}
		if s[i] == ' ' {
			space = true
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r == utf8.RuneError && n == 1:
			r = utf8.RuneError
		case 0x80 <= r && r <= 0x9f:
			r = charmap.Windows1252.DecodeByte(byte(r))
		}
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case invisible(r):
			continue
		}
		if space && len(b) > 0 {
			b = append(b, ' ')
		}
		space = false
		b = utf8.AppendRune(b, r)
	}
	return string(b)
}

// isOneLine says whether oneLine would change nothing, going by ASCII alone.
func isOneLine(s string) bool {
	space := true // at the beginning
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return s == "" || !space
}

// invisible names controls, break hints, byte-order marks, direction marks and
// overrides: they hide words from matching, or turn a line around. Joiners
// stay, since Persian, Indic scripts and emoji need them.
func invisible(r rune) bool {
	if r < 0xad {
		return r < ' ' || 0x7f <= r && r < 0xa0
	}
	switch {
	case r == 0xad, r == 0x200b, r == 0x200e, r == 0x200f, r == 0x61c, r == 0x180e, r == 0xfeff, r == 0xfffc, r == 0xfffe, r == 0xffff,
		0x202a <= r && r <= 0x202e, 0x2060 <= r && r <= 0x206f, 0xfff9 <= r && r <= 0xfffb:
		return true
	}
	return false
}

// clip shortens s to at most n code points.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return strings.Clone(strings.TrimSpace(s[:i])) // the rest of s needn't stay in memory
		}
		n--
	}
	return s
}

// unmangle undoes UTF-8 that was taken for Latin-1 and encoded once more, as
// feedparser does: "FlÃ¼chtling" is "Flüchtling". Only a text that is so from
// beginning to end counts, which no other text is by chance.
func unmangle(s string) string {
	suspect := false
	for i := 0; i+3 < len(s); {
		j := strings.IndexByte(s[i:], 0xc3)
		if j < 0 || i+j+3 >= len(s) {
			break
		}
		i += j + 2
		// A letter that leads a sequence, and one that goes on with it.
		if c := s[i]; c == 0xc2 || c == 0xc5 || c == 0xc6 || c == 0xcb || c == 0xe2 {
			suspect = true
			break
		}
	}
	if !suspect {
		return s
	}
	b := make([]byte, 0, len(s))
	for _, r := range s {
		switch c, ok := charmap.Windows1252.EncodeRune(r); {
		case r <= 0xff:
			b = append(b, byte(r))
		case ok:
			b = append(b, c)
		default:
			return s
		}
	}
	if !utf8.Valid(b) {
		return s
	}
	return string(b)
}
