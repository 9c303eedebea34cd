package draw

import (
	"fmt"
	"strconv"
	"strings"
)

// A style is what an element hands down to those within it.
type style struct {
	fill, stroke              string
	fillAlpha, strokeAlpha    float64
	alpha                     float64 // of all opacities so far
	pen                       pen
	evenOdd, clipEvenOdd      bool
	strokeFirst, hidden, gone bool
	size                      float64
	weight                    int
	anchor, baseline          byte
	keepSpaces                bool
	m                         matrix
}

func initialStyle() style {
	return style{
		fill: "#000", stroke: "none", fillAlpha: 1, strokeAlpha: 1, alpha: 1,
		pen:  pen{width: 1, cap: 'b', join: 'm', miter: 4},
		size: 16, weight: 400, anchor: 's', baseline: 'a', m: identity,
	}
}

// of is the style of an element within one of this style.
func (s style) of(e *element) (style, error) {
	s.baseline = baselineWithin(s.baseline, e)
	for _, a := range e.attrs {
		if a.name == "style" {
			continue
		}
		if err := s.set(a.name, a.value); err != nil {
			return s, fmt.Errorf("%s of %s: %w", a.name, e.name, err)
		}
	}
	// What style says wins over attributes: SVG 2, section 6.3.
	for part := range strings.SplitSeq(e.attr("style"), ";") {
		name, value, ok := strings.Cut(part, ":")
		if !ok {
			continue
		}
		name = strings.TrimSpace(name)
		if err := s.set(name, strings.TrimSpace(value)); err != nil {
			return s, fmt.Errorf("%s of %s: %w", name, e.name, err)
		}
	}
	return s, nil
}

// baselineWithin: dominant-baseline is handed down from text to tspan only.
func baselineWithin(b byte, e *element) byte {
	if e.name == "tspan" {
		return b
	}
	return 'a'
}

func (s *style) set(name, value string) (err error) {
	switch name {
	case "fill":
		s.fill = value
	case "stroke":
		s.stroke = value
	case "fill-opacity":
		s.fillAlpha, err = part(value)
	case "stroke-opacity":
		s.strokeAlpha, err = part(value)
	case "opacity":
		var a float64
		a, err = part(value)
		s.alpha *= a
	case "fill-rule":
		s.evenOdd = value == "evenodd"
	case "clip-rule":
		s.clipEvenOdd = value == "evenodd"
	case "paint-order":
		s.strokeFirst = strings.HasPrefix(value, "stroke")
	case "visibility":
		s.hidden = value == "hidden" || value == "collapse"
	case "display":
		s.gone = s.gone || value == "none"
	case "transform":
		var m matrix
		m, err = parseTransform(value)
		s.m = s.m.mul(m)
	case "xml:space":
		s.keepSpaces = value == "preserve"
	case "white-space":
		s.keepSpaces = strings.HasPrefix(value, "pre")
	case "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset":
		err = s.pen.set(strings.TrimPrefix(name, "stroke-"), value)
	case "font", "font-size", "font-weight", "text-anchor", "dominant-baseline", "alignment-baseline":
		err = s.setText(name, value)
	}
	return err
}

func (p *pen) set(name, value string) (err error) {
	switch name {
	case "width":
		p.width, err = length(value, 1, 1)
		p.width = max(0, p.width)
	case "linecap":
		p.cap, err = oneOf(value, "butt", "round", "square")
	case "linejoin":
		p.join, err = oneOf(value, "miter", "round", "bevel")
	case "miterlimit":
		p.miter, err = length(value, 4, 1)
	case "dashoffset":
		p.offset, err = length(value, 0, 1)
	case "dasharray":
		p.dash, err = dashes(value)
	}
	return err
}

// oneOf is the first letter of a value that is one of a few.
func oneOf(value string, known ...string) (byte, error) {
	for _, k := range known {
		if value == k {
			return k[0], nil
		}
	}
	return known[0][0], fmt.Errorf("%s is none of %s", short(value), strings.Join(known, ", "))
}

func dashes(value string) ([]float64, error) {
	if value == "none" || value == "" {
		return nil, nil
	}
	a, err := list(value)
	if err != nil {
		return nil, err
	}
	sum := 0.0
	for _, v := range a {
		if v < 0 {
			return nil, fmt.Errorf("%s has a negative length", short(value))
		}
		sum += v
	}
	if sum == 0 {
		return nil, nil
	}
	if len(a)%2 == 1 {
		a = append(a, a...)
	}
	return a, nil
}

// part reads a share, 0…1.
func part(value string) (float64, error) {
	v, err := length(value, 1, 1)
	return max(0, min(1, v)), err
}

func (s *style) setText(name, value string) (err error) {
	switch name {
	case "font-size":
		if s.size, err = length(value, s.size, s.size); err == nil && (s.size < 0 || s.size > maxFontSize) {
			err = fmt.Errorf("%s is out of range: 0 to %d", short(value), maxFontSize)
		}
	case "font-weight":
		s.weight, err = weightOf(value)
	case "font":
		return s.setFont(value)
	case "text-anchor":
		s.anchor, err = oneOf(value, "start", "middle", "end")
	default:
		switch value {
		case "central", "middle":
			s.baseline = value[0]
		case "hanging", "text-before-edge", "text-top":
			s.baseline = 'h'
		case "text-after-edge", "ideographic", "text-bottom":
			s.baseline = 'b'
		default:
			s.baseline = 'a'
		}
	}
	return err
}

// setFont reads the shorthand: what stands before the size says the weight,
// what stands after it the families, which are the caller's to choose.
func (s *style) setFont(value string) error {
	weight := 400
	for word := range strings.FieldsSeq(value) {
		if strings.Contains(word, "px") {
			size, _, _ := strings.Cut(word, "/") // 12px/1.5 has a line height too
			s.weight = weight
			return s.setText("font-size", size)
		}
		if w, err := weightOf(word); err == nil && word != "normal" {
			weight = w
		}
	}
	return fmt.Errorf("%s has no size in px", short(value))
}

func weightOf(value string) (int, error) {
	switch value {
	case "normal", "":
		return 400, nil
	case "bold", "bolder":
		return 700, nil
	case "lighter":
		return 300, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 1000 {
		return 0, fmt.Errorf("%s is no weight of a font: 1 to 1000", short(value))
	}
	return n, nil
}
