package feed

import "bytes"

// tokenKind says what a stretch of an XML document is.
type tokenKind uint8

const (
	tokenText tokenKind = iota
	tokenStart
	tokenEmpty // <a/>
	tokenEnd
	tokenCDATA
	tokenComment
	tokenPI
	tokenDoctype
	tokenCut // the document ends inside this one
)

// token is a stretch [from, to) of the document. Name is set for tags.
type token struct {
	kind     tokenKind
	from, to int
	name     []byte
}

// lexer splits a document the way encoding/xml does in its lenient mode, but
// without allocating, so that a document can be judged before it is parsed.
// Where the two could differ, encoding/xml stops with an error.
type lexer struct {
	b      []byte
	pos    int
	absent [tokenCut]bool // of which no end follows any more, so it isn't looked for again
}

// next gives the next stretch; ok is false at the end.
func (l *lexer) next() (t token, ok bool) {
	if l.pos >= len(l.b) {
		return token{}, false
	}
	from := l.pos
	if l.b[from] != '<' || !l.opensMarkup(from) {
		l.pos = from + 1
		for l.pos < len(l.b) {
			i := bytes.IndexByte(l.b[l.pos:], '<')
			if i < 0 {
				l.pos = len(l.b)
				break
			}
			l.pos += i
			if l.opensMarkup(l.pos) {
				break
			}
			l.pos++
		}
		return token{kind: tokenText, from: from, to: l.pos}, true
	}
	rest := l.b[from:]
	switch {
	case len(rest) < 2:
		return l.cut(from), true
	case bytes.HasPrefix(rest, []byte("<!--")):
		return l.until(tokenComment, from, 4, "-->"), true
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		return l.until(tokenCDATA, from, 9, "]]>"), true
	case rest[1] == '!':
		return l.doctype(from), true
	case rest[1] == '?':
		return l.until(tokenPI, from, 2, "?>"), true
	}
	return l.tag(from), true
}

// opensMarkup says whether the < at i begins a tag, comment, declaration or
// instruction; else it is a stray sign in the text.
func (l *lexer) opensMarkup(i int) bool {
	if i+1 >= len(l.b) {
		return true // the document is cut here
	}
	c := l.b[i+1]
	if c == '/' {
		return i+2 >= len(l.b) || nameStart(l.b[i+2])
	}
	return c == '!' || c == '?' || nameStart(c)
}

func nameStart(c byte) bool { return isLetter(c) || c == '_' || c == ':' || c >= 0x80 }

func (l *lexer) until(kind tokenKind, from, skip int, end string) token {
	i := -1
	if !l.absent[kind] {
		i = bytes.Index(l.b[from+skip:], []byte(end))
	}
	if i < 0 {
		l.absent[kind] = true
		return l.cut(from)
	}
	l.pos = from + skip + i + len(end)
	return token{kind: kind, from: from, to: l.pos}
}

func (l *lexer) cut(from int) token {
	l.pos = len(l.b)
	return token{kind: tokenCut, from: from, to: l.pos}
}

// doctype ends at the > that stands outside quotes and brackets.
func (l *lexer) doctype(from int) token {
	depth := 0
	var quote byte
	for i := from + 2; i < len(l.b); i++ {
		c := l.b[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<' && bytes.HasPrefix(l.b[i:], []byte("<!--")):
			end := bytes.Index(l.b[i+4:], []byte("-->"))
			if end < 0 {
				return l.cut(from)
			}
			i += 4 + end + 2
		case c == '[' || c == '<':
			depth++
		case c == ']':
			depth--
		case c == '>':
			if depth <= 0 {
				l.pos = i + 1
				return token{kind: tokenDoctype, from: from, to: l.pos}
			}
			depth--
		}
	}
	return l.cut(from)
}

// tag reads a start, empty or end tag. A quote opens a value only after an
// equals sign, and a tag that runs into another < ends there.
func (l *lexer) tag(from int) token {
	kind := tokenStart
	i := from + 1
	if l.b[i] == '/' {
		kind = tokenEnd
		i++
	}
	nameFrom := i
	for i < len(l.b) && !endsName(l.b[i]) {
		i++
	}
	t := token{kind: kind, from: from, name: l.b[nameFrom:i]}
	var last byte
	for i < len(l.b) {
		c := l.b[i]
		switch {
		case c == '>':
			if kind == tokenStart && l.b[i-1] == '/' {
				t.kind = tokenEmpty
			}
			l.pos = i + 1
			t.to = l.pos
			return t
		case c == '<':
			l.pos = i
			t.to = i
			return t
		case (c == '"' || c == '\'') && last == '=':
			end := bytes.IndexByte(l.b[i+1:], c)
			if end < 0 {
				return l.cut(from)
			}
			i += end + 1
			last = c
		case c > ' ':
			last = c
		}
		i++
	}
	return l.cut(from)
}

func endsName(c byte) bool {
	return c <= ' ' || c == '>' || c == '/' || c == '<' || c == '=' || c == '"' || c == '\''
}

// attr is one attribute of a tag, its value as written.
type attr struct {
	name, value []byte
}

// attrs lists a tag's attributes; at most 128 are read.
func attrs(tag []byte, into []attr) []attr {
	i := 1
	for i < len(tag) && !endsName(tag[i]) {
		i++
	}
	for i < len(tag) && len(into) < maxAttrs {
		for i < len(tag) && (tag[i] <= ' ' || tag[i] == '/') {
			i++
		}
		from := i
		for i < len(tag) && !endsName(tag[i]) {
			i++
		}
		if i == from {
			i++
			continue
		}
		a := attr{name: tag[from:i]}
		for i < len(tag) && tag[i] <= ' ' {
			i++
		}
		if i < len(tag) && tag[i] == '=' {
			i++
			for i < len(tag) && tag[i] <= ' ' {
				i++
			}
			if i < len(tag) && (tag[i] == '"' || tag[i] == '\'') {
				end := bytes.IndexByte(tag[i+1:], tag[i])
				if end < 0 {
					return into
				}
				a.value = tag[i+1 : i+1+end]
				i += end + 2
			} else {
				from := i
				for i < len(tag) && tag[i] > ' ' && tag[i] != '>' {
					i++
				}
				a.value = tag[from:i]
			}
		}
		into = append(into, a)
	}
	return into
}
