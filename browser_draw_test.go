package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	pixels "image/draw"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"agora/charts/snapshot/draw"
)

// drawnChart is a chart that ECharts has drawn.
type drawnChart struct {
	Name          string
	Width, Height int64
	Ground        string
	SVG           string
}

func TestAPictureLooksAsItDoesInChromium(t *testing.T) {
	regular, bold := withoutProgram(goregular.TTF), withoutProgram(gobold.TTF)
	fonts, err := draw.NewFonts(draw.Face{Family: "Inter", Data: regular}, draw.Face{Family: "Inter", Weight: 700, Data: bold})
	must(t, err)
	var now drawnChart
	pages := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/regular.ttf":
			_, _ = w.Write(regular)
		case "/bold.ttf":
			_, _ = w.Write(bold)
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprintf(w, `<!doctype html><style>
@font-face { font-family: Inter; font-weight: 400; src: url(/regular.ttf) }
@font-face { font-family: Inter; font-weight: 700; src: url(/bold.ttf) }
html, body { margin: 0; background: %s } svg { display: block }</style>%s`, now.Ground, now.SVG)
		}
	}))
	defer pages.Close()
	fast := true
	tab := openTab(t, 400, 300, "about:blank")
	charts := drawnCharts(t, "long", "hostile")
	for _, chart := range charts {
		t.Run(chart.Name, func(t *testing.T) {
			scale := 1.0
			if chart.Width == 1200 {
				scale = 2
			}
			// Where the font has no letter, Chromium takes one of the machine's.
			chart.SVG = strings.Map(func(r rune) rune {
				if unicode.IsLetter(r) && r > unicode.MaxLatin1 {
					return 'x'
				}
				return r
			}, chart.SVG)
			now = chart
			tab.must(chromedp.Do(tab.ctx, chromedp.EmulateViewport(chart.Width, chart.Height, chromedp.EmulateScale(scale))))
			tab.must(chromedp.Do(tab.ctx, chromedp.Navigate(pages.URL)))
			eval[bool](tab, `Promise.all([document.fonts.load('12px Inter'), document.fonts.load('bold 12px Inter')]).then(() => true)`)
			shot, err := chromedp.Call(tab.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{OptimizeForSpeed: &fast})
			tab.must(err)
			theirs, err := png.Decode(bytes.NewReader(shot.Data))
			must(t, err)

			picture, err := draw.Parse([]byte(chart.SVG))
			if err != nil {
				t.Fatal(err)
			}
			ground, err := draw.ParseColor(chart.Ground)
			must(t, err)
			ours, _, err := picture.Image(t.Context(), draw.Options{Scale: scale, Fonts: fonts, Background: ground})
			must(t, err)
			off := differ(ours, theirs)
			t.Logf("%.2f %% differ", 100*off)
			if off > 0.01 {
				t.Errorf("%.2f %% of the pixels at scale %g are off by over 10 %%", 100*off, scale)
			}
			if folder := os.Getenv("AGORA_PICTURES"); folder != "" {
				name := strings.NewReplacer("/", "-", " ", "-", ".json", "").Replace(chart.Name)
				for kind, img := range map[string]image.Image{"ours": ours, "theirs": theirs} {
					var b bytes.Buffer
					must(t, png.Encode(&b, img))
					must(t, os.WriteFile(filepath.Join(folder, name+"-"+kind+".png"), b.Bytes(), 0o644))
				}
			}
		})
	}
	if len(charts) < 100 {
		t.Errorf("only %d pictures were compared", len(charts))
	}
}

// withoutProgram is a font that doesn't hint itself, as Inter doesn't: the
// tables of programs are renamed, which makes them unknown and ignored.
func withoutProgram(ttf []byte) []byte {
	out := bytes.Clone(ttf)
	for i := range int(binary.BigEndian.Uint16(out[4:])) {
		entry := out[12+16*i:]
		switch string(entry[:4]) {
		case "fpgm", "prep", "cvt ":
			entry[3] = '_'
		case "maxp":
			clear(out[binary.BigEndian.Uint32(entry[8:])+26:][:2]) // maxSizeOfInstructions
		}
	}
	return out
}

// drawnCharts are all charts of some boards, in light and dark and three sizes.
func drawnCharts(t *testing.T, boards ...string) []drawnChart {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", append([]string{"charts/snapshot/draw/testdata/options.mjs"}, boards...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("draw the charts with ECharts: %v", err)
	}
	var charts []drawnChart
	for lines := json.NewDecoder(bytes.NewReader(out)); lines.More(); {
		var c drawnChart
		must(t, lines.Decode(&c))
		charts = append(charts, c)
	}
	return charts
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
