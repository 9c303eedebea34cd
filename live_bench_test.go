package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkFirehose takes Jetstream's posts the whole way: over a WebSocket,
// through JSON and the queries of 50 brands, and where one is named (one post in
// fifty) into the journal and the counters. The floor beside it decodes the same
// posts and does nothing with them.
func BenchmarkFirehose(b *testing.B) {
	const posts = 100_000
	random := rand.New(rand.NewPCG(3, 4))
	words := strings.Fields("the a and of to in is I you that it was for on are as with they be at one have this from or had by hot but some what there we can out other were all your when up use word how said each she which do their")
	frames := make([]string, posts)
	bytes, named := 0, 0
	for i := range frames {
		text := make([]string, 4+random.IntN(40))
		for n := range text {
			text[n] = words[random.IntN(len(words))]
		}
		if i%50 == 49 {
			text[0] = "Nokia"
			named++
		}
		frames[i] = skyPost(fmt.Sprint("r", i), strings.Join(text, " "))
		bytes += len(frames[i])
	}
	var brands strings.Builder
	for i := range 50 {
		fmt.Fprintf(&brands, ", {id: b%d, name: Brand%d, query: 'Brand%d OR (Maker%d NEAR/5 phone) NOT tyre%d'}", i, i, i, i, i)
	}
	b.Run("house", func(b *testing.B) {
		b.SetBytes(int64(bytes))
		for b.Loop() {
			b.StopTimer()
			j := newJetLog(b)
			j.mu.Lock()
			j.frames, j.times = frames, make([]int64, posts)
			j.mu.Unlock()
			cfg, err := (origin{file: writeFile(b, "agora.yaml", fmt.Sprintf("listen: 127.0.0.1:0\ndata: %s\nbrands: [{id: nokia, name: Nokia}%s]\nfetch: {allow: [127.0.0.0/8]}\nsources: [{preset: bluesky, url: 'ws%s'}]\n",
				filepath.Join(b.TempDir(), "data"), brands.String(), strings.TrimPrefix(j.URL, "http"))), getenv: environment()}).load()
			must(b, err)
			h, err := openHouse(b.Context(), aConsole(""), cfg, nil)
			must(b, err)
			ctx, stop := context.WithCancel(b.Context())
			ended := make(chan error, 1)
			b.StartTimer()
			go func() { ended <- h.run(ctx) }()
			for {
				v, err := h.store.Volumes(ctx, "nokia", time.Now().Add(-time.Hour), time.Now().Add(time.Minute))
				must(b, err)
				if v.All >= int64(named) {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			b.StopTimer()
			stop()
			must(b, <-ended)
			must(b, h.close())
			j.Close()
			b.StartTimer()
		}
		b.ReportMetric(posts*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
	})
	b.Run("decode", func(b *testing.B) {
		b.SetBytes(int64(bytes))
		for b.Loop() {
			for _, f := range frames {
				var v struct {
					DID    string
					Commit struct {
						Record struct{ Text string }
					}
				}
				must(b, json.Unmarshal([]byte(f), &v))
			}
		}
		b.ReportMetric(posts*float64(b.N)/b.Elapsed().Seconds(), "posts/s")
	})
}
