package social

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// firehose is what Jetstream sends, in the mix of the real one: posts of the
// usual lengths in many languages with what hangs on them, of which one in fifty
// names a brand, and deletions.
func firehose(n int) (frames [][]byte, bytes int64) {
	random := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields(`the a and of to in is I you that it was for on are as with they be at one have this from or had by hot but some what there we can out other were all your when up use word how said
		each she which do their time if will way about many then them would write like so these her long make thing see him two has look more day could go come did my sound no most number who over know water
		than call first people may down side been now find ja ei se on että hän mutta kun niin der die das und ist nicht ich que de la el en y los del las un por con no una 日本 電話 会社 新しい 今日 🎉 😂 https://example.com/a/b?c=d`)
	for i := range n {
		if i%5 == 4 {
			frames = append(frames, []byte(commit("delete", fmt.Sprint("3l", i), "")))
			bytes += int64(len(frames[i]))
			continue
		}
		var text []string
		for range 3 + random.IntN(40) {
			text = append(text, words[random.IntN(len(words))])
		}
		if i%50 == 0 {
			text[len(text)/2] = "Nokia"
		}
		said, _ := json.Marshal(strings.Join(text, " "))
		frame := fmt.Sprintf(`{"did":"did:plc:%024d","time_us":%d,"kind":"commit","commit":{"rev":"3l3qo2vutsw2b","operation":"create","collection":"app.bsky.feed.post","rkey":"3l3qo2v%06d","record":{"$type":"app.bsky.feed.post","createdAt":"2026-11-27T03:15:00.123Z","embed":{"$type":"app.bsky.embed.images","images":[{"alt":"","aspectRatio":{"height":1080,"width":1920},"image":{"$type":"blob","ref":{"$link":"bafkreihxm4vzbvuz5r3fovhzuhyjbuckpzbz4efm2hbbhfgr4qfxhbzgpi"},"mimeType":"image/jpeg","size":812345}}]},"facets":[{"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"news"}],"index":{"byteEnd":12,"byteStart":3}}],"langs":["en"],"reply":{"parent":{"cid":"bafyreib","uri":"at://did:plc:x/app.bsky.feed.post/3l"},"root":{"cid":"bafyreib","uri":"at://did:plc:x/app.bsky.feed.post/3l"}},"text":%s},"cid":"bafyreihxm4vzbvuz5r3fovhzuhyjbuckpzbz4efm2hbbhfgr4qfxhbzgpi"}}`,
			i, 1764212345000000+i, i, said)
		frames, bytes = append(frames, []byte(frame)), bytes+int64(len(frame))
	}
	return frames, bytes
}

// BenchmarkFirehose reads events of Jetstream, and sorts out those that name a
// brand; the names are looked for by whoever knows queries, so that part is in
// the benchmark of the whole program. Beside it stands the floor: JSON alone,
// decoded into nothing but what is needed, and checked for being valid.
func BenchmarkFirehose(b *testing.B) {
	frames, bytes := firehose(2000)
	spec := Spec{}
	spec.ID, spec.Kind = "bluesky", "bluesky"
	d := aDesk(b, spec)
	run := func(name string, one func(frame []byte)) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(bytes / int64(len(frames)))
			for i := 0; b.Loop(); i++ {
				one(frames[i%len(frames)])
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "posts/s")
		})
	}
	run("read", func(frame []byte) { readJetstream(frame, d) })
	run("decode", func(frame []byte) { var e jetstreamEvent; _ = json.Unmarshal(frame, &e) })
	run("valid", func(frame []byte) { json.Valid(frame) })
}
