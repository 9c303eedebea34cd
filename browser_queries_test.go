package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// said pushes texts of the last six days, one for each title: every fourth
// with what it says in its text alone.
func (p *program) said(titles ...string) {
	p.t.Helper()
	outlets := []string{"news.bbc.co.uk", "yle.fi", "heise.de", "www.theguardian.com", "lightreading.com"}
	var lines []string
	for i, title := range titles {
		item := map[string]any{
			"id": fmt.Sprint(i), "title": title, "url": fmt.Sprintf("https://%s/%d", outlets[i%len(outlets)], i),
			"text":     "Analysts in Helsinki said on Tuesday that demand had held up through the autumn, with orders for the coming year in line with the last one.",
			"language": []string{"en", "fi", "de", "en", "en"}[i%5], "country": []string{"GB", "FI", "DE", "GB", "US"}[i%5],
			"published": time.Now().Add(-time.Duration(i*i%140+1) * time.Hour).UTC().Format(time.RFC3339),
		}
		if i%4 == 3 {
			item["title"], item["text"] = "A week on the markets", strings.Repeat("It was a quiet week. ", 12)+title+strings.Repeat(". And so it went on", 20)
		}
		line, err := json.Marshal(item)
		must(p.t, err)
		lines = append(lines, string(line))
	}
	answer, err := http.Post(p.URL+"/api/v1/mentions", "application/x-ndjson", strings.NewReader(strings.Join(lines, "\n"))) //nolint:noctx // a test's
	must(p.t, err)
	answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted {
		p.t.Fatalf("push: HTTP %d", answer.StatusCode)
	}
}

func newsOfTheWeek(n int) (titles []string) {
	forms := []string{"Nokia wins order %d", "Nokian Tyres opens plant %d", "Bell Labs shows antenna %d", "Nothing of note happened %d", "Ericsson and Nokia meet %d", "Bell Labs and Nokia publish paper %d"}
	for i := range n {
		titles = append(titles, fmt.Sprintf(forms[i%len(forms)], i))
	}
	return titles
}

// write types a query over whatever stands there.
func (b *tab) write(query string) {
	b.Helper()
	eval[bool](b, `(document.getElementById('query').focus(), document.getElementById('query').select(), true)`)
	b.must(chromedp.Do(b.ctx, chromedp.KeyEvent(query)))
}

const listed = `[...document.querySelectorAll('#texts .text')]`

func TestAQueryIsTriedByKeyboardAndSaysWhatItFindsAndWhy(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	b := openTab(t, 1280, 1000, p.URL+"/queries?brand=nokia")
	b.says("nothing has come in yet")
	p.said(newsOfTheWeek(24)...)

	// Enter tries what is written; a mistake is underlined where it stands.
	b.write("Nokia contry:FI")
	b.must(chromedp.Do(b.ctx, chromedp.KeyEvent("\r")))
	b.until("the mistake under its line", `document.querySelector('#under .bad')?.textContent === 'contry:FI'`)
	b.until("what to do about it", `/column 7.*did you mean country:/.test(document.getElementById('said').textContent)`)
	if marked := eval[string](b, `(() => { const f = document.getElementById('query'); return f.value.slice(f.selectionStart, f.selectionEnd); })()`); marked != "contry:FI" {
		t.Errorf("the field has %q selected, want the mistake", marked)
	}

	// 24 texts: 12 name Nokia, 8 Bell Labs, 4 of them both.
	b.write(`Nokia OR "Bell Labs"`)
	b.must(chromedp.Do(b.ctx, chromedp.KeyEvent("\r")))
	b.until("how many match", `document.querySelector('.sum .figure')?.textContent === '16'`)
	b.until("what was gained", `document.querySelector('.change')?.textContent === 'The query in force matches 12. 4 more would be found.'`)
	if bars := eval[int](b, `document.querySelectorAll('.bars li').length`); bars < 7 || bars > 8 {
		t.Errorf("%d bars, want one for each day of the last seven", bars)
	}
	sum := eval[int](b, `[...document.querySelectorAll('.bars .n')].reduce((n, el) => n + Number(el.textContent), 0)`)
	if sum != 16 {
		t.Errorf("the days add up to %d, want 16", sum)
	}
	b.until("what matched, marked in titles", listed+`.some((li) => li.querySelector('h3').textContent.startsWith('Bell Labs and Nokia') && [...li.querySelectorAll('h3 mark')].map((m) => m.textContent).join() === 'Bell Labs,Nokia')`)
	b.until("and in the middle of a text", listed+`.some((li) => li.querySelector('.excerpt').textContent.startsWith('… ') && li.querySelector('.excerpt mark'))`)
	b.until("for whom it counts", listed+`.some((li) => li.textContent.includes('counted for Nokia, Ericsson'))`)

	// The lists, by arrow keys.
	eval[bool](b, `(document.getElementById('tab-matches').focus(), true)`)
	b.must(chromedp.Do(b.ctx, chromedp.KeyEvent(kb.ArrowRight)))
	b.until("the gained ones", `document.activeElement.id === 'tab-gained' && `+listed+`.length === 4 && `+listed+`.every((li) => li.textContent.includes('no brand’s query matches it now'))`)
	b.write("Ericsson")
	b.must(chromedp.Do(b.ctx, chromedp.KeyEvent("\r")))
	b.until("what would be missed", `document.querySelector('.change')?.textContent.endsWith('8 would be missed.')`)
	eval[bool](b, `(document.getElementById('tab-lost').click(), true)`)
	b.until("the missed ones, with what the query in force matched", listed+`.length === 8 && `+listed+`.every((li) => li.querySelector('.why b').textContent === 'Nokia')`)

	// The address brings it back.
	back := openTab(t, 1280, 1000, eval[string](b, `location.href`))
	back.until("the same again", `document.querySelector('.sum .figure')?.textContent === '4'`)
}

func TestABrandIsCountedAnewWhereItsQueryWasChanged(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	p.said(newsOfTheWeek(24)...)
	b := openTab(t, 1280, 1000, p.URL+"/queries?brand=nokia&q=Nokia+OR+%22Bell+Labs%22")
	b.until("how many match", `document.querySelector('.sum .figure')?.textContent === '16'`)
	snippet := b.text("#after pre")
	if want := "  - id: nokia\n    name: 'Nokia'\n    query: 'Nokia OR \"Bell Labs\"'"; snippet != want {
		t.Fatalf("to be put into agora.yaml:\n%s\nwant\n%s", snippet, want)
	}
	must(t, os.WriteFile(filepath.Join(p.folder, "agora.yaml"), []byte("brands:\n"+snippet+"\n  - {id: ericsson, name: Ericsson}\n"), 0o600))
	b.until("that it is in force", `(dispatchEvent(new Event('focus')), document.getElementById('after').textContent.includes('This is the query in force'))`)
	eval[bool](b, `(document.getElementById('backfill').click(), true)`)
	b.until("that it is done", `document.getElementById('backfill-said').textContent === 'Done. 16 texts matched: 4 counted now, 12 counted before, or copies of that.'`)
	page := openTab(t, 1280, 1000, p.URL+"/?brand=nokia&window=7d")
	page.until("all of them on the manager's page", `document.querySelector('.list .total')?.textContent === '16'`)
	if link := eval[string](page, `document.querySelector('.board-actions a[href^="/queries"]').getAttribute('href')`); link != "/queries?brand=nokia" {
		t.Errorf("the manager's page leads to %q", link)
	}
}

// TestQueriesAreReadableEverywhere looks at the page as everybody does; with
// AGORA_PICTURES=FOLDER it leaves pictures there.
func TestQueriesAreReadableEverywhere(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	p.said(newsOfTheWeek(60)...)
	axe, axeErr := os.ReadFile(filepath.Join("static", "node_modules", "axe-core", "axe.min.js"))
	for _, size := range [][2]int64{{1920, 1080}, {3840, 2160}, {390, 844}} {
		for _, dark := range []bool{false, true} {
			for state, address := range map[string]string{
				"start": "/queries", "found": "/queries?brand=nokia&q=Bell+Labs+OR+title:Nokia", "wrong": "/queries?brand=nokia&q=Nokia+AND+(tyres",
			} {
				b := openTab(t, size[0], size[1], p.URL+address)
				b.dark(dark)
				switch state {
				case "start":
					b.says("Texts are kept since")
				case "found":
					b.until("what it finds", listed+`.length`)
					eval[bool](b, `(scrollTo(0, 0), true)`)
				case "wrong":
					b.until("the mistake", `document.querySelector('#under .bad')`)
				}
				b.picture(fmt.Sprintf("queries-%s-%d-dark-%t.png", state, size[0], dark))
				if wide := eval[int](b, `document.scrollingElement.scrollWidth - innerWidth`); wide > 0 {
					t.Errorf("%s, %d wide: %d pixels too many", state, size[0], wide)
				}
				if axeErr != nil {
					continue // PagesAreForEverybody says so
				}
				for _, v := range violations(b, string(axe)) {
					t.Errorf("%s, %d wide, dark %t: %s", state, size[0], dark, v)
				}
			}
		}
	}
}
