package scene

import (
	"fmt"
	"strings"
	"time"

	"agora/charts"
	"agora/mood"
)

// foot is what stands at the foot of every scene.
type foot struct {
	ticker string // what was said last
	corner string // how far behind the world the picture is, or why nothing moves
}

// drawings of the silences, on a grid of 16 × 16, since colours speak of
// feeling: as static/src/wall/corner.js.
var drawings = map[mood.SilenceKind]string{
	mood.SilenceLink:    "M6 10L4.8 11.2A2.4 2.4 0 0 1 1.4 7.8L3.4 5.8A2.4 2.4 0 0 1 6.4 5.5M10 6L11.2 4.8A2.4 2.4 0 0 1 14.6 8.2L12.6 10.2A2.4 2.4 0 0 1 9.6 10.5M5.5 1.5L6.2 3.5M10.5 14.5L9.8 12.5",
	mood.SilenceIngest:  "M3.5 3.5L12.5 3.5L12.5 12.5L3.5 12.5Z",
	mood.SilenceSources: "M8 2A6 6 0 1 1 2 8M8 5L8 8.5M8 10.8L8 11",
	mood.SilenceQuiet:   "M13.5 9.8A5.8 5.8 0 1 1 6.3 2.6A4.8 4.8 0 0 0 13.5 9.8Z",
}

func (p *paper) foot() foot {
	z := p.size
	border := z.h - z.edge*0.8 - z.word*1.3 - z.gap
	if z.tall {
		border -= z.word * 1.7
	}
	y := border + z.gap + 1.014*z.word
	p.rect(z.left, border, z.right-z.left, z.line, "hairline", "")
	var f foot
	left := z.right
	if z.tall {
		p.corner(y+1.7*z.word, z.left, z.right-z.left)
	} else {
		left -= p.corner(y, 0, (z.right-z.left)*0.66) + 2*z.word
	}
	f.corner = p.taken()
	if p.Show != charts.SceneMentions && p.Show != charts.SceneWaiting {
		p.ticker(y, left)
	}
	f.ticker = p.taken()
	return f
}

// corner writes the corner, from x on, or else so that it ends at the right
// edge, and gives its width.
func (p *paper) corner(y, x, room float64) float64 {
	z := p.size
	said, rest, i := p.cornerWords()
	path := drawings[p.Silence.Kind]
	width := 0.0
	if path != "" {
		width = 1.7 * z.word
	}
	said, i = p.fitted(said, i, room-width, 0.7)
	quiet := ink{size: z.word, weight: regular, color: "quiet"}
	between := z.word
	also := ""
	for _, more := range rest { // whole, or not at all
		longer := joined(also, more)
		if width+p.wide(said, i)+between+p.wide(longer, quiet) > room {
			break
		}
		also = longer
	}
	whole := width + p.wide(said, i)
	if also != "" {
		whole += between + p.wide(also, quiet)
	}
	if x == 0 {
		x = z.right - whole
	}
	if path != "" {
		scale := 1.2 * z.word / 16
		fmt.Fprintf(&p.out, `<path transform="translate(%s %s) scale(%s)" d="%s" fill="none" stroke="%s" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>`+"\n",
			num(x), num(y-0.95*z.word), fine(scale), path, p.color(i.color))
	}
	p.text(x+width, y, said, i)
	if also != "" {
		p.text(x+width+p.wide(said, i)+between, y, also, quiet)
	}
	return whole
}

// cornerWords are a sentence, what is less urgent, and how the sentence looks.
func (p *paper) cornerWords() (said string, rest []string, i ink) {
	i = ink{size: p.size.word, weight: regular, color: "quiet"}
	switch p.Silence.Kind {
	case mood.SilenceLink, mood.SilenceIngest:
		i.weight, i.color = strong, "warning"
	case mood.SilenceSources:
		i.color = "warning"
	}
	asOf := p.asOf()
	if said = p.Silence.Sentence; said == "" {
		if p.Found != nil {
			said = "Found after " + mood.SpanWord(*p.Found)
		}
		if said != "" && asOf != "" {
			said += ", "
		} else if asOf != "" {
			asOf = "A" + asOf[1:]
		}
		return said + asOf, nil, i
	}
	if p.Silence.Kind != mood.SilenceLink && asOf != "" {
		rest = append(rest, asOf)
	}
	if len(p.Silence.Also) > 0 {
		rest = append(rest, p.Silence.Also[0])
	}
	return said, rest, i
}

// Of what was said last, the newest stands in the line while it is news; then
// the last few take turns.
const (
	news   = time.Minute
	circle = 6
)

func (p *paper) ticker(y, right float64) {
	if len(p.Mentions) == 0 {
		return
	}
	z := p.size
	m := p.Mentions[0]
	if p.Now.Sub(m.Published) > news {
		m = p.Mentions[int(p.Now.Unix()/60)%min(circle, len(p.Mentions))]
	}
	x := z.left
	p.text(x, y, charts.Sign(m.Label), ink{size: z.word, weight: strong, color: m.Label.String() + "-text"})
	x += 1.1 * z.word
	brand := m.Brand
	if strings.Contains(m.Title, brand) {
		brand = "" // a title that names the brand needs no help
	}
	about, quiet := "", ink{size: z.word, weight: regular, color: "quiet"}
	if !z.tall {
		about = p.clipped(joined(brand, m.Outlet, ago(p.Now.Sub(m.Published))), quiet, (right-x)*0.45)
	}
	room := right - x
	if about != "" {
		room -= 0.8*z.word + p.wide(about, quiet)
	}
	i := ink{size: z.word, weight: strong, color: "text"}
	title := directed(p.clipped(m.Title, i, room))[0]
	p.text(x, y, title, i)
	p.text(x+p.wide(title, i)+0.8*z.word, y, about, quiet)
}
