package sentiment

import (
	"context"
	"fmt"
	"testing"

	"agora/mood"

	"github.com/jonreiter/govader"
)

var headlines = []string{
	"Nokia wins big 5G deal in India as rivals struggle",
	"Nokia shares plunge after profit warning",
	"Nokia to publish its interim report on Thursday",
	"Ericsson and Nokia agree on a common interface for open networks",
	"I love my old Nokia, but the new one is a terrible disappointment",
}

var posts = []string{
	"ok so my Nokia has now survived three kids, two dogs and a washing machine. Meanwhile my sister's brand new phone died after a week 😂 never going back, honestly #nokia",
	"Hey @NokiaHelp, second time this month that the update breaks my alarm. I was late for work AGAIN because of you. Does anybody there test anything before you ship it?? 🤬",
	"Just picked up the Nokia X30 at the shop on Mannerheimintie, will post some pictures tonight when I get home. Which charger does it need, the old one from my Samsung or a new one?",
	"Not gonna lie, I expected nothing from the new Nokia after all the reviews, but two weeks in the battery still lasts three days and the screen is gorgeous. Well done http://example.org/x",
}

func BenchmarkScore(b *testing.B) {
	e, err := New()
	if err != nil {
		b.Fatal(err)
	}
	for _, set := range []struct {
		name  string
		texts []string
	}{{"headlines", headlines}, {"posts", posts}} {
		asks := make([]mood.Ask, 0, 200)
		for i := range 200 {
			asks = append(asks, mood.Ask{Title: set.texts[i%len(set.texts)], Target: "Nokia", Language: "en"})
		}
		if _, err := e.Score(context.Background(), asks); err != nil { // words are met once
			b.Fatal(err)
		}
		b.Run(set.name+"/engine", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Score(context.Background(), asks); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*len(asks))/b.Elapsed().Seconds(), "texts/s")
		})
		b.Run(set.name+"/floor: bare govader", func(b *testing.B) {
			v := govader.NewSentimentIntensityAnalyzer()
			b.ReportAllocs()
			for b.Loop() {
				for i := range asks {
					v.PolarityScores(asks[i].Title)
				}
			}
			b.ReportMetric(float64(b.N*len(asks))/b.Elapsed().Seconds(), "texts/s")
		})
	}
}

// BenchmarkStart is what a program waits for from its start to its first
// English reading: weights, vocabulary and the English lists.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		e, err := New()
		if err != nil {
			b.Fatal(err)
		}
		if _, err := e.Score(context.Background(), []mood.Ask{{Title: headlines[0], Target: "Nokia", Language: "en"}}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRules is the first set of headlines without and with as many phrase
// rules as a configuration may have.
func BenchmarkRules(b *testing.B) {
	asks := make([]mood.Ask, 0, 200)
	for i := range 200 {
		asks = append(asks, mood.Ask{Title: headlines[i%len(headlines)], Target: "Nokia", Language: "en"})
	}
	for _, n := range []int{0, 500} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			e, err := New()
			if err != nil {
				b.Fatal(err)
			}
			rules := make([]mood.PhraseRule, n)
			for i := range rules {
				rules[i] = mood.PhraseRule{Phrase: fmt.Sprintf("phrase number %d", i), Label: mood.Neutral}
			}
			if err := e.SetRules(rules); err != nil {
				b.Fatal(err)
			}
			if _, err := e.Score(context.Background(), asks); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := e.Score(context.Background(), asks); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
