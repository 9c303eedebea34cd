package sentiment

import (
	"fmt"
	"testing"

	"agora/mood"
)

func TestAPhraseRuledNeutralSaysNothing(t *testing.T) {
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	ask := mood.Ask{Brand: "cod", Title: "Call of Duty is a terrible disaster", Target: "Call of Duty", Language: "en"}
	if r := score(t, e, ask); r.Lean != mood.Negative {
		t.Fatalf("without a rule: %v", r.Lean)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(e.SetRules([]mood.PhraseRule{{Phrase: "terrible disaster", Label: mood.Neutral, Brands: []string{"cod"}}}))
	if r := score(t, e, ask); r.Lean == mood.Negative {
		t.Errorf("ruled neutral: %v %v", r.Lean, r.Reasons)
	}
	ask.Brand = "other"
	if r := score(t, e, ask); r.Lean != mood.Negative {
		t.Errorf("a rule of one brand holds for another: %v", r.Lean)
	}
	must(e.SetRules([]mood.PhraseRule{{Phrase: "Terrible Disaster", Label: mood.Positive}}))
	if r := score(t, e, ask); r.Lean != mood.Positive || r.Reasons[0].Kind != "rule" || r.Reasons[0].Text != "terrible disaster" {
		t.Errorf("ruled positive: %v %v", r.Lean, r.Reasons)
	}
	must(e.SetRules(nil))
	if r := score(t, e, ask); r.Lean != mood.Negative {
		t.Errorf("after the rules went: %v", r.Lean)
	}
}

func TestARuleIsFoundHoweverItIsWritten(t *testing.T) {
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if err := e.SetRules([]mood.PhraseRule{
		{Phrase: " it’s War Zone ", Label: mood.Negative}, {Phrase: "ЧЁРНАЯ пятница", Label: mood.Positive}, {Phrase: "神", Label: mood.Positive},
	}); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"Nokia: IT'S WAR ZONE again": "rule", "Nokia: it’s war zone": "rule", "Nokia: чёрная Пятница": "rule", "Nokiaは神アプリ": "rule",
		"Nokia: it's war zones": "", "Nokia meets on Tuesday": "",
	} {
		r := score(t, e, mood.Ask{Title: text, Target: "Nokia"})
		if got := len(r.Reasons) > 0 && r.Reasons[0].Kind == "rule"; got != (want == "rule") {
			t.Errorf("%q: %v", text, r.Reasons)
		}
	}
}

func TestARuleMustSayWhatAndHow(t *testing.T) {
	for _, r := range []mood.PhraseRule{{Phrase: " ", Label: mood.Neutral}, {Phrase: "x", Label: mood.Unclear}} {
		if err := engine(t).SetRules([]mood.PhraseRule{r}); err == nil {
			t.Errorf("%+v is taken", r)
		}
	}
}

// lessons say that "meltdown" is good news for this brand.
func lessons(n int) []Lesson {
	var list []Lesson
	for i := range n {
		list = append(list, Lesson{
			Ask:   mood.Ask{Brand: "nokia", Title: fmt.Sprintf("Nokia shows its Meltdown mode at fair number %d", i), Target: "Nokia", Language: "en"},
			Label: mood.Positive,
		})
	}
	return list
}

func TestFewCorrectionsTeachNothing(t *testing.T) {
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	ask := mood.Ask{Brand: "nokia", Title: "Nokia shares plunge after profit warning", Target: "Nokia", Language: "en"}
	before := score(t, e, ask)
	if trial := e.Learn("nokia", lessons(10)); trial.On || trial.Lessons != 10 || trial.Why == "" {
		t.Errorf("%+v", trial)
	}
	if after := score(t, e, ask); after.Score != before.Score {
		t.Errorf("ten corrections moved a reading from %v to %v", before.Score, after.Score)
	}
}

func TestManyCorrectionsTeachOneBrandAndCanBeForgotten(t *testing.T) {
	e, err := New()
	if err != nil {
		t.Fatal(err)
	}
	ask := mood.Ask{Brand: "nokia", Title: "Nokia shows its Meltdown mode in Oulu", Target: "Nokia", Language: "en"}
	before := score(t, e, ask)
	trial := e.Learn("nokia", lessons(40))
	if !trial.On || trial.With < trial.Without {
		t.Fatalf("%+v", trial)
	}
	after := score(t, e, ask)
	if after.Score <= before.Score+0.1 {
		t.Errorf("the score went from %v to %v", before.Score, after.Score)
	}
	ask.Brand = "other"
	if r := score(t, e, ask); r.Score != before.Score {
		t.Errorf("another brand's score went from %v to %v", before.Score, r.Score)
	}
	ask.Brand = "nokia"
	plain := mood.Ask{Brand: "nokia", Title: "Nokia shares plunge after profit warning", Target: "Nokia", Language: "en"}
	if r := score(t, e, plain); r.Lean != mood.Negative {
		t.Errorf("a plain case was wrecked: %v", r.Lean)
	}
	e.Forget("nokia")
	if r := score(t, e, ask); r.Score != before.Score {
		t.Errorf("not forgotten: %v, before %v", r.Score, before.Score)
	}
}
