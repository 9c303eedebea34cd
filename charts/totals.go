package charts

import (
	"time"

	"agora/mood"
)

// BoardTotals are the figures at the head of a view.
type BoardTotals struct {
	AsOf   time.Time              `json:"as_of"`
	Brands map[string]BrandTotals `json:"brands"`
}

// BrandTotals are the figures of one brand, and the sentence that they make.
type BrandTotals struct {
	Name     string          `json:"name"`
	Color    string          `json:"color"`
	Total    mood.Total      `json:"total"`
	Before   mood.Total      `json:"before"`
	Baseline *mood.Baseline  `json:"baseline"`
	Change   *float64        `json:"change"` // of mood against the window before, −2…2; null: one of the two had no mention
	Verdict  Verdict         `json:"verdict"`
	Sentence string          `json:"sentence"`
	Last     *time.Time      `json:"last"` // when the newest mention was published; null: none in the window
	Activity []ActivityTotal `json:"activity"`
}

// Totals gives the figures at the head of a board's view.
func Totals(b *mood.Board) BoardTotals {
	v := viewOf(b, nil)
	t := BoardTotals{AsOf: b.AsOf, Brands: map[string]BrandTotals{}}
	for i, brand := range v.brands {
		bb := v.boards[i]
		s := sentenceOf(brand.Name, b.Window, bb)
		t.Brands[brand.ID] = BrandTotals{
			Name: brand.Name, Color: brand.Color, Total: bb.Total, Before: bb.Before, Baseline: bb.Baseline,
			Change: s.change, Verdict: s.verdict, Sentence: s.text, Last: bb.Last, Activity: v.words().Counters(bb, b.Window),
		}
	}
	return t
}
