package sentiment

import (
	"math"
	"slices"
	"unicode/utf8"

	"agora/ingest/sentiment/model"
	"agora/mood"
)

// verdict is what one field says of the target.
type verdict struct {
	chances [3]float32
	margin  float64 // log of positive against negative
	known   float32
	worth   float64 // 0…1: what the confidence is worth in texts such as this
	spoke   bool
	reasons []mood.Reason // weights in margins, until they are brought to scores
	rest    float64       // likewise
}

func (v *verdict) silent() bool { return !v.spoke }

func (v *verdict) lean() int {
	k := model.Neutral
	for _, c := range [...]int{model.Negative, model.Positive} {
		if v.chances[c] > v.chances[k] {
			k = c
		}
	}
	return k
}

func (v *verdict) confidence(e *Engine) float64 {
	return v.worth * model.Confidence(e.about.Curve, v.chances[v.lean()])
}

// What a confidence is worth where there are signs of irony: praise most
// likely means its opposite.
const (
	ironicPraise = 0.5
	ironicRest   = 0.8
)

// worth is what the confidence in an answer is worth.
func (e *Engine) worth(a *model.Answer) float64 {
	worth := 1.0
	if a.Asks && e.about.Questions > 0 {
		worth *= e.about.Questions
	}
	switch {
	case !a.Irony:
	case a.Chances[model.Positive] > a.Chances[model.Negative]:
		worth *= ironicPraise
	default:
		worth *= ironicRest
	}
	return worth
}

// judge reads the excerpts of a field and joins what they say: those that say
// something weigh more than those that say nothing.
func (d *desk) judge(f *field, lang string, ask *mood.Ask) verdict {
	var v verdict
	if f.text == "" {
		return v
	}
	var buf [maxExcerpts]excerpt
	list := f.excerpts(buf[:0])
	if len(list) == 0 {
		return v
	}
	rules := d.engine.rules.Load().of(ask.Brand)
	layer := (*d.engine.learned.Load())[ask.Brand]
	r := d.reader(lang)
	v.spoke, v.worth = true, 1
	total := float32(0)
	for _, x := range list {
		part := f.text[x.start:x.end]
		var targets [16]model.Target
		at := targets[:0]
		for _, t := range f.targets {
			if t.Start >= x.start && t.End <= x.end && len(at) < len(targets) {
				at = append(at, model.Target{Start: t.Start - x.start, End: t.End - x.start})
			}
		}
		ignored, forced := rules.find(part)
		a := r.Read(part, at, ignored)
		chances := a.Chances
		moved := 0.0
		if layer != nil {
			chances, moved = layer.apply(r, chances)
		}
		if forced != nil {
			chances = forced.chances()
		} else {
			v.worth = min(v.worth, d.engine.worth(&a))
		}
		weight := 1.25 - chances[model.Neutral]
		for c := range chances {
			v.chances[c] += weight * chances[c]
		}
		v.known += weight * a.Known
		total += weight
		d.why(&v, f, x, r, &a, forced, float64(weight))
		if moved != 0 && forced == nil {
			v.reasons = append(v.reasons, mood.Reason{Kind: "learned", Weight: float64(weight) * moved})
		}
	}
	for c := range v.chances {
		v.chances[c] /= total
	}
	v.known /= total
	for i := range v.reasons {
		v.reasons[i].Weight /= float64(total)
		v.reasons[i].Net /= float64(total)
	}
	v.rest /= float64(total)
	v.margin = math.Log(float64(max(v.chances[model.Positive], 1e-6) / max(v.chances[model.Negative], 1e-6)))
	return v
}

// why adds an excerpt's reasons to a verdict.
func (d *desk) why(v *verdict, f *field, x excerpt, r *model.Reader, a *model.Answer, forced *rule, weight float64) {
	before := f.points(x.start)
	part := f.text[x.start:x.end]
	if forced != nil {
		start := before + utf8.RuneCountInString(part[:forced.at.Start])
		end := before + utf8.RuneCountInString(part[:forced.at.End])
		v.reasons = append(v.reasons, mood.Reason{
			Text: part[forced.at.Start:forced.at.End], Field: f.name, Start: start, End: end, Kind: "rule",
			Weight: weight * forced.margin(),
		})
		return
	}
	share, even := a.Share, d.engine.about.Mixing.Temperature
	linear, net := weight*float64((1-share)/even), weight*float64(share/even)
	parts, rest := r.Explain(a, maxReasons)
	v.rest += linear * float64(rest)
	if v.reasons == nil {
		v.reasons = make([]mood.Reason, 0, len(parts)+1)
	}
	for _, p := range parts {
		start := before + utf8.RuneCountInString(part[:p.Start])
		v.reasons = append(v.reasons, mood.Reason{
			Text: part[p.Start:p.End], Field: f.name, Start: start,
			End: start + utf8.RuneCountInString(part[p.Start:p.End]), Kind: p.Kind,
			Weight: linear * float64(p.Linear), Net: net * float64(p.Net),
		})
	}
}

// reading turns a verdict into a reading.
func (e *Engine) reading(v *verdict, known bool) mood.Reading {
	p := v.chances
	score := float64(p[model.Positive] - p[model.Negative])
	r := mood.Reading{Score: thousandths(score), Confidence: thousandths(v.confidence(e))}
	switch v.lean() {
	case model.Positive:
		r.Lean = mood.Positive
	case model.Negative:
		r.Lean = mood.Negative
	default:
		r.Lean = mood.Neutral
	}
	r.Label = r.Lean
	if !known || v.known < leastKnown {
		r.Confidence = thousandths(min(r.Confidence, 0.34))
	}
	if r.Confidence < e.about.Unclear {
		r.Label = mood.Unclear
	}
	r.Reasons = e.reasons(v, score)
	return r
}

// leastKnown is the part of a text's words that must mean something to the
// engine for it to judge the text.
const leastKnown = 0.15

// leastReason is the least part of a score that is worth a reason.
const leastReason = 0.005

// reasons brings the reasons' weights from margins to scores: since the score
// is (1 − P(neutral))·tanh(margin/2), one factor does it for all.
func (e *Engine) reasons(v *verdict, score float64) []mood.Reason {
	factor := float64(1-v.chances[model.Neutral]) / 2
	if math.Abs(v.margin) > 1e-4 {
		factor = score / v.margin
	}
	list := v.reasons
	slices.SortStableFunc(list, func(a, b mood.Reason) int {
		switch x, y := math.Abs(a.Weight+a.Net), math.Abs(b.Weight+b.Net); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	rest := v.rest
	kept := list[:0]
	strongest := 0.0
	for i, r := range list {
		w, n := thousandths(r.Weight*factor), thousandths(r.Net*factor)
		strongest = max(strongest, math.Abs(w+n))
		if i >= maxReasons || math.Abs(w+n) < max(leastReason, strongest/12) {
			rest += r.Weight
			continue
		}
		rest += r.Weight - w/factor
		r.Weight, r.Net = w, n
		kept = append(kept, r)
	}
	if w := thousandths(rest * factor); w != 0 {
		kept = append(kept, mood.Reason{Kind: "rest", Weight: w})
	}
	return kept
}

func thousandths(x float64) float64 { return math.Round(x*1000) / 1000 }
