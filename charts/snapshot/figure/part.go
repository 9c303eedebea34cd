package figure

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"image/color"

	"agora/charts/snapshot"
	"agora/charts/snapshot/draw"
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

// PNG makes a PNG of an SVG, scale pixels for each of its own. The same SVG
// gives the same bytes, and is drawn once.
func (m *Maker) PNG(ctx context.Context, svg []byte, scale float64, ground color.NRGBA) ([]byte, error) {
	h := sha256.New()
	fmt.Fprintf(h, "svg %v %v\n", scale, ground)
	h.Write(svg)
	return m.files.get(ctx, string(h.Sum(nil)), func(ctx context.Context) ([]byte, error) {
		select {
		case m.presses <- struct{}{}:
			defer func() { <-m.presses }()
		case <-ctx.Done():
			return nil, fmt.Errorf("wait to make a file of a picture: %w", context.Cause(ctx))
		}
		picture, err := draw.Parse(svg)
		if err != nil {
			return nil, err
		}
		var out bytes.Buffer
		_, err = picture.PNG(ctx, &out, draw.Options{Scale: scale, Fonts: m.fonts, Background: ground})
		return out.Bytes(), err
	})
}
