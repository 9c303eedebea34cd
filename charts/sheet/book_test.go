package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"agora/charts"
	"agora/mood"
)

func helsinki(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// board is of a morning on which the clocks had gone back: 03:00 to 04:00 came
// twice in its window of a day.
func board(t *testing.T, window string, brands ...string) *mood.Board {
	t.Helper()
	loc := helsinki(t)
	now := time.Date(2026, 10, 25, 9, 7, 0, 0, loc)
	w, err := mood.ParseWindow(window)
	if err != nil {
		t.Fatal(err)
	}
	b := &mood.Board{
		Window: window, From: w.From(now, loc), To: now, AsOf: now, Timezone: loc.String(),
		Brands: map[string]*mood.BrandBoard{}, Names: map[string]mood.Brand{}, Order: brands,
	}
	whole := mood.Tally{Positive: 40, Neutral: 30, Unclear: 10, Negative: 20}
	half := 0.5
	for _, id := range brands {
		bb := &mood.BrandBoard{Total: whole.Total(), Before: mood.Tally{Positive: 5, Negative: 10}.Total()}
		for i, at := range w.Points(now, loc) {
			bb.Series = append(bb.Series, mood.PointOf(at, mood.Tally{Positive: int64(i % 3), Negative: 1}))
		}
		for _, key := range strings.Fields("a.com b.com c.com d.com e.com f.com g.com h.com i.com j.com k.com l.com m.com n.com") {
			bb.Outlets = append(bb.Outlets, mood.RowOf(key, whole))
		}
		bb.Outlets = append(bb.Outlets, mood.RowOf(`=HYPERLINK("http://evil.example","x")`, mood.Tally{Positive: 900}))
		bb.Languages = []mood.Row{mood.RowOf("fi", whole), mood.RowOf("en", whole)}
		bb.Topics = []mood.Row{{Key: "+5g", Mentions: 9, Positive: 9, Salience: 4.5}, {Key: "@here", Mentions: 9, Negative: 9, Salience: 3}}
		bb.Countries.From = []mood.Row{mood.RowOf("FI", whole), mood.RowOf("DE", whole)}
		bb.Countries.About = []mood.Row{mood.RowOf("SE", whole)}
		bb.Rhythm = []mood.RhythmCell{{Weekday: 0, Hour: 9, Mentions: 3, Mood: &half}}
		bb.Activity = []mood.ActivityRow{{Key: "activation", Count: 3, Series: []mood.ActivityPoint{{T: w.Points(now, loc)[0], Count: 3}}}}
		b.Brands[id], b.Names[id] = bb, mood.Brand{ID: id, Name: "The " + id}
		b.Share = append(b.Share, mood.ShareRow{Row: mood.RowOf(id, whole), Name: "The " + id, Share: &half})
	}
	return b
}

func table(t *testing.T, id string, b *mood.Board) charts.Table {
	t.Helper()
	c, ok := charts.Find(id)
	if !ok {
		t.Fatal("no chart", id)
	}
	return c.Table(b).With(charts.Coverage{Asked: 5, Answering: 4, Silent: []string{"-1+cmd"}})
}

// open writes a table and reads it back.
func open(t *testing.T, tbl charts.Table) (*excelize.File, []byte) {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, tbl, helsinki(t)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, out.Bytes()
}

// part is one file of a workbook.
func part(t *testing.T, body []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if f.Name == name {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
	}
	return ""
}

func raw(t *testing.T, f *excelize.File, sheet, cell string) string {
	t.Helper()
	v, err := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func shown(t *testing.T, f *excelize.File, sheet, cell string) string {
	t.Helper()
	v, err := f.GetCellValue(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestEveryChartIsAWorkbookWithItsRowsAndWhatTheyAre(t *testing.T) {
	drawn := map[string]string{
		"mood": "barChart", "timeline": "lineChart", "map": "barChart", "share": "barChart", "sources": "barChart",
		"topics": "barChart", "languages": "barChart", "activity": "barChart", "rhythm": "", "pulse": "",
	}
	for _, window := range []string{"24h", "90d"} {
		for _, brands := range [][]string{{"nokia"}, {"nokia", "ericsson"}} {
			b := board(t, window, brands...)
			for _, c := range charts.All() {
				tbl := table(t, c.ID, b)
				f, body := open(t, tbl)
				sheets := f.GetSheetList()
				if len(sheets) != 2 || sheets[0] != c.Title || sheets[1] != "About" {
					t.Fatalf("%s: sheets %q", c.ID, sheets)
				}
				rows, err := f.GetRows(sheets[0])
				if err != nil || len(rows) != len(tbl.Rows)+1 {
					t.Errorf("%s: %d rows of %d: %v", c.ID, len(rows), len(tbl.Rows)+1, err)
				}
				panes, err := f.GetPanes(sheets[0])
				if err != nil || !panes.Freeze || panes.YSplit != 1 {
					t.Errorf("%s: the titles aren't frozen: %+v %v", c.ID, panes, err)
				}
				id, err := f.GetCellStyle(sheets[0], "A1")
				if err != nil {
					t.Fatal(err)
				}
				if head, err := f.GetStyle(id); err != nil || head.Font == nil || !head.Font.Bold {
					t.Errorf("%s: the titles aren't bold: %+v %v", c.ID, head, err)
				}
				text := part(t, body, "xl/worksheets/sheet1.xml")
				if !strings.Contains(text, `<autoFilter ref="$A$1:`) {
					t.Errorf("%s has no filter", c.ID)
				}
				if strings.Index(text, `<col min="1"`) > strings.Index(text, `<col min="2"`) {
					t.Errorf("%s: columns stand in no order, which Excel takes for damage", c.ID)
				}
				chart := part(t, body, "xl/charts/chart1.xml")
				want, known := drawn[c.ID]
				if !known || (want == "") != (chart == "") || want != "" && !strings.Contains(chart, "<"+want+">") {
					t.Errorf("%s of %q: its chart should be a %q: %.300s", c.ID, brands, want, chart)
				}
				if chart != "" && !strings.Contains(text, `<drawing r:id="`) {
					t.Errorf("%s: strict readers don't find the chart", c.ID)
				}
				if strings.Contains(chart, `<auto val="1">`) {
					t.Errorf("%s: Excel would draw the points of a day on top of each other", c.ID)
				}
				if got := shown(t, f, "About", "B1"); got != tbl.Title {
					t.Errorf("%s is about %q", c.ID, got)
				}
			}
		}
	}
}

func TestCellsAreOfTheirKinds(t *testing.T) {
	f, body := open(t, table(t, "timeline", board(t, "24h", "nokia")))
	// 25 October 2026, 03:30 came twice: 26 points after the first one at 09:00 of the day before.
	rows, err := f.GetRows("Timeline")
	if err != nil {
		t.Fatal(err)
	}
	var twice []string
	for i, r := range rows {
		if r[0] == "2026-10-25 03:30:00" {
			twice = append(twice, r[1])
			cell, _ := excelize.CoordinatesToCellName(1, i+1)
			want := float64(time.Date(2026, 10, 25, 3, 30, 0, 0, time.UTC).Unix())/86400 + 25569
			if got := raw(t, f, "Timeline", cell); math.Abs(number(t, got)-want) > 1e-6 {
				t.Errorf("%s is %s, no date of %g", cell, got, want)
			}
			if kind, err := f.GetCellType("Timeline", cell); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
				t.Errorf("a time is of type %v: %v", kind, err)
			}
		}
	}
	if strings.Join(twice, " ") != "+03:00 +02:00" {
		t.Errorf("the hour that comes twice: offsets %q", twice)
	}
	if text := part(t, body, "docProps/core.xml"); !strings.Contains(text, "2026-10-25T07:07:00Z") {
		t.Errorf("the workbook is of another time than its data: %s", text)
	}

	f, _ = open(t, table(t, "share", board(t, "24h", "nokia")))
	if r, s := raw(t, f, "Share of voice", "B2"), shown(t, f, "Share of voice", "B2"); r != "0.5" || s != "50.0%" {
		t.Errorf("a share is %s, shown as %s", r, s)
	}
	f, _ = open(t, table(t, "mood", board(t, "24h", "nokia")))
	if r, s := raw(t, f, "Mood", "G2"), shown(t, f, "Mood", "G2"); r != "20" || s != "+20.0" {
		t.Errorf("a mood is %s, shown as %s", r, s)
	}
	if r, s := raw(t, f, "Mood", "H2"), shown(t, f, "Mood", "H2"); number(t, r) != -33.33 || s != "-33.3" {
		t.Errorf("a negative mood is %s, shown as %s", r, s)
	}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	var f float64
	if err := jsonNumber(s, &f); err != nil {
		t.Fatalf("%q is no number: %v", s, err)
	}
	return f
}

func TestNoTextIsEverAFormula(t *testing.T) {
	evil := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|'/C calc'!A0", "_x003D_1", "a\x00b\x0bc", strings.Repeat("ä", 40000), "<&>\"'"}
	cols := []charts.Column{{Key: "a", Title: "=A", Kind: charts.Text}, {Key: "b", Title: "B", Kind: charts.Flag}}
	tbl := charts.ForMentions([]string{"=Brand"}, "24h", time.Time{}, time.Unix(0, 0), time.Unix(0, 0), time.UTC, cols, charts.About{Filters: map[string]string{"q": "=1+1"}})
	for _, e := range evil {
		tbl.Rows = append(tbl.Rows, charts.Row{Cells: []any{e, true}})
	}
	f, body := open(t, tbl)
	checkTexts(t, f, body, evil, excelize.CellTypeSharedString)
	f, body = stream(t, tbl)
	checkTexts(t, f, body, evil, excelize.CellTypeInlineString)
}

// stream writes a table row by row, and reads it back.
func stream(t *testing.T, tbl charts.Table) (*excelize.File, []byte) {
	t.Helper()
	b, err := New(tbl, helsinki(t))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, r := range tbl.Rows {
		if err := b.Row(r.Cells); err != nil {
			t.Fatal(err)
		}
	}
	b.Note("That is all.")
	var out bytes.Buffer
	if err := b.Finish(&out); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, out.Bytes()
}

func checkTexts(t *testing.T, f *excelize.File, body []byte, evil []string, want excelize.CellType) {
	t.Helper()
	for _, sheet := range []string{"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"} {
		if text := part(t, body, sheet); text == "" || strings.Contains(text, "<f>") || strings.Contains(text, "<f ") {
			t.Errorf("%s has a formula, or nothing: %.200s", sheet, text)
		}
	}
	for i, e := range evil[:6] {
		cell, _ := excelize.CoordinatesToCellName(1, i+2)
		if kind, err := f.GetCellType("Mentions", cell); err != nil || kind != want {
			t.Errorf("%q is of type %v: %v", e, kind, err)
		}
		if got := shown(t, f, "Mentions", cell); got != e {
			t.Errorf("%q became %q", e, got)
		}
		id, _ := f.GetCellStyle("Mentions", cell)
		if style, err := f.GetStyle(id); err != nil || style.NumFmt != 49 && (style.CustomNumFmt == nil || *style.CustomNumFmt != "@") {
			t.Errorf("%q becomes a formula once it is edited: %+v %v", e, style, err)
		}
	}
	if kind, err := f.GetCellType("Mentions", "B2"); err != nil || kind != excelize.CellTypeBool {
		t.Errorf("a flag is of type %v: %v", kind, err)
	}
}

func TestTheSameTableMakesTheSameBytes(t *testing.T) {
	for _, id := range []string{"timeline", "map"} {
		_, one := open(t, table(t, id, board(t, "7d", "nokia", "ericsson")))
		_, two := open(t, table(t, id, board(t, "7d", "nokia", "ericsson")))
		if !bytes.Equal(one, two) {
			t.Errorf("%s is another workbook each time", id)
		}
	}
}

// Printed, rows and chart stand side by side, and not each on a sheet of its
// own.
func TestAPrintedSheetIsAsWideAsAPage(t *testing.T) {
	whole, _ := open(t, table(t, "timeline", board(t, "24h", "nokia")))
	b, err := New(table(t, "timeline", board(t, "24h", "nokia")), helsinki(t))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var out bytes.Buffer
	if err := b.Finish(&out); err != nil {
		t.Fatal(err)
	}
	streamed, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer streamed.Close()
	for name, f := range map[string]*excelize.File{"whole": whole, "streamed": streamed} {
		for _, sheet := range f.GetSheetList() {
			props, err := f.GetSheetProps(sheet)
			if err != nil {
				t.Fatal(err)
			}
			layout, err := f.GetPageLayout(sheet)
			if err != nil {
				t.Fatal(err)
			}
			if props.FitToPage == nil || !*props.FitToPage || layout.FitToWidth == nil || *layout.FitToWidth != 1 || layout.FitToHeight == nil || *layout.FitToHeight != 0 {
				t.Errorf("%s: %s is printed at its own size", name, sheet)
			}
		}
	}
}

func TestAnEmptyTableIsAWorkbookToo(t *testing.T) {
	for _, c := range charts.All() {
		tbl := c.Table(&mood.Board{Window: "24h", Timezone: "UTC"})
		f, _ := open(t, tbl)
		if sheets := f.GetSheetList(); len(sheets) != 1 {
			t.Errorf("%s: a bare workbook has sheets %q", c.ID, sheets)
		}
	}
}

func jsonNumber(s string, f *float64) error { return json.Unmarshal([]byte(s), f) }
