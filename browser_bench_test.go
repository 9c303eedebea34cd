package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// notePaints keeps, for each pushed mention of the page's list, when the frame
// that shows it was drawn.
const notePaints = `window.painted = {};
addEventListener('DOMContentLoaded', () => new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) {
    const found = /update (\d+)/.exec(node.textContent || '');
    if (found && !window.painted[found[1]]) requestAnimationFrame(() => setTimeout(() => { window.painted[found[1]] = window.painted[found[1]] || Date.now(); }));
  }
}).observe(document.body, { childList: true, subtree: true }));`

var updateNumber = regexp.MustCompile(`update (\d+)`)

// BenchmarkPushedToPainted pushes mentions, twenty a second, while 100 streams
// and a page in Chromium are open. It reports the time from the push to the
// first of the raw streams, which is the floor, and to the painted frame.
func BenchmarkPushedToPainted(b *testing.B) {
	chromium(b)
	p := startProgram(b, nil, twoBrands)
	p.push("Nokia was there first")
	ctx, cancel := context.WithCancel(b.Context())
	received := make([]sync.Map, 100)
	var readers, ready sync.WaitGroup
	for i := range received {
		ready.Add(1)
		readers.Go(func() { readStream(ctx, b, p.URL, &received[i], ready.Done) })
	}
	ready.Wait()
	page := openTab(b, 1280, 900, p.URL+"/?brand=nokia&window=24h", notePaints)
	page.says("Nokia was there first")

	sent := map[int]time.Time{}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for b.Loop() {
		<-tick.C
		n := len(sent)
		sent[n] = time.Now()
		p.push(fmt.Sprintf("Nokia update %d", n))
	}
	page.until("the last one", fmt.Sprintf(`window.painted[%d]`, len(sent)-1))
	painted := eval[map[string]float64](page, `window.painted`)
	cancel()
	readers.Wait()

	var shown, heard []float64
	for n, at := range sent {
		if ms, ok := painted[strconv.Itoa(n)]; ok {
			shown = append(shown, ms-float64(at.UnixMicro())/1000)
		}
		for i := range received {
			if got, ok := received[i].Load(n); ok {
				heard = append(heard, float64(got.(time.Time).Sub(at).Microseconds())/1000)
			}
		}
	}
	if len(shown) != len(sent) || len(heard) != len(sent)*len(received) {
		b.Fatalf("of %d pushed, %d were painted, and %d of %d received", len(sent), len(shown), len(heard), len(sent)*len(received))
	}
	slices.Sort(shown)
	slices.Sort(heard)
	for name, figures := range map[string][]float64{"painted": shown, "received": heard} {
		b.ReportMetric(figures[len(figures)/2], name+"-p50-ms")
		b.ReportMetric(figures[len(figures)*99/100], name+"-p99-ms")
	}
}

// readStream notes when each pushed mention comes, until ctx ends.
func readStream(ctx context.Context, b *testing.B, url string, at *sync.Map, ready func()) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api/v1/stream?brand=nokia&window=24h", nil)
	if err != nil {
		b.Error(err)
	}
	answer, err := http.DefaultClient.Do(request)
	ready()
	if err != nil {
		b.Error(err)
		return
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 4<<20)
	mention := false
	for lines.Scan() {
		switch line := lines.Text(); {
		case line == "event: mention":
			mention = true
		case mention && len(line) > 5 && line[:5] == "data:":
			mention = false
			if found := updateNumber.FindStringSubmatch(line); found != nil {
				n, _ := strconv.Atoi(found[1])
				at.LoadOrStore(n, time.Now())
			}
		}
	}
}
