package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The caps of a list of feeds; one that reaches a cap is refused as a whole.
const (
	maxOutlines     = 5_000
	maxOutlineDepth = 64
)

// Outline is one entry of an OPML list, the form in which feed readers hand
// their subscriptions on.
type Outline struct {
	Title    string
	URL      string // as written; it may be anything
	Type     string // as written, in lower case: mostly rss, or empty
	Language string // as written
	Category string // only for writing: the group that it is put into; empty: none
}

// ReadOPML reads the entries of an OPML list that have an address, however
// deep they are nested, in their order. The text may be in any encoding that a
// feed may be in. Entities that the document declares are never expanded: it
// is refused.
func ReadOPML(r io.Reader) ([]Outline, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxBytes {
		return nil, &capError{"bytes", maxBytes}
	}
	text := bytes.TrimSpace(toUTF8(raw, ""))
	if len(text) == 0 {
		return nil, errors.New("the file is empty: export the list of feeds again")
	}
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false // many write & in an address as it is
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now
	var list []Outline
	var count budget
	depth := 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && depth == 0 && count.elements > 0 {
			return list, nil
		}
		if err != nil {
			return nil, brokenOPML(err, count.elements)
		}
		switch t := t.(type) {
		case xml.Directive:
			if bytes.Contains(bytes.ToUpper(t), []byte("<!ENTITY")) {
				return nil, errors.New("its DOCTYPE declares entities, which are not read from strangers' files: take the DOCTYPE out")
			}
		case xml.StartElement:
			if count.elements == 0 && !strings.EqualFold(t.Name.Local, "opml") {
				return nil, notOPML(t.Name.Local)
			}
			depth++
			if err := count.element(depth); err != nil {
				return nil, err
			}
			if depth > maxOutlineDepth {
				return nil, &capError{"elements inside one another", maxOutlineDepth}
			}
			if o := outlineOf(t); o.URL != "" {
				list = append(list, o)
			}
			if len(list) > maxOutlines {
				return nil, &capError{"feeds", maxOutlines}
			}
		case xml.EndElement:
			depth--
		}
	}
}

// outlineOf reads an element; without an address it is none.
func outlineOf(t xml.StartElement) Outline {
	var o Outline
	if !strings.EqualFold(t.Name.Local, "outline") {
		return o
	}
	values := map[string]string{}
	for _, a := range t.Attr {
		key := strings.ToLower(a.Name.Local)
		if v := strings.TrimSpace(a.Value); v != "" && values[key] == "" {
			values[key] = v
		}
	}
	o.URL = firstOf(values["xmlurl"], values["url"])
	o.Title = clip(Text(firstOf(values["title"], values["text"])), maxTitle)
	o.Type = strings.ToLower(values["type"])
	o.Language = values["language"]
	return o
}

func brokenOPML(err error, elements int) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("it is broken XML at line %d (%s): export the list of feeds again", syntax.Line, syntax.Msg)
	case errors.Is(err, io.EOF) && elements == 0:
		return notOPML("")
	}
	return fmt.Errorf("it can't be read: %w", err)
}

func notOPML(root string) error {
	switch strings.ToLower(root) {
	case "":
		return errors.New("this is no OPML: give the file of subscriptions that a feed reader exports")
	case "rss", "feed", "rdf":
		return errors.New("this is a feed, and no list of feeds: put its address under sources: in agora.yaml")
	}
	return fmt.Errorf("this is no OPML, for it begins with <%s>: give the file of subscriptions that a feed reader exports", clip(root, 40))
}

type opmlFile struct {
	XMLName  xml.Name      `xml:"opml"`
	Version  string        `xml:"version,attr"`
	Title    string        `xml:"head>title"`
	Outlines []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Text     string        `xml:"text,attr"`
	Title    string        `xml:"title,attr,omitempty"`
	Type     string        `xml:"type,attr,omitempty"`
	URL      string        `xml:"xmlUrl,attr,omitempty"`
	Language string        `xml:"language,attr,omitempty"`
	Category string        `xml:"category,attr,omitempty"`
	Outlines []opmlOutline `xml:"outline"`
}

// WriteOPML writes a list of feeds as OPML 2.0. Those with a category stand
// together in an outline of that name, where its first one would stand.
func WriteOPML(w io.Writer, title string, list []Outline) error {
	file := opmlFile{Version: "2.0", Title: title}
	groups := map[string]int{} // category → its place in the file
	for _, o := range list {
		entry := opmlOutline{Text: o.Title, Title: o.Title, Type: "rss", URL: o.URL, Language: o.Language, Category: o.Category}
		if o.Category == "" {
			file.Outlines = append(file.Outlines, entry)
			continue
		}
		at, ok := groups[o.Category]
		if !ok {
			at = len(file.Outlines)
			groups[o.Category] = at
			file.Outlines = append(file.Outlines, opmlOutline{Text: o.Category, Title: o.Category})
		}
		file.Outlines[at].Outlines = append(file.Outlines[at].Outlines, entry)
	}
	text, err := xml.MarshalIndent(file, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}
