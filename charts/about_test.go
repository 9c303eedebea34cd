package charts

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// rowsOf reads a CSV back, as a program would.
func rowsOf(t *testing.T, text string) [][]string {
	t.Helper()
	text, ok := strings.CutPrefix(text, "\ufeff")
	if !ok {
		t.Fatal("no byte order mark: Excel would garble it")
	}
	if bare := strings.ReplaceAll(text, "\r\n", ""); strings.ContainsAny(bare, "\r\n") {
		t.Errorf("a line doesn't end in CRLF: %q", text)
	}
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func TestATableThatIsTakenAwaySaysWhatItIsAboveAndHowFarToTrustItBelow(t *testing.T) {
	for name, b := range boards() {
		for _, c := range All() {
			tbl := c.Table(b).With(Coverage{Asked: 14, Answering: 12, Silent: []string{"BBC", "=Le Monde"}})
			var buf bytes.Buffer
			if err := tbl.WriteCSV(&buf, helsinki()); err != nil {
				t.Fatal(err)
			}
			records := rowsOf(t, buf.String()) // and every line has as many fields
			if first := records[0]; first[0] != "Title" || first[1] != tbl.Title {
				t.Errorf("%s of %s begins with %q", c.ID, name, first)
			}
			if want := len(tbl.Head()) + 1 + len(tbl.Rows) + len(tbl.Foot()); len(records) != want {
				t.Errorf("%s of %s: %d lines, want %d", c.ID, name, len(records), want)
			}
			said := map[string]string{}
			for _, r := range records[:len(tbl.Head())] {
				said[r[0]] = r[1]
			}
			for _, r := range records[len(tbl.Head())+1+len(tbl.Rows):] {
				said[r[0]] = r[1]
			}
			filters, from, method, basis := "brand: "+tbl.view.filter().Brand+"; window: "+b.Window, b.From.In(helsinki()).Format(time.RFC3339), english().Says.Method, "Mentions"
			switch c.ID {
			case "rhythm": // it is of the same four weeks in every window
				filters, from = "brand: "+tbl.view.filter().Brand, "2026-10-26T14:00:00+02:00"
			case "activity":
				method, basis = english().Says.EventsMethod, "Device events"
			}
			for fact, want := range map[string]string{
				"Filters": filters, "From": from, "To": "2026-11-23T14:32:08+02:00",
				"Data as of": "2026-11-23T14:32:08+02:00", "Time zone": tbl.Timezone, "Sources": "12 of 14 that are asked answer; silent: BBC, =Le Monde",
				"Method": method,
			} {
				if said[fact] != want {
					t.Errorf("%s of %s: %s is %q, want %q", c.ID, name, fact, said[fact], want)
				}
			}
			if said[basis] == "" || (said["Licence"] != "") != (c.ID == "map") {
				t.Errorf("%s of %s says %v", c.ID, name, said)
			}
		}
	}
}

func TestABareTableIsRowsAlone(t *testing.T) {
	tbl := table(t, "sources", fullBoard("24h", nokia))
	text, err := json.Marshal(tbl)
	if err != nil || bytes.Contains(text, []byte(`"about"`)) || len(tbl.Head())+len(tbl.Foot()) > 0 {
		t.Errorf("%v %s", err, text)
	}
	text, err = json.Marshal(tbl.With(Coverage{Asked: 3, Answering: 3}))
	if err != nil || !bytes.Contains(text, []byte(`"about":{"filters":{"brand":"nokia","window":"24h"}`)) {
		t.Errorf("%v %s", err, text)
	}
}

func TestNoCellOfACSVIsAFormula(t *testing.T) {
	for given, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "−1": "'−1",
		"\tx": "'\tx", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠a": "'＠a",
		"  =1": "  '=1", "\u200b=1": "\u200b'=1", "\ufeff=1": "\ufeff'=1", "\u00a0@a": "\u00a0'@a",
		"up; =cmd|' /C calc'!A0; x": "up; '=cmd|' /C calc'!A0; x", "a;-b": "a;'-b",
		"a\n=1": "a\r\n'=1",
		"a-b":   "a-b", "x = y; z": "x = y; z", "Ärger, €": "Ärger, €", "": "", "’s": "’s",
	} {
		var buf bytes.Buffer
		tbl := Table{Columns: []Column{{"a", "A", Text}, {"b", "B", Text}}, Rows: []Row{{Cells: []any{"x", given}}}}
		if err := tbl.WriteCSV(&buf, time.UTC); err != nil {
			t.Fatal(err)
		}
		// The reader takes CRLF within a field for a line feed.
		if got := rowsOf(t, buf.String())[1][1]; got != strings.ReplaceAll(want, "\r\n", "\n") {
			t.Errorf("%q is written as %q, want %q", given, got, want)
		}
	}
}

func TestTheHourThatComesTwiceIsToldApartByItsOffset(t *testing.T) {
	zone := helsinki()
	first := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC) // 03:30 in summer
	tbl := Table{Columns: []Column{{"t", "T", Time}, {"n", "N", Count}}}
	for i := range 2 {
		tbl.Rows = append(tbl.Rows, Row{Cells: []any{first.Add(time.Duration(i) * time.Hour), int64(-1)}})
	}
	var buf bytes.Buffer
	if err := tbl.WriteCSV(&buf, zone); err != nil {
		t.Fatal(err)
	}
	got := rowsOf(t, buf.String())
	if got[1][0] != "2026-10-25T03:30:00+03:00" || got[2][0] != "2026-10-25T03:30:00+02:00" || got[1][1] != "-1" {
		t.Errorf("got %q", got)
	}
}

func TestCoverageNamesWhoIsSilent(t *testing.T) {
	for _, c := range []struct {
		cover Coverage
		want  string
	}{
		{Coverage{}, "None is asked; what is here was pushed"},
		{Coverage{Asked: 3, Answering: 3}, "All 3 that are asked answer"},
		{Coverage{Asked: 9, Answering: 6, Silent: []string{"A", "B"}}, "6 of 9 that are asked answer; silent: A, B and 1 more"},
	} {
		if got := c.cover.String(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.cover, got, c.want)
		}
	}
}

func TestATableOfAKeptBoardSaysSinceWhenEverywhere(t *testing.T) {
	tbl := table(t, "timeline", fullBoard("24h", nokia)).With(Coverage{Asked: 2, Answering: 2})
	if basis := tbl.Caption().Basis; strings.Contains(basis, "kept") {
		t.Errorf("a live one says %q", basis)
	}
	at := time.Date(2026, 11, 23, 12, 40, 0, 0, time.UTC)
	tbl.About.Kept = &at
	if basis := tbl.Caption().Basis; !strings.HasPrefix(basis, "Data as of 23 Nov 2026, 14:32 (Europe/Helsinki) · kept on 23 Nov 2026, 14:40 · ") {
		t.Errorf("a picture says %q", basis)
	}
	var buf bytes.Buffer
	if err := tbl.WriteCSV(&buf, helsinki()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(buf.String(), "Kept on,2026-11-23T14:40:00+02:00") {
		t.Errorf("a spreadsheet says %s", buf.String()[max(0, buf.Len()-700):])
	}
	if text, err := json.Marshal(tbl); err != nil || !bytes.Contains(text, []byte(`"kept":"2026-11-23T12:40:00Z"`)) {
		t.Errorf("JSON says %.300s (%v)", text, err)
	}
}
