package scene

import "fmt"

// head is what stands at the top of every scene: the clock, and the mark of
// made-up data.
type head struct {
	drawn string
	left  float64 // where it begins: a text in the same line ends before
	below float64 // where a text may begin that has to keep clear of it
}

func (p *paper) top() head {
	z := p.size
	quiet, time := ink{size: z.word, color: "quiet", end: true}, ink{size: z.head, weight: regular, color: "text", end: true}
	y := z.top + above*z.head
	x := z.right
	town := p.clipped(p.town(), quiet, (z.right-z.left)*0.3)
	p.text(x, y, town, quiet)
	x -= p.wide(town, quiet) + 0.5*z.word
	clock := p.Now.In(p.zone()).Format("15:04")
	p.text(x, y, clock, time)
	x -= p.wide(clock, time)
	if p.Demo {
		mark := ink{size: z.word, color: "warning", weight: regular}
		w := p.wide(wordDemo, mark)
		at := x - 1.5*z.word - 0.7*z.word - w
		if z.tall {
			at = z.left + 0.7*z.word
		}
		high := 1.5 * z.word
		p.rect(at-0.7*z.word, y-1.06*z.word, w+1.4*z.word, high, "none",
			fmt.Sprintf(` rx="%s" stroke="%s" stroke-width="%s"`, num(high/2), p.color("warning"), num(z.line)))
		p.text(at, y, wordDemo, mark)
		x = at - 0.7*z.word
	}
	h := head{drawn: p.taken(), left: x, below: z.top}
	if z.tall {
		h.left, h.below = z.right, z.top+1.5*z.head
	}
	return h
}

const leastName = 0.6 // of its usual size, before a name is clipped

// name writes a brand's name with its colour before it, its top at y, and gives
// where it ends.
func (p *paper) name(x, y, right float64) float64 {
	z := p.size
	i := ink{size: z.head, weight: strong, color: "text"}
	base := y + 0.914*z.head
	p.rect(x, base-0.72*z.head, 0.16*z.head, 0.72*z.head, p.glow(p.Brand.Color), "")
	x += 0.48 * z.head
	name, i := p.fitted(p.Brand.Name, i, right-x, leastName)
	p.text(x, base, name, i)
	return y + 1.1*z.head
}

// bigFigure writes the mood as large as it has room, its top at y, and gives
// where it ends.
func (p *paper) bigFigure(x, y, room float64) float64 {
	i := ink{size: p.size.fig, weight: regular, color: feeling(p.Brand.Mood) + "-text"}
	said := figure(p.Brand.Mood)
	if w := p.wide(said, i); w > room {
		i.size *= room / w
	}
	p.text(x-0.04*i.size, y+above*i.size, said, i)
	return y + i.size
}

// paragraph writes lines, the first one's top at y, and gives where they end.
func (p *paper) paragraph(x, y float64, lines []string, i ink, high float64) float64 {
	for _, text := range lines {
		p.text(x, y+(high-1)/2*i.size+above*i.size, text, i)
		y += high * i.size
	}
	return y
}
