package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"agora/ingest/sentiment"
	"agora/mood"
)

// desk notes what an engine is taught.
type desk struct{ taught []string }

func (d *desk) Learn(brand string, lessons []sentiment.Lesson) sentiment.Trial {
	d.taught = append(d.taught, fmt.Sprintf("%s %d", brand, len(lessons)))
	return sentiment.Trial{Lessons: len(lessons), On: len(lessons) > 1, Why: "so"}
}

func TestCorrectionsAreLearnedOnceAndAnewWhenTheyChange(t *testing.T) {
	positive := mood.Positive
	kept := map[string][]mood.Corrected{"nokia": {
		{Brand: "nokia", Mention: "1", Title: "Nokia", Label: &positive, At: time.Unix(1, 0)},
		{Brand: "nokia", Mention: "2", Title: "Nokia", Irrelevant: true, At: time.Unix(2, 0)},
	}}
	engine, log := &desk{}, &strings.Builder{}
	tutor := newTutor(nil, func(_ context.Context, brand string) ([]mood.Corrected, error) {
		if brand == "gone" {
			return nil, mood.ErrNotFound
		}
		return kept[brand], nil
	}, slog.New(slog.NewTextHandler(log, nil)))
	tutor.engine = engine
	tutor.watch([]mood.Brand{{ID: "nokia", Name: "Nokia"}, {ID: "quiet", Name: "Quiet"}, {ID: "gone", Name: "Gone"}})

	tutor.teach(t.Context())
	tutor.teach(t.Context())
	if got := strings.Join(engine.taught, ", "); got != "nokia 1" {
		t.Errorf("taught: %s; what isn't about the brand teaches nothing, and the same is not taught twice", got)
	}
	kept["nokia"] = append(kept["nokia"], mood.Corrected{Brand: "nokia", Mention: "3", Title: "Nokia", Label: &positive, At: time.Unix(3, 0)})
	tutor.teach(t.Context())
	if got := strings.Join(engine.taught, ", "); got != "nokia 1, nokia 2" {
		t.Errorf("taught: %s", got)
	}
	if !strings.Contains(log.String(), "on=true") || strings.Contains(log.String(), "gone") {
		t.Errorf("log: %s", log)
	}
	kept["nokia"] = nil // all taken back
	tutor.teach(t.Context())
	if got := engine.taught[len(engine.taught)-1]; got != "nokia 0" {
		t.Errorf("last taught: %s", got)
	}
}

func TestACorrectionIsHeardOf(t *testing.T) {
	tutor := newTutor(nil, nil, slog.New(slog.DiscardHandler))
	<-tutor.asked // of watching
	for _, changed := range []int{0, 1} {
		intake := attentive{corrector{changed: changed}, tutor}
		if _, err := intake.Correct(t.Context(), mood.Correction{}); err != nil {
			t.Fatal(err)
		}
		if heard := len(tutor.asked) == 1; heard != (changed > 0) {
			t.Errorf("%d changed: heard %v", changed, heard)
		}
	}
}

// corrector is an intake that can be corrected.
type corrector struct {
	attentive
	changed int
}

func (c corrector) Correct(context.Context, mood.Correction) (mood.CorrectionReceipt, error) {
	return mood.CorrectionReceipt{Changed: c.changed}, nil
}

func TestRulesAreTriedOnWhatIsKept(t *testing.T) {
	engine, err := sentiment.New()
	if err != nil {
		t.Fatal(err)
	}
	then, err := engine.WithRules([]mood.PhraseRule{{Phrase: "terrible disaster", Label: mood.Positive, Brands: []string{"cod"}}})
	if err != nil {
		t.Fatal(err)
	}
	brands := []mood.Brand{{ID: "cod", Name: "Call of Duty"}, {ID: "nokia", Name: "Nokia"}}
	mentions := func(yield func(mood.Mention) error) error {
		for i := range 300 {
			m := mood.Mention{ID: fmt.Sprint(i), Title: "Call of Duty is a terrible disaster", Language: "en", Readings: map[string]mood.Reading{"cod": {}}}
			if i%3 == 0 {
				m.Title, m.Readings = "Nokia is a terrible disaster", map[string]mood.Reading{"nokia": {}, "unknown": {}}
			}
			if err := yield(m); err != nil {
				return err
			}
		}
		return nil
	}
	trial, err := tryRules(t.Context(), engine, then, mentions, brands)
	if err != nil {
		t.Fatal(err)
	}
	if trial.Readings != 300 || trial.Changed != 200 || trial.Moves["negative → positive"] != 200 || len(trial.Examples) != maxTrialExamples {
		t.Errorf("%+v", trial)
	}
	var out strings.Builder
	if err := trial.print(&out); err != nil || !strings.Contains(out.String(), "200 of the 300 readings of the last 7 days would change") {
		t.Errorf("%s %v", out.String(), err)
	}
}
