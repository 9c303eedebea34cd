package draw

import (
	"context"
	"io"
	"os"
	"testing"
	"time"
)

// FuzzParse: whatever a document says, reading and drawing it ends, and
// doesn't panic.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"topics", "share"} {
		svg, err := os.ReadFile("testdata/" + name + ".svg")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(svg)
	}
	for _, inside := range []string{
		`<path d="M1 0A1 1 0 1 1 1 -0.01ZM3e2 1Q1 1 2 2T4 4S1 1 2 2h1v1H3V4C1 1 2 2 3 3" stroke="#f00" stroke-dasharray="1,0.1" stroke-linejoin="round" stroke-linecap="square" transform="matrix(4,0,0,4,1,2)"/>`,
		`<defs><pattern id="p" width="1" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><g><path d="M0 0l1 0l0 1l-1 0Z" fill="#0B101680"/></g></pattern><clipPath id="c"><circle r="9"/></clipPath></defs><g clip-path="url(#c)"><ellipse rx="9" ry="3" fill="url(#p)"/></g>`,
		`<defs><linearGradient id="g" x2="1"><stop offset="5%" stop-color="#f00"/></linearGradient><radialGradient id="r" gradientUnits="userSpaceOnUse"><stop offset="1" stop-color="rgba(1,2,3,0.4)"/></radialGradient></defs><rect width="9" height="9" rx="2" fill="url(#g)" stroke="url(#r)"/>`,
		`<text x="1" y="9" dominant-baseline="central" text-anchor="end" style="font: normal bold 12px Inter">a<tspan dy="1em">אב&#x4e2d;</tspan></text>`,
		`<image width="9" height="9" href="` + pngAddress + redPixel + `"/><polyline points="1,2 3,4"/>`,
	} {
		f.Add(frame(inside))
	}
	fonts := testFonts(f)
	f.Fuzz(func(t *testing.T, svg []byte) {
		p, err := Parse(svg)
		if err != nil {
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if p.Width*p.Height < 1e6 {
			if _, err := p.PNG(ctx, io.Discard, Options{Fonts: fonts}); err != nil && ctx.Err() == nil {
				t.Errorf("it was read, and can't be drawn: %v", err)
			}
		}
		d := NewDocument(Meta{}, fonts)
		if err := p.PDF(ctx, d.Page(100, 100), 0, 0, 100, 100); err != nil && ctx.Err() == nil {
			t.Errorf("it was read, and can't be put on a page: %v", err)
		}
		if _, err := d.Write(io.Discard); err != nil {
			t.Errorf("the PDF can't be written: %v", err)
		}
	})
}
