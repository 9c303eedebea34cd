package journal

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// bare writes and syncs as fast as a loop can, one record at a time, for a
// measure of the disk in the same run. It tells records a second.
func bare(b *testing.B, payload []byte) float64 {
	b.Helper()
	file, err := os.Create(filepath.Join(b.TempDir(), "bare"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	began, n := time.Now(), 0
	for ; time.Since(began) < time.Second/2; n++ {
		if _, err := file.Write(payload); err != nil {
			b.Fatal(err)
		}
		if err := file.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	return float64(n) / time.Since(began).Seconds()
}

func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1 << 10, 100 << 10} {
		for _, appenders := range []int{1, 8, 64} {
			b.Run(fmt.Sprintf("%dKB/%d", size>>10, appenders), func(b *testing.B) {
				payload := noise(size)
				disk := bare(b, payload)
				j := opened(b, Options{Folder: b.TempDir(), KeepBytes: 32 << 20})
				b.SetBytes(int64(size))
				b.ResetTimer()
				var all sync.WaitGroup
				var n atomic.Int64
				for range appenders {
					all.Go(func() {
						for n.Add(1) <= int64(b.N) {
							seq, err := j.Append(context.Background(), payload)
							if err != nil {
								b.Error(err)
								return
							}
							j.Applied(seq)
						}
					})
				}
				all.Wait()
				b.StopTimer()
				rate := float64(b.N) / b.Elapsed().Seconds()
				disk = (disk + bare(b, payload)) / 2 // others use the disk, too
				b.ReportMetric(rate, "records/s")
				b.ReportMetric(rate/disk, "of-bare")
			})
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for _, size := range []int{1 << 10, 100 << 10} {
		b.Run(fmt.Sprintf("%dKB", size>>10), func(b *testing.B) {
			j := opened(b, Options{Folder: b.TempDir(), Sync: unsynced})
			records := 64 << 20 / size
			for range records {
				appended(b, j, noise(size))
			}
			b.SetBytes(int64(records * size))
			b.ResetTimer()
			for range b.N {
				if err := j.Read(context.Background(), 0, func(Record) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(records*b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
