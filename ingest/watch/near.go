package watch

// nearby evaluates a NEAR: whether there is a place for each of its terms such
// that neighbours in the query are near each other in the text. The places
// that take part are left marked in d.near.
func (d *document) nearby(n *node) bool {
	for len(d.near) < len(n.kids) {
		d.near = append(d.near, nil)
	}
	for i, kid := range n.kids {
		d.near[i] = d.near[i][:0]
		c := d.places(kid.leaf)
		for c.next() {
			d.near[i] = append(d.near[i], c.hit)
		}
		if len(d.near[i]) == 0 {
			return false
		}
	}
	for i := range d.near[0] {
		d.near[0][i].marked = true
	}
	for i, within := range n.within {
		if !markNear(d.near[i], d.near[i+1], within) {
			return false
		}
	}
	// Those that can be reached from the front, but not from the back, drop out.
	for i := len(n.within) - 1; i >= 0; i-- {
		unmarkFar(d.near[i], d.near[i+1], n.within[i])
	}
	return true
}

// markNear marks every place of b that is near a marked place of a. Both lists
// are in the order of the text, and so are the ends of their places.
func markNear(a, b []hit, within int32) bool {
	found := false
	i, ahead, behind := 0, -1, 0
	for j := range b {
		h := &b[j]
		h.marked = false
		for ; i < len(a) && isAhead(&a[i], h); i++ {
			if a[i].marked {
				ahead = i
			}
		}
		behind = max(behind, i)
		for behind < len(a) && !(a[behind].marked && isAhead(h, &a[behind])) {
			behind++
		}
		if ahead >= 0 && h.words[0]-a[ahead].words[1] <= within ||
			behind < len(a) && a[behind].words[0]-h.words[1] <= within {
			h.marked = true
			found = true
		}
	}
	return found
}

// unmarkFar leaves only those places of a marked that are near a marked place
// of b.
func unmarkFar(a, b []hit, within int32) {
	i, ahead, behind := 0, -1, 0
	for j := range a {
		h := &a[j]
		for ; i < len(b) && isAhead(&b[i], h); i++ {
			if b[i].marked {
				ahead = i
			}
		}
		behind = max(behind, i)
		for behind < len(b) && !(b[behind].marked && isAhead(h, &b[behind])) {
			behind++
		}
		h.marked = h.marked &&
			(ahead >= 0 && h.words[0]-b[ahead].words[1] <= within ||
				behind < len(b) && b[behind].words[0]-h.words[1] <= within)
	}
}

// isAhead reports whether a ends before b begins.
func isAhead(a, b *hit) bool {
	return a.body == b.body && a.end <= b.start || !a.body && b.body
}
