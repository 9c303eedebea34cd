package scene

import (
	"fmt"
	"image/color"
	"math"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// rgb reads #rrggbb; what isn't one is black.
func rgb(text string) color.NRGBA {
	c := color.NRGBA{A: 255}
	if _, err := fmt.Sscanf(text, "#%02x%02x%02x", &c.R, &c.G, &c.B); err != nil {
		return color.NRGBA{A: 255}
	}
	return c
}

var hexColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

const enough = 3 // contrast of lines to the ground, as WCAG asks for graphics

// glow is a brand's colour, moved away from the ground as far as it must be to
// be seen there.
func (p *paper) glow(brand string) string {
	if !hexColour.MatchString(brand) {
		return p.role["text"]
	}
	given, ground := rgb(brand), rgb(p.role["paper"])
	far := 255.0
	if luminance(ground) > 0.5 {
		far = 0
	}
	for step := range 21 {
		part := float64(step) / 20
		mix := func(c uint8) uint8 { return uint8(math.Round(float64(c) + (far-float64(c))*part)) }
		c := color.NRGBA{mix(given.R), mix(given.G), mix(given.B), 255}
		if contrast(c, ground) >= enough {
			return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
		}
	}
	return p.role["text"]
}

// contrast is WCAG's, 1…21.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.NRGBA) float64 {
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.03928 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

// painted finds the colours of a drawing. A quotation mark is escaped in texts,
// so that no text looks like one.
var painted = regexp.MustCompile(`((?:fill|stroke|stop-color)="(?:rgba?\()?)(#[0-9a-fA-F]{3,8}|\d+, ?\d+, ?\d+)`)

// faded takes the colour away of what is old, as the wall's filter does:
// saturate(0.08) brightness(0.8). The ground, which charts draw too, stays.
func faded(drawing, ground string) string {
	return painted.ReplaceAllStringFunc(drawing, func(found string) string {
		m := painted.FindStringSubmatch(found)
		if strings.EqualFold(m[2], ground) {
			return found
		}
		r, g, b, rest, ok := channels(m[2])
		if !ok {
			return found
		}
		const kept, bright = 0.08, 0.8
		grey := 0.2126*r + 0.7152*g + 0.0722*b
		fade := func(v float64) int { return int(math.Round(bright * (grey + (v-grey)*kept))) }
		if m[2][0] == '#' {
			return fmt.Sprintf("%s#%02x%02x%02x%s", m[1], fade(r), fade(g), fade(b), rest)
		}
		return fmt.Sprintf("%s%d,%d,%d", m[1], fade(r), fade(g), fade(b))
	})
}

// channels reads a colour as drawings have it; rest is its opacity.
func channels(c string) (r, g, b float64, rest string, ok bool) {
	var x, y, z int
	switch {
	case len(c) == 4:
		if _, err := fmt.Sscanf(c, "#%1x%1x%1x", &x, &y, &z); err != nil {
			return 0, 0, 0, "", false
		}
		x, y, z = x*17, y*17, z*17
	case c[0] == '#' && len(c) >= 7:
		if _, err := fmt.Sscanf(c[:7], "#%02x%02x%02x", &x, &y, &z); err != nil {
			return 0, 0, 0, "", false
		}
		rest = c[7:]
	case c[0] != '#':
		if n, _ := fmt.Sscanf(c, "%d,%d,%d", &x, &y, &z); n != 3 {
			return 0, 0, 0, "", false
		}
	default:
		return 0, 0, 0, "", false
	}
	return float64(x), float64(y), float64(z), rest, true
}

// drift is where the whole picture stands, against burn-in: as drift.js.
func drift(now time.Time, height float64) (x, y float64) {
	far, minutes := height/90, float64(now.UnixMilli())/60_000
	return math.Round(far * math.Sin(2*math.Pi*minutes/17)), math.Round(far * math.Sin(2*math.Pi*minutes/23))
}

// boxes is how much of a text may be letters that no face has.
const boxes = 0.3

// drawable is a text, or, of a PNG, what says that it is in letters that there
// is no typeface for: rows of boxes tell nobody anything. Who shows an SVG has
// typefaces of their own.
func (p *paper) drawable(text string) string {
	if p.Format != "png" {
		return text
	}
	letters, missing := 0, 0
	var first rune
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		if !p.types.Has(r) {
			if missing++; missing == 1 {
				first = r
			}
		}
	}
	if float64(missing) > boxes*float64(letters) {
		return foreign(script(first))
	}
	return text
}

// script names that of a letter; empty: none that people know by name.
func script(r rune) string {
	for _, name := range []string{
		"Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hangul", "Hebrew", "Kannada",
		"Khmer", "Lao", "Malayalam", "Myanmar", "Sinhala", "Tamil", "Telugu", "Thai", "Tibetan",
	} {
		if unicode.Is(unicode.Scripts[name], r) {
			return name
		}
	}
	switch {
	case unicode.In(r, unicode.Hiragana, unicode.Katakana):
		return "Japanese"
	case unicode.Is(unicode.Han, r):
		return "Chinese"
	}
	return ""
}
