package report

import (
	"fmt"
	"strings"

	"golang.org/x/text/unicode/bidi"

	"agora/charts/snapshot/draw"
)

// chartAt draws one of the charts into a box, or says that it has nothing.
func (s *sheet) chartAt(id string, x, y, wide, high float64) error {
	if !s.shows(id) {
		s.text(wordEmpty, x, y+10, draw.TextStyle{Size: 8, Color: s.look["quiet"]})
		return nil
	}
	svg, err := s.picture(s.ctx, s.painter, id, paperTheme, int(wide*pixels), int(high*pixels))
	if err != nil {
		return err
	}
	picture, err := draw.Parse([]byte(s.names.Replace(string(svg))))
	if err != nil {
		return fmt.Errorf("read the chart %s: %w", id, err)
	}
	return picture.PDF(s.ctx, s.page, x, y, wide, high)
}

const keyRow, noteRow = 11.0, 9.0

var noteStyle = draw.TextStyle{Size: 7}

// timeline draws the course of mood with its legend and note, in so much room,
// and gives the y where it goes on.
func (s *sheet) timeline(y, room float64) (float64, error) {
	top := y
	y = s.heading(s.chart("timeline").Title, margin, y, inner)
	if !s.shows("timeline") {
		return y + 24, s.chartAt("timeline", margin, y, inner, 0)
	}
	y, err := s.keys(s.chart("timeline").keys, y, true)
	if err != nil {
		return 0, err
	}
	quiet := noteStyle
	quiet.Color = s.look["quiet"]
	note := s.wrap(s.chart("timeline").Note, inner, quiet, 2)
	high := max(70, top+room-y-6-noteRow*float64(len(note)))
	if err := s.chartAt("timeline", margin, y, inner, high); err != nil {
		return 0, err
	}
	y += high + 8
	for _, line := range note {
		s.page.Text(line, margin, y, quiet)
		y += noteRow
	}
	return y, nil
}

// keys writes a legend in as many lines as it needs, or only measures it.
func (s *sheet) keys(keys []key, y float64, write bool) (float64, error) {
	const sign, gap = 18.0, 14.0
	style := draw.TextStyle{Size: 8, Color: s.look["text"]}
	x := 0.0
	for i, k := range keys {
		name := s.foreign(s.fit(k.name, inner-sign-4, style))
		wide := sign + 4 + s.doc.TextWidth(name, style)
		if x > 0 && x+wide > inner {
			x, y = 0, y+keyRow
		}
		if write {
			picture, err := draw.Parse([]byte(k.Sign()))
			if err != nil {
				return 0, fmt.Errorf("draw a legend: %w", err)
			}
			if err := picture.PDF(s.ctx, s.page, margin+x, y, sign, sign*signHigh/signWide); err != nil {
				return 0, err
			}
			s.page.Text(name, margin+x+sign+4, y+7, style)
		}
		if x += wide + gap; i == len(keys)-1 {
			y += keyRow
		}
	}
	return y + 2, nil
}

// foreign gives what others wrote the direction of its first strong letter:
// UAX #9, P2 and P3. What stands around it runs from left to right.
func (s *sheet) foreign(words string) string {
	if words = s.readable(words); rightToLeft(words) {
		return "\u202b" + words + "\u202c"
	}
	return words
}

// name writes in one line what others wrote, cut to a width.
func (s *sheet) name(words string, x, y, wide float64, style draw.TextStyle) {
	if words = s.foreign(s.fit(words, wide, style)); strings.TrimSpace(words) != "" {
		s.page.Text(words, x, y, style)
	}
}

// rightToLeft tells whether the first strong letter of a text runs that way.
func rightToLeft(words string) bool {
	for _, r := range words {
		properties, _ := bidi.LookupRune(r)
		switch properties.Class() {
		case bidi.L:
			return false
		case bidi.R, bidi.AL:
			return true
		}
	}
	return false
}
