package figure

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
	"sync"

	"agora/charts"
	"agora/charts/snapshot"
	"agora/mood"
)

const family = "Inter"

// BodySize is that of a chart's texts, in pixels of the layout.
const BodySize = 14.0

// A figure is laid out at about the size of a slide, slideWidth by slideHeight,
// and then enlarged. A smaller one is made smaller half-way, so that its texts
// stay legible for as long as they have room.
const (
	slideWidth, slideHeight = 1200, 675
	leastWidth, leastHeight = 420, 350    // of the layout: below, title and footer would fill it
	leastBody, leastBare    = 12.0, 280.0 // pixels of CSS: of a bare chart's texts, and of the width below which they shrink all the same

	titleSize = 23.0
	scopeSize = 14.0
	footSize  = 11.5

	titleLines = 2
	emptyLines = 4
	footShare  = 0.22 // of the height that the footer may take
)

// box is a place in the layout.
type box struct{ x, y, w, h float64 }

// line is a text in the layout; y is of its baseline.
type line struct {
	text   string
	x, y   float64
	size   float64
	weight int
	role   string // of the theme
	right  bool   // x is its right end
}

// layout says where things of a figure are.
type layout struct {
	zoom  float64 // pixels of CSS for one of the layout
	w, h  float64
	chart box
	lines []line
	rule  *box // a hairline above the footer
	link  box  // where the link is written
}

func (m *Maker) layout(f charts.Figure, missing []rune) layout {
	l := layout{zoom: Zoom(f)}
	l.w, l.h = float64(f.Width)/l.zoom, float64(f.Height)/l.zoom
	if f.Bare {
		l.chart = box{0, 0, l.w, l.h}
		return l
	}
	pad := math.Round(min(30, l.w*0.035, l.h*0.06))
	top := l.head(m, f, pad)
	bottom := l.foot(m, f, pad, missing)
	gap := pad * 0.5
	l.chart = box{pad, top + gap, l.w - 2*pad, bottom - top - 2*gap}
	return l
}

// Zoom is how much a figure's chart is enlarged, in pixels of CSS for one of
// its layout, in which its texts are BodySize high.
func Zoom(f charts.Figure) float64 {
	w, h := float64(f.Width), float64(f.Height)
	zoom := math.Sqrt(w * h / (slideWidth * slideHeight))
	if zoom < 1 {
		zoom = math.Sqrt(zoom)
	}
	if f.Bare {
		return max(zoom, min(leastBody/BodySize, w/leastBare))
	}
	return min(zoom, w/leastWidth, h/leastHeight)
}

// roomFor is the width that lines of a figure may have. A viewer without Inter
// sets an SVG's texts in a face of its own, which may be wider by an eighth.
func (l *layout) roomFor(f charts.Figure, pad float64) float64 {
	width := l.w - 2*pad
	if f.Format == "svg" {
		width *= 0.88
	}
	return width
}

// head lays out the title, and gives where it ends.
func (l *layout) head(m *Maker, f charts.Figure, pad float64) float64 {
	c := f.Table.Caption()
	width := l.roomFor(f, pad)
	mark := line{text: "Agora", x: l.w - pad, size: scopeSize, weight: 600, role: "quiet", right: true}
	if c.Mark != "" {
		mark.text, mark.role = c.Mark, "warning"
	}
	room := m.fonts.Advance(mark.text, mark.size, 600) + 1.5*scopeSize
	y := pad + titleSize*0.8
	mark.y = y
	l.lines = append(l.lines, mark)
	for _, text := range m.wrap(c.Title, titleSize, 600, width-room, titleLines) {
		l.lines = append(l.lines, line{text: text, x: pad, y: y, size: titleSize, weight: 600, role: "text"})
		y += titleSize * 1.25
	}
	y += scopeSize*1.45 - titleSize*1.25
	for _, text := range m.wrap(c.Scope, scopeSize, 400, width, 1) {
		l.lines = append(l.lines, line{text: text, x: pad, y: y, size: scopeSize, weight: 400, role: "quiet"})
	}
	return y + scopeSize*0.3
}

// foot lays out the footer, and gives where it begins.
func (l *layout) foot(m *Maker, f charts.Figure, pad float64, missing []rune) float64 {
	c := f.Table.Caption()
	if len(missing) > 0 {
		c.Notes = append([]string{f.Table.Missing(missing)}, c.Notes...)
	}
	width := l.roomFor(f, pad)
	const step = footSize * 1.4
	most := max(2, int(l.h*footShare/step))
	if f.Link != "" {
		most--
	}
	lines := m.wrap(c.Basis, footSize, 400, width, 2)
	// The method in full, if everything has room with it; else in short.
	rest := m.wrap(strings.Join(append([]string{c.Method}, c.Notes...), " "), footSize, 400, width, 100)
	if len(lines)+len(rest) > most {
		rest = m.wrap(strings.Join(append([]string{c.Brief}, c.Notes...), " "), footSize, 400, width, max(1, most-len(lines)))
	}
	lines = append(lines, rest...)
	if f.Link != "" {
		lines = append(lines, m.wrap(f.Link, footSize, 400, width, 1)...)
	}
	y := l.h - pad*0.7 - step*float64(len(lines)-1)
	start := y - footSize*1.5
	l.rule = &box{pad, start, l.w - 2*pad, 1}
	for i, text := range lines {
		n := line{text: text, x: pad, y: y, size: footSize, weight: 400, role: "quiet"}
		if f.Link != "" && i == len(lines)-1 {
			n.role = "accent"
			l.link = box{pad, y - footSize, m.fonts.Advance(text, footSize, 400), step}
		}
		l.lines = append(l.lines, n)
		y += step
	}
	return start
}

// compose writes the SVG of a figure.
func (m *Maker) compose(ctx context.Context, f charts.Figure, missing []rune) ([]byte, error) {
	colours, err := colours(f.Theme)
	if err != nil {
		return nil, err
	}
	l := m.layout(f, missing)
	var body, words string
	grown := l.grown(f)
	if empty := f.Table.Empty(); empty == "" {
		svg, err := m.chart(ctx, snapshot.Picture{
			Option: f.Option, Theme: f.Theme, Lang: f.Table.Words().Language(), Font: BodySize, Scale: min(4, max(0.1, l.zoom*f.Scale*grown)),
			Width: whole(l.chart.w / grown), Height: whole(l.chart.h / grown),
		})
		if err != nil {
			return nil, err
		}
		if body, words, err = inside(svg); err != nil {
			return nil, err
		}
	} else {
		words = "<title>" + escape(f.Table.Title) + "</title><desc>" + escape(empty) + "</desc>"
		size := titleSize
		if f.Bare { // often a small one
			size = BodySize
		}
		said := m.wrap(empty, size, 400, l.chart.w, emptyLines)
		for i, text := range said {
			l.lines = append(l.lines, line{
				text: text, x: l.chart.x + (l.chart.w+m.fonts.Advance(text, size, 400))/2,
				y:    l.chart.y + l.chart.h/2 + size*1.4*(float64(i)-float64(len(said)-1)/2),
				size: size, weight: 400, role: "quiet", right: true,
			})
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %s %s" role="img" xml:lang="%s">%s`+"\n",
		f.Width, f.Height, num(l.w), num(l.h), f.Table.Words().Language(), words)
	if f.Theme != "transparent" {
		fmt.Fprintf(&b, `<rect width="%s" height="%s" fill="%s"/>`+"\n", num(l.w), num(l.h), colours["paper"])
	}
	if body != "" {
		// A chart has whole pixels, as on a page, and is not stretched: texts
		// would lose their shape, and lines their pixels.
		scaled := ""
		if grown != 1 {
			scaled = " scale(" + strconv.FormatFloat(grown, 'f', 6, 64) + ")"
		}
		fmt.Fprintf(&b, `<g transform="translate(%s %s)%s">%s</g>`+"\n", num(l.chart.x), num(l.chart.y), scaled, body)
	}
	if r := l.rule; r != nil {
		fmt.Fprintf(&b, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n", num(r.x), num(r.y), num(r.w), num(r.h), colours["hairline"])
	}
	for _, t := range l.lines {
		anchor := ""
		if t.right {
			anchor = ` text-anchor="end"`
		}
		fmt.Fprintf(&b, `<text x="%s" y="%s" font-family="%s, sans-serif" font-size="%s" font-weight="%d" fill="%s"%s>%s</text>`+"\n",
			num(t.x), num(t.y), family, num(t.size), t.weight, colours[t.role], anchor, escape(t.text))
	}
	b.WriteString("</svg>")
	return []byte(b.String()), nil
}

// grown is how much the chart of a small figure is larger in the layout than it
// was drawn: one that chooses its type by its room is drawn for the pixels that
// there are, or the figure would shrink what is small already.
func (l *layout) grown(f charts.Figure) float64 {
	width, height, own := f.Table.OwnType()
	if !own {
		return 1
	}
	return max(1, min(1/l.zoom, l.chart.w/width, l.chart.h/height))
}

// whole is a side of a chart in whole pixels, none too small to be drawn.
func whole(side float64) int {
	return max(snapshot.MinSide, min(snapshot.MaxSide, int(math.Round(side))))
}

func num(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// themes are the colours by theme and role.
var themes = sync.OnceValues(func() (map[string]map[string]string, error) {
	var t map[string]map[string]string
	err := json.Unmarshal(charts.Theme(), &t)
	return t, err
})

func colours(theme string) (map[string]string, error) {
	if theme == "transparent" {
		theme = "light"
	}
	all, err := themes()
	if err != nil {
		return nil, fmt.Errorf("read the colours: %w", err)
	}
	if all[theme] == nil {
		return nil, fmt.Errorf("there is no theme %q: %w", theme, mood.ErrInvalid)
	}
	return all[theme], nil
}

// paperOf is the ground of a picture; ok is false where it has none.
func paperOf(theme string) (c color.NRGBA, ok bool) {
	all, err := colours(theme)
	if err != nil || theme == "transparent" {
		return c, false
	}
	if _, err := fmt.Sscanf(all["paper"], "#%02x%02x%02x", &c.R, &c.G, &c.B); err != nil {
		return c, false
	}
	c.A = 255
	return c, true
}
