package draw

import (
	"fmt"
	"strings"
)

func (b *builder) text(e *element, s style) error {
	t := &text{m: s.m}
	if err := b.runs(t, e, s, true); err != nil {
		return err
	}
	if !s.keepSpaces {
		collapse(t.runs)
	}
	kept := t.runs[:0]
	for _, r := range t.runs {
		if r.words != "" || r.placed() {
			kept = append(kept, r)
		}
	}
	if t.runs = kept; len(t.runs) > 0 && finite(t.m) {
		b.picture.ops = append(b.picture.ops, op{text: t})
	}
	return nil
}

// runs adds the words of a text or tspan.
func (b *builder) runs(t *text, e *element, s style, first bool) error {
	next := run{size: s.size, weight: s.weight, anchor: s.anchor, baseline: s.baseline, pen: s.pen, strokeFirst: s.strokeFirst}
	var err error
	if next.fill, err = b.paint(s.fill, s.fillAlpha*s.alpha); err != nil {
		return fmt.Errorf("fill of %s: %w", e.name, err)
	}
	if next.stroke, err = b.paint(s.stroke, s.strokeAlpha*s.alpha); err != nil {
		return fmt.Errorf("stroke of %s: %w", e.name, err)
	}
	if s.hidden {
		next.fill, next.stroke = paint{}, paint{}
	}
	for _, f := range []struct {
		name string
		to   *float64
	}{{"x", &next.x}, {"y", &next.y}, {"dx", &next.x}, {"dy", &next.y}} {
		v, err := emLength(e.attr(f.name), s.size)
		if err != nil {
			return fmt.Errorf("%s of %s: %w", f.name, e.name, err)
		}
		*f.to += v
	}
	next.atX, next.atY = first || e.attr("x") != "", first || e.attr("y") != ""
	for _, kid := range e.kids {
		if kid.name == "" {
			next.words = kid.text
			t.runs = append(t.runs, next)
			next.atX, next.atY, next.x, next.y = false, false, 0, 0
			continue
		}
		if kid.name != "tspan" {
			return fmt.Errorf("%s in text isn't read", kid.name)
		}
		inner, err := s.of(kid)
		if err != nil {
			return err
		}
		if inner.gone {
			continue
		}
		if next.placed() { // the place of the text itself, for a tspan without one
			empty := next
			empty.words = ""
			t.runs = append(t.runs, empty)
			next.atX, next.atY, next.x, next.y = false, false, 0, 0
		}
		if err := b.runs(t, kid, inner, false); err != nil {
			return err
		}
	}
	return nil
}

// emLength reads a length that may be in font sizes, as dy often is.
func emLength(value string, size float64) (float64, error) {
	if em, ok := strings.CutSuffix(strings.TrimSpace(value), "em"); ok {
		v, err := length(em, 0, 1)
		return v * size, err
	}
	return length(value, 0, 1)
}

// collapse makes one space of several, and none at both ends of a text.
func collapse(runs []run) {
	space := true
	last := -1
	for i := range runs {
		var b strings.Builder
		for _, r := range runs[i].words {
			if r == ' ' || r == '\n' || r == '\t' || r == '\r' {
				if !space {
					b.WriteByte(' ')
				}
				space = true
				continue
			}
			b.WriteRune(r)
			space = false
		}
		if runs[i].words = b.String(); runs[i].words != "" {
			last = i
		}
	}
	if last >= 0 {
		runs[last].words = strings.TrimSuffix(runs[last].words, " ")
	}
}
