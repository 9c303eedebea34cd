package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"agora/ingest/language/model"
)

// example is a text as the model reads it.
type example struct {
	lang   uint8
	strong uint16 // grams[:strong] count in full, the others half
	grams  []uint32
}

// task is one script's languages to be told apart.
type task struct {
	name      string
	script    model.Script
	langs     []language
	rows      int // n-grams that get weights
	perShare  int // texts for a share of 1
	epochs    int
	generator *generator
}

const (
	rate      = 0.6 // of learning, at first
	baseRate  = 0.1
	shrink    = 2e-5
	little    = 1e-3 // an error that is let be
	tested    = 20   // one text of this many is kept for the temperature
	rowsFloor = 3    // an n-gram in fewer texts is left out
)

// learn makes texts, picks the n-grams that get weights, and finds those.
func (t *task) learn(r *rand.Rand, say func(string, ...any)) *model.Group {
	examples := t.examples(r)
	hashes := t.choose(examples)
	toRows(examples, hashes)
	shuffle := func() {
		r.Shuffle(len(examples), func(i, j int) { examples[i], examples[j] = examples[j], examples[i] })
	}
	shuffle()
	held := examples[:len(examples)/tested]
	examples = examples[len(held):]
	f := newFit(len(hashes), len(t.langs))
	for epoch := range t.epochs {
		loss, right := 0.0, 0
		for i := range examples {
			p, ok := f.learn(&examples[i])
			loss -= math.Log(max(p, 1e-9))
			if ok {
				right++
			}
		}
		say("  pass %d: loss %.4f, right %.4f, on texts kept apart %.4f", epoch+1, loss/float64(len(examples)), float64(right)/float64(len(examples)), f.accuracy(held))
		shuffle()
	}
	return t.group(hashes, f.w, f.base)
}

// toRows replaces the hashes of examples by their places among those that get
// weights, and drops the others.
func toRows(examples []example, hashes []uint32) {
	row := make(map[uint32]uint32, len(hashes))
	for i, h := range hashes {
		row[h] = uint32(i)
	}
	for i := range examples {
		e := &examples[i]
		kept, strong := e.grams[:0], uint16(0)
		for k, h := range e.grams {
			if at, ok := row[h]; ok {
				kept = append(kept, at)
				if k < int(e.strong) {
					strong++
				}
			}
		}
		e.grams, e.strong = kept, strong
	}
}

// fit is a softmax regression that learns by Adagrad.
type fit struct {
	n        int       // languages
	w        []float32 // by row and language
	seen     []float32 // squared steps of each row
	base     []float32
	baseSeen float32

	logits, errs []float32
	wrong        []int
}

func newFit(rows, n int) *fit {
	return &fit{
		n: n, w: make([]float32, rows*n), seen: make([]float32, rows), base: make([]float32, n), baseSeen: 1,
		logits: make([]float32, n), errs: make([]float32, n), wrong: make([]int, 0, n),
	}
}

// learn takes one step, and says how likely the right answer was before it and
// whether it was the likeliest.
func (f *fit) learn(e *example) (p float64, right bool) {
	f.score(e)
	best := softmax(f.logits)
	p, right = float64(f.logits[e.lang]), best == int(e.lang)
	wrong, square := f.wrong[:0], float32(0)
	for k := range f.errs {
		f.errs[k] = f.logits[k]
		if k == int(e.lang) {
			f.errs[k]--
		}
		if d := f.errs[k]; d > little || d < -little {
			wrong, square = append(wrong, k), square+d*d
		}
	}
	if len(wrong) == 0 {
		return p, right
	}
	x := e.unit()
	for j, g := range e.grams {
		v := x
		if j >= int(e.strong) {
			v = x / 2
		}
		f.seen[g] += square * v * v
		by := rate * v / float32(math.Sqrt(float64(f.seen[g])+1e-3))
		at := f.w[int(g)*f.n : int(g)*f.n+f.n]
		for _, k := range wrong {
			at[k] -= by*f.errs[k] + shrink*at[k]
		}
	}
	f.baseSeen += square
	by := baseRate / float32(math.Sqrt(float64(f.baseSeen)))
	for _, k := range wrong {
		f.base[k] -= by * f.errs[k]
	}
	return p, right
}

// unit is what an n-gram that counts in full counts, so that long texts don't
// count more than short ones: see model.Group.Score.
func (e *example) unit() float32 {
	hits := float32(e.strong) + float32(len(e.grams)-int(e.strong))/4
	return 1 / float32(math.Sqrt(float64(max(hits, 1))))
}

// group rounds weights to steps.
func (t *task) group(hashes []uint32, w, base []float32) *model.Group {
	n := len(t.langs)
	g := &model.Group{Script: t.script, Base: base, Hashes: hashes, Steps: make([]int8, len(w))}
	for _, l := range t.langs {
		g.Langs = append(g.Langs, l.tag)
	}
	// A row's mean says nothing; and few weights are large, so that the steps
	// are made for the others.
	sizes := make([]float64, 0, len(w))
	for i := range hashes {
		row := w[i*n : (i+1)*n]
		mean := float32(0)
		for _, v := range row {
			mean += v / float32(n)
		}
		for k := range row {
			row[k] -= mean
			sizes = append(sizes, math.Abs(float64(row[k])))
		}
	}
	slices.Sort(sizes)
	g.Step = float32(sizes[len(sizes)*9995/10000]) / 31
	for i, v := range w {
		g.Steps[i] = int8(min(31, max(-32, math.Round(float64(v/g.Step)))))
	}
	return g
}

// score fills in the logits of an example.
func (f *fit) score(e *example) {
	out := f.logits
	clear(out)
	add := func(grams []uint32, by float32) {
		for _, g := range grams {
			row := f.w[int(g)*f.n : int(g)*f.n+f.n]
			for k, v := range row[:len(out)] {
				out[k] += by * v
			}
		}
	}
	x := e.unit()
	add(e.grams[:e.strong], x)
	add(e.grams[e.strong:], x/2)
	for k := range out {
		out[k] += f.base[k]
	}
}

func softmax(v []float32) (best int) {
	for k := range v {
		if v[k] > v[best] {
			best = k
		}
	}
	top, sum := v[best], float32(0)
	for k := range v {
		v[k] = float32(math.Exp(float64(v[k] - top)))
		sum += v[k]
	}
	for k := range v {
		v[k] /= sum
	}
	return best
}

func (f *fit) accuracy(list []example) float64 {
	right := 0
	for i := range list {
		f.score(&list[i])
		if softmax(f.logits) == int(list[i].lang) {
			right++
		}
	}
	return float64(right) / float64(max(len(list), 1))
}
