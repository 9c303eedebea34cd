package main

import (
	"errors"
	"fmt"
	"strings"

	"agora/ingest/watch"
	"agora/mood"
)

// brandColors are given to brands that have none, in order. They mark names
// and lines, so they stay clear of the colours of feeling.
var brandColors = [...]string{
	"#005AFF", "#8A4FBF", "#00857A", "#B7791F", "#C2417C", "#4D7C0F", "#5B6B7B", "#9A3412", "#0E7490", "#6D28D9",
}

func readBrands(v value) []mood.Brand {
	var brands []mood.Brand
	taken := map[string]bool{}
	for _, item := range v.entries() {
		b, ok := readBrand(item, taken)
		if !ok {
			continue
		}
		taken[b.ID] = true
		if b.Color == "" {
			b.Color = brandColors[len(brands)%len(brandColors)]
		}
		brands = append(brands, b)
	}
	return brands
}

func readBrand(v value, taken map[string]bool) (mood.Brand, bool) {
	fields := v.fields([]string{"id", "name", "query", "color"})
	if fields == nil {
		return mood.Brand{}, false
	}
	var b mood.Brand
	if name, ok := fields["name"]; ok {
		b.Name = strings.TrimSpace(name.text())
	}
	idAt := v
	if id, ok := fields["id"]; ok {
		idAt = id
		if b.ID = id.id(); b.ID == "" {
			return b, false
		}
	} else {
		b.ID = slugOf(b.Name)
	}
	switch {
	case b.ID == "" && b.Name == "":
		v.wrong("this brand has neither id nor name", "add id: nokia and name: Nokia, say")
		return b, false
	case b.ID == "":
		v.wrong(fmt.Sprintf("no id can be made of the name %q", b.Name), "add id: with small letters, digits and hyphens")
		return b, false
	case taken[b.ID]:
		idAt.wrong(fmt.Sprintf("another brand has the id %q", b.ID), "give each its own")
		return b, false
	}
	if b.Name == "" {
		b.Name = b.ID
	}
	b.Query = `"` + strings.ReplaceAll(b.Name, `"`, "") + `"`
	if query, ok := fields["query"]; ok {
		b.Query = query.text()
		query.checkQuery(b.Query)
	}
	if color, ok := fields["color"]; ok {
		if b.Color = color.text(); !colorPattern.MatchString(b.Color) {
			color.wrong(fmt.Sprintf("%q is no colour", b.Color), "write it in quotes as '#005AFF'")
		}
	}
	return b, true
}

// checkQuery reports what is wrong with a query where it stands in the file.
func (v value) checkQuery(query string) {
	_, err := watch.Compile(query)
	if err == nil {
		return
	}
	p := Problem{Place: v.doc.place, Message: "bad query: " + err.Error()}
	p.Line, p.Column = v.position()
	var syntax *watch.SyntaxError
	if errors.As(err, &syntax) {
		p.Message = "bad query: " + syntax.Msg
		if line, column, ok := v.runePosition(syntax.Column); ok {
			p.Line, p.Column = line, column
		} else {
			p.Message = fmt.Sprintf("bad query, at its column %d: %s", syntax.Column, syntax.Msg)
		}
	}
	v.doc.problems = append(v.doc.problems, p)
}
