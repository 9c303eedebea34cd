package draw

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/png"
	"math"
	"strings"
)

func (b *builder) paint(value string, alpha float64) (paint, error) {
	value = strings.TrimSpace(value)
	if value == "" || value == "none" {
		return paint{}, nil
	}
	if !strings.HasPrefix(value, "url(") {
		c, err := ParseColor(value)
		return paint{kind: 'c', color: c, alpha: alpha}, err
	}
	id, err := reference(value)
	if err != nil {
		return paint{}, err
	}
	e := b.ids[id]
	switch {
	case e == nil || e.name == "clipPath":
		return paint{}, fmt.Errorf("there is no gradient and no pattern %s", short(id))
	case e.name == "pattern":
		p, err := b.pattern(id, e)
		return paint{kind: 'p', pat: p, alpha: alpha}, err
	}
	g, err := b.gradient(id, e)
	if err != nil || len(g.stops) == 0 {
		return paint{}, err
	}
	return paint{kind: 'g', grad: g, alpha: alpha}, nil
}

func (b *builder) gradient(id string, e *element) (*gradient, error) {
	if known := b.grads[id]; known != nil {
		return known, nil
	}
	g := &gradient{radial: e.name == "radialGradient", user: e.attr("gradientUnits") == "userSpaceOnUse"}
	whole := matrix{a: 1, d: 1}
	if g.user {
		whole = matrix{a: b.picture.Width, d: b.picture.Height}
	}
	var err error
	if g.m, err = parseTransform(e.attr("gradientTransform")); err != nil {
		return nil, err
	}
	at := func(name string, share, of float64) (v float64) {
		if err == nil {
			if v, err = length(e.attr(name), share*of, of); err != nil {
				err = fmt.Errorf("%s of %s: %w", name, e.name, err)
			}
		}
		return v
	}
	g.x1, g.y1 = at("x1", 0, whole.a), at("y1", 0, whole.d)
	g.x2, g.y2 = at("x2", 1, whole.a), at("y2", 0, whole.d)
	g.cx, g.cy = at("cx", 0.5, whole.a), at("cy", 0.5, whole.d)
	g.r = at("r", 0.5, math.Hypot(whole.a, whole.d)/math.Sqrt2)
	if err != nil {
		return nil, err
	}
	last := 0.0
	for _, kid := range e.kids {
		if kid.name != "stop" {
			return nil, fmt.Errorf("%s in %s isn't read", kid.name, e.name)
		}
		s, err := b.stop(kid)
		if err != nil {
			return nil, fmt.Errorf("stop of %s: %w", e.name, err)
		}
		s.at = max(last, s.at)
		last = s.at
		g.stops = append(g.stops, s)
	}
	b.grads[id] = g
	return g, nil
}

func (b *builder) stop(e *element) (stop, error) {
	at, err := part(e.attr("offset"))
	if e.attr("offset") == "" {
		at = 0
	}
	if err != nil {
		return stop{}, err
	}
	value, alpha := e.attr("stop-color"), e.attr("stop-opacity")
	for part := range strings.SplitSeq(e.attr("style"), ";") {
		switch name, v, _ := strings.Cut(part, ":"); strings.TrimSpace(name) {
		case "stop-color":
			value = v
		case "stop-opacity":
			alpha = v
		}
	}
	if value == "" {
		value = "#000"
	}
	c, err := ParseColor(value)
	if err != nil {
		return stop{}, err
	}
	a, err := part(alpha)
	c.A = uint8(math.Round(float64(c.A) * a))
	return stop{at, c}, err
}

// pattern reads a tile of shapes. A tile with a pattern in it, with texts or
// with images is an error; clips within it are not applied.
func (b *builder) pattern(id string, e *element) (*pattern, error) {
	if known := b.pats[id]; known != nil {
		return known, nil
	}
	if b.inPattern {
		return nil, fmt.Errorf("pattern %s is used within a pattern", short(id))
	}
	b.inPattern = true
	defer func() { b.inPattern = false }()
	if e.attr("patternUnits") != "userSpaceOnUse" {
		return nil, fmt.Errorf("pattern %s: patternUnits must be userSpaceOnUse", short(id))
	}
	p := &pattern{}
	var err error
	at := func(name string) (v float64) {
		if err == nil {
			v, err = length(e.attr(name), 0, 1)
		}
		return v
	}
	x, y := at("x"), at("y")
	p.w, p.h = at("width"), at("height")
	if err == nil {
		p.m, err = parseTransform(e.attr("patternTransform"))
	}
	if err != nil {
		return nil, fmt.Errorf("pattern %s: %w", short(id), err)
	}
	p.m = p.m.mul(translate(x, y))
	if p.w > 0 && p.h > 0 { // else nothing is painted
		s := initialStyle()
		s.m = translate(-x, -y)
		if err := b.tile(e, s, p); err != nil {
			return nil, fmt.Errorf("pattern %s: %w", short(id), err)
		}
	}
	b.pats[id] = p
	return p, nil
}

func (b *builder) tile(e *element, s style, p *pattern) error {
	for _, kid := range e.kids {
		inner, err := s.of(kid)
		if err != nil {
			return err
		}
		if inner.gone {
			continue
		}
		if kid.name == "g" {
			if err := b.tile(kid, inner, p); err != nil {
				return err
			}
			continue
		}
		drawn, err := b.shape(kid, inner)
		if err != nil {
			return err
		}
		if drawn != nil && !inner.hidden && finite(drawn.m) {
			p.shapes = append(p.shapes, drawn)
		}
	}
	return nil
}

const pngAddress = "data:image/png;base64,"

// image keeps a PNG that is within the document; another is left out.
func (b *builder) image(e *element, s style) error {
	address := e.attr("href")
	if address == "" {
		address = e.attr("xlink:href")
	}
	coded, ok := strings.CutPrefix(address, pngAddress)
	if !ok || s.hidden || s.alpha == 0 {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(coded))
	if err != nil {
		return fmt.Errorf("image: %w", err)
	}
	size, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("image: %w", err)
	}
	if size.Width > maxSize || size.Height > maxSize {
		return fmt.Errorf("image: it has %d × %d pixels: %d a side at most", size.Width, size.Height, maxSize)
	}
	if b.pixels += size.Width * size.Height; b.pixels > maxImage {
		return fmt.Errorf("image: all images have over %d pixels", maxImage)
	}
	pixels, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("image: %w", err)
	}
	i := &embedded{pixels: pixels, m: s.m, alpha: s.alpha}
	for _, f := range []struct {
		name     string
		to       *float64
		fallback float64
	}{{"x", &i.x, 0}, {"y", &i.y, 0}, {"width", &i.w, float64(size.Width)}, {"height", &i.h, float64(size.Height)}} {
		if *f.to, err = length(e.attr(f.name), f.fallback, 1); err != nil {
			return fmt.Errorf("%s of image: %w", f.name, err)
		}
	}
	if i.w > 0 && i.h > 0 {
		b.picture.ops = append(b.picture.ops, op{image: i})
	}
	return nil
}
