package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// taken asks the program for a file.
func (p *program) taken(path string) string {
	p.t.Helper()
	answer, err := http.Get(p.URL + path) //nolint:noctx // a test ends with its program
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		p.t.Fatalf("%s: %d %v %.300s", path, answer.StatusCode, err, body)
	}
	return string(body)
}

// TestABoardIsKeptByAButtonAndOutlivesARestart presses the button as a manager
// would and opens the link that it gives, also after a restart, with another
// day's mentions; with AGORA_PICTURES=FOLDER it leaves pictures there.
func TestABoardIsKeptByAButtonAndOutlivesARestart(t *testing.T) {
	t.Parallel() // it waits more than it works
	chromium(t)
	p := startProgram(t, nil, twoBrands)
	p.pushAll(map[string]int{"often.example": 5, "once.example": 1})
	axe, axeErr := os.ReadFile(filepath.Join("static", "node_modules", "axe-core", "axe.min.js"))

	b := openTab(t, 390, 844, p.URL+"/?brand=nokia&window=24h")
	b.until("the board", `document.querySelectorAll('.list .mention').length === 6`)
	eval[bool](b, `(() => { document.querySelector('.keep').click(); return true; })()`)
	b.until("the link", `document.querySelector('.kept-told a')`)
	link := eval[string](b, `document.querySelector('.kept-told a').href`)
	b.picture("keep-390.png")
	if wide := eval[int](b, `document.scrollingElement.scrollWidth - innerWidth`); wide > 0 {
		t.Errorf("the page is %d pixels too wide with the link", wide)
	}
	eval[bool](b, `(() => { [...document.querySelectorAll('.kept-told button')].pop().click(); return true; })()`)
	b.until("what became of copying", `/Copied|selected/.test(document.querySelector('.kept-told').innerText)`)
	path, ok := strings.CutPrefix(link, p.URL)
	if !ok {
		t.Fatalf("the link is %s", link)
	}

	formats := []string{"timeline.png", "map.pdf", "sources.svg", "mood.csv", "topics.xlsx"}
	before := map[string]string{}
	for _, f := range formats {
		before[f] = p.taken(path + "/" + f)
	}
	p.pushAll(map[string]int{"later.example": 3})
	p.stop()
	p.start()
	for _, f := range formats {
		if p.taken(path+"/"+f) != before[f] {
			t.Errorf("%s is another one after a restart", f)
		}
	}
	for _, size := range [][2]int64{{1920, 1080}, {3840, 2160}, {390, 844}} {
		for _, dark := range []bool{false, true} {
			b := openTab(t, size[0], size[1], p.URL+path)
			b.dark(dark)
			b.until("all pictures", `(() => {
				const all = [...document.images];
				all.forEach((i) => { i.loading = 'eager'; });
				return all.length > 4 && all.every((i) => i.complete && i.naturalWidth > 0);
			})()`)
			at := fmt.Sprintf("%d wide, dark %t", size[0], dark)
			// Another look is another source, which a browser takes in its own time.
			theme := map[bool]string{false: "light", true: "dark"}[dark]
			b.until(at+": the pictures are "+theme, fmt.Sprintf(`[...document.images].every((i) => i.complete && new URL(i.currentSrc).searchParams.get('theme') === %q)`, theme))
			if wide := eval[int](b, `document.scrollingElement.scrollWidth - innerWidth`); wide > 0 {
				t.Errorf("%s: %d pixels too many", at, wide)
			}
			if said := b.text("main"); !strings.Contains(said, "Nokia, last 24 hours") || !strings.Contains(said, "It isn’t live") || !strings.Contains(said, "6 mentions") {
				t.Errorf("%s: the page says %.400s", at, said)
			}
			if axeErr == nil && size[0] < 3000 { // PagesAreForEverybody says so otherwise
				for _, v := range violations(b, string(axe)) {
					t.Errorf("%s: %s", at, v)
				}
			}
			time.Sleep(200 * time.Millisecond)
			b.picture(fmt.Sprintf("kept-%d-dark-%t.png", size[0], dark))
		}
	}
}
