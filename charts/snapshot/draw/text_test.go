package draw

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// inkOf draws a text of 200 × 100 pixels, and says where there is ink.
func inkOf(t *testing.T, inside string) (first, last, top, bottom int) {
	t.Helper()
	p, err := Parse([]byte(`<svg width="200" height="100">` + inside + `</svg>`))
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := p.Image(t.Context(), Options{Fonts: testFonts(t)})
	if err != nil {
		t.Fatal(err)
	}
	first, top = 200, 100
	for y := range 100 {
		for x := range 200 {
			if img.RGBAAt(x, y).A > 100 {
				first, last, top, bottom = min(first, x), max(last, x), min(top, y), max(bottom, y)
			}
		}
	}
	return first, last, top, bottom
}

func TestATextStandsAtItsAnchorAndBaseline(t *testing.T) {
	near := func(a, b int) bool { return a-b <= 2 && b-a <= 2 }
	const style = ` style="font-size:20px;font-family:Inter"`
	first, last, _, bottom := inkOf(t, `<text x="50" y="50"`+style+`>HHH</text>`)
	width := last - first
	if !near(first, 51) || !near(bottom, 49) {
		t.Errorf("at the start it begins at %d and stands on %d", first, bottom)
	}
	if first, last, _, _ := inkOf(t, `<text x="100" y="50" text-anchor="middle"`+style+`>HHH</text>`); !near((first+last)/2, 100) {
		t.Errorf("in the middle it goes from %d to %d", first, last)
	}
	if _, last, _, _ := inkOf(t, `<text x="100" y="50" text-anchor="end"`+style+`>HHH</text>`); !near(last, 98) {
		t.Errorf("at the end it ends at %d", last)
	}
	if _, _, top, bottom := inkOf(t, `<text x="50" y="50" dominant-baseline="central"`+style+`>HHH</text>`); !near((top+bottom)/2, 50) {
		t.Errorf("central, it goes from %d to %d", top, bottom)
	}
	if first, last, top, bottom := inkOf(t, `<text transform="translate(100 20) rotate(90)"`+style+`>HHH</text>`); !near(bottom-top, width) || !near(first, 100) || last > 120 {
		t.Errorf("turned, it goes from %d to %d and from %d to %d", first, last, top, bottom)
	}
	if _, last, _, bottom := inkOf(t, `<text x="50" y="20"`+style+`>H<tspan x="50" dy="30">HHH</tspan></text>`); !near(bottom, 49) || !near(last, 50+width) {
		t.Errorf("a second line stands on %d and ends at %d", bottom, last)
	}
	_, regular, _, _ := inkOf(t, `<text x="0" y="50"`+style+`>abcdefgh</text>`)
	if _, bold, _, _ := inkOf(t, `<text x="0" y="50" style="font: normal bold 20px Inter, sans-serif">abcdefgh</text>`); bold <= regular {
		t.Errorf("bold is %d wide, regular %d", bold, regular)
	}
}

func TestSpacesAreKeptWhereTheDocumentSaysSo(t *testing.T) {
	_, kept, _, _ := inkOf(t, `<text y="50" font-size="20" xml:space="preserve">H    H</text>`)
	_, collapsed, _, _ := inkOf(t, `<text y="50" font-size="20"> H    H </text>`)
	_, single, _, _ := inkOf(t, `<text y="50" font-size="20">H H</text>`)
	if kept <= collapsed || collapsed != single {
		t.Errorf("kept %d, collapsed %d, one space %d", kept, collapsed, single)
	}
}

func TestACharacterThatNoFaceHasIsABoxAndReported(t *testing.T) {
	p, err := Parse(frame(`<text x="2" y="30" font-size="30" xml:space="preserve">中` + "\u2060" + ` 中</text>`))
	if err != nil {
		t.Fatal(err)
	}
	img, report, err := p.Image(t.Context(), Options{Fonts: testFonts(t)})
	if err != nil {
		t.Fatal(err)
	}
	if string(report.Missing) != "中" {
		t.Errorf("missing: %q", string(report.Missing))
	}
	if edge, inside := img.RGBAAt(4, 20).A, img.RGBAAt(10, 20).A; edge < 100 || inside != 0 {
		t.Errorf("the box has an edge of %d, and %d within", edge, inside)
	}
	if _, report, err = p.Image(t.Context(), Options{}); err != nil || !slices.Contains(report.Missing, '中') {
		t.Errorf("without fonts: %q, %v", string(report.Missing), err)
	}
}

func TestRightToLeftTextIsTurnedRound(t *testing.T) {
	set := newSetter(testFonts(t), &Report{})
	defer set.done()
	for text, want := range map[string]string{
		"abc":         "abc",
		"אבג":         "גבא",
		"a אבג b":     "a גבא b",
		"אב 12 גד":    "דג 12 בא",
		"אב (x) גד":   "בא (x) דג", // brackets go with what they hold: rule N0
		"1 אב":        "1 בא",
		"Nokia: אבג.": "Nokia: גבא.",
	} {
		var got strings.Builder
		for _, g := range set.types.set(text, 400, &Report{}).glyphs {
			got.WriteString(g.words)
		}
		if got.String() != want {
			t.Errorf("%q is drawn as %q, not %q", text, got.String(), want)
		}
	}
}

func TestAFaceIsChosenByFamilyFirstAndWeightThen(t *testing.T) {
	for want, order := range map[int][]int{
		400: {400, 500, 300, 700},
		500: {500, 400, 300, 700},
		700: {700, 900, 600, 400},
		300: {300, 200, 400, 700},
	} {
		sorted := slices.Clone(order)
		slices.Reverse(sorted)
		slices.SortStableFunc(sorted, func(a, b int) int { return misfit(a, want) - misfit(b, want) })
		if !slices.Equal(sorted, order) {
			t.Errorf("for %d: %v, not %v", want, sorted, order)
		}
	}
	if _, err := NewFonts(); err == nil {
		t.Error("no face at all is no error")
	}
	if _, err := NewFonts(Face{Data: []byte("no font")}); err == nil {
		t.Error("a file that is no font is no error")
	}
}

func TestPicturesAreDrawnAtOnceBySeveral(t *testing.T) {
	p, err := Parse(frame(`<text x="2" y="30" font-size="12">Nokia</text>`))
	if err != nil {
		t.Fatal(err)
	}
	fonts := testFonts(t)
	pictures := make(chan []byte, 8)
	for range cap(pictures) {
		go func() {
			var b bytes.Buffer
			if _, err := p.PNG(t.Context(), &b, Options{Fonts: fonts}); err != nil {
				t.Error(err)
			}
			pictures <- b.Bytes()
		}()
	}
	first := <-pictures
	for range cap(pictures) - 1 {
		if !bytes.Equal(first, <-pictures) {
			t.Error("two pictures of one document differ")
		}
	}
}

func TestSmallLettersEndOnWholeRowsOfPixels(t *testing.T) {
	p, err := Parse(frame(`<text x="2" y="30" font-size="12">zzz</text>`))
	if err != nil {
		t.Fatal(err)
	}
	img, _, err := p.Image(t.Context(), Options{Fonts: testFonts(t)})
	if err != nil {
		t.Fatal(err)
	}
	for y := range 40 {
		darkest := uint8(0)
		for x := range 40 {
			darkest = max(darkest, img.RGBAAt(x, y).A)
		}
		if darkest > 0 {
			if darkest < 200 {
				t.Errorf("the topmost row, %d, is covered by %d of 255 at most: it is blurred", y, darkest)
			}
			return
		}
	}
	t.Error("nothing was drawn")
}
