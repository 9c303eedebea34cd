package charts

import (
	"fmt"
	"testing"
)

// atSize is what the media queries of an option say at a size: the last that
// holds counts.
func atSize(t *testing.T, v tree, width, height float64) (most, name, top, legend any, label float64) {
	t.Helper()
	top = 0.0
	for _, item := range v["media"].([]any) {
		item := item.(tree)
		holds := true
		for k, n := range item["query"].(tree) {
			n := n.(float64)
			holds = holds && map[string]bool{"minWidth": width >= n, "maxWidth": width <= n, "maxHeight": height <= n}[k]
		}
		if !holds {
			continue
		}
		o := item["option"].(tree)
		if g, ok := o["grid"].(tree); ok {
			if at, ok := g["top"]; ok {
				top = at
			}
		}
		if l, ok := o["legend"].(tree); ok {
			legend = l["show"]
		}
		if y, ok := o["yAxis"].([]any); ok {
			names := y[0].(tree)
			if l, ok := names["axisLabel"].(tree); ok {
				label = l["width"].(float64)
				continue
			}
			most, name = names["max"], names["name"]
			if y[1].(tree)["max"] != most {
				t.Errorf("names end at %v, figures at %v", most, y[1])
			}
		}
	}
	return most, name, top, legend, label
}

func TestRowsAreAsManyAsHaveRoomAndTheOthersAreCounted(t *testing.T) {
	b := fullBoard("24h", nokia)
	for _, id := range []string{"sources", "topics", "languages"} {
		tbl, _, v := drawn(t, id, b)
		var all int64
		for _, r := range tbl.Rows {
			all += max(1, r.extra.count)
		}
		for height := 60.0; height < 700; height++ {
			most, name, top, legend, _ := atSize(t, v, 800, height)
			n := int(most.(float64)) + 1
			words := 0.0
			if n < len(tbl.Rows) {
				words = moreRoom
			}
			if room := height - top.(float64) - words; n > 1 && room < float64(rowPitch*n) {
				t.Fatalf("%s of height %v: %d rows in %v pixels", id, height, n, room)
			}
			shown := all - left(tbl.Rows[n:])
			if want := fmt.Sprintf("%d more", all-shown); name != want && (n < len(tbl.Rows) || name != "") {
				t.Fatalf("%s of height %v: %d of %d rows, and it says %q", id, height, n, len(tbl.Rows), name)
			}
			if id == "sources" && (legend != (height >= legendLow) || (top.(float64) > 0) != (height >= legendLow)) {
				t.Fatalf("%s of height %v: legend %v, %v pixels for it", id, height, legend, top)
			}
		}
		if most, name, _, _, _ := atSize(t, v, 800, 500); most != float64(len(tbl.Rows)-1) || name != "" {
			t.Errorf("%s: with room for all it ends at %v and says %q", id, most, name)
		}
	}
}

func TestNamesOfRowsMayTakeAThirdOfTheWidth(t *testing.T) {
	_, _, v := drawn(t, "sources", fullBoard("24h", nokia))
	for _, width := range []float64{320, 390, 480, 600, 800, 1140, 1500} {
		_, _, _, _, label := atSize(t, v, width, 400)
		if label > width/3+1 || label < width/4 {
			t.Errorf("of %v pixels a name may have %v", width, label)
		}
	}
	if _, _, _, legend, _ := atSize(t, v, 250, 400); legend != false {
		t.Error("a legend without room")
	}
}
