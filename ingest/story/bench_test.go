package story

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"agora/mood"
)

// benchMentions are headlines with the next ones as text; where the real ones
// can't be had, made-up ones. A tenth of them are reprints.
func benchMentions(n int) []mood.Mention {
	list, _ := readHeadlines()
	for i := len(list); i < 9000; i++ {
		list = append(list, headline{
			Title: fmt.Sprintf("Maker %d says that its plant number %d in region %d opens a year late", i*7919%997, i, i*31%89),
			URL:   fmt.Sprintf("https://paper%d.example/%d", i%300, i), Source: fmt.Sprintf("paper%d.example", i%300), Published: noon,
		})
	}
	mentions := make([]mood.Mention, n)
	for i := range mentions {
		h := list[i%len(list)]
		m := h.mention()
		m.Text = list[(i+1)%len(list)].Title + ". " + list[(i+2)%len(list)].Title + ". " + list[(i+3)%len(list)].Title
		if round := i / len(list); round > 0 { // the same again, as another outlet's own
			m.Title = fmt.Sprintf("%s %d", m.Title, round)
		}
		m.Published = noon.Add(time.Duration(i) * time.Second)
		m.Outlet = fmt.Sprintf("paper%d.example", i%300)
		if i%10 == 9 {
			m.Title = mentions[i-7].Title + " - Paper"
		}
		m.URL = fmt.Sprintf("https://%s/%d", m.Outlet, i)
		m.ID = mood.MentionID("", "", m.URL, "", "")
		mentions[i] = m
	}
	return mentions
}

// processor is the time that this process took of its processors: others may
// be at work on the machine.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkGroup files mentions in batches of a hundred, beside a floor: the
// same with nothing but a map of addresses and titles in lower case.
func BenchmarkGroup(b *testing.B) {
	const n = 60_000
	mentions := benchMentions(n)
	each := func(b *testing.B, file func([]mood.Mention)) {
		done, begun := 0, processor()
		for b.Loop() {
			from := done % n
			file(mentions[from : from+100])
			done += 100
		}
		b.ReportMetric(float64(done)/(processor()-begun).Seconds(), "mentions/core-s")
	}
	b.Run("stories", func(b *testing.B) {
		g := NewGroups(nil, 0, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
		each(b, func(batch []mood.Mention) {
			for i := range batch {
				batch[i].Story = ""
			}
			g.Give(context.Background(), batch)
		})
	})
	b.Run("floor", func(b *testing.B) {
		seen := map[string]string{}
		each(b, func(batch []mood.Mention) {
			for i := range batch {
				m := &batch[i]
				for _, k := range [...]string{mood.AddressKey(m.URL), strings.ToLower(m.Title)} {
					if story, ok := seen[k]; ok {
						m.Story = story
					}
					seen[k] = m.ID
				}
			}
		})
	})
}

// BenchmarkMemory tells what an index takes for each text that it remembers.
func BenchmarkMemory(b *testing.B) {
	const n = 60_000
	mentions := benchMentions(n)
	r := NewReader()
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for b.Loop() {
		before := heap()
		x := NewIndex(r, 0)
		for i := range mentions {
			t := r.Read(&mentions[i])
			x.File(&t, noon)
		}
		b.ReportMetric(float64(heap()-before)/float64(x.Len()), "bytes/text")
		runtime.KeepAlive(x)
	}
}
