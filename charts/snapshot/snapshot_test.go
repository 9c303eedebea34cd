package snapshot

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"agora/charts"
	"agora/charts/snapshot/draw"
)

// parts reads what a painter needs out of the built assets, as main gets it
// from the package static.
func parts(t testing.TB) Config {
	t.Helper()
	fonts, err := draw.NewFonts(faces(t)...)
	if err != nil {
		t.Fatal(err)
	}
	return Config{Script: built(t, "engine/engine.js")[0], World: built(t, "assets/world-*.geojson")[0], Fonts: fonts}
}

// faces are the files of the typeface.
func faces(t testing.TB) (all []draw.Face) {
	t.Helper()
	for _, weight := range []int{400, 600} {
		for _, data := range built(t, fmt.Sprintf("engine/inter-%d-*.ttf", weight)) {
			all = append(all, draw.Face{Family: "Inter", Weight: weight, Data: data})
		}
	}
	return all
}

// built reads files of the built assets, in the order of their names.
func built(t testing.TB, pattern string) [][]byte {
	t.Helper()
	dist := filepath.Join("..", "..", "static", "dist")
	names, err := filepath.Glob(filepath.Join(dist, pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("no %s in %s (%v): run `make assets`", pattern, dist, err)
	}
	files := make([][]byte, len(names))
	for i, name := range names {
		if files[i], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func newPainter(t testing.TB) *Painter {
	t.Helper()
	p, err := New(parts(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func golden(t testing.TB, board, chart string) charts.Option {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "testdata", "options", board, chart+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func small(o charts.Option) Picture {
	return Picture{Option: o, Theme: "light", Width: 390, Height: 300}
}

var (
	themes = []string{"light", "dark", "print", "transparent"}
	sizes  = [][2]int{{1200, 600}, {600, 400}, {390, 300}}
)

func TestEveryChartIsDrawnInEveryThemeAndSize(t *testing.T) {
	p := newPainter(t)
	files, err := filepath.Glob("../testdata/options/*/*.json")
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[string]bool{}
	for i, file := range files {
		board, id := filepath.Base(filepath.Dir(file)), strings.TrimSuffix(filepath.Base(file), ".json")
		for j, theme := range themes {
			for k, size := range sizes {
				// One full board in every look; the others take turns.
				if board != "three" && (j != i%len(themes) || k != i%len(sizes)) {
					continue
				}
				svg, err := p.SVG(t.Context(), Picture{Option: golden(t, board, id), Theme: theme, Width: size[0], Height: size[1]})
				if err != nil {
					t.Errorf("%s of board %s, %s, %v: %v", id, board, theme, size, err)
					continue
				}
				drawn[id] = true
				if err := harmless(svg); err != nil {
					t.Errorf("%s of board %s, %s, %v: %v in %.300s", id, board, theme, size, err, svg)
				}
			}
		}
	}
	for _, c := range charts.All() {
		if !drawn[c.ID] {
			t.Errorf("the chart %s was not drawn", c.ID)
		}
	}
}

// harmless tells what a picture holds that it must not.
func harmless(svg []byte) error {
	allowed := map[string]bool{"title": true, "desc": true}
	for _, tag := range strings.Fields("svg g path rect circle ellipse line polyline polygon text defs clipPath linearGradient radialGradient stop pattern filter feDropShadow") {
		allowed[tag] = true
	}
	d := xml.NewDecoder(bytes.NewReader(svg))
	var words int
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !allowed[e.Name.Local] {
			return fmt.Errorf("an element <%s>", e.Name.Local)
		}
		if e.Name.Local == "title" || e.Name.Local == "desc" {
			words++
		}
		for _, a := range e.Attr {
			if a.Name.Local == "xmlns" {
				continue
			}
			if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" || a.Name.Local == "style" || a.Name.Local == "class" {
				return fmt.Errorf("an attribute %s", a.Name.Local)
			}
			if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "undefined") || strings.Contains(a.Value, "role:") || strings.Contains(a.Value, "//") {
				return fmt.Errorf("%s is %.60s", a.Name.Local, a.Value)
			}
		}
	}
	if words != 2 {
		return fmt.Errorf("%d of title and description", words)
	}
	return nil
}

func TestTheSamePictureIsTheSameBytesWhateverWasDrawnBefore(t *testing.T) {
	pic := small(golden(t, "one", "timeline"))
	first, err := newPainter(t).SVG(t.Context(), pic)
	if err != nil {
		t.Fatal(err)
	}
	p := newPainter(t)
	for _, other := range []string{"share", "map"} { // what was drawn before leaves no trace
		if _, err := p.SVG(t.Context(), small(golden(t, "one", other))); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		again, err := p.SVG(t.Context(), pic)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Errorf("a second drawing differs:\n%.400s\n%.400s", first, again)
		}
	}
}

var ids = regexp.MustCompile(` id="([^"]+)"`)

func TestTwoPicturesOnOnePageShareNoNames(t *testing.T) {
	p := newPainter(t)
	seen := map[string]bool{}
	for _, chart := range []string{"mood", "timeline"} {
		svg, err := p.SVG(t.Context(), small(golden(t, "one", chart)))
		if err != nil {
			t.Fatal(err)
		}
		found := ids.FindAllSubmatch(svg, -1)
		if len(found) == 0 {
			t.Fatalf("%s has no names to compare", chart)
		}
		for _, m := range found {
			if seen[string(m[1])] {
				t.Errorf("%s is the name of two things", m[1])
			}
			seen[string(m[1])] = true
		}
	}
}

func TestAChartSaysInWordsWhatItShows(t *testing.T) {
	svg, err := newPainter(t).SVG(t.Context(), small(golden(t, "one", "mood")))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<title>Mood: Nokia, last 24 hours</title>", "<desc>Mood: Nokia, last 24 hours. Mood +8 from 797 mentions"} {
		if !bytes.Contains(svg, []byte(want)) {
			t.Errorf("no %s in %.600s", want, svg)
		}
	}
}

func TestColoursComeFromTheThemeTableAlone(t *testing.T) {
	p := newPainter(t)
	for theme, paper := range map[string]string{"light": "#F7F8F6", "dark": "#0B1016", "print": "#FFFFFF"} {
		pic := small(golden(t, "one", "share"))
		pic.Theme = theme
		svg, err := p.SVG(t.Context(), pic)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(svg, fmt.Appendf(nil, `<rect width="390" height="300" x="0" y="0" fill="%s"`, paper)) {
			t.Errorf("%s: the paper is not %s: %.300s", theme, paper, svg)
		}
	}
	pic := small(golden(t, "one", "share"))
	pic.Theme = "transparent"
	svg, err := p.SVG(t.Context(), pic)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(svg, []byte(`<rect width="390" height="300"`)) {
		t.Errorf("a transparent picture has paper: %.300s", svg)
	}
}

func TestTextsOfFeedsAreTexts(t *testing.T) {
	o := []byte(`{"series":[],"xAxis":{"type":"category","data":["<script>alert(1)</script>","\"'&\u0007","\ud800"]},"yAxis":{"type":"value"},"aria":{"label":{"description":"a <b> & c. d"}}}`)
	svg, err := newPainter(t).SVG(t.Context(), Picture{Option: o, Theme: "light", Width: 1200, Height: 300})
	if err != nil {
		t.Fatal(err)
	}
	if err := harmless(svg); err != nil {
		t.Errorf("%v in %s", err, svg)
	}
	if !bytes.Contains(svg, []byte("&lt;script&gt;alert(1)&lt;/script&gt;")) || !bytes.Contains(svg, []byte("<title>a &lt;b&gt; &amp; c</title>")) {
		t.Errorf("the texts are not there: %s", svg)
	}
}

func TestManyAtOnceGetTheirOwnPictures(t *testing.T) {
	p := newPainter(t)
	var wg sync.WaitGroup
	names := []string{"mood", "share", "topics", "languages"}
	got := make([][]byte, 3*len(names))
	for i := range got {
		wg.Go(func() {
			svg, err := p.SVG(t.Context(), small(golden(t, "one", names[i%len(names)])))
			if err != nil {
				t.Error(err)
			}
			got[i] = svg
		})
	}
	wg.Wait()
	for i, svg := range got {
		if !bytes.Equal(svg, got[i%len(names)]) {
			t.Errorf("%s differs when many are drawn at once", names[i%len(names)])
		}
	}
}

func TestAPictureOfAnImpossibleSizeIsRefusedInWords(t *testing.T) {
	p := newPainter(t)
	o := golden(t, "one", "mood")
	for _, pic := range []Picture{
		{Option: o, Theme: "light", Width: 0, Height: 300},
		{Option: o, Theme: "light", Width: 300, Height: -1},
		{Option: o, Theme: "light", Width: 1 << 40, Height: 300},
		{Option: o, Theme: "light", Width: 300, Height: 300, Font: 1e308},
		{Option: o, Theme: "light", Width: 300, Height: 300, Font: nan()},
		{Option: o, Theme: "light", Width: 300, Height: 300, Scale: nan()},
		{Option: o, Theme: "mauve", Width: 300, Height: 300},
		{Option: o, Theme: "__proto__", Width: 300, Height: 300},
	} {
		_, err := p.SVG(t.Context(), pic)
		refused(t, err)
	}
}

func TestWhoWaitsNoLongerGetsTheReason(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	gone := errors.New("the reader went away")
	cancel(gone)
	if _, err := newPainter(t).SVG(ctx, small(golden(t, "one", "mood"))); !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
}
