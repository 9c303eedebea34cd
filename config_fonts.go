package main

import (
	"errors"
	"fmt"
	"os"

	"agora/charts/snapshot/draw"
)

// Bounds of the operator's own fonts, which stay in memory. The largest in use,
// those with all of Chinese, Japanese and Korean, have 20 to 30 MB.
const (
	mostFonts   = 16
	largestFont = 64 << 20 // bytes
)

// readFonts reads the files of fonts that pictures may use beside Agora's own.
func readFonts(v value) [][]byte {
	items := v.items()
	if len(items) > mostFonts {
		items[mostFonts].wrong(fmt.Sprintf("there are %d fonts, and %d are the most", len(items), mostFonts), "leave some out")
		return nil
	}
	var fonts [][]byte
	for _, item := range items {
		path := item.text()
		if path == "" {
			continue
		}
		data, err := fontFile(path)
		if err != nil {
			item.wrong(fmt.Sprintf("the font %s can't be used: %v", path, unwrapAll(err)), "name a TrueType or OpenType file (.ttf, .otf, .ttc) that Agora may read")
			continue
		}
		fonts = append(fonts, data)
	}
	return fonts
}

// fontFile reads a font with outlines.
func fontFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular(): // a device or a pipe may never end
		return nil, errors.New("it is no file")
	case info.Size() > largestFont:
		return nil, fmt.Errorf("it has over %d MB", largestFont>>20)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return data, draw.Check(data)
}
