package charts

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"agora/mood"
)

// drawn draws a chart, as JSON that can be looked into.
func drawn(t *testing.T, id string, b *mood.Board) (Table, Option, tree) {
	t.Helper()
	c, _ := Find(id)
	tbl := c.Table(b)
	o, err := c.Option(tbl)
	if err != nil {
		t.Fatal(err)
	}
	var v tree
	if err := json.Unmarshal(o, &v); err != nil {
		t.Fatal(err)
	}
	return tbl, o, v
}

func spoken(t *testing.T, o Option) string {
	t.Helper()
	var v struct {
		Aria struct{ Label struct{ Description string } }
	}
	if err := json.Unmarshal(o, &v); err != nil {
		t.Fatal(err)
	}
	return v.Aria.Label.Description
}

func TestAMapOfOneKindOfPlacesSpeaksOfNoOther(t *testing.T) {
	b := fullBoard("24h", nokia)
	lean := mood.Tally{Positive: 3}
	bb := b.Brands["nokia"]
	bb.Countries.From = []mood.Row{mood.RowOf("US", lean)}
	bb.Countries.About = []mood.Row{mood.RowOf("FI", lean)}
	bb.Countries.Origin = []mood.Row{mood.RowOf("JP", lean)}
	tbl, o, _ := drawn(t, "map", b)
	tbl = tbl.With(Coverage{})
	c, _ := Find("map")
	for mode, want := range map[string]string{
		"from": "Published in: United States +100 · 3.", "about": "Written about: Finland +100 · 3.", "origin": "Sent from: Japan +100 · 3.",
		"devices": "United States, elsewhere: Aktivointi 3,000 kpl; Austin, United States: Aktivointi 1,200 kpl; Helsinki, Finland: Aktivointi 300 kpl.",
	} {
		only, in, err := c.In(mode, tbl, o)
		if err != nil {
			t.Fatal(err)
		}
		if says := spoken(t, in); !strings.HasPrefix(says, "Map: Nokia, last 24 hours. "+want) || mode != "devices" && strings.Contains(says, "device") {
			t.Errorf("in the mode %s it says %q, want %q", mode, says, want)
		}
		groups := map[string]bool{}
		for _, r := range only.Rows {
			groups[r.group] = true
		}
		if group := strings.TrimSuffix(mode, "s"); !groups[mode] && !groups[group] || groups[placeDevice] != (mode == "devices") || len(groups) != 1 {
			t.Errorf("in the mode %s there are rows of %v", mode, groups)
		}
		if f := only.About.Filters["place"]; f != mode || only.With(Coverage{}).About.Filters["place"] != mode {
			t.Errorf("in the mode %s its filters name the place %q", mode, f)
		}
	}
	if n := len(tbl.Rows); n != 18 || tbl.About.Filters["place"] != "" {
		t.Errorf("the table that was given is changed: %d rows, filters %v", n, tbl.About.Filters)
	}
	bb.Countries.About, bb.Countries.Unplaced.About = nil, bb.Total.Tally().Mentions()
	tbl, o, _ = drawn(t, "map", b)
	_, in, err := c.In("about", tbl, o)
	if says := spoken(t, in); err != nil || !strings.HasSuffix(says, "name no country that they are about.") || !strings.Contains(says, ". All ") {
		t.Errorf("without a country it says %q, %v", says, err)
	}
	if _, err := c.Only("moon", tbl); err == nil {
		t.Error("there is a mode called moon")
	}
}

func TestARhythmIsOfFourWeeksWhateverTheWindow(t *testing.T) {
	b := fullBoard("1h", nokia)
	tbl := table(t, "rhythm", b).With(Coverage{})
	c := tbl.Caption()
	if c.Title != "Rhythm of the week: Nokia, last 4 weeks" || c.Scope != "nokia · 26 Oct 2026, 14:00 – 23 Nov 2026, 14:32" {
		t.Errorf("above it says %q and %q", c.Title, c.Scope)
	}
	var n int64
	for _, cell := range b.Brands["nokia"].Rhythm {
		n += cell.Mentions
	}
	if total := b.Brands["nokia"].Total.Tally().Mentions(); n == total || tbl.About.Mentions != n || !strings.Contains(c.Basis, english().mentions(n)) {
		t.Errorf("below it says %q: %d mentions are in its rows, %d in the window", c.Basis, n, total)
	}
	if tbl.Rows[0].Filter.From != utc(tbl.From) {
		t.Errorf("it is from %s, and its rows from %s", utc(tbl.From), tbl.Rows[0].Filter.From)
	}
	if !slices.Contains(tbl.Notes, english().Notes.Shades) || slices.Contains(table(t, "rhythm", emptyBoard("1h", nokia)).Notes, english().Notes.Shades) {
		t.Errorf("of pale and hollow hours it says %q", tbl.Notes)
	}
	// Few are hollow, not grey like a mood near 0.
	b.Brands["nokia"].Rhythm = []mood.RhythmCell{{Weekday: 1, Hour: 2, Mentions: few - 1}}
	if _, o, _ := drawn(t, "rhythm", b); !strings.Contains(string(o), `"itemStyle":{"borderColor":"role:few","borderWidth":1,"color":"transparent"},"name":"1 02"`) {
		t.Errorf("an hour of few is drawn as %s", o)
	}
}

func TestColoursOfStackedBarsAreNamed(t *testing.T) {
	for _, id := range []string{"sources", "languages", "timeline"} {
		_, o, v := drawn(t, id, fullBoard("24h", nokia))
		if legend := v["legend"].(tree); legend["show"] != true || strings.Contains(string(o), `"name":"Neutral"`) || !strings.Contains(string(o), `"name":"Neutral or unclear"`) {
			t.Errorf("%s: the legend is %v", id, legend)
		}
	}
}

func TestChartsSayWhatIsDrawnInThem(t *testing.T) {
	usual := boards()["one"]
	has := func(id string, b *mood.Board, note string) bool {
		tbl, _, v := drawn(t, id, b)
		inOption := strings.Contains(string(must(json.Marshal(v["notes"]))), note)
		if in := slices.Contains(tbl.Notes, note); in != inOption {
			t.Errorf("%s: %q is said by the table %v, by the option %v", id, note, in, inOption)
		}
		return inOption
	}
	alone := fullBoard("24h", nokia)
	alone.Brands["nokia"].Before = mood.Total{}
	ring := "The hollow ring is the mood of the day before."
	if !has("mood", usual, ring) || !has("mood", usual, english().Notes.Usual) {
		t.Error("ring or band are drawn, and not explained")
	}
	if has("mood", alone, ring) || has("mood", alone, english().Notes.Usual) {
		t.Error("ring or band are explained, and not drawn")
	}
	if !has("topics", usual, english().Notes.Salience) || !has("sources", usual, english().Notes.Figures) {
		t.Error("bars or figures are not explained")
	}
	flat := fullBoard("24h", nokia)
	for i := range flat.Brands["nokia"].Topics {
		flat.Brands["nokia"].Topics[i].Salience = 0
	}
	if has("topics", flat, english().Notes.Salience) || !has("topics", flat, english().Notes.ByMentions) {
		t.Error("bars of mentions are said to be of salience")
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func TestActivityStandsOnEvents(t *testing.T) {
	b := fullBoard("24h", nokia)
	var n int64
	for _, a := range b.Brands["nokia"].Activity {
		n += a.Count
	}
	tbl := table(t, "activity", b).With(Coverage{})
	c := tbl.Caption()
	if !strings.Contains(c.Basis, english().events(n)) || strings.Contains(c.Basis+c.Method+c.Brief, "mention") || strings.Contains(c.Method, "judged") {
		t.Errorf("of %d events it says %q and %q", n, c.Basis, c.Method)
	}
	for _, f := range tbl.Foot() {
		if f.Name == "Mentions" || f.Name == "Device events" && f.Value != n {
			t.Errorf("below the table stands %v", f)
		}
	}
}

func TestHostsAreShownInTheirLettersWhereNothingPassesForAnother(t *testing.T) {
	for host, want := range map[string]string{
		"yle.fi": "yle.fi", "xn--bcher-kva.example": "bücher.example", "xn--80aafi6cg.xn--p1ai": "правда.рф",
		"xn--ogbhx3c3b.example": "\u0635\u062d\u064a\u0641\u0629.example",
		"xn--fsqu00a.example":   "例子.example",
		"xn--80ak6aa92e.com":    "xn--80ak6aa92e.com",    // аррӏе in Cyrillic
		"xn--pple-43d.com":      "xn--pple-43d.com",      // аpple: two scripts in a word
		"xn--goole-tmc.example": "xn--goole-tmc.example", // goo and a Latin letter of elsewhere
		"xn--wgbh1c4.example":   "xn--wgbh1c4.example",   // no letters at all
		"xn--fsqu00a.xn--p1ai":  "xn--fsqu00a.xn--p1ai",  // two scripts in two words
	} {
		if got := hostName(host); got != want {
			t.Errorf("%s is shown as %s, want %s", host, got, want)
		}
	}
	b := fullBoard("24h", nokia)
	b.Brands["nokia"].Outlets = []mood.Row{mood.RowOf("xn--bcher-kva.example", mood.Tally{Positive: 3})}
	tbl, o, _ := drawn(t, "sources", b)
	if r := tbl.Rows[0]; r.title != "bücher.example" || r.Key != "xn--bcher-kva.example" || r.Filter.Outlet != r.Key || !strings.Contains(string(o), `"bücher.example"`) {
		t.Errorf("%+v in %s", r, o)
	}
}
