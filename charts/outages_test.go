package charts

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

// marked is what a timeline shows of stops.
type marked struct {
	XAxis  []struct{ Type string }
	Series []struct {
		ID         string
		XAxisIndex int
		Data       []struct {
			Name  string
			Value any
			Tip   string
		}
		MarkArea struct{ Data [][]mark }
		MarkLine struct{ Data []mark }
	}
	Legend struct{ Data []struct{ Name string } }
	Aria   struct{ Label struct{ Description string } }
}

type mark struct {
	XAxis float64
	Name  string
	Label struct {
		Show     bool
		Position string
	}
}

func timelineOf(t *testing.T, b *mood.Board) (Option, marked) {
	t.Helper()
	c, _ := Find("timeline")
	o, err := c.Option(c.Table(b))
	if err != nil {
		t.Fatal(err)
	}
	var m marked
	if err := json.Unmarshal(o, &m); err != nil {
		t.Fatal(err)
	}
	return o, m
}

// stopped is a board of 24 hours on which one source stopped.
func stopped(from, to time.Time) *mood.Board {
	b := fullBoard("24h", nokia)
	o := mood.SourceOutage{Source: "news", Name: "Google News", From: from, Share: 0.38}
	if !to.IsZero() {
		o.To = &to
	}
	b.Brands["nokia"].Outages = []mood.SourceOutage{o}
	return b
}

func TestAStopIsMarkedFromTheLastSuccessToNow(t *testing.T) {
	_, m := timelineOf(t, stopped(time.Date(2026, 11, 23, 14, 5, 0, 0, helsinki()), time.Time{}))
	last := m.Series[len(m.Series)-1]
	if last.ID != "stops" || last.XAxisIndex != 1 || len(m.XAxis) != 2 || len(last.MarkArea.Data) != 2 {
		t.Fatalf("no mark: %+v", last)
	}
	// Its name stands before it, where it has room.
	name, area, n := last.MarkArea.Data[0], last.MarkArea.Data[1], float64(len(m.Series[0].Data))
	if name[0].Name != "Google News stopped" || !name[0].Label.Show || name[1].XAxis != area[0].XAxis || area[0].Label.Show || area[1].XAxis != n {
		t.Errorf("the mark is %+v, its name %+v, of %v points", area, name, n)
	}
	// 14:05 lies a third into the quarter from 14:00 to 14:15.
	if i := slices.IndexFunc(m.Series[0].Data, func(p struct {
		Name  string
		Value any
		Tip   string
	}) bool {
		return strings.Contains(p.Name, "T14:00")
	}); area[0].XAxis != roundTo(float64(i)+1./3, 2) {
		t.Errorf("it begins at %v; 14:00 is point %d", area[0].XAxis, i)
	}
	tips := m.Series[len(m.Series)-2]
	if tips.ID != "outages" || len(tips.Data) != int(n) {
		t.Fatalf("no tips: %+v", tips)
	}
	for _, p := range tips.Data {
		want := ""
		if strings.Contains(p.Name, "T14:") && p.Name >= "2026-11-23" {
			want = "Google News\nsince 14:05; it brought\n38 % of the mentions"
		}
		if p.Tip != want || p.Value != gap {
			t.Errorf("at %s it says %q, %v", p.Name, p.Tip, p.Value)
		}
	}
	for _, l := range m.Legend.Data {
		if l.Name == english().Says.Stopped {
			t.Error("the legend lists the marks")
		}
	}
	if !strings.Contains(m.Aria.Label.Description, "Google News stopped, since 14:05.") {
		t.Errorf("a screen reader hears %q", m.Aria.Label.Description)
	}
}

func TestAStopThatIsOverStaysMarkedAndTheTableSaysSo(t *testing.T) {
	b := stopped(time.Date(2026, 11, 22, 20, 0, 0, 0, helsinki()), time.Date(2026, 11, 23, 1, 30, 0, 0, helsinki()))
	_, m := timelineOf(t, b)
	area := m.Series[len(m.Series)-1].MarkArea.Data[0] // wide enough for its name
	if area[1].XAxis-area[0].XAxis != 22 {             // quarters of an hour
		t.Errorf("five and a half hours are marked as %+v", area)
	}
	if len(m.Series[len(m.Series)-1].MarkLine.Data) != 1 {
		t.Error("its beginning isn't marked")
	}
	c, _ := Find("timeline")
	want := "Google News stopped, Sun 20:00 to 01:30. In the 7 days before it had brought 38 % of the mentions, which may be missing here."
	if notes := c.Table(b).Notes; !slices.Contains(notes, want) {
		t.Errorf("notes %q", notes)
	}
}

func TestAStopFromBeforeTheWindowHasNoBeginningInIt(t *testing.T) {
	_, m := timelineOf(t, stopped(asOf().Add(-40*time.Hour), asOf().Add(-20*time.Hour)))
	last := m.Series[len(m.Series)-1]
	if last.MarkArea.Data[0][0].XAxis != 0 || len(last.MarkLine.Data) != 0 {
		t.Errorf("%+v", last)
	}
}

func TestAMomentsStopCanStillBeSeen(t *testing.T) {
	b := stopped(asOf().Add(-3*time.Minute), time.Time{})
	_, m := timelineOf(t, b)
	if area := m.Series[len(m.Series)-1].MarkArea.Data[1]; area[1].XAxis-area[0].XAxis < 0.15 {
		t.Errorf("too thin: %+v", area)
	}
}

func TestNamesOfStopsDontCoverEachOtherOnAPhone(t *testing.T) {
	b := fullBoard("24h", nokia)
	for i := range 40 {
		b.Brands["nokia"].Outages = append(b.Brands["nokia"].Outages, mood.SourceOutage{
			Source: string(rune('a' + i)), Name: string(rune('a'+i)) + strings.Repeat(" long", 40), From: asOf().Add(-time.Duration(i) * 20 * time.Minute), Share: 0.2,
		})
	}
	_, m := timelineOf(t, b)
	shown := 0
	for _, area := range m.Series[len(m.Series)-1].MarkArea.Data {
		if area[0].Label.Show {
			shown++
			if n := len([]rune(area[0].Name)); n > 40 {
				t.Errorf("a name of %d characters", n)
			}
		}
	}
	if shown != maxStopNames {
		t.Errorf("%d names are shown", shown)
	}
}

func TestStopsComeAndGoByDeltas(t *testing.T) {
	none, _ := timelineOf(t, fullBoard("24h", nokia))
	begun, _ := timelineOf(t, stopped(asOf().Add(-time.Hour), time.Time{}))
	over, _ := timelineOf(t, stopped(asOf().Add(-time.Hour), asOf().Add(-30*time.Minute)))
	checkLaws(t, "a source stopped", none, begun)
	checkLaws(t, "it came back", begun, over)
	checkLaws(t, "it left the window", over, none)
}

func TestSeveralBrandsShareTheMarkOfOneSource(t *testing.T) {
	b := fullBoard("24h", nokia, ericsson)
	for id, part := range map[string]float64{"nokia": 0.38, "ericsson": 0.2} {
		b.Brands[id].Outages = []mood.SourceOutage{{Source: "news", Name: "Google News", From: asOf().Add(-time.Hour), Share: part}}
	}
	_, m := timelineOf(t, b)
	if n := len(m.Series[len(m.Series)-1].MarkLine.Data); n != 1 {
		t.Errorf("%d marks", n)
	}
	tips := m.Series[len(m.Series)-2].Data
	if tip := tips[len(tips)-1].Tip; tip != "Google News\nsince 13:32; it brought\n38 % of the mentions of Nokia\n20 % of the mentions of Ericsson" {
		t.Errorf("it says %q", tip)
	}
}
