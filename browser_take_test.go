package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
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
			if len(got) != 3 || !strings.HasPrefix(got[1], "Workbook (XLSX) /charts/sources.xlsx?brand=nokia&window=24h 200 sheet") {
				t.Errorf("a chart offers %q", got)
			}
			b.picture(fmt.Sprintf("take-chart-%d-dark-%t.png", size[0], dark))
		}
	}
}
