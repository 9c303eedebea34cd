package mood

import (
	"reflect"
	"testing"
)

func labelOf(l Label) *Label { return &l }

func TestOnlyTheLastCorrectionCountsAndTakingItBackLeavesNothing(t *testing.T) {
	wishes := []Correction{
		{Label: labelOf(Positive)}, {Label: labelOf(Neutral)}, {Label: labelOf(Negative)}, {Irrelevant: true}, {},
	}
	for _, engine := range []Reading{
		{Label: Positive, Score: 0.734, Confidence: 0.6, Topics: []string{"5g"}},
		{Label: Negative, Score: -0.2, Confidence: 0.4}, {Label: Unclear, Score: 0.04}, {Label: Neutral},
	} {
		for _, first := range wishes {
			for _, last := range wishes {
				got, want := engine.Correct(first).Correct(last), engine.Correct(last)
				if !reflect.DeepEqual(got, want) {
					t.Errorf("%+v, then %+v: %+v, want %+v", first, last, got, want)
				}
				if !got.Says(last) {
					t.Errorf("%+v doesn't say what it was made to: %+v", got, last)
				}
			}
			if back := engine.Correct(first).Correct(Correction{}); !reflect.DeepEqual(back, engine) {
				t.Errorf("taken back, %+v is %+v", engine, back)
			}
		}
	}
}

func TestACorrectedScoreGoesThePersonsWay(t *testing.T) {
	for _, c := range []struct {
		engine float64
		label  Label
		want   float64
	}{
		{0.8, Positive, 0.8}, {0.1, Positive, 0.5}, {-0.9, Positive, 0.5}, {-0.9, Negative, -0.9},
		{0.3, Negative, -0.5}, {0.9, Neutral, 0},
	} {
		got := Reading{Score: c.engine}.Correct(Correction{Label: labelOf(c.label)})
		if got.Score != c.want || got.Label != c.label || !got.Corrected || got.Engine.Score != c.engine {
			t.Errorf("%v made %s: %+v, want a score of %v", c.engine, c.label, got, c.want)
		}
	}
}

func TestAnIrrelevantReadingCountsNowhere(t *testing.T) {
	r := Reading{Label: Negative, Score: -0.7}.Correct(Correction{Irrelevant: true})
	if got := TallyOf(r); got != (Tally{}) {
		t.Errorf("it counts as %+v", got)
	}
}
