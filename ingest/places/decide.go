package places

import "strings"

// decision weighs the hits of one field against each other.
type decision struct {
	l      *Locator
	g      *gazetteer
	r      *reader
	sp     speech
	source uint16

	sure []uint16 // countries that are named beyond doubt
	done []bool   // by hit: settled
}

func (d *decision) decide() {
	d.done = make([]bool, len(d.r.hits))
	for i := range d.r.hits {
		if !d.done[i] { // it may be what the city before lies in
			d.done[i] = d.branded(i) || d.contained(i)
		}
	}
	for i := range d.r.hits {
		if !d.done[i] {
			d.done[i] = d.plain(i)
		}
	}
	for range 2 { // what the first look found may settle more
		known := len(d.sure)
		for i := range d.r.hits {
			if !d.done[i] {
				d.done[i] = d.city(i)
			}
		}
		if len(d.sure) == known {
			break
		}
	}
	d.abbreviated()
	d.otherKorea()
}

func (d *decision) find(f finding, h *hit) {
	if t := &d.r.tokens[h.last]; t.dotted && h.end == t.end && strings.HasPrefix(d.r.text[h.end:], ".") && !h.gram {
		h = &hit{first: h.first, last: h.last, start: h.start, end: h.end + 1} // U.S.
	}
	f.start, f.end, f.token = h.start, h.end, h.first
	d.r.found = append(d.r.found, f)
	d.sure = append(d.sure, f.country)
}

func (d *decision) isSure(country uint16) bool {
	for _, c := range d.sure {
		if c == country {
			return true
		}
	}
	return false
}

// branded tells whether a hit lies in the name of a watched brand.
func (d *decision) branded(i int) bool {
	if len(d.l.brands) == 0 {
		return false
	}
	h := &d.r.hits[i]
	for from := max(0, h.first-4); from <= h.last; from++ {
		for _, words := range d.l.brands[string(d.r.letters(from))] {
			if from+len(words) <= h.first || from+len(words) > len(d.r.tokens) {
				continue
			}
			same := true
			for k, w := range words {
				if string(d.r.letters(from+k)) != w {
					same = false
					break
				}
			}
			n := d.g.around(d.r, h)
			if same && !n.townOf() {
				return true
			}
		}
	}
	return false
}

// townOf tells whether the text says outright that this is a place.
func (n *near) townOf() bool {
	i := n.prev
	return i > 0 && n.says(i, "of", "de", "av", "von") && n.says(i-1, "town", "city", "village", "municipality", "mayor", "ville", "ciudad", "cidade", "stadt", "stad") ||
		n.says(i, "near", "outside", "downtown", "staden", "kaupungissa", "kaupunki", "mayor")
}

// contained settles "city, state", "city, country" and "city (country)": the
// city is in what stands behind it, whatever greater city is called so.
func (d *decision) contained(i int) bool {
	h := &d.r.hits[i]
	if h.gram || h.last+1 >= len(d.r.tokens) {
		return false
	}
	next := &d.r.tokens[h.last+1]
	bracket := next.gap == gapOther && next.start-h.end <= 2 && d.r.text[next.start-1] == '('
	if next.gap != gapComma && next.gap != gapSpace && !bracket {
		return false
	}
	if part, ok := d.state(h.last + 1); ok && next.gap == gapComma {
		in := d.countryOf(part)
		for k := range h.entries {
			if e := &h.entries[k]; e.country == in && (e.part == part || e.part < 0) && e.kind != aPeople && e.kind != nothing {
				f := finding{country: in, kind: aCity, confidence: 0.95, place: d.r.text[h.start:h.end], within: d.isWithin(h)}
				wide := *h
				wide.end = d.r.tokens[h.last+1].end
				d.find(f, &wide)
				return true
			}
		}
	}
	if i+1 >= len(d.r.hits) || d.r.hits[i+1].first != h.last+1 {
		return false
	}
	around := &d.r.hits[i+1]
	for a := range around.entries {
		outer := &around.entries[a]
		if outer.kind != aCountry && outer.kind != aPart || !d.g.usable(d.r, outer, d.sp, around.first, around.last) {
			continue
		}
		us := d.g.countries[outer.country] == "US"
		if next.gap == gapSpace && (outer.kind != aPart || !us) {
			continue
		}
		for k := range h.entries {
			e := &h.entries[k]
			if e.country != outer.country || e.kind != aCity && (e.kind != aPart || outer.kind == aPart) {
				continue
			}
			if outer.kind == aPart && outer.part >= 0 && e.part >= 0 && e.part != outer.part {
				continue
			}
			if outer.kind == aPart && e.part < 0 && e.people == wellKnown && outer.part >= 0 && !d.otherIn(h, outer) && next.gap == gapSpace {
				continue
			}
			within := d.isWithin(h)
			d.find(finding{country: e.country, kind: aCity, confidence: 0.95, place: d.r.text[h.start:h.end], within: within}, h)
			d.find(finding{country: e.country, kind: outer.kind, confidence: 0.95, within: within}, around)
			d.done[i+1] = true
			return true
		}
	}
	return false
}

// otherIn tells whether an entry of a hit lies in a part.
func (d *decision) otherIn(h *hit, outer *entry) bool {
	for k := range h.entries {
		if h.entries[k].part == outer.part && h.entries[k].kind == aCity {
			return true
		}
	}
	return false
}

func (d *decision) countryOf(part int32) uint16 { return d.g.index[d.g.partOf[part][:2]] }

func (d *decision) isWithin(h *hit) bool {
	n := d.g.around(d.r, h)
	return n.within()
}

// state reads a token as the abbreviation of a state: TX, Calif.
func (d *decision) state(i int) (part int32, ok bool) {
	t := &d.r.tokens[i]
	code, known := d.g.states[string(d.r.letters(i))]
	if !known || !t.upper {
		return 0, false
	}
	if t.letters() == 2 && !t.caps {
		return 0, false
	}
	return code, true
}

// plain settles hits that name a country, its people, or a part of it.
func (d *decision) plain(i int) bool {
	h := &d.r.hits[i]
	n := d.g.around(d.r, h)
	var best *entry
	for k := range h.entries {
		e := &h.entries[k]
		if !d.g.usable(d.r, e, d.sp, h.first, h.last) {
			continue
		}
		if e.kind == nothing {
			return true
		}
		if e.kind == aCity || e.kind == aPart && e.people == 0 {
			continue
		}
		if best == nil || rank(e) > rank(best) {
			best = e
		}
	}
	if best == nil {
		return false
	}
	if settled, country := d.special(h, &n, best); settled {
		if country != noCountry {
			d.find(finding{country: country, kind: best.kind, confidence: 0.8, within: n.within()}, h)
		}
		return true
	}
	if d.g.branded(d.r, h, &n, best) || d.g.person(d.r, h, &n, best) {
		return true
	}
	f := finding{country: best.country, kind: best.kind, within: n.within()}
	switch best.kind {
	case aCountry:
		f.confidence = 0.95
	case aPeople, aPart:
		f.confidence = 0.85
	case aMetonym, aCity, nothing:
		f.confidence = 0.8
	}
	if best.flags&joint == 0 {
		d.find(f, h)
		return true
	}
	for k := range h.entries {
		if e := &h.entries[k]; e.flags&joint != 0 && e.kind == best.kind {
			f.country = e.country
			d.find(f, h)
		}
	}
	return true
}

// rank orders what a name may name, before cities are weighed.
func rank(e *entry) int {
	switch e.kind {
	case aCountry:
		return 5
	case aMetonym:
		return 4
	case aPart:
		return 3
	case aPeople:
		return 2
	case aCity, nothing:
	}
	return 0
}

// otherKorea finds "the North" and "South" where one Korea is named.
func (d *decision) otherKorea() {
	north, south := d.g.index["KP"], d.g.index["KR"]
	if !d.isSure(north) && !d.isSure(south) {
		return
	}
	for i := range d.r.tokens {
		t := &d.r.tokens[i]
		if t.word < 0 || !t.upper || t.word != d.g.north && t.word != d.g.south {
			continue
		}
		in := false
		for _, h := range d.r.hits {
			in = in || h.first <= i && i <= h.last
		}
		if in || i+1 < len(d.r.tokens) && d.r.tokens[i+1].upper && d.r.tokens[i+1].gap == gapSpace && !d.r.titled {
			continue
		}
		country := north
		if t.word == d.g.south {
			country = south
		}
		if !d.isSure(country) {
			d.find(finding{country: country, kind: aCountry, confidence: 0.75}, &hit{first: i, last: i, start: t.start, end: t.end})
		}
	}
}
