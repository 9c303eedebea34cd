package draw

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// An element of a document; a text between elements is one without a name.
type element struct {
	name  string
	attrs []attr
	kids  []*element
	text  string
}

type attr struct{ name, value string }

func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// scan reads the elements of a document: as much of XML 1.0 as ECharts
// writes, and strictly. There are no document types, and so no entities but
// the five that XML has.
func scan(s string) (*element, error) {
	if len(s) > maxBytes {
		return nil, fmt.Errorf("the document has %d bytes: %d at most", len(s), maxBytes)
	}
	if !utf8.ValidString(s) {
		return nil, errors.New("the document isn't UTF-8")
	}
	c := scanner{s: s}
	root, err := c.document()
	if err != nil {
		return nil, fmt.Errorf("byte %d: %w", c.i, err)
	}
	return root, nil
}

type scanner struct {
	s        string
	i        int
	elements int
	text     int
}

func (c *scanner) document() (*element, error) {
	var root *element
	var open []*element
	for c.i < len(c.s) {
		rest := c.s[c.i:]
		var inside *element
		if len(open) > 0 {
			inside = open[len(open)-1]
		}
		switch {
		case rest[0] != '<':
			end := strings.IndexByte(rest, '<')
			if end < 0 {
				end = len(rest)
			}
			if err := c.words(inside, rest[:end], true); err != nil {
				return nil, err
			}
			c.i += end
		case strings.HasPrefix(rest, "<!--"), strings.HasPrefix(rest, "<?"):
			stop := "?>"
			if rest[1] == '!' {
				stop = "-->"
			}
			end := strings.Index(rest, stop)
			if end < 0 {
				return nil, fmt.Errorf("%s doesn't end", short(rest[:2]))
			}
			c.i += end + len(stop)
		case strings.HasPrefix(rest, "<![CDATA["):
			end := strings.Index(rest, "]]>")
			if end < 0 {
				return nil, errors.New("a CDATA section doesn't end")
			}
			if err := c.words(inside, rest[len("<![CDATA["):end], false); err != nil {
				return nil, err
			}
			c.i += end + len("]]>")
		case strings.HasPrefix(rest, "</"):
			end := strings.IndexByte(rest, '>')
			if end < 0 || inside == nil || strings.TrimSpace(rest[2:end]) != inside.name {
				return nil, fmt.Errorf("%s closes nothing that is open", short(rest[:max(2, end+1)]))
			}
			open = open[:len(open)-1]
			c.i += end + 1
		default:
			e, empty, err := c.tag()
			if err != nil {
				return nil, err
			}
			if inside != nil {
				inside.kids = append(inside.kids, e)
			} else if root != nil {
				return nil, fmt.Errorf("%s stands after the end of %s", e.name, root.name)
			} else {
				root = e
			}
			if !empty {
				if open = append(open, e); len(open) > maxDepth {
					return nil, fmt.Errorf("elements are nested deeper than %d", maxDepth)
				}
			}
		}
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("%s isn't closed", open[len(open)-1].name)
	}
	if root == nil {
		return nil, errors.New("the document is empty")
	}
	return root, nil
}

// words keeps a text for those elements that show it.
func (c *scanner) words(inside *element, s string, escaped bool) error {
	if inside == nil {
		if strings.TrimSpace(s) != "" {
			return fmt.Errorf("%s stands outside of the document", short(s))
		}
		return nil
	}
	if inside.name != "text" && inside.name != "tspan" || s == "" {
		return nil
	}
	if escaped {
		var err error
		if s, err = unescape(s); err != nil {
			return err
		}
	}
	if c.text += len(s); c.text > maxText {
		return fmt.Errorf("all texts have over %d bytes", maxText)
	}
	inside.kids = append(inside.kids, &element{text: s})
	return nil
}

// tag reads a tag that opens an element; empty says that it closes it too.
func (c *scanner) tag() (e *element, empty bool, err error) {
	if c.elements++; c.elements > maxElements {
		return nil, false, fmt.Errorf("there are over %d elements", maxElements)
	}
	c.i++
	e = &element{name: c.name()}
	if e.name == "" {
		return nil, false, fmt.Errorf("%s opens no element", short(c.s[c.i-1:]))
	}
	for {
		c.space()
		if c.i >= len(c.s) {
			return nil, false, fmt.Errorf("the tag of %s doesn't end", e.name)
		}
		switch c.s[c.i] {
		case '>':
			c.i++
			return e, false, nil
		case '/':
			if !strings.HasPrefix(c.s[c.i:], "/>") {
				return nil, false, fmt.Errorf("the tag of %s has a stray /", e.name)
			}
			c.i += 2
			return e, true, nil
		}
		name := c.name()
		if name == "" {
			return nil, false, fmt.Errorf("the tag of %s has %s where an attribute should be", e.name, short(c.s[c.i:]))
		}
		value, err := c.value(name)
		if err != nil {
			return nil, false, err
		}
		e.attrs = append(e.attrs, attr{name, value})
	}
}

// value reads what follows an attribute's name; ECharts writes some without.
func (c *scanner) value(name string) (string, error) {
	if c.i >= len(c.s) || c.s[c.i] != '=' {
		return "", nil
	}
	c.i++
	if c.i >= len(c.s) || c.s[c.i] != '"' && c.s[c.i] != '\'' {
		return "", fmt.Errorf("the value of %s isn't in quotation marks", name)
	}
	quote := c.s[c.i]
	c.i++
	end := strings.IndexByte(c.s[c.i:], quote)
	if end < 0 {
		return "", fmt.Errorf("the value of %s doesn't end", name)
	}
	value := c.s[c.i : c.i+end]
	if strings.IndexByte(value, '<') >= 0 {
		return "", fmt.Errorf("the value of %s holds a <", name)
	}
	c.i += end + 1
	return unescape(value)
}

func (c *scanner) space() {
	for c.i < len(c.s) && (c.s[c.i] == ' ' || c.s[c.i] == '\n' || c.s[c.i] == '\t' || c.s[c.i] == '\r') {
		c.i++
	}
}

func (c *scanner) name() string {
	from := c.i
	for c.i < len(c.s) {
		b := c.s[c.i]
		letter := b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '_' || b == ':'
		if !letter && (c.i == from || b != '-' && b != '.' && (b < '0' || b > '9')) {
			break
		}
		c.i++
	}
	return c.s[from:c.i]
}

func unescape(s string) (string, error) {
	first := strings.IndexByte(s, '&')
	if first < 0 {
		return s, nil
	}
	var b strings.Builder
	b.Grow(len(s))
	for {
		b.WriteString(s[:first])
		s = s[first+1:]
		name, after, ok := strings.Cut(s, ";")
		r := rune(-1)
		if ok {
			r = entity(name)
		}
		if r < 0 {
			return "", fmt.Errorf("%s is no character of XML", short("&"+s))
		}
		b.WriteRune(r)
		s = after
		if first = strings.IndexByte(s, '&'); first < 0 {
			b.WriteString(s)
			return b.String(), nil
		}
	}
}

func entity(name string) rune {
	switch name {
	case "amp":
		return '&'
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "quot":
		return '"'
	case "apos":
		return '\''
	}
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return -1
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 31)
	if err != nil || n == 0 || !utf8.ValidRune(rune(n)) {
		return -1
	}
	return rune(n)
}
