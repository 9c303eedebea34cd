package scene

import (
	"context"
	"strings"

	"agora/charts"
)

// overview tells how a brand is doing: its name, the figure, a sentence; the
// world; what is talked about; the window as a line along the foot.
func (p *paper) overview(ctx context.Context, top head) error {
	z := p.size
	high := z.bottom - z.top
	line := z.bottom - 0.27*high // where the line along the foot begins
	right := z.left + 0.37*(z.right-z.left)
	end := top.left - z.gap // of the name
	if z.tall {
		line, right, end = z.bottom-0.2*high, z.right, z.right
	}
	// Charts first: they have a ground of their own.
	if err := p.chart(ctx, dressed(p.Timeline, timelineDress(z.chart)), z.left, line, z.right-z.left, z.bottom-line); err != nil {
		return err
	}
	strip := p.taken()
	y := p.name(z.left, top.below, end)
	y = p.bigFigure(z.left, y+0.06*z.fig, right-z.left)
	below := line + z.word*0.45 // the chart begins with a margin
	if z.tall {
		below = max(y+(line-y)*0.5, line-0.55*(z.right-z.left)-z.gap) // the world has its part
	}
	y = p.words(z.left, y, right, below)
	said := p.taken()

	world := box{x: right, y: z.top + 1.1*z.head, w: z.right + z.edge*0.5 - right, h: line - z.top - 1.1*z.head}
	if z.tall {
		world = box{x: z.left, y: y + z.gap, w: z.right - z.left, h: line - y - 1.5*z.gap}
	}
	if err := p.chart(ctx, dressed(p.Map, mapDress(z.chart, false)), world.x, world.y, world.w, world.h); err != nil {
		return err
	}
	p.out.WriteString(strip + said)
	return nil
}

type box struct{ x, y, w, h float64 }

// words writes the sentence, how the mood changed, the number of mentions and
// the topics, as many as have room down to below, and gives where they end.
func (p *paper) words(x, y, right, below float64) float64 {
	z, b := p.size, p.Brand
	large := ink{size: z.head, weight: regular, color: "text"}
	small, quiet := ink{size: z.word, weight: regular, color: "text"}, ink{size: z.word, weight: regular, color: "quiet"}
	sentence, change, counted := headline(b), changed(b, p.Window), mentionsIn(b.Mentions, p.Window)
	topics, done := topicsOf(p.Topics), b.Done
	if b.Mentions == 0 {
		sentence, change, counted, topics = nothingYet(p.Window), "", "", nil
	}
	topics = topics[:max(0, min(len(topics), mostTopics-len(done)))] // they share their place
	const highLarge, high = 1.12, 1.3
	most := 4
	lines := p.wrapped(sentence, large, right-x, most)
	need := func() float64 {
		h := 0.15*z.head + highLarge*large.size*float64(len(lines)) + 0.7*z.word
		if change != "" {
			h += high * z.word
		}
		if counted != "" {
			h += high * z.word
		}
		h += high * z.word * float64(len(done))
		if len(topics) > 0 {
			h += 0.8*z.word + high*z.word*float64(len(topics))
		}
		return h
	}
	// First the topics go and what devices did, then the sentence shrinks: the number of mentions
	// stays beside the figure.
	for len(topics) > 0 && y+need() > below {
		topics = topics[:len(topics)-1]
	}
	for len(done) > 0 && y+need() > below {
		done = done[:len(done)-1]
	}
	for (y+need() > below || p.broken(sentence, large, right-x)) && large.size > z.word*1.05 {
		large.size = max(z.word, large.size*0.9)
		lines = p.wrapped(sentence, large, right-x, most)
	}
	for y+need() > below && most > 1 {
		most--
		lines = p.wrapped(sentence, large, right-x, most)
	}
	y = p.paragraph(x, y+0.15*z.head, lines, large, highLarge) + 0.7*z.word
	if change != "" {
		y = p.paragraph(x, y, []string{p.clipped(change, small, right-x)}, small, high)
	}
	if counted != "" {
		y = p.paragraph(x, y, []string{p.clipped(counted, quiet, right-x)}, quiet, high)
	}
	for _, d := range done {
		y = p.paragraph(x, y, []string{p.clipped(d, quiet, right-x)}, quiet, high)
	}
	if len(topics) > 0 {
		y += 0.8 * z.word
	}
	for _, t := range topics {
		base := y + 1.014*z.word
		p.text(x, base, t.sign, ink{size: z.word, weight: strong, color: t.color})
		p.text(x+1.1*z.word, base, p.clipped(t.name, small, right-x-1.1*z.word), small)
		y += high * z.word
	}
	return y
}

// broken tells whether a word of a text is wider than a line.
func (p *paper) broken(text string, i ink, room float64) bool {
	for word := range strings.FieldsSeq(text) {
		if p.wide(word, i) > room {
			return true
		}
	}
	return false
}

// worldmap is one brand's mood by country, from edge to edge.
func (p *paper) worldmap(ctx context.Context, top head) error {
	z, b := p.size, p.Brand
	quiet := ink{size: z.word, weight: regular, color: "quiet"}
	counted := append([]string{mentionsIn(b.Mentions, p.Window)}, b.Done...)
	lineHigh := 1.3
	right := z.left + 0.3*z.w
	if z.tall {
		right = z.right
	}
	for i := range counted {
		counted[i] = p.clipped(counted[i], quiet, right-z.left)
	}
	said := z.fig
	if b.Mentions == 0 {
		quiet = ink{size: z.head, weight: regular, color: "text"}
		counted, lineHigh = p.wrapped(nothingYet(p.Window), quiet, min(right-z.left, 20*z.head), 5), 1.15
		said = 0.3 * z.head
	}
	high := 1.1*z.head + said + lineHigh*quiet.size*float64(len(counted))
	y := z.bottom - high
	world := box{x: 0, y: z.edge * 0.5, w: z.w, h: z.bottom - z.edge*0.5}
	if z.tall {
		world = box{x: z.left, y: top.below, w: z.right - z.left, h: y - top.below - z.gap}
	}
	if err := p.chart(ctx, dressed(p.Map, mapDress(z.chart, true)), world.x, world.y, world.w, world.h); err != nil {
		return err
	}
	y = p.name(z.left, y, right)
	if b.Mentions == 0 {
		y += said
	} else {
		y = p.bigFigure(z.left, y, right-z.left)
	}
	p.paragraph(z.left, y, counted, quiet, lineHigh)
	return nil
}

// waiting stands while there is nothing to show, and says what is waited for.
func (p *paper) waiting(ctx context.Context) error {
	z := p.size
	place := box{x: 0.34 * z.w, y: 0.08 * z.bottom, w: 0.66 * z.w, h: 0.88 * z.bottom}
	right := z.right
	if z.tall {
		place = box{x: z.left, y: 0.45 * z.bottom, w: z.right - z.left, h: 0.55 * z.bottom}
		if len(p.Brands) > 4 {
			place = box{} // the names take its place
		}
	} else if p.Map != nil {
		right = place.x + 0.12*z.w
	}
	if err := p.chart(ctx, dressed(p.Map, mapDress(z.chart, false)), place.x, place.y, place.w, place.h); err != nil {
		return err
	}
	quiet, large := ink{size: z.word, weight: regular, color: "quiet"}, ink{size: z.head, weight: strong, color: "text"}
	help := p.wrapped(p.Waiting.Below, quiet, min(right-z.left, 34*z.word), 4)
	brands, title := p.Brands, p.wrapped(p.Waiting.Title, large, right-z.left, 3)
	const high = 1.3
	room := z.bottom - z.top - 2*z.head - high*z.word*float64(len(help)+1)
	if len(title) > 0 {
		brands = nil
	}
	more := ""
	if most := max(1, int(room/(high*z.head))); len(brands) > most {
		more = "and " + charts.CountWord(int64(len(brands)-most+1)) + " more"
		brands = brands[:most-1]
	}
	lines := len(brands) + len(title)
	if more != "" {
		lines++
	}
	tall := high*z.word*float64(len(help)+1) + 0.4*z.head + high*z.head*float64(lines)
	y := (z.bottom - tall) / 2
	y = p.paragraph(z.left, y, []string{p.clipped(p.Waiting.Before, quiet, right-z.left)}, quiet, high) + 0.2*z.head
	y = p.paragraph(z.left, y, title, large, high)
	for _, b := range brands {
		base := y + 0.15*z.head + above*z.head
		p.rect(z.left, base-0.72*z.head, 0.16*z.head, 0.72*z.head, p.glow(b.Color), "")
		x := z.left + 0.48*z.head
		name, i := p.fitted(b.Name, large, right-x, leastName)
		p.text(x, base, name, i)
		y += high * z.head
	}
	if more != "" {
		y = p.paragraph(z.left, y, []string{more}, ink{size: z.head, weight: regular, color: "quiet"}, high)
	}
	p.paragraph(z.left, y+0.2*z.head, help, quiet, high)
	return nil
}
