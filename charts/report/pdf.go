package report

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/color"
	"io"
	"strconv"
	"strings"

	"agora/charts"
	"agora/charts/snapshot/draw"
)

// A4 in points, with its margin, and the pixels of a chart for each point.
const (
	paperWidth, paperHeight = 595.28, 841.89
	margin                  = 42.0
	inner                   = paperWidth - 2*margin
	bottom                  = 800.0 // of what stands above the footer
	pixels                  = 1.42
	paperTheme              = "print"
)

// PDF writes the report as two pages of A4: charts are vectors, texts can be
// selected, links lead somewhere. Letters that the fonts lack are left out, and
// a title of nothing else is replaced by words that say so.
func (c *Content) PDF(ctx context.Context, w io.Writer, p Painter, fonts *draw.Fonts) error {
	if fonts == nil {
		return errors.New("write a report as PDF: no fonts were given")
	}
	s, err := c.sheet(ctx, p, fonts)
	if err != nil {
		return fmt.Errorf("write a report as PDF: %w", err)
	}
	for _, page := range []func() error{s.first, s.second} {
		if err := page(); err != nil {
			return fmt.Errorf("write a report as PDF: %w", err)
		}
	}
	_, err = s.doc.Write(w)
	return err
}

// sheet is a PDF in the making.
type sheet struct {
	*Content
	ctx     context.Context
	painter Painter
	doc     *draw.Document
	page    *draw.Page
	pages   int
	look    map[string]color.NRGBA
	lacking map[rune]bool     // letters that the fonts don't have
	names   *strings.Replacer // of brands that can't be written, by their ids
}

func (c *Content) sheet(ctx context.Context, p Painter, fonts *draw.Fonts) (*sheet, error) {
	look, err := colours(paperTheme)
	if err != nil {
		return nil, err
	}
	s := &sheet{Content: c, ctx: ctx, painter: p, look: look}
	if s.lacking, err = lacking(fonts, c.texts()); err != nil {
		return nil, err
	}
	s.nameable()
	s.doc = draw.NewDocument(draw.Meta{
		Title: s.readable(c.Title), Author: "Agora", Subject: s.readable(c.Headline), Language: "en", Created: c.To,
	}, fonts)
	return s, nil
}

// colours reads the roles of a theme.
func colours(theme string) (map[string]color.NRGBA, error) {
	roles, err := rolesOf(theme)
	if err != nil {
		return nil, err
	}
	look := map[string]color.NRGBA{}
	for role, hex := range roles {
		if c, ok := colour(hex); ok {
			look[role] = c
		}
	}
	return look, nil
}

func rolesOf(theme string) (map[string]string, error) {
	var themes map[string]map[string]string
	if err := json.Unmarshal(charts.Theme(), &themes); err != nil {
		return nil, fmt.Errorf("read the colours: %w", err)
	}
	return themes[theme], nil
}

// colour reads #rrggbb; whatever stands behind that is left out.
func colour(hex string) (color.NRGBA, bool) {
	if len(hex) < 7 || hex[0] != '#' {
		return color.NRGBA{}, false
	}
	n, err := strconv.ParseUint(hex[1:7], 16, 32)
	return color.NRGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: 255}, err == nil
}

// accent is a brand's colour, for a mark beside its name.
func (s *sheet) accent(b Brand) color.NRGBA {
	if c, ok := colour(b.Color); ok {
		return c
	}
	return s.look["accent"]
}

// newPage begins a page with its footer.
func (s *sheet) newPage() error {
	s.page = s.doc.Page(paperWidth, paperHeight)
	s.pages++
	small := draw.TextStyle{Size: 7.5, Color: s.look["quiet"]}
	const y = 820.0
	s.page.Rect(margin, y-13, inner, 0.5, s.look["hairline"])
	s.text(s.made()+" · "+charts.MentionsWord(s.Mentions), margin, y, small)
	small.Align = 'r'
	s.text(pageOf(s.pages, 2), margin+inner, y, small)
	if s.Links.Page != "" {
		link := draw.TextStyle{Size: 7.5, Weight: 600, Color: s.look["accent"], Align: 'c'}
		s.text(wordLive, paperWidth/2+70, y, link)
		wide := s.doc.TextWidth(wordLive, link)
		return s.page.Link(paperWidth/2+70-wide/2, y-8, wide, 11, s.Links.Page)
	}
	return nil
}

// bars stand at the top of a page in the colours of the brands.
func (s *sheet) bars(y, high float64) {
	colours := []color.NRGBA{s.look["accent"]}
	if s.sectioned && len(s.Brands) > 0 {
		colours = nil
		for _, b := range s.Brands {
			colours = append(colours, s.accent(b))
		}
	}
	wide := inner / float64(len(colours))
	for i, c := range colours {
		s.page.Rect(margin+float64(i)*wide, y, wide, high, c)
	}
}

// heading begins a section and gives the y where it goes on.
func (s *sheet) heading(words string, x, y, wide float64) float64 {
	s.page.Rect(x, y, wide, 0.5, s.look["hairline"])
	s.text(s.fit(words, wide, draw.TextStyle{Size: 9.5, Weight: 600}), x, y+14, draw.TextStyle{Size: 9.5, Weight: 600, Color: s.look["text"]})
	return y + 21
}
