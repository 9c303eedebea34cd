package draw

import (
	"fmt"
	"math"
	"strings"
)

// Parse reads an SVG as ECharts writes it. The package's documentation says
// what is read, what is ignored and what is an error; an error names the
// element, and what is wrong with it.
func Parse(svg []byte) (*Picture, error) {
	p, err := parse(string(svg))
	if err != nil {
		return nil, fmt.Errorf("read the SVG: %w", err)
	}
	return p, nil
}

func parse(svg string) (*Picture, error) {
	root, err := scan(svg)
	if err != nil {
		return nil, err
	}
	if root.name != "svg" {
		return nil, fmt.Errorf("the document is of %s, not svg", root.name)
	}
	b := builder{
		picture: &Picture{}, ids: map[string]*element{},
		clips: map[string]*clip{}, grads: map[string]*gradient{}, pats: map[string]*pattern{},
	}
	b.note(root)
	s := initialStyle()
	if s.m, err = b.frame(root); err != nil {
		return nil, err
	}
	if s, err = s.of(root); err != nil {
		return nil, err
	}
	if err := b.all(root, s); err != nil {
		return nil, err
	}
	return b.picture, nil
}

type builder struct {
	picture   *Picture
	points    int
	pixels    int // of images
	ids       map[string]*element
	clips     map[string]*clip
	grads     map[string]*gradient
	pats      map[string]*pattern
	inPattern bool
}

// note keeps what can be referred to; the first with an id has it.
func (b *builder) note(e *element) {
	for _, kid := range e.kids {
		switch kid.name {
		case "clipPath", "linearGradient", "radialGradient", "pattern":
			if id := kid.attr("id"); id != "" && b.ids[id] == nil {
				b.ids[id] = kid
			}
		}
		b.note(kid)
	}
}

// frame reads the size, and how the viewBox lies in it.
func (b *builder) frame(root *element) (matrix, error) {
	view, err := list(root.attr("viewBox"))
	if err != nil {
		return identity, fmt.Errorf("viewBox: %w", err)
	}
	if len(view) != 4 {
		view = nil
	}
	at := func(name string, i int) (float64, error) {
		fallback := 0.0
		if view != nil {
			fallback = view[i]
		}
		v, err := length(root.attr(name), fallback, fallback)
		if err != nil {
			return 0, fmt.Errorf("%s of svg: %w", name, err)
		}
		if v <= 0 || v > maxSize {
			return 0, fmt.Errorf("%s of svg is %g: above 0, %d at most", name, v, maxSize)
		}
		return v, nil
	}
	p := b.picture
	if p.Width, err = at("width", 2); err != nil {
		return identity, err
	}
	if p.Height, err = at("height", 3); err != nil {
		return identity, err
	}
	if view == nil || view[2] <= 0 || view[3] <= 0 {
		return identity, nil
	}
	k := min(p.Width/view[2], p.Height/view[3]) // as preserveAspectRatio says when it says nothing
	return matrix{
		a: k, d: k,
		e: (p.Width-k*view[2])/2 - k*view[0], f: (p.Height-k*view[3])/2 - k*view[1],
	}, nil
}

func (b *builder) all(e *element, s style) error {
	for _, kid := range e.kids {
		if err := b.one(kid, s); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) one(e *element, s style) error {
	switch e.name {
	case "defs", "style", "title", "desc", "metadata", "filter", "clipPath", "linearGradient", "radialGradient", "pattern":
		return nil
	}
	if e.name == "svg" {
		return fmt.Errorf("svg within svg isn't read")
	}
	s, err := s.of(e)
	if err != nil || s.gone {
		return err
	}
	clipped, err := b.clip(e, s)
	if err != nil {
		return err
	}
	if clipped != nil {
		b.picture.ops = append(b.picture.ops, op{clip: clipped})
	}
	switch e.name {
	case "g":
		err = b.all(e, s)
	case "text":
		err = b.text(e, s)
	case "image":
		err = b.image(e, s)
	default:
		var drawn *shape
		if drawn, err = b.shape(e, s); drawn != nil && !s.hidden && s.alpha > 0 {
			b.picture.ops = append(b.picture.ops, op{shape: drawn})
		}
	}
	if clipped != nil {
		b.picture.ops = append(b.picture.ops, op{})
	}
	return err
}

// shape is nil for what leaves no trace.
func (b *builder) shape(e *element, s style) (*shape, error) {
	p, err := b.outline(e)
	if err != nil {
		return nil, err
	}
	drawn := &shape{path: p, m: s.m, evenOdd: s.evenOdd, pen: s.pen, strokeFirst: s.strokeFirst}
	if drawn.fill, err = b.paint(s.fill, s.fillAlpha*s.alpha); err != nil {
		return nil, fmt.Errorf("fill of %s: %w", e.name, err)
	}
	if drawn.stroke, err = b.paint(s.stroke, s.strokeAlpha*s.alpha); err != nil {
		return nil, fmt.Errorf("stroke of %s: %w", e.name, err)
	}
	if len(p.pts) == 0 || !drawn.fill.seen() && (!drawn.stroke.seen() || s.pen.width == 0) {
		return nil, nil
	}
	return drawn, nil
}

// outline is the path of a shape.
func (b *builder) outline(e *element) (p path, err error) {
	size := func(name string) (v float64) {
		if err == nil {
			if v, err = length(e.attr(name), 0, 1); err != nil {
				err = fmt.Errorf("%s of %s: %w", name, e.name, err)
			}
		}
		return v
	}
	switch e.name {
	case "path":
		p, err = parsePath(e.attr("d"))
	case "rect":
		x, y, w, h, rx, ry := size("x"), size("y"), size("width"), size("height"), size("rx"), size("ry")
		if e.attr("ry") == "" {
			ry = rx
		} else if e.attr("rx") == "" {
			rx = ry
		}
		if w > 0 && h > 0 {
			p.rect(x, y, w, h, rx, ry)
		}
	case "circle":
		if x, y, r := size("cx"), size("cy"), size("r"); r > 0 {
			p.ellipse(x, y, r, r)
		}
	case "ellipse":
		if x, y, rx, ry := size("cx"), size("cy"), size("rx"), size("ry"); rx > 0 && ry > 0 {
			p.ellipse(x, y, rx, ry)
		}
	case "line":
		p.move(point{size("x1"), size("y1")})
		p.line(point{size("x2"), size("y2")})
	case "polygon", "polyline":
		var a []float64
		if a, err = list(e.attr("points")); err != nil {
			err = fmt.Errorf("points of %s: %w", e.name, err)
		}
		for i := 0; i+1 < len(a); i += 2 {
			if i == 0 {
				p.move(point{a[0], a[1]})
			} else {
				p.line(point{a[i], a[i+1]})
			}
		}
		if e.name == "polygon" && len(p.pts) > 0 {
			p.close()
		}
	default:
		return p, fmt.Errorf("the element %s isn't read", e.name)
	}
	if err != nil {
		return path{}, err
	}
	if b.points += len(p.pts); b.points > maxPoints {
		return path{}, fmt.Errorf("all paths have over %d points", maxPoints)
	}
	return p, nil
}

// clip is nil without a clip-path.
func (b *builder) clip(e *element, s style) (*clip, error) {
	id, err := reference(e.attr("clip-path"))
	if id == "" || err != nil {
		return nil, err
	}
	from := b.ids[id]
	if from == nil || from.name != "clipPath" {
		return nil, fmt.Errorf("clip-path of %s: there is no clipPath %s", e.name, short(id))
	}
	if from.attr("clipPathUnits") == "objectBoundingBox" {
		return nil, fmt.Errorf("clipPath %s: clipPathUnits must be userSpaceOnUse", short(id))
	}
	key := fmt.Sprint(id, s.m)
	if known := b.clips[key]; known != nil {
		return known, nil
	}
	c := &clip{}
	outer := initialStyle()
	outer.m = s.m
	if outer, err = outer.of(from); err != nil {
		return nil, err
	}
	for _, kid := range from.kids {
		inner, err := outer.of(kid)
		if err != nil {
			return nil, err
		}
		p, err := b.outline(kid)
		if err != nil {
			return nil, err
		}
		c.path.join(p, inner.m)
		c.evenOdd = inner.clipEvenOdd
	}
	b.clips[key] = c
	return c, nil
}

// reference is the id in url(#id), and empty for nothing and none.
func reference(value string) (string, error) {
	value = strings.TrimSpace(value)
	if value == "" || value == "none" {
		return "", nil
	}
	in, ok := strings.CutPrefix(value, "url(")
	in, closed := strings.CutSuffix(in, ")")
	id, local := strings.CutPrefix(strings.Trim(in, `'"`), "#")
	if !ok || !closed || !local {
		return "", fmt.Errorf("%s is no url(#id)", short(value))
	}
	return id, nil
}

func finite(m matrix) bool {
	sum := m.a + m.b + m.c + m.d + m.e + m.f
	return !math.IsNaN(sum) && !math.IsInf(sum, 0)
}
