package report

import (
	"math"
	"slices"
	"time"

	"agora/charts"
	"agora/mood"
)

// span is one window's mentions over time.
type span struct {
	from, to time.Time
	series   []mood.SeriesPoint
	mentions int64
}

const (
	week = 7 * 24 * time.Hour

	// bandWidth is how many standard deviations a baseline's band reaches to
	// each side, and leastWeeks how many weeks there are behind it at least.
	bandWidth  = 1.2816
	leastWeeks = 4
)

// compareVolumes compares numbers of mentions: with what is usual, else with
// the window before, where the two can be compared.
func compareVolumes(before, now span, w mood.Window, usual *mood.Baseline) Change {
	if usual != nil {
		return compareUsual(now, w, usual.Mentions)
	}
	c := Change{P: 1, Against: against}
	if before.mentions > 0 {
		c.By = charts.Round(float64(now.mentions)/float64(before.mentions)-1, 3)
	}
	block := week
	switch {
	case w.Span < week || before.series == nil || begins(before):
		return c
	case w.Span == week:
		block = 24 * time.Hour
	}
	count := int(w.Span / block)
	a, b := blocks(before, block, count), blocks(now, block, count)
	n := float64(count)
	var sum, all float64
	for i := range a {
		sum += b[i] - a[i]
		all += b[i] + a[i]
	}
	if all < Enough {
		return c
	}
	mean, squares := sum/n, 0.0
	for i := range a {
		d := b[i] - a[i] - mean
		squares += d * d
	}
	spread := max(squares/(n-1)/n, all/(n*n)) // Poisson counts spread as much at least
	c.Tested, c.P = true, student(mean/math.Sqrt(spread), n-1)
	return c
}

// compareUsual compares with the band of the weeks before.
func compareUsual(now span, w mood.Window, band mood.Band) Change {
	c := Change{P: 1, Against: againstUsual}
	if band.Mean <= 0 {
		return c
	}
	// The window reaches back to the beginning of a point, the baseline doesn't.
	n := float64(now.mentions)
	if lasts := now.to.Sub(now.from); lasts > w.Span && w.Span < 90*24*time.Hour {
		n *= float64(w.Span) / float64(lasts)
	}
	c.By = charts.Round(n/band.Mean-1, 3)
	if n+band.Mean < Enough {
		return c
	}
	deviation := (band.High - band.Mean) / bandWidth
	spread := deviation*deviation*(1+1.0/leastWeeks) + band.Mean
	c.Tested, c.P = true, student((n-band.Mean)/math.Sqrt(spread), leastWeeks-1)
	return c
}

// begins says whether counting seems to have begun within a window: nothing in
// its first tenth, though at the pace of the rest there would have been some.
func begins(s span) bool {
	lasts := s.to.Sub(s.from)
	i := slices.IndexFunc(s.series, func(p mood.SeriesPoint) bool { return pointMentions(p) > 0 })
	if i < 0 {
		return true // perhaps nothing was watched yet
	}
	empty := s.series[i].T.Sub(s.from)
	rate := float64(s.mentions) / float64(lasts-empty)
	return empty > lasts/10 && rate*float64(empty) >= 10
}

// blocks adds up a series in blocks of a length, from its beginning.
func blocks(s span, length time.Duration, count int) []float64 {
	sums := make([]float64, count)
	for _, p := range s.series {
		// Half an hour is for days that a change of the clock made shorter.
		if i := int((p.T.Sub(s.from) + 30*time.Minute) / length); i >= 0 && i < count {
			sums[i] += float64(pointMentions(p))
		}
	}
	return sums
}

func pointMentions(p mood.SeriesPoint) int64 { return p.Positive + p.Neutral + p.Unclear + p.Negative }
