package report

import (
	"image/color"

	"agora/charts"
	"agora/charts/snapshot/draw"
)

// first writes the first page: what changed, and what moved it.
func (s *sheet) first() error {
	if err := s.newPage(); err != nil {
		return err
	}
	y := s.head()
	high := 46.0
	if len(s.Brands) == 1 {
		y = s.tiles(s.Brands[0], y)
	} else {
		y = s.table(y)
		// The chart of moods makes room for what moved them.
		rows := float64(s.drawn())
		high = max(24+11*rows, min(24+18*rows, bottom-y-31-s.movedHeight()))
	}
	y = s.heading(wordMood, margin, y, inner)
	if err := s.chartAt("mood", margin, y, inner, high); err != nil {
		return err
	}
	y += high + 10
	if s.early() {
		var err error
		if y, err = s.timeline(y, max(160, min(260, bottom-y-s.movedHeight()-4))); err != nil {
			return err
		}
		y += 4
	}
	s.moved(y)
	return nil
}

// head writes what the report is of, and the headline.
func (s *sheet) head() float64 {
	s.bars(34, 4)
	quiet := draw.TextStyle{Size: 8.5, Color: s.look["quiet"], Align: 'r'}
	when := period(s.From, s.To) + " · " + s.Zone
	s.text(when, margin+inner, 58, quiet)
	strong := draw.TextStyle{Size: 10, Weight: 600, Color: s.look["text"]}
	s.text(s.fit(s.kicker(), inner-s.doc.TextWidth(when, quiet)-16, strong), margin, 58, strong)

	// As large as three lines allow.
	y := 86.0
	for _, size := range []float64{17, 14.5, 12.5} {
		style := draw.TextStyle{Size: size, Weight: 600, Color: s.look["text"]}
		if size == 12.5 || len(s.wrap(s.Headline, inner, style, 9)) <= 3 {
			y = s.lines(s.Headline, margin, y, inner, size*1.3, style, 4)
			break
		}
	}
	for _, d := range s.Details {
		y = s.lines(d, margin, y, inner, 12, draw.TextStyle{Size: 9, Color: s.look["quiet"]}, 2)
	}
	if len(s.Details) > 0 {
		y += 5
	}
	return y - 4
}

// tiles are the figures of a single brand.
func (s *sheet) tiles(b Brand, y float64) float64 {
	wide := inner / 4
	share := "–"
	if b.Share != nil {
		share = charts.PercentWord(*b.Share)
	}
	for i, t := range b.tiles(share, s.watched) {
		x := margin + float64(i)*wide
		s.text(t.name, x, y+10, draw.TextStyle{Size: 8, Color: s.look["quiet"]})
		s.text(t.value, x, y+34, draw.TextStyle{Size: 22, Weight: 600, Color: s.look["text"]})
		says := draw.TextStyle{Size: 8, Color: s.look["quiet"]}
		if t.mark != 0 {
			says.Weight, says.Color = 600, s.changeColour(t.mark)
		}
		s.text(s.fit(t.says, wide-8, says), x, y+47, says)
	}
	y += 58
	n := float64(b.Now.Mentions)
	if n == 0 {
		return y
	}
	x := margin
	for _, part := range b.feelings() {
		w := inner * float64(part.count) / n
		s.page.Rect(x, y, w, 6, s.look[part.role])
		x += w
	}
	x = margin
	for _, part := range b.feelings() {
		s.page.Rect(x, y+11, 6, 6, s.look[part.role])
		says := part.share + " " + part.word
		s.text(says, x+9, y+17, draw.TextStyle{Size: 8, Color: s.look["quiet"]})
		x += 22 + s.doc.TextWidth(says, draw.TextStyle{Size: 8})
	}
	return y + 27
}

// table sets brands side by side.
func (s *sheet) table(y float64) float64 {
	columns := []struct {
		title string
		at    float64
	}{{wordMood, 184}, {wordBefore, 222}, {wordChange, 262}, {wordMentions, 376}, {wordBefore, 414}, {wordOfAll, inner}}
	head := draw.TextStyle{Size: 7.5, Color: s.look["quiet"]}
	y = s.heading(wordBrands, margin, y, inner)
	s.text(wordBrand, margin, y+6, head)
	head.Align = 'r'
	for _, c := range columns {
		s.text(c.title, margin+c.at, y+6, head)
	}
	y += 10
	row, lift := 15.0, 4.5
	if len(s.Brands) > 14 {
		row, lift = 12.4, 3.4
	}
	for _, b := range s.rows() {
		s.page.Rect(margin, y, inner, 0.4, s.look["hairline"])
		base := y + row - lift
		name := draw.TextStyle{Size: 9, Weight: 600, Color: s.look["text"]}
		if b.ID == restKey {
			name.Weight, name.Color = 400, s.look["quiet"]
		} else {
			s.page.Rect(margin, base-6.5, 6, 6.5, s.accent(b))
		}
		s.name(b.Name, margin+11, base, 140, name)
		share := "–"
		if b.Share != nil {
			share = charts.PercentWord(*b.Share)
		}
		for k, words := range []string{moodOf(b.Now.Tally()), moodOf(b.Before.Tally()), changeOf(b), charts.CountWord(b.Now.Mentions), charts.CountWord(b.Before.Mentions), share} {
			style := draw.TextStyle{Size: 9, Color: s.look["text"], Align: 'r'}
			if k == 1 || k == 4 {
				style.Color = s.look["quiet"]
			}
			if k == 0 {
				style.Weight = 600
			}
			s.text(words, margin+columns[k].at, base, style)
		}
		y += row
		if b.ID == restKey {
			continue // it is no claim
		}
		s.text(s.fit(moodVerdict(b), 80, draw.TextStyle{Size: 7.5}), margin+268, base, s.verdictStyle(b.Mood))
		s.text(s.fit(volumeVerdict(b), 62, draw.TextStyle{Size: 7.5}), margin+420, base, s.verdictStyle(b.Volume))
	}
	if note := s.rowsNote(); note != "" {
		y = s.lines(note, margin, y+8, inner, 9, draw.TextStyle{Size: 7, Color: s.look["quiet"]}, 1) - 8
	}
	return y + 10
}

func (s *sheet) verdictStyle(c Change) draw.TextStyle {
	style := draw.TextStyle{Size: 7.5, Color: s.look["quiet"]}
	if c.Significant {
		style.Weight, style.Color = 600, s.changeColour(c.By)
	}
	return style
}

func (s *sheet) changeColour(by float64) color.NRGBA {
	if by < 0 {
		return s.look["negative-text"]
	}
	return s.look["positive-text"]
}

// tile is a figure in large letters.
type tile struct {
	name, value, says string
	mark              float64 // which way it changed significantly; 0: it didn't
}

func (b Brand) tiles(share string, brands int64) []tile {
	was := func(words, verdict string) string {
		if b.Before.Mentions == 0 {
			return wordNothing
		}
		if verdict != "" {
			verdict = ", " + verdict
		}
		return words + " " + wordBefore + verdict
	}
	tiles := []tile{
		{name: wordMood, value: moodOf(b.Now.Tally()), says: was(moodOf(b.Before.Tally()), "")},
		{name: wordChange, value: changeOf(b), says: moodVerdict(b)},
		{name: wordMentions, value: charts.CountWord(b.Now.Mentions), says: was(charts.CountWord(b.Before.Mentions), volumeVerdict(b))},
		{name: wordOfAll, value: share, says: "of " + charts.Many(brands, "brand", "brands")},
	}
	if b.Mood.Significant {
		tiles[1].mark = b.Mood.By
	}
	return tiles
}

// feeling is a part of a brand's mentions.
type feeling struct {
	role, word string
	count      int64
	share      string // of all, so that they add up to 100 %
}

func (b Brand) feelings() []feeling {
	list := []feeling{
		{role: "positive", word: wordPositive, count: b.Now.Positive},
		{role: "neutral", word: wordNeutral, count: b.Now.Neutral + b.Now.Unclear},
		{role: "negative", word: wordNegative, count: b.Now.Negative},
	}
	parts := make([]int64, len(list))
	for i, f := range list {
		parts[i] = f.count
	}
	for i, share := range percents(parts) {
		list[i].share = share
	}
	return list
}
