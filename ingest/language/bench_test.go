package language

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// texts reads a file of testdata: language, text.
func texts(tb testing.TB, name string) (list [][2]string) {
	tb.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		lang, text, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			tb.Fatalf("%s: no tab in %q", name, lines.Text())
		}
		list = append(list, [2]string{strings.Trim(lang, "-"), text})
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return list
}

func BenchmarkIdentify(b *testing.B) {
	for _, name := range []string{"headlines", "posts"} {
		b.Run(name, func(b *testing.B) {
			id, err := New()
			if err != nil {
				b.Fatal(err)
			}
			list := texts(b, name+".tsv")
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				id.Identify("", list[i%len(list)][1])
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
		})
	}
}
