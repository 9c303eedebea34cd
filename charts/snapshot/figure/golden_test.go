package figure

import (
	"bytes"
	"flag"
	"image"
	pixels "image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata anew from what is drawn now")

var (
	namesInside = regexp.MustCompile(`\bp[0-9a-f]{10}-`)
	decimals    = regexp.MustCompile(`-?\d+\.\d+`)
)

// normal is a picture without names inside, and without digits that no eye and
// no two processors agree on.
func normal(svg []byte) []byte {
	svg = namesInside.ReplaceAll(svg, []byte("p-"))
	return decimals.ReplaceAllFunc(svg, func(n []byte) []byte {
		f, err := strconv.ParseFloat(string(n), 64)
		if err != nil {
			return n
		}
		return strconv.AppendFloat(nil, f, 'f', 1, 64)
	})
}

// Whole figures, with what stands above and below the chart, change only when
// somebody wants them to.
func TestFiguresLookAsTheyDid(t *testing.T) {
	m := sharedMaker(t)
	for _, chart := range []string{"mood", "sources"} {
		for _, theme := range []string{"light", "dark"} {
			f := figureOf(t, chart, "svg", board("Nokia"))
			f.Theme, f.Link = theme, "https://agora.example/?brand=nokia"
			svg, err := m.Draw(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			got := normal(svg)
			path := filepath.Join("testdata", chart+"-"+theme+".svg")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			before := strings.Split(string(want), "\n")
			for i, line := range strings.Split(string(got), "\n") {
				if i >= len(before) || line != before[i] {
					t.Errorf("%s, line %d: %.200s: this figure changed. Look at it; if it is as it should be: go test ./charts/snapshot/figure -run FiguresLook -update", path, i+1, line)
					break
				}
			}
			if len(got) < len(want) {
				t.Errorf("%s has more than what is drawn now", path)
			}
		}
	}
}

// The page of a PDF, as another program shows it, is the PNG.
func TestThePictureOfAPDFIsThePNG(t *testing.T) {
	tool, err := exec.LookPath("pdftoppm")
	if err != nil {
		if os.Getenv("AGORA_TEST_ALL") == "1" {
			t.Fatal("pdftoppm is not installed, and AGORA_TEST_ALL asks for every test: apt-get install poppler-utils")
		}
		t.Skip("pdftoppm is not installed: apt-get install poppler-utils")
	}
	m := sharedMaker(t)
	for _, chart := range []string{"mood", "timeline", "map", "share", "topics", "pulse", "sources", "languages", "rhythm", "activity"} {
		f := figureOf(t, chart, "pdf", board("Nokia"))
		f.Scale = 2
		page, err := m.Draw(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		f.Format = "png"
		file, err := m.Draw(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		show := exec.CommandContext(t.Context(), tool, "-png", "-singlefile", "-scale-to-x", strconv.Itoa(2*f.Width), "-scale-to-y", strconv.Itoa(2*f.Height), "-")
		show.Stdin = bytes.NewReader(page)
		shown, err := show.Output()
		if err != nil {
			t.Fatalf("%s: pdftoppm: %v", chart, err)
		}
		off := apart(t, file, shown)
		t.Logf("%s: %.2f %% of the pixels are off by over 10 %%", chart, 100*off)
		if off > 0.02 {
			t.Errorf("%s: %.2f %% of the pixels of the PDF are off by over 10 %%", chart, 100*off)
		}
	}
}

// apart is the share of pixels in which two PNGs differ by over a tenth.
func apart(t *testing.T, a, b []byte) float64 {
	t.Helper()
	p, q := rgba(t, a), rgba(t, b)
	if p.Rect != q.Rect {
		t.Fatalf("%v and %v pixels", p.Rect.Size(), q.Rect.Size())
	}
	off := 0
	for i := 0; i < len(p.Pix); i += 4 {
		for k := range 4 {
			if max(p.Pix[i+k], q.Pix[i+k])-min(p.Pix[i+k], q.Pix[i+k]) > 25 {
				off++
				break
			}
		}
	}
	return float64(off) / float64(len(p.Pix)/4)
}

func rgba(t *testing.T, file []byte) *image.RGBA {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(img.Bounds())
	pixels.Draw(out, out.Rect, img, out.Rect.Min, pixels.Src)
	return out
}
