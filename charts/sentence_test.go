package charts

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"agora/mood"
)

func brandBoard(now, before mood.Tally, usual *mood.Baseline, stories int64) *mood.BrandBoard {
	b := &mood.BrandBoard{Total: now.Total(), Before: before.Total(), Baseline: usual}
	if stories > 0 {
		b.Total.Stories = &stories
	}
	return b
}

func TestSentences(t *testing.T) {
	usual := &mood.Baseline{Mood: mood.Band{Mean: 0.1, Low: 0.02, High: 0.18}, Mentions: mood.Band{Mean: 900, Low: 600, High: 1500}}
	for _, c := range []struct {
		name, window string
		board        *mood.BrandBoard
		verdict      Verdict
		want         string
	}{
		{"above the usual band", "24h", brandBoard(mood.Tally{Positive: 600, Neutral: 377, Negative: 227}, mood.Tally{Positive: 500, Neutral: 397, Negative: 270}, usual, 318),
			More, "Nokia is liked more than usual today: +31 (+11 on the day before), 1,204 mentions, 318 new stories."},
		{"below the usual band", "7d", brandBoard(mood.Tally{Positive: 100, Neutral: 300, Negative: 400}, mood.Tally{Positive: 3}, usual, 0),
			Less, "Nokia is liked less than usual this week: −38, 800 mentions."},
		{"within the usual band", "24h", brandBoard(mood.Tally{Positive: 300, Neutral: 250, Negative: 200}, mood.Tally{Positive: 300, Neutral: 250, Negative: 200}, usual, 1),
			Same, "Nokia is liked about as usual today: +13 (0 on the day before), 750 mentions, 1 new story."},
		{"outside the band by chance", "1h", brandBoard(mood.Tally{Positive: 6, Neutral: 3, Negative: 3}, mood.Tally{}, usual, 0),
			Same, "Nokia is liked about as usual this hour: +25, 12 mentions, fewer than usual."},
		{"more of it than usual", "24h", brandBoard(mood.Tally{Positive: 700, Neutral: 800, Negative: 500}, mood.Tally{}, usual, 40),
			Same, "Nokia is liked about as usual today: +10, 2,000 mentions, more than usual, 40 new stories."},
		{"no baseline, better than before", "24h", brandBoard(mood.Tally{Positive: 600, Neutral: 377, Negative: 227}, mood.Tally{Positive: 300, Neutral: 397, Negative: 270}, nil, 0),
			More, "Nokia is liked more than the day before: +31 (+28), 1,204 mentions."},
		{"no baseline, worse than before", "30d", brandBoard(mood.Tally{Positive: 100, Negative: 300}, mood.Tally{Positive: 300, Negative: 100}, nil, 0),
			Less, "Nokia is liked less than the month before: −50 (−100), 400 mentions."},
		{"no baseline, noise", "24h", brandBoard(mood.Tally{Positive: 8, Neutral: 5, Negative: 5}, mood.Tally{Positive: 6, Neutral: 5, Negative: 7}, nil, 0),
			Same, "Nokia is liked about as much as the day before: +17 (+23), 18 mentions."},
		{"nothing to compare, liked", "90d", brandBoard(mood.Tally{Positive: 60, Neutral: 20, Negative: 20}, mood.Tally{Positive: 2}, nil, 0),
			Liked, "Nokia is liked this quarter: +40, 100 mentions."},
		{"nothing to compare, disliked", "24h", brandBoard(mood.Tally{Positive: 10, Neutral: 20, Negative: 60}, mood.Tally{}, nil, 0),
			Unkind, "Nokia is disliked today: −56, 90 mentions."},
		{"nothing to compare, either way", "24h", brandBoard(mood.Tally{Positive: 10, Neutral: 20, Negative: 9}, mood.Tally{}, nil, 0),
			Mixed, "Feelings about Nokia are mixed today: +3, 39 mentions."},
		{"too few", "24h", brandBoard(mood.Tally{Positive: 4}, mood.Tally{Positive: 900}, usual, 0),
			TooFew, "Nokia: 4 mentions today, too few to judge."},
		{"one", "1h", brandBoard(mood.Tally{Negative: 1}, mood.Tally{}, nil, 0),
			TooFew, "Nokia: 1 mention this hour, too few to judge."},
		{"none", "24h", brandBoard(mood.Tally{}, mood.Tally{Positive: 20}, usual, 0),
			TooFew, "Nobody mentioned Nokia today."},
		{"a window without a name", "2h", brandBoard(mood.Tally{}, mood.Tally{}, nil, 0),
			TooFew, "Nobody mentioned Nokia in this window."},
	} {
		got := sentenceOf("Nokia", c.window, c.board)
		if got.text != c.want || got.verdict != c.verdict {
			t.Errorf("%s:\n got (%s) %s\nwant (%s) %s", c.name, got.verdict, got.text, c.verdict, c.want)
		}
	}
}

// Two windows of the same feeling differ by chance alone; a sentence that
// called that a change would be wrong.
func TestChanceIsSeldomCalledAChange(t *testing.T) {
	const runs = 2000
	for _, n := range []int{10, 40, 400} {
		wrong := 0
		for i := range runs {
			now := draw(newRand(uint64(i), 1), float64(n), 0.1)
			before := draw(newRand(uint64(i), 2), float64(n), 0.1)
			if againstBefore(now, before) != Same {
				wrong++
			}
		}
		if share := float64(wrong) / runs; share > 0.07 {
			t.Errorf("of windows of %d mentions of equal feeling, %.1f %% are said to differ", n, 100*share)
		}
	}
}

func TestARealChangeIsCalledOne(t *testing.T) {
	const runs = 200
	found := 0
	for i := range runs {
		now, before := draw(newRand(uint64(i), 1), 400, 0.3), draw(newRand(uint64(i), 2), 400, -0.3)
		if againstBefore(now, before) == More {
			found++
		}
	}
	if found < runs*9/10 {
		t.Errorf("a change of 30 points in 400 mentions is noticed %d times in %d", found, runs)
	}
}

func TestTotalsCarryWhatTheHeadOfAPageSays(t *testing.T) {
	b := boards()["one"]
	got := Totals(b)
	n := got.Brands["nokia"]
	if !got.AsOf.Equal(b.AsOf) || n.Name != "Nokia" || n.Color != "#005AFF" || n.Total.Mentions != b.Brands["nokia"].Total.Mentions || n.Last == nil {
		t.Errorf("totals %+v", got)
	}
	if want := *n.Total.Mood - *n.Before.Mood; n.Change == nil || math.Abs(*n.Change-want) > 1e-3 {
		t.Errorf("change %v, want %.4f", n.Change, want)
	}
	if want := fmt.Sprintf(": %s ", english().signed(*n.Total.Mood)); !strings.Contains(n.Sentence, want) {
		t.Errorf("%q does not say %q", n.Sentence, want)
	}
	raw, err := json.Marshal(Totals(boards()["empty"]))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"change":null`, `"last":null`, `"baseline":null`, `"mood":null`, `"Nobody mentioned Nokia today."`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("totals of an empty board lack %s: %s", want, raw)
		}
	}
}

func TestTheChangeIsTheDifferenceOfTheFiguresShown(t *testing.T) {
	now, before := mood.Tally{Positive: 424, Neutral: 576}, mood.Tally{Positive: 176, Neutral: 824} // 42.4 and 17.6: 24.8 apart
	if got := english().signed(shownChange(now, before)); got != "+24" {
		t.Errorf("+42 after +18 is %s", got)
	}
}
