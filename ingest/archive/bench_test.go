package archive

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"agora/mood"
)

// prose is a text of words as frequent as words are, so that it compresses
// about as news do.
func prose(r *rand.Rand, words []string, n int) string {
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(words[int(float64(len(words))*r.Float64()*r.Float64()*r.Float64())])
		b.WriteByte(' ')
	}
	return b.String()
}

func vocabulary(r *rand.Rand) []string {
	words := make([]string, 20_000)
	for i := range words {
		word := make([]byte, 2+r.IntN(9))
		for j := range word {
			word[j] = "etaoinshrdlucmfwypvbgkjqxz"[int(26*r.Float64()*r.Float64())]
		}
		words[i] = string(word)
	}
	return words
}

// mentions are news of about 600 bytes.
func mentions(n int) []mood.Mention {
	r := rand.New(rand.NewPCG(1, 2))
	words := vocabulary(r)
	now := time.Now()
	list := make([]mood.Mention, n)
	for i := range list {
		list[i] = mood.Mention{
			ID: fmt.Sprintf("%024x", r.Uint64()), Title: prose(r, words, 70), Text: prose(r, words, 400), Outlet: "example.com",
			URL: fmt.Sprintf("https://example.com/news/%d", i), Sources: []string{fmt.Sprintf("feed %d", i%500)}, Language: "en",
			Published: now.Add(-time.Duration(i) * time.Second), Seen: now, Places: mood.Places{From: &mood.Place{Country: "GB", Confidence: 1}},
		}
	}
	return list
}

// processorTime is what this process has computed so far, on all processors.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkAdd is what keeping a text costs whoever takes it in, the
// compressing on another goroutine included.
func BenchmarkAdd(b *testing.B) {
	list := mentions(20_000)
	a, err := Open(Options{Folder: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	begun := processorTime()
	i := 0
	for b.Loop() {
		m := list[i%len(list)]
		m.ID = fmt.Sprint(m.ID, i/len(list))
		a.Add(&m, i%50 == 0)
		if i++; i%10_000 == 0 { // what comes in faster than a disk on a busy machine is left out
			if err := a.Flush(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
	}
	if err := a.Flush(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64((processorTime()-begun).Nanoseconds())/float64(i), "cpu-ns/op")
	s := a.Stats()
	b.ReportMetric(float64(s.Bytes)/float64(max(1, s.Texts)), "disk-B/text")
	b.ReportMetric(float64(s.Lost), "lost")
	if err := a.Close(); err != nil {
		b.Fatal(err)
	}
}
