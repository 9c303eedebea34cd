package draw

import (
	"reflect"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype/tables"
)

// listed writes the glyphs that a font's rules are for as lists instead of
// ranges. The shaper (v0.3.5, harfbuzz/set_digest.go) has a quick test for
// whether a rule may be for a glyph, and stops reading ranges once one of its
// three masks is full: rules don't reach what comes after 64 glyphs, and
// Arabic letters stand unjoined.
func listed(f *font.Font) {
	for _, lookup := range f.GSUB.Lookups {
		for i, rule := range lookup.Subtables {
			lookup.Subtables[i] = relisted(reflect.ValueOf(rule)).Interface().(tables.GSUBLookup)
		}
	}
	for _, lookup := range f.GPOS.Lookups {
		for i, rule := range lookup.Subtables {
			lookup.Subtables[i] = relisted(reflect.ValueOf(rule)).Interface().(tables.GPOSLookup)
		}
	}
}

// relisted is a rule, or a part of one, with lists.
func relisted(part reflect.Value) reflect.Value {
	if ranges, ok := part.Interface().(tables.Coverage2); ok {
		var list tables.Coverage1
		for _, r := range ranges.Ranges {
			if int(r.StartCoverageIndex) != len(list.Glyphs) || r.EndGlyphID < r.StartGlyphID {
				return part // its order isn't that of a list
			}
			for g := int(r.StartGlyphID); g <= int(r.EndGlyphID); g++ {
				list.Glyphs = append(list.Glyphs, tables.GlyphID(g))
			}
		}
		return reflect.ValueOf(list)
	}
	switch part.Kind() {
	case reflect.Struct:
		out := reflect.New(part.Type()).Elem()
		out.Set(part)
		for i := range out.NumField() {
			if field := out.Field(i); field.CanSet() {
				field.Set(relisted(field))
			}
		}
		return out
	case reflect.Interface:
		if !part.IsNil() {
			return relisted(part.Elem())
		}
	case reflect.Slice:
		if part.Type().Elem() == reflect.TypeFor[tables.Coverage]() {
			out := reflect.MakeSlice(part.Type(), part.Len(), part.Len())
			for i := range part.Len() {
				out.Index(i).Set(relisted(part.Index(i)))
			}
			return out
		}
	}
	return part
}
