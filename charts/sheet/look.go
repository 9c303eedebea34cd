package sheet

import (
	"encoding/json"
	"fmt"

	"github.com/xuri/excelize/v2"

	"agora/charts"
)

// look is how cells look: the light theme's colours by role, and the ids of
// the styles of a workbook.
type look struct {
	colors map[string]string // by role
	head   int               // titles of columns
	fact   int               // names on the sheet about the rows
	said   int               // texts beside them
	number int               // numbers there
	kinds  map[charts.Kind]int
}

// formats are the number formats of the kinds of columns. The one for text
// keeps "=1+1" a text when somebody edits the cell.
var formats = map[charts.Kind]string{
	charts.Text: "@", charts.Time: "yyyy-mm-dd hh:mm:ss", charts.Count: "#,##0",
	charts.Mood: "+0.0;-0.0;0.0", charts.Share: "0.0%", charts.Plain: "0.00", charts.Flag: "General",
}

func newLook(file *excelize.File) (look, error) {
	var themes map[string]map[string]string
	if err := json.Unmarshal(charts.Theme(), &themes); err != nil {
		return look{}, fmt.Errorf("read the theme: %w", err)
	}
	l := look{colors: themes["light"], kinds: map[charts.Kind]int{}}
	var err error
	style := func(s excelize.Style) int {
		id, problem := file.NewStyle(&s)
		if err == nil {
			err = problem
		}
		return id
	}
	text := l.colors["text"]
	l.head = style(excelize.Style{
		Font: &excelize.Font{Bold: true, Color: text}, Fill: solid(l.colors["band"]),
		Border: []excelize.Border{{Type: "bottom", Color: l.colors["quiet"], Style: 1}}, Alignment: &excelize.Alignment{Vertical: "center"},
	})
	// In the order of a list: styles are numbered as they are made.
	for _, k := range []charts.Kind{charts.Text, charts.Time, charts.Count, charts.Mood, charts.Share, charts.Plain, charts.Flag} {
		format := formats[k]
		l.kinds[k] = style(excelize.Style{Font: &excelize.Font{Color: text}, CustomNumFmt: &format})
	}
	at := formats[charts.Text]
	l.fact = style(excelize.Style{Font: &excelize.Font{Bold: true, Color: l.colors["quiet"]}, CustomNumFmt: &at, Alignment: &excelize.Alignment{Vertical: "top"}})
	l.said = style(excelize.Style{Font: &excelize.Font{Color: text}, CustomNumFmt: &at, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left", WrapText: true}})
	count := formats[charts.Count]
	l.number = style(excelize.Style{Font: &excelize.Font{Color: text}, CustomNumFmt: &count, Alignment: &excelize.Alignment{Horizontal: "left"}})
	return l, err
}

func solid(color string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
}

// shade colours the moods of a table by what they are, as the page does.
func (b *Book) shade() error {
	if b.at < 2 {
		return nil
	}
	for _, c := range b.cols {
		if c.Kind != charts.Mood {
			continue
		}
		col, err := excelize.ColumnNumberToName(c.at)
		if err != nil {
			return err
		}
		if err := b.file.SetConditionalFormat(b.name, fmt.Sprintf("%s2:%s%d", col, col, b.at), []excelize.ConditionalFormatOptions{{
			Type: "3_color_scale", Criteria: "=", MinType: "num", MidType: "num", MaxType: "num",
			MinValue: "-100", MidValue: "0", MaxValue: "100",
			MinColor: b.look.colors["mood-2"], MidColor: b.look.colors["surface"], MaxColor: b.look.colors["mood-6"],
		}}); err != nil {
			return err
		}
	}
	return nil
}

// fit makes all that a sheet has side by side fit on a page when it is printed.
func (b *Book) fit(sheet, orientation string) error {
	fit, wide, high := true, 1, 0
	if err := b.file.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return b.file.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &orientation, FitToWidth: &wide, FitToHeight: &high})
}
