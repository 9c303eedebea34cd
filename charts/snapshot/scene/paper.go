package scene

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"agora/charts"
	"agora/charts/snapshot"
	"agora/charts/snapshot/draw"
	"agora/mood"
)

// family is what the texts are drawn in; a browser that shows the SVG without
// it takes its own.
const family = "Inter, Arial, Helvetica, sans-serif"

// Weights of the typeface.
const (
	regular = 400
	strong  = 600
)

// above is where the first line of a text of one em begins: its baseline is so
// far below the top of a line as high as the type.
const above = 0.864

// paper is a scene that is being drawn.
type paper struct {
	charts.Scene
	artist Artist
	types  *draw.Fonts
	role   map[string]string
	size   size
	out    strings.Builder
}

// size is how large things are, in pixels: as css/wall.css has it.
type size struct {
	w, h             float64
	word, head, fig  float64 // of type
	edge, gap, line  float64
	chart            float64 // type of the charts
	bottom           float64 // where scenes end
	tall             bool    // higher than wide
	left, right, top float64 // where texts may be
}

func newPaper(m *Maker, s charts.Scene) *paper {
	return &paper{Scene: s, artist: m.artist, types: m.artist.Fonts(), role: m.themes[s.Theme], size: sizeOf(s.Width, s.Height)}
}

func sizeOf(width, height int) size {
	w, h := float64(width), float64(height)
	z := size{w: w, h: h, word: h / 38, head: h / 18, fig: h / 5, edge: h / 22, gap: h / 45, line: max(1, h/540), tall: w <= h}
	if z.tall {
		z.word, z.head, z.fig = min(h/38, w/26), min(h/18, w/13), min(h/5, w/4)
		z.edge, z.gap, z.line = w/18, w/36, max(1, w/540)
	}
	z.chart = math.Round(min(snapshot.MaxFont, max(11, min(h/38, w/30))))
	z.bottom = h - z.edge - z.word*1.3 - z.gap*2
	if z.tall {
		z.bottom = h - z.edge - z.word*3 - z.gap*2
	}
	z.left, z.right, z.top = z.edge, w-z.edge, z.edge
	return z
}

// ink is how a text looks.
type ink struct {
	size   float64
	weight int    // regular at least
	color  string // a role of the theme, or #rrggbb
	end    bool   // x is where the text ends
}

func (p *paper) wide(text string, i ink) float64 {
	return p.types.Advance(text, i.size, max(regular, i.weight))
}

// text writes a line, y being of its baseline.
func (p *paper) text(x, y float64, text string, i ink) {
	if text == "" {
		return
	}
	anchor := ""
	if i.end {
		anchor = ` text-anchor="end"`
	}
	fmt.Fprintf(&p.out, `<text x="%s" y="%s" font-family="%s" font-size="%s" font-weight="%d" fill="%s"%s>%s</text>`+"\n",
		num(x), num(y), family, num(i.size), max(regular, i.weight), p.color(i.color), anchor, escape(text))
}

// clipped is a text as far as it has room.
func (p *paper) clipped(text string, i ink, room float64) string {
	text = strings.Join(strings.Fields(p.drawable(text)), " ")
	if p.wide(text, i) <= room {
		return text
	}
	runes := []rune(text)
	for len(runes) > 1 && p.wide(string(runes)+"…", i) > room {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "…"
}

// fitted makes a text smaller, down to a part of its size, before it is clipped.
func (p *paper) fitted(text string, i ink, room, least float64) (string, ink) {
	if w := p.wide(p.drawable(text), i); w > room && w > 0 {
		i.size *= max(least, room/w)
	}
	return p.clipped(text, i, room), i
}

func (p *paper) wrapped(text string, i ink, room float64, most int) []string {
	return p.types.Wrap(p.drawable(text), i.size, i.weight, room, most)
}

func (p *paper) rect(x, y, w, h float64, color, more string) {
	fmt.Fprintf(&p.out, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"%s/>`+"\n", num(x), num(y), num(w), num(h), p.color(color), more)
}

func (p *paper) dot(x, y, r float64, color string) {
	fmt.Fprintf(&p.out, `<circle cx="%s" cy="%s" r="%s" fill="%s"/>`+"\n", num(x), num(y), num(r), p.color(color))
}

// chart draws a chart in its place.
func (p *paper) chart(ctx context.Context, option charts.Option, x, y, w, h float64) error {
	if option == nil || w < snapshot.MinSide || h < snapshot.MinSide {
		return nil
	}
	wide, high := int(min(w, snapshot.MaxSide)), int(min(h, snapshot.MaxSide))
	body, err := p.artist.Chart(ctx, snapshot.Picture{
		Option: option, Theme: p.Theme, Width: wide, Height: high, Font: p.size.chart, Scale: p.Scale,
	})
	if errors.Is(err, mood.ErrInvalid) {
		return nil // nobody can draw it: a wall goes on without
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(&p.out, `<g transform="translate(%s %s) scale(%s %s)">%s</g>`+"\n", num(x), num(y), fine(w/float64(wide)), fine(h/float64(high)), body)
	return nil
}

// taken gives what was drawn, and begins anew.
func (p *paper) taken() string {
	s := p.out.String()
	p.out.Reset()
	return s
}

// whole puts a scene together.
func (p *paper) whole(stage string, top head, foot foot) []byte {
	z := p.size
	said := foot.ticker
	if p.Silence.Stale { // what is old loses its colour, not its place
		stage, said = faded(stage, p.role["paper"]), faded(said, p.role["paper"])
	}
	dx, dy := drift(p.Now, z.h)
	fmt.Fprintf(&p.out, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" xml:lang="en"><title>%s</title>`+"\n",
		p.Width, p.Height, p.Width, p.Height, escape(p.title()))
	p.rect(0, 0, z.w, z.h, "paper", "")
	fmt.Fprintf(&p.out, `<g transform="translate(%s %s)">`+"\n%s%s%s%s</g>\n", num(dx), num(dy), stage, top.drawn, said, foot.corner)
	if p.Dim {
		p.rect(0, 0, z.w, z.h, "paper", ` fill-opacity="0.75"`)
	}
	p.out.WriteString("</svg>")
	return []byte(p.taken())
}

func (p *paper) color(c string) string {
	if known, ok := p.role[c]; ok {
		return known
	}
	return c
}

func num(v float64) string  { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }
func fine(v float64) string { return strconv.FormatFloat(math.Round(v*1e5)/1e5, 'f', -1, 64) }

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}
