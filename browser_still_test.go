package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// A picture of a wall is drawn by a machine that does much else: these tests
// wait as often as it takes.
func (b *tab) untilWithin(times int, what, expression string) {
	b.Helper()
	for range times - 1 {
		deadline := time.Now().Add(browserPatience)
		for time.Now().Before(deadline) {
			if ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`Boolean(`+expression+`)`)); err == nil && ok {
				return
			}
			time.Sleep(200 * time.Millisecond)
		}
	}
	b.until(what, expression)
}

const pictureOfAWall = `document.querySelector('#wall img') && document.querySelector('#wall img').naturalWidth === innerWidth`

func TestAGoodBrowserStaysOnTheLiveWall(t *testing.T) {
	t.Parallel() // it waits more than it works
	b := openTab(t, 1280, 720, startDemo(t)+"/wall/overview")
	b.untilWithin(3, "the live wall", `document.querySelectorAll('canvas').length >= 2`)
	time.Sleep(6 * time.Second) // longer than old/away.js waits
	if at := eval[string](b, `location.pathname`); at != "/wall/overview" {
		t.Errorf("it was sent to %s", at)
	}
}

func TestABrowserThatIsTooOldGetsTheWallAsAPictureInTheSizeOfItsScreen(t *testing.T) {
	t.Parallel() // it waits more than it works
	b := openTab(t, 1024, 600, startDemo(t)+"/wall/brands", `delete Object.fromEntries;`)
	b.untilWithin(3, "the picture", pictureOfAWall)
	if at := eval[string](b, `location.pathname`); at != "/still/wall/brands" {
		t.Errorf("it is at %s", at)
	}
	// The next one takes its place without a moment of none.
	eval[bool](b, `(() => {
	  window.seen = 0; window.none = 0;
	  const wall = document.getElementById('wall');
	  const first = wall.querySelector('img').src;
	  new MutationObserver(() => {
	    const img = wall.querySelector('img');
	    if (!img || !img.complete || !img.naturalWidth) window.none++;
	    if (img && img.src !== first) window.seen++;
	  }).observe(wall, { childList: true });
	  return true;
	})()`)
	b.untilWithin(3, "another picture", `window.seen > 0`)
	if n := eval[float64](b, `window.none`); n != 0 {
		t.Errorf("%v times there was no picture", n)
	}
}

func TestABrowserWithoutScriptGetsPictures(t *testing.T) {
	t.Parallel() // it waits more than it works
	url := startDemo(t)
	for from, to := range map[string]string{"/": "/still", "/wall/map": "/still/wall/map", "/login": "/still"} {
		b := openTab(t, 1280, 720, "about:blank")
		if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatal(err)
		}
		b.must(chromedp.Do(b.ctx, chromedp.Navigate(url+from)))
		b.untilWithin(3, to+" and a picture", fmt.Sprintf(`location.pathname === %q && [...document.images].some((i) => i.complete && i.naturalWidth > 300) && !/One moment/.test(document.body.innerText)`, to))
	}
}

func TestALiveWallWhoseScriptDoesntComeTriesAgainBeforeItGivesUp(t *testing.T) {
	t.Parallel() // it waits more than it works
	b := openTab(t, 1280, 720, "about:blank")
	block := func(urls ...string) {
		t.Helper()
		var patterns []*network.BlockPattern
		for _, u := range urls {
			patterns = append(patterns, &network.BlockPattern{URLPattern: u, Block: true})
		}
		if _, err := chromedp.Call(b.ctx, network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: patterns}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := chromedp.Call(b.ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	url := startDemo(t)
	block("*://*:*/assets/main-*.js")
	b.must(chromedp.Do(b.ctx, chromedp.Navigate(url+"/wall/overview")))
	b.untilWithin(3, "the picture", `location.pathname === '/still/wall/overview' && location.search === '?after=failure' && `+pictureOfAWall)
	block()
	b.must(chromedp.Do(b.ctx, chromedp.Navigate(url+"/wall/overview")))
	b.untilWithin(3, "the live wall", `location.pathname === '/wall/overview' && document.querySelectorAll('canvas').length >= 2`)
}

// fast makes the page's clock run twenty times as fast.
const fast = `(() => {
  const time = Date.prototype.getTime;
  const begun = time.call(new Date());
  Date.prototype.getTime = function () { return begun + (time.call(this) - begun) * 20; };
})();`

func TestAnOldPictureIsMarkedWhileTheServerIsAwayAndStays(t *testing.T) {
	t.Parallel() // it waits more than it works
	f := startFront(t, &program{URL: startDemo(t)}, time.Second)
	b := openTab(t, 1280, 720, f.URL+"/still/wall/brands", fast)
	b.untilWithin(3, "the picture", pictureOfAWall)
	f.set("502")
	b.untilWithin(2, "the mark", `document.getElementById('mark').style.display === 'block' && /^No link: this picture is \d+ (s|min|h) old$/.test(document.getElementById('mark').innerText)`)
	if !eval[bool](b, pictureOfAWall) || !eval[bool](b, `document.querySelector('#wall img').className === 'is-old'`) {
		t.Error("the old picture went away, or looks as new")
	}
	f.set("")
	b.untilWithin(3, "a fresh picture", `document.getElementById('mark').style.display === 'none' && document.querySelector('#wall img').className === '' && `+pictureOfAWall)
}

func TestTheOldPageKeepsToItsPolicyAndFillsItsCharts(t *testing.T) {
	t.Parallel() // it waits more than it works
	url := startDemo(t)
	b := openTab(t, 800, 1000, url+"/still")
	b.untilWithin(4, "charts", `document.querySelectorAll('img.chart').length >= 8 && [...document.querySelectorAll('img.chart')].every((i) => i.complete && i.naturalWidth === 800)`)
	text := ""
	for deadline := time.Now().Add(browserPatience); time.Now().Before(deadline); time.Sleep(time.Second) {
		b.must(chromedp.Do(b.ctx, chromedp.Navigate(url+"/still"))) // the demo has just begun
		if text = b.text("body"); strings.Contains(text, "Newest mentions") {
			break
		}
	}
	for _, want := range []string{"Northvane", "Newest mentions", "Demo: made-up data", "Take away: SVG PNG PDF CSV XLSX JSON"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q: %.300s", want, text)
		}
	}
}
