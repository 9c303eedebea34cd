package charts

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file in testdata, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./charts -update writes it)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at `go test ./charts -update && git diff charts/testdata`", path)
	}
}

// indent lays JSON out so that a difference shows as a line.
func indent(t *testing.T, o []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := json.Indent(&buf, o, "", " "); err != nil {
		t.Fatal(err)
	}
	buf.WriteByte('\n')
	return buf.Bytes()
}

func TestOptionsStayAsTheyAre(t *testing.T) {
	for name, b := range boards() {
		for _, c := range All() {
			if b.Window != "24h" && c.ID != "timeline" && name != "quiet" {
				continue // the window shows in the axis of time alone
			}
			o, err := c.Option(c.Table(b))
			if err != nil {
				t.Fatalf("%s of board %s: %v", c.ID, name, err)
			}
			golden(t, filepath.Join("options", name, c.ID+".json"), indent(t, o))
		}
	}
}

// walk goes through JSON, with the keys that lead to each value.
func walk(v any, path []string, do func(path []string, v any)) {
	do(path, v)
	switch v := v.(type) {
	case map[string]any:
		for k, item := range v {
			walk(item, append(path[:len(path):len(path)], k), do)
		}
	case []any:
		for _, item := range v {
			walk(item, append(path[:len(path):len(path)], "[]"), do)
		}
	}
}

// eachOption draws every chart of every board of the tests.
func eachOption(t *testing.T, do func(t *testing.T, id string, o Option, tree map[string]any)) {
	for name, b := range boards() {
		for _, c := range All() {
			t.Run(name+"/"+c.ID, func(t *testing.T) {
				o, err := c.Option(c.Table(b))
				if err != nil {
					t.Fatal(err)
				}
				var v map[string]any
				if err := json.Unmarshal(o, &v); err != nil {
					t.Fatal(err)
				}
				do(t, c.ID, o, v)
			})
		}
	}
}

func TestOptionsAreCanonicalJSON(t *testing.T) {
	eachOption(t, func(t *testing.T, _ string, o Option, _ map[string]any) {
		want, err := canonical(o)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(o, want) {
			t.Errorf("equal options could differ in bytes:\n%.2000s\n%.2000s", o, want)
		}
	})
}

func TestOptionsHoldNoNullNoFunctionAndNoLink(t *testing.T) {
	eachOption(t, func(t *testing.T, _ string, _ Option, v map[string]any) {
		walk(v, nil, func(path []string, v any) {
			key := ""
			if len(path) > 0 {
				key = path[len(path)-1]
			}
			switch v := v.(type) {
			case nil:
				t.Errorf("%v is null", path)
			case map[string]any:
				if len(v) == 0 {
					t.Errorf("%v is an empty object", path)
				}
			case string:
				if key == "link" || key == "sublink" {
					t.Errorf("%v is a link to %q", path, v)
				}
				if key == "formatter" && !strings.HasPrefix(v, formatPrefix) {
					t.Errorf("%v is %q: a template that feed text could reach, or a function", path, v)
				}
			}
		})
		for _, key := range []string{"title", "toolbox", "progressive", "color"} {
			if _, ok := v[key]; ok {
				t.Errorf("go-echarts' %q is still there", key)
			}
		}
	})
}

func TestEverySeriesHasAnIDAndEveryPointAName(t *testing.T) {
	eachOption(t, func(t *testing.T, id string, o Option, v map[string]any) {
		ids := map[string]bool{}
		for _, s := range v["series"].([]any) {
			s := s.(map[string]any)
			id, _ := s["id"].(string)
			if id == "" || ids[id] {
				t.Errorf("series %q has no id of its own", id)
			}
			ids[id] = true
			names := map[string]bool{}
			data, ok := s["data"].([]any)
			if !ok {
				t.Errorf("series %q has no data", id)
			}
			for _, p := range data {
				name, ok := p.(map[string]any)["name"].(string)
				if !ok || names[name] {
					t.Errorf("series %q: point %q has no name of its own", id, name)
				}
				names[name] = true
			}
		}
	})
}

func TestPointsFilterByTheParametersOfTheListOfMentions(t *testing.T) {
	allowed := map[string]bool{
		"brand": true, "window": true, "from": true, "to": true, "label": true, "outlet": true, "source": true, "country": true,
		"place": true, "language": true, "topic": true, "story": true, "hour": true, "weekday": true, "corrected": true, "q": true,
	}
	eachOption(t, func(t *testing.T, _ string, _ Option, v map[string]any) {
		walk(v, nil, func(path []string, v any) {
			if len(path) == 0 || path[len(path)-1] != "filter" {
				return
			}
			f := v.(map[string]any)
			for k, value := range f {
				if _, ok := value.(string); !ok || !allowed[k] {
					t.Errorf("%v: %q is no parameter, or %v no text", path, k, value)
				}
			}
			if f["brand"] == nil || (f["window"] == nil && f["from"] == nil) {
				t.Errorf("%v: %v selects mentions of any brand or any time", path, f)
			}
		})
	})
}

func TestNothingFromAFeedPassesForAColourOrAFormatter(t *testing.T) {
	places := map[string]bool{
		"color": true, "areaColor": true, "borderColor": true, "textBorderColor": true, "formatter": true, "[]": true,
	}
	eachOption(t, func(t *testing.T, _ string, _ Option, v map[string]any) {
		walk(v, nil, func(path []string, v any) {
			s, ok := v.(string)
			if !ok || (!strings.HasPrefix(s, rolePrefix) && !strings.HasPrefix(s, formatPrefix) && s != "__proto__" && s != "constructor") {
				return
			}
			if slices.Contains(path, "filter") {
				return // never resolved: it is an address
			}
			if slices.Contains(path, "data") && (s == "__proto__" || s == "constructor") {
				t.Errorf("%v is %q: ECharts would measure it", path, s)
			}
			if !places[path[len(path)-1]] || s == "role:positive" && slices.Contains(path, "data") {
				t.Errorf("%v is %q", path, s)
			}
		})
	})
}

func TestReaderOfTheScreenHearsWhatAChartSays(t *testing.T) {
	b := boards()["one"]
	for _, c := range All() {
		o, err := c.Option(c.Table(b))
		if err != nil {
			t.Fatal(err)
		}
		var v struct {
			Aria struct {
				Enabled bool
				Label   struct{ Description string }
			}
		}
		if err := json.Unmarshal(o, &v); err != nil {
			t.Fatal(err)
		}
		says := v.Aria.Label.Description
		if !v.Aria.Enabled || !strings.HasPrefix(says, c.Table(b).Title+". ") || strings.Contains(says, "Nothing") {
			t.Errorf("%s says %q", c.ID, says)
		}
	}
}

func TestTheMapOpensOnThePublishersCountryAndHoldsAllThreeKinds(t *testing.T) {
	c, _ := Find("map")
	o, err := c.Option(c.Table(fullBoard("24h", nokia)))
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Legend struct{ Selected map[string]bool }
		Series []struct {
			ID, Name, Type string
			Data           []struct {
				Name   string
				Filter Filter
			}
		}
		Notes []note
	}
	if err := json.Unmarshal(o, &v); err != nil {
		t.Fatal(err)
	}
	if want := map[string]bool{"about": false, "from": true, "origin": false, "Aktivointi": false, "check-in": false, "download": false}; !maps.Equal(v.Legend.Selected, want) {
		t.Errorf("to be seen: %v, want %v", v.Legend.Selected, want)
	}
	seen := map[string]int{}
	for _, s := range v.Series {
		seen[s.ID] = len(s.Data)
		if kind, ok := strings.CutPrefix(s.ID, "mood-"); ok {
			if s.Name != kind {
				t.Errorf("series %s is called %q: legend.selected would miss it", s.ID, s.Name)
			}
			for _, p := range s.Data {
				if want := (Filter{Brand: "nokia", Window: "24h", Country: p.Name, Place: kind}); p.Filter != want {
					t.Errorf("%s %s selects %v, want %v", s.ID, p.Name, p.Filter, want)
				}
			}
		}
	}
	for _, id := range []string{"mood-from", "mood-about", "mood-origin", "dots-from", "devices:activation", "devices:check-in"} {
		if seen[id] == 0 {
			t.Errorf("no point in series %s", id)
		}
	}
	if n, ok := seen["pulse"]; !ok || n != 0 {
		t.Error("no empty series for live mentions")
	}
	if len(v.Notes) < 3 || v.Notes[0].Mode != "from" || !strings.Contains(v.Notes[0].Text, "%") {
		t.Errorf("the share that could not be placed is not told: %v", v.Notes)
	}
}

// Page and pictures show the notes of the option, tables those of the table.
func TestTheMapSaysOfItsBordersThatTheyTakeNoSide(t *testing.T) {
	c, _ := Find("map")
	for name, b := range boards() {
		table := c.Table(b)
		o, err := c.Option(table)
		if err != nil {
			t.Fatal(err)
		}
		for _, mode := range append([]string{""}, c.Modes()...) {
			shownTable, shownOption := table, o
			if mode != "" {
				if shownTable, shownOption, err = c.In(mode, table, o); err != nil {
					t.Fatal(err)
				}
			}
			var v struct{ Notes []note }
			if err := json.Unmarshal(shownOption, &v); err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(shownTable.Notes, english().Notes.Borders) || !slices.Contains(v.Notes, note{Text: english().Notes.Borders}) {
				t.Errorf("board %s, mode %q: borders are not spoken of in %q and %v", name, mode, shownTable.Notes, v.Notes)
			}
		}
	}
}

func TestPlacesOfFewMentionsHaveNoMood(t *testing.T) {
	c, _ := Find("map")
	o, err := c.Option(c.Table(boards()["quiet"]))
	if err != nil {
		t.Fatal(err)
	}
	if want := `"itemStyle":{"color":"role:few"},"name":"FI"`; !bytes.Contains(o, []byte(want)) {
		t.Errorf("Finland, of two mentions, is coloured by mood in %s", o)
	}
}
