package report

import (
	"math"
	"slices"

	"agora/charts"
	"agora/mood"
)

const (
	// Level is the chance that a report calls anything significant in its
	// headline when nothing has changed, and likewise among the parts of one
	// brand.
	Level = 0.05
	// Enough is the number of mentions that each window needs, for its mood to
	// be compared.
	Enough = 30
	// PartEnough is the number that a part needs in both windows together.
	PartEnough = 20

	leastMood   = 0.02 // change of mood, −2…2, that is worth a claim, however certain
	leastVolume = 0.1  // change of volume, as a part
)

// sample is what a test of mood knows of a window.
type sample struct {
	tally   mood.Tally
	effect  float64 // how many times greater the variance is than that of independent mentions
	freedom float64 // degrees of it
}

// stretches is how many pieces a window is cut into to see how mood varies.
const stretches = 28

// sampleOf takes a window's mentions for what they are worth.
func sampleOf(t mood.Tally, series []mood.SeriesPoint) sample {
	s := sample{tally: t, effect: 1, freedom: float64(t.Mentions() - 1)}
	size := (len(series) + stretches - 1) / stretches
	if size == 0 || t.Mentions() < 2 {
		return s
	}
	var pieces []mood.Tally
	var all mood.Tally
	for chunk := range slices.Chunk(series, size) {
		var sum mood.Tally
		for _, p := range chunk {
			sum.Add(mood.Tally{Positive: p.Positive, Neutral: p.Neutral, Unclear: p.Unclear, Negative: p.Negative})
		}
		if sum.Mentions() > 0 {
			pieces = append(pieces, sum)
			all.Add(sum)
		}
	}
	k, n, m := float64(len(pieces)), float64(all.Mentions()), all.Mood()
	if k < 5 {
		return s
	}
	squares := 0.0
	for _, p := range pieces {
		d := float64(p.Positive-p.Negative) - m*float64(p.Mentions())
		squares += d * d
	}
	if effect := squares / (n * n) * k / (k - 1) / variance(all); effect > 1 {
		s.effect, s.freedom = effect, k-1
	}
	return s
}

// variance is that of a mood, with one mention of each kind added.
func variance(t mood.Tally) float64 {
	n := float64(t.Mentions())
	m := float64(t.Positive-t.Negative) / (n + 2)
	return (float64(t.Positive+t.Negative+2)/(n+2) - m*m) / n
}

// compareMoods is the chance of a difference as great as that of two windows.
// It is not tested with too few mentions.
func compareMoods(before, now sample) Change {
	c := Change{P: 1, Against: against}
	if before.tally.Mentions() == 0 || now.tally.Mentions() == 0 {
		return c
	}
	d := now.tally.Mood() - before.tally.Mood()
	c.By = math.Round(d*1e3) / 10
	if before.tally.Mentions() < Enough || now.tally.Mentions() < Enough {
		return c
	}
	c.Tested = true
	c.P = welch(d, now.effect*variance(now.tally), before.effect*variance(before.tally), now.freedom, before.freedom)
	return c
}

const against, againstUsual = "before", "usual"

// welch gives the two-sided p of a difference of means, from their variances
// and degrees of freedom.
func welch(d, v1, v0, f1, f0 float64) float64 {
	v := v1 + v0
	if v <= 0 || f1 <= 0 || f0 <= 0 {
		return 1
	}
	return student(d/math.Sqrt(v), v*v/(v1*v1/f1+v0*v0/f0))
}

// student is the chance that Student's t with some degrees of freedom lies as
// far from 0 as t.
func student(t, freedom float64) float64 {
	switch {
	case math.IsNaN(t) || !(freedom > 0):
		return 1
	case math.IsInf(t, 0):
		return 0
	}
	return beta(freedom/(freedom+t*t), freedom/2, 0.5)
}

// beta is the regularised incomplete beta function I_x(a, b), by its continued
// fraction (NIST Digital Library of Mathematical Functions, 8.17.22), with
// Lentz's method.
func beta(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - beta(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	const tiny = 1e-300
	f, c, d := 1.0, 1.0, 0.0
	for i := range 400 {
		m := float64(i / 2)
		var term float64
		switch {
		case i == 0:
			term = 1
		case i%2 == 0:
			term = m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		default:
			term = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		}
		if d = 1 + term*d; math.Abs(d) < tiny {
			d = tiny
		}
		if c = 1 + term/c; math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		f *= c * d
		if math.Abs(1-c*d) < 1e-12 {
			break
		}
	}
	return charts.Round(min(1, front*(f-1)), 6)
}

// holm says which of a family of tests hold, all chances of error together
// being at most a level. What wasn't tested doesn't hold, and takes nothing from
// the others.
func holm(p []float64, tested []bool, level float64) []bool {
	var order []int
	for i := range p {
		if tested[i] {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p[a] < p[b]:
			return -1
		case p[a] > p[b]:
			return 1
		}
		return 0
	})
	holds := make([]bool, len(p))
	for rank, i := range order {
		if p[i] > level/float64(len(order)-rank) {
			break
		}
		holds[i] = true
	}
	return holds
}
