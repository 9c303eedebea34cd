package report

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"agora/charts"
	"agora/charts/snapshot/draw"
)

// dummy draws every chart as a box with its name.
type dummy struct{ asked map[string]charts.Figure }

func (d dummy) Chart(_ context.Context, f charts.Figure) ([]byte, error) {
	if d.asked != nil {
		d.asked[f.Table.Chart+" "+f.Format] = f
	}
	if f.Format == "png" {
		return []byte("\x89PNG\r\n\x1a\n" + f.Table.Chart), nil
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d"><rect width="%[1]d" height="%[2]d" fill="#E6EAED"/><text x="8" y="20" font-size="12">chart %[3]s</text></svg>`,
		f.Width, f.Height, f.Table.Chart), nil
}

// inter is the typeface of the pages, read once.
func inter(t testing.TB) *draw.Fonts {
	t.Helper()
	interOnce.Do(func() { interFonts = readInter(t) })
	if interFonts == nil {
		t.Fatal("the fonts could not be read: see the first test that failed")
	}
	return interFonts
}

var (
	interOnce  sync.Once
	interFonts *draw.Fonts
)

func readInter(t testing.TB) *draw.Fonts {
	t.Helper()
	var faces []draw.Face
	for _, weight := range []int{400, 600} {
		names, err := filepath.Glob(fmt.Sprintf("../../static/dist/engine/inter-%d-*.ttf", weight))
		if err != nil || len(names) == 0 {
			t.Fatalf("no fonts were built: run `make assets` (%v)", err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			faces = append(faces, draw.Face{Family: "Inter", Weight: weight, Data: data})
		}
	}
	fonts, err := draw.NewFonts(faces...)
	if err != nil {
		t.Fatal(err)
	}
	return fonts
}

// pdfOf writes a report; one that several tests look at is written once.
func pdfOf(t testing.TB, c *Content) []byte {
	t.Helper()
	written.Lock()
	defer written.Unlock()
	if pdf := written.pdf[c]; pdf != nil {
		return pdf
	}
	var b bytes.Buffer
	if err := c.PDF(t.Context(), &b, dummy{}, inter(t)); err != nil {
		t.Fatal(err)
	}
	written.pdf[c] = b.Bytes()
	return b.Bytes()
}

var written = struct {
	sync.Mutex
	pdf map[*Content][]byte
}{pdf: map[*Content][]byte{}}

// poppler runs one of poppler's tools on a PDF.
func poppler(t testing.TB, pdf []byte, tool string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		if os.Getenv("AGORA_TEST_ALL") != "" {
			t.Fatalf("%s is not in the PATH: install it (Debian: poppler-utils)", tool)
		}
		t.Skipf("%s is not in the PATH", tool)
	}
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, append(args, file, "-")[:len(args)+1+btoi(tool == "pdftotext")]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", tool, err, out)
	}
	return strings.ReplaceAll(string(out), "\u00a0", " ")
}

func TestTheSheetHasTwoPagesWhateverItSays(t *testing.T) {
	for name, c := range scenes(t) {
		if info := poppler(t, pdfOf(t, c), "pdfinfo"); !strings.Contains(info, "Pages:           2\n") || !strings.Contains(info, "(A4)") {
			t.Errorf("%s: %s", name, info)
		}
	}
}

// squeezed leaves out all white space: where lines end is not what matters.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func TestTheSheetsTextCanBeFound(t *testing.T) {
	all := scenes(t)
	for _, name := range []string{"fallen", "three", "five", "steady", "twenty", "empty", "one", "gone"} {
		c := all[name]
		text := squeezed(poppler(t, pdfOf(t, c), "pdftotext", "-layout"))
		find := []string{"Page 1 of 2", "Page 2 of 2", wordFine, c.Sources.String()[3:]}
		if name != "five" { // one of its names is written by its id
			find = append(find, c.Headline)
		}
		for _, s := range c.Stories {
			find = append(find, s.Title, s.Outlet)
		}
		for _, b := range c.Brands {
			if len(b.Moved) > 0 {
				find = append(find, b.Moved[0].Parts[0].Name, signedNumber(b.Moved[0].Total, 1))
			}
		}
		for _, id := range []string{"mood", "timeline", "map", "share", "sources", "languages"} {
			if c.shows(id) && (id != "mood" || c.sectioned) {
				find = append(find, "chart "+id)
			}
		}
		for _, words := range find {
			if !strings.Contains(text, squeezed(words)) {
				t.Errorf("%s: %q is not in the PDF: %s", name, words, text)
			}
		}
	}
}

func TestTheSheetLinksToStoriesAndThePageAndNowhereElse(t *testing.T) {
	c := scenes(t)["fallen"]
	pdf := pdfOf(t, c)
	for _, want := range []string{c.Links.Page, c.Stories[0].Link, c.Stories[2].Link} {
		if want == "" || !bytes.Contains(pdf, []byte("/URI ("+want+")")) {
			t.Errorf("no link leads to %q", want)
		}
	}
	bad := pdfOf(t, scenes(t)["hostile"])
	if bytes.Contains(bytes.ToLower(bad), []byte("javascript")) {
		t.Error("a link could run a script")
	}
}

func TestLettersThatTheFontsLackAreSpokenOf(t *testing.T) {
	text := poppler(t, pdfOf(t, scenes(t)["hostile"]), "pdftotext", "-layout")
	if !strings.Contains(text, "(a title in Arabic letters, which this sheet does not have)") {
		t.Errorf("an Arabic title leaves no word: %s", text)
	}
	if five := poppler(t, pdfOf(t, scenes(t)["five"]), "pdftotext", "-layout"); !strings.Contains(squeezed(five), squeezed("f3 fell from +8 to −27")) {
		t.Errorf("a brand with a Chinese name is not called by its id: %s", five)
	}
}

func TestAChartThatCannotBeDrawnIsAnError(t *testing.T) {
	c := made(t, fallen(t), "7d", "nokia")
	for name, write := range map[string]func() error{
		"PDF":  func() error { return c.PDF(t.Context(), &bytes.Buffer{}, broken{}, inter(t)) },
		"HTML": func() error { return c.HTML(t.Context(), &bytes.Buffer{}, broken{}) },
		"mail": func() error { _, err := c.Mail(t.Context(), broken{}); return err },
	} {
		if err := write(); err == nil || !strings.Contains(err.Error(), "draw the chart mood") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type broken struct{}

func (broken) Chart(context.Context, charts.Figure) ([]byte, error) {
	return nil, fmt.Errorf("the engine is away")
}
