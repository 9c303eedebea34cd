package snapshot

import (
	"bytes"
	"fmt"
	"image/color"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"agora/charts/snapshot/draw"
)

// BenchmarkMemory draws all charts as PNGs of 2400 × 1200 pixels, two at once,
// and reports by how much the process has grown: at most, with both engines
// idle, and once they are gone. Run it alone: what others leave behind is
// counted as having been there before.
func BenchmarkMemory(b *testing.B) {
	before := resident(b, "VmRSS")
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // the most there was begins anew
		b.Skipf("the most that the process had can't be reset: %v", err)
	}
	p, err := New(parts(b))
	if err != nil {
		b.Fatal(err)
	}
	fonts, err := draw.NewFonts(faces(b)...)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var both sync.WaitGroup
		for range maxEngines {
			both.Go(func() {
				for _, f := range fresh {
					svg, err := p.SVG(b.Context(), Picture{Option: golden(b, "one", f.chart), Theme: "light", Width: 1200, Height: 600, Scale: 2})
					if err != nil {
						b.Error(err)
						return
					}
					picture, err := draw.Parse(svg)
					if err != nil {
						b.Error(err)
						return
					}
					var out bytes.Buffer
					if _, err := picture.PNG(b.Context(), &out, draw.Options{Scale: 2, Fonts: fonts, Background: color.White}); err != nil {
						b.Error(err)
					}
				}
			})
		}
		both.Wait()
	}
	b.ReportMetric(resident(b, "VmHWM")-before, "most-MB")
	debug.FreeOSMemory()
	b.ReportMetric(resident(b, "VmRSS")-before, "idle-MB")
	p.Close()
	debug.FreeOSMemory()
	b.ReportMetric(resident(b, "VmRSS")-before, "after-MB")
}

// resident reads what this process holds, in MB.
func resident(b *testing.B, field string) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Skipf("what a process holds is not to be had here: %v", err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			var kb float64
			if _, err := fmt.Sscanf(rest, "%f kB", &kb); err != nil {
				b.Fatal(err)
			}
			return kb / 1024
		}
	}
	b.Fatalf("no %s in /proc/self/status", field)
	return 0
}
