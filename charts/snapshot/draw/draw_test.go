package draw

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

func testFonts(t testing.TB) *Fonts {
	t.Helper()
	fonts, err := NewFonts(Face{Family: "Go", Data: goregular.TTF}, Face{Family: "Go", Weight: 700, Data: gobold.TTF})
	if err != nil {
		t.Fatal(err)
	}
	return fonts
}

// frame is an SVG of 40 × 40 around what is to be drawn.
func frame(inside string) []byte {
	return []byte(`<svg width="40" height="40" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">` + inside + `</svg>`)
}

// at draws an SVG through the PNG, and reads pixels as #rrggbbaa.
func at(t *testing.T, inside string, scale float64, spots ...[2]int) []string {
	t.Helper()
	p, err := Parse(frame(inside))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := p.PNG(t.Context(), &b, Options{Scale: scale, Fonts: testFonts(t)}); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, s := range spots {
		c := color.NRGBAModel.Convert(img.At(s[0], s[1])).(color.NRGBA)
		out = append(out, fmt.Sprintf("%02x%02x%02x%02x", c.R, c.G, c.B, c.A))
	}
	return out
}

func TestEveryElementIsDrawnWhereItLies(t *testing.T) {
	const clear, red = "00000000", "ff0000ff"
	for name, c := range map[string]struct {
		svg     string
		in, out [2]int
	}{
		"rect":              {`<rect x="10" y="10" width="20" height="20" fill="#f00"/>`, [2]int{10, 29}, [2]int{30, 29}},
		"round rect":        {`<rect x="10" y="10" width="20" height="20" rx="8" fill="#f00"/>`, [2]int{20, 10}, [2]int{10, 10}},
		"circle":            {`<circle cx="20" cy="20" r="10" fill="rgb(255,0,0)"/>`, [2]int{11, 20}, [2]int{11, 11}},
		"ellipse":           {`<ellipse cx="20" cy="20" rx="18" ry="5" fill="red"/>`, [2]int{4, 20}, [2]int{20, 4}},
		"line":              {`<line x1="0" y1="20" x2="40" y2="20" stroke="#f00" stroke-width="4"/>`, [2]int{20, 18}, [2]int{20, 16}},
		"polygon":           {`<polygon points="0 0 40 0 0 40" fill="#f00"/>`, [2]int{10, 10}, [2]int{30, 30}},
		"polyline":          {`<polyline points="2,20 38,20" fill="none" stroke="#f00" stroke-width="2"/>`, [2]int{30, 20}, [2]int{30, 24}},
		"path absolute":     {`<path d="M10 10H30V30L10 30Z" fill="#f00"/>`, [2]int{29, 10}, [2]int{9, 10}},
		"path relative":     {`<path d="m10 10h20v20l-20 0z" fill="#f00"/>`, [2]int{29, 29}, [2]int{9, 10}},
		"cubic":             {`<path d="M0 40C0 0 40 0 40 40Z" fill="#f00"/>`, [2]int{20, 14}, [2]int{20, 6}},
		"cubic, smooth":     {`<path d="M0 20C0 10 10 10 10 20S20 30 20 20Z" fill="#f00"/>`, [2]int{15, 24}, [2]int{15, 16}},
		"quadratic":         {`<path d="M0 40Q20 0 40 40Z" fill="#f00"/>`, [2]int{20, 23}, [2]int{20, 17}},
		"arc":               {`<path d="M10 20A10 10 0 1 1 30 20Z" fill="#f00"/>`, [2]int{20, 11}, [2]int{20, 22}},
		"arc, packed flags": {`<path d="M10 20a10 10 0 1120 0z" fill="#f00"/>`, [2]int{20, 11}, [2]int{20, 22}},
		"matrix":            {`<rect width="5" height="5" transform="matrix(2,0,0,2,10,10)" fill="#f00"/>`, [2]int{19, 19}, [2]int{21, 21}},
		"rotation":          {`<rect width="20" height="4" transform="translate(20 10) rotate(90)" fill="#f00"/>`, [2]int{18, 28}, [2]int{28, 11}},
		"clip box":          {`<defs><clipPath id="c"><path d="M10 10l10 0l0 10l-10 0Z"/></clipPath></defs><g clip-path="url(#c)"><rect width="40" height="40" fill="#f00"/></g>`, [2]int{19, 19}, [2]int{20, 19}},
		"clip circle":       {`<defs><clipPath id="c"><circle cx="20" cy="20" r="10"/></clipPath></defs><g clip-path="url(#c)"><rect width="40" height="40" fill="#f00"/></g>`, [2]int{20, 11}, [2]int{11, 11}},
		"even-odd":          {`<path fill-rule="evenodd" d="M0 0H40V40H0ZM10 10H30V30H10Z" fill="#f00"/>`, [2]int{5, 20}, [2]int{20, 20}},
		"nonzero hole":      {`<path d="M0 0H40V40H0ZM10 10V30H30V10Z" fill="#f00"/>`, [2]int{5, 20}, [2]int{20, 20}},
		"dashes":            {`<path d="M0 20H40" stroke="#f00" stroke-width="4" stroke-dasharray="10,10"/>`, [2]int{25, 20}, [2]int{15, 20}},
		"dash offset":       {`<path d="M0 20H40" stroke="#f00" stroke-width="4" stroke-dasharray="10" stroke-dashoffset="10"/>`, [2]int{15, 20}, [2]int{25, 20}},
		"round cap":         {`<path d="M10 20H30" stroke="#f00" stroke-width="10" stroke-linecap="round"/>`, [2]int{6, 20}, [2]int{5, 15}},
		"square cap":        {`<path d="M10 20H30" stroke="#f00" stroke-width="10" stroke-linecap="square"/>`, [2]int{6, 16}, [2]int{4, 16}},
		"miter join":        {`<path d="M10 40V10H40" fill="none" stroke="#f00" stroke-width="10"/>`, [2]int{5, 5}, [2]int{18, 18}},
		"bevel join":        {`<path d="M10 40V10H40" fill="none" stroke="#f00" stroke-width="10" stroke-linejoin="bevel"/>`, [2]int{9, 8}, [2]int{5, 5}},
		"style attribute":   {`<rect width="10" height="10" fill="#0f0" style="fill:#f00;stroke:none"/>`, [2]int{5, 5}, [2]int{12, 5}},
		"text":              {`<text x="0" y="40" font-size="40" fill="#f00" style="font-size:60px">I</text>`, [2]int{11, 20}, [2]int{30, 20}},
		"stroke of 0":       {`<rect x="10" y="10" width="10" height="10" fill="#f00" stroke="#00f" stroke-width="0"/>`, [2]int{10, 10}, [2]int{9, 10}},
		"user gradient":     {`<defs><linearGradient id="g" gradientUnits="userSpaceOnUse" x1="0" y1="0" x2="10" y2="0"><stop offset="0%" stop-color="#00f"/><stop offset="100%" stop-color="#f00"/></linearGradient></defs><rect width="30" height="30" fill="url(#g)"/>`, [2]int{25, 5}, [2]int{35, 5}},
		"radial gradient":   {`<defs><radialGradient id="g"><stop offset="0.5" stop-color="#f00"/><stop offset="0.5" stop-color="#f00" stop-opacity="0"/></radialGradient></defs><rect width="40" height="40" fill="url(#g)"/>`, [2]int{20, 12}, [2]int{20, 5}},
		"pattern":           {`<defs><pattern id="p" width="20" height="20" patternUnits="userSpaceOnUse"><rect width="10" height="20" fill="#f00"/></pattern></defs><rect width="40" height="40" fill="url(#p)"/>`, [2]int{25, 5}, [2]int{15, 5}},
		"turned pattern":    {`<defs><pattern id="p" width="20" height="20" patternUnits="userSpaceOnUse" patternTransform="rotate(90)"><rect width="10" height="20" fill="#f00"/></pattern></defs><rect width="40" height="40" fill="url(#p)"/>`, [2]int{5, 25}, [2]int{5, 15}},
		"image":             {`<image x="10" y="10" width="20" height="20" href="` + pngAddress + redPixel + `"/>`, [2]int{29, 29}, [2]int{31, 29}},
	} {
		t.Run(name, func(t *testing.T) {
			got := at(t, c.svg, 1, c.in, c.out)
			if got[0] != red || got[1] != clear {
				t.Errorf("inside it is %s, outside %s", got[0], got[1])
			}
		})
	}
}

// redPixel is a PNG of one red pixel.
const redPixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="

func TestEdgesAreSmoothAndOpacityMultiplies(t *testing.T) {
	got := at(t, `<rect x="10.5" y="0" width="20" height="40" fill="#f00"/>
		<g opacity="0.5"><rect x="34" y="0" width="6" height="40" fill="#f00" fill-opacity="0.5"/></g>`, 1, [2]int{10, 5}, [2]int{36, 5})
	if got[0] != "ff000080" || got[1] != "ff000040" {
		t.Errorf("half a pixel is %s, a quarter of the opacity %s", got[0], got[1])
	}
}

func TestAStrokeThatCrossesItselfHasNoHoles(t *testing.T) {
	got := at(t, `<path d="M5 5L35 35L35 5L5 35" fill="none" stroke="#f00" stroke-width="8"/>`, 1, [2]int{20, 20}, [2]int{34, 30})
	if got[0] != "ff0000ff" || got[1] != "ff0000ff" {
		t.Errorf("where it crosses it is %s, in the corner %s", got[0], got[1])
	}
}

func TestAScaledPictureHasMorePixels(t *testing.T) {
	if got := at(t, `<rect x="10" y="10" width="20" height="20" fill="#f00"/>`, 3, [2]int{89, 89}, [2]int{90, 89}); got[0] != "ff0000ff" || got[1] != "00000000" {
		t.Errorf("at three pixels for one: %v", got)
	}
}

func TestAPictureThatWouldBeTooBigIsRefused(t *testing.T) {
	p, err := Parse([]byte(`<svg width="8000" height="8000"></svg>`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.PNG(t.Context(), &bytes.Buffer{}, Options{}); err == nil || !strings.Contains(err.Error(), "smaller") {
		t.Errorf("8000 × 8000: %v", err)
	}
	for _, scale := range []float64{0.5, 5, -1} {
		if _, err := p.PNG(t.Context(), &bytes.Buffer{}, Options{Scale: scale}); err == nil {
			t.Errorf("a scale of %g was accepted", scale)
		}
	}
}

func TestDrawingEndsWithItsContext(t *testing.T) {
	p, err := Parse(frame(`<rect width="9" height="9"/>`))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.PNG(ctx, &bytes.Buffer{}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	// One shape that would take minutes ends as well.
	p, err = Parse([]byte(`<svg width="4000" height="4000"><path stroke="#000" d="M0 0` + strings.Repeat("L1 3999L3999 0", 100_000) + `"/></svg>`))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := p.PNG(ctx, &bytes.Buffer{}, Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("in the midst of a shape: %v", err)
	}
}

func TestWhatIsNotReadIsNamed(t *testing.T) {
	for svg, want := range map[string]string{
		"":                                 "empty",
		"<svg":                             "doesn't end",
		"<html></html>":                    "not svg",
		`<svg width="9" height="9">`:       "isn't closed",
		`<!DOCTYPE svg><svg></svg>`:        "opens no element",
		`<svg width="0" height="9"/>`:      "width",
		`<svg width="1e9" height="9"/>`:    "too big",
		string(frame(`<foreignObject/>`)):  "foreignObject",
		string(frame(`<path d="L1 1"/>`)):  "begins with",
		string(frame(`<path d="M1 1X"/>`)): "'X'",
		string(frame(`<rect width="9" height="9" fill="nocolour"/>`)):         "nocolour",
		string(frame(`<rect width="9" height="9" fill="url(#none)"/>`)):       "none",
		string(frame(`<rect width="9" height="9" clip-path="url(#none)"/>`)):  "none",
		string(frame(`<text>&bomb;</text>`)):                                  "bomb",
		string(frame(strings.Repeat("<g>", 99) + strings.Repeat("</g>", 99))): "nested deeper",
		string(frame("<text>\xff</text>")):                                    "UTF-8",
		string(frame(`<image href="` + pngAddress + `AAAA"/>`)):               "image",
		string(frame(`<defs><pattern id="p" patternUnits="userSpaceOnUse" width="1" height="1"><rect width="1" height="1" fill="url(#p)"/></pattern></defs><rect width="9" height="9" fill="url(#p)"/>`)): "within a pattern",
		string(frame(`<text font-size="12" style="font-size:1e5px">x</text>`)):          "out of range",
		string(frame(`<rect width="9" height="9" transform="scale(1e6) scale(1e6)"/>`)): "too big",
	} {
		if _, err := Parse([]byte(svg)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, and not a word of %q", svg, err, want)
		}
	}
}

func TestAPictureIsTheSameWhateverWasDrawnBeforeIt(t *testing.T) {
	fonts := testFonts(t)
	draw := func(svg string, o Options) []byte {
		t.Helper()
		p, err := Parse([]byte(svg))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := p.PNG(t.Context(), &out, o); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	const star = `<svg width="60" height="40"><path d="M5 5L55 20L5 35L30 3Z" fill="#123456" stroke="#fed" stroke-width="3"/></svg>`
	want := draw(star, Options{})
	for range 3 { // on paper that others used, larger and opaque
		draw(`<svg width="90" height="80"><path d="M1 1L89 40L7 77Z" fill="red"/></svg>`, Options{Fonts: fonts, Background: color.White})
		if got := draw(star, Options{Fonts: fonts}); !bytes.Equal(got, want) {
			t.Fatal("the same picture has other pixels after another one")
		}
	}
}
