package mood

import "math"

// Tally is what a number of readings add up to.
type Tally struct {
	Positive, Neutral, Unclear, Negative int64 // Neutral excludes Unclear
	Stories                              int64 // stories begun; only series count them, no rows
	Sum                                  int64 // of scores, in thousandths
	SumSquares                           int64 // of scores in thousandths
}

// Mentions is the number of readings in the tally.
func (t Tally) Mentions() int64 { return t.Positive + t.Neutral + t.Unclear + t.Negative }

// Mood is (positive − negative) / all, −1…1; NaN when the tally is empty.
func (t Tally) Mood() float64 {
	n := t.Mentions()
	if n == 0 {
		return math.NaN()
	}
	return float64(t.Positive-t.Negative) / float64(n)
}

// Add adds u to t.
func (t *Tally) Add(u Tally) {
	t.Positive += u.Positive
	t.Neutral += u.Neutral
	t.Unclear += u.Unclear
	t.Negative += u.Negative
	t.Stories += u.Stories
	t.Sum += u.Sum
	t.SumSquares += u.SumSquares
}

// Minus is the tally that, added to another, takes t away from it.
func (t Tally) Minus() Tally {
	return Tally{-t.Positive, -t.Neutral, -t.Unclear, -t.Negative, -t.Stories, -t.Sum, -t.SumSquares}
}

// TallyOf is the tally of a single reading: nothing, if a person said that the
// mention isn't about the brand.
func TallyOf(r Reading) Tally {
	if r.Irrelevant {
		return Tally{}
	}
	s := int64(math.Round(r.Score * 1000))
	t := Tally{Sum: s, SumSquares: s * s}
	switch r.Label {
	case Positive:
		t.Positive = 1
	case Negative:
		t.Negative = 1
	case Unclear:
		t.Unclear = 1
	case Neutral:
		t.Neutral = 1
	}
	return t
}

// Total is a tally as boards show it.
type Total struct {
	Mentions int64    `json:"mentions"`
	Stories  *int64   `json:"stories"` // begun in the window; null where not every mention has a story
	Positive int64    `json:"positive"`
	Neutral  int64    `json:"neutral"`
	Unclear  int64    `json:"unclear"`
	Negative int64    `json:"negative"`
	Mood     *float64 `json:"mood"` // −1…1; null when there are no mentions
}

// Total gives the tally as boards show it, with its mood in ten-thousandths.
func (t Tally) Total() Total {
	return Total{
		Mentions: t.Mentions(), Positive: t.Positive, Neutral: t.Neutral,
		Unclear: t.Unclear, Negative: t.Negative, Mood: t.moodPointer(),
	}
}

func (t Tally) moodPointer() *float64 {
	m := t.Mood()
	if math.IsNaN(m) {
		return nil
	}
	m = math.Round(m*1e4) / 1e4
	return &m
}

// Tally gives back the counts of a total; the sums of scores are not in it.
func (t Total) Tally() Tally {
	u := Tally{Positive: t.Positive, Neutral: t.Neutral, Unclear: t.Unclear, Negative: t.Negative}
	if t.Stories != nil {
		u.Stories = *t.Stories
	}
	return u
}
