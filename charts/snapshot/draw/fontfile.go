package draw

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
)

// filesOf is what a face holds: one font, or those of a collection. Faces with
// data are looked into for the characters that they have.
func filesOf(face Face) ([]*file, error) {
	if face.Open != nil && face.Data == nil {
		if face.Weight == 0 {
			face.Weight = 400
		}
		return []*file{{Face: face}}, nil
	}
	loaders, err := loadersOf(face.Data)
	if err != nil {
		return nil, err
	}
	var files []*file
	taken := map[rune]bool{}
	for i, l := range loaders {
		f := &file{Face: face, number: i}
		fresh, err := f.cover(l, taken)
		if err != nil {
			return nil, err
		}
		if i > 0 && !fresh {
			continue
		}
		if about, _ := font.Describe(l, nil); face.Family == "" {
			f.Family = about.Family
			if face.Weight == 0 {
				f.Weight = int(about.Aspect.Weight)
			}
		}
		if f.Weight == 0 {
			f.Weight = 400
		}
		files = append(files, f)
	}
	return files, nil
}

// Check says what is wrong with a font file: that it is none, or that it has
// no outlines, such as one of bitmaps or of coloured pictures only.
func Check(data []byte) error {
	_, err := filesOf(Face{Data: data})
	return err
}

// loadersOf are the fonts within a file.
func loadersOf(data []byte) (loaders []*opentype.Loader, err error) {
	defer broken(&err)
	if loaders, err = opentype.NewLoaders(bytes.NewReader(data)); err != nil {
		return nil, errors.New("it is no TrueType or OpenType font") // err speaks of bytes
	}
	if len(loaders) == 0 {
		return nil, errors.New("it is an empty collection")
	}
	return loaders, nil
}

// cover learns which characters a font has; fresh says that there are some
// among them that were not taken before.
func (f *file) cover(l *opentype.Loader, taken map[rune]bool) (fresh bool, err error) {
	defer broken(&err)
	if !slices.ContainsFunc([]string{"glyf", "CFF ", "CFF2"}, func(tag string) bool { return l.HasTable(opentype.MustNewTag(tag)) }) {
		return false, errors.New("it has no outlines")
	}
	raw, err := l.RawTable(opentype.MustNewTag("cmap"))
	if err != nil {
		return false, err
	}
	table, _, err := tables.ParseCmap(raw)
	if err != nil {
		return false, err
	}
	cmap, _, err := font.ProcessCmap(table, tables.FPNone)
	if err != nil {
		return false, err
	}
	var all []rune
	for iter := cmap.Iter(); iter.Next(); {
		r, glyph := iter.Char()
		if glyph == 0 || r < ' ' {
			continue
		}
		all = append(all, r)
		fresh = fresh || !taken[r]
	}
	if len(all) == 0 {
		return false, errors.New("it has no characters")
	}
	slices.Sort(all)
	f.Covers = nil
	for _, r := range all {
		taken[r] = true
		if n := len(f.Covers); n > 0 && f.Covers[n-1] >= r-1 {
			f.Covers[n-1] = r
			continue
		}
		f.Covers = append(f.Covers, r, r)
	}
	return fresh, nil
}

// parse reads the whole font.
func (f *file) parse(data []byte) (err error) {
	defer broken(&err)
	loaders, err := loadersOf(data)
	if err != nil {
		return err
	}
	if f.number >= len(loaders) {
		return fmt.Errorf("the collection has %d fonts", len(loaders))
	}
	parsed, err := font.NewFont(loaders[f.number])
	if err != nil {
		return err
	}
	listed(parsed)
	f.variable = loaders[f.number].HasTable(opentype.MustNewTag("fvar"))
	f.embeds = !f.variable && (bytes.HasPrefix(data, []byte{0, 1, 0, 0}) || bytes.HasPrefix(data, []byte("true")))
	f.parsed = parsed
	return nil
}

// face is a font to shape with, in its weight where one file has several.
func (f *file) face() *font.Face {
	face := font.NewFace(f.open())
	if f.variable {
		face.SetVariations([]font.Variation{{Tag: opentype.MustNewTag("wght"), Value: float32(f.Weight)}})
	}
	return face
}

// broken makes an error of a panic: a file that is damaged in a way that the
// library doesn't look for.
func broken(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("it is damaged: %v", r)
	}
}
