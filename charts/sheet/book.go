// Package sheet writes tables as workbooks (Office Open XML, .xlsx): one sheet
// of rows with cells of their kinds and, where one fits, a chart beside them
// that the spreadsheet itself draws; and one sheet that says what the rows are.
//
// A text is always a string, never a formula, and its cell has the format for
// text, so that it stays one when somebody edits it. A workbook has no time but
// that of its data: the same table makes the same bytes.
package sheet

import (
	"archive/zip"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"agora/charts"
)

// The widths of columns, in characters.
const (
	leastWidth  = 9
	mostWidth   = 60
	offsetWidth = 15
)

// Write writes a chart's table with all of its rows, and its chart.
func Write(w io.Writer, t charts.Table, loc *time.Location) error {
	b, err := newBook(t, loc, false)
	if err != nil {
		return err
	}
	defer b.Close()
	for _, r := range t.Rows {
		if err := b.Row(r.Cells); err != nil {
			return err
		}
	}
	if err := b.draw(); err != nil {
		return err
	}
	return b.Finish(w)
}

// Book is a workbook that is written row by row. What doesn't fit into 16 MiB
// waits in a temporary file, which [Book.Close] removes.
type Book struct {
	table charts.Table
	words *charts.Words
	loc   *time.Location
	file  *excelize.File
	rows  *excelize.StreamWriter // nil: into memory, where a chart can be added that strict readers find
	name  string                 // of the sheet of rows
	look  look
	cols  []column
	at    int // the row that was written last, counted from 1
	line  []any
}

// column is a column of the table, and where it stands in the sheet. A time has
// its offset from UTC in the next column, since a cell's time knows no zone.
type column struct {
	charts.Column
	at    int // counted from 1
	style int
}

// New begins a workbook. Times are on the clock of loc.
func New(t charts.Table, loc *time.Location) (*Book, error) { return newBook(t, loc, true) }

func newBook(t charts.Table, loc *time.Location, stream bool) (*Book, error) {
	b := &Book{table: t, loc: loc, file: excelize.NewFile(), words: t.Words()}
	switch title := b.words.Titles[t.Chart]; {
	case title != "":
		b.name = title
	case t.Chart == "mentions":
		b.name = b.words.Columns.Mentions
	default:
		b.name = b.words.Facts.Table
	}
	if err := b.begin(stream); err != nil {
		_ = b.file.Close()
		return nil, fmt.Errorf("begin a workbook: %w", err)
	}
	return b, nil
}

func (b *Book) begin(stream bool) (err error) {
	if b.look, err = newLook(b.file); err != nil {
		return err
	}
	if err = b.file.SetSheetName("Sheet1", b.name); err != nil {
		return err
	}
	if err = b.fit(b.name, "landscape"); err != nil {
		return err
	}
	if stream {
		if b.rows, err = b.file.NewStreamWriter(b.name); err != nil {
			return err
		}
	}
	at := 1
	for _, c := range b.table.Columns {
		b.cols = append(b.cols, column{c, at, b.look.kinds[c.Kind]})
		at++
		if c.Kind == charts.Time {
			at++
		}
	}
	b.line = make([]any, at-1)
	for _, c := range b.cols {
		b.line[c.at-1] = excelize.Cell{StyleID: b.look.head, Value: c.Title}
		if c.Kind == charts.Time {
			b.line[c.at] = excelize.Cell{StyleID: b.look.head, Value: b.words.Columns.Offset}
		}
	}
	if err = b.widen(); err != nil {
		return err
	}
	panes := &excelize.Panes{
		Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft",
		Selection: []excelize.Selection{{SQRef: "A2", ActiveCell: "A2", Pane: "bottomLeft"}},
	}
	if stream {
		err = b.rows.SetPanes(panes)
	} else {
		err = b.file.SetPanes(b.name, panes)
	}
	if err != nil {
		return err
	}
	return b.write()
}

// widen sets the widths of the columns, from the right: each goes ahead of
// those that are there, and they have to stand in order.
func (b *Book) widen() error {
	for _, c := range slices.Backward(b.cols) {
		if c.Kind == charts.Time {
			if err := b.setWidth(c.at+1, offsetWidth); err != nil {
				return err
			}
		}
		if err := b.setWidth(c.at, b.width(c)); err != nil {
			return err
		}
	}
	return nil
}

func (b *Book) setWidth(at int, width float64) error {
	if b.rows != nil {
		return b.rows.SetColWidth(at, at, width)
	}
	name, err := excelize.ColumnNumberToName(at)
	if err != nil {
		return err
	}
	return b.file.SetColWidth(b.name, name, name, width)
}

// width is that of a column: of its title and its cells, as far as they are
// known by now.
func (b *Book) width(c column) float64 {
	width := utf8.RuneCountInString(c.Title) + 5 // with the button of the filter
	switch c.Kind {
	case charts.Time:
		width = max(width, 22)
	case charts.Text:
		for i, have := range b.table.Columns {
			if have != c.Column {
				continue
			}
			for _, r := range b.table.Rows {
				if s, ok := r.Cells[i].(string); ok {
					width = max(width, utf8.RuneCountInString(s)+2)
				}
			}
		}
	default:
	}
	if w := widths[c.Key]; w > 0 && len(b.table.Rows) == 0 {
		width = w
	}
	return float64(min(max(width, leastWidth), mostWidth))
}

// widths are those of columns whose cells come one by one.
var widths = map[string]int{"title": 60, "text": 60, "url": 40, "outlet": 24, "sources": 24, "author": 20, "id": 26, "story": 26}

// Row writes one row. A cell that is missing stays empty.
func (b *Book) Row(cells []any) error {
	clear(b.line)
	for i, c := range b.cols {
		if i >= len(cells) || cells[i] == nil {
			continue
		}
		value := cells[i]
		if t, ok := value.(time.Time); ok {
			if t.IsZero() {
				continue
			}
			t = t.In(b.loc)
			value = serial(t)
			b.line[c.at] = excelize.Cell{StyleID: b.look.kinds[charts.Text], Value: t.Format("-07:00")}
		}
		if c.Kind == charts.Mood || c.Kind == charts.Share || c.Kind == charts.Plain {
			if f, ok := value.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
				continue // no cell can hold it
			}
		}
		b.line[c.at-1] = excelize.Cell{StyleID: c.style, Value: value}
	}
	return b.write()
}

func (b *Book) write() error {
	if err := b.put(b.at + 1); err != nil {
		return fmt.Errorf("write a row of a workbook: %w", err)
	}
	b.at++
	return nil
}

// put puts the line into a row.
func (b *Book) put(row int) error {
	if b.rows != nil {
		at, err := excelize.CoordinatesToCellName(1, row)
		if err != nil {
			return err
		}
		return b.rows.SetRow(at, b.line)
	}
	for i, cell := range b.line {
		c, ok := cell.(excelize.Cell)
		if !ok {
			continue
		}
		at, err := excelize.CoordinatesToCellName(i+1, row)
		if err != nil {
			return err
		}
		if err := b.file.SetCellValue(b.name, at, c.Value); err != nil {
			return err
		}
		if err := b.file.SetCellStyle(b.name, at, at, c.StyleID); err != nil {
			return err
		}
	}
	return nil
}

// serial is a wall clock's time as spreadsheets count it: days since the end
// of 1899, without a zone.
func serial(t time.Time) float64 {
	_, offset := t.Zone()
	seconds := float64(t.Unix()+int64(offset)) + float64(t.Nanosecond()/1e6)/1e3
	return seconds/86400 + 25569
}

// Finish writes the workbook.
func (b *Book) Finish(w io.Writer) error {
	if err := b.finish(); err != nil {
		return fmt.Errorf("finish a workbook: %w", err)
	}
	// Straight to w: the package would hold it all in memory first.
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	if _, err := b.file.WriteToBuffer(); err != nil {
		return fmt.Errorf("write a workbook: %w", err)
	}
	return nil
}

func (b *Book) finish() error {
	last, err := excelize.CoordinatesToCellName(len(b.line), max(b.at, 2))
	if err != nil {
		return err
	}
	if err := b.file.AutoFilter(b.name, "A1:"+last, nil); err != nil {
		return err
	}
	if b.rows == nil { // again: the package forgets it with the filter
		if err := b.fit(b.name, "landscape"); err != nil {
			return err
		}
	}
	if err := b.shade(); err != nil {
		return err
	}
	if b.rows != nil {
		if err := b.rows.Flush(); err != nil {
			return err
		}
	}
	if b.table.About != nil {
		if err := b.about(); err != nil {
			return err
		}
	}
	if types := b.file.ContentTypes; types != nil {
		// With a chart, the package lists every kind of picture, in no order.
		sort.Slice(types.Defaults, func(i, j int) bool { return types.Defaults[i].Extension < types.Defaults[j].Extension })
	}
	stamp := b.table.AsOf.UTC().Format(time.RFC3339)
	return b.file.SetDocProps(&excelize.DocProperties{
		Title: b.table.Title, Creator: "Agora", LastModifiedBy: "Agora", Created: stamp, Modified: stamp,
	})
}

// Note adds a sentence to the sheet about the rows.
func (b *Book) Note(text string) { b.table.Notes = append(b.table.Notes, text) }

// Close removes what the workbook left on disk.
func (b *Book) Close() error { return b.file.Close() }
