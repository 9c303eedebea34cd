package engine

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"agora/mood"
)

func TestAnExcerptHoldsTheFirstPlaceThatNamesTheTarget(t *testing.T) {
	before, after := strings.Repeat("some words ", 300), strings.Repeat(" and more", 300)
	at := len(before)
	x := cutOut(&mood.Ask{Title: "A title", Text: before + "Nokia" + after, Spans: []mood.Span{
		{Field: "text", Start: at + 1000, End: at + 1005}, {Field: "text", Start: at, End: at + 5},
	}}, 200)
	s := x.String()
	if len(s) > 200 || len(s) < 100 || !strings.Contains(s, "Nokia") {
		t.Errorf("%d letters: %s", len(s), s)
	}
	if !strings.HasPrefix(s, "words ") && !strings.HasPrefix(s, "some ") || strings.HasSuffix(s, "an") {
		t.Errorf("cut within a word: %s", s)
	}
	i := strings.Index(s, "Nokia")
	if r := x.place(i, i+5); r.Text != "Nokia" || r.Field != "text" || r.Start != at || r.End != at+5 {
		t.Errorf("it stands at %+v, not %d", r, at)
	}
}

func TestATargetInTheTitleKeepsTheBeginning(t *testing.T) {
	x := cutOut(&mood.Ask{
		Title: "Nokia wins", Text: strings.Repeat("word ", 300),
		Spans: []mood.Span{{Field: "text", Start: 0, End: 4}, {Field: "title", Start: 0, End: 5}},
	}, 100)
	if !strings.HasPrefix(x.String(), "Nokia wins\nword ") {
		t.Errorf("%s", x)
	}
}

func TestOfScriptsWithATokenForEachLetterHalfAsMuchIsSent(t *testing.T) {
	for text, want := range map[string]int{
		strings.Repeat("ä", 500): 100, strings.Repeat("诺", 500): 50, strings.Repeat("ノ", 500): 50,
		strings.Repeat("노", 500): 50, strings.Repeat("โ", 500): 50, strings.Repeat("诺aaaaaaaaa", 50): 100,
	} {
		if n := len(cutOut(&mood.Ask{Text: text}, 100).runes); n != want {
			t.Errorf("%d of %.12s…, not %d", n, text, want)
		}
	}
}

func TestAnExcerptIsAPartOfTheTextAndKnowsWhereItStands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.StringOfN(rapid.RuneFrom([]rune("aB ä诺\n")), 0, 120, -1)
		ask := mood.Ask{Title: letters.Draw(t, "title"), Text: letters.Draw(t, "text")}
		for range rapid.IntRange(0, 2).Draw(t, "spans") {
			// Spans may be wrong: they come from elsewhere.
			start := rapid.IntRange(0, 150).Draw(t, "start")
			ask.Spans = append(ask.Spans, mood.Span{Field: rapid.SampledFrom([]string{"title", "text"}).Draw(t, "field"), Start: start, End: start + 3})
		}
		longest := rapid.IntRange(2, 60).Draw(t, "longest")
		x := cutOut(&ask, longest)
		if len(x.runes) > longest {
			t.Fatalf("%d code points, not %d", len(x.runes), longest)
		}
		fields := map[string][]rune{"title": []rune(ask.Title), "text": []rune(ask.Text)}
		for i, r := range x.runes {
			if x.crosses(i, i+1) {
				continue
			}
			at := x.place(i, i+1)
			if at.Text != string(r) || fields[at.Field][at.Start] != r || at.End != at.Start+1 {
				t.Fatalf("%q stands at %+v", r, at)
			}
		}
	})
}
