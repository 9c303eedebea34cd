package snapshot

import (
	"testing"
	"time"
)

// The bars of a fresh picture on an idle core, of which drawing the SVG may
// take most: what makes a PNG of it comes on top.
var fresh = []struct {
	chart string
	bar   time.Duration
}{
	{"mood", 80 * time.Millisecond}, {"share", 80 * time.Millisecond}, {"timeline", 120 * time.Millisecond}, {"map", 200 * time.Millisecond},
	{"topics", 120 * time.Millisecond}, {"sources", 120 * time.Millisecond}, {"languages", 120 * time.Millisecond},
	{"rhythm", 120 * time.Millisecond}, {"activity", 120 * time.Millisecond},
}

func BenchmarkEngine(b *testing.B) {
	p := newPainter(b)
	for _, c := range fresh {
		b.Run(c.chart, func(b *testing.B) {
			pic := Picture{Option: golden(b, "one", c.chart), Theme: "light", Width: 1200, Height: 600}
			if _, err := p.SVG(b.Context(), pic); err != nil { // an engine that runs
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := p.SVG(b.Context(), pic); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(c.bar.Milliseconds()), "bar-ms")
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms")
		})
	}
}

func BenchmarkEngineStart(b *testing.B) {
	c := parts(b)
	s := newScript(c.Script, c.Fonts)
	if _, err := s.compiled(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		e, err := s.start()
		if err != nil {
			b.Fatal(err)
		}
		if err := e.close(); err != nil {
			b.Fatal(err)
		}
	}
}
