package mood

import "testing"

func TestStarsSayHowAReviewIsMeant(t *testing.T) {
	for stars, want := range map[int]Reading{
		1: {Label: Negative, Score: -1, Reasons: []Reason{{Text: "★☆☆☆☆"}}},
		2: {Label: Negative, Score: -0.5, Reasons: []Reason{{Text: "★★☆☆☆"}}},
		3: {Label: Neutral, Reasons: []Reason{{Text: "★★★☆☆"}}},
		4: {Label: Positive, Score: 0.5, Reasons: []Reason{{Text: "★★★★☆"}}},
		5: {Label: Positive, Score: 1, Reasons: []Reason{{Text: "★★★★★"}}},
	} {
		r := ByStars(stars)
		if r.Label != want.Label || r.Lean != want.Label || r.Score != want.Score || r.Confidence != 1 || r.Corrected || !r.Rated() ||
			len(r.Reasons) != 1 || r.Reasons[0].Text != want.Reasons[0].Text || r.Reasons[0].Weight != want.Score || r.Reasons[0].Kind != "stars" {
			t.Errorf("%d stars: %+v", stars, r)
		}
	}
	negative := Negative
	if r := ByStars(5).Correct(Correction{Label: &negative}); r.Label != Negative || r.Score >= 0 || r.Engine == nil || r.Engine.Score != 1 {
		t.Errorf("a person's word against five stars: %+v", r)
	}
}
