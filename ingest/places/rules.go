package places

import "strings"

func lower(s string) string { return strings.ToLower(s) }

// near are the tokens beside a hit that belong to the same sentence.
type near struct {
	r           *reader
	g           *gazetteer
	prev, next  int // -1: none
	beforeWord  int32
	afterWord   int32
	prevCapital bool // stands before, beside nothing but a space, with a capital
	nextCapital bool
	possessive  bool
	english     bool // the text
}

func (g *gazetteer) around(r *reader, h *hit) near {
	n := near{r: r, g: g, prev: -1, next: -1, beforeWord: -1, afterWord: -1, english: r.english}
	if t := &r.tokens[h.first]; h.first > 0 && (t.gap == gapSpace || t.gap == gapHyphen || t.gap == gapApo || t.gap == gapEnd && r.tokens[h.first-1].letters() <= 4) {
		n.prev = h.first - 1
		p := &r.tokens[n.prev]
		n.beforeWord, n.prevCapital = p.word, p.upper && t.gap != gapApo && !p.digits
	}
	if h.last+1 < len(r.tokens) {
		t := &r.tokens[h.last+1]
		if t.gap == gapApo && t.letters() <= 2 {
			n.possessive = true
			return n
		}
		if t.gap == gapSpace || t.gap == gapHyphen {
			n.next = h.last + 1
			n.afterWord, n.nextCapital = t.word, t.upper && !t.digits
		}
	}
	return n
}

func (n *near) says(i int, words ...string) bool {
	if i < 0 || i >= len(n.r.tokens) {
		return false
	}
	b := n.r.letters(i)
	for _, w := range words {
		if string(b) == w {
			return true
		}
	}
	return false
}

// within tells whether a preposition of place, or "town of", stands before.
func (n *near) within() bool {
	i := n.prev
	if i < 0 {
		return false
	}
	if n.says(i, "the", "der", "den", "la", "le", "el") && i > 0 {
		i--
	}
	if n.says(i, "of", "de", "von", "di", "da") && i > 0 && n.says(i-1, "town", "city", "village", "suburb", "port", "district", "county", "municipality", "ville", "ciudad", "cidade", "stadt", "gemeente", "outskirts", "streets", "people", "citta", "comune", "province", "state", "region", "north", "south", "east", "west", "island") {
		return true
	}
	if n.says(i, "and", "or", "und", "et", "y", "e", "og", "och", "ja", "i", "oraz", "und", "en") && i >= 2 && n.r.tokens[i-1].upper {
		i -= 2 // in Espoo and Nokia
	}
	if n.english && n.r.tokens[i].letters() == 1 {
		return false // w and v are words of other languages
	}
	return n.r.tokens[i].word >= 0 && n.g.lists.sure[n.r.tokens[i].word] || n.grave()
}

// grave tells whether à stands before: it isn't the English article.
func (n *near) grave() bool {
	if n.prev < 0 {
		return false
	}
	t := &n.r.tokens[n.prev]
	return t.end-t.start == 2 && lower(n.r.text[t.start:t.end]) == "à"
}

// follows tells whether a word stands after that says that this is a place.
func (n *near) follows() bool { return n.afterWord >= 0 && n.g.lists.after[n.afterWord] }

// person tells whether a hit of one word is a part of somebody's name.
func (g *gazetteer) person(r *reader, h *hit, n *near, e *entry) bool {
	if h.gram || h.last > h.first || h.inflected && e.kind == aCountry {
		return false
	}
	word := r.tokens[h.first].word
	isGiven := word >= 0 && g.lists.given[word]
	if n.prev >= 0 && n.prevCapital && !n.hyphenBefore(h) {
		p := &r.tokens[n.prev]
		if p.word >= 0 && g.lists.given[p.word] && !g.lists.sure[p.word] && !(r.titled && e.kind != aCity) {
			// Two given names in a row are a name still; a place before isn't: "Austin, Dallas" has a comma.
			return e.kind == aCity || e.kind == aPart || e.flags&(named|weak) != 0 || isGiven
		}
		if p.letters() == 1 && p.upper && h.first > 0 && r.tokens[h.first].gap == gapEnd && !n.says(n.prev, "s", "n", "e", "w") {
			return e.kind == aCity
		}
	}
	if n.prev >= 0 && n.beforeWord >= 0 && g.lists.title[n.beforeWord] && !n.prevIsPlaceTitle() && (e.kind == aCity || e.kind == aPart || isGiven) {
		if n.prevCapital || n.nextCapital && !r.titled {
			return !n.follows()
		}
	}
	if isGiven && n.next >= 0 && n.nextCapital && !n.hyphenAfter(h) {
		if n.afterWord >= 0 && (g.lists.surname[n.afterWord] || g.lists.given[n.afterWord] && e.kind == aCity) {
			return true
		}
		if !r.titled && e.kind == aCity && !n.within() && !n.follows() && n.acts(h) {
			return true // Adelaide Kane joins
		}
		if e.flags&(named|weak) != 0 && e.people != wellKnown && !n.within() && !n.follows() {
			return true
		}
		if !r.titled && e.kind == aCountry && !n.follows() && !n.within() && n.afterWord < 0 {
			return true // Chad Krueger
		}
	}
	return false
}

// prevIsPlaceTitle tells whether the title before is one that places have too,
// or a word.
func (n *near) prevIsPlaceTitle() bool {
	return n.says(n.prev, "st", "saint", "model", "general", "don")
}

func (n *near) hyphenBefore(h *hit) bool { return n.r.tokens[h.first].gap == gapHyphen }
func (n *near) hyphenAfter(h *hit) bool  { return n.next >= 0 && n.r.tokens[n.next].gap == gapHyphen }

// branded tells whether a hit is a part of what a company, a paper or a
// product is called.
func (g *gazetteer) branded(r *reader, h *hit, n *near, e *entry) bool {
	if h.gram {
		return false
	}
	if n.prev >= 0 && !n.hyphenBefore(h) && n.prevCapital && n.says(n.prev, "air") && (e.kind == aCountry || e.kind == aCity || e.kind == aPart) {
		return true
	}
	if n.next < 0 {
		return false
	}
	w := n.afterWord
	if w < 0 {
		return false
	}
	if e.kind == aPeople || e.kind == aPart || e.kind == aCity {
		if g.lists.product[w] {
			if e.kind == aPeople && !n.stressed() {
				return true
			}
			if e.kind != aPeople && n.says(n.next, "cheesecake", "cheesesteak", "cheesesteaks", "chowder", "pizza", "ham", "salami", "terrier", "sprouts", "cheese", "cream", "sausage", "steak", "mustard") {
				return true
			}
		}
	}
	if n.nextCapital {
		if g.lists.paper[w] && !(r.titled && !g.surePaper(n)) {
			return true
		}
		if g.lists.brandSure[w] || g.lists.brandEnd[w] && !r.titled && !n.within() {
			return true
		}
	}
	return false
}

// surePaper are those words for papers that are little else.
func (g *gazetteer) surePaper(n *near) bool {
	return n.says(n.next, "times", "post", "herald", "tribune", "chronicle", "gazette", "globe", "inquirer", "journal", "telegraph")
}

// stressed tells whether a word stands after product words that makes news of
// the people after all, such as "exports".
func (n *near) stressed() bool {
	for i := n.next + 1; i < len(n.r.tokens) && i <= n.next+2; i++ {
		if n.says(i, "exports", "exporters", "makers", "producers", "industry", "prices", "farmers", "regulator", "ministry", "market") {
			return true
		}
	}
	return false
}

// acts tells whether a capital follows and then what somebody does: "Kane
// joins", "Sweeney's".
func (n *near) acts(h *hit) bool {
	i := n.next + 1
	if h.first != 0 || i >= len(n.r.tokens) {
		return false
	}
	t := &n.r.tokens[i]
	if t.gap == gapApo {
		return true
	}
	b := n.r.letters(i)
	return t.gap == gapSpace && !t.upper && len(b) > 3 && b[len(b)-1] == 's' && b[len(b)-2] != 's' && !n.g.lists.after[t.word]
}
