package places

// special settles names that are two countries', or a word's. country is none
// where no place is meant.
func (d *decision) special(h *hit, n *near, e *entry) (settled bool, country uint16) {
	if h.gram || h.last > h.first {
		return false, noCountry
	}
	switch string(d.r.letters(h.first)) {
	case "georgia":
		return true, d.georgia(h, n)
	case "jordan", "chad":
		crowd := n.prevCapital && !d.r.titled && h.first > 1 && !d.g.lists.before[n.beforeWord] || n.nextCapital && !d.r.titled
		if crowd && !n.within() || n.afterWord >= 0 && d.g.lists.surname[n.afterWord] || n.beforeWord >= 0 && d.g.lists.given[n.beforeWord] ||
			n.says(n.prev, "air", "coach", "nike", "his") || n.says(n.next, "brand", "shoes", "sneakers", "sneaker", "retro", "retros", "release", "collection") || n.nextDigits() {
			return true, noCountry
		}
		if d.r.titled && n.next >= 0 && !n.follows() && !n.within() && h.first == 0 && string(d.r.letters(h.first)) == "chad" {
			return true, noCountry
		}
	case "turkey":
		if n.says(n.prev, "roast", "thanksgiving", "christmas", "frozen", "smoked", "wild", "butterball", "ground", "holiday", "leftover", "deli", "fried", "cooked", "organic", "free", "vegan", "whole", "eat", "cook", "carve", "s", "bernard") ||
			n.says(n.next, "sandwich", "sandwiches", "dinner", "dinners", "burger", "burgers", "bacon", "breast", "breasts", "roast", "leg", "legs", "recipe", "recipes", "meat", "stuffing", "farm", "farms", "farmers", "club", "sub", "subs", "prices", "shortage", "baguette", "mince", "twizzlers", "and", "producer", "slices", "wraps", "wrap", "hotline") && !n.says(n.next, "and") {
			return true, noCountry
		}
	case "java":
		if !n.says(n.next, "island", "sea", "earthquake", "quake", "volcano") && !n.says(n.prev, "on", "indonesia", "off", "across") && !d.isSure(d.g.index["ID"]) {
			return true, noCountry
		}
	case "english":
		if n.within() || n.says(n.prev, "in", "speak", "speaks", "learn", "learning", "teach", "to", "plain", "into", "fluent", "american", "broken", "spoken") || n.next < 0 ||
			n.says(n.next, "language", "speaking", "speakers", "speaker", "version", "subtitles", "translation", "dub", "course", "courses", "class", "classes", "teacher", "teachers", "test", "tests", "proficiency", "literature", "lessons", "edition", "audio", "only", "app", "support", "learners") {
			return true, noCountry
		}
	case "french", "german", "spanish", "russian", "italian", "portuguese", "dutch", "chinese", "japanese", "korean", "turkish", "polish", "swedish", "danish", "norwegian", "finnish", "greek", "hebrew", "thai", "vietnamese":
		if n.says(n.next, "language", "speaking", "speakers", "speaker", "version", "subtitles", "translation", "translations", "dub", "lessons", "class", "classes", "edition", "dictionary", "course", "courses", "immersion", "localisation", "localization", "remover", "keyboard", "alphabet") ||
			n.says(n.prev, "speak", "speaks", "learn", "learning", "nail", "shoe", "into", "spoken", "duolingo", "floor", "fluent", "wax", "metal", "car") || n.says(n.prev, "in", "to") && n.next < 0 {
			return true, noCountry
		}
	case "cologne":
		if n.says(n.next, "spray", "for", "by", "line", "fragrance", "bottle", "brand", "scent") || n.says(n.prev, "de", "new", "a", "signature", "favourite", "favorite", "s", "dior", "chanel", "armani", "his", "unisex") && !n.within() || d.r.titled && !n.within() && !n.possessive && h.first > 0 {
			return true, noCountry
		}
	case "america":
		if n.says(n.prev, "latin", "south", "north", "central", "captain", "miss") {
			return true, noCountry
		}
	case "oman": // "own", in Finnish
		if n.r.tokens[h.first].gap == gapStart && d.sp.known && d.g.langs["fi"] == d.sp.number {
			return true, noCountry
		}
	case "us":
		if d.sp.known && d.sp.own&d.g.english == 0 && !d.r.tokens[h.first].caps {
			return true, noCountry
		}
	case "congo":
		if d.isSure(d.g.index["CG"]) {
			return true, d.g.index["CG"]
		}
	case "guinea":
		if n.says(n.next, "pig", "pigs", "fowl", "worm") {
			return true, noCountry
		}
	case "kiwi", "kiwis":
		if n.says(n.next, "fruit", "juice", "slices", "berry", "smoothie", "co") || n.next >= 0 && n.nextCapital && !d.r.titled {
			return true, noCountry
		}
	case "china":
		if n.says(n.prev, "fine", "bone", "wedding", "vintage", "antique", "wedgwood", "doulton", "spode", "meissen", "ikea", "grandmother", "s", "floral") && !n.says(n.prev, "s") ||
			n.says(n.next, "plate", "plates", "set", "cup", "cups", "cabinet", "teacup", "dishes", "dinnerware", "teapot", "mug", "mugs", "bowl", "bowls") {
			return true, noCountry
		}
	case "niger":
		if n.says(n.next, "delta", "state") {
			return true, d.g.index["NG"]
		}
	case "patagonia":
		if !n.within() && !n.says(n.next, "region", "glacier", "glaciers", "lamb", "wind") && !d.isSure(d.g.index["AR"]) && !d.isSure(d.g.index["CL"]) {
			return true, noCountry // the outfitter
		}
	case "philadelphia":
		if n.says(h.first-2, "kraft", "mondelez") || n.says(n.prev, "kraft", "mondelez") || n.says(n.next, "spread", "cheese", "light", "original", "cream", "bagel", "bagels", "cheesecake", "snack", "tub", "tubs") {
			return true, noCountry
		}
	case "phoenix":
		if n.says(n.next, "rises", "rising", "rose") {
			return true, noCountry
		}
	case "washington":
		if n.beforeWord >= 0 && d.g.lists.given[n.beforeWord] {
			return true, noCountry
		}
	}
	return false, noCountry
}

func (n *near) nextDigits() bool {
	return n.next >= 0 && n.r.tokens[n.next].digits
}

// georgia tells the state from the country. Where nothing else speaks, the
// name of the outlet's country does, and then the state: more is written of it
// in English; in other languages, the country.
func (d *decision) georgia(h *hit, n *near) uint16 {
	us, ge := d.g.index["US"], d.g.index["GE"]
	if n.afterWord >= 0 && d.g.lists.surname[n.afterWord] && n.nextCapital || n.beforeWord >= 0 && d.g.lists.given[n.beforeWord] && n.prevCapital {
		return noCountry
	}
	state, country := 0, 0
	if d.isSure(ge) {
		country += 3 // the title said so
	}
	for i := range d.r.tokens {
		if i == h.first || d.r.tokens[i].word < 0 {
			continue
		}
		if d.g.lists.state[d.r.tokens[i].word] {
			state++
		}
		if d.g.lists.caucasus[d.r.tokens[i].word] {
			country++
		}
	}
	for _, hh := range d.r.hits {
		for k := range hh.entries {
			e := &hh.entries[k]
			if hh.first == h.first || !d.g.usable(d.r, e, d.sp, hh.first, hh.last) {
				continue
			}
			switch {
			case e.country == us && e.kind != aCountry && e.flags&tiny == 0 && e.people >= 100_000 && e.kind != aPeople:
				state += 2
			case e.country == ge && e.flags&tiny == 0:
				country += 3
			}
		}
	}
	for _, code := range [...]string{"RU", "AM", "AZ", "UA", "TR", "IR", "MD", "BY", "KZ", "EE"} {
		if d.isSure(d.g.index[code]) || d.named(d.g.index[code]) {
			country += 2
		}
	}
	switch {
	case state > country:
		return us
	case country > state:
		return ge
	case d.source == us || d.source == ge:
		return d.source
	case d.sp.known && d.sp.own&d.g.english == 0:
		return ge
	}
	return us
}

// named tells whether a hit names a country outright.
func (d *decision) named(country uint16) bool {
	for _, h := range d.r.hits {
		for k := range h.entries {
			if e := &h.entries[k]; e.country == country && (e.kind == aCountry || e.kind == aPeople || e.kind == aMetonym || e.flags&capital != 0) && d.g.usable(d.r, e, d.sp, h.first, h.last) {
				return true
			}
		}
	}
	return false
}
