package draw

import (
	"bytes"
	"context"
	"errors"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var madeAt = time.Date(2026, 11, 23, 14, 5, 0, 0, time.UTC)

// pageOf puts an SVG on a page of its own size, with a heading above it.
func pageOf(t testing.TB, svg []byte) []byte {
	t.Helper()
	p, err := Parse(svg)
	if err != nil {
		t.Fatal(err)
	}
	d := NewDocument(Meta{Title: "Mood of Nokia", Author: "Agora", Language: "en", Created: madeAt}, testFonts(t))
	page := d.Page(p.Width, p.Height+40)
	page.Text("The heading – 24 h", 10, 20, TextStyle{Size: 14, Weight: 700, Color: color.NRGBA{0, 0, 0, 255}})
	if err := page.Link(10, 5, 100, 20, "https://agora.example/charts?window=24h&x=(1)"); err != nil {
		t.Fatal(err)
	}
	if err := p.PDF(t.Context(), page, 0, 40, p.Width, p.Height); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// poppler runs a program of poppler-utils; FILE among its arguments is the
// document.
func poppler(t *testing.T, name string, pdf []byte, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		if os.Getenv("AGORA_TEST_ALL") == "1" {
			t.Fatalf("%s is not installed, and AGORA_TEST_ALL asks for every test: apt-get install poppler-utils", name)
		}
		t.Skipf("%s is not installed: apt-get install poppler-utils", name)
	}
	file := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, arg := range args {
		args[i] = strings.ReplaceAll(arg, "FILE", file)
	}
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func TestTheTextOfAPDFIsFoundByAnotherProgram(t *testing.T) {
	svg, err := os.ReadFile("testdata/timeline.svg")
	if err != nil {
		t.Fatal(err)
	}
	text := poppler(t, "pdftotext", pageOf(t, svg), "-layout", "FILE", "-")
	for _, want := range []string{"The heading – 24 h", "Negative", "Neutral", "Positive", "Mood", "+100", "−100", "26 Oct", "23 Nov"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q isn't found in:\n%s", want, text)
		}
	}
}

func TestRightToLeftTextIsCopiedInTheOrderOfReading(t *testing.T) {
	// Go's own fonts have no Hebrew: it is drawn as boxes, and copied all the same.
	text := poppler(t, "pdftotext", pageOf(t, frame(`<text x="0" y="20" font-size="8">שלום</text>`)), "FILE", "-")
	if !strings.Contains(text, "שלום") {
		t.Errorf("it is copied as %q", text)
	}
}

func TestAPDFLooksLikeThePNG(t *testing.T) {
	for _, name := range []string{"timeline", "share", "topics"} {
		svg, err := os.ReadFile("testdata/" + name + ".svg")
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		// pdftoppm moves the edges of boxes to whole pixels; this one doesn't.
		poppler(t, "pdftocairo", pageOf(t, svg), "-r", "144", "-png", "-singlefile", "FILE", filepath.Join(folder, "page"))
		file, err := os.Open(filepath.Join(folder, "page.png"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		theirs, err := png.Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Parse(svg)
		if err != nil {
			t.Fatal(err)
		}
		ours, _, err := p.Image(t.Context(), Options{Scale: 2, Fonts: testFonts(t), Background: color.White})
		if err != nil {
			t.Fatal(err)
		}
		off := 0
		for y := range ours.Rect.Dy() {
			for x := range ours.Rect.Dx() {
				r, g, b, _ := theirs.At(x, y+80).RGBA()
				c := ours.RGBAAt(x, y)
				for _, d := range []int{int(c.R) - int(r>>8), int(c.G) - int(g>>8), int(c.B) - int(b>>8)} {
					if d > 64 || d < -64 {
						off++
						break
					}
				}
			}
		}
		share := float64(off) / float64(ours.Rect.Dx()*ours.Rect.Dy())
		t.Logf("%s: %.2f %% differ by over a quarter", name, 100*share)
		if share > 0.01 {
			t.Errorf("%s: %.2f %% of the pixels are off by over a quarter", name, 100*share)
		}
	}
}

func TestADocumentIsTheSameEveryTime(t *testing.T) {
	svg, err := os.ReadFile("testdata/share.svg")
	if err != nil {
		t.Fatal(err)
	}
	first := pageOf(t, svg)
	for range 5 {
		if !bytes.Equal(first, pageOf(t, svg)) {
			t.Fatal("two documents of one picture differ")
		}
	}
	info := poppler(t, "pdfinfo", first, "-isodates", "FILE")
	for _, want := range []string{"Mood of Nokia", "Agora", "2026-11-23T14:05:00Z", "Pages:           1"} {
		if !strings.Contains(info, want) {
			t.Errorf("%q isn't said of the document:\n%s", want, info)
		}
	}
}

func TestALinkIsLiveAndLeadsToTheWebOnly(t *testing.T) {
	links := poppler(t, "pdfinfo", pageOf(t, frame("")), "-url", "FILE")
	if !strings.Contains(links, "https://agora.example/charts?window=24h&x=(1)") {
		t.Errorf("the links are:\n%s", links)
	}
	page := NewDocument(Meta{}, testFonts(t)).Page(100, 100)
	for _, address := range []string{"javascript:alert(1)", "file:///etc/passwd", "/charts", ":"} {
		if page.Link(0, 0, 9, 9, address) == nil {
			t.Errorf("a link to %s was made", address)
		}
	}
}

func TestPatternsGradientsAndImagesAreOnThePage(t *testing.T) {
	folder := t.TempDir()
	poppler(t, "pdftoppm", pageOf(t, frame(`<defs>
		<pattern id="p" width="1" height="10" patternUnits="userSpaceOnUse"><rect width="1" height="5" fill="#f00"/></pattern>
		<linearGradient id="g"><stop offset="0" stop-color="#f00"/><stop offset="0.5" stop-color="#0f0"/><stop offset="1" stop-color="#00f"/></linearGradient>
		<clipPath id="c"><rect width="40" height="30"/></clipPath></defs>
		<g clip-path="url(#c)"><rect width="20" height="40" fill="url(#p)"/></g>
		<rect x="20" width="20" height="20" fill="url(#g)"/>
		<image x="30" y="20" width="10" height="10" href="`+pngAddress+redPixel+`"/>`)), "-r", "72", "-png", "-singlefile", "FILE", filepath.Join(folder, "page"))
	file, err := os.Open(filepath.Join(folder, "page.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	img, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		x, y    int
		r, g, b bool
	}{
		"stripe": {10, 12, true, false, false}, "between stripes": {10, 17, true, true, true},
		"clipped": {10, 32, true, true, true}, "start": {20, 5, true, false, false},
		"middle": {30, 5, false, true, false}, "end": {39, 5, false, false, true}, "image": {35, 25, true, false, false},
	} {
		r, g, b, _ := img.At(c.x, c.y+40).RGBA()
		if r > 0x8000 != c.r || g > 0x8000 != c.g || b > 0x8000 != c.b {
			t.Errorf("%s: %04x %04x %04x", name, r, g, b)
		}
	}
}

func TestAParagraphIsSetInLines(t *testing.T) {
	d := NewDocument(Meta{}, testFonts(t))
	page := d.Page(200, 200)
	words := "All figures are of the last 24 hours, in the zone of Helsinki."
	end := page.Paragraph(words, 10, 20, 100, TextStyle{Size: 10})
	if lines := (end - 20) / 14.5; lines < 3 || lines > 5 {
		t.Errorf("it has %.1f lines", lines)
	}
	var b bytes.Buffer
	if _, err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(strings.Fields(poppler(t, "pdftotext", b.Bytes(), "FILE", "-")), " "); text != words {
		t.Errorf("it says %q", text)
	}
}

func TestAPDFEndsWithItsContext(t *testing.T) {
	p, err := Parse(frame(`<rect width="9" height="9"/>`))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	page := NewDocument(Meta{}, testFonts(t)).Page(100, 100)
	if err := p.PDF(ctx, page, 0, 0, 100, 100); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	if err := p.PDF(t.Context(), page, 0, 0, 0, 100); err == nil {
		t.Error("a box without width is no error")
	}
}
