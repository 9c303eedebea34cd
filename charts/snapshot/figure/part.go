package figure

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"image/color"

	"agora/charts/snapshot"
	"agora/charts/snapshot/draw"
	"agora/charts/snapshot/font"
)

// What follows is for those who compose pictures of their own.

// Chart draws a chart alone, as SVG: what is inside of the svg element, drawn
// on the ground of its theme. Errors are as those of Draw.
func (m *Maker) Chart(ctx context.Context, p snapshot.Picture) (string, error) {
	svg, err := m.chart(ctx, p)
	if err != nil {
		return "", err
	}
	body, _, err := inside(svg)
	return body, err
}

// Typeface measures texts as they are drawn.
func (m *Maker) Typeface() *font.Set { return m.measure }

// PNG makes a PNG of an SVG, scale pixels for each of its own. The same SVG
// gives the same bytes, and is drawn once.
func (m *Maker) PNG(ctx context.Context, svg []byte, scale float64, ground color.NRGBA) ([]byte, error) {
	h := sha256.New()
	fmt.Fprintf(h, "svg %v %v\n", scale, ground)
	h.Write(svg)
	return m.files.get(ctx, string(h.Sum(nil)), func(ctx context.Context) ([]byte, error) {
		picture, err := draw.Parse(svg)
		if err != nil {
			return nil, err
		}
		var out bytes.Buffer
		_, err = picture.PNG(ctx, &out, draw.Options{Scale: scale, Fonts: m.fonts, Background: ground})
		return out.Bytes(), err
	})
}
