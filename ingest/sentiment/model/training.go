package model

import (
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
)

// Sample is one text with its true class, to learn from or to be judged by.
type Sample struct {
	Set    string
	Lang   string
	Text   string
	Target string
	At     []Target
	Class  int // Negative, Neutral or Positive
	Weight float32
	Dev    bool
	Group  string // samples of one text share it
	Kind   string // phenomenon
}

// Reading is what the models see of a sample.
type Reading struct {
	features []feature
	Units    []UnitRow
	Dense    []float32
	Combo    int
}

// UnitRow is one unit as the net sees it.
type UnitRow struct {
	ID    int32
	Text  string
	Place uint8
	Flags uint8
	Side  int8
	Feel  float32
}

// ReadAll reads samples with tables, on all processors.
func ReadAll(t *Tables, samples []Sample) []Reading {
	out := make([]Reading, len(samples))
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for k := range workers {
		wg.Go(func() {
			by := map[string]*scratch{}
			for i := k; i < len(samples); i += workers {
				e := &samples[i]
				s := by[e.Lang]
				if s == nil {
					s = newScratch(t, e.Lang)
					by[e.Lang] = s
				}
				s.read(e.Text, e.At, nil)
				s.extract(e.Text)
				out[i] = s.reading()
			}
		})
	}
	wg.Wait()
	return out
}

func (s *scratch) reading() Reading {
	r := Reading{
		features: append([]feature(nil), s.features...), Dense: append([]float32(nil), s.dense[:]...),
		Combo: comboOf(&s.dense), Units: make([]UnitRow, len(s.units)),
	}
	for i := range s.units {
		u := &s.units[i]
		text := ""
		if us := s.tokens; int(u.token) < len(us) {
			for _, x := range us[u.token].word.units {
				if x.hash == u.plain {
					text = x.text
				}
			}
			if text == "" && us[u.token].entry != nil {
				for _, g := range us[u.token].entry.Gloss {
					if hash(basis, g) == u.plain {
						text = g
					}
				}
			}
		}
		r.Units[i] = UnitRow{ID: u.id, Text: text, Place: uint8(placeOf(u)), Flags: u.flags, Side: u.side, Feel: u.valence}
	}
	return r
}

// LinearOptions are the settings of [TrainLinear].
type LinearOptions struct {
	Epochs int
	Rate   float64
	L2     float64
	Drop   float64 // features left out at random
	Seed   uint64
}

// TrainLinear fits a linear model by stochastic gradient descent with a rate
// for each weight (AdaGrad, Duchi et al. 2011).
func TrainLinear(samples []Sample, readings []Reading, o LinearOptions) *Linear {
	const rows = 1 << linearBits
	w := make([]float32, 3*rows)
	g := make([]float32, 3*rows)
	mean, taken := make([]float32, 3*rows), 0 // of what the weights were on their way
	random := rand.New(rand.NewPCG(o.Seed, 7))
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	for epoch := range o.Epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		rate := float32(o.Rate) * (1 - 0.8*float32(epoch)/float32(o.Epochs))
		for n, i := range order {
			if (n+1)%((len(order)+1)/2) == 0 && epoch > 0 || epoch == 0 && o.Epochs == 1 && n == len(order)-1 {
				taken++
				for k, v := range w {
					mean[k] += v
				}
			}
			e := &samples[i]
			if e.Dev || e.Weight == 0 {
				continue
			}
			features := readings[i].features
			skip := random.Uint64()
			keep := func(k int) bool {
				if o.Drop == 0 {
					return true
				}
				x := (skip + uint64(k)*0x9E3779B97F4A7C15)
				x ^= x >> 31
				x *= 0xBF58476D1CE4E5B9
				return float64(x>>11)/(1<<53) >= o.Drop
			}
			var sum [3]float32
			for k := range features {
				if !keep(k) {
					continue
				}
				f := &features[k]
				r := w[3*f.index : 3*f.index+3]
				sum[0] += r[0] * f.value
				sum[1] += r[1] * f.value
				sum[2] += r[2] * f.value
			}
			p := softmax(sum)
			p[e.Class]--
			for k := range features {
				if !keep(k) {
					continue
				}
				f := &features[k]
				b := 3 * int(f.index)
				for c := range 3 {
					d := e.Weight*p[c]*f.value + float32(o.L2)*w[b+c]
					g[b+c] += d * d
					w[b+c] -= rate * d / (0.1 + float32(math.Sqrt(float64(g[b+c]))))
				}
			}
		}
	}
	for i := range mean {
		mean[i] /= float32(taken)
	}
	return quantise(mean)
}

// quantise rounds weights to bytes; the few that are out of reach are cut.
func quantise(w []float32) *Linear {
	most := float32(0)
	for _, v := range w {
		most = max(most, v, -v)
	}
	l := &Linear{weights: make([]int8, len(w)), scale: most / 127}
	if most > 4 {
		l.scale = 4.0 / 127
	}
	if l.scale == 0 {
		l.scale = 1
	}
	for i, v := range w {
		l.weights[i] = int8(max(-127, min(127, math.Round(float64(v/l.scale)))))
	}
	return l
}

// Bytes gives the rows of a linear model and their scale.
func (l *Linear) Bytes() ([]int8, float32) { return l.weights, l.scale }

// Scores gives a linear model's sums for readings.
func (l *Linear) Scores(readings []Reading) [][3]float32 {
	out := make([][3]float32, len(readings))
	for i := range readings {
		out[i] = l.score(readings[i].features)
	}
	return out
}

// Sizes of the net, for whoever trains one.
func Sizes() map[string]int {
	return map[string]int{
		"width": width, "places": places, "flags": allFlags + 1, "dense": denseSize, "combos": combos,
		"first": firstWord, "buckets": buckets, "unknown": unitUnknown,
	}
}
