package sheet

import (
	"fmt"
	"time"
)

// about writes the sheet that says what the rows are.
func (b *Book) about() error {
	sheet := b.words.Facts.About
	if _, err := b.file.NewSheet(sheet); err != nil {
		return err
	}
	if err := b.fit(sheet, "portrait"); err != nil {
		return err
	}
	// No second stream: the package writes those in no order.
	for _, c := range []struct {
		name  string
		width float64
	}{{"B", 90}, {"A", 16}} { // see widen
		if err := b.file.SetColWidth(sheet, c.name, c.name, c.width); err != nil {
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
			if err := b.file.SetCellValue(sheet, cell.at, cell.value); err != nil {
				return err
			}
			if err := b.file.SetCellStyle(sheet, cell.at, cell.at, cell.style); err != nil {
				return err
			}
		}
	}
	return nil
}
