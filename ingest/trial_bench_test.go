package ingest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"agora/ingest/archive"
	"agora/mood"
)

func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkTestQuery tries queries on an archive of 120,000 news of half a
// kilobyte, a quarter of them with letters beyond ASCII. Figures are of texts
// as they are read, uncompressed, and of those on disk.
func BenchmarkTestQuery(b *testing.B) {
	a, err := archive.Open(archive.Options{Folder: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close() //nolint:errcheck // a benchmark's
	const n = 120_000
	r := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 20_000)
	for i := range words {
		word := make([]byte, 2+r.IntN(9))
		for j := range word {
			word[j] = "etaoinshrdlucmfwypvbgkjqxz"[int(26*r.Float64()*r.Float64())]
		}
		words[i] = string(word)
	}
	now := time.Now()
	for i := range n {
		var text strings.Builder
		for text.Len() < 450 {
			text.WriteString(words[int(float64(len(words))*r.Float64()*r.Float64()*r.Float64())])
			text.WriteByte(' ')
		}
		if i%4 == 0 {
			text.WriteString("näkymä")
		}
		if i%200 == 0 {
			text.WriteString(" Nokia and Bell Labs")
		}
		a.Add(&mood.Mention{
			ID: fmt.Sprint(i), Title: text.String()[:60], Text: text.String()[60:], Sources: []string{fmt.Sprint(i % 1000)}, Outlet: "example.com",
			URL: fmt.Sprintf("https://example.com/%d", i), Published: now.Add(-time.Duration(i) * 4 * time.Second), Seen: now, Language: "en",
		}, false)
		if i%5_000 == 0 {
			if err := a.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := a.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	in, err := New(b.Context(), Config{Brands: []mood.Brand{{ID: "nokia", Name: "Nokia", Query: "nokia"}}, Scorer: fan{}, Store: &kept{}, Archive: a})
	if err != nil {
		b.Fatal(err)
	}
	var raw int64
	seen, err := archive.Scan(context.Background(), a, time.Time{}, func(*archive.Text) (int, bool) { return 0, false }, func(int) error { return nil })
	if err != nil || seen.Texts != n {
		b.Fatal(err, seen)
	}
	raw = seen.Bytes
	for name, q := range map[string]mood.QueryTest{
		"rare":     {Query: `"bell labs" nokia`},
		"compared": {Query: `nokia OR "bell labs"`, Brand: "nokia"},
		"symbols":  {Query: `"C++" OR 小米`},
		"broad":    {Query: "e* OR a*"},
	} {
		b.Run(name, func(b *testing.B) {
			begun := processorTime()
			for b.Loop() {
				if _, err := in.TestQuery(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
			cpu := (processorTime() - begun).Seconds() / float64(b.N)
			per := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(float64(raw)/1e6/per, "MB/s")
			b.ReportMetric(float64(raw)/1e6/cpu, "MB/cpu-s")
			b.ReportMetric(n/cpu, "texts/cpu-s")
			b.ReportMetric(float64(512<<20)/float64(a.Stats().Bytes)*cpu, "cpu-s/512MiB")
		})
	}
}
