package report

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"agora/mood"
)

func TestChancesAreThoseOfStudentsTables(t *testing.T) {
	// Two-sided critical values of Student's t, from printed tables.
	for _, c := range []struct{ t, freedom, p float64 }{
		{12.706, 1, 0.05}, {3.182, 3, 0.05}, {2.228, 10, 0.05}, {2.750, 30, 0.01}, {1.984, 100, 0.05}, {1.960, 1e6, 0.05}, {0, 5, 1}, {31.6, 3, 0.00007},
	} {
		if p := student(c.t, c.freedom); math.Abs(p-c.p) > 0.0005 {
			t.Errorf("t = %v with %v degrees of freedom: p = %v, want %v", c.t, c.freedom, p, c.p)
		}
	}
}

func TestPartsAddUpToTheChange(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		keys := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "none"}
		draw := func(name string) *mood.BrandBoard {
			b := &mood.BrandBoard{}
			var all mood.Tally
			for _, k := range keys {
				if rapid.IntRange(0, 2).Draw(rt, name+k) == 0 {
					continue
				}
				tally := mood.Tally{
					Positive: int64(rapid.IntRange(0, 300).Draw(rt, "positive")), Neutral: int64(rapid.IntRange(0, 300).Draw(rt, "neutral")),
					Negative: int64(rapid.IntRange(0, 300).Draw(rt, "negative")),
				}
				all.Add(tally)
				b.Outlets = append(b.Outlets, mood.RowOf(k, tally))
			}
			all.Add(mood.Tally{Positive: int64(rapid.IntRange(0, 20).Draw(rt, "of no outlet")), Unclear: 1})
			b.Total = all.Total()
			return b
		}
		before, now := draw("before"), draw("now")
		d := dimensions()[0].split(before, now, sampleOf(before.Total.Tally(), nil), sampleOf(now.Total.Tally(), nil))
		whole := 100 * (now.Total.Tally().Mood() - before.Total.Tally().Mood())
		for few := range len(d.Parts) + 1 {
			var nowAll, beforeAll mood.Tally
			sum := 0.0
			for _, p := range d.Top(few) {
				sum += math.Round(p.Points * 10)
				nowAll.Add(p.Now)
				beforeAll.Add(p.Before)
			}
			if sum != math.Round(d.Total*10) || math.Abs(d.Total-whole) > 0.0501 {
				rt.Fatalf("%d parts add up to %v tenths, of %v (%v): %+v", few, sum, d.Total, whole, d.Top(few))
			}
			if nowAll != now.Total.Tally() || beforeAll != before.Total.Tally() {
				rt.Fatalf("%d parts have %+v and %+v, want %+v and %+v", few, nowAll, beforeAll, now.Total, before.Total)
			}
		}
	})
}

// noise is a board of mentions that all come from one distribution, in clusters
// of texts that say the same.
func noise(r *rand.Rand, n int, lean float64, cluster int) *mood.BrandBoard {
	b := &mood.BrandBoard{Series: make([]mood.SeriesPoint, 168)}
	outlets := make([]mood.Tally, len(outletsOf))
	zipf := rand.NewZipf(r, 1.3, 2, uint64(len(outletsOf)-1))
	var total mood.Tally
	points := make([]mood.Tally, 168)
	for n > 0 {
		label := reading(r, lean)
		at := r.IntN(168)
		for range 1 + r.IntN(cluster) {
			one := mood.TallyOf(mood.Reading{Label: label.Label})
			total.Add(one)
			points[at].Add(one)
			outlets[zipf.Uint64()].Add(one)
			n--
		}
	}
	begin := time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	for i, p := range points {
		b.Series[i] = mood.PointOf(begin.Add(time.Duration(i)*time.Hour), p)
	}
	for i, o := range outlets {
		if o.Mentions() > 0 {
			b.Outlets = append(b.Outlets, mood.RowOf(outletsOf[i], o))
		}
	}
	b.Total = total.Total()
	return b
}

// claims counts what is called significant of two boards: in the headline, and
// of parts.
func claims(before, now *mood.BrandBoard) (headline bool, parts int) {
	w := mood.Window{Name: "7d", Span: week, Step: time.Hour}
	at := before.Series[0].T
	b, n := sampleOf(before.Total.Tally(), before.Series), sampleOf(now.Total.Tally(), now.Series)
	brands := []Brand{{Mood: compareMoods(b, n), Volume: compareVolumes(
		span{at, at.Add(week), before.Series, before.Total.Mentions}, span{at, at.Add(week), now.Series, now.Total.Mentions}, w, nil)}}
	judge(brands)
	moved := []Dimension{dimensions()[0].split(before, now, b, n)}
	mark(moved)
	for _, p := range moved[0].Parts {
		if p.Significant {
			parts++
		}
	}
	return brands[0].Mood.Significant || brands[0].Volume.Significant, parts
}

// atMost is the highest count that chance explains: four standard deviations
// above what the level allows.
func atMost(runs int) int {
	n := float64(runs)
	return int(n*Level + 4*math.Sqrt(n*Level*(1-Level)))
}

func TestNoiseIsNoNews(t *testing.T) {
	const runs = 1200
	for _, c := range []struct {
		name    string
		n       int
		lean    float64
		cluster int
	}{
		{"few mentions", 40, 0.1, 1}, {"many", 900, 0.3, 1}, {"all alike", 60, 0.52, 1}, {"stories that many repeat", 600, 0, 9}, {"few stories", 120, -0.2, 12},
	} {
		r := newRand(uint64(c.n))
		headlines, parts := 0, 0
		for range runs {
			h, p := claims(noise(r, c.n, c.lean, c.cluster), noise(r, c.n, c.lean, c.cluster))
			if h {
				headlines++
			}
			if p > 0 {
				parts++
			}
		}
		t.Logf("%s: %.1f %% of headlines, %.1f %% of lists of parts", c.name, 100*float64(headlines)/runs, 100*float64(parts)/runs)
		if headlines > atMost(runs) || parts > atMost(runs) {
			t.Errorf("%s: of %d reports on nothing, %d claim a change, and %d have a part that is significant; the level allows %d", c.name, runs, headlines, parts, atMost(runs))
		}
	}
}

func TestARealChangeIsFound(t *testing.T) {
	r := newRand(5)
	found, blamed := 0, 0
	const runs = 200
	for range runs {
		before, now := noise(r, 900, 0.31, 3), noise(r, 900, 0.31, 3)
		// One outlet begins to write, and doesn't like what it writes about.
		turned := mood.Tally{Negative: 180, Neutral: 90, Positive: 30}
		now.Outlets = append(now.Outlets, mood.RowOf("turned.example", turned))
		for i := range 100 {
			p := &now.Series[i]
			*p = mood.PointOf(p.T, mood.Tally{Positive: p.Positive, Neutral: p.Neutral + 1, Unclear: p.Unclear, Negative: p.Negative + 2})
		}
		sum := now.Total.Tally()
		sum.Add(turned)
		now.Total = sum.Total()
		h, p := claims(before, now)
		if h {
			found++
		}
		if p == 1 {
			blamed++
		}
	}
	if found < runs*9/10 || blamed < runs*9/10 {
		t.Errorf("that a third of the mentions turned is found %d times of %d, and the one outlet that did it named %d times", found, runs, blamed)
	}
}

func TestTooFewMentionsProveNothing(t *testing.T) {
	all := func(n int64) *mood.BrandBoard {
		tally := mood.Tally{Positive: n}
		return &mood.BrandBoard{Total: tally.Total(), Outlets: []mood.Row{mood.RowOf("a.example", tally)}}
	}
	bad := func(n int64) *mood.BrandBoard {
		tally := mood.Tally{Negative: n}
		return &mood.BrandBoard{Total: tally.Total(), Outlets: []mood.Row{mood.RowOf("a.example", tally)}}
	}
	for _, n := range []int64{1, 10, Enough - 1} {
		if c := compareMoods(sampleOf(all(n).Total.Tally(), nil), sampleOf(bad(n).Total.Tally(), nil)); c.Tested {
			t.Errorf("%d mentions are tested: %+v", n, c)
		}
	}
	if c := compareMoods(sampleOf(all(Enough).Total.Tally(), nil), sampleOf(bad(Enough).Total.Tally(), nil)); !c.Tested || c.P > 1e-6 {
		t.Errorf("%d mentions that turned round: %+v", Enough, c)
	}
}

func TestOneOfManyTestsMustBeClearerThanOneAlone(t *testing.T) {
	// From Holm's own procedure, by hand: 0.005 < 0.05/4, 0.01 < 0.05/3, 0.03 > 0.05/2.
	got := holm([]float64{0.01, 0.04, 0.03, 0.005, 0.0001}, []bool{true, true, true, true, false}, 0.05)
	if want := []bool{true, false, false, true, false}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
