package mood

import (
	"slices"
	"strings"
)

// MostStars is how many stars a review can have.
const MostStars = 5

// KindStars is the kind of a reason that is the stars which an author gave.
const KindStars = "stars"

// ByStars is the reading of a review towards what it reviews, by the stars that
// its author gave: five are +1, four +0.5, three 0, two −0.5 and one −1. The
// author has said how it is meant, so it is sure, and no text is judged: three
// stars are the middle in the author's own words, though most such texts praise
// one thing and blame another.
func ByStars(stars int) Reading {
	r := Reading{Label: Neutral, Score: float64(stars-3) / 2, Confidence: 1}
	switch {
	case r.Score > 0:
		r.Label = Positive
	case r.Score < 0:
		r.Label = Negative
	}
	r.Lean = r.Label
	shown := strings.Repeat("★", stars) + strings.Repeat("☆", MostStars-stars)
	r.Reasons = []Reason{{Text: shown, Weight: r.Score, Kind: KindStars}}
	return r
}

// Rated says whether the label comes, or came before a person corrected it,
// from the stars that the author gave, and not from an engine.
func (r Reading) Rated() bool { return rated(r.Reasons) }

// Rated says whether what was corrected was no engine's word but the author's.
func (c Corrected) Rated() bool { return rated(c.Reasons) }

func rated(reasons []Reason) bool {
	return slices.ContainsFunc(reasons, func(r Reason) bool { return r.Kind == KindStars })
}
