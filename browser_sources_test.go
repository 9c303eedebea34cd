package main

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
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
