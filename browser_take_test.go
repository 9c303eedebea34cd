package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestChartsAndTheListLeaveByTheirMenus opens the menus as everybody does, and
// follows what they offer; with AGORA_PICTURES=FOLDER it leaves pictures there.
func TestChartsAndTheListLeaveByTheirMenus(t *testing.T) {
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	p.pushAll(map[string]int{"often.example": 5, "once.example": 1})
	axe, axeErr := os.ReadFile(filepath.Join("static", "node_modules", "axe-core", "axe.min.js"))
	// The entries of a menu: what each says, its address, and what is there.
	open := func(b *tab, menu string) []string {
		return eval[[]string](b, fmt.Sprintf(`(async () => {
			const menu = document.querySelector(%q);
			menu.scrollIntoView({block: 'center'});
			menu.querySelector('button').click();
			return Promise.all([...menu.querySelectorAll('.menu a')].map(async (a) => {
				const answer = await fetch(a.href);
				const kind = answer.headers.get('Content-Type').split(';')[0].split(/[./]/).pop();
				return [a.textContent, a.getAttribute('href'), answer.status, kind].join(' ');
			}));
		})()`, menu))
	}
	for _, size := range [][2]int64{{1920, 1080}, {390, 844}} {
		for _, dark := range []bool{false, true} {
			b := openTab(t, size[0], size[1], p.URL+"/?brand=nokia&window=24h&outlet=often.example")
			b.dark(dark)
			b.until("the list", `document.querySelectorAll('.list .mention').length === 5`)
			got := open(b, ".list-head .with-menu")
			query := "?brand=nokia&window=24h&outlet=often.example 200 "
			want := []string{
				"Table (CSV) /api/v1/mentions.csv" + query + "csv", "Workbook (XLSX) /api/v1/mentions.xlsx" + query + "sheet",
				"Data (JSON) /api/v1/mentions.json" + query + "json",
			}
			if !slices.Equal(got, want) {
				t.Errorf("the list offers %q, want %q", got, want)
			}
			time.Sleep(600 * time.Millisecond) // what fades in has its full colour then
			b.picture(fmt.Sprintf("take-list-%d-dark-%t.png", size[0], dark))
			if out := eval[bool](b, `(() => { const r = document.querySelector('.list-head .menu').getBoundingClientRect(); return r.left < 0 || r.right > innerWidth || r.width === 0; })()`); out {
				t.Errorf("%d wide: the menu of the list is not in sight", size[0])
			}
			if wide := eval[int](b, `document.scrollingElement.scrollWidth - innerWidth`); wide > 0 {
				t.Errorf("%d wide: %d pixels too many", size[0], wide)
			}
			if axeErr == nil { // PagesAreForEverybody says so otherwise
				for _, v := range violations(b, string(axe)) {
					t.Errorf("%d wide, dark %t: %s", size[0], dark, v)
				}
			}
			got = open(b, ".card-sources .with-menu")
			theme := map[bool]string{false: "light", true: "dark"}[dark]
			query = "?brand=nokia&window=24h"
			want = []string{
				"Picture (PNG) /charts/sources.png" + query + "&theme=" + theme + "&scale=2 200 png",
				"Drawing (SVG) /charts/sources.svg" + query + "&theme=" + theme + " 200 svg+xml",
				"Page (PDF) /charts/sources.pdf" + query + "&theme=" + theme + " 200 pdf",
				"Table (CSV) /charts/sources.csv" + query + " 200 csv", "Workbook (XLSX) /charts/sources.xlsx" + query + " 200 sheet",
				"Data (JSON) /charts/sources.json" + query + " 200 json",
			}
			if !slices.Equal(got, want) {
				t.Errorf("a chart offers %q, want %q", got, want)
			}
			if more := eval[string](b, `[...document.querySelectorAll('.card-sources .menu button')].map((b) => b.textContent).join()`); more != "Copy link,Embed…" {
				t.Errorf("and %q", more)
			}
			b.picture(fmt.Sprintf("take-chart-%d-dark-%t.png", size[0], dark))
			if over := eval[string](b, `(() => {
				const last = [...document.querySelectorAll('.card-sources .menu button')].pop();
				scrollBy(0, last.getBoundingClientRect().bottom - innerHeight + 4);
				const r = last.getBoundingClientRect();
				for (let x = r.left + 4; x < r.right; x += 8) {
					const top = document.elementFromPoint(x, r.top + r.height / 2);
					if (top !== last) return String(top && (top.id || top.className));
				}
				return '';
			})()`); over != "" {
				t.Errorf("%d wide: the last entry of a chart's menu lies under %s", size[0], over)
			}
		}
	}
}

// TestWhatCantBeTakenAwayIsSaidOnThePage has the server refuse, and be away.
func TestWhatCantBeTakenAwayIsSaidOnThePage(t *testing.T) {
	chromium(t)
	p := startProgram(t, map[string]string{"AGORA_TIMEZONE": "UTC"}, twoBrands)
	p.pushAll(map[string]int{"often.example": 5})
	// What fetch gives, and what is handed to the browser to keep, are the test's.
	const stand = `window.answers = []; window.kept = [];
		const real = window.fetch;
		window.fetch = (at, how) => (String(at).startsWith('/charts/') && answers.length ? answers.shift()() : real(at, how));
		const press = HTMLAnchorElement.prototype.click;
		HTMLAnchorElement.prototype.click = function () { if (this.href.startsWith('blob:')) kept.push(this.download); else press.call(this); };
		Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } });`
	b := openTab(t, 390, 844, p.URL+"/?brand=nokia&window=24h&map=about", stand)
	b.until("the charts", `document.querySelector('.card-map [role=img]')`)
	choose := func(entry string) {
		eval[bool](b, fmt.Sprintf(`(() => {
			const menu = document.querySelector('.card-map .with-menu');
			menu.scrollIntoView({block: 'center'});
			menu.querySelector('button').click();
			[...menu.querySelectorAll('.menu a, .menu button')].find((el) => el.textContent.startsWith(%q)).click();
			return true;
		})()`, entry))
	}
	says := func(text string) {
		b.until(text, fmt.Sprintf(`document.querySelector('.card-map .menu-said').textContent.includes(%q)`, text))
		if out := eval[bool](b, `(() => { const r = document.querySelector('.card-map .menu-said').getBoundingClientRect(); return r.left < 0 || r.right > innerWidth; })()`); out {
			t.Errorf("%q isn't in sight", text)
		}
	}
	refuse := func(status int, detail string) {
		eval[bool](b, fmt.Sprintf(`(answers.push(async () => new Response(JSON.stringify({detail: %q}), {status: %d})), true)`, detail, status))
	}
	refuse(429, "More than 600 pictures were taken: try again in 3 seconds.")
	choose("Picture")
	says("Picture (PNG): More than 600 pictures were taken: try again in 3 seconds.")
	b.picture("take-refused-390.png")
	refuse(503, "Too many pictures are being drawn right now.")
	choose("Page")
	says("Page (PDF): Too many pictures")
	eval[bool](b, `(answers.push(() => Promise.reject(new TypeError('Failed to fetch'))), true)`)
	choose("Drawing")
	says("Drawing (SVG): Agora can’t be reached")
	if at := eval[string](b, `location.pathname + kept.length`); at != "/0" {
		t.Errorf("what was refused is opened or kept all the same: %s", at)
	}
	choose("Picture")
	says("Saved as agora-map-nokia-24h-")
	if kept := eval[string](b, `kept.join()`); !strings.HasPrefix(kept, "agora-map-nokia-24h-") || !strings.HasSuffix(kept, ".png") {
		t.Errorf("kept as %q", kept)
	}
	choose("Copy link")
	says("Copied")
	if got, want := eval[string](b, `copied`), p.URL+"/?brand=nokia&window=24h&map=about#chart-map"; got != want {
		t.Errorf("the link is %s, want %s", got, want)
	}
	choose("Embed…")
	b.until("what to write into agora.yaml", `document.querySelector('dialog.embed .said').textContent.includes('embed: {origins: [https://intranet.example.com]}')`)
	if got := eval[bool](b, `document.querySelector('dialog.embed').contains(document.activeElement) && document.querySelector('dialog.embed .primary').disabled`); !got {
		t.Error("the dialog hasn't the focus, or offers nothing to copy")
	}
	time.Sleep(600 * time.Millisecond)
	b.picture("embed-dialog-390.png")
	if axe, err := os.ReadFile(filepath.Join("static", "node_modules", "axe-core", "axe.min.js")); err == nil { // PagesAreForEverybody says so otherwise
		for _, v := range violations(b, string(axe)) {
			t.Error(v)
		}
	}
	b.must(chromedp.Do(b.ctx, chromedp.KeyEvent(kb.Escape)))
	b.until("the dialog closed, the focus back", `!document.querySelector('dialog') && document.activeElement.closest('.card-map .with-menu')`)

	linked := openTab(t, 1280, 700, p.URL+"/?brand=nokia&window=24h#chart-rhythm")
	linked.until("the chart that the link leads to", `(() => { const card = document.getElementById('chart-rhythm'); return card && card.getBoundingClientRect().top < innerHeight; })()`)
}
