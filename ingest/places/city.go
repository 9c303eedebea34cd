package places

import "strings"

// city settles hits that name a city, or a part of a country known by the
// table alone.
func (d *decision) city(i int) bool {
	h := &d.r.hits[i]
	n := d.g.around(d.r, h)
	var best *entry
	var most, sum float64
	doubt := flags(0)
	for k := range h.entries {
		e := &h.entries[k]
		if e.flags&tiny != 0 || !d.g.usable(d.r, e, d.sp, h.first, h.last) {
			continue
		}
		w := d.weigh(h, e)
		sum += w
		if w > most {
			best, most = e, w
		}
	}
	if best == nil {
		return true
	}
	for k := range h.entries {
		if e := &h.entries[k]; e.country == best.country {
			doubt |= e.flags & (weak | named)
		}
	}
	e := *best
	e.flags |= doubt
	for k := range h.entries {
		if o := &h.entries[k]; o.country == e.country && o.people == wellKnown && d.g.usable(d.r, o, d.sp, h.first, h.last) {
			e.people = wellKnown
		}
	}
	if settled, _ := d.special(h, &n, &e); settled {
		return true
	}
	if d.g.branded(d.r, h, &n, &e) || d.g.person(d.r, h, &n, &e) || !d.likely(h, &n, &e) {
		return false
	}
	share := most / sum
	f := finding{country: e.country, kind: aCity, confidence: 0.5 + 0.4*share, within: n.within(), place: d.r.text[h.start:h.end]}
	if e.kind == aPart {
		f.kind, f.place = aPart, ""
	}
	if d.isSure(e.country) {
		f.confidence = 0.95
	}
	d.find(f, h)
	return true
}

// abbreviated finds towns that no table has, by the state behind them:
// "Liberty, N.C.".
func (d *decision) abbreviated() {
	for i := 1; i < len(d.r.tokens); i++ {
		t, p := &d.r.tokens[i], &d.r.tokens[i-1]
		if t.gap != gapComma || !p.upper || p.caps && !d.r.shouted {
			continue
		}
		part, ok := d.state(i)
		if !ok || !t.dotted && !t.caps && !strings.HasPrefix(d.r.text[t.end:], ".") {
			continue
		}
		if t.letters() == 2 && !t.dotted && d.r.shouted {
			continue
		}
		if in := d.countryOf(part); !d.isSure(in) {
			d.find(finding{country: in, kind: aCity, confidence: 0.8, place: d.r.text[p.start:p.end]}, &hit{first: i - 1, last: i, start: p.start, end: t.end})
		}
	}
}

// weigh is the prior of a city: its people, more if it is a capital, if its
// country is spoken of, and a little if the text was published there.
func (d *decision) weigh(h *hit, e *entry) float64 {
	w := float64(e.people)
	if e.people == wellKnown { // the table knows better how great it is
		for k := range h.entries {
			if o := &h.entries[k]; o.country == e.country && o.kind == aCity && o.people != wellKnown && o.flags&tiny == 0 {
				w = max(1, min(w, float64(o.people)*1.01))
			}
		}
		if d.sp.known && e.langs&d.sp.own != 0 && (d.sp.own != d.g.english || !d.atHome(h)) {
			w *= 3 // a list of the text's own language knows what it means
		}
	}
	if e.kind == aPart && w == 0 {
		w = 30_000
		if strings.Contains(great, " "+d.g.countries[e.country]+" ") {
			w = 300_000
		}
	}
	if e.flags&capital != 0 {
		w = w*4 + 100_000
	} else if e.flags&seat != 0 {
		w *= 1.5
	}
	if d.isSure(e.country) {
		w *= 8
	}
	if d.source != noCountry && e.country == d.source {
		w *= 6
	}
	return w
}

// atHome tells whether the country that the text was published in has a city
// of this name: its readers may think of that one first.
func (d *decision) atHome(h *hit) bool {
	for k := range h.entries {
		if e := &h.entries[k]; d.source != noCountry && e.country == d.source && e.kind == aCity && e.people >= 100_000 {
			return true
		}
	}
	return false
}

// likely tells whether a place is meant at all.
func (d *decision) likely(h *hit, n *near, e *entry) bool {
	if h.gram {
		return true
	}
	t := &d.r.tokens[h.first]
	words := h.last - h.first + 1
	in, follows := n.within(), n.follows()
	if d.r.shouted || !t.cased {
		in = in || !t.cased && e.flags&weak == 0
	}
	crowded := !d.r.titled && (n.prevCapital && !d.g.lists.before[n.beforeWord] && h.first > 1 || n.nextCapital && !n.hyphenAfter(h))
	known := e.people == wellKnown
	if e.kind == aPart && e.people == 0 && !d.isSure(e.country) {
		if e.flags&(weak|named) != 0 || crowded || d.r.titled && n.prevCapital {
			return false
		}
		return in || strings.Contains(great, " "+d.g.countries[e.country]+" ")
	}
	beside := n.prevCapital && !d.g.lists.before[n.beforeWord] && !in && words == 1
	switch {
	case n.townOf() && t.upper && t.letters() > 2:
		return true
	case beside && d.r.titled && !known && e.people < 500_000 && !d.isSure(e.country):
		return false // Kazuki Takahashi Dies
	case beside && n.hyphenBefore(h) && e.people < 500_000:
		return false
	case e.flags&weak != 0:
		if known {
			return in && !n.nextCapital && !n.says(n.prev, "to", "at", "around", "across", "throughout", "leaves", "visits") || n.says(n.next, "airport", "council", "mayor", "residents", "councillors", "court", "regulator", "bailiwick")
		}
		return in && !d.r.titled && !n.nextCapital && (e.people >= 60_000 || d.isSure(e.country) && e.people >= 15_000) && (n.grave() || !n.says(n.prev, "a", "at", "en", "from", "to", "around", "across", "throughout")) && t.upper
	case e.flags&named != 0:
		if in || follows || n.possessive {
			return !crowded && (e.people >= 40_000 || in && e.people >= 20_000)
		}
		if d.isSure(e.country) {
			return !crowded
		}
		return e.people >= 250_000 && !crowded
	case known:
		return true
	case d.isSure(e.country):
		return true
	case in, follows && e.people >= 30_000, n.possessive && e.people >= 60_000:
		return true
	case e.people >= 300_000 || e.flags&capital != 0 && e.people >= 50_000:
		return t.letters() > 3 || !d.r.titled
	case words > 1:
		return e.people >= 50_000 || !d.r.titled
	case d.r.titled || h.first == 0 && !n.dateline(h):
		return e.people >= 120_000 && t.letters() > 4 || e.people >= 30_000 && t.letters() > 4 && !d.r.titled && !crowded && d.g.spokenIn(d.sp, e.country)
	}
	if t.letters() > 4 && !crowded && d.g.spokenIn(d.sp, e.country) {
		return true // papers know the towns of their own country
	}
	return e.people >= 50_000 && t.letters() > 3 && !crowded || e.people >= 100_000 && t.letters() > 4
}

// great are countries whose parts are known by their names elsewhere too.
const great = " US CA AU IN CN BR MX DE GB ES IT FR JP RU PL ID TR UA ZA NG AR PK KR MY PH TH VN NL BE CH AT SE NO FI DK RO HU CZ EG SA IR IQ KE CO CL PE "

// dateline tells whether a text begins with a place and a sign: "Lyon (AFP)".
func (n *near) dateline(h *hit) bool {
	i := h.last + 1
	return h.first == 0 && i < len(n.r.tokens) && n.r.tokens[i].gap == gapOther
}

// spokenIn tells whether a text's language is one of a country's, in which
// capitals say what a name is.
func (g *gazetteer) spokenIn(sp speech, country uint16) bool {
	return sp.known && strings.Contains(spokenIn, " "+g.tags[sp.number]+":"+g.countries[country]+" ")
}

const spokenIn = " fr:FR fr:BE fr:CH fr:CA fr:LU es:ES es:MX es:AR es:CO es:CL es:PE es:EC es:VE es:UY it:IT it:CH pt:PT pt:BR nl:NL nl:BE" +
	" sv:SE sv:FI da:DK no:NO nb:NO fi:FI et:EE lv:LV lt:LT pl:PL cs:CZ sk:SK hu:HU ro:RO hr:HR sl:SI sr:RS bs:BA tr:TR id:ID ms:MY vi:VN ca:ES is:IS sq:AL "
