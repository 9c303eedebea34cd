package main

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// wires serves two feeds, a big one that can be stopped and a small one that
// goes on.
func wires(t *testing.T) (server *httptest.Server, down *atomic.Bool) {
	t.Helper()
	down = &atomic.Bool{}
	begun := time.Now()
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, name := 19, "The Daily <b>Wire</b> & Co"
		if strings.HasPrefix(r.URL.Path, "/small") {
			n, name = 2, "Small"
		} else if down.Load() {
			http.Error(w, "no", http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprintf(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>%s</title>`, html.EscapeString(html.EscapeString(name)))
		for i := range n {
			fmt.Fprintf(w, `<item><title>Nokia in the news, %s %d</title><link>https://wire.example%s/%d</link><guid>%s-%d</guid><pubDate>%s</pubDate></item>`,
				html.EscapeString(r.URL.Path), i, r.URL.Path, i, r.URL.Path, i, begun.Add(-time.Duration(20*i+2)*time.Minute).UTC().Format(time.RFC1123Z))
		}
		fmt.Fprint(w, `</channel></rss>`)
	}))
	t.Cleanup(server.Close)
	return server, down
}

// shaded counts the pixels at the timeline's end, above its bars, that have the
// warm tint of a source that stopped.
const shaded = `(() => {
	const canvas = document.querySelector('.card-timeline canvas');
	if (!canvas) return 0;
	const { width, height } = canvas;
	const { data } = canvas.getContext('2d').getImageData(Math.round(width * 0.9), Math.round(height * 0.2), Math.round(width * 0.08), Math.round(height * 0.2));
	let n = 0;
	for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0 && data[i] - data[i + 2] > 8) n++;
	return n;
})()`

func TestABigSourceThatStopsIsSeenOnPageWallAndTimeline(t *testing.T) {
	chromium(t)
	feeds, down := wires(t)
	p := startProgram(t, nil, twoBrands+`
sources:
  - feed: `+feeds.URL+`/big.xml
    every: 200ms
  - feed: `+feeds.URL+`/small.xml
    name: Small
    every: 200ms
walls:
  - id: lobby
    brands: [nokia]
    window: 24h
    scenes: [{show: overview, for: 10m}]
fetch:
  floor: 100ms
  allow: [127.0.0.0/8]
  hosts:
    127.0.0.1: {parallel: 8, gap: 0s}
`)
	page := openTab(t, 1280, 1000, p.URL+"/?brand=nokia&window=24h")
	wall := openTab(t, 1920, 1080, p.URL+"/wall?id=lobby")
	page.says("21 mentions")
	wall.until("the wall", `document.querySelector('.overview canvas')`)
	if said := wall.text(".corner .sentence"); strings.Contains(said, "Wire") {
		t.Errorf("the wall says %q while all is well", said)
	}

	if n := eval[int](page, shaded); n != 0 {
		t.Errorf("%d pixels of the timeline are shaded while all is well", n)
	}

	down.Store(true)
	// Its own title stands for it, as text; and how much it brought.
	wall.until("the wall's word for one source", `/Daily Wire & Co.* has been broken since \d\d:\d\d \(90 % of what we hear\)/.test(document.querySelector('.corner .sentence').textContent)`)
	page.until("the figure in the bar", `(document.querySelector('#sources-count').textContent === '1 of 2 sources') || (document.querySelector('#sources-button').click(), false)`)
	page.until("the panel", `document.querySelector('#sources-panel:not([hidden])') || (document.querySelector('#sources-button').click(), false)`)
	page.until("trouble first, in words", `(() => {
		const first = document.querySelector('.sources li');
		const text = first ? first.innerText : '';
		return first.classList.contains('bad') && /The Daily Wire & Co/.test(text) && /Failing/.test(text) && /Broken on its side \(503\) since \d\d:\d\d/.test(text)
			&& /the fault is on its side/.test(text) && /90 % of what we hear/.test(text) && /One outage in 14 days/.test(text);
	})()`)
	if second := page.text(".sources li:nth-child(2)"); !strings.Contains(second, "Small") || !strings.Contains(second, "Fine") {
		t.Errorf("the other source: %s", second)
	}
	page.until("the timeline's note", `fetch('/charts/timeline.json?brand=nokia&window=24h').then((r) => r.text()).then((s) => { window.told = s; }), /The Daily Wire . Co stopped, since/.test(window.told || '')`)

	page.until("a shade on the timeline", shaded+` > 20`)

	// A click lists what came from it, under its name.
	page.until("a click on its name", `(document.querySelector('.sources .source-name').click(), true)`)
	page.until("its mentions alone", `document.querySelectorAll('.list .mention').length === 19 && document.querySelector('#sources-panel').hidden`)
	page.until("the chip with its name", `/source The Daily Wire & Co/.test(document.querySelector('.chips').innerText)`)

	down.Store(false)
	wall.until("nothing to say", `!/Wire/.test(document.querySelector('.corner .sentence').textContent)`)
}

// manySources answers for GET /api/v1/sources in a page: n sources in all
// states, with names that a page might trip over.
func manySources(n int) string {
	return fmt.Sprintf(`(() => {
	const real = fetch, begun = Date.now(), ago = (minutes) => new Date(begun - minutes * 60000).toISOString();
	const names = ['BBC Technology', 'Google News: Nokia', '</li><script>alert(1)</script><img src=x onerror=alert(1)>', 'مجلة التقنية', '\u202egnp.exe', '__proto__',
		'A name that goes on and on about telecommunications in northern Europe and never seems to find an end at all', 'x'.repeat(300)];
	const states = [
		{}, {state: 'failing', trouble: 'unreachable', since: ago(147), share: 0.38, last_error: 'it refuses connections: nothing is listening there; it is tried again', outages: [{from: ago(147), to: null}, {from: ago(9000), to: ago(8000)}]},
		{state: 'waiting', outages: [{from: ago(300), to: null}]}, {state: 'not-a-feed', last_error: 'this is a web page; its feed is https://' + 'x'.repeat(200) + '. Give the address of a feed instead'},
		{state: 'gone', next_poll: null, outages: [{from: ago(30000), to: null}]}, {state: 'moved', last_error: 'it has moved <b>for good</b>'}, {silent_since: ago(13000), usual_per_day: 12}, {state: 'new', last_success: null},
	];
	const sources = Array.from({length: %d}, (_, i) => ({id: 's' + i, name: names[i %% names.length] + ' ' + i, kind: 'feed', url: 'https://feeds.example/' + i, state: 'fine', last_success: ago(i %% 15), last_item: ago(7 * i), next_poll: ago(-1 - i %% 15),
		items_per_day: 12, too_old: 3, last_error: '', today: 9, interval: 900, ...(i < 40 ? states[i %% states.length] : {})}));
	window.fetch = (url, ...rest) => String(url).includes('/api/v1/sources') ? Promise.resolve(new Response(JSON.stringify({sources}), {headers: {'Content-Type': 'application/json'}})) : real(url, ...rest);
})()`, n)
}

func TestTheListOfSourcesIsForEverybody(t *testing.T) {
	chromium(t)
	axe, err := os.ReadFile(filepath.Join("static", "node_modules", "axe-core", "axe.min.js"))
	if err != nil && os.Getenv("AGORA_TEST_ALL") == "1" {
		t.Fatalf("axe-core is not installed, and AGORA_TEST_ALL asks for every test: make assets: %v", err)
	}
	p := startProgram(t, nil, twoBrands)
	p.pushAll(map[string]int{"often.example": 5})
	for _, look := range []struct {
		n, width int64
		dark     bool
	}{{0, 390, true}, {1, 1280, false}, {400, 390, true}, {400, 1920, false}} {
		b := openTab(t, look.width, 844, p.URL+"/?brand=nokia&window=24h", manySources(int(look.n)))
		b.dark(look.dark)
		b.says("5 mentions")
		b.until("the panel", `document.querySelector('#sources-panel:not([hidden])') || (document.querySelector('#sources-button').click(), false)`)
		if look.n == 0 {
			b.until("what to do", `document.querySelector('.source-nothing pre')`)
		}
		b.until("every source", fmt.Sprintf(`document.querySelectorAll('.sources li').length === %d`, look.n))
		if wide := eval[int](b, `document.querySelector('.panel').scrollWidth - document.querySelector('.panel').clientWidth`); wide > 0 {
			t.Errorf("%d sources are %d pixels too wide for %d", look.n, wide, look.width)
		}
		if err == nil {
			for _, v := range violations(b, string(axe)) {
				t.Errorf("%d sources, dark %t: %s", look.n, look.dark, v)
			}
		}
		if look.n < 400 {
			continue
		}
		b.until("only those that need a look", `(document.querySelector('.source-which button:last-child').click(), document.querySelectorAll('.sources li').length === 30)`)
		b.until("the one that is searched for", `(() => {
			const search = document.querySelector('.panel input');
			document.querySelector('.source-which button').click();
			search.focus();
			search.value = 'bbc 160';
			search.dispatchEvent(new Event('input'));
			return document.querySelectorAll('.sources li').length === 1 && document.querySelector('.sources li').innerText.includes('BBC Technology 160') && document.activeElement === search;
		})()`)
		// Escape clears the search, then closes.
		b.must(chromedp.Do(b.ctx, chromedp.KeyEvent(kb.Escape)))
		b.until("all of them again", `document.querySelectorAll('.sources li').length === 400`)
		b.must(chromedp.Do(b.ctx, chromedp.KeyEvent(kb.Escape)))
		b.until("the page, with the focus where it was", `document.querySelector('#sources-panel').hidden && document.activeElement.id === 'sources-button'`)
	}
}
