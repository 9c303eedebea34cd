package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// pushAll sends mentions of Nokia, so many from each outlet.
func (p *program) pushAll(outlets map[string]int) {
	p.t.Helper()
	var items []map[string]any
	for outlet, n := range outlets {
		for i := range n {
			id := fmt.Sprintf("%s-%d", outlet, i)
			items = append(items, map[string]any{
				"id": id, "title": "Nokia in the news, " + id, "url": "https://" + outlet + "/" + strconv.Itoa(i),
				"source": "wire", "language": "en", "country": "FI",
				"published": time.Now().Add(-time.Duration(i+1) * time.Minute).UTC().Format(time.RFC3339),
			})
		}
	}
	body, err := json.Marshal(items)
	if err != nil {
		p.t.Fatal(err)
	}
	answer, err := http.Post(p.URL+"/api/v1/mentions", "application/json", strings.NewReader(string(body))) //nolint:noctx // a test's
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted {
		p.t.Fatalf("push: HTTP %d", answer.StatusCode)
	}
}

func TestAClickOnABarListsExactlyTheMentionsBehindIt(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	p.pushAll(map[string]int{"often.example": 5, "sometimes.example": 3, "once.example": 1})
	page := openTab(t, 1280, 1000, p.URL+"/?brand=nokia&window=24h")
	page.says("9 mentions")
	page.until("the chart of the outlets", `document.querySelector('.card-sources canvas')`)
	want := outletCounts(t, p)

	clicked := ""
	for try := range 60 {
		at := eval[[]float64](page, `(() => {
			const picture = document.querySelector('.card-sources .chart');
			picture.scrollIntoView({block: 'center'});
			const box = picture.getBoundingClientRect();
			return [box.left, box.top, box.width, box.height];
		})()`)
		// Down the middle of the bars, a little further each time.
		x, y := at[0]+at[2]*0.45, at[1]+at[3]*float64(try+1)/61
		page.must(chromedp.Do(page.ctx, chromedp.MouseClickXY(x, y)))
		if search := eval[string](page, `location.search`); strings.Contains(search, "outlet=") {
			values, err := url.ParseQuery(strings.TrimPrefix(search, "?"))
			page.must(err)
			clicked = values.Get("outlet")
			break
		}
	}
	if clicked == "" {
		t.Fatal("no click on the chart of the outlets filtered the list")
	}
	page.until(fmt.Sprintf("%d mentions of %s", want[clicked], clicked), fmt.Sprintf(
		`document.querySelectorAll('.list .mention').length === %d && document.querySelector('.list .total').textContent.includes('%d')`, want[clicked], want[clicked]))
	if n := eval[int](page, fmt.Sprintf(`[...document.querySelectorAll('.list .outlet')].filter((o) => o.textContent !== %q).length`, clicked)); n != 0 {
		t.Errorf("%d of the listed mentions are not of %s", n, clicked)
	}
	page.must(chromedp.Do(page.ctx, chromedp.NavigateBack()))
	page.until("the whole list, after going back", `document.querySelectorAll('.list .mention').length === 9`)
}

// outletCounts is what the chart's own table says.
func outletCounts(t *testing.T, p *program) map[string]int {
	t.Helper()
	answer, err := http.Get(p.URL + "/charts/sources.json?brand=nokia&window=24h") //nolint:noctx // a test's
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var table struct {
		Columns []struct{ Key string }
		Rows    []struct {
			Key   string
			Cells []any
		}
	}
	if err := json.Unmarshal(raw, &table); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	counts := map[string]int{}
	for _, row := range table.Rows {
		for i, column := range table.Columns {
			if n, ok := row.Cells[i].(float64); ok && column.Key == "mentions" {
				counts[row.Key] = int(n)
			}
		}
	}
	if counts["often.example"] != 5 {
		t.Fatalf("the table of the outlets says %v", counts)
	}
	return counts
}

func TestNoPageScrollsSidewaysOnAPhone(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	p.pushAll(map[string]int{"a-very-long-name-of-an-outlet-that-goes-on-and-on.example": 4, "often.example": 5})
	for _, path := range []string{"/?brand=nokia&window=24h", "/displays", "/queries", "/login", "/wall/overview", "/wall/map", "/wall/brands", "/wall/mentions"} {
		phone := openTab(t, 390, 844, p.URL+path)
		phone.until("something", `document.querySelector('h1, h2')`)
		if strings.HasPrefix(path, "/?") {
			phone.says("9 mentions")
		}
		time.Sleep(300 * time.Millisecond) // charts take their size a moment later
		if wide := eval[int](phone, `document.scrollingElement.scrollWidth - innerWidth`); wide > 0 {
			t.Errorf("%s is %d pixels wider than the phone", path, wide)
		}
	}
}

func TestAThemeThatChangesBeforeTheFirstDrawingIsThatOfTheCharts(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	p.pushAll(map[string]int{"often.example": 9})
	// A font that doesn't come holds the first drawing up for a while.
	b := openTab(t, 1280, 1000, p.URL+"/?brand=nokia&window=24h", `FontFaceSet.prototype.load = () => new Promise(() => {})`)
	b.until("a chart that isn't drawn yet", `document.querySelector('.card-timeline .chart div')`)
	b.dark(true)
	b.says("9 mentions")
	b.until("the timeline", `document.querySelector('.card-timeline .chart').hasAttribute('aria-label') || document.querySelector('.card-timeline .chart [aria-label]')`)
	time.Sleep(600 * time.Millisecond)
	// Where there are but lines of the grid, nothing is as bright as by day.
	if n := eval[int](b, `(() => {
		const canvas = document.querySelector('.card-timeline canvas'), { width, height } = canvas;
		const { data } = canvas.getContext('2d').getImageData(Math.round(width * 0.2), Math.round(height * 0.2), Math.round(width * 0.4), Math.round(height * 0.25));
		let n = 0;
		for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 128 && data[i] > 190 && data[i + 1] > 190 && data[i + 2] > 190) n++;
		return n;
	})()`); n > 0 {
		t.Errorf("%d pixels of the grid have the colour of the day", n)
	}
}

func TestPagesAreForEverybody(t *testing.T) {
	chromium(t)
	axe, err := os.ReadFile(filepath.Join("static", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		if os.Getenv("AGORA_TEST_ALL") == "1" {
			t.Fatalf("axe-core is not installed, and AGORA_TEST_ALL asks for every test: make assets: %v", err)
		}
		t.Skip("axe-core is not installed: make assets")
	}
	p := startProgram(t, nil, twoBrands)
	p.pushAll(map[string]int{"often.example": 5, "sometimes.example": 3})
	for path, ready := range map[string]string{
		"/?brand=nokia&window=24h":    `document.querySelectorAll('.list .mention').length === 8 && document.querySelector('.card-map canvas')`,
		"/?brand=ericsson&window=24h": `document.querySelector('#notice:not([hidden])')`,
		"/displays":                   `document.querySelector('#none:not([hidden])')`,
		"/login":                      `document.querySelector('#token')`,
	} {
		b := openTab(t, 1280, 1000, p.URL+path)
		for _, dark := range []bool{false, true} {
			b.dark(dark)
			b.until("the page", ready)
			time.Sleep(600 * time.Millisecond) // what fades in has its full colour then
			for _, v := range violations(b, string(axe)) {
				t.Errorf("%s, dark %t: %s", path, dark, v)
			}
		}
	}
}

// violations asks axe what is wrong with the page.
func violations(b *tab, axe string) []string {
	b.Helper()
	// In the midst of a fade a colour is none of the page's.
	b.until("that nothing fades any more", `document.getAnimations().every((a) => a.playState !== 'running' || a.effect.getComputedTiming().endTime === Infinity)`)
	eval[bool](b, axe+`;true`)
	return eval[[]string](b, `axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations.flatMap((v) =>
		v.nodes.slice(0, 3).map((n) => v.id + ' (' + v.impact + '): ' + v.help + ': ' + n.html.slice(0, 160) + ' ' + n.failureSummary.slice(0, 240))))`)
}
