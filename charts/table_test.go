package charts

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

func table(t *testing.T, id string, b *mood.Board) Table {
	t.Helper()
	c, ok := Find(id)
	if !ok {
		t.Fatalf("no chart %q", id)
	}
	return c.Table(b)
}

func TestChartsAreFoundByTheirIDs(t *testing.T) {
	var ids []string
	for _, c := range All() {
		ids = append(ids, c.ID)
		if found, ok := Find(c.ID); !ok || found.Title != c.Title || c.Title == "" {
			t.Errorf("Find(%q) = %v, %v", c.ID, found.Title, ok)
		}
	}
	want := []string{"activity", "languages", "map", "mood", "pulse", "rhythm", "share", "sources", "timeline", "topics"}
	if slices.Sort(ids); !slices.Equal(ids, want) {
		t.Errorf("charts %v, want %v", ids, want)
	}
	if _, ok := Find("drivers"); ok {
		t.Error("found a chart that there is not")
	}
}

func TestRowsFitTheirColumnsAndHaveKeysOfTheirOwn(t *testing.T) {
	kinds := map[Kind]reflect.Kind{Text: reflect.String, Count: reflect.Int64, Mood: reflect.Float64, Share: reflect.Float64, Plain: reflect.Float64, Time: reflect.Struct}
	for name, b := range boards() {
		for _, c := range All() {
			table := c.Table(b)
			keys := map[string]bool{}
			for _, r := range table.Rows {
				if keys[r.Key] {
					t.Errorf("%s of %s: two rows have the key %q", c.ID, name, r.Key)
				}
				keys[r.Key] = true
				if len(r.Cells) != len(table.Columns) {
					t.Fatalf("%s of %s: row %q has %d cells for %d columns", c.ID, name, r.Key, len(r.Cells), len(table.Columns))
				}
				for i, cell := range r.Cells {
					if cell != nil && reflect.TypeOf(cell).Kind() != kinds[table.Columns[i].Kind] {
						t.Errorf("%s of %s: row %q, %s: a %T is no %s", c.ID, name, r.Key, table.Columns[i].Key, cell, table.Columns[i].Kind)
					}
				}
			}
		}
	}
}

func TestEveryChartSaysWhenThereIsNothing(t *testing.T) {
	for _, name := range []string{"none", "empty"} {
		for _, c := range All() {
			table := c.Table(boards()[name])
			want := english().Notes.Empty
			if c.ID == "activity" {
				want = english().Notes.NoActivity
			}
			if !slices.Contains(table.Notes, want) {
				t.Errorf("%s of board %s says %q, not %q", c.ID, name, table.Notes, want)
			}
		}
	}
	if notes := table(t, "topics", boards()["quiet"]).Notes; !slices.Contains(notes, english().Notes.NoTopics) {
		t.Errorf("two mentions without topics: %q", notes)
	}
}

func TestTimelineAddsUpToTheTotal(t *testing.T) {
	b := fullBoard("24h", nokia)
	var sum mood.Tally
	rows := table(t, "timeline", b).Rows
	for i, r := range rows {
		sum.Add(r.tally)
		if i > 0 && r.Filter.From != rows[i-1].Filter.To {
			t.Fatalf("row %s begins at %s, the one before ends at %s", r.Key, r.Filter.From, rows[i-1].Filter.To)
		}
	}
	if total := b.Brands["nokia"].Total.Tally(); sum != total {
		t.Errorf("rows add up to %+v, the total is %+v", sum, total)
	}
	if first, last := rows[0], rows[len(rows)-1]; first.Key != "2026-11-22T14:30:00+02:00" || last.Filter.From != "2026-11-23T12:30:00Z" || last.Filter.To != "2026-11-23T12:45:00Z" {
		t.Errorf("from %s to %+v", first.Key, last.Filter)
	}
}

// Each mood of the line can be clicked down to the mentions that made it.
func TestTheMoodLineStandsOnTheMentionsThatItsFilterSelects(t *testing.T) {
	b := fullBoard("24h", nokia)
	tbl := table(t, "timeline", b)
	for _, p := range linePoints(english(), tbl.Rows, "nokia", "circle") {
		if p.Value == gap {
			continue
		}
		var sum mood.Tally
		for _, s := range b.Brands["nokia"].Series {
			if at := utc(s.T); at >= p.Filter.From && at < p.Filter.To {
				sum.Add(mood.Tally{Positive: s.Positive, Neutral: s.Neutral, Unclear: s.Unclear, Negative: s.Negative})
			}
		}
		if p.Value != whole(sum.Mood()) || sum.Mentions() < few {
			t.Errorf("at %s the line is at %v; its filter selects %+v, a mood of %v", p.Name, p.Value, sum, whole(sum.Mood()))
		}
	}
}

func TestAQuietStretchLeavesAGapInTheMoodLine(t *testing.T) {
	o, err := timelineOption(table(t, "timeline", boards()["quiet"]))
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Series []struct {
			ID   string
			Data []struct{ Value any }
		}
	}
	if err := json.Unmarshal(o, &v); err != nil {
		t.Fatal(err)
	}
	for _, s := range v.Series {
		for i, p := range s.Data {
			if s.ID == "mood" && p.Value != gap {
				t.Errorf("two mentions make a mood of %v at point %d", p.Value, i)
			}
		}
	}
}

func TestDaysOfAChangedClockAreOneRowEach(t *testing.T) {
	loc := helsinki()
	b := emptyBoard("90d", nokia)
	seen := map[string]bool{}
	for _, r := range table(t, "timeline", b).Rows {
		at, err := time.Parse(time.RFC3339, r.Key)
		if err != nil || at.In(loc).Hour() != 0 || seen[r.Key] {
			t.Errorf("row %q is no day of its own: %v", r.Key, err)
		}
		seen[r.Key] = true
	}
	// Clocks went back on 25 October: that day had 25 hours.
	for _, r := range table(t, "timeline", b).Rows {
		from, _ := time.Parse(time.RFC3339, r.Filter.From)
		to, _ := time.Parse(time.RFC3339, r.Filter.To)
		want := 24 * time.Hour
		if strings.HasPrefix(r.Key, "2026-10-25") {
			want = 25 * time.Hour
		}
		if to.Sub(from) != want {
			t.Errorf("the day %s has %v", r.Key, to.Sub(from))
		}
	}
}

func TestSeveralBrandsAreAddedUpAndTheNoteSaysSo(t *testing.T) {
	b := fullBoard("24h", nokia, ericsson)
	tbl := table(t, "sources", b)
	var want mood.Tally
	for _, bb := range b.Brands {
		for _, r := range bb.Outlets {
			if r.Key == "reuters.com" {
				want.Add(r.Tally())
			}
		}
	}
	if got := tbl.Rows[0]; got.Key != "reuters.com" || got.tally != want || got.Filter != (Filter{Brand: "nokia,ericsson", Window: "24h", Outlet: "reuters.com"}) {
		t.Errorf("the first row is %+v, want %+v of both brands", got, want)
	}
	if !slices.Contains(tbl.Notes, english().Notes.Merged) {
		t.Errorf("notes %q do not say that brands are added up", tbl.Notes)
	}
}

func TestOutletsBeyondTheTwelfthAreOneRowThatCannotBeClicked(t *testing.T) {
	rows := table(t, "sources", fullBoard("24h", nokia)).Rows
	if len(rows) != 13 {
		t.Fatalf("%d rows, want 12 and the rest", len(rows))
	}
	if last := rows[12]; last.Key != rest || last.Cells[0] != "4 others" || last.Filter != (Filter{}) || last.tally.Mentions() == 0 {
		t.Errorf("the rest is %+v", last)
	}
	for i := 1; i < 12; i++ {
		if rows[i].tally.Mentions() > rows[i-1].tally.Mentions() {
			t.Errorf("%s stands below %s, and has more mentions", rows[i].Key, rows[i-1].Key)
		}
	}
}

func TestUnknownValuesAreNamedAndFilteredAsNone(t *testing.T) {
	b := fullBoard("24h", nokia)
	b.Brands["nokia"].Languages = []mood.Row{mood.RowOf("", mood.Tally{Neutral: 4}), mood.RowOf("fi", mood.Tally{Neutral: 2})}
	rows := table(t, "languages", b).Rows
	if rows[0].Cells[1] != "Unknown" || rows[0].Filter.Language != "none" {
		t.Errorf("no language is %v, filter %+v", rows[0].Cells, rows[0].Filter)
	}
	if rows[1].Cells[1] != "Finnish" || rows[1].Filter.Language != "fi" {
		t.Errorf("fi is %v, filter %+v", rows[1].Cells, rows[1].Filter)
	}
}

func TestTopicsAreOrderedBySalienceNotByCount(t *testing.T) {
	b := fullBoard("24h", nokia)
	loud, telling := mood.RowOf("loud", mood.Tally{Neutral: 90}), mood.RowOf("telling", mood.Tally{Positive: 5})
	loud.Salience, telling.Salience = 1.5, 8
	b.Brands["nokia"].Topics = []mood.Row{loud, telling}
	rows := table(t, "topics", b).Rows
	if len(rows) != 2 || rows[0].Key != "telling" || rows[0].Filter.Topic != "telling" {
		t.Errorf("topics %+v", rows)
	}
}

func TestRhythmBeginsOnMondayAndFiltersByTheLocalClock(t *testing.T) {
	b := emptyBoard("24h", nokia)
	one := 1.0
	b.Brands["nokia"].Rhythm = []mood.RhythmCell{{Weekday: 0, Hour: 9, Mentions: 3, Mood: &one}, {Weekday: 6, Hour: 23, Mentions: 1, Mood: &one}}
	rows := table(t, "rhythm", b).Rows
	if len(rows) != 2 || rows[0].Cells[0] != "Mon" || rows[1].Cells[0] != "Sun" {
		t.Fatalf("rows %+v", rows)
	}
	if want := (Filter{Brand: "nokia", From: "2026-10-26T12:00:00Z", Hour: "9", Weekday: "0"}); rows[0].Filter != want {
		t.Errorf("Monday at nine selects %+v, want %+v", rows[0].Filter, want)
	}
}

func TestShareListsEveryBrandAndDimsTheOnesNotLookedAt(t *testing.T) {
	rows := table(t, "share", fullBoard("24h", nokia)).Rows
	if len(rows) != 2 || rows[0].Key != "nokia" || rows[0].extra.pale || rows[1].Key != "cisco" || !rows[1].extra.pale {
		t.Errorf("rows %+v", rows)
	}
	if rows[1].Filter != (Filter{Brand: "cisco", Window: "24h"}) {
		t.Errorf("Cisco selects %+v", rows[1].Filter)
	}
}

func TestTablesAsJSON(t *testing.T) {
	b := boards()["quiet"]
	got, err := json.Marshal(table(t, "sources", b))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "table.json", indent(t, got))
	empty, err := json.Marshal(Table{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"columns":[]`, `"rows":[]`, `"notes":[]`} {
		if !bytes.Contains(empty, []byte(want)) {
			t.Errorf("an empty table lacks %s: %s", want, empty)
		}
	}
}

func TestCSVIsReadBackAsItWas(t *testing.T) {
	for name, b := range boards() {
		for _, c := range All() {
			tbl := c.Table(b)
			var buf bytes.Buffer
			if err := tbl.WriteCSV(&buf, helsinki()); err != nil {
				t.Fatal(err)
			}
			text, ok := strings.CutPrefix(buf.String(), "\ufeff")
			if !ok {
				t.Fatalf("%s of %s has no byte order mark: Excel would garble it", c.ID, name)
			}
			records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
			if err != nil {
				t.Fatalf("%s of %s: %v", c.ID, name, err)
			}
			if len(records) != len(tbl.Rows)+1 {
				t.Fatalf("%s of %s: %d records, want %d", c.ID, name, len(records), len(tbl.Rows)+1)
			}
			for _, record := range records[1:] {
				for i, cell := range record {
					if cell != "" && tbl.Columns[i].Kind == Text && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
						t.Errorf("%s of %s: a spreadsheet would run %q", c.ID, name, cell)
					}
				}
			}
		}
	}
}

func TestCSVCells(t *testing.T) {
	tbl := Table{
		Columns: []Column{{"a", "A, quoted", Text}, {"t", "T", Time}, {"n", "N", Count}, {"m", "M", Mood}},
		Rows: []Row{
			{Key: "1", Cells: []any{`=1+1`, asOf().UTC(), int64(-3), -12.5}},
			{Key: "2", Cells: []any{"two\nlines \"said\"", nil, nil, nil}},
		},
	}
	var buf bytes.Buffer
	if err := tbl.WriteCSV(&buf, helsinki()); err != nil {
		t.Fatal(err)
	}
	want := "\ufeff\"A, quoted\",T,N,M\r\n'=1+1,2026-11-23T14:32:08+02:00,-3,-12.5\r\n\"two\r\nlines \"\"said\"\"\",,,\r\n"
	if got := buf.String(); got != want {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
}

func TestStoriesStandBesideMentionsWhereTheyAreCounted(t *testing.T) {
	b := fullBoard("24h", nokia, ericsson)
	for _, id := range []string{"mood", "share"} {
		for _, c := range table(t, id, b).Columns {
			if c.Key == "stories" {
				t.Errorf("%s has a column of stories that nobody counted", id)
			}
		}
	}
	n := int64(318)
	b.Brands["nokia"].Total.Stories = &n
	for i := range b.Share {
		if b.Share[i].Key == "nokia" {
			b.Share[i].Stories = &n
		}
	}
	for _, id := range []string{"mood", "share"} {
		tab := table(t, id, b)
		last := len(tab.Columns) - 1
		if tab.Columns[last].Key != "stories" {
			t.Fatalf("%s has the columns %v", id, tab.Columns)
		}
		for _, r := range tab.Rows {
			if want := map[string]any{"nokia": n, "ericsson": nil}[r.Key]; r.Cells[last] != want {
				t.Errorf("%s says %v stories of %s, want %v", id, r.Cells[last], r.Key, want)
			}
		}
	}
	w := english()
	row := b.Share[0]
	row.Stories = &n
	if tip := w.shareTip(row); !strings.Contains(tip, ", 318 new stories") {
		t.Errorf("the tooltip says %q", tip)
	}
}
