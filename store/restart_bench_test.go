package store

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// BenchmarkRestart opens an embedded store with a brand of 90 days, 2,400
// mentions each, from its files, beside reading these from disk alone. The bar
// is a second a brand.
func BenchmarkRestart(b *testing.B) {
	folder := b.TempDir()
	c := clockAt(time.Now().Add(-91 * day))
	s := server{}.open(b, Options{Data: folder, Now: c.now})
	fillDays(b, s, c, newWorld(), 90, 2400, "nokia")
	if err := s.Close(context.Background()); err != nil {
		b.Fatal(err)
	}
	size := 0.0
	floor := func() {
		size = 0
		must(struct{}{}, filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			size += float64(len(text))
			return err
		}))(b)
	}
	var opened, read time.Duration
	for b.Loop() {
		begun := time.Now()
		s, err := Open(context.Background(), Options{Data: folder, Brands: testBrands(), Journal: true})
		if err != nil {
			b.Fatal(err)
		}
		must(s.Resume(context.Background(), "j1", 0))(b)
		s.Recovered()
		opened += time.Since(begun)
		b.StopTimer()
		if err := s.Close(context.Background()); err != nil {
			b.Fatal(err)
		}
		begun = time.Now()
		floor()
		read += time.Since(begun)
		b.StartTimer()
	}
	b.ReportMetric(opened.Seconds()*1000/float64(b.N), "ms/start")
	b.ReportMetric(opened.Seconds()/read.Seconds(), "times-reading-the-files")
	b.ReportMetric(size/1e6, "MB-of-files")
}

// BenchmarkRedisBenchmark is Redis's own tool on the same server: HINCRBYs a
// second, one connection, pipelined by a hundred.
func BenchmarkRedisBenchmark(b *testing.B) {
	tool, err := exec.LookPath("redis-benchmark")
	if err != nil {
		if os.Getenv("AGORA_TEST_ALL") == "1" {
			b.Fatal("redis-benchmark is not installed, and AGORA_TEST_ALL asks for everything: apt-get install redis-tools")
		}
		b.Skip("redis-benchmark is not installed: apt-get install redis-tools")
	}
	for _, srv := range benchServers(b) {
		if srv.url == "" {
			continue
		}
		o := must(redis.ParseURL(srv.url))(b)
		rate, n := 0.0, 200_000
		cpu := serverCPU(b, srv)
		for b.Loop() {
			out, err := exec.Command(tool, "-s", o.Addr, "-c", "1", "-P", "100", "-n", strconv.Itoa(n), "-r", "1000", "-q", //nolint:gosec // a benchmark's own
				"HINCRBY", "h:__rand_int__", "f", "1").Output()
			if err != nil {
				b.Fatal(err)
			}
			found := regexp.MustCompile(`([\d.]+) requests per second`).FindAllSubmatch(bytes.ReplaceAll(out, []byte("\r"), []byte("\n")), -1)
			if len(found) == 0 {
				b.Fatalf("redis-benchmark said %q", out)
			}
			rate = must(strconv.ParseFloat(string(found[len(found)-1][1]), 64))(b)
		}
		b.ReportMetric(rate, "HINCRBY/s")
		b.ReportMetric((serverCPU(b, srv)-cpu)/float64(b.N*n)*1e6*56, "server-us/56-HINCRBY")
	}
}
