package places

import (
	"os"
	"strings"
	"testing"
)

// rows are the hand-written texts, of all kinds and languages.
func rows(t testing.TB) [][]string {
	t.Helper()
	b, err := os.ReadFile("testdata/places.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for i, line := range strings.Split(strings.TrimRight(string(b), "\n"), "\n") {
		if f := strings.Split(line, "\t"); i > 0 && len(f) == 6 {
			all = append(all, f)
		}
	}
	return all
}

// BenchmarkFind places texts on one core. The floor is what any reader of them
// must do: fold each letter and look each word up once.
func BenchmarkFind(b *testing.B) {
	l, all := locator(b), rows(b)
	b.Run("locate", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			f := all[i%len(all)]
			l.About(Ask{Title: f[2], Language: f[1]})
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
	})
	b.Run("floor", func(b *testing.B) {
		b.ReportAllocs()
		known := 0
		for i := 0; b.Loop(); i++ {
			for _, w := range strings.Fields(strings.ToLower(all[i%len(all)][2])) {
				if _, ok := l.g.words[w]; ok {
					known++
				}
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
	})
}
