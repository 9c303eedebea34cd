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
	"agora/ingest/watch"
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
// text, and each text names a brand. It fails when the board counts another
// number of readings than the texts hold.
func BenchmarkReplay(b *testing.B) {
	lines := headlines(b)
	b.Run("embedded", func(b *testing.B) { replayInto(b, lines) })
	b.Run("redis", func(b *testing.B) { replayInto(b, lines, redisServer(b)) })
}

func replayInto(b *testing.B, lines []line, urls ...string) {
	ctx := b.Context()
	brands := watchedBrands()
	kept, err := store.Open(ctx, store.Options{URLs: urls, Data: b.TempDir(), Brands: brands, Location: time.UTC})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = kept.Close(context.Background()) }()
	engine, err := sentiment.New()
	if err != nil {
		b.Fatal(err)
	}
	locator, atlas, err := openPlaces()
	if err != nil {
		b.Fatal(err)
	}
	in, err := ingest.New(ctx, ingest.Config{Brands: brands, Places: locator, Atlas: atlas, Scorer: engine, Store: kept})
	if err != nil {
		b.Fatal(err)
	}
	w, _ := mood.ParseWindow("24h")
	stored := func() (n int64) {
		board, err := kept.Board(ctx, replayBrands, w)
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
	sent, accepted, readings := 0, 0, int64(0)
	for sent < b.N {
		group, ctx := errgroup.WithContext(ctx)
		receipts := make([]mood.Receipt, 4)
		for k := range receipts {
			batch := make([]json.RawMessage, 500)
			for i := range batch {
				from := lines[sent%len(lines)]
				at := time.Now().Add(-time.Duration(sent%86000) * time.Second)
				batch[i], _ = json.Marshal(map[string]any{"id": sent, "title": from.title, "published": at.UTC()})
				readings += from.brands
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
	if accepted != sent || n != readings {
		b.Fatalf("%d of %d texts were accepted, and the board counts %d of %d readings", accepted, sent, n, readings)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	b.ReportMetric(float64(n)/seconds, "readings/s")
	b.ReportMetric(float64(sent)/seconds, "texts/s")
	b.ReportMetric(float64(memory.HeapInuse)/(1<<20), "heap-MB")
}

func watchedBrands() []mood.Brand {
	brands := make([]mood.Brand, len(replayBrands))
	for i, name := range replayBrands {
		brands[i] = mood.Brand{ID: name, Name: name, Query: name}
	}
	return brands
}

// line is a headline and how many of the brands it names.
type line struct {
	title  string
	brands int64
}

// headlines are real ones where they lie beside the repository, else made up
// of the same brands; only those that name a brand, so that each is work.
func headlines(b *testing.B) []line {
	index, err := watch.NewIndex(watchedBrands())
	if err != nil {
		b.Fatal(err)
	}
	var lines []line
	for _, title := range titles(b) {
		if hits := index.Match(title, ""); len(hits) > 0 {
			lines = append(lines, line{title, int64(len(hits))})
		}
	}
	return lines
}

func titles(b *testing.B) []string {
	folder := os.Getenv("AGORA_SHARED")
	if folder == "" {
		folder = filepath.Join("..", "shared", "data")
	}
	var titles []string
	file, err := os.Open(filepath.Join(folder, "headlines.ndjson"))
	if err != nil {
		for i := range 5000 {
			brand, other := replayBrands[i%20], replayBrands[(i/20)%20]
			titles = append(titles, fmt.Sprintf("%s beats %s in great quarter number %d as shares rise", brand, other, i))
		}
		return titles
	}
	defer file.Close()
	scan := bufio.NewScanner(file)
	for scan.Scan() {
		var line struct{ Title string }
		if err := json.Unmarshal(scan.Bytes(), &line); err != nil {
			b.Fatal(err)
		}
		titles = append(titles, line.Title)
	}
	if err := scan.Err(); err != nil {
		b.Fatal(err)
	}
	return titles
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
