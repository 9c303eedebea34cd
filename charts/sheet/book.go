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

// aboutSheet is the name of the sheet that says what the rows are.
const aboutSheet = "About"

// The widths of columns, in characters.
const (
	leastWidth  = 9
	mostWidth   = 60
	offsetWidth = 12
)

// Write writes a chart's table with all of its rows, and its chart.
func Write(w io.Writer, t charts.Table, loc *time.Location) error {
	b, err := New(t, loc)
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
	loc   *time.Location
	file  *excelize.File
	rows  *excelize.StreamWriter
	name  string // of the sheet of rows
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
func New(t charts.Table, loc *time.Location) (*Book, error) {
	b := &Book{table: t, loc: loc, file: excelize.NewFile(), name: "Table"}
	if c, ok := charts.Find(t.Chart); ok {
		b.name = c.Title
	} else if t.Chart == "mentions" {
		b.name = "Mentions"
	}
	if err := b.begin(); err != nil {
		_ = b.file.Close()
		return nil, fmt.Errorf("begin a workbook: %w", err)
	}
	return b, nil
}

func (b *Book) begin() (err error) {
	if b.look, err = newLook(b.file); err != nil {
		return err
	}
	if err = b.file.SetSheetName("Sheet1", b.name); err != nil {
		return err
	}
	if b.rows, err = b.file.NewStreamWriter(b.name); err != nil {
		return err
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
			b.line[c.at] = excelize.Cell{StyleID: b.look.head, Value: "UTC offset"}
		}
	}
	if err = b.widen(); err != nil {
		return err
	}
	if err = b.rows.SetPanes(&excelize.Panes{
		Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft",
		Selection: []excelize.Selection{{SQRef: "A2", ActiveCell: "A2", Pane: "bottomLeft"}},
	}); err != nil {
		return err
	}
	return b.write()
}

// widen sets the widths of the columns, from the right: each goes ahead of
// those that are there, and they have to stand in order.
func (b *Book) widen() error {
	for _, c := range slices.Backward(b.cols) {
		if c.Kind == charts.Time {
			if err := b.rows.SetColWidth(c.at+1, c.at+1, offsetWidth); err != nil {
				return err
			}
		}
		if err := b.rows.SetColWidth(c.at, c.at, b.width(c)); err != nil {
			return err
		}
	}
	return nil
}

// width is that of a column: of its title and its cells, as far as they are
// known by now.
func (b *Book) width(c column) float64 {
	width := utf8.RuneCountInString(c.Title) + 4 // with the button of the filter
	switch c.Kind {
	case charts.Time:
		width = max(width, 20)
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
	cell, err := excelize.CoordinatesToCellName(1, b.at+1)
	if err != nil {
		return fmt.Errorf("write a row of a workbook: %w", err)
	}
	if err := b.rows.SetRow(cell, b.line); err != nil {
		return fmt.Errorf("write a row of a workbook: %w", err)
	}
	b.at++
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
	if err := b.shade(); err != nil {
		return err
	}
	if err := b.rows.Flush(); err != nil {
		return err
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

// about writes the sheet that says what the rows are.
func (b *Book) about() error {
	if _, err := b.file.NewSheet(aboutSheet); err != nil {
		return err
	}
	// No second stream: the package writes those in no order.
	for _, c := range []struct {
		name  string
		width float64
	}{{"B", 90}, {"A", 16}} { // see widen
		if err := b.file.SetColWidth(aboutSheet, c.name, c.name, c.width); err != nil {
			return err
		}
	}
	for i, f := range append(b.table.Head(), b.table.Foot()...) {
		value, style := f.Value, b.look.said
		if t, ok := value.(time.Time); ok {
			value = t.In(b.loc).Format(time.RFC3339)
		} else if _, ok := value.(int64); ok {
			style = b.look.number
		}
		name, beside := fmt.Sprintf("A%d", i+1), fmt.Sprintf("B%d", i+1)
		for _, cell := range []struct {
			at    string
			value any
			style int
		}{{name, f.Name, b.look.fact}, {beside, value, style}} {
			if err := b.file.SetCellValue(aboutSheet, cell.at, cell.value); err != nil {
				return err
			}
			if err := b.file.SetCellStyle(aboutSheet, cell.at, cell.at, cell.style); err != nil {
				return err
			}
		}
	}
	return nil
}

// Note adds a sentence to the sheet about the rows.
func (b *Book) Note(text string) { b.table.Notes = append(b.table.Notes, text) }

// Close removes what the workbook left on disk.
func (b *Book) Close() error { return b.file.Close() }
