package places

// hit is a stretch of a text that may name a place.
type hit struct {
	first, last int // tokens
	start, end  int // bytes
	entries     []entry
	inflected   bool
	gram        bool // found within a run of letters
}

// finding is a place that a hit was found to name.
type finding struct {
	country    uint16
	kind       kind
	start, end int
	token      int // the first one
	confidence float64
	place      string
	within     bool // the text says "in" or the like before it
}

// speech is what is known of a text's language.
type speech struct {
	mask   uint64 // of the languages that names may be in; 0: any
	own    uint64 // of the text's own
	number uint8
	known  bool
}

// usable tells whether an entry may be meant where tokens first…last stand.
func (g *gazetteer) usable(r *reader, e *entry, sp speech, first, last int) bool {
	if e.langs != 0 && sp.known && e.langs&sp.mask == 0 {
		return false
	}
	if e.langs != 0 && sp.known && e.kind == aPeople && e.langs&sp.own == 0 {
		return false // words for peoples are of one language
	}
	if e.flags&strict != 0 && (!sp.known || e.langs&sp.own == 0) {
		return false
	}
	t := &r.tokens[first]
	if e.flags&exact != 0 {
		if lower(r.text[t.start:r.tokens[last].end]) != e.spelt {
			return false
		}
	}
	if !t.cased {
		return true
	}
	if e.flags&capsOnly != 0 {
		if r.small {
			return sp.known && sp.own == g.english && g.lists.initials[t.word]
		}
		if r.shouted && !t.dotted && t.letters() < 3 {
			return false
		}
		return t.caps && (!r.shouted || t.dotted || t.letters() >= 3)
	}
	if e.flags&anyCase != 0 || t.upper {
		return true
	}
	if e.kind == nothing {
		return last > first // a brand in small letters is a brand
	}
	return r.small && g.usableSmall(r, e, sp, first, last)
}

// usableSmall is usable, for texts without a capital.
func (g *gazetteer) usableSmall(r *reader, e *entry, sp speech, first, last int) bool {
	t := &r.tokens[first]
	switch {
	case e.flags&(weak|named) != 0, first == last && t.letters() <= 3:
		return false
	case first == last && g.lists.homely[t.word]: // a turkey, unless it is in Turkey
		return first > 0 && r.tokens[first-1].word >= 0 && g.lists.sure[r.tokens[first-1].word]
	case e.kind == aPeople:
		return e.langs == g.english && t.letters() > 4
	}
	return e.kind == aCountry || e.kind == aMetonym || e.people >= 300_000 || first < last && e.kind == aPart
}

// joins tells whether a name may go on across a gap.
func joins(t *token) bool {
	switch t.gap {
	case gapSpace, gapHyphen, gapApo, gapDot, gapEnd, gapNone:
		return true
	case gapStart, gapComma, gapOther:
	}
	return false
}

// scan finds all hits, the longest at each place, from left to right.
func (g *gazetteer) scan(r *reader, sp speech) {
	for i := range r.tokens {
		if w, ok := g.words[string(r.letters(i))]; ok {
			r.tokens[i].word = w
		}
	}
	for i := 0; i < len(r.tokens); {
		t := &r.tokens[i]
		switch t.script {
		case run:
			g.scanRun(r, i, false)
			i++
			continue
		case hangul:
			g.scanRun(r, i, true)
			i++
			continue
		case latin, cyrillic, arabic, hebrew, indic:
		}
		if h, ok := g.longestAt(r, sp, i); ok {
			if h.last == i && t.letters() >= 4 && !g.plainly(r, &h, sp) {
				if other, ok := g.inflectedAt(r, sp, i); ok {
					h = other // "Srpska" is a part of one country, and what is another's
				}
			}
			r.hits = append(r.hits, h)
			i = h.last + 1
			continue
		}
		if t.letters() >= 3 {
			if h, ok := g.inflectedAt(r, sp, i); ok {
				r.hits = append(r.hits, h)
			} else if h, ok := g.townAt(r, sp, i); ok {
				r.hits = append(r.hits, h)
			}
		}
		i++
	}
}

// plainly tells whether a hit names something better known than a small town or
// a part of a country.
func (g *gazetteer) plainly(r *reader, h *hit, sp speech) bool {
	for k := range h.entries {
		e := &h.entries[k]
		if (e.kind != aCity && e.kind != aPart || e.people > 200_000) && g.usable(r, e, sp, h.first, h.last) {
			return true
		}
	}
	return false
}

func (g *gazetteer) longestAt(r *reader, sp speech, i int) (best hit, found bool) {
	w := r.tokens[i].word
	if w < 0 {
		return best, false
	}
	at := g.roots[w]
	for j := i; at >= 0; {
		n := &g.nodes[at]
		if len(n.entries) > 0 {
			for k := range n.entries {
				if g.usable(r, &n.entries[k], sp, i, j) {
					best = hit{first: i, last: j, start: r.tokens[i].start, end: r.tokens[j].end, entries: n.entries}
					found = true
					break
				}
			}
		}
		if !n.more {
			break
		}
		j++
		if j >= len(r.tokens) || !joins(&r.tokens[j]) || r.tokens[j].word < 0 {
			break
		}
		next, ok := g.edges[edge{at, r.tokens[j].word}]
		if !ok {
			break
		}
		at = next
	}
	return best, found
}

// inflectedAt finds a name with an ending or a prefix of its language.
func (g *gazetteer) inflectedAt(r *reader, sp speech, i int) (hit, bool) {
	t := &r.tokens[i]
	letters := r.letters(i)
	made := func(entries []entry) (hit, bool) {
		for k := range entries {
			if g.usable(r, &entries[k], sp, i, i) {
				return hit{first: i, last: i, start: t.start, end: t.end, entries: entries, inflected: true}, true
			}
		}
		return hit{}, false
	}
	switch t.script {
	case arabic, hebrew:
		rest := letters
		for range 3 { // and, in, to, like, the
			cut := prefixOf(rest, t.script)
			if cut == 0 || len(rest)-cut < 4 {
				break
			}
			rest = rest[cut:]
			if w, ok := g.words[string(rest)]; ok && g.roots[w] >= 0 {
				// A name of several words may begin here.
				old := t.word
				t.word = w
				h, ok := g.longestAt(r, sp, i)
				t.word = old
				if ok {
					return h, true
				}
			}
			if h, ok := g.stemOf(rest, sp, t.script, made); ok {
				return h, true
			}
		}
		return g.stemOf(letters, sp, t.script, made)
	case latin, cyrillic, indic:
		return g.stemOf(letters, sp, t.script, made)
	case run, hangul:
	}
	return hit{}, false
}

// townAt finds a town of a country where the text's language is spoken, with
// an ending of that language: "w Jaworze".
func (g *gazetteer) townAt(r *reader, sp speech, i int) (hit, bool) {
	t := &r.tokens[i]
	endings := g.endings[sp.number]
	if !sp.known || sp.own == g.english || !t.upper || i == 0 || t.letters() < 6 || r.titled || len(endings) == 0 {
		return hit{}, false
	}
	word := r.letters(i)
	var room [32]byte
	for n := len(word) - 1; n >= 4 && n >= len(word)-5; n-- {
		if !endings[string(word[n:])] {
			continue
		}
		for _, end := range [...]string{"", "a", "e", "i", "o", "y"} {
			base := append(append(room[:0], word[:min(n, 30)]...), end...)
			w, ok := g.words[string(base)]
			if !ok || g.roots[w] < 0 {
				continue
			}
			entries := g.nodes[g.roots[w]].entries
			for k := range entries {
				e := &entries[k]
				if e.kind == aCity && e.flags&(tiny|weak|named) == 0 && e.langs == 0 && g.spokenIn(sp, e.country) {
					return hit{first: i, last: i, start: t.start, end: t.end, entries: entries[k : k+1], inflected: true}, true
				}
			}
		}
	}
	return hit{}, false
}

func prefixOf(b []byte, s script) int {
	if len(b) < 4 {
		return 0
	}
	c, n := decode(string(b[:4]), 0)
	if s == hebrew {
		switch c {
		case 'ב', 'ל', 'מ', 'ה', 'ו', 'ש', 'כ':
			return n
		}
		return 0
	}
	switch c {
	case 'و', 'ف', 'ب', 'ل', 'ك':
		return n
	case 'ا':
		if next, m := decode(string(b[:4]), n); next == 'ل' {
			return n + m
		}
	}
	return 0
}

// stemOf finds the longest stem that a word begins with, the rest of which is
// an ending.
func (g *gazetteer) stemOf(word []byte, sp speech, s script, made func([]entry) (hit, bool)) (hit, bool) {
	try := func(lang uint8) (hit, bool) {
		stems, endings := g.stems[lang], g.endings[lang]
		if stems == nil {
			return hit{}, false
		}
		for n := len(word); n >= 2; n-- {
			if n < len(word) && word[n]&0xC0 == 0x80 {
				continue // within a letter
			}
			if len(word)-n > 16 {
				break
			}
			if entries, ok := stems[string(word[:n])]; ok && (endings[string(word[n:])]) {
				if h, ok := made(entries); ok {
					return h, true
				}
			}
		}
		return hit{}, false
	}
	if sp.known {
		return try(sp.number)
	}
	for _, lang := range g.guesses[s] {
		if h, ok := try(lang); ok {
			return h, true
		}
	}
	return hit{}, false
}

// scanRun finds names within a run of letters without spaces between words; in
// Korean, at the beginning of a word only.
func (g *gazetteer) scanRun(r *reader, i int, begin bool) {
	t := &r.tokens[i]
	b := r.folded[t.from:t.to]
	for at := 0; at < len(b); {
		c, size := decode(string(b[at:min(at+4, len(b))]), 0)
		longest := min(g.longest[c], len(b)-at)
		found := 0
		for n := longest; n >= size; n-- {
			if at+n < len(b) && b[at+n]&0xC0 == 0x80 {
				continue
			}
			if entries, ok := g.grams[string(b[at:at+n])]; ok {
				start, end := t.start+at, t.start+at+n
				if t.to-t.from != t.end-t.start { // a letter was folded to another size
					start, end = t.start, t.end
				}
				r.hits = append(r.hits, hit{first: i, last: i, start: start, end: end, entries: entries, gram: true})
				found = n
				break
			}
		}
		if begin {
			return
		}
		at += max(found, size)
	}
}
