package draw

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
)

// A paint is what a shape is filled or stroked with: nothing, one colour, a
// gradient or a pattern.
type paint struct {
	kind  byte // 0, 'c', 'g' or 'p'
	color color.NRGBA
	grad  *gradient
	pat   *pattern
	alpha float64 // 0…1, times the colour's own
}

// nrgba is a paint's colour with all of its opacity.
func (p paint) nrgba() color.NRGBA {
	c := p.color
	c.A = uint8(math.Round(float64(c.A) * p.alpha))
	return c
}

// seen says whether a paint leaves a trace.
func (p paint) seen() bool {
	return p.kind != 0 && p.alpha > 0 && (p.kind != 'c' || p.color.A > 0)
}

type gradient struct {
	radial         bool
	user           bool   // in user units; else in parts of the shape's box
	m              matrix // gradientTransform
	x1, y1, x2, y2 float64
	cx, cy, r      float64
	stops          []stop
}

type stop struct {
	at    float64 // 0…1, rising
	color color.NRGBA
}

// lookup is a gradient's colours, in equal steps from its start to its end.
func (g *gradient) lookup() *[256]color.NRGBA {
	var table [256]color.NRGBA
	k := 0
	for i := range table {
		t := float64(i) / 255
		for k < len(g.stops) && g.stops[k].at <= t {
			k++
		}
		switch {
		case k == 0:
			table[i] = g.stops[0].color
		case k == len(g.stops):
			table[i] = g.stops[k-1].color
		default:
			a, b := g.stops[k-1], g.stops[k]
			f := (t - a.at) / (b.at - a.at)
			mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + f*(float64(y)-float64(x)))) }
			table[i] = color.NRGBA{mix(a.color.R, b.color.R), mix(a.color.G, b.color.G), mix(a.color.B, b.color.B), mix(a.color.A, b.color.A)}
		}
	}
	return &table
}

// unit maps the unit square's left to right (a linear gradient), or the circle
// of radius 1 (a radial one), to where the gradient lies on the shape.
func (g *gradient) unit(shape path) (matrix, bool) {
	m := g.m
	if !g.user {
		least, most, ok := shape.bounds()
		if !ok || most.x <= least.x || most.y <= least.y {
			return m, false // as in SVG: no box, no gradient
		}
		m = matrix{a: most.x - least.x, d: most.y - least.y, e: least.x, f: least.y}.mul(m)
	}
	if g.radial {
		return m.mul(matrix{a: g.r, d: g.r, e: g.cx, f: g.cy}), g.r > 0
	}
	dx, dy := g.x2-g.x1, g.y2-g.y1
	return m.mul(matrix{a: dx, b: dy, c: -dy, d: dx, e: g.x1, f: g.y1}), dx != 0 || dy != 0
}

// A pattern is a tile that is repeated, such as a decal's stripes.
type pattern struct {
	w, h   float64
	m      matrix // patternTransform, and where the first tile lies
	shapes []*shape
}

// The names that CSS has for colours and that charts use; others are errors.
var named = map[string]color.NRGBA{
	"black": {0, 0, 0, 255}, "white": {255, 255, 255, 255}, "red": {255, 0, 0, 255}, "green": {0, 128, 0, 255},
	"blue": {0, 0, 255, 255}, "gray": {128, 128, 128, 255}, "grey": {128, 128, 128, 255}, "yellow": {255, 255, 0, 255},
	"orange": {255, 165, 0, 255}, "gold": {255, 215, 0, 255}, "transparent": {}, "silver": {192, 192, 192, 255},
	"purple": {128, 0, 128, 255}, "navy": {0, 0, 128, 255}, "teal": {0, 128, 128, 255}, "maroon": {128, 0, 0, 255},
}

// ParseColor reads a colour as CSS writes it: #rgb, #rgba, #rrggbb, #rrggbbaa,
// rgb(…), rgba(…), or one of a few names.
func ParseColor(s string) (color.NRGBA, error) {
	s = strings.TrimSpace(s)
	if c, ok := named[s]; ok {
		return c, nil
	}
	if hex, ok := strings.CutPrefix(s, "#"); ok {
		if len(hex) == 3 || len(hex) == 4 {
			long := make([]byte, 0, 8)
			for i := range len(hex) {
				long = append(long, hex[i], hex[i])
			}
			hex = string(long)
		}
		if len(hex) == 6 {
			hex += "ff"
		}
		v, err := strconv.ParseUint(hex, 16, 32)
		if err == nil && len(hex) == 8 {
			return color.NRGBA{uint8(v >> 24), uint8(v >> 16), uint8(v >> 8), uint8(v)}, nil
		}
	}
	if c, ok := rgb(s); ok {
		return c, nil
	}
	return color.NRGBA{}, fmt.Errorf("%s is no colour: write #rrggbb", short(s))
}

func rgb(s string) (color.NRGBA, bool) {
	in, ok := strings.CutPrefix(s, "rgba(")
	if !ok {
		in, ok = strings.CutPrefix(s, "rgb(")
	}
	in, closed := strings.CutSuffix(in, ")")
	a, err := list(in)
	if !ok || !closed || err != nil || len(a) != 3 && len(a) != 4 {
		return color.NRGBA{}, false
	}
	byteOf := func(v float64) uint8 { return uint8(math.Round(max(0, min(255, v)))) }
	c := color.NRGBA{byteOf(a[0]), byteOf(a[1]), byteOf(a[2]), 255}
	if len(a) == 4 {
		c.A = byteOf(a[3] * 255)
	}
	return c, true
}
