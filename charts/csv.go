package charts

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// WriteCSV writes the table and all of its rows, see [CSV]. Times are on the
// clock of loc (nil: the table's).
func (t Table) WriteCSV(w io.Writer, loc *time.Location) error {
	out := NewCSV(w, t, loc)
	for _, r := range t.Rows {
		out.Row(r.Cells)
	}
	return out.Close()
}

// CSV writes a table as RFC 4180 has it, row by row: a line of column titles,
// then the rows, with CRLF at each end and as many fields on every line. Where
// the table isn't bare, lines of two fields say above what is in it and below
// how far it can be trusted; the others of their fields are empty.
//
// It begins with a byte order mark, because Excel takes UTF-8 without one for
// the code page of the machine, and shows "Ã¤" for "ä"; whoever reads it by
// program asks for "utf-8-sig". Times carry their offset; moods are −100…100
// and shares 0…1, with a plain hyphen for minus. A text that a spreadsheet would
// run as a formula gets an apostrophe ahead of it, see [inertCell].
type CSV struct {
	buf    *bufio.Writer
	out    *csv.Writer
	loc    *time.Location
	table  Table
	record []string
	err    error
}

// NewCSV begins a table; errors are told by [CSV.Close].
func NewCSV(w io.Writer, t Table, loc *time.Location) *CSV {
	if loc == nil {
		loc = t.view.loc
	}
	if loc == nil {
		loc = time.UTC
	}
	c := &CSV{buf: bufio.NewWriter(w), loc: loc, table: t, record: make([]string, len(t.Columns))}
	_, c.err = c.buf.WriteString("\ufeff")
	c.out = csv.NewWriter(c.buf)
	c.out.UseCRLF = true
	c.facts(t.Head())
	for i, col := range t.Columns {
		c.record[i] = col.Title
	}
	c.write()
	return c
}

// Row writes one row. A cell that is missing is empty.
func (c *CSV) Row(cells []any) {
	for i := range c.record {
		c.record[i] = ""
		if i < len(cells) {
			c.record[i] = csvCell(cells[i], c.loc)
		}
	}
	c.write()
}

// Flush hands on what was written.
func (c *CSV) Flush() error {
	c.out.Flush()
	if c.err == nil {
		c.err = c.out.Error()
	}
	if c.err == nil {
		c.err = c.buf.Flush()
	}
	if c.err != nil {
		return fmt.Errorf("write CSV: %w", c.err)
	}
	return nil
}

// Close writes what stands below the rows, and hands everything on.
func (c *CSV) Close() error {
	c.facts(c.table.Foot())
	return c.Flush()
}

// facts writes lines of a name and a value.
func (c *CSV) facts(facts []Fact) {
	if len(c.record) < 2 {
		return // no chart is that narrow
	}
	for _, f := range facts {
		clear(c.record)
		c.record[0], c.record[1] = f.Name, csvCell(f.Value, c.loc)
		c.write()
	}
}

func (c *CSV) write() {
	if c.err == nil {
		c.err = c.out.Write(c.record)
	}
}

func csvCell(cell any, loc *time.Location) string {
	switch c := cell.(type) {
	case nil:
		return ""
	case string:
		return inertCell(c)
	case time.Time:
		if c.IsZero() {
			return ""
		}
		return c.In(loc).Format(time.RFC3339)
	case int64:
		return strconv.FormatInt(c, 10)
	case float64:
		return strconv.FormatFloat(c, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(c)
	default:
		return inertCell(fmt.Sprint(c))
	}
}

// formulaSigns begin a formula in a spreadsheet; the full-width ones and the
// true minus are taken for their plain ones by some.
const formulaSigns = "=+-@\u2212\uff1d\uff0b\uff0d\uff20"

// inertCell puts an apostrophe ahead of whatever in a text a spreadsheet might
// run: a sign at its beginning; behind a line break; and behind a semicolon,
// because where that separates fields (in most of Europe) the quotes around a
// field that isn't the line's first no longer hold it together. Blanks and
// invisible characters don't hide a sign. Numbers never come here: a negative
// one stays one.
func inertCell(s string) string {
	s = valid(s)
	var out strings.Builder
	begins := true
	for i, r := range s {
		switch {
		case strings.ContainsRune("\t\r\n", r) && i == 0:
			out.WriteByte('\'')
		case strings.ContainsRune(";\t\r\n", r):
			begins = true
		case begins && strings.ContainsRune(formulaSigns, r):
			out.WriteByte('\'')
			begins = false
		case !unicode.In(r, unicode.Z, unicode.Cc, unicode.Cf):
			begins = false
		}
		out.WriteRune(r)
	}
	return out.String()
}
