package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/memory"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// catchStream keeps the page's stream and its snapshot at hand, so that a test
// can say more on it than a server would in months.
const catchStream = `
window.streams = 0;
window.EventSource = class extends EventSource {
  constructor(url, options) {
    super(url, options);
    window.stream = this;
    window.streams++;
    this.addEventListener('snapshot', (e) => { window.snapshot = JSON.parse(e.data); });
    // Once the test speaks, the server is not heard any more.
    for (const type of ['snapshot', 'delta', 'mention']) {
      this.addEventListener(type, (e) => { if (window.solo && e.isTrusted) e.stopImmediatePropagation(); });
    }
  }
};`

// months plays updates: each a mention with a ring on the map, and a delta of
// figures, timeline and map.
const months = `(async (from, count) => {
  window.solo = true;
  const view = 'nokia@24h';
  const { charts, totals } = window.snapshot.views[view];
  const bars = charts.timeline.series.find((s) => s.id === 'negative').data;
  const say = (type, data, id) => window.stream.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId: id }));
  const countries = ['FI', 'SE', 'US', 'BR', 'IN', 'JP', 'ZA', 'AU'];
  for (let i = from; i < from + count; i++) {
    const now = new Date().toISOString();
    const country = countries[i % countries.length];
    say('mention', {
      id: 'soak-' + i, title: 'Nokia, update ' + i, text: '', url: 'https://soak.example/' + i, sources: ['soak'], outlet: 'soak.example',
      author: '', published: now, seen: now, language: 'en', story: '', copies: 0,
      places: { about: [], from: { country }, origin: null },
      readings: { nokia: { label: ['positive', 'negative', 'neutral'][i % 3], score: 0.5, confidence: 0.7, reasons: [{ text: 'update', field: 'title', start: 7, end: 13, weight: 0.5 }], corrected: false } },
    }, 'soak-' + i);
    const set = { series: [{ id: 'negative', points: [{ ...bars[i % bars.length], value: i % 7 }] }] };
    const own = totals.brands.nokia;
    const told = { ...totals, as_of: now, brands: { nokia: { ...own, last: now, total: { ...own.total, mentions: 100 + i, mood: ((i % 21) - 10) / 10 } } } };
    const delta = { timeline: { set } };
    if (i % 10 === 0) delta.map = { set: { series: [{ id: 'mood-from', points: [{ name: country, value: (i % 200) - 100 }] }] } };
    say('delta', { views: { [view]: { charts: delta, totals: told } } }, 'soak-' + i);
    if (i % 10 === 9) await new Promise((done) => requestAnimationFrame(done));
  }
  const seen = () => document.body.textContent.includes((99 + from + count).toLocaleString('en'));
  for (let n = 0; n < 1 || (n < 40 && !seen()); n++) await new Promise((done) => setTimeout(done, 1500));
  return seen();
})`

func TestSoakNothingGrowsInMonthsOfUpdates(t *testing.T) {
	t.Parallel()
	chromium(t)
	// One brand only: the wall never turns to another.
	p := startProgram(t, nil, "brands: [{id: nokia, name: Nokia}]\n")
	p.pushAll(map[string]int{"often.example": 5})
	for _, screen := range []struct {
		name, path string
		updates    int
	}{
		{"wall", "/wall/overview", 5000},
		{"page", "/?brand=nokia&window=24h", 5000},
	} {
		t.Run(screen.name, func(t *testing.T) {
			updates := screen.updates
			switch {
			case os.Getenv("AGORA_TORTURE") != "":
				updates = 43_200 // thirty days of one a minute
			case testing.Short():
				updates /= 5 // a round must still fill the page's list
			}
			b := openTab(t, 640, 400, p.URL+screen.path, catchStream)
			b.until("a snapshot", `window.snapshot && window.snapshot.views['nokia@24h'] && document.querySelector('canvas')`)
			const rounds = 5
			var heap, nodes [rounds]float64
			for i := range rounds {
				if seen := eval[bool](b, fmt.Sprintf("%s(%d, %d)", months, i*updates/rounds, updates/rounds)); !seen {
					t.Fatal("the last update isn't on the screen")
				}
				heap[i], nodes[i] = weigh(b)
			}
			t.Logf("heap %.2f MB, nodes %.0f", heap, nodes)
			// The first rounds fill caches and lists to their limits.
			if grown := heap[rounds-1] - heap[1]; grown > 1.5 {
				t.Errorf("the heap grew by %.2f MB over the last %d updates: %.2f", grown, updates*3/rounds, heap)
			}
			if grown := nodes[rounds-1] - nodes[1]; grown > 60 {
				t.Errorf("%.0f DOM nodes came over the last %d updates: %.0f", grown, updates*3/rounds, nodes)
			}
			if n := eval[int](b, `window.streams`); n != 1 {
				t.Errorf("the page opened %d streams", n)
			}
		})
	}
}

// weigh gives the heap in megabytes and the DOM nodes, garbage taken out.
func weigh(b *tab) (heap, nodes float64) {
	b.Helper()
	for range 2 {
		_, err := chromedp.Call(b.ctx, heapprofiler.CollectGarbage, cdp.Empty{})
		b.must(err)
	}
	use, err := chromedp.Call(b.ctx, runtime.GetHeapUsage, cdp.Empty{})
	b.must(err)
	dom, err := chromedp.Call(b.ctx, memory.GetDOMCounters, cdp.Empty{})
	b.must(err)
	return use.UsedSize / 1e6, float64(dom.Nodes)
}
