package snapshot

import (
	"bytes"
	"image/color"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"agora/charts/snapshot/draw"
)

// The bars of a fresh picture on an idle core, from the option to the PNG.
var fresh = []struct {
	chart string
	bar   time.Duration
}{
	{"mood", 80 * time.Millisecond}, {"share", 80 * time.Millisecond}, {"sources", 80 * time.Millisecond},
	{"timeline", 120 * time.Millisecond}, {"map", 200 * time.Millisecond},
	{"topics", 120 * time.Millisecond}, {"languages", 120 * time.Millisecond},
	{"rhythm", 120 * time.Millisecond}, {"activity", 120 * time.Millisecond},
}

// stages are what a picture's time goes into. A machine that others use makes
// all of them longer, but the processor's time only by a little.
var stages = []string{"svg", "parse", "png"}

// BenchmarkPicture takes options of a full board to PNGs of 2400 × 1200 pixels.
// It reports the middle of the times, in all and by stage, and the least that
// the processor took, which is nearest to what an idle core would.
func BenchmarkPicture(b *testing.B) {
	p, err := New(parts(b))
	if err != nil {
		b.Fatal(err)
	}
	fonts, err := draw.NewFonts(faces(b)...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(p.Close)
	for _, f := range fresh {
		b.Run(f.chart, func(b *testing.B) {
			pic := Picture{Option: golden(b, "one", f.chart), Theme: "light", Width: 1200, Height: 600, Scale: 2}
			if _, err := p.SVG(b.Context(), pic); err != nil { // an engine that runs
				b.Fatal(err)
			}
			times := map[string][]float64{}
			note := func(stage string, wall, used time.Duration) {
				times[stage+"-ms"] = append(times[stage+"-ms"], float64(wall.Microseconds())/1000)
				times[stage+"-cpu-ms"] = append(times[stage+"-cpu-ms"], float64(used.Microseconds())/1000)
			}
			for b.Loop() {
				var svg []byte
				var parsed *draw.Picture
				begun, begunUsed := time.Now(), processor(b)
				for _, stage := range stages {
					at, atUsed := time.Now(), processor(b)
					switch stage {
					case "svg":
						svg, err = p.SVG(b.Context(), pic)
					case "parse":
						parsed, err = draw.Parse(svg)
					case "png":
						var out bytes.Buffer
						_, err = parsed.PNG(b.Context(), &out, draw.Options{Scale: 2, Fonts: fonts, Background: color.White})
					}
					if err != nil {
						b.Fatal(err)
					}
					note(stage, time.Since(at), processor(b)-atUsed)
				}
				note("all", time.Since(begun), processor(b)-begunUsed)
			}
			for name, list := range times {
				slices.Sort(list)
				at := len(list) / 2
				if strings.HasSuffix(name, "cpu-ms") { // what others do to caches and cores only adds
					at = 0
				}
				b.ReportMetric(list[at], name)
			}
			b.ReportMetric(float64(f.bar.Milliseconds()), "bar-ms")
		})
	}
}

// processor is the time that this process had of the processors.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkEngineStart(b *testing.B) {
	c := parts(b)
	s := newScript(c.Script, c.Fonts)
	if _, err := s.compiled(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		e, err := s.start()
		if err != nil {
			b.Fatal(err)
		}
		if err := e.close(); err != nil {
			b.Fatal(err)
		}
	}
}
