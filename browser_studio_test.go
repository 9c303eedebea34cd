package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"agora/charts"
)

// A studio is a page in Chromium with nothing but the pages' code that draws
// charts, in the pages' own typeface.
type studio struct {
	*tab
	address       string
	width, height int64
	scale         float64
}

// A pose is how a chart is to be drawn in a studio.
type pose struct {
	Theme  string  `json:"theme"`
	Width  int64   `json:"width"`  // pixels of CSS
	Height int64   `json:"height"` // pixels of CSS
	Font   float64 `json:"font"`   // pixels of a drawing that isn't enlarged
	Zoom   float64 `json:"zoom"`   // how much the page enlarges the drawing
	Scale  float64 `json:"-"`      // pixels of the screen for one of CSS
}

var fontFaces = regexp.MustCompile(`(?:@font-face|canvas)\s*{[^}]*}`)

// pageFaces are the rules of the built pages that name their typeface, and how
// charts are set in it.
func pageFaces(t testing.TB) string {
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
	return faces
}

func openStudio(t testing.TB) *studio { return openStudioOf(t, "static") }

// bundle makes one script of a source, as the build does.
func bundle(t testing.TB, source, to string, flags ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "static/node_modules/.bin/esbuild", append(flags, source, "--bundle", "--minify",
		"--loader:.geojson=file", "--public-path=/", "--outdir="+to, "--log-level=warning")...).CombinedOutput()
	if err != nil {
		t.Fatalf("bundle %s: %v: %s", source, err, out)
	}
}

// openStudioOf opens a studio with the sources in a folder.
func openStudioOf(t testing.TB, sources string) *studio {
	t.Helper()
	folder := t.TempDir()
	bundle(t, filepath.Join(sources, "src", "chart.js"), folder, "--format=esm")
	faces := pageFaces(t)
	drawn, shipped := http.FileServer(http.Dir(folder)), http.FileServer(http.Dir("static/dist"))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, studioPage, faces)
		case strings.HasPrefix(r.URL.Path, "/assets/"):
			w.Header().Set("Cache-Control", "max-age=3600, immutable")
			shipped.ServeHTTP(w, r)
		default:
			w.Header().Set("Cache-Control", "max-age=3600, immutable")
			drawn.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return &studio{tab: openTab(t, 400, 300, server.URL), address: server.URL}
}

const studioPage = `<!doctype html><style>%s
html { font-family: Inter, sans-serif } body { margin: 0; overflow: hidden }</style><div id="at"></div>
<script type="module">
import { mount } from '/chart.js';
let chart;
const fonts = Promise.all(['400', '600', '700'].map((w) => document.fonts.load(w + ' 12px Inter')));
const frame = () => new Promise(requestAnimationFrame);
window.draw = async (option, { theme, width, height, font, zoom }) => {
  await fonts;
  if (chart) chart.dispose();
  const at = document.getElementById('at');
  at.textContent = '';
  at.style.width = width + 'px';
  at.style.height = height + 'px';
  document.documentElement.style.fontSize = 16 * zoom + 'px';
  chart = mount(at, { motion: 'reduced', theme, font, grows: zoom !== 1 });
  chart.set(option);
  while (!at.querySelector('[role=img]')) await frame();
  await frame();
  await frame();
  return true;
};
window.ready && window.ready();
</script>`

// shoot draws an option, and takes the picture as PNG.
func (s *studio) shoot(o charts.Option, p pose) []byte {
	s.Helper()
	if s.width != p.Width || s.height != p.Height || s.scale != p.Scale {
		s.must(chromedp.Do(s.ctx, chromedp.EmulateViewport(p.Width, p.Height, chromedp.EmulateScale(p.Scale))))
		s.width, s.height, s.scale = p.Width, p.Height, p.Scale
	}
	wish, err := json.Marshal(p)
	s.must(err)
	eval[bool](s.tab, fmt.Sprintf(`(window.draw ? Promise.resolve() : new Promise((go) => { window.ready = go })).then(() => window.draw(%s, %s))`, o, wish))
	fast := true
	shot, err := chromedp.Call(s.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{OptimizeForSpeed: &fast})
	s.must(err)
	if len(shot.Data) < 1000 {
		s.Fatalf("a picture of %d bytes", len(shot.Data))
	}
	return shot.Data
}

func decoded(t testing.TB, file []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(file))
	must(t, err)
	return img
}
