package report

import (
	"cmp"
	"math"
	"slices"

	"agora/charts"
	"agora/mood"
)

const (
	// mostParts are those of a dimension that stand alone.
	mostParts = 6
	// fullList is a number of rows at which a store may have left some out: what
	// is missing then from one window's list need not have been silent.
	fullList = 500
)

// dimension is where a board keeps a dimension whose rows overlap nowhere, so
// that they can be added up.
type dimension struct {
	id   string
	rows func(*mood.BrandBoard) []mood.Row
	name func(key string) string
}

func dimensions() []dimension {
	return []dimension{
		{"outlets", func(b *mood.BrandBoard) []mood.Row { return b.Outlets }, outletName},
		{"languages", func(b *mood.BrandBoard) []mood.Row { return b.Languages }, languageName},
		{"countries", func(b *mood.BrandBoard) []mood.Row { return b.Countries.From }, countryName},
	}
}

// split gives what each value of a dimension had to do with a change of mood,
// none tested yet for more than itself. It needs mentions in both windows.
func (d dimension) split(before, now *mood.BrandBoard, b, n sample) Dimension {
	out := Dimension{ID: d.id, Title: dimensionTitle(d.id)}
	byKey := func(rows []mood.Row) map[string]mood.Tally {
		m := make(map[string]mood.Tally, len(rows))
		for _, r := range rows {
			t := m[r.Key]
			t.Add(counts(r.Tally()))
			m[r.Key] = t
		}
		return m
	}
	was, is := byKey(d.rows(before)), byKey(d.rows(now))
	keys := map[string]bool{}
	for k := range was {
		_, ok := is[k]
		keys[k] = ok || len(is) < fullList
	}
	for k := range is {
		_, ok := was[k]
		keys[k] = ok || len(was) < fullList
	}
	w := weigher{before: b, now: n, middle: (b.tally.Mood() + n.tally.Mood()) / 2}
	var parts []Part
	others := Part{Rest: -1, Now: n.tally, Before: b.tally}
	for k, known := range keys {
		p := Part{Key: k, Name: d.name(k), Now: is[k], Before: was[k]}
		if !known || p.Now.Mentions()+p.Before.Mentions() == 0 {
			continue
		}
		w.weigh(&p)
		parts = append(parts, p)
		others.Now.Add(p.Now.Minus())
		others.Before.Add(p.Before.Minus())
	}
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Points), math.Abs(a.Points)),
			cmp.Compare(b.Now.Mentions()+b.Before.Mentions(), a.Now.Mentions()+a.Before.Mentions()), cmp.Compare(a.Key, b.Key))
	})
	unnamed := others.Now.Mentions() + others.Before.Mentions()
	if len(parts) > mostParts {
		others.Rest = len(parts) - mostParts
		for _, p := range parts[mostParts:] {
			others.Now.Add(p.Now)
			others.Before.Add(p.Before)
		}
		parts = parts[:mostParts]
		if unnamed > 0 {
			others.Rest++
		}
	}
	if others.Now.Mentions()+others.Before.Mentions() > 0 {
		w.weigh(&others)
		others.P = 1 // a rest is no claim
		others.Name = restName(d.id, others.Rest)
		parts = append(parts, others)
	}
	out.Total = tenths(parts, 100*(n.tally.Mood()-b.tally.Mood()))
	out.Parts = parts
	return out
}

// weigher finds what a part had to do with a change.
type weigher struct {
	before, now sample
	middle      float64 // mood of both windows, in the middle
}

// weigh sets the points of a part, and the chance of them. A part's points are
// the difference between two means, over all mentions of a window, of how far
// those of the part lie from the middle; which Welch's test is for.
func (w weigher) weigh(p *Part) {
	mean := func(t mood.Tally, of sample) (m, v float64) {
		n, all := float64(t.Mentions()), float64(of.tally.Mentions())
		sum := float64(t.Positive-t.Negative) - n*w.middle
		squares := float64(t.Positive+t.Negative) - 2*w.middle*float64(t.Positive-t.Negative) + n*w.middle*w.middle
		m = sum / all
		// One mention of each kind more, for the variance alone.
		return m, of.effect * ((squares+2)/(all+2) - m*m) / all
	}
	m1, v1 := mean(p.Now, w.now)
	m0, v0 := mean(p.Before, w.before)
	p.Points, p.P = 100*(m1-m0), 1
	if p.Now.Mentions()+p.Before.Mentions() >= PartEnough && w.now.tally.Mentions() >= Enough && w.before.tally.Mentions() >= Enough {
		p.P = welch(m1-m0, v1, v0, w.now.freedom, w.before.freedom)
	}
}

// tenths rounds the points of parts so that they still add up to the whole: by
// largest remainder. It gives the whole, rounded.
func tenths(parts []Part, whole float64) float64 {
	total := math.Round(whole * 10)
	left := total
	order := make([]int, len(parts))
	rest := make([]float64, len(parts))
	for i := range parts {
		low := math.Floor(parts[i].Points * 10)
		order[i], rest[i] = i, parts[i].Points*10-low
		parts[i].Points = low
		left -= low
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for _, i := range order {
		if left >= 1 {
			parts[i].Points++
			left--
		}
		parts[i].Points = parts[i].Points/10 + 0
	}
	return total/10 + 0
}

// mark says which parts of all dimensions are significant.
func mark(dimensions []Dimension) {
	var p []float64
	var tested []bool
	var at []*Part
	for i := range dimensions {
		for j := range dimensions[i].Parts {
			part := &dimensions[i].Parts[j]
			p, tested, at = append(p, part.P), append(tested, part.P < 1), append(at, part)
		}
	}
	for i, holds := range holm(p, tested, Level) {
		at[i].Significant = holds && math.Abs(at[i].Points) >= 0.5
	}
}

// Top gives the first few parts, and all others as one.
func (d Dimension) Top(few int) []Part {
	if len(d.Parts) <= few+1 {
		return d.Parts
	}
	parts := slices.Clone(d.Parts[:few])
	others := Part{P: 1, Rest: 0}
	points := 0.0
	for _, p := range d.Parts[few:] {
		others.Now.Add(p.Now)
		others.Before.Add(p.Before)
		points += p.Points
		if p.Rest > 0 {
			others.Rest += p.Rest
		} else {
			others.Rest++
		}
	}
	others.Points = charts.Round(points, 1)
	others.Name = restName(d.ID, others.Rest)
	return append(parts, others)
}

// counts leaves the sums of scores out, which totals don't have either.
func counts(t mood.Tally) mood.Tally {
	return mood.Tally{Positive: t.Positive, Neutral: t.Neutral, Unclear: t.Unclear, Negative: t.Negative}
}
