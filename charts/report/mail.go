package report

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"strings"
	"unicode/utf8"

	"agora/charts"
)

// Mail is a report as a mail: its HTML shows the images by their ids, and says
// everything without them.
type Mail struct {
	Subject string // one line
	Text    string // the same in plain text, at most 76 characters a line but for addresses
	HTML    []byte
	Images  []Image
}

// Image is a picture within a mail.
type Image struct {
	ID   string // the content id, without brackets
	Name string // of a file
	PNG  []byte
}

const (
	mailWidth = 536 // pixels of CSS: 600 less the margins
	mailScale = 2
	mailTheme = "print"
)

// Mail writes the report as a mail. Its HTML is made for mail programs: tables,
// inline styles, no width over 600 pixels, and colours that are turned round in
// the dark. Who sees no images reads the same figures.
func (c *Content) Mail(ctx context.Context, p Painter) (Mail, error) {
	m := Mail{Subject: c.Subject, Text: c.text()}
	if c.Demo {
		m.Subject = charts.Demo() + ": " + m.Subject
	}
	var pictures []mailPicture
	for _, f := range []struct {
		id   string
		high int
	}{{"mood", c.moodHeight()}, {"timeline", 230}, {"map", 280}, {"share", 30 + 26*len(c.Share)}} {
		if !c.shows(f.id) {
			continue
		}
		chart := c.chart(f.id)
		image := Image{ID: f.id + "@report.agora", Name: f.id + ".png"}
		var err error
		image.PNG, err = p.Chart(ctx, charts.Figure{
			Table: chart.table, Option: chart.option, Format: "png", Theme: mailTheme, Width: mailWidth, Height: f.high, Scale: mailScale, Bare: true,
		})
		if err != nil {
			return Mail{}, fmt.Errorf("write a report as a mail: draw the chart %s: %w", f.id, err)
		}
		m.Images = append(m.Images, image)
		pictures = append(pictures, mailPicture{
			Title: chart.Title, Alt: clip(chart.Says, 300), Note: chart.Note, Keys: chart.keys, Source: template.URL("cid:" + image.ID), Width: mailWidth, Height: f.high,
		})
	}
	t, err := template.New("mail").Funcs(c.funcs()).Parse(mailHTML)
	if err != nil {
		return Mail{}, fmt.Errorf("write a report as a mail: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, struct {
		view
		Images []mailPicture
	}{view{Content: c}, pictures}); err != nil {
		return Mail{}, fmt.Errorf("write a report as a mail: %w", err)
	}
	m.HTML = b.Bytes()
	return m, nil
}

type mailPicture struct {
	Title, Alt, Note string
	Keys             []key
	Source           template.URL
	Width, Height    int
}

// text is the report in plain text.
func (c *Content) text() string {
	var b strings.Builder
	put := func(words string) { b.WriteString(fold(words, "")) }
	section := func(title string) {
		b.WriteString("\n" + strings.ToUpper(title) + "\n\n")
	}
	if c.Demo {
		put(charts.Demo())
	}
	put(c.Headline)
	put(period(c.From, c.To) + " (" + c.Zone + ")")
	for _, d := range c.Details {
		put(d)
	}
	if len(c.Brands) > 0 {
		section(wordBrands)
	}
	for _, b := range c.Brands {
		put(brandLine(b))
	}
	if c.brandsMoved() > 0 {
		section(wordMoved)
		put(c.movedSaysPlain())
		for _, brand := range c.Brands {
			for _, d := range brand.Moved {
				title := d.Title
				if len(c.Brands) > 1 {
					title = brand.Name + ", " + strings.ToLower(title)
				}
				b.WriteString("\n" + fold(title+" (together "+signedNumber(d.Total, 1)+")", ""))
				for _, p := range d.Top(3) {
					b.WriteString(fold(partLine(p), "  "))
				}
			}
		}
	}
	section(wordStories)
	for i, s := range c.Stories {
		b.WriteString(fold(fmt.Sprintf("%d. %s", i+1, s.Title), ""))
		b.WriteString(fold(labelOf(s.Label)+" · "+storyPlain(s, len(c.Brands) > 1), "   "))
		if s.Link != "" {
			b.WriteString("   " + s.Link + "\n")
		}
	}
	if len(c.Stories) == 0 {
		put(c.noStories())
	}
	if c.StoriesNote != "" {
		put(c.StoriesNote)
	}
	if c.shows("share") {
		section(wordShare)
		for _, s := range c.Share {
			put(shareLine(s))
		}
	}
	section(wordFine)
	for _, f := range c.Fine {
		put(f.Name + ": " + f.Value)
	}
	if c.Links.Page != "" {
		b.WriteString("\n" + wordLive + ":\n" + c.Links.Page + "\n")
	}
	return b.String()
}

// fold breaks a text into lines of at most 76 characters; those after the first
// are indented further.
func fold(words, indent string) string {
	const most = 76
	var b strings.Builder
	line := indent
	empty := true
	for word := range strings.FieldsSeq(words) {
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > most {
			b.WriteString(line + "\n")
			line, empty = indent+"  ", true
		}
		if !empty {
			line += " "
		}
		line += word
		empty = false
	}
	b.WriteString(line + "\n")
	return b.String()
}
