package watch

import (
	"slices"
	"unicode/utf8"

	"agora/mood"
)

// maxSpans bounds what one text can make a hit carry.
const maxSpans = 500

// collect evaluates a node and adds the places of every term that made it
// true to d.hits.
func (d *document) collect(n *node) bool {
	mark := len(d.hits)
	switch n.op {
	case opTerm:
		c := d.places(n.leaf)
		if n.negated {
			return !c.next()
		}
		for c.next() && len(d.hits)-mark < maxSpans {
			d.hits = append(d.hits, c.hit)
		}
		return len(d.hits) > mark
	case opNear:
		found := d.nearby(n)
		if found && !n.negated {
			for i := range n.kids {
				for _, h := range d.near[i] {
					if h.marked && len(d.hits)-mark < maxSpans {
						d.hits = append(d.hits, h)
					}
				}
			}
		}
		return found != n.negated
	case opFact:
		return d.text.is(n.fact) != n.negated
	case opAnd:
		for _, kid := range n.kids {
			if !d.collect(kid) {
				d.hits = d.hits[:mark]
				return false
			}
		}
		return true
	}
	found := false
	for _, kid := range n.kids {
		if d.collect(kid) {
			found = true
		}
	}
	return found
}

// spans gives the places in d.hits in order, without overlaps, in code points.
func (d *document) spans() []mood.Span {
	if len(d.hits) == 0 {
		return nil
	}
	slices.SortFunc(d.hits, func(a, b hit) int {
		switch {
		case a.body != b.body:
			if a.body {
				return 1
			}
			return -1
		case a.start != b.start:
			return int(a.start - b.start)
		}
		return int(b.end - a.end)
	})
	merged := d.hits[:1]
	for _, h := range d.hits[1:] {
		last := &merged[len(merged)-1]
		if h.body == last.body && h.start < last.end {
			last.end = max(last.end, h.end)
			continue
		}
		merged = append(merged, h)
	}
	merged = merged[:min(len(merged), maxSpans)]
	out := make([]mood.Span, len(merged))
	text, field := d.title, "title"
	bytes, points := 0, 0
	for i, h := range merged {
		if h.body && field == "title" {
			text, field, bytes, points = d.body, "text", 0, 0
		}
		points += utf8.RuneCountInString(text[bytes:h.start])
		begin := points
		points += utf8.RuneCountInString(text[h.start:h.end])
		bytes = int(h.end)
		out[i] = mood.Span{Field: field, Start: begin, End: points}
	}
	return out
}
