package report

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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

// inter is the typeface of the pages.
func inter(t testing.TB) *draw.Fonts {
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

func pdfOf(t testing.TB, c *Content) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.PDF(t.Context(), &b, dummy{}, inter(t)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

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

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
