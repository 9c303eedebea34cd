// Package insight says what is usual, and what is not.
package insight

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"agora/mood"
)

// Hours gives a brand's hourly tallies of [from, to), oldest first, both on
// the full hour.
type Hours interface {
	Hours(ctx context.Context, brand string, from, to time.Time) ([]mood.Tally, error)
}

// What a baseline needs before anything is called usual.
const (
	weeksBack   = 8  // how far it looks
	weeksNeeded = 4  // with data
	needed      = 30 // mentions in all
)

// usual is how many standard deviations the band reaches to each side: four
// in five windows fall inside it if they are spread normally.
const usual = 1.2816

// Insight computes baselines, and remembers each for a minute. It is safe
// for concurrent use.
type Insight struct {
	hours Hours
	mu    sync.Mutex
	kept  map[key]*kept
}

type key struct {
	brand, window string
}

type kept struct {
	at       time.Time
	baseline *mood.Baseline
}

// New makes an Insight over the counters.
func New(hours Hours) *Insight { return &Insight{hours: hours, kept: map[key]*kept{}} }

// Baseline is what is usual for a window of this brand that ends at this hour
// of the week: the same window of the weeks before. It is nil, for unknown,
// with fewer than four weeks of data or thirty mentions in them, and for
// windows of 30 days and more, whose earlier weeks would overlap themselves.
func (in *Insight) Baseline(ctx context.Context, brand string, w mood.Window, at time.Time) (*mood.Baseline, error) {
	if w.Span > 7*24*time.Hour {
		return nil, nil
	}
	k := key{brand, w.Name}
	in.mu.Lock()
	defer in.mu.Unlock()
	if was := in.kept[k]; was != nil && at.Sub(was.at).Abs() < time.Minute {
		return was.baseline, nil
	}
	const week = 7 * 24 * time.Hour
	to := at.Truncate(time.Hour).Add(time.Hour)
	from := to.Add(-weeksBack*week - w.Span - time.Hour)
	hours, err := in.hours.Hours(ctx, brand, from, to)
	if err != nil {
		return nil, fmt.Errorf("baseline of %s: %w", brand, err)
	}
	var weeks []span
	for n := 1; n <= weeksBack; n++ {
		end := at.Add(-time.Duration(n) * week)
		weeks = append(weeks, sum(hours, from, end.Add(-w.Span), end))
	}
	baseline := summarise(weeks, begun(hours, from, at))
	if len(in.kept) > 4096 { // far more than brands × windows; a reload may leave old ones behind
		clear(in.kept)
	}
	in.kept[k] = &kept{at, baseline}
	return baseline, nil
}

// begun is how many whole weeks before at the first mention was counted.
func begun(hours []mood.Tally, from, at time.Time) int {
	for i, t := range hours {
		if t.Mentions() > 0 {
			first := from.Add(time.Duration(i) * time.Hour)
			return int(at.Sub(first) / (7 * 24 * time.Hour))
		}
	}
	return 0
}

// span is the tally of one earlier window. Hours that lie in it only partly
// count by that part, so its figures are not whole.
type span struct {
	mentions, positive, negative float64
}

func (s span) mood() float64 { return (s.positive - s.negative) / s.mentions }

func sum(hours []mood.Tally, base, from, to time.Time) span {
	var s span
	for i, t := range hours {
		begin := base.Add(time.Duration(i) * time.Hour)
		end := begin.Add(time.Hour)
		if begin.Before(from) {
			begin = from
		}
		if end.After(to) {
			end = to
		}
		overlap := end.Sub(begin)
		if overlap <= 0 {
			continue
		}
		part := float64(overlap) / float64(time.Hour)
		s.mentions += part * float64(t.Mentions())
		s.positive += part * float64(t.Positive)
		s.negative += part * float64(t.Negative)
	}
	return s
}

// summarise turns the same window of several weeks into a band. Weeks before
// the first mention say nothing; silent weeks after it count as silent.
func summarise(weeks []span, begun int) *mood.Baseline {
	weeks = weeks[:min(begun, len(weeks))]
	if len(weeks) < weeksNeeded {
		return nil
	}
	var all span
	for _, w := range weeks {
		all.mentions += w.mentions
		all.positive += w.positive
		all.negative += w.negative
	}
	if all.mentions < needed {
		return nil
	}
	n := float64(len(weeks))
	volume := all.mentions / n
	spread := 0.0
	moodSpread, moodWeight := 0.0, 0.0
	for _, w := range weeks {
		spread += (w.mentions - volume) * (w.mentions - volume)
		if w.mentions > 0 {
			d := w.mood() - all.mood()
			moodSpread += w.mentions * d * d
			moodWeight += w.mentions
		}
	}
	deviation := math.Sqrt(spread / (n - 1))
	moodDeviation := math.Sqrt(moodSpread / moodWeight * n / (n - 1))
	return &mood.Baseline{
		Mentions: mood.Band{Mean: round(volume), Low: round(max(0, volume-usual*deviation)), High: round(volume + usual*deviation)},
		Mood: mood.Band{
			Mean: round(all.mood()),
			Low:  round(max(-1, all.mood()-usual*moodDeviation)),
			High: round(min(1, all.mood()+usual*moodDeviation)),
		},
	}
}

func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }
