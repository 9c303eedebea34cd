package snapshot

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
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

// normal is a picture without what says nothing of its looks: names inside, and
// digits that no eye and no two processors agree on.
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

// Two pictures are kept in full, to see what changed; of the others, sums.
func TestPicturesLookAsTheyDid(t *testing.T) {
	p := newPainter(t)
	var sums strings.Builder
	for _, chart := range []string{"mood", "timeline", "map", "share", "topics", "pulse", "sources", "languages", "rhythm", "activity"} {
		for i, theme := range []string{"light", "dark", "print"} {
			pic := Picture{Option: golden(t, "three", chart), Theme: theme, Width: sizes[i][0], Height: sizes[i][1]}
			svg, err := p.SVG(t.Context(), pic)
			if err != nil {
				t.Fatalf("%s: %v", chart, err)
			}
			svg = normal(svg)
			fmt.Fprintf(&sums, "%x %s %s %d×%d\n", sha256.Sum256(svg), chart, theme, pic.Width, pic.Height)
			if theme == "dark" && (chart == "mood" || chart == "sources") {
				same(t, chart+".svg", svg)
			}
		}
	}
	same(t, "sums.txt", []byte(sums.String()))
}

// same compares with a file of testdata, or writes it.
func same(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	before := strings.Split(string(want), "\n")
	for i, line := range strings.Split(string(got), "\n") {
		if i >= len(before) || line != before[i] {
			t.Errorf("%s, line %d: %.200s: this picture changed. Look at it; if it is as it should be: go test ./charts/snapshot -run Pictures -update", path, i+1, line)
			return
		}
	}
	t.Errorf("%s has more lines than what is drawn now", path)
}
