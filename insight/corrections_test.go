package insight

import (
	"fmt"
	"math"
	"testing"

	"agora/mood"
)

// taught is a correction of what the engine said, for these reasons.
func taught(engine, person mood.Label, reasons ...mood.Reason) mood.Corrected {
	return mood.Corrected{Engine: mood.Verdict{Label: engine}, Label: &person, Reasons: reasons}
}

func pulled(word string, weight float64) mood.Reason { return mood.Reason{Text: word, Weight: weight} }

func TestTheEngineIsMeasuredOnWhatPeopleSaid(t *testing.T) {
	r := ReportOf([]mood.Corrected{
		taught(mood.Positive, mood.Positive), taught(mood.Positive, mood.Positive), taught(mood.Positive, mood.Negative),
		taught(mood.Negative, mood.Negative), taught(mood.Unclear, mood.Positive), taught(mood.Neutral, mood.Negative),
		{Engine: mood.Verdict{Label: mood.Negative}, Irrelevant: true},
	})
	if r.Corrections != 7 || r.Irrelevant != 1 || r.Judged != 6 || r.Right != 3 || *r.Accuracy != 0.5 || !r.TooFew {
		t.Errorf("%+v, accuracy %v", r, *r.Accuracy)
	}
	want := []ConfusionRow{
		{mood.Positive, 2, 0, 0, 1}, {mood.Neutral, 0, 0, 0, 0}, {mood.Negative, 1, 1, 1, 0},
	}
	if fmt.Sprint(r.Confusion) != fmt.Sprint(want) {
		t.Errorf("confusion %v, want %v", r.Confusion, want)
	}
	// F1: positive 2·2/(3+3), neutral 0/(0+1), negative 2·1/(3+1).
	if want := (4.0/6 + 0 + 2.0/4) / 3; math.Abs(*r.MacroF1-want) > 1e-9 {
		t.Errorf("macro-F1 %v, want %v", *r.MacroF1, want)
	}
}

func TestALabelThatNobodyUsedIsNotAveragedIn(t *testing.T) {
	r := ReportOf([]mood.Corrected{taught(mood.Positive, mood.Positive), taught(mood.Negative, mood.Negative)})
	if *r.MacroF1 != 1 || *r.Accuracy != 1 {
		t.Errorf("all right, and macro-F1 is %v, accuracy %v", *r.MacroF1, *r.Accuracy)
	}
}

func TestNothingToJudgeByIsSaid(t *testing.T) {
	for _, list := range [][]mood.Corrected{nil, {{Irrelevant: true}}} {
		r := ReportOf(list)
		if r.Accuracy != nil || r.MacroF1 != nil || !r.TooFew || r.Words == nil {
			t.Errorf("%d corrections: %+v", len(list), r)
		}
	}
	var enough []mood.Corrected
	for range FewCorrections {
		enough = append(enough, taught(mood.Positive, mood.Positive))
	}
	if ReportOf(enough).TooFew || !ReportOf(enough[1:]).TooFew {
		t.Error("twenty are enough, nineteen are not")
	}
}

func TestAWordIsBlamedWhereItPulledTowardsTheWrongLabel(t *testing.T) {
	r := ReportOf([]mood.Corrected{
		taught(mood.Negative, mood.Positive, pulled("Fall", -0.6), pulled("record", 0.3)), // fall misled, record didn't
		taught(mood.Negative, mood.Neutral, pulled("fall", -0.6), pulled("fall", -0.2)),   // once a mention
		taught(mood.Negative, mood.Negative, pulled("fall", -0.6), pulled("record", 0.3)), // the engine was right
		taught(mood.Positive, mood.Negative, pulled("record", 0.3)),
		taught(mood.Neutral, mood.Positive, pulled("cuts", -0.1)),
		taught(mood.Positive, mood.Positive, pulled("good", 0.5)),
		{Irrelevant: true, Engine: mood.Verdict{Label: mood.Negative}, Reasons: []mood.Reason{pulled("cuts", -1)}},
	})
	want := []WordFault{{"fall", 3, 2, 2.0 / 3}, {"cuts", 1, 1, 1}, {"record", 3, 1, 1.0 / 3}}
	if fmt.Sprint(r.Words) != fmt.Sprint(want) {
		t.Errorf("worst words %v, want %v", r.Words, want)
	}
}
