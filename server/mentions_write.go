package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"agora/charts"
	"agora/charts/sheet"
	"agora/mood"
)

// write writes a whole list in its format.
func (l *listing) write() error {
	switch l.format {
	case "csv":
		return l.writeCSV()
	case "xlsx":
		return l.writeBook()
	case "ndjson":
		return l.each(func(m mood.Mention) error { return l.writeJSON(m, "\n") })
	default:
		return l.writeList()
	}
}

func (l *listing) writeCSV() error {
	out := charts.NewCSV(l.out, l.table, l.server.Location)
	flush := l.flush
	l.flush = func() error {
		if err := out.Flush(); err != nil {
			return err
		}
		return flush()
	}
	row := func(cells []any) error { out.Row(cells); return nil }
	if err := l.each(func(m mood.Mention) error { return l.rower.rows(m, row) }); err != nil {
		return err
	}
	return out.Close()
}

// errFull ends a workbook that has as many rows as it may.
var errFull = errors.New("the workbook is full")

// writeBook makes a workbook, on disk where it is large, and then sends it: the
// format has its table of contents at the end.
func (l *listing) writeBook() error {
	out, err := sheet.New(l.table, l.server.Location)
	if err != nil {
		return err
	}
	defer out.Close()
	flush := l.flush
	l.flush = func() error { return nil } // nothing is sent yet
	rows := 0
	row := func(cells []any) error {
		if rows++; rows > maxBookRows {
			return errFull
		}
		return out.Row(cells)
	}
	switch err := l.each(func(m mood.Mention) error { return l.rower.rows(m, row) }); {
	case errors.Is(err, errFull):
		out.Note(fmt.Sprintf("A workbook ends after %d rows, the newest ones; there are %d mentions. Take the list as CSV to have them all.", maxBookRows, l.total))
	case err != nil:
		return err
	}
	if err := out.Finish(l.out); err != nil {
		return err
	}
	return flush()
}

// writeList writes one JSON object of the shape that a page of the list has,
// all of it in one, and ahead of the mentions what a reader needs to know.
func (l *listing) writeList() error {
	head := "{"
	if l.table.About != nil {
		t := l.table
		var from *time.Time
		if !t.From.IsZero() {
			from = &t.From
		}
		about, err := json.Marshal(struct {
			Title    string        `json:"title"`
			From     *time.Time    `json:"from"` // null: as far back as texts are kept
			To       time.Time     `json:"to"`
			AsOf     time.Time     `json:"as_of"`
			Timezone string        `json:"timezone"`
			About    *charts.About `json:"about"`
		}{t.Title, from, t.To.UTC(), t.AsOf.UTC(), t.Timezone, t.About})
		if err != nil {
			return fmt.Errorf("encode a list: %w", err)
		}
		head = string(about[:len(about)-1]) + ","
	}
	if _, err := io.WriteString(l.out, head+`"mentions":[`); err != nil {
		return err
	}
	between := ""
	err := l.each(func(m mood.Mention) error {
		if _, err := io.WriteString(l.out, between); err != nil {
			return err
		}
		between = ",\n"
		return l.writeJSON(m, "")
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(l.out, `],"total":%d,"next":""}`+"\n", l.total)
	return err
}

func (l *listing) writeJSON(m mood.Mention, end string) error {
	body, err := json.Marshal(forBrands(m, l.rower.filter.Brands))
	if err != nil {
		return fmt.Errorf("encode mention %s: %w", m.ID, err)
	}
	_, err = l.out.Write(append(body, end...))
	return err
}
