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

// BenchmarkMemory draws all charts as PNGs, two at once: of 2400 × 1200 pixels,
// and of the largest size. It reports by how much the process has grown: at
// most, with both engines idle, and once they are gone. Run it alone: what
// others leave behind is counted as having been there before.
func BenchmarkMemory(b *testing.B) {
	before := resident(b, "VmRSS")
	for _, size := range []struct {
		name          string
		width, height int
		scale         float64
	}{{"slide", 1200, 600, 2}, {"largest", MaxSide, MaxSide, 1}} {
		b.Run(size.name, func(b *testing.B) {
			debug.FreeOSMemory()
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
							svg, err := p.SVG(b.Context(), Picture{Option: golden(b, "one", f.chart), Theme: "light", Width: size.width, Height: size.height, Scale: size.scale})
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
							if _, err := picture.PNG(b.Context(), &out, draw.Options{Scale: size.scale, Fonts: fonts, Background: color.White}); err != nil {
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
		})
	}
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
