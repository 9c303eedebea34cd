package report

import (
	"agora/charts"
	"agora/charts/snapshot/draw"
)

// narrowFrom is the number of brands from which dimensions stand side by side.
const narrowFrom = 4

const partRow, narrowRow = 11.0, 10.0

// moved writes what moved the moods, as many parts as there is room for.
func (s *sheet) moved(y float64) {
	if s.brandsMoved() == 0 {
		return
	}
	y = s.heading(wordMoved, margin, y, inner)
	y = s.lines(s.movedSays(), margin, y+4, inner, 10, draw.TextStyle{Size: 7.5, Color: s.look["quiet"]}, 2) + 2
	if len(s.Brands) >= narrowFrom {
		s.movedNarrow(y)
		return
	}
	few := s.few()
	head := draw.TextStyle{Size: 7, Color: s.look["quiet"], Align: 'r'}
	for _, c := range []struct {
		words string
		at    float64
	}{{wordMentions, 216}, {wordBefore, 258}, {wordMood, 298}, {wordBefore, 338}, {wordPoints, inner - 12}} {
		s.text(c.words, margin+c.at, y+4, head)
	}
	y += 9
	for _, b := range s.Brands {
		if len(b.Moved) == 0 {
			continue
		}
		if len(s.Brands) > 1 {
			s.page.Rect(margin, y+2.5, 6, 6, s.accent(b))
			s.name(b.Name, margin+10, y+8.5, 160, draw.TextStyle{Size: 8, Weight: 600, Color: s.look["text"]})
			y += partRow
		}
		largest := 1.0
		for i, d := range b.Moved {
			for _, p := range d.Top(few[i]) {
				largest = max(largest, p.Points, -p.Points)
			}
		}
		for i, d := range b.Moved {
			for j, p := range d.Top(few[i]) {
				title := ""
				if j == 0 {
					title = d.Title
				}
				s.part(title, p, largest, y)
				y += partRow
			}
		}
		s.page.Rect(margin, y+0.5, inner, 0.4, s.look["hairline"])
		strong := draw.TextStyle{Size: 8, Weight: 600, Color: s.look["text"], Align: 'r'}
		s.text(wordAll, margin+62, y+9, draw.TextStyle{Size: 8, Weight: 600, Color: s.look["text"]})
		for k, words := range []string{charts.CountWord(b.Now.Mentions), charts.CountWord(b.Before.Mentions), moodTenths(b.Now.Tally()), moodTenths(b.Before.Tally())} {
			s.text(words, margin+[]float64{216, 258, 298, 338}[k], y+9, strong)
		}
		s.text(signedNumber(b.Moved[0].Total, 1), margin+inner-12, y+9, strong)
		s.dot(b.Mood.Significant, b.Mood.By, margin+inner, y+10)
		y += partRow + 3
	}
}

// part writes one row of what moved a mood.
func (s *sheet) part(title string, p Part, largest, y float64) {
	const left, right = 352.0, 462.0 // of the bars
	s.text(title, margin, y+8.5, draw.TextStyle{Size: 8, Color: s.look["quiet"]})
	name := draw.TextStyle{Size: 8, Color: s.look["text"]}
	if p.Rest != 0 {
		name.Color = s.look["quiet"]
	}
	s.name(p.Name, margin+62, y+8.5, 118, name)
	figure := draw.TextStyle{Size: 8, Color: s.look["text"], Align: 'r'}
	quiet := figure
	quiet.Color = s.look["quiet"]
	s.text(charts.CountWord(p.Now.Mentions()), margin+216, y+8.5, figure)
	s.text(charts.CountWord(p.Before.Mentions()), margin+258, y+8.5, quiet)
	s.text(moodOf(p.Now), margin+298, y+8.5, figure)
	s.text(moodOf(p.Before), margin+338, y+8.5, quiet)
	middle := margin + (left+right)/2
	s.page.Rect(middle-0.25, y, 0.5, partRow, s.look["hairline"])
	if wide := p.Points / largest * (right - left) / 2; wide < 0 {
		s.page.Rect(middle+wide, y+2.5, -wide, 6, s.look["negative"])
	} else {
		s.page.Rect(middle, y+2.5, wide, 6, s.look["positive"])
	}
	s.text(signedNumber(p.Points, 1), margin+inner-12, y+8.5, figure)
	s.dot(p.Significant, p.Points, margin+inner, y+9.5)
}

// dot marks what is significant.
func (s *sheet) dot(significant bool, by, x, y float64) {
	if significant {
		s.text(wordMark, x, y, draw.TextStyle{Size: 13, Color: s.changeColour(by), Align: 'r'})
	}
}

// movedNarrow writes the dimensions of each brand side by side.
func (s *sheet) movedNarrow(y float64) {
	const gap, column = 9.0, (inner - 18) / 3
	head := draw.TextStyle{Size: 6.5, Color: s.look["quiet"]}
	for i, d := range dimensions() {
		x := margin + float64(i)*(column+gap)
		s.text(dimensionTitle(d.id), x, y+4, head)
		right := head
		right.Align = 'r'
		s.text(withBefore(wordMentions), x+97, y+4, right)
		s.text(wordMood, x+134, y+4, right)
		s.text(wordMoved1, x+column-8, y+4, right)
	}
	y += 8
	few := s.few()
	for _, b := range s.Brands {
		if len(b.Moved) == 0 {
			continue
		}
		s.page.Rect(margin, y, inner, 0.4, s.look["hairline"])
		s.page.Rect(margin, y+3, 6, 6, s.accent(b))
		strong := draw.TextStyle{Size: 8, Weight: 600, Color: s.look["text"]}
		s.name(b.Name, margin+10, y+9, 250, strong)
		strong.Align = 'r'
		s.text(allMoved(b), margin+inner-8, y+9, strong)
		s.dot(b.Mood.Significant, b.Mood.By, margin+inner, y+10)
		y += narrowRow + 1
		most := 0
		for i, d := range b.Moved {
			x := margin + float64(i)*(column+gap)
			parts := d.Top(few[i])
			for j, p := range parts {
				s.partNarrow(p, x, y+float64(j)*narrowRow, column)
			}
			most = max(most, len(parts))
		}
		y += float64(most)*narrowRow + 3
	}
}

func (s *sheet) partNarrow(p Part, x, y, wide float64) {
	name := draw.TextStyle{Size: 7, Color: s.look["text"]}
	if p.Rest != 0 {
		name.Color = s.look["quiet"]
	}
	figure := draw.TextStyle{Size: 6.5, Color: s.look["text"], Align: 'r'}
	quiet := figure
	quiet.Color = s.look["quiet"]
	s.name(p.Name, x, y+8, 54, name)
	s.text(beside(charts.CountWord(p.Now.Mentions()), charts.CountWord(p.Before.Mentions())), x+97, y+8, quiet)
	s.text(beside(moodOf(p.Now), moodOf(p.Before)), x+134, y+8, quiet)
	s.text(signedNumber(p.Points, 1), x+wide-8, y+8, figure)
	s.dot(p.Significant, p.Points, x+wide-1, y+9)
}

func (c *Content) brandsMoved() int {
	n := 0
	for _, b := range c.Brands {
		if len(b.Moved) > 0 {
			n++
		}
	}
	return n
}

// partsHeight is the height of all rows of parts.
func (c *Content) partsHeight(few [3]int) float64 {
	high := 0.0
	for _, b := range c.Brands {
		if len(b.Moved) == 0 {
			continue
		}
		high += partRow + 3 // all
		if len(c.Brands) > 1 {
			high += partRow // its name
		}
		for i, d := range b.Moved {
			high += partRow * float64(len(d.Top(few[i])))
		}
	}
	return high
}

// movedHeight is the height of what moved the moods.
func (s *sheet) movedHeight() float64 {
	if s.brandsMoved() == 0 {
		return 0
	}
	if len(s.Brands) < narrowFrom {
		return 46 + s.partsHeight(s.few())
	}
	high := 45.0
	for _, b := range s.moving() {
		most := 0
		for i, d := range b.Moved {
			most = max(most, len(d.Top(s.few()[i])))
		}
		high += narrowRow*float64(most) + narrowRow + 4
	}
	return high
}
