package sentiment

import (
	"context"
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

func BenchmarkScore(b *testing.B) {
	b.Run("engine", func(b *testing.B) {
		e := New()
		asks := make([]mood.Ask, len(headlines))
		for i, h := range headlines {
			asks[i] = mood.Ask{Title: h, Target: "Nokia", Language: "en"}
		}
		b.ReportAllocs()
		b.ResetTimer()
		for range b.N {
			if _, err := e.Score(context.Background(), asks); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N*len(asks))/b.Elapsed().Seconds(), "headlines/s")
	})
	b.Run("floor: bare govader", func(b *testing.B) {
		v := govader.NewSentimentIntensityAnalyzer()
		b.ReportAllocs()
		b.ResetTimer()
		for range b.N {
			for _, h := range headlines {
				v.PolarityScores(h)
			}
		}
		b.ReportMetric(float64(b.N*len(headlines))/b.Elapsed().Seconds(), "headlines/s")
	})
}
