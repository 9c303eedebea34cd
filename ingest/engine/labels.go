package engine

import (
	"fmt"
	"math"
	"strings"

	"agora/mood"
)

// Below these chances the likeliest label is too unsure to be given. A model
// that knows no neutral has to be surer: it calls one half good and the other
// bad.
const (
	clearOfThree = 0.5
	clearOfTwo   = 0.65
)

// guess is one label of a classifier, with its chance.
type guess struct {
	Label string  `json:"label"`
	Score float64 `json:"score"`
}

// named knows the labels that classifiers are usually trained with. LABEL_0 to
// LABEL_2 are what a model of three labels says that was given no names: by
// custom negative, neutral, positive.
func named(label string) (mood.Label, bool) {
	switch label {
	case "positive", "pos", "very positive", "label 2", "4 stars", "5 stars":
		return mood.Positive, true
	case "neutral", "neu", "mixed", "label 1", "3 stars":
		return mood.Neutral, true
	case "negative", "neg", "very negative", "label 0", "1 star", "2 stars":
		return mood.Negative, true
	}
	return 0, false
}

// Labels says what a model's own labels mean, where their names don't: every
// usual form of positive, neutral and negative is known, and so are stars.
type Labels map[string]mood.Label

// meaning finds the label that a model means.
func (l Labels) meaning(label string) (mood.Label, bool) {
	if meant, ok := l[label]; ok {
		return meant, true
	}
	for name, meant := range l {
		if plain(name) == plain(label) {
			return meant, true
		}
	}
	return named(plain(label))
}

// plain makes Very_Positive and very-positive one.
func plain(label string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(label), func(r rune) bool {
		return r == '_' || r == '-' || r == ' '
	}), " ")
}

// reading makes a reading of a classifier's guesses. It fails on labels that
// it doesn't know and chances that are none.
func (l Labels) reading(guesses []guess) (mood.Reading, error) {
	if len(guesses) == 0 {
		return mood.Reading{}, badAnswer("it gave no label")
	}
	if err := l.twoOfUnknownOrder(guesses); err != nil {
		return mood.Reading{}, err
	}
	var chance [3]float64
	sum, neutral, seen := 0.0, false, map[string]bool{}
	for _, g := range guesses {
		meant, ok := l.meaning(g.Label)
		switch {
		case !ok:
			return mood.Reading{}, unknownLabel(g.Label)
		case seen[g.Label]:
			return mood.Reading{}, badAnswer("it gave the label %q twice", g.Label)
		case math.IsNaN(g.Score) || g.Score < 0 || g.Score > 1.001:
			return mood.Reading{}, badAnswer("it gave the label %q the chance %v", g.Label, g.Score)
		}
		seen[g.Label] = true
		neutral = neutral || meant == mood.Neutral
		chance[meant] += g.Score
		sum += g.Score
	}
	if sum > 1 { // each label on its own, or rounded
		for i := range chance {
			chance[i] /= sum
		}
	}
	enough := clearOfThree
	if len(guesses) == 2 && !neutral {
		enough = clearOfTwo
	}
	return readingOf(chance, enough), nil
}

// twoOfUnknownOrder refuses LABEL_0 and LABEL_1 of a model with two labels,
// where the second may mean anything.
func (l Labels) twoOfUnknownOrder(guesses []guess) error {
	if len(guesses) != 2 {
		return nil
	}
	for _, g := range guesses {
		if p := plain(g.Label); p != "label 0" && p != "label 1" {
			return nil
		}
		if _, ok := l[g.Label]; ok {
			return nil
		}
	}
	return unknownLabel(guesses[0].Label)
}

func unknownLabel(label string) error {
	return &Failure{
		Message:  fmt.Sprintf("its label %q could mean anything", label),
		Remedy:   fmt.Sprintf("say under sentiment.labels what its labels mean, such as %s: negative", label),
		Hopeless: true,
	}
}

// readingOf makes a reading of three chances, by label.
func readingOf(chance [3]float64, enough float64) mood.Reading {
	r := mood.Reading{Lean: mood.Neutral, Score: thousandths(chance[mood.Positive] - chance[mood.Negative])}
	for _, label := range []mood.Label{mood.Positive, mood.Negative} {
		if chance[label] > chance[r.Lean] {
			r.Lean = label
		}
	}
	if chance[mood.Positive] == chance[mood.Negative] {
		r.Lean = mood.Neutral
	}
	r.Confidence = thousandths(chance[r.Lean])
	if r.Label = r.Lean; chance[r.Lean] < enough {
		r.Label = mood.Unclear
	}
	return r
}

func thousandths(x float64) float64 { return math.Round(x*1000) / 1000 }

// nothing is the reading of a text without a word.
func nothing() mood.Reading { return mood.Reading{Label: mood.Unclear, Lean: mood.Neutral} }
