package scene

import (
	"cmp"
	"slices"

	"agora/charts"
)

// mostRows are as many rows as can be read from across the room.
const mostRows = 7

// brands sets the brands against each other: how much of what is said is about
// each, and how it feels. Numbers decide the lengths; a brand's colour marks
// its line alone.
func (p *paper) brands(top head) {
	z := p.size
	quiet := ink{size: z.word, weight: regular, color: "quiet"}
	y := p.heading(shareOf(p.Window), top)
	rows := slices.Clone(p.Brands)
	slices.SortStableFunc(rows, func(a, b charts.SceneBrand) int { return cmp.Compare(b.Mentions, a.Mentions) })
	var all int64
	for _, r := range rows {
		all += r.Mentions
	}
	more := len(rows) - mostRows
	rows = rows[:min(len(rows), mostRows)]
	below := z.bottom
	if more > 0 {
		below -= 1.3 * z.word
		p.text(z.left, below+1.014*z.word, "and "+charts.CountWord(int64(more))+" more", quiet)
	}
	widest := 0.01
	if all > 0 && len(rows) > 0 {
		widest = max(widest, float64(rows[0].Mentions)/float64(all))
	}
	step := (below - y) / float64(max(1, len(rows)))
	for i, r := range rows {
		share := 0.0
		if all > 0 {
			share = float64(r.Mentions) / float64(all)
		}
		p.brandRow(y+step*(float64(i)+0.5), r, share, share/widest)
	}
}

// brandRow is one brand; y is its middle, part the length of its line.
func (p *paper) brandRow(y float64, r charts.SceneBrand, share, part float64) {
	z := p.size
	name := ink{size: z.head, weight: strong, color: "text"}
	felt := ink{size: z.head, weight: regular, color: feeling(r.Mood) + "-text", end: true}
	small := ink{size: z.word, weight: regular, color: "text"}
	gap := 0.02 * z.w
	unit := (z.right - z.left - 3*gap) / 100
	nameEnd, bar, barEnd := z.left+32*unit, z.left+32*unit+gap, z.left+64*unit+gap-4*z.word
	base := y + 0.36*z.head // the middle of capitals is there
	line := y
	if z.tall {
		base -= 0.4 * z.head
		line = y + 0.6*z.head
		nameEnd, bar, barEnd = z.right-p.wide("−100", felt)-gap, z.left, z.right-4*z.word
	}
	said, name := p.fitted(r.Name, name, nameEnd-z.left, leastName)
	p.text(z.left, base, said, name)
	p.text(z.right, base, figure(r.Mood), felt)
	long := 0.0
	if r.Mentions > 0 {
		long = max(part, 0.004) * (barEnd - bar)
		p.rect(bar, line-3*z.line, long, 6*z.line, p.glow(r.Color), "")
		p.text(bar+long+0.5*z.word, line+0.36*z.word, charts.PercentWord(share), small)
	}
	if z.tall {
		return
	}
	axis, axisEnd := z.left+64*unit+2*gap, z.left+88*unit+2*gap
	p.rect(axis, line-z.line/2, axisEnd-axis, z.line, "hairline", "")
	p.rect((axis+axisEnd)/2-z.line/2, line-0.5*z.word, z.line, z.word, "quiet", "")
	if r.Mood != nil {
		color := feeling(r.Mood)
		if color == "neutral" {
			color = "neutral-text"
		}
		p.dot(axis+(axisEnd-axis)*(0.5+*r.Mood/2), line, 0.35*z.word, color)
	}
}

// heading writes a scene's title, and gives where the scene goes on.
func (p *paper) heading(text string, top head) float64 {
	z := p.size
	i := ink{size: z.word, weight: regular, color: "quiet"}
	if z.tall {
		return p.paragraph(z.left, top.below, p.wrapped(text, i, z.right-z.left, 2), i, 1.3) + z.gap
	}
	p.text(z.left, z.top+z.head/2+0.36*z.word, p.clipped(text, i, top.left-z.left-z.gap), i)
	return z.top + z.head + z.gap
}

// mentions are the newest mentions, large, as many as fit.
func (p *paper) mentions(top head) {
	z := p.size
	title := wordSaid
	if len(p.Mentions) == 0 {
		names := make([]string, len(p.Brands))
		for i, b := range p.Brands {
			names[i] = b.Name
		}
		title = wordListen + charts.List(names)
	}
	y := p.heading(title, top)
	large, quiet := ink{size: z.head, weight: regular, color: "text"}, ink{size: z.word, weight: regular, color: "quiet"}
	x := z.left + 0.9*z.head
	for _, m := range p.Mentions[:min(mostRows, len(p.Mentions))] {
		lines := directed(p.wrapped(m.Title, large, z.right-x, 2)...)
		end := y + 1.1*z.head*float64(len(lines)) + 0.2*z.word + 1.3*z.word
		if end > z.bottom {
			return // one that would be cut at the foot isn't shown at all
		}
		p.text(z.left, y+0.05*z.head+above*z.head, charts.Sign(m.Label), ink{size: z.head, weight: strong, color: m.Label.String() + "-text"})
		y = p.paragraph(x, y, lines, large, 1.1) + 0.2*z.word
		about := joined(m.Brand, m.Outlet, m.Country, ago(p.Now.Sub(m.Published)))
		p.paragraph(x, y, []string{p.clipped(about, quiet, z.right-x)}, quiet, 1.3)
		y = end + 1.2*z.gap
	}
}
