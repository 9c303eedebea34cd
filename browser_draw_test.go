package main

import (
	"bytes"
	"fmt"
	"image"
	pixels "image/draw"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"agora/charts"
	"agora/charts/snapshot/figure"
)

// easel is a page in Chromium that shows pictures, one after the other, in the
// pages' own typeface.
type easel struct {
	*tab
	width, height int64
	scale         float64
}

var fontFaces = regexp.MustCompile(`@font-face\s*{[^}]*}`)

func newEasel(t testing.TB) *easel {
	t.Helper()
	sheets, err := filepath.Glob("static/dist/assets/page-*.css")
	must(t, err)
	if len(sheets) != 1 {
		t.Fatalf("%d style sheets of the page were built: run `make assets`", len(sheets))
	}
	css, err := os.ReadFile(sheets[0])
	must(t, err)
	faces := strings.Join(fontFaces.FindAllString(string(css), -1), "\n")
	if !strings.Contains(faces, "woff2") {
		t.Fatalf("%s names no font", sheets[0])
	}
	files := http.FileServer(http.Dir("static/dist"))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			files.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><style>%s html, body { margin: 0; overflow: hidden } svg { display: block }</style>`, faces)
	}))
	t.Cleanup(server.Close)
	e := &easel{tab: openTab(t, 400, 300, server.URL)}
	eval[bool](e.tab, `Promise.all(['400', '600', '700'].flatMap((w) => ['a', 'ő', 'ж', 'ω'].map((c) => document.fonts.load(w + ' 12px Inter', c)))).then(() => true)`)
	return e
}

// show gives a picture as Chromium draws it.
func (e *easel) show(svg []byte, width, height int64, scale float64) image.Image {
	e.Helper()
	if e.width != width || e.height != height || e.scale != scale {
		e.must(chromedp.Do(e.ctx, chromedp.EmulateViewport(width, height, chromedp.EmulateScale(scale))))
		e.width, e.height, e.scale = width, height, scale
	}
	eval[bool](e.tab, fmt.Sprintf(`(document.body.innerHTML = %q, new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))`, svg))
	fast := true
	shot, err := chromedp.Call(e.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{OptimizeForSpeed: &fast})
	e.must(err)
	img, err := png.Decode(bytes.NewReader(shot.Data))
	must(e.TB, err)
	return img
}

// chartOption is the option of a chart of a board in charts/testdata.
func chartOption(t testing.TB, board, chart string) charts.Option {
	t.Helper()
	o, err := os.ReadFile(filepath.Join("charts", "testdata", "options", board, chart+".json"))
	must(t, err)
	return o
}

func newFigures(t testing.TB) *figure.Maker {
	t.Helper()
	m, err := openFigures(&Config{}, nil)
	must(t, err)
	t.Cleanup(m.Close)
	return m
}

// What the engine and the drawing in Go make of each chart is what Chromium
// makes of the same picture, in the pages' own typeface.
func TestPicturesLookAsInChromium(t *testing.T) {
	show := newEasel(t)
	figures := newFigures(t)
	for _, size := range []struct {
		width, height int
		scale         float64
	}{{480, 320, 2}, {1200, 600, 1}, {1920, 1080, 1}} {
		for _, chart := range charts.All() {
			for _, theme := range []string{"light", "dark"} {
				name := fmt.Sprintf("%s %s %d", chart.ID, theme, size.width)
				f := charts.Figure{Option: latin(chartOption(t, "three", chart.ID)), Format: "svg", Theme: theme, Width: size.width, Height: size.height, Scale: size.scale, Bare: true}
				svg, err := figures.Draw(t.Context(), f)
				must(t, err)
				theirs := show.show(svg, int64(size.width), int64(size.height), size.scale)
				f.Format = "png"
				file, err := figures.Draw(t.Context(), f)
				must(t, err)
				ours, err := png.Decode(bytes.NewReader(file))
				must(t, err)
				off := differ(ours, theirs)
				t.Logf("%s: %.2f %% differ", name, 100*off)
				if off > 0.01 {
					t.Errorf("%s: %.2f %% of the pixels are off by over 10 %%", name, 100*off)
				}
				if folder := os.Getenv("AGORA_PICTURES"); folder != "" {
					name = strings.ReplaceAll(name, " ", "-")
					var b bytes.Buffer
					must(t, png.Encode(&b, theirs))
					must(t, os.WriteFile(filepath.Join(folder, name+"-theirs.png"), b.Bytes(), 0o644))
					must(t, os.WriteFile(filepath.Join(folder, name+"-ours.png"), file, 0o644))
				}
			}
		}
	}
}

// latin swaps letters that the typeface doesn't have, which Chromium would take
// from some font of the machine.
func latin(o charts.Option) charts.Option {
	return []byte(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) && r > unicode.MaxLatin1 {
			return 'x'
		}
		return r
	}, string(o)))
}

// differ is the share of pixels of which a channel is off by over a tenth.
func differ(a, b image.Image) float64 {
	if a.Bounds() != b.Bounds() {
		return 1
	}
	p, q := plain(a), plain(b)
	off := 0
	for i := 0; i < len(p.Pix); i += 4 {
		if apart(p.Pix[i], q.Pix[i]) || apart(p.Pix[i+1], q.Pix[i+1]) || apart(p.Pix[i+2], q.Pix[i+2]) || apart(p.Pix[i+3], q.Pix[i+3]) {
			off++
		}
	}
	return float64(off) / float64(len(p.Pix)/4)
}

func plain(img image.Image) *image.RGBA {
	out := image.NewRGBA(img.Bounds())
	pixels.Draw(out, out.Rect, img, out.Rect.Min, pixels.Src)
	return out
}

func apart(a, b uint8) bool { return max(a, b)-min(a, b) > 25 }
