package server

import "slices"

// hang remembers that a picture is asked for. The caller has the lock.
func (g *gallery) hang(w wanted) *hung {
	key := w.key()
	h := g.kept[key]
	if h == nil {
		if len(g.kept) >= maxHung {
			g.takeDown(maxHung / 10)
		}
		// Nobody knows which changes came while it wasn't here.
		h = &hung{wanted: w, change: g.changes}
		g.kept[key] = h
	}
	h.asked = g.now()
	return h
}

// takeDown forgets the pictures that nobody asked for the longest.
func (g *gallery) takeDown(n int) {
	keys := make([]string, 0, len(g.kept))
	for k := range g.kept {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return g.kept[a].asked.Compare(g.kept[b].asked) })
	for _, k := range keys[:min(n, len(keys))] {
		delete(g.kept, k)
	}
}

// makeRoom lets go of pictures, those that nobody asked for the longest first,
// until the rest has room. The caller has the lock.
func (g *gallery) makeRoom(newest *hung) {
	for {
		used := 0
		var oldest *hung
		for _, h := range g.kept {
			if h.pic == nil {
				continue
			}
			used += len(h.pic.data) + len(h.pic.zipped)
			if h != newest && (oldest == nil || h.asked.Before(oldest.asked)) {
				oldest = h
			}
		}
		if used <= galleryRoom || oldest == nil {
			return
		}
		oldest.pic = nil
	}
}
