package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"agora/charts"
)

// BenchmarkPicturesBesideChromium makes PNGs of 2400 × 1200 pixels of options
// that nobody has drawn before: by our engine, which runs; by Chromium, which
// runs too, in a new page each time, with the pages' own code and its own
// cache; and by a page that stays open. It reports the middle of the times, how
// many times as long Chromium takes, by the clock and by the processors', which
// others on the machine change less, and what both hold in memory.
func BenchmarkPicturesBesideChromium(b *testing.B) {
	before := ownMemory(b)
	figures := newFigures(b)
	pose := pose{Theme: "light", Width: 1200, Height: 600, Font: 12, Zoom: 1, Scale: 2}
	first := openStudio(b)
	n := 0
	for _, chart := range []string{"mood", "share", "sources", "timeline", "map"} {
		b.Run(chart, func(b *testing.B) {
			kept := &studio{tab: &tab{TB: b, ctx: first.ctx}}
			times := map[string][]float64{}
			timed := func(who string, f func(o charts.Option)) {
				n++
				o := charts.Option(fmt.Sprintf(`{"fresh":%d,%s`, n, chartOption(b, "one", chart)[1:]))
				comesToRest(b)
				start, used := time.Now(), processors(b)
				f(o)
				times[who+"-ms"] = append(times[who+"-ms"], float64(time.Since(start).Microseconds())/1000)
				cpu := processors(b)
				for i, side := range []string{"", "chromium-"} {
					if (side == "") == (who == "ours") {
						times[who+"-cpu-ms"] = append(times[who+"-cpu-ms"], cpu[i]-used[i])
					}
				}
			}
			var last func() // a page that is closed takes its processor's time with it
			ours := func(o charts.Option) {
				if _, err := figures.Draw(b.Context(), charts.Figure{Option: o, Format: "png", Theme: "light", Width: 1200, Height: 600, Scale: 2, Bare: true}); err != nil {
					b.Fatal(err)
				}
			}
			ours(chartOption(b, "one", chart)) // so that the engine runs
			kept.shoot(chartOption(b, "one", chart), pose)
			for b.Loop() {
				timed("ours", ours)
				timed("new-page", func(o charts.Option) {
					if last != nil {
						last()
					}
					ctx, cancel := chromedp.NewContext(kept.ctx)
					last = cancel
					fresh := &studio{tab: &tab{TB: b, ctx: ctx}}
					fresh.must(chromedp.Do(ctx, chromedp.Navigate(first.address)))
					fresh.shoot(o, pose)
				})
				timed("kept-page", func(o charts.Option) { kept.shoot(o, pose) })
			}
			middle := func(who string) float64 {
				slices.Sort(times[who])
				return times[who][len(times[who])/2]
			}
			last()
			for name := range times {
				b.ReportMetric(middle(name), name)
			}
			for _, unit := range []string{"-ms", "-cpu-ms"} {
				b.ReportMetric(middle("new-page"+unit)/middle("ours"+unit), "new-page"+strings.TrimSuffix(unit, "-ms")+"-ratio")
				b.ReportMetric(middle("kept-page"+unit)/middle("ours"+unit), "kept-page"+strings.TrimSuffix(unit, "-ms")+"-ratio")
			}
			b.ReportMetric(ownMemory(b)-before, "ours-MB")
			b.ReportMetric(descendants(b), "chromium-MB")
		})
	}
}

// comesToRest waits until nobody tidies up any more after the picture before:
// each is to have the machine for itself.
func comesToRest(b *testing.B) {
	b.Helper()
	for begun := time.Now(); time.Since(begun) < 5*time.Second; {
		before := processors(b)
		time.Sleep(150 * time.Millisecond)
		after := processors(b)
		if after[0]-before[0] < 10 && after[1]-before[1] < 20 {
			return
		}
	}
}

// ownMemory is what this process holds, in MB; what it shares counts in part.
func ownMemory(b *testing.B) float64 { return proportional(b, os.Getpid()) }

// descendants is what all processes hold that this one has started.
func descendants(b *testing.B) (sum float64) {
	b.Helper()
	for pid := range started(b) {
		sum += proportional(b, pid)
	}
	return sum
}

// processors is the time that this process had of the processors, and that
// those had which it has started and which still run, in ms. The latter are
// counted in hundredths of a second.
func processors(b *testing.B) (used [2]float64) {
	b.Helper()
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		b.Fatal(err)
	}
	used[0] = float64(own.Utime.Nano()+own.Stime.Nano()) / 1e6
	for _, ms := range started(b) {
		used[1] += ms
	}
	return used
}

// started gives the processes that this one has started, and those that they
// have, with the time that each had of the processors, in ms.
func started(b *testing.B) map[int]float64 {
	b.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		b.Fatal(err)
	}
	parents, used := map[int]int{}, map[int]float64{}
	for _, file := range stats {
		line, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(line), ") ")
		var state string
		var parent int
		var skip [9]int64
		var user, system float64
		_, err = fmt.Sscan(rest, &state, &parent, &skip[0], &skip[1], &skip[2], &skip[3], &skip[4], &skip[5], &skip[6], &skip[7], &skip[8], &user, &system)
		pid, bad := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err == nil && bad == nil {
			parents[pid], used[pid] = parent, (user+system)*10
		}
	}
	for pid := range parents {
		at := parents[pid]
		for at > 1 && at != os.Getpid() {
			at = parents[at]
		}
		if at != os.Getpid() {
			delete(used, pid)
		}
	}
	return used
}

// proportional is the proportional set size of a process, in MB.
func proportional(b *testing.B, pid int) float64 {
	b.Helper()
	roll, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0 // it has ended, or isn't ours
	}
	for line := range strings.Lines(string(roll)) {
		if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kb / 1024
		}
	}
	return 0
}
