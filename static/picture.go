package static

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Face is one file of a font.
type Face struct {
	Family string // such as Inter, or Noto Sans Arabic
	Weight int    // as in CSS: 400 or 600
	Covers []rune // the characters that it has: first, last, first, last…, ascending

	// Open gives the file: TrueType. It is unpacked anew each time.
	Open func() ([]byte, error)
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

// Cities gives the table of cities and of the parts of countries that texts are
// placed by: see static/build/cities.mjs for its form.
func Cities() ([]byte, error) { return open("dist/engine/cities.tsv.z") }

// Fonts gives the typefaces of pictures, in the order in which they are to be
// tried for a character: Inter, that of the pages, for those who can't read its
// variable form; then one for each script that Inter lacks, and Noto Emoji.
// Chinese, Japanese and Korean, and emoji, come in weight 400 only, and in many
// files: a few hundred characters each, the common ones first.
func Fonts() ([]Face, error) {
	text, err := read(faces)
	if err != nil {
		return nil, err
	}
	var list []struct {
		File   string `json:"file"`
		Family string `json:"family"`
		Weight int    `json:"weight"`
		Covers []rune `json:"covers"`
	}
	if err := json.Unmarshal(text, &list); err != nil || len(list) == 0 {
		return nil, fmt.Errorf("static: %s lists no fonts (%w): run `make assets`", faces, err)
	}
	fonts := make([]Face, len(list))
	for i, f := range list {
		fonts[i] = Face{Family: f.Family, Weight: f.Weight, Covers: f.Covers, Open: func() ([]byte, error) { return open("dist/engine/" + f.File) }}
	}
	return fonts, nil
}

const faces = "dist/engine/faces.json" // static/build/faces.mjs writes it

// open reads a file, which is packed if its name ends in .z.
func open(name string) ([]byte, error) {
	data, err := read(name)
	if err != nil || !strings.HasSuffix(name, ".z") {
		return data, err
	}
	unpacker, err := zlib.NewReader(bytes.NewReader(data))
	if err == nil {
		data, err = io.ReadAll(unpacker)
	}
	if err != nil {
		return nil, fmt.Errorf("static: unpack %s: %w: run `make assets`", name, err)
	}
	return data, nil
}

func read(name string) ([]byte, error) {
	data, err := dist.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("static: %w: run `make assets`", err)
	}
	return data, nil
}
