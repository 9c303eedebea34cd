package draw

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"os"
	"strings"
	"testing"
)

func benchmarks(b *testing.B) map[string][]byte {
	b.Helper()
	all := map[string][]byte{"map": worldLike()}
	for _, name := range []string{"timeline", "share", "topics"} {
		svg, err := os.ReadFile("testdata/" + name + ".svg")
		if err != nil {
			b.Fatal(err)
		}
		all[name] = svg
	}
	return all
}

// worldLike has as many shapes, points and borders as the world map of the
// charts: 240 rings of 140 points on 1200 × 600.
func worldLike() []byte {
	var s strings.Builder
	s.WriteString(`<svg width="1200" height="600">`)
	for i := range 240 {
		x, y := 40+float64(i%20)*58, 40+float64(i/20)*46
		for k := range 140 {
			angle := float64(k) / 140 * 2 * math.Pi
			r := 24 + 4*math.Sin(angle*17+float64(i))
			fmt.Fprintf(&s, "%s%.1f %.1f", map[bool]string{true: `<path fill="#E8ECEE" stroke="#FFFFFF" stroke-linejoin="bevel" d="M`, false: "L"}[k == 0], x+r*math.Cos(angle), y+r*math.Sin(angle))
		}
		s.WriteString(`Z"></path>`)
	}
	s.WriteString(`</svg>`)
	return []byte(s.String())
}

// BenchmarkPNG is of the whole way from the SVG, at two pixels for one:
// timeline and map are 2400 × 1200, the others 1280 × 720.
func BenchmarkPNG(b *testing.B) {
	fonts := testFonts(b)
	for name, svg := range benchmarks(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p, err := Parse(svg)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := p.PNG(b.Context(), io.Discard, Options{Scale: 2, Fonts: fonts, Background: color.White}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPDF(b *testing.B) {
	for name, svg := range benchmarks(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				pageOf(b, svg)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for name, svg := range benchmarks(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(svg); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
