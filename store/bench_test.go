package store

import (
	"context"
	"fmt"
	"math/rand"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// world makes up mentions as a busy brand has them: 50 outlets, 200
// countries, 20 languages and 200 topics, the first ones most often. A topic is
// a word of one language.
type world struct {
	r                                 *rand.Rand
	outlets, countries, langs, topics *rand.Zipf
	n                                 int
	topicsOf                          [200]string
	tongueOf                          [200]uint64 // the language of each
}

func newWorld() *world {
	r := rand.New(rand.NewSource(1))
	w := &world{
		r: r, outlets: rand.NewZipf(r, 1.2, 3, 49), countries: rand.NewZipf(r, 1.3, 3, 199),
		langs: rand.NewZipf(r, 1.6, 2, 19), topics: rand.NewZipf(r, 1.2, 5, 199),
	}
	for i := range w.topicsOf {
		w.topicsOf[i], w.tongueOf[i] = fmt.Sprintf("topic %d", i), w.langs.Uint64()
	}
	return w
}

func (w *world) country() string {
	u := w.countries.Uint64()
	return string([]byte{byte('A' + u/26%26), byte('A' + u%26)})
}

func (w *world) mention(at time.Time, brand string) mood.Mention {
	w.n++
	outlet := fmt.Sprintf("outlet%02d.example", w.outlets.Uint64())
	score := float64(w.r.Intn(2001)-1000) / 1000
	label := mood.Neutral
	switch {
	case score > 0.2:
		label = mood.Positive
	case score < -0.2:
		label = mood.Negative
	}
	var topics []string
	tongue := w.langs.Uint64()
	for left := w.r.Intn(4); left > 0; {
		i := w.topics.Uint64()
		if w.tongueOf[i] != tongue && w.r.Intn(200) > 0 {
			continue // of another language, but for a name now and then
		}
		topics = append(topics, w.topicsOf[i])
		left--
	}
	id := strconv.FormatUint(w.r.Uint64(), 16)
	return mood.Mention{
		ID: id, Title: "A headline of about seventy characters, such as a dashboard would list",
		Text: strings.Repeat("A sentence of a summary. ", 8), URL: "https://" + outlet + "/a/" + id, Outlet: outlet,
		Sources: []string{"feed-" + outlet}, Published: at, Seen: at, Language: "l" + strconv.FormatUint(tongue, 10),
		Places:   mood.Places{From: &mood.Place{Country: w.country()}},
		Readings: map[string]mood.Reading{brand: {Label: label, Score: score, Confidence: 0.5, Topics: topics}},
	}
}

func benchServers(b *testing.B) []server {
	b.Helper()
	all := servers(b)
	return all[:min(2, len(all))] // a cluster of one is a Redis
}

// BenchmarkRecord is beside BenchmarkHINCRBY: the bars of the counters are
// ratios of their server-us/mention in one run.
func BenchmarkRecord(b *testing.B) {
	for _, srv := range benchServers(b) {
		for _, size := range []int{1, 100, 500} {
			b.Run(fmt.Sprintf("%s/batch=%d", srv.name, size), func(b *testing.B) {
				s := srv.open(b, Options{})
				w := newWorld()
				now := time.Now()
				batches := make([][]mood.Mention, b.N)
				for i := range batches {
					for range size {
						at := now.Add(-time.Duration(w.r.Intn(1200)) * time.Second)
						batches[i] = append(batches[i], w.mention(at, "nokia"))
					}
				}
				record(b, s, w.mention(now, "nokia"))
				cpu := serverCPU(b, srv)
				b.ResetTimer()
				for _, batch := range batches {
					record(b, s, batch...)
				}
				b.StopTimer()
				n := float64(b.N * size)
				b.ReportMetric(n/b.Elapsed().Seconds(), "mentions/s")
				if srv.url != "" {
					b.ReportMetric((serverCPU(b, srv)-cpu)/n*1e6, "server-us/mention")
				}
			})
		}
	}
}

// BenchmarkHINCRBY is the yardstick: the same counters as plain numbers, 56
// pipelined HINCRBYs a mention. It can't tell a duplicate, and keeps no texts.
func BenchmarkHINCRBY(b *testing.B) {
	for _, srv := range benchServers(b) {
		if srv.url == "" {
			continue
		}
		for _, size := range []int{1, 100, 500} {
			b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
				s := srv.open(b, Options{})
				w := newWorld()
				now := time.Now()
				ctx := context.Background()
				cpu := serverCPU(b, srv)
				for b.Loop() {
					pipe := s.write.Pipeline()
					for range size {
						plain(ctx, pipe, s, w.mention(now.Add(-time.Duration(w.r.Intn(1200))*time.Second), "nokia"), now)
					}
					if _, err := pipe.Exec(ctx); err != nil {
						b.Fatal(err)
					}
				}
				n := float64(b.N * size)
				b.ReportMetric(n/b.Elapsed().Seconds(), "mentions/s")
				b.ReportMetric((serverCPU(b, srv)-cpu)/n*1e6, "server-us/mention")
			})
		}
	}
}

func plain(ctx context.Context, pipe redis.Pipeliner, s *Store, m mood.Mention, now time.Time) {
	c := cells{grid: s.grid, brand: "nokia", now: now}
	r := m.Readings["nokia"]
	c.all(headerOf(&m, r), mood.TallyOf(r))
	left := 56
	for {
		for _, key := range c.keys {
			for field, t := range c.byKey[key].fields {
				for name, n := range map[string]int64{":" + r.Label.String(): 1, ":s": t.Sum, ":q": t.SumSquares} {
					if left--; left < 0 {
						return
					}
					pipe.HIncrBy(ctx, key, field+name, n)
				}
			}
		}
	}
}

func info(b *testing.B, srv server, section, field string) float64 {
	b.Helper()
	if srv.url == "" {
		return 0
	}
	client := redis.NewClient(must(redis.ParseURL(srv.url))(b))
	defer client.Close()
	for _, line := range strings.Split(must(client.Info(context.Background(), section).Result())(b), "\r\n") {
		if text, ok := strings.CutPrefix(line, field+":"); ok {
			return must(strconv.ParseFloat(text, 64))(b)
		}
	}
	return 0
}

func serverCPU(b *testing.B, srv server) float64 {
	return info(b, srv, "cpu", "used_cpu_user") + info(b, srv, "cpu", "used_cpu_sys")
}

// fillDays fills brands day by day, as they stand at the end.
func fillDays(b testing.TB, s *Store, c *clock, w *world, days, perDay int, brands ...string) int {
	b.Helper()
	end, n := time.Now(), 0
	for d := days - 1; d >= 0; d-- {
		c.set(end.Add(-time.Duration(d) * day))
		for _, brand := range brands {
			var batch []mood.Mention
			for range perDay {
				batch = append(batch, w.mention(c.ago(time.Duration(w.r.Int63n(int64(day)))), brand))
			}
			record(b, s, batch...)
			n += len(batch)
		}
	}
	return n
}

// trips counts the round trips of a client.
type trips struct{ n atomic.Int64 }

func (t *trips) DialHook(next redis.DialHook) redis.DialHook { return next }

func (t *trips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		t.n.Add(1)
		return next(ctx, cmd)
	}
}

func (t *trips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		t.n.Add(1)
		return next(ctx, cmds)
	}
}

// BenchmarkBoard tells what a view costs, in time and in round trips.
func BenchmarkBoard(b *testing.B) {
	for _, srv := range benchServers(b) {
		c := clockAt(time.Now().Add(-91 * day))
		s := srv.open(b, Options{Now: c.now})
		fillDays(b, s, c, newWorld(), 90, 480, "nokia", "ericsson")
		for _, w := range mood.Windows() {
			b.Run(srv.name+"/"+w.Name, func(b *testing.B) {
				board(b, s, w.Name, "nokia") // past days are remembered from here on
				trips := &trips{}
				s.read.AddHook(trips)
				for b.Loop() {
					board(b, s, w.Name, "nokia")
				}
				b.ReportMetric(float64(trips.n.Load())/float64(b.N), "round-trips/view")
			})
		}
		b.Run(srv.name+"/list of 7 days", func(b *testing.B) {
			for b.Loop() {
				list(b, s, mood.Filter{Brands: []string{"nokia"}, Labels: []mood.Label{mood.Positive}})
			}
		})
	}
}

// BenchmarkMemory tells what a mention costs a server for 90 days: its part
// of the counters, and of what is known of it. The texts of the last week are
// left out, their bytes are capped. The bar is 85 B/mention. Stats must say
// the same of the counters (stats-B/mention).
func BenchmarkMemory(b *testing.B) {
	for _, srv := range benchServers(b) {
		if srv.url == "" {
			continue
		}
		b.Run("90 days of 2400", func(b *testing.B) {
			for b.Loop() {
				c := clockAt(time.Now().Add(-91 * day))
				s := srv.open(b, Options{KeepMentions: time.Second, Now: c.now})
				before := info(b, srv, "memory", "used_memory")
				n := fillDays(b, s, c, newWorld(), 90, 2400, "nokia")
				ctx := context.Background()
				byKind := map[string]int64{}
				iter := s.read.Scan(ctx, 0, "*", 1000).Iterator()
				for iter.Next(ctx) {
					parts := strings.Split(iter.Val(), ":")
					kind := parts[0]
					if len(parts) > 2 && (kind == "s" || kind == "x") {
						kind += ":" + parts[2]
					}
					byKind[kind] += must(s.read.MemoryUsage(ctx, iter.Val(), 0).Result())(b)
				}
				b.ReportMetric((info(b, srv, "memory", "used_memory")-before)/float64(n), "B/mention")
				stats := must(s.Stats(ctx))(b)
				b.ReportMetric(*stats.Brands[0].CountersPerMention, "stats-B/mention")
				var parts []string
				for kind, bytes := range byKind {
					parts = append(parts, fmt.Sprintf("%s %.1f", kind, float64(bytes)/float64(n)))
				}
				sort.Strings(parts)
				b.Log("B/mention of", strings.Join(parts, ", "))
			}
		})
	}
}
