package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkPictures asks a running Agora for pictures, with 7 days of mentions
// in its embedded store. "kept" are those that nothing changed of; "fresh" are
// each of another width, so that nothing is there yet; "healthz" is what any
// answer costs.
func BenchmarkPictures(b *testing.B) {
	url := pictureHouse(b)
	b.Run("healthz", func(b *testing.B) { ask(b, func(int) string { return url + "/healthz" }) })
	for _, chart := range []string{"timeline", "map"} {
		for _, format := range []string{"svg", "png", "pdf"} {
			b.Run("kept/"+chart+"."+format, func(b *testing.B) {
				ask(b, func(int) string {
					return url + "/charts/" + chart + "." + format + "?brand=nokia&window=7d&width=1200&height=600"
				})
			})
		}
	}
	width := 1000
	for _, chart := range []string{"mood", "share", "timeline", "map"} {
		b.Run("fresh/"+chart+".png", func(b *testing.B) {
			ask(b, func(int) string {
				width++
				return fmt.Sprintf("%s/charts/%s.png?brand=nokia&window=7d&width=%d&height=600", url, chart, width)
			})
		})
	}
}

// ask times each answer, the first left out.
func ask(b *testing.B, address func(int) string) {
	get := func(i int) time.Duration {
		begun := time.Now()
		answer, err := http.Get(address(i))
		if err != nil {
			b.Fatal(err)
		}
		defer answer.Body.Close()
		if n, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK || n == 0 {
			b.Fatalf("%s: %s, %d bytes, %v", address(i), answer.Status, n, err)
		}
		return time.Since(begun)
	}
	get(0)
	var took []time.Duration
	for b.Loop() {
		took = append(took, get(len(took)+1))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}

// pictureHouse runs an Agora that has something to draw, and nothing new.
func pictureHouse(b *testing.B) string {
	b.Helper()
	cfg, problems := readConfig("bench", []byte("listen: 127.0.0.1:0\ndata: "+b.TempDir()+"\nlimits: {pictures_per_minute: 1000000}\nbrands: [{id: nokia, name: Nokia}, {id: ericsson, name: Ericsson}]\n"))
	if len(problems) > 0 {
		b.Fatal(problems)
	}
	h, err := openHouse(b.Context(), &console{now: time.Now, log: slog.New(slog.DiscardHandler), stdout: io.Discard, stderr: io.Discard, getenv: environment()}, cfg, nil)
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.run(ctx) }()
	b.Cleanup(func() {
		stop()
		<-ended
		if err := h.close(); err != nil {
			b.Error(err)
		}
	})
	var said strings.Builder
	now := time.Now().UTC()
	countries := []string{"FI", "SE", "DE", "US", "IN", "BR", "JP", "FR", "GB", "ZA"}
	for i := range 5000 {
		brand := [...]string{"Nokia", "Nokia", "Ericsson"}[i%3]
		feeling := [...]string{"wins a great deal", "shares fall", "opens an office", "disappoints its customers"}[i%4]
		fmt.Fprintf(&said, `{"id":"m%d","title":"%s %s","source":"outlet%d.example","country":"%s","language":"en","published":"%s"}`+"\n",
			i, brand, feeling, i%30, countries[i%len(countries)], now.Add(-time.Duration(i)*2*time.Minute).Format(time.RFC3339))
	}
	answer, err := http.Post(h.server.URL()+"/api/v1/mentions", "application/x-ndjson", strings.NewReader(said.String()))
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted {
		b.Fatal(answer.Status)
	}
	return h.server.URL()
}
