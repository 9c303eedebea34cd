package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"agora/ingest"
	"agora/ingest/sentiment"
	"agora/mood"
	"agora/store"
)

// replayBrands are brands that headlines of any year mention.
var replayBrands = []string{
	"Apple", "Google", "Amazon", "Microsoft", "Tesla", "Twitter", "Facebook", "Netflix", "Nvidia", "Intel",
	"Samsung", "Sony", "Toyota", "Boeing", "Disney", "Pfizer", "Spotify", "Uber", "Meta", "Nokia",
}

// BenchmarkReplay takes headlines the whole way: matched against 20 brands,
// scored, and recorded, in pushes of 500, four at a time. One operation is one
// text. It fails when the board doesn't count what was acknowledged.
func BenchmarkReplay(b *testing.B) {
	lines := headlines(b)
	b.Run("embedded", func(b *testing.B) { replayInto(b, lines) })
	b.Run("redis", func(b *testing.B) { replayInto(b, lines, redisServer(b)) })
}

func replayInto(b *testing.B, lines []map[string]any, urls ...string) {
	ctx := b.Context()
	var brands []mood.Brand
	var ids []string
	for _, name := range replayBrands {
		brands = append(brands, mood.Brand{ID: name, Name: name, Query: name})
		ids = append(ids, name)
	}
	kept, err := store.Open(ctx, store.Options{URLs: urls, Data: b.TempDir(), Brands: brands, Location: time.UTC})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = kept.Close(context.Background()) }()
	in, err := ingest.New(ctx, ingest.Config{Brands: brands, Scorer: sentiment.New(), Store: kept})
	if err != nil {
		b.Fatal(err)
	}
	w, _ := mood.ParseWindow("24h")
	stored := func() (n int64) {
		board, err := kept.Board(ctx, ids, w)
		if err != nil {
			b.Fatal(err)
		}
		for _, brand := range board.Brands {
			n += brand.Total.Mentions
		}
		return n
	}

	b.ResetTimer()
	began := time.Now()
	sent, accepted := 0, 0
	for sent < b.N {
		group, ctx := errgroup.WithContext(ctx)
		receipts := make([]mood.Receipt, 4)
		for k := range receipts {
			batch := make([]json.RawMessage, 500)
			for i := range batch {
				line := lines[sent%len(lines)]
				line["id"] = fmt.Sprint(sent)
				line["published"] = time.Now().Add(-time.Duration(sent%86000) * time.Second).UTC().Format(time.RFC3339)
				batch[i], _ = json.Marshal(line)
				sent++
			}
			group.Go(func() (err error) {
				receipts[k], err = in.Push(ctx, batch)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			b.Fatal(err)
		}
		for _, r := range receipts {
			accepted += r.Accepted
		}
	}
	b.StopTimer()
	seconds := time.Since(began).Seconds()
	n := stored()
	if n < int64(accepted) {
		b.Fatalf("%d mentions were acknowledged, the board counts %d readings", accepted, n)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(n)/seconds, "readings/s")
	b.ReportMetric(float64(sent)/seconds, "texts/s")
	b.ReportMetric(float64(memory.HeapInuse)/(1<<20), "heap-MB")
}

// headlines are real ones where they lie beside the repository, else made up
// of the same brands; only those that name a brand, so that each is work.
func headlines(b *testing.B) []map[string]any {
	folder := os.Getenv("AGORA_SHARED")
	if folder == "" {
		folder = filepath.Join("..", "shared", "data")
	}
	var lines []map[string]any
	file, err := os.Open(filepath.Join(folder, "headlines.ndjson"))
	if err != nil {
		for i := range 5000 {
			brand, other := replayBrands[i%20], replayBrands[(i/20)%20]
			lines = append(lines, map[string]any{
				"title": fmt.Sprintf("%s beats %s in great quarter number %d as shares rise", brand, other, i),
				"url":   fmt.Sprintf("https://example.com/%d", i),
			})
		}
		return lines
	}
	defer file.Close()
	for scan := bufio.NewScanner(file); scan.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(scan.Bytes(), &line); err != nil {
			b.Fatal(err)
		}
		delete(line, "url") // the same address twice is the same mention
		lines = append(lines, line)
	}
	return lines
}

// redisServer starts a Redis for the length of the benchmark, on a socket of
// its own.
func redisServer(b *testing.B) string {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		b.Skip("redis-server is not installed: apt-get install redis-server")
	}
	folder, err := os.MkdirTemp("", "agora-redis")
	if err != nil {
		b.Fatal(err)
	}
	socket := filepath.Join(folder, "redis.sock")
	cmd := exec.CommandContext(b.Context(), path, "--port", "0", "--unixsocket", socket, "--appendonly", "yes", "--dir", folder, "--save", "")
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = os.RemoveAll(folder)
	})
	for range 100 {
		if _, err := os.Stat(socket); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return "unix://" + socket
}
