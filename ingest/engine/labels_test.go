package engine

import (
	"errors"
	"strings"
	"testing"

	"agora/mood"
)

func TestUsualLabelsNeedNoExplaining(t *testing.T) {
	for name, want := range map[string]mood.Label{
		"positive": mood.Positive, "POSITIVE": mood.Positive, "Pos": mood.Positive, "LABEL_2": mood.Positive, "5 stars": mood.Positive,
		"4 stars": mood.Positive, "Very Positive": mood.Positive, "very-positive": mood.Positive,
		"neutral": mood.Neutral, "NEU": mood.Neutral, "LABEL_1": mood.Neutral, "3 stars": mood.Neutral,
		"negative": mood.Negative, "NEG": mood.Negative, "LABEL_0": mood.Negative, "1 star": mood.Negative, "2 stars": mood.Negative,
	} {
		if got, ok := Labels(nil).meaning(name); !ok || got != want {
			t.Errorf("%s means %v, %v", name, got, ok)
		}
	}
	for _, name := range []string{"", "LABEL_3", "joy", "6 stars", "1", "unclear"} {
		if got, ok := Labels(nil).meaning(name); ok {
			t.Errorf("%q means %v", name, got)
		}
	}
}

func TestWhatTheOperatorSaysOfALabelOutranksWhatIsUsual(t *testing.T) {
	labels := Labels{"LABEL_0": mood.Positive, "joy": mood.Positive, "Anger": mood.Negative}
	for name, want := range map[string]mood.Label{"LABEL_0": mood.Positive, "JOY": mood.Positive, "anger": mood.Negative, "LABEL_1": mood.Neutral} {
		if got, ok := labels.meaning(name); !ok || got != want {
			t.Errorf("%s means %v, %v", name, got, ok)
		}
	}
}

func TestALabelIsGivenOnlyWhereItIsLikelyEnough(t *testing.T) {
	for name, c := range map[string]struct {
		guesses     []guess
		label, lean mood.Label
		score       float64
	}{
		"sure":               {[]guess{{"negative", 0.1}, {"neutral", 0.2}, {"positive", 0.7}}, mood.Positive, mood.Positive, 0.6},
		"unsure":             {[]guess{{"negative", 0.45}, {"neutral", 0.2}, {"positive", 0.35}}, mood.Unclear, mood.Negative, -0.1},
		"torn":               {[]guess{{"negative", 0.4}, {"neutral", 0.2}, {"positive", 0.4}}, mood.Unclear, mood.Neutral, 0},
		"two, sure":          {[]guess{{"NEGATIVE", 0.1}, {"POSITIVE", 0.9}}, mood.Positive, mood.Positive, 0.8},
		"two, unsure":        {[]guess{{"NEGATIVE", 0.62}, {"POSITIVE", 0.38}}, mood.Unclear, mood.Negative, -0.24},
		"stars":              {[]guess{{"1 star", 0.3}, {"2 stars", 0.3}, {"3 stars", 0.2}, {"4 stars", 0.1}, {"5 stars", 0.1}}, mood.Negative, mood.Negative, -0.4},
		"each on its own":    {[]guess{{"negative", 0.9}, {"neutral", 0.9}, {"positive", 0.2}}, mood.Unclear, mood.Neutral, -0.35},
		"only the likeliest": {[]guess{{"negative", 0.8}}, mood.Negative, mood.Negative, -0.8},
		"rounded":            {[]guess{{"negative", 0}, {"neutral", 0}, {"positive", 1.0005}}, mood.Positive, mood.Positive, 1},
	} {
		r, err := Labels(nil).reading(c.guesses)
		if err != nil || r.Label != c.label || r.Lean != c.lean || r.Score != c.score {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

func TestTwoLabelsWithoutNamesMustBeExplained(t *testing.T) {
	two := []guess{{"LABEL_1", 0.9}, {"LABEL_0", 0.1}}
	_, err := Labels(nil).reading(two)
	var f *Failure
	if !errors.As(err, &f) || !f.Hopeless || !strings.Contains(err.Error(), "sentiment.labels") {
		t.Errorf("got: %v", err)
	}
	r, err := Labels{"LABEL_0": mood.Negative, "LABEL_1": mood.Positive}.reading(two)
	if err != nil || r.Label != mood.Positive {
		t.Errorf("explained: %+v, %v", r, err)
	}
}
