package report

import (
	"agora/charts/snapshot/draw"
	"agora/mood"
)

// second writes the second page: stories, places, and how far to trust it.
func (s *sheet) second() error {
	if err := s.newPage(); err != nil {
		return err
	}
	s.bars(34, 4)
	y := 50.0
	var err error
	if !s.early() {
		if y, err = s.timeline(y, 152); err != nil {
			return err
		}
		y += 2
	}
	y, err = s.stories(y)
	if err != nil {
		return err
	}
	// The charts share what the small print leaves.
	const gap, half = 18.0, (inner - 18.0) / 2
	below := noteRow * float64(max(1, len(s.wrap(s.chart("map").Note, half+20, noteStyle, 2)), len(s.wrap(s.chart("share").Note, half-20, noteStyle, 2))))
	room := bottom - y - s.fineHeight() - 2*21 - 15 - below
	upper, lower := max(96, min(165, room*0.6)), max(70, min(130, room*0.4))
	x := margin
	for i, id := range []string{"map", "share"} {
		half := half + 20 - 40*float64(i) // the world is wide
		at := s.heading(s.chart(id).Title, x, y, half)
		high := upper
		if id == "share" {
			high = min(upper, 14+22*float64(len(s.Share)))
		}
		if err := s.chartAt(id, x, at, half, high); err != nil {
			return err
		}
		if note := s.chart(id).Note; note != "" && s.shows(id) {
			s.lines(note, x, at+upper+8, half, 9, draw.TextStyle{Size: 7, Color: s.look["quiet"]}, 2)
		}
		x += half + gap
	}
	y += 21 + upper + 6 + below
	for i, id := range []string{"sources", "languages"} {
		x := margin + float64(i)*(half+gap)
		at := s.heading(s.chart(id).Title, x, y, half)
		if err := s.chartAt(id, x, at, half, lower); err != nil {
			return err
		}
	}
	s.fineprint(max(y+21+lower+8, bottom-s.fineHeight()))
	return nil
}

func (s *sheet) stories(y float64) (float64, error) {
	y = s.heading(wordStories, margin, y, inner)
	quiet := draw.TextStyle{Size: 8, Color: s.look["quiet"]}
	for i, story := range s.Stories {
		style := draw.TextStyle{Size: 10, Weight: 600, Color: s.look["text"]}
		top := y
		lines := s.wrap(story.Title, inner-16, style, 2)
		back := rightToLeft(s.readable(story.Title)) // such a title stands on the right
		s.text([]string{"1", "2", "3"}[i%3], margin, y+8, draw.TextStyle{Size: 10, Color: s.look["quiet"]})
		for _, line := range lines {
			at := margin + 16
			if back {
				line = "\u202b" + line + "\u202c"
				at = margin + inner - s.doc.TextWidth(line, style)
			}
			s.page.Text(line, at, y+8, style)
			if story.Link != "" {
				if err := s.page.Link(at, y-2, s.doc.TextWidth(line, style), 13, story.Link); err != nil {
					return 0, err
				}
			}
			y += 13
		}
		x := margin + 16
		s.page.Rect(x, y+1, 6, 6, s.look[labelRole(story.Label)])
		word := labelOf(story.Label)
		s.text(word, x+9, y+7, draw.TextStyle{Size: 8, Weight: 600, Color: s.look[labelRole(story.Label)+"-text"]})
		x += 14 + s.doc.TextWidth(word, draw.TextStyle{Size: 8, Weight: 600})
		s.text(s.fit(storyMeta(story, len(s.Brands) > 1), inner-(x-margin), quiet), x, y+7, quiet)
		y = max(y+17, top+30)
	}
	if len(s.Stories) == 0 {
		s.text(s.noStories(), margin, y+8, quiet)
		y += 16
	}
	if s.StoriesNote != "" {
		y = s.lines(s.StoriesNote, margin, y+6, inner, 10, draw.TextStyle{Size: 7.5, Color: s.look["quiet"]}, 1)
	}
	return y + 8, nil
}

func labelRole(l mood.Label) string { return l.String() }

const fineStep, fineLeft = 8.8, 52.0

// fineprint writes what a careful reader wants to know, as far as there is
// room.
func (s *sheet) fineprint(y float64) {
	y = s.heading(wordFine, margin, y, inner)
	style := draw.TextStyle{Size: 7, Color: s.look["quiet"]}
	for i, f := range s.Fine {
		room := int((bottom-y)/fineStep) - (len(s.Fine) - 1 - i) // a line for each that follows
		if room < 1 {
			return
		}
		s.text(f.Name, margin, y+3, draw.TextStyle{Size: 7, Weight: 600, Color: s.look["text"]})
		y = s.lines(f.Value, margin+fineLeft, y+3, inner-fineLeft, fineStep, style, room) - 1.5
	}
}

// fineHeight is how high the small print is.
func (s *sheet) fineHeight() float64 {
	high := 24.0
	for _, f := range s.Fine {
		high += fineStep*float64(len(s.wrap(f.Value, inner-fineLeft, draw.TextStyle{Size: 7}, 99))) + 1.5
	}
	return min(high, 200)
}
