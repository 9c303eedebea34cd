package draw

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
)

// stew has everything in it that crosses from one band into the next: clips
// within clips, patterns, gradients, dashes, turned texts.
const stew = `<svg width="300" height="277"><defs>
<clipPath id="c"><circle cx="70" cy="140" r="120"/></clipPath>
<clipPath id="d"><path d="M0 20L300 100L100 290L150 150L4 280Z" clip-rule="evenodd"/></clipPath>
<clipPath id="e"><rect x="10" y="30" width="200" height="200"/></clipPath>
<pattern id="p" width="13" height="15.5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><circle cx="5" cy="5" r="5" fill="#0B101680"/></pattern>
<pattern id="q" width="7" height="9" patternUnits="userSpaceOnUse" patternTransform="translate(3 4.5) scale(1.5)"><path d="M0 0h4v4h-4Z" fill="#AB1016"/></pattern>
<linearGradient id="g" x2="1" y2="1"><stop offset="5%" stop-color="#f00"/><stop offset="95%" stop-color="#00f" stop-opacity="0.3"/></linearGradient>
<radialGradient id="r"><stop offset="0" stop-color="rgba(1,2,3,0.4)"/><stop offset="1" stop-color="#ff8"/></radialGradient></defs>
<g clip-path="url(#c)"><rect width="300" height="300" fill="url(#p)" fill-opacity="0.1"/>
<g clip-path="url(#d)"><rect width="300" height="300" fill="url(#g)"/><path d="M-50 -400L500 900" stroke="#0808" stroke-width="33" stroke-dasharray="3 2.5" stroke-linecap="round"/></g></g>
<g clip-path="url(#e)"><g clip-path="url(#d)"><rect width="300" height="300" fill="url(#q)" opacity="0.4"/></g>
<path d="M20 20C400 500 -200 80 270 280T3 4" fill="none" stroke="url(#r)" stroke-width="9" stroke-linejoin="round"/><rect x="40" y="10" width="90" height="250" fill="#123"/></g>
<path d="M150 1L180.7 290L10 100L290 100L100.3 290Z" fill="url(#q)" fill-rule="evenodd" stroke="url(#p)" stroke-width="5"/><ellipse cx="200" cy="200" rx="99" ry="77" fill="#f808" stroke="#00f" stroke-width="0.3"/>
<g transform="rotate(12)"><text x="50" y="150" font-size="50" fill="url(#g)" stroke="#000" stroke-width="2" paint-order="stroke">Turned gf</text></g></svg>`

func parsed(t *testing.T, svg string) *Picture {
	t.Helper()
	p, err := Parse([]byte(svg))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func pngOf(t *testing.T, p *Picture, o Options) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := p.PNG(t.Context(), &out, o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// samePixels compares a PNG with what it is of, premultiplied.
func samePixels(t *testing.T, file []byte, want *image.RGBA) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	row, size := make([]byte, want.Stride), want.Rect.Size()
	if img.Bounds().Size() != size {
		t.Fatalf("it has %v pixels, not %v", img.Bounds().Size(), size)
	}
	for y := range size.Y {
		alphaRow(row, want.Pix[y*want.Stride:(y+1)*want.Stride])
		for x := range size.X {
			got := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			if is := (color.NRGBA{row[4*x], row[4*x+1], row[4*x+2], row[4*x+3]}); got != is {
				t.Fatalf("(%d, %d) is %v, not %v", x, y, got, is)
			}
		}
	}
}

func TestBandsFitTogetherWithoutASeam(t *testing.T) {
	fonts := testFonts(t)
	docs := map[string]string{"stew": stew}
	for _, name := range []string{"timeline", "share", "topics"} {
		svg, err := os.ReadFile("testdata/" + name + ".svg")
		if err != nil {
			t.Fatal(err)
		}
		docs[name] = string(svg)
	}
	for name, svg := range docs {
		t.Run(name, func(t *testing.T) {
			p := parsed(t, svg)
			for _, ground := range []color.Color{nil, color.White} {
				o := Options{Scale: 1.3, Fonts: fonts, Background: ground}
				whole, _, err := p.Image(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				samePixels(t, pngOf(t, p, o), whole)
			}
		})
	}
}

func TestLinesThatAreNotKeptAreDrawnAlike(t *testing.T) {
	p, o := parsed(t, stew), Options{Fonts: testFonts(t)}
	whole, _, err := p.Image(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, most := range []int{0, 100, 1000} {
		c, _, err := p.canvas(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		j := &job{canvas: c, rows: 16, lines: keeper{most: most, spare: new(tools)}}
		var out bytes.Buffer
		if err := writePNG(t.Context(), &out, j, false, new(tools)); err != nil {
			t.Fatal(err)
		}
		samePixels(t, out.Bytes(), whole)
		if n := j.lines.points.Load(); n != 0 {
			t.Errorf("of %d points, %d are kept after the last band", most, n)
		}
	}
}

func TestAPNGHasTheSameBytesHoweverManyDrawIt(t *testing.T) {
	p, o := parsed(t, stew), Options{Scale: 4, Fonts: testFonts(t)}
	want := pngOf(t, p, o)
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	for _, n := range []int{1, 2, 3, 8} {
		runtime.GOMAXPROCS(n)
		if !bytes.Equal(pngOf(t, p, o), want) {
			t.Errorf("with %d processors it has other bytes", n)
		}
	}
}

// A failing writer takes so many writes, and answers the next with what fail
// gives. There should be none after that.
type failing struct {
	takes int
	fail  func() error
	after int
}

func (f *failing) Write(b []byte) (int, error) {
	f.takes--
	switch {
	case f.takes >= 0:
		return len(b), nil
	case f.takes == -1:
		return len(b), f.fail()
	}
	f.after++
	return len(b), nil
}

func TestAPNGThatCannotBeWrittenIsDrawnNoFurther(t *testing.T) {
	p, o := parsed(t, stew), Options{Scale: 4, Fonts: testFonts(t)}
	full := errors.New("the disk is full")
	for _, takes := range []int{0, 1, 2, 5} {
		ctx, cancel := context.WithCancel(t.Context())
		for _, c := range []struct {
			fail func() error
			want error
		}{
			{func() error { return full }, full},
			{func() error { cancel(); return nil }, context.Canceled},
		} {
			w := &failing{takes: takes, fail: c.fail}
			if _, err := p.PNG(ctx, w, o); !errors.Is(err, c.want) || w.after > 0 {
				t.Errorf("after %d writes: %v, not %v; %d more were tried", takes, err, c.want, w.after)
			}
		}
	}
}

func TestWhatBreaksInABandBreaksForWhoAskedForIt(t *testing.T) {
	c := newCanvas(10, 500)
	c.items = []*item{{box: c.size}} // without a clip, which there always is
	j := &job{canvas: c, rows: bandRows}
	defer func() {
		if thrown, _ := recover().(string); !strings.Contains(thrown, "nil pointer") {
			t.Errorf("it threw %q", thrown)
		}
	}()
	_ = writePNG(t.Context(), io.Discard, j, false, new(tools))
}

func TestTilesOfPatternsAreKeptWithinBounds(t *testing.T) {
	var all tiles
	for range 6 {
		size := tileSize{&pattern{w: 1, h: 1}, maxTile, maxTile}
		if all.get(size, func() bool { return false }) == nil {
			t.Fatal("it wasn't drawn")
		}
		if n := len(all.drawn) * maxTile * maxTile; n > keptTiles || n != all.pixels {
			t.Fatalf("%d pixels are kept, and %d counted", n, all.pixels)
		}
	}
}
