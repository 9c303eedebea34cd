package charts

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"agora/mood"
)

func TestEachDeviceEventIsInOneRowOfTheMap(t *testing.T) {
	b := fullBoard("24h", nokia)
	var placed, lost int64
	for _, a := range b.Brands["nokia"].Activity {
		for _, c := range a.Countries {
			placed += c.Count
		}
		lost += a.Unplaced
	}
	placed += 5 // the square is in no country
	tbl := table(t, "map", b)
	var sum int64
	cities := map[string]int64{}
	for _, r := range tbl.Rows {
		if r.group == placeDevice {
			sum += r.extra.count
			if r.extra.site.kind.id == "activation" {
				cities[r.title] = r.extra.count
			}
			if r.Filter != (Filter{}) {
				t.Errorf("%s selects mentions", r.Key)
			}
		}
	}
	if sum != placed {
		t.Errorf("the rows add up to %d, want %d", sum, placed)
	}
	want := map[string]int64{
		"United States, elsewhere": 3000, "Austin, United States": 1200, "Helsinki, Finland": 300, "Finland, elsewhere": 10,
		"India": 95, "Brazil": 14, "near 66.6°, −25.9°": 5,
	}
	if !maps.Equal(cities, want) {
		t.Errorf("activations are in %v, want %v", cities, want)
	}
	if note := english().many(lost-5, english().Notes.LostDevices); !slices.Contains(tbl.Notes, note) {
		t.Errorf("no note says %q: %q", note, tbl.Notes)
	}
	if !slices.Contains(tbl.Notes, "No place with fewer than 5 is shown: it counts with its country, or with none. Cities are rounded down to multiples of 5.") {
		t.Errorf("the floor isn't told: %q", tbl.Notes)
	}
}

func TestTheMapOfDevicesNamesItsKindsOverTheMoodOfPublishers(t *testing.T) {
	tbl, o, _ := drawn(t, "map", fullBoard("24h", nokia))
	c, _ := Find("map")
	for _, mode := range c.Modes() {
		only, in, err := c.In(mode, tbl.With(Coverage{}), o)
		if err != nil {
			t.Fatal(err)
		}
		var v struct {
			Legend struct {
				Show     bool
				Data     []string
				Selected map[string]bool
			}
			Series []struct {
				ID, Name  string
				ItemStyle struct{ Color string }
				Data      []struct {
					Tip   string
					Value any
				}
			}
			Notes []note
		}
		if err := json.Unmarshal(in, &v); err != nil {
			t.Fatal(err)
		}
		devices := mode == "devices"
		if v.Legend.Show != devices || !slices.Equal(v.Legend.Data, []string{"Aktivointi", "check-in", "download"}) {
			t.Errorf("%s: the legend is shown: %v, with %v", mode, v.Legend.Show, v.Legend.Data)
		}
		for _, s := range v.Series {
			dots := strings.HasPrefix(s.ID, devicePrefix)
			if want := dots && devices || s.Name == mode || devices && s.Name == "from"; s.ID != "pulse" && v.Legend.Selected[s.Name] != want {
				t.Errorf("%s: %s is seen: %v", mode, s.ID, !want)
			}
			if s.ID == "devices:activation" && (s.ItemStyle.Color != "#0E9F8E" || s.Data[1].Tip != "Austin, United States: Aktivointi 1,200 kpl") {
				t.Errorf("activations are %s, and say %q", s.ItemStyle.Color, s.Data[1].Tip)
			}
			if s.ID == "devices:check-in" && s.ItemStyle.Color != "role:activity-2" {
				t.Errorf("a kind without a colour is %s", s.ItemStyle.Color)
			}
		}
		for _, n := range v.Notes {
			if strings.Contains(n.Text, "device") && !devices {
				t.Errorf("%s says %q", mode, n.Text)
			}
		}
		if only.About.Events != nil != devices {
			t.Errorf("%s stands on %v events", mode, only.About.Events)
		}
	}
}

func TestAKindCannotPassForAModeOfTheMap(t *testing.T) {
	b := fullBoard("24h", nokia)
	bb := b.Brands["nokia"]
	bb.Activity = bb.Activity[:0]
	for _, name := range []string{"from", "devices", "pulse", "__proto__"} {
		bb.Activity = append(bb.Activity, mood.ActivityRow{Key: name, Count: 9, Countries: []mood.CountRow{{Key: "FI", Count: 9}}})
	}
	tbl, o, _ := drawn(t, "map", b)
	c, _ := Find("map")
	_, in, err := c.In("about", tbl, o)
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Legend struct{ Selected map[string]bool }
	}
	if err := json.Unmarshal(in, &v); err != nil {
		t.Fatal(err)
	}
	for name, seen := range v.Legend.Selected {
		if seen != (name == "about") {
			t.Errorf("%q is seen: %v", name, seen)
		}
	}
	if len(v.Legend.Selected) != 7 {
		t.Errorf("there are %v", v.Legend.Selected)
	}
}

func TestACounterComparesWithTheWindowBefore(t *testing.T) {
	n := func(n int64) *int64 { return &n }
	for _, c := range []struct {
		lang, window, want string
		row                mood.ActivityRow
	}{
		{"en", "24h", "Activations: 12,480 devices in 24h, +38 % on the day before", mood.ActivityRow{Key: "a", Name: "Activations", Unit: "devices", Count: 12480, Before: n(9043)}},
		{"en", "7d", "Activations: 50 devices in 7d, −50 % on the week before", mood.ActivityRow{Key: "a", Name: "Activations", Unit: "devices", Count: 50, Before: n(100)}},
		{"en", "24h", "check-in: 1 device event in 24h", mood.ActivityRow{Key: "check-in", Count: 1, Before: n(4)}},
		{"en", "24h", "check-in: 100 device events in 24h, as many as the day before", mood.ActivityRow{Key: "check-in", Count: 100, Before: n(100)}},
		{"en", "24h", "check-in: 100 device events in 24h", mood.ActivityRow{Key: "check-in", Count: 100}},
		{"fi", "24h", "Aktivoinnit: 12\u00a0480 laitetta, 24 tuntia, +38\u00a0% edeltävän vuorokauden määrästä", mood.ActivityRow{Key: "a", Name: "Aktivoinnit", Unit: "laitetta", Count: 12480, Before: n(9043)}},
	} {
		w, _ := WordsIn(c.lang)
		got := w.Counters(&mood.BrandBoard{Activity: []mood.ActivityRow{c.row}}, c.window)
		if len(got) != 1 || got[0].Sentence != c.want {
			t.Errorf("%s: %q, want %q", c.lang, got[0].Sentence, c.want)
		}
		if short := got[0].Short; c.lang == "en" && c.row.Count == 12480 && short != "Activations: 12,480 devices, +38 %" {
			t.Errorf("in short: %q", short)
		}
	}
}

func TestTheTimeLineOfDevicesShowsWhatWasSaidBesideThem(t *testing.T) {
	for _, b := range []*mood.Board{fullBoard("24h", nokia), fullBoard("7d", nokia, ericsson)} {
		_, o, _ := drawn(t, "activity", b)
		var v struct {
			XAxis  []struct{ Data []string }
			Series []struct {
				ID         string
				YAxisIndex int
				Data       []struct {
					Name  string
					Value int64
				}
			}
		}
		if err := json.Unmarshal(o, &v); err != nil {
			t.Fatal(err)
		}
		var said, all int64
		for _, bb := range b.Brands {
			for _, p := range bb.Series {
				all += p.Positive + p.Neutral + p.Unclear + p.Negative
			}
		}
		last := v.Series[len(v.Series)-1]
		for i, p := range last.Data {
			said += p.Value
			if p.Name != v.XAxis[0].Data[i] {
				t.Fatalf("point %d is of %s", i, p.Name)
			}
		}
		if last.ID != "talk" || last.YAxisIndex != 1 || said != all || all == 0 {
			t.Errorf("the last series, %s, has %d of %d mentions", last.ID, said, all)
		}
		_, line, _ := drawn(t, "timeline", b)
		var beside struct{ XAxis []struct{ Data []string } }
		if err := json.Unmarshal(line, &beside); err != nil || !slices.Equal(beside.XAxis[0].Data, v.XAxis[0].Data) {
			t.Errorf("the two time lines have other times (%v)", err)
		}
	}
}
