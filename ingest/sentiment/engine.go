// Package sentiment judges how a text feels towards a brand.
//
// Today's engine reads English with the VADER lexicon and rules (through
// govader) and a list of business words. It reads only the clauses that name
// the brand, leaves the brand's own words out, lets the title decide and asks
// the text where the title says nothing. What it can't read it calls unclear,
// with a confidence of 0.
package sentiment

import (
	"context"
	"math"
	"slices"

	"agora/mood"

	"github.com/jonreiter/govader"
)

// Bounds of the work that one text can cause.
const (
	maxFieldRunes = 8000
	maxSentences  = 24
	maxReasons    = 5
	maxWeighed    = 16 // words of one clause whose part in the score is measured
)

// Thresholds of VADER: below them a text says nothing.
const decided = 0.05

// Engine scores texts. It is safe for concurrent use: its tables are filled
// by New and only read afterwards.
type Engine struct {
	vader *govader.SentimentIntensityAnalyzer
}

// New makes an engine. It takes a few milliseconds, for the lexicon.
func New() *Engine {
	v := govader.NewSentimentIntensityAnalyzer()
	for word, valence := range businessWords() {
		if valence == 0 {
			delete(v.Lexicon, word)
		} else {
			v.Lexicon[word] = valence
		}
	}
	for emoji, text := range emojiWords() {
		v.EmojiDict[emoji] = text
	}
	return &Engine{vader: v}
}

// Score answers every ask, in order. It fails only when ctx ends.
//
// Scores are VADER's compound, −1…1, averaged over the sentences that name
// the brand and say something. Confidence is 0…1, grows with the strength of
// the evidence and falls where it is mixed; it is not calibrated: 0.8 does not
// mean right in four of five cases. Reasons are at most five words, strongest
// first, each with the share of the score that goes when the word does.
func (e *Engine) Score(ctx context.Context, asks []mood.Ask) ([]mood.Reading, error) {
	readings := make([]mood.Reading, len(asks))
	for i := range asks {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		readings[i] = e.read(&asks[i])
	}
	return readings, nil
}

// read scores one ask.
func (e *Engine) read(ask *mood.Ask) mood.Reading {
	if !readable(ask) {
		return mood.Reading{Label: mood.Unclear}
	}
	title := newField("title", ask.Title, ask)
	body := newField("text", ask.Text, ask)
	if len(title.target)+len(body.target) == 0 {
		title.whole, body.whole = true, true
	}
	v := e.judge(&title)
	if !v.says() {
		if w := e.judge(&body); w.says() || w.clauses > 0 && v.clauses == 0 {
			v = w
		}
	}
	return v.reading()
}

// verdict is what one field says about the target.
type verdict struct {
	score    float64 // mean compound of the clauses that say something
	positive float64 // sums of contributions, both ≥ 0
	negative float64
	clauses  int // that name the target
	spoke    int // of them, those with evidence
	reasons  []mood.Reason
}

// says reports whether there is any evidence, for or against.
func (v *verdict) says() bool { return v.spoke > 0 }

func (e *Engine) judge(f *field) verdict {
	var v verdict
	if len(f.runes) == 0 {
		return v
	}
	for _, c := range f.clauses() {
		v.clauses++
		compound, reasons := e.weigh(f, c)
		if len(reasons) == 0 {
			continue
		}
		v.spoke++
		v.score += compound
		for _, r := range reasons {
			if r.Weight > 0 {
				v.positive += r.Weight
			} else {
				v.negative -= r.Weight
			}
		}
		v.reasons = append(v.reasons, reasons...)
	}
	if v.spoke > 0 {
		v.score /= float64(v.spoke)
	}
	return v
}

// reading turns a verdict into a label.
func (v *verdict) reading() mood.Reading {
	r := mood.Reading{Score: math.Round(v.score*1000) / 1000}
	mixed := 0.0 // 0: all evidence goes one way; 1: as much for as against
	if most := max(v.positive, v.negative); most > 0 {
		mixed = min(v.positive, v.negative) / most
	}
	strength := math.Abs(v.score)
	switch {
	case !v.says():
		r.Label, r.Confidence = mood.Neutral, 0.5
	case mixed > 0.5 && strength < 0.25:
		r.Label, r.Confidence = mood.Unclear, 0.2
	case strength < decided:
		r.Label, r.Confidence = mood.Neutral, 0.35
	default:
		r.Label = mood.Positive
		if v.score < 0 {
			r.Label = mood.Negative
		}
		r.Confidence = 0.4 + 0.5*strength*(1-mixed/2)
	}
	r.Confidence = math.Round(r.Confidence*1000) / 1000
	slices.SortStableFunc(v.reasons, func(a, b mood.Reason) int {
		switch x, y := math.Abs(a.Weight), math.Abs(b.Weight); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	r.Reasons = v.reasons[:min(len(v.reasons), maxReasons)]
	return r
}

// weigh scores one clause and names the words that made the score.
func (e *Engine) weigh(f *field, c stretch) (float64, []mood.Reason) {
	words := f.words(c)
	var evidence []int
	for i := range words {
		words[i].text = e.spell(words[i].text)
		if e.carries(&words[i]) {
			evidence = append(evidence, i)
		}
	}
	if len(evidence) == 0 {
		return 0, nil // without a word of the lexicon the score is 0
	}
	compound := e.compound(words, -1)
	if len(evidence) > maxWeighed {
		evidence = evidence[:maxWeighed]
	}
	reasons := make([]mood.Reason, 0, len(evidence))
	for _, i := range evidence {
		weight := compound // a single word carries all of it
		if len(evidence) > 1 {
			weight -= e.compound(words, i)
		}
		if math.Abs(weight) < 0.005 {
			continue
		}
		w := &words[i]
		reasons = append(reasons, mood.Reason{
			Text: string(f.runes[w.start:w.end]), Field: f.name, Start: w.start, End: w.end,
			Weight: math.Round(weight*1000) / 1000,
		})
	}
	return compound, reasons
}
