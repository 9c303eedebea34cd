package charts

import (
	"fmt"
	"strings"
	"testing"

	"agora/mood"
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

// However long its name and however many there are, a brand's row has a scale
// beside it, and none lies on the next.
func TestBrandsHaveRoomForTheirScale(t *testing.T) {
	b := fullBoard("24h", nokia)
	for i := range 12 {
		id := fmt.Sprint("brand", i)
		b.Order = append(b.Order, id)
		b.Names[id] = mood.Brand{ID: id, Name: strings.Repeat("Rhabarberbarbara ", 8)}
		b.Brands[id] = b.Brands["nokia"]
		b.Share = append(b.Share, mood.ShareRow{Row: mood.RowOf(id, mood.Tally{Positive: 9}), Name: b.Names[id].Name})
	}
	for id, pitch := range map[string]float64{"mood": moodPitch, "share": rowPitch} {
		tbl, _, v := drawn(t, id, b)
		for _, width := range []float64{50, 320, 600, 1200, 4096} {
			for height := 60.0; height < 500; height += 7 {
				most, name, _, _, label := atSize(t, v, width, height)
				n := int(most.(float64)) + 1
				if label > max(110, width/2.2) {
					t.Errorf("%s: names have %v of %v", id, label, width)
				}
				if n > 1 && float64(n)*pitch > height-20 {
					t.Errorf("%s: %d rows in %v pixels", id, n, height)
				}
				if cut := n < len(tbl.Rows); cut == (name == "") {
					t.Errorf("%s: %d of %d rows, and it says %q", id, n, len(tbl.Rows), name)
				}
			}
		}
	}
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
