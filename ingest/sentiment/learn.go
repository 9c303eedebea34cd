package sentiment

import (
	"fmt"
	"maps"
	"math"

	"agora/ingest/sentiment/model"
	"agora/mood"
)

// Bounds of what a brand's layer may learn.
const (
	leastLessons = 20  // below, the layer stays off
	wordPrior    = 2.0 // strength of the belief that a word needs no change
	biasPrior    = 8.0
	rounds       = 60
	folds        = 5
)

// reachOf is how far a class's logarithm may be shifted by what n lessons
// teach: few can turn only what was close, many also what was not.
func reachOf(n int) float64 { return min(3.5, 0.75+float64(n)/20) }

// Lesson is a text and the label that a person gave it.
type Lesson struct {
	Ask   mood.Ask
	Label mood.Label // positive, neutral or negative
}

// Trial says what a layer would do, by cross-validation: each lesson is judged
// by a layer that didn't see it.
type Trial struct {
	Lessons int     `json:"lessons"`
	Without float64 `json:"without"` // accuracy of the engine alone
	With    float64 `json:"with"`    // accuracy with a layer
	On      bool    `json:"on"`
	Why     string  `json:"why"` // why it is on or off
}

// Layer is what was learned from the corrections of one brand: shifts of the
// classes' logarithms, in general and by word. It is read-only once made.
type Layer struct {
	reach float32
	bias  [3]float32
	words map[uint32][3]float32
}

// lesson is one that was read.
type lesson struct {
	words  []uint32
	before [3]float64 // logarithms
	class  int
}

// Learn makes a brand's layer of its corrections, tries it out, and puts it in
// force if it helps. Learning again from other corrections replaces it; from
// none takes it away.
func (e *Engine) Learn(brand string, lessons []Lesson) Trial {
	e.Forget(brand)
	t := Trial{Lessons: len(lessons)}
	read := e.readLessons(lessons)
	if len(read) == 0 {
		t.Why = "there are no corrections to learn from"
		return t
	}
	t.Without, t.With = crossValidate(read)
	switch {
	case len(read) < leastLessons:
		t.Why = fmt.Sprintf("%d corrections are too few to learn from: %d are needed", len(read), leastLessons)
	case t.With < t.Without:
		t.Why = fmt.Sprintf("learning from them would make it worse: right on %.0f %% instead of %.0f %%", 100*t.With, 100*t.Without)
	default:
		t.On = true
		t.Why = fmt.Sprintf("right on %.0f %% of the corrected mentions instead of %.0f %%", 100*t.With, 100*t.Without)
		e.change(brand, fit(read))
	}
	return t
}

// Forget takes a brand's layer away.
func (e *Engine) Forget(brand string) { e.change(brand, nil) }

func (e *Engine) change(brand string, l *Layer) {
	for {
		old := e.learned.Load()
		next := maps.Clone(*old)
		if l == nil {
			delete(next, brand)
		} else {
			next[brand] = l
		}
		if e.learned.CompareAndSwap(old, &next) {
			return
		}
	}
}

func (e *Engine) readLessons(lessons []Lesson) []lesson {
	d := desk{engine: e}
	defer d.close()
	out := make([]lesson, 0, len(lessons))
	for i := range lessons {
		ask := &lessons[i].Ask
		class, ok := classOf(lessons[i].Label)
		if !ok {
			continue
		}
		for _, f := range []field{newField("title", ask.Title, ask), newField("text", ask.Text, ask)} {
			if f.text == "" || len(f.targets) == 0 && f.name == "title" && ask.Text != "" {
				continue
			}
			lang, _ := e.language(ask)
			l := lesson{class: class}
			r := d.reader(lang)
			part := f.text[:min(len(f.text), 2*shortBytes)]
			a := r.Read(part, f.targets, nil)
			for c, p := range a.Chances {
				l.before[c] = math.Log(float64(max(p, 1e-4)))
			}
			l.words = distinct(r)
			out = append(out, l)
			break
		}
	}
	return out
}

func classOf(l mood.Label) (int, bool) {
	switch l {
	case mood.Positive:
		return model.Positive, true
	case mood.Negative:
		return model.Negative, true
	case mood.Neutral:
		return model.Neutral, true
	}
	return 0, false
}

func distinct(r *model.Reader) []uint32 {
	var out []uint32
	seen := map[uint32]bool{}
	r.Units(func(h uint32) {
		if !seen[h] {
			seen[h] = true
			out = append(out, h)
		}
	})
	return out
}

// fit finds the shifts by gradient descent on the likelihood of the labels
// with normal priors around no shift at all.
func fit(lessons []lesson) *Layer {
	index := map[uint32]int{}
	for _, l := range lessons {
		for _, w := range l.words {
			if _, ok := index[w]; !ok {
				index[w] = len(index)
			}
		}
	}
	reach := reachOf(len(lessons))
	var bias [3]float64
	words := make([][3]float64, len(index))
	gradient := make([][3]float64, len(index))
	for range rounds {
		var biasGradient [3]float64
		clear(gradient)
		for _, l := range lessons {
			p := l.chances(reach, bias, func(w uint32) [3]float64 { return words[index[w]] })
			for c := range p {
				d := p[c]
				if c == l.class {
					d--
				}
				biasGradient[c] += d
				for _, w := range l.words {
					gradient[index[w]][c] += d
				}
			}
		}
		step := 1 / (biasPrior + float64(len(lessons))/4)
		for c := range bias {
			bias[c] -= step * (biasGradient[c] + biasPrior*bias[c])
		}
		for k := range words {
			for c := range 3 {
				words[k][c] -= 0.1 * (gradient[k][c] + wordPrior*words[k][c])
			}
		}
	}
	out := &Layer{reach: float32(reach), words: make(map[uint32][3]float32, len(index))}
	for c := range bias {
		out.bias[c] = float32(bias[c])
	}
	for w, k := range index {
		v := [3]float32{float32(words[k][0]), float32(words[k][1]), float32(words[k][2])}
		if max(v[0], -v[0], v[1], -v[1], v[2], -v[2]) > 0.02 {
			out.words[w] = v
		}
	}
	return out
}

// chances are a lesson's with shifts.
func (l *lesson) chances(reach float64, bias [3]float64, of func(uint32) [3]float64) (p [3]float64) {
	var sum [3]float64
	for _, w := range l.words {
		v := of(w)
		for c := range sum {
			sum[c] += v[c]
		}
	}
	total := 0.0
	for c := range p {
		shift := max(-reach, min(reach, bias[c]+sum[c]))
		p[c] = math.Exp(l.before[c] + shift)
		total += p[c]
	}
	for c := range p {
		p[c] /= total
	}
	return p
}

// crossValidate gives the accuracy without and with a layer.
func crossValidate(lessons []lesson) (without, with float64) {
	n := float64(len(lessons))
	for fold := range folds {
		var train []lesson
		for i, l := range lessons {
			if i%folds != fold {
				train = append(train, l)
			}
		}
		layer := fit(train)
		for i := fold; i < len(lessons); i += folds {
			l := &lessons[i]
			if most(l.before) == l.class {
				without += 1 / n
			}
			p := l.chances(float64(layer.reach),
				[3]float64{float64(layer.bias[0]), float64(layer.bias[1]), float64(layer.bias[2])},
				func(w uint32) [3]float64 {
					v := layer.words[w]
					return [3]float64{float64(v[0]), float64(v[1]), float64(v[2])}
				})
			if most(p) == l.class {
				with += 1 / n
			}
		}
	}
	return without, with
}

func most(p [3]float64) int {
	k := 0
	for c := 1; c < 3; c++ {
		if p[c] > p[k] {
			k = c
		}
	}
	return k
}

// apply shifts an answer's chances, and says by how much the margin moved.
func (l *Layer) apply(r *model.Reader, chances [3]float32) (shifted [3]float32, margin float64) {
	shift := l.bias
	seen := map[uint32]bool{}
	r.Units(func(h uint32) {
		if v, ok := l.words[h]; ok && !seen[h] {
			seen[h] = true
			for c := range shift {
				shift[c] += v[c]
			}
		}
	})
	total := float32(0)
	for c := range chances {
		shift[c] = max(-l.reach, min(l.reach, shift[c]))
		shifted[c] = max(chances[c], 1e-6) * float32(math.Exp(float64(shift[c])))
		total += shifted[c]
	}
	for c := range shifted {
		shifted[c] /= total
	}
	return shifted, float64(shift[model.Positive] - shift[model.Negative])
}
