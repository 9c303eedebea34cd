package charts

import (
	"cmp"
	"fmt"
	"math"

	"agora/mood"
)

// Verdict is what a sentence says about the mood, for whoever wants to mark it.
type Verdict string

// The verdicts.
const (
	TooFew Verdict = "too-few" // to judge
	More   Verdict = "more"    // liked than usual, or than before
	Less   Verdict = "less"
	Same   Verdict = "same"
	Liked  Verdict = "liked" // with nothing to compare
	Mixed  Verdict = "mixed"
	Unkind Verdict = "disliked"
)

// enough is the number of mentions from which a mood is worth a word.
const enough = 10

// certain is how many standard errors apart two moods must be to differ.
const certain = 1.96

// thisSpan names the windows within a sentence, which is English: none stands in
// a picture or a table.
var thisSpan = map[string]string{"1h": "this hour", "24h": "today", "7d": "this week", "30d": "this month", "90d": "this quarter"}

type sentence struct {
	text    string
	verdict Verdict
	change  *float64
}

// sentenceOf says in words how a brand does. It calls nothing a change that
// chance explains.
func sentenceOf(name, window string, b *mood.BrandBoard) sentence {
	now, before := b.Total.Tally(), b.Before.Tally()
	w := english()
	this := cmp.Or(thisSpan[window], "in this window")
	last := cmp.Or(w.Spans[window].Before, w.Notes.WindowBefore)
	var s sentence
	if now.Mentions() > 0 && before.Mentions() > 0 {
		c := roundTo(now.Mood()-before.Mood(), 4)
		s.change = &c
	}
	switch n := now.Mentions(); {
	case n == 0:
		s.verdict = TooFew
		s.text = fmt.Sprintf("Nobody mentioned %s %s.", name, this)
		return s
	case n < enough:
		s.verdict = TooFew
		s.text = fmt.Sprintf("%s: %s %s, too few to judge.", name, w.mentions(n), this)
		return s
	}

	change := "" // beside the figure, where the sentence compares with something else
	switch {
	case b.Baseline != nil:
		s.verdict = againstUsual(now, b.Baseline.Mood)
		s.text = map[Verdict]string{
			More: "%s is liked more than usual %s", Less: "%s is liked less than usual %s", Same: "%s is liked about as usual %s",
		}[s.verdict]
		s.text = fmt.Sprintf(s.text, name, this)
		if before.Mentions() >= enough {
			change = fmt.Sprintf(" (%s on %s)", w.signed(shownChange(now, before)), last)
		}
	case before.Mentions() >= enough:
		s.verdict = againstBefore(now, before)
		s.text = map[Verdict]string{
			More: "%s is liked more than %s", Less: "%s is liked less than %s", Same: "%s is liked about as much as %s",
		}[s.verdict]
		s.text = fmt.Sprintf(s.text, name, last)
		change = fmt.Sprintf(" (%s)", w.signed(shownChange(now, before)))
	default:
		s.verdict = alone(now)
		s.text = map[Verdict]string{
			Liked: "%s is liked %s", Unkind: "%s is disliked %s", Mixed: "Feelings about %s are mixed %s",
		}[s.verdict]
		s.text = fmt.Sprintf(s.text, name, this)
	}
	s.text += fmt.Sprintf(": %s%s, %s", w.signed(now.Mood()), change, w.mentions(now.Mentions()))
	if b.Baseline != nil {
		s.text += volumeWord(now.Mentions(), b.Baseline.Mentions)
	}
	if b.Total.Stories != nil {
		s.text += ", " + Many(*b.Total.Stories, "new story", "new stories")
	}
	s.text += "."
	return s
}

// againstUsual compares with the usual band. The band holds what the mood of
// such a window usually is, so a mood within it is usual, whatever its mean.
func againstUsual(now mood.Tally, band mood.Band) Verdict {
	m, sure := now.Mood(), certain*math.Sqrt(variance(now))
	switch {
	case m > band.High && m-band.Mean > sure:
		return More
	case m < band.Low && band.Mean-m > sure:
		return Less
	default:
		return Same
	}
}

// shownChange is the difference of two moods as both are shown, so that who
// subtracts one figure on the screen from the other finds the same.
func shownChange(now, before mood.Tally) float64 {
	return (math.Round(100*now.Mood()) - math.Round(100*before.Mood())) / 100
}

// againstBefore compares two windows as two samples.
func againstBefore(now, before mood.Tally) Verdict {
	sure := certain * math.Sqrt(variance(now)+variance(before))
	switch d := now.Mood() - before.Mood(); {
	case d > sure:
		return More
	case d < -sure:
		return Less
	default:
		return Same
	}
}

// alone judges a mood that there is nothing to compare with.
func alone(now mood.Tally) Verdict {
	sure := certain * math.Sqrt(variance(now))
	switch m := now.Mood(); {
	case m > sure:
		return Liked
	case m < -sure:
		return Unkind
	default:
		return Mixed
	}
}

// volumeWord adds to a number of mentions whether it is an unusual one.
func volumeWord(n int64, band mood.Band) string {
	switch {
	case float64(n) > band.High:
		return ", more than usual"
	case float64(n) < band.Low:
		return ", fewer than usual"
	default:
		return ""
	}
}
