package static

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Face is one file of a font.
type Face struct {
	Weight int    // as in CSS: 400 or 600
	Data   []byte // TrueType
}

// Engine gives the script that draws charts in a JavaScript engine without a
// browser, from the sources and the lock file that the pages are built from.
// It is ES2018, and no page refers to it.
func Engine() ([]byte, error) { return read("dist/engine/engine.js") }

// World gives the world map of the pages: GeoJSON, with a country's ISO
// 3166-1 alpha-2 code as the name of each feature.
func World() ([]byte, error) {
	names, err := fs.Glob(dist, "dist/assets/world-*.geojson")
	if err != nil || len(names) != 1 {
		return nil, fmt.Errorf("static: %d world maps were built, and one is needed: run `make assets` (%w)", len(names), fs.ErrNotExist)
	}
	return read(names[0])
}

// Fonts gives the typeface of the pages, Inter, for those who can't read its
// variable form: faces by weight, and within a weight by script. The first that
// has a character is the one to use.
func Fonts() ([]Face, error) {
	names, err := fs.Glob(dist, "dist/engine/inter-*.ttf")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("static: no fonts were built: run `make assets` (%w)", fs.ErrNotExist)
	}
	slices.Sort(names) // inter-400-0-latin.ttf before inter-400-1-latin-ext.ttf
	faces := make([]Face, len(names))
	for i, name := range names {
		faces[i].Weight = 400
		if strings.Contains(name, "inter-600-") {
			faces[i].Weight = 600
		}
		if faces[i].Data, err = read(name); err != nil {
			return nil, err
		}
	}
	return faces, nil
}

func read(name string) ([]byte, error) {
	data, err := dist.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("static: %w: run `make assets`", err)
	}
	return data, nil
}
