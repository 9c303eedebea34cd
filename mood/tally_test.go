package mood

import (
	"encoding/json"
	"math"
	"testing"
	"time"
)

func TestMoodIsPositiveMinusNegativeOverAll(t *testing.T) {
	tally := Tally{Positive: 6, Neutral: 1, Unclear: 1, Negative: 2}
	if got := tally.Mood(); got != 0.4 {
		t.Errorf("mood is %v", got)
	}
	if !math.IsNaN(Tally{}.Mood()) {
		t.Error("an empty tally has a mood")
	}
	if total := (Tally{}).Total(); total.Mood != nil || total.Stories != nil {
		t.Error("what isn't known isn't null")
	}
}

func TestTakingAReadingAwayLeavesNothing(t *testing.T) {
	for label := range labelNames {
		tally := TallyOf(Reading{Label: Label(label), Score: -0.4321})
		if tally.Mentions() != 1 || tally.Sum != -432 || tally.SumSquares != 432*432 {
			t.Errorf("%s counts as %+v", Label(label), tally)
		}
		tally.Add(tally.Minus())
		if tally != (Tally{}) {
			t.Errorf("%s leaves %+v", Label(label), tally)
		}
	}
}

func TestABoardOfOneBrandShowsItsFieldsAtTheTop(t *testing.T) {
	brand := &BrandBoard{Total: Tally{Positive: 1}.Total()}
	b := Board{AsOf: time.Unix(0, 0).UTC(), Brands: map[string]*BrandBoard{"nokia": brand}, BrandBoard: brand}
	var got map[string]any
	raw, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if got["total"].(map[string]any)["mentions"] != 1.0 {
		t.Errorf("no total at the top: %s", raw)
	}
	b.BrandBoard = nil
	raw, _ = json.Marshal(b)
	clear(got)
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if _, there := got["total"]; there {
		t.Errorf("a board of several brands has one total: %s", raw)
	}
}

func TestIdentityPrefersTheSourcesOwn(t *testing.T) {
	same := MentionID("bbc", "42", "https://a.example/1", "t", "x")
	if same != MentionID("bbc", "42", "https://a.example/2", "u", "y") {
		t.Error("the same GUID of one source is two mentions")
	}
	if same == MentionID("cnn", "42", "https://a.example/1", "t", "x") {
		t.Error("GUIDs of different sources are one mention")
	}
	if MentionID("a", "", "https://a.example/1", "t", "x") != MentionID("b", "", "https://a.example/1", "u", "y") {
		t.Error("one address is two mentions")
	}
	if MentionID("a", "", "", "t", "x") == MentionID("a", "", "", "tx", "") {
		t.Error("title and text run together")
	}
}

func TestLabelsReadBackAsWritten(t *testing.T) {
	for _, name := range labelNames {
		l, err := ParseLabel(name)
		if err != nil || l.String() != name {
			t.Errorf("%s reads as %s, %v", name, l, err)
		}
	}
	if _, err := ParseLabel("happy"); err == nil {
		t.Error("happy is a label")
	}
}
