package sentiment

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"

	"agora/mood"
)

func score(t testing.TB, e *Engine, ask mood.Ask) mood.Reading {
	t.Helper()
	r, err := e.Score(context.Background(), []mood.Ask{ask})
	if err != nil {
		t.Fatal(err)
	}
	return r[0]
}

func TestTheLabelIsTowardsTheTarget(t *testing.T) {
	e := New()
	for _, c := range []struct {
		title, target string
		want          mood.Label
	}{
		{"Nokia wins award for its excellent network", "Nokia", mood.Positive},
		{"Nokia shares plunge after profit warning", "Nokia", mood.Negative},
		{"Nokia to hold its annual meeting in Espoo", "Nokia", mood.Neutral},
		{"I don't like my new Nokia", "Nokia", mood.Negative},
		{"I don’t like my new Nokia", "Nokia", mood.Negative},
		{"My Nokia 👍 love it", "Nokia", mood.Positive},
		{"Ericsson is terrible; Nokia is wonderful", "Nokia", mood.Positive},
		{"Ericsson is terrible; Nokia is wonderful", "Ericsson", mood.Negative},
		{"Vodafone is a nightmare, but Elisa is great", "Vodafone", mood.Negative},
		{"Vodafone is a nightmare, but Elisa is great", "Elisa", mood.Positive},
		{"Despite the deadly storm, Nokia opened its stand", "Nokia", mood.Neutral},
		{"Although Ericsson is failing, Nokia had an excellent quarter", "Ericsson", mood.Negative},
		{"Although Ericsson is failing, Nokia had an excellent quarter", "Nokia", mood.Positive},
		{"The Nokia looks great, but it is awful to hold and horrible to use", "Nokia", mood.Negative},
		{"Terrible weather in Oulu. Nokia opens a shop. Awful traffic too.", "Nokia", mood.Neutral},
		{"Fatal Fury: trailer for the new character", "Fatal Fury", mood.Neutral},
		{"The Honest Company names a marketing officer", "Honest Company", mood.Neutral},
		{"Nokia to offer shares to its staff, in the interest of all", "Nokia", mood.Neutral},
		{"Nokia has a new phone. It is terrible.", "Nokia", mood.Negative},
		{"Nokia has a new phone. Everybody is terrible.", "Nokia", mood.Neutral},
		{"Nokia is the bestttttt", "Nokia", mood.Positive},
		{"Nokia 👎👎👎", "Nokia", mood.Negative},
		{"Nokia 🤬", "Nokia", mood.Negative},
		{"Nokia 🚀", "Nokia", mood.Positive},
		{"No more of that Nokia #BoycottNokia", "Nokia", mood.Negative},
		{"Nokia’s network was hacked", "Nokia", mood.Negative},
	} {
		if r := score(t, e, mood.Ask{Title: c.title, Target: c.target, Language: "en"}); r.Label != c.want {
			t.Errorf("%q towards %s: %v (%.2f %v), want %v", c.title, c.target, r.Label, r.Score, r.Reasons, c.want)
		}
	}
}

func TestTheTitleDecidesAndTheTextAnswersWhereItIsSilent(t *testing.T) {
	e := New()
	for _, c := range []struct {
		title, text string
		want        mood.Label
		field       string
	}{
		{"Nokia is wonderful", "Nokia is terrible and awful.", mood.Positive, "title"},
		{"Nokia news", "Something else is great. Nokia is terrible.", mood.Negative, "text"},
		{"Awful week for markets", "Nokia did an excellent job.", mood.Positive, "text"},
		{"", "Nokia is great.", mood.Positive, "text"},
	} {
		r := score(t, e, mood.Ask{Title: c.title, Text: c.text, Target: "Nokia", Language: "en-GB"})
		if r.Label != c.want || len(r.Reasons) == 0 || r.Reasons[0].Field != c.field {
			t.Errorf("%q / %q: %v for %v, want %v for words in the %s", c.title, c.text, r.Label, r.Reasons, c.want, c.field)
		}
	}
}

func TestSpansSayWhereTheTargetIs(t *testing.T) {
	e := New()
	title := "The Finns are great; the Swedes are terrible"
	for _, c := range []struct {
		name string
		want mood.Label
	}{{"Finns", mood.Positive}, {"Swedes", mood.Negative}} {
		at := strings.Index(title, c.name)
		r := score(t, e, mood.Ask{Title: title, Target: "a name that is not written here", Language: "en",
			Spans: []mood.Span{{Field: "title", Start: at, End: at + len(c.name)}}})
		if r.Label != c.want {
			t.Errorf("%s: %v, want %v", c.name, r.Label, c.want)
		}
	}
}

func TestAsManyWordsForAsAgainstAreUnclear(t *testing.T) {
	r := score(t, New(), mood.Ask{Title: "Nokia phones: great camera, horrible battery", Target: "Nokia", Language: "en"})
	if r.Label != mood.Unclear || r.Confidence > 0.3 || len(r.Reasons) != 2 {
		t.Errorf("got %+v", r)
	}
}

func TestWhatCannotBeReadIsUnclear(t *testing.T) {
	e := New()
	for _, ask := range []mood.Ask{
		{Title: "Nokia great love wonderful", Language: "fi"},
		{Title: "Nokia ist wunderbar, super", Language: "de-DE"},
		{Title: "诺基亚 love 发布了新手机,大家都很喜欢它"},
		{Title: "Nokia для всех: отличный телефон"},
		{Title: "El nuevo Nokia es super y el mejor de los baratos"},
		{Title: "Min nya Nokia är super och jag är nöjd med den"},
	} {
		ask.Target = "Nokia"
		if r := score(t, e, ask); r.Label != mood.Unclear || r.Confidence != 0 || r.Score != 0 || len(r.Reasons) != 0 {
			t.Errorf("%q (%s): %+v", ask.Title, ask.Language, r)
		}
	}
	for _, title := range []string{"Nokia is wonderful", "Café Nokia: wonderful crêpes in Łódź", "Nokia wins"} {
		if r := score(t, e, mood.Ask{Title: title, Target: "Nokia"}); r.Label != mood.Positive {
			t.Errorf("%q without a language: %+v", title, r)
		}
	}
}

func TestReasonsAreTheWordsThatDecided(t *testing.T) {
	e := New()
	title := "👍🏽 “Nokia” is “terrible”, but it’s not bad!"
	r := score(t, e, mood.Ask{Title: title, Target: "Nokia", Language: "en"})
	found := map[string]float64{}
	for i, reason := range r.Reasons {
		if got := string([]rune(title)[reason.Start:reason.End]); got != reason.Text || reason.Field != "title" {
			t.Errorf("the span of %q cuts out %q", reason.Text, got)
		}
		if i > 0 && math.Abs(reason.Weight) > math.Abs(r.Reasons[i-1].Weight) {
			t.Errorf("reasons are not in the order of their weight: %v", r.Reasons)
		}
		found[reason.Text] = reason.Weight
	}
	if found["terrible"] >= 0 || found["bad"] <= 0 {
		t.Errorf("terrible should weigh against and (not) bad for: %v", r.Reasons)
	}
	if r := score(t, e, mood.Ask{Title: "Nokia is great", Target: "Nokia", Language: "en"}); len(r.Reasons) != 1 || r.Reasons[0].Weight != r.Score {
		t.Errorf("a single word should carry the whole score: %+v", r)
	}
}

func TestFiguresStayInTheirBounds(t *testing.T) {
	e := New()
	words := strings.Fields("great terrible not very Nokia but although , . ! 👎 AWFUL isn't x ; — ok : ) :( \n")
	for i := range 3000 {
		var b strings.Builder
		for j, n := 0, i; j < 9; j++ {
			n = (n*31 + 7*j + i) % 10007
			b.WriteString(words[n%len(words)])
			b.WriteByte(' ')
		}
		r := score(t, e, mood.Ask{Title: b.String(), Text: b.String(), Target: "Nokia", Language: "en"})
		if !(r.Score >= -1 && r.Score <= 1 && r.Confidence >= 0 && r.Confidence <= 1) || len(r.Reasons) > maxReasons {
			t.Fatalf("%q: %+v", b.String(), r)
		}
		switch {
		case r.Label == mood.Positive && r.Score < decided, r.Label == mood.Negative && r.Score > -decided:
			t.Fatalf("%q: %v with a score of %v", b.String(), r.Label, r.Score)
		}
	}
}

func TestOddInputIsAnsweredToo(t *testing.T) {
	e := New()
	long := strings.Repeat("great ", 200_000)
	for _, ask := range []mood.Ask{
		{}, {Title: "great"}, {Target: "Nokia"}, {Title: "\xff\xfe Nokia \xff great", Target: "Nokia"}, {Title: long, Text: long, Target: "great"},
		{Title: "Nokia", Target: "Nokia", Spans: []mood.Span{{Field: "title", Start: -1, End: 900}, {Field: "x"}, {Field: "text", Start: 3, End: 1}}},
		{Title: strings.Repeat("Nokia but ", 3000), Target: "Nokia"},
		{Title: "Nokia " + strings.Repeat("bad ", 5000), Text: strings.Repeat("Nokia is bad. ", 5000), Target: "Nokia"},
	} {
		score(t, e, ask)
	}
}

func TestManyMayScoreAtOnce(t *testing.T) {
	e := New()
	asks := make([]mood.Ask, 0, 40)
	for i := range 40 {
		asks = append(asks, mood.Ask{Title: fmt.Sprintf("%s number %d 👍, but not bad", headlines[i%len(headlines)], i), Target: "Nokia", Language: "en"})
	}
	want := fmt.Sprint(e.Score(context.Background(), asks))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if got := fmt.Sprint(e.Score(context.Background(), asks)); got != want {
				t.Errorf("got other readings beside others")
			}
		})
	}
	group.Wait()
}

func TestAnEndedContextStopsScoring(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := New().Score(ctx, make([]mood.Ask, 3)); err == nil || r != nil {
		t.Errorf("got %v, %v", r, err)
	}
}

func FuzzScore(f *testing.F) {
	e := New()
	f.Add("Nokia is great, but it’s awful 👎 :(", "Although Nokia… U.S. Inc. fails!", "Nokia", 0, 5)
	f.Fuzz(func(t *testing.T, title, text, target string, start, end int) {
		if len(title)+len(text) > 4000 {
			return
		}
		r := score(t, e, mood.Ask{Title: title, Text: text, Target: target, Spans: []mood.Span{{Field: "title", Start: start, End: end}}})
		if !(r.Score >= -1 && r.Score <= 1) {
			t.Errorf("%+v", r)
		}
		for _, reason := range r.Reasons {
			runes := []rune(title)
			if reason.Field == "text" {
				runes = []rune(text)
			}
			if got := string(runes[reason.Start:reason.End]); got != reason.Text {
				t.Errorf("%q at [%d, %d) is %q", reason.Text, reason.Start, reason.End, got)
			}
		}
	})
}
