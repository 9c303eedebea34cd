//go:build unix

package watch

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"agora/mood"
)

type text struct{ title, body string }

// benchTexts are headlines where they can be had, each with the next ones as
// its body; otherwise made-up ones of the same length.
func benchTexts(b *testing.B) []text {
	var lines []string
	if f, err := os.Open("../../../shared/data/headlines.ndjson"); err == nil {
		defer f.Close()
		for s := bufio.NewScanner(f); s.Scan(); {
			var row struct{ Title string }
			if json.Unmarshal(s.Bytes(), &row) == nil {
				lines = append(lines, row.Title)
			}
		}
	} else {
		b.Log("made-up texts: the shared headlines are not there")
		random := rand.New(rand.NewPCG(1, 2))
		for range 4000 {
			var words []string
			for range 12 {
				words = append(words, fmt.Sprintf("%c%s", 'a'+rune(random.IntN(26)), strings.Repeat(string('a'+rune(random.IntN(26))), 2+random.IntN(6))))
			}
			lines = append(lines, strings.Join(words, " "))
		}
	}
	var texts []text
	for i := 0; i+4 < len(lines) && len(texts) < 4000; i++ {
		texts = append(texts, text{lines[i], strings.Join(lines[i+1:i+4], ". ")})
	}
	return texts
}

// benchQueries are full queries over words that occur in the texts, neither
// everywhere nor hardly ever.
func benchQueries(texts []text, n int) []mood.Brand {
	count := map[string]int{}
	for _, t := range texts {
		for _, w := range strings.FieldsFunc(strings.ToLower(t.title), func(r rune) bool { return r < 'a' || r > 'z' }) {
			if len(w) >= 5 {
				count[w]++
			}
		}
	}
	var words []string
	for w, c := range count {
		if c >= 2 && c <= 60 {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	random := rand.New(rand.NewPCG(3, 4))
	random.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	word := func(i int) string { return words[i%len(words)] }
	brands := make([]mood.Brand, n)
	for i := range brands {
		k := 8 * i
		q := fmt.Sprintf(`(%s OR %s OR "%s %s") AND (%s OR people OR their OR company OR about) NOT %s`,
			word(k), word(k+1), word(k+2), word(k+3), word(k+4), word(k+5))
		switch i % 5 {
		case 1:
			q = fmt.Sprintf(`(%s NEAR/8 (%s)) OR %s`, word(k), word(k+1), word(k+2))
			q = strings.NewReplacer("NEAR/8 (", "NEAR/8 ", "))", ")").Replace(q)
		case 2:
			q = fmt.Sprintf(`%s OR %s* OR title:(%s AND %s)`, word(k), word(k+1), word(k+2), word(k+3))
		case 3:
			q = fmt.Sprintf(`="%s" OR (%s AND %s) OR "%s %s" NOT (%s OR %s)`, word(k), word(k+1), word(k+2), word(k+3), word(k+4), word(k+5), word(k+6))
		}
		brands[i] = mood.Brand{ID: fmt.Sprint("b", i), Query: q}
	}
	return brands
}

// perSecond reports mentions per second of the processor's time that the
// benchmark had, which a busy machine does not blur, and of the wall clock.
func perSecond(b *testing.B, texts []text, cpu time.Duration) {
	n := float64(b.N * len(texts))
	b.ReportMetric(n/b.Elapsed().Seconds(), "mentions/s")
	b.ReportMetric(n/(processorTime()-cpu).Seconds(), "mentions/cpu-s")
	b.ReportMetric(0, "ns/op")
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkIndex asks 1,000 full queries of every text, beside two floors:
// taking the texts apart without asking anything, and strings.Contains over
// one word of each query.
func BenchmarkIndex(b *testing.B) {
	texts := benchTexts(b)
	brands := benchQueries(texts, 1000)
	x, err := NewIndex(brands)
	if err != nil {
		b.Fatal(err)
	}
	bytes := 0
	for _, t := range texts {
		bytes += len(t.title) + len(t.body)
	}
	b.Logf("%d texts, %d bytes each on average", len(texts), bytes/len(texts))
	b.Run("1000 queries", func(b *testing.B) {
		b.ReportAllocs()
		cpu := processorTime()
		hits := 0
		for range b.N {
			hits = 0
			for _, t := range texts {
				hits += len(x.Match(t.title, t.body))
			}
		}
		perSecond(b, texts, cpu)
		b.ReportMetric(float64(hits)/float64(len(texts)), "hits/mention")
	})
	b.Run("floor: tokens alone", func(b *testing.B) {
		d := newDocument(1, 0)
		v := newVocabulary()
		v.seal()
		cpu := processorTime()
		for range b.N {
			for _, t := range texts {
				d.read(v, t.title, t.body)
			}
		}
		perSecond(b, texts, cpu)
	})
	b.Run("floor: strings.Contains", func(b *testing.B) {
		var words []string
		for _, q := range brands {
			words = append(words, strings.Trim(strings.Fields(q.Query)[0], `("=`))
		}
		few := texts[:200]
		cpu := processorTime()
		for range b.N {
			for _, t := range few {
				lower := strings.ToLower(t.title + " " + t.body)
				for _, w := range words {
					if strings.Contains(lower, w) {
						sink++
					}
				}
			}
		}
		perSecond(b, few, cpu)
	})
}

var sink int

// BenchmarkCompile reads a query such as people write.
func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for range b.N {
		if _, err := Compile(`(Nokia OR "Bell Labs" OR =HMD) AND (5G OR network* OR title:(deal NEAR/5 "gross margin")) NOT (tyres OR Nokian)`); err != nil {
			b.Fatal(err)
		}
	}
}
