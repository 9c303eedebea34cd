package feed

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// The caps that a document must keep before a parser sees it. One that
// reaches a cap is refused as a whole. The depth keeps the parser's recursion
// far from the limit of the stack, which no recover could catch; scopes bound
// the tables of name spaces that it copies for every element.
const (
	maxBytes    = 8 << 20 // decompressed
	maxDepth    = 256
	maxElements = 200_000
	maxItems    = 5_000
	maxAttrs    = 128
	maxAttrSize = 64 << 10
	maxLong     = 4 << 20  // bytes in the text of an item
	maxShort    = 1 << 20  // in every other text
	maxAllAttrs = 400_000  // attributes in all
	maxNames    = 50_000   // name space declarations in all
	maxStrays   = 20_000   // end tags that end nothing
	maxWritten  = 16 << 20 // bytes, once repaired
	maxDigits   = 1_024    // of a number in JSON
	maxGrowth   = 1 << 20  // bytes more, by the document's own entities
	maxBase     = 1 << 10  // bytes of an xml:base that others start from
	maxScopes   = 64       // name space declarations in force at one place

	// The parser copies an extension's text anew with every piece of it, and
	// the table of name spaces with every element.
	maxCopied = 256 << 20
	maxTables = 5_000_000

	parseTime    = 2 * time.Second
	parsesAtOnce = 2
)

// errNotAFeed marks documents that are something else; the reason is in the
// error that wraps it.
var errNotAFeed = errors.New("not a feed")

// capError says which cap a document reached.
type capError struct {
	what  string
	limit int
}

func (e *capError) Error() string {
	return fmt.Sprintf("the document is refused whole: it has more than %d %s", e.limit, e.what)
}

// budget counts what the caps bound.
type budget struct {
	elements, items int
	copied, tables  int
	attrs, names    int
}

// piece counts the copying that one more piece of an extension's text causes,
// when there are size bytes of it by then.
func (b *budget) piece(size int) error {
	if b.copied += size; b.copied > maxCopied {
		return &capError{"bytes to copy for texts in many pieces", maxCopied}
	}
	return nil
}

// table counts the copying of the name spaces in force.
func (b *budget) table(scopes int) error {
	if b.tables += scopes; b.tables > maxTables {
		return &capError{"name spaces to copy", maxTables}
	}
	return nil
}

// attributes counts those of one more element.
func (b *budget) attributes(n int) error {
	if b.attrs += n; b.attrs > maxAllAttrs {
		return &capError{"attributes", maxAllAttrs}
	}
	return nil
}

// name counts one more declaration of a name space.
func (b *budget) name() error {
	if b.names++; b.names > maxNames {
		return &capError{"name spaces", maxNames}
	}
	return nil
}

func (b *budget) element(depth int) error {
	b.elements++
	switch {
	case b.elements > maxElements:
		return &capError{"elements", maxElements}
	case depth > maxDepth:
		return &capError{"elements inside one another", maxDepth}
	}
	return nil
}

func (b *budget) item() error {
	b.items++
	if b.items > maxItems {
		return &capError{"items", maxItems}
	}
	return nil
}

// grow counts n more bytes of an element's text, and whether they are a piece
// of their own to the parser.
func (r *repairer) grow(f *frame, n int, piece bool) error {
	if f.text += n; f.text > maxLong {
		return &capError{"bytes in one text", maxLong}
	}
	if piece && f.reading == readByParser && strings.IndexByte(f.written(), ':') >= 0 {
		return r.budget.piece(f.text)
	}
	return nil
}

// flatten writes a tag as text.
func (r *repairer) flatten(t token) error {
	r.escape(r.lex.b[t.from:t.to])
	return r.grow(r.top(), t.to-t.from, false)
}

// guardJSON bounds a JSON document: depth, values, items are counted outside
// of strings, whether or not the document is valid.
func guardJSON(doc []byte) error {
	var b budget
	depth, number := 0, 0
	for i := 0; i < len(doc); i++ {
		c := doc[i]
		if '0' <= c && c <= '9' {
			if number++; number > maxDigits {
				return &capError{"digits in one number", maxDigits}
			}
			continue
		}
		number = 0
		switch c {
		case '"':
			from := i + 1
			for i++; i < len(doc) && doc[i] != '"'; i++ {
				if doc[i] == '\\' {
					i++
				}
			}
			if i-from > maxLong {
				return &capError{"bytes in one text", maxLong}
			}
		case '{', '[':
			depth++
			if err := b.element(depth); err != nil {
				return err
			}
		case '}', ']':
			depth--
		case ',':
			if err := b.element(depth); err != nil {
				return err
			}
		}
	}
	return nil
}
