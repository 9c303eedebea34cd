package charts

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// WriteCSV writes the table as RFC 4180 has it: a line of column titles, then
// the rows, CRLF at each end. It begins with a byte order mark, because Excel
// takes UTF-8 without one for something else; whoever reads it by program asks
// for "utf-8-sig". Times are on the clock of loc (nil: the table's), with their
// offset; moods are −100…100 and shares 0…1, with a plain hyphen for minus. A
// text that a spreadsheet would run as a formula gets an apostrophe ahead of it.
func (t Table) WriteCSV(w io.Writer, loc *time.Location) error {
	if loc == nil {
		loc = t.view.loc
	}
	if loc == nil {
		loc = time.UTC
	}
	buf := bufio.NewWriter(w)
	if _, err := buf.WriteString("\ufeff"); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	out := csv.NewWriter(buf)
	out.UseCRLF = true
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = c.Title
	}
	if err := out.Write(record); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	for _, r := range t.Rows {
		for i := range record {
			record[i] = ""
			if i < len(r.Cells) {
				record[i] = csvCell(r.Cells[i], loc)
			}
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

func csvCell(cell any, loc *time.Location) string {
	switch c := cell.(type) {
	case nil:
		return ""
	case string:
		if c != "" && strings.ContainsRune("=+-@\t\r", rune(c[0])) {
			return "'" + c
		}
		return c
	case time.Time:
		return c.In(loc).Format(time.RFC3339)
	case int64:
		return strconv.FormatInt(c, 10)
	case float64:
		return strconv.FormatFloat(c, 'f', -1, 64)
	default:
		return fmt.Sprint(c)
	}
}
