package sheet

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"agora/charts"
)

func TestAWorkbookIsInTheLanguageOfItsTable(t *testing.T) {
	for _, lang := range charts.Languages() {
		words, _ := charts.WordsIn(lang)
		for _, plain := range charts.All() {
			c := plain.Spoken(words)
			tbl := c.Table(board(t, "7d", "nokia")).With(charts.Coverage{Asked: 5, Answering: 5})
			f, body := open(t, tbl)
			list := f.GetSheetList()
			if len(list) != 2 || list[0] != c.Title || list[1] != words.Facts.About || utf8.RuneCountInString(list[0]) > 31 {
				t.Fatalf("%s of %s has the sheets %q", c.ID, lang, list)
			}
			if head, err := f.GetCellValue(list[0], "A1"); err != nil || head != tbl.Columns[0].Title {
				t.Errorf("%s of %s: the first column is %q (%v)", c.ID, lang, head, err)
			}
			if name, err := f.GetCellValue(list[1], "A1"); err != nil || name != words.Facts.Title {
				t.Errorf("%s of %s: the first fact is %q (%v)", c.ID, lang, name, err)
			}
			if c.ID == "timeline" && !bytes.Contains([]byte(part(t, body, "xl/charts/chart1.xml")), []byte(strings.ReplaceAll(words.Format.SheetWeekday, `"`, "&quot;"))) {
				t.Errorf("in %s the axis doesn't write days as %s", lang, words.Format.SheetWeekday)
			}
		}
	}
	german, _ := charts.WordsIn("de")
	timeline, _ := charts.Find("timeline")
	f, _ := open(t, timeline.Spoken(german).Table(board(t, "7d", "nokia")).With(charts.Coverage{}))
	rows, err := f.GetRows("Verlauf")
	if err != nil || strings.Join(rows[0], ",") != "Zeit,UTC-Versatz,Erwähnungen,Positiv,Neutral,Unklar,Negativ,Stimmung,Stimmungslinie" {
		t.Errorf("the headings are %q (%v)", rows, err)
	}
}
