package main

import (
	"fmt"
	"image"
	pixels "image/draw"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"agora/charts"
	"agora/charts/snapshot/figure"
)

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

// What the engine and the drawing in Go make of an option is what the pages'
// own code makes of it in Chromium. The sizes are such that a page's canvas, and
// the tile of its hatching, have whole pixels at a zoom of 2.4, 1 and 1.6. At
// others Chromium cuts the canvas down and smears it over its place, and draws
// the hatching closer: pictures do neither.
func TestPicturesLookAsInChromium(t *testing.T) {
	studio := openStudio(t)
	figures := newFigures(t)
	for _, size := range []struct {
		width, height int
		scale         float64
	}{{480, 330, 2.8}, {1200, 675, 1}, {1920, 1080, 1}} {
		for _, chart := range charts.All() {
			for _, theme := range []string{"light", "dark"} {
				name := fmt.Sprintf("%s %s %d %d", chart.ID, theme, size.width, size.height)
				f := charts.Figure{Option: latin(chartOption(t, "three", chart.ID)), Format: "png", Theme: theme, Width: size.width, Height: size.height, Scale: size.scale, Bare: true}
				file, err := figures.Draw(t.Context(), f)
				must(t, err)
				shot := studio.shoot(onPaper(t, f.Option), pose{Theme: theme, Width: int64(size.width), Height: int64(size.height), Font: figure.BodySize, Zoom: figure.Zoom(f), Scale: size.scale})
				off := differ(decoded(t, file), decoded(t, shot))
				t.Logf("%s: %.2f %% differ", name, 100*off)
				if off > 0.01 {
					t.Errorf("%s: %.2f %% of the pixels are off by over 10 %%", name, 100*off)
				}
				if folder := os.Getenv("AGORA_PICTURES"); folder != "" {
					name = strings.ReplaceAll(name, " ", "-")
					must(t, os.WriteFile(filepath.Join(folder, name+"-theirs.png"), shot, 0o644))
					must(t, os.WriteFile(filepath.Join(folder, name+"-ours.png"), file, 0o644))
				}
			}
		}
	}
}

// onPaper is an option with the ground that a page has behind its charts.
func onPaper(t testing.TB, o charts.Option) charts.Option {
	t.Helper()
	if len(o) < 2 || o[0] != '{' {
		t.Fatalf("an option begins with %.20q", o)
	}
	return append([]byte(`{"backgroundColor":"role:paper",`), o[1:]...)
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
