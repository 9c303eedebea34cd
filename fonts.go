package main

import (
	"fmt"

	"agora/charts/snapshot/draw"
	"agora/static"
)

// openFonts gives the faces that pictures are measured and drawn with: those of
// the program, and then the operator's own.
func openFonts(own [][]byte) (*draw.Fonts, error) {
	shipped, err := static.Fonts()
	if err != nil {
		return nil, fmt.Errorf("open the fonts of pictures: %w", err)
	}
	faces := make([]draw.Face, 0, len(shipped)+len(own))
	for _, f := range shipped {
		faces = append(faces, draw.Face{Family: f.Family, Weight: f.Weight, Open: f.Open, Covers: f.Covers})
	}
	for _, data := range own {
		faces = append(faces, draw.Face{Data: data})
	}
	fonts, err := draw.NewFonts(faces...)
	if err != nil {
		return nil, fmt.Errorf("open the fonts of pictures: %w", err)
	}
	return fonts, nil
}
