package topic

import (
	"math"
	"slices"
	"strings"
)

// candidates lists what could be a topic of a text, with its score.
func (x *Extractor) candidates(tokens []token, lang string) []candidate {
	byKey := map[string]int{}
	var list []candidate
	add := func(c candidate) {
		if i, ok := byKey[c.key]; ok {
			// Said again: a little more telling, and a name if it once was one.
			list[i].score = max(list[i].score, c.score) * 1.15
			if c.name && !list[i].name {
				list[i].name, list[i].form = true, c.form
			}
			return
		}
		byKey[c.key] = len(list)
		list = append(list, c)
	}
	names := make([]bool, len(tokens))
	for i := range tokens {
		names[i] = x.isName(&tokens[i], lang)
	}
	x.agree(tokens, names)
	for i := range tokens {
		if c, ok := x.word(tokens, names, i, lang); ok {
			add(c)
		}
		for n := 3; n >= 2; n-- {
			if c, ok := x.phrase(tokens, names, i, n, lang); ok {
				add(c)
			}
		}
	}
	x.runs(tokens, add)
	x.cover(list)
	return list
}

// cover sets words back that a name in the list holds: Justin Hotard is one
// topic, however often the text goes on about Hotard.
func (x *Extractor) cover(list []candidate) {
	covered := map[string]float64{}
	for _, c := range list {
		if c.name && len(c.words) > 1 && c.score >= 0.8 {
			for _, w := range c.words {
				covered[w] = max(covered[w], c.score)
			}
		}
	}
	for i := range list {
		if c := &list[i]; len(c.words) == 1 {
			if score, ok := covered[c.words[0]]; ok {
				c.score = min(c.score, 0.9*score)
			}
		}
	}
}

// agree lets a word that is a name somewhere in the text be one everywhere in
// it, unless it is also written small.
func (x *Extractor) agree(tokens []token, names []bool) {
	named := map[string]bool{}
	for i := range tokens {
		if names[i] {
			named[tokens[i].key] = true
		}
	}
	for i := range tokens {
		if tokens[i].kind == plain {
			delete(named, tokens[i].key)
		}
	}
	for i := range tokens {
		if tokens[i].kind == capital {
			names[i] = named[tokens[i].key]
		}
	}
}

func (x *Extractor) word(tokens []token, names []bool, i int, lang string) (candidate, bool) {
	t := &tokens[i]
	if t.kind == crumb || t.kind == run || t.kind == weak || len(t.key) < 3 && t.kind != acronym {
		return candidate{}, false
	}
	if lang == "de" && t.kind == plain {
		return candidate{}, false // topics are nouns, and German writes them with a capital
	}
	key := stem(t.key)
	count := x.count(key)
	score := x.rarity(count)
	if names[i] {
		if t.kind == capital && x.isOwn(tokens, i) {
			return candidate{}, false
		}
		score *= 1.1
		if isEnglish(lang) && isFragment(tokens, i) {
			if i > 0 && tokens[i-1].own {
				return candidate{}, false
			}
			score *= 0.35
		}
	} else {
		noun := nouniness(t.key, isEnglish(lang))
		if noun == 0 {
			return candidate{}, false
		}
		score *= 0.8 * noun
		if isEnglish(lang) && vague()[key] {
			score *= 0.35
		}
		if count == 0 {
			score *= 0.7 // never written before: hardly a topic yet
		}
	}
	if !t.title {
		score *= 0.7
	}
	c := candidate{key: key, words: []string{t.key}, form: t.text, name: names[i] || lang == "de", score: score, at: i}
	if c.name && t.owner && x.needsS(t.key) {
		c.form += "'s"
		return c, true
	}
	if t.kind == capital && x.wholeHere(&c, tokens[i:]) {
		return c, true
	}
	if c.name {
		x.whole(&c, count)
	}
	return c, true
}

// wholeHere turns the first word of a name that the text goes on with into all
// of it: Stranger into Stranger Things, in a headline full of capitals.
func (x *Extractor) wholeHere(c *candidate, tokens []token) bool {
	key, form, ok := x.forms.whole(c.words[0])
	words := strings.Fields(foldKey(form))
	if !ok || len(words) > len(tokens) || !x.isNamed(key) {
		return false
	}
	for j, w := range words {
		if t := &tokens[j]; t.key != w || t.kind == plain || j > 0 && t.fresh {
			return false
		}
	}
	c.key, c.form, c.words, c.name = key, form, strings.Fields(key), true
	return true
}

// needsS reports a name that seldom stands without its 's: McDonald's.
func (x *Extractor) needsS(key string) bool {
	all := x.seen.count(x.hash(factTerm, stem(key)))
	return all >= 3 && x.seen.count(x.hash(factBare, key))*seldom <= all
}

// isOwn reports a part of a name that is watched: the Joe of Joe Biden, which
// came often, and Musk where Elon Musk is watched, unless it mostly stands for
// something else.
func (x *Extractor) isOwn(tokens []token, i int) bool {
	t := &tokens[i]
	ahead := aheadOfOwn(tokens, i)
	if !ahead && !x.names.ends[t.key] {
		return false
	}
	if ahead && x.seen.count(x.hash(factOwn, t.key+" "+tokens[i+1].key)) >= 4 {
		return true
	}
	own := x.seen.count(x.hash(factOwn, t.key))
	return own >= 3 && 2*own >= x.seen.count(x.hash(factTerm, stem(t.key)))
}

// aheadOfOwn reports a word with a capital right ahead of a watched name.
func aheadOfOwn(tokens []token, i int) bool {
	if tokens[i].kind != capital || i+1 >= len(tokens) {
		return false
	}
	next := &tokens[i+1]
	return next.own && !next.fresh && next.title == tokens[i].title
}

// isFragment reports what many names end in, where it stands in one: the
// Federation of the Russian Federation says nothing by itself.
func isFragment(tokens []token, i int) bool {
	if !nameEnds()[tokens[i].key] {
		return false
	}
	before := i > 0 && !tokens[i].fresh && tokens[i-1].kind != plain
	after := i+1 < len(tokens) && !tokens[i+1].fresh && tokens[i+1].kind != plain
	return before || after
}

// whole turns a part of a name into all of it, where it is seldom written for
// anything else: Musk into Elon Musk.
func (x *Extractor) whole(c *candidate, count float64) {
	key, form, ok := x.forms.whole(c.words[0])
	if !ok {
		return
	}
	if n := x.seen.count(x.hash(factTerm, key)); n >= 3 && n >= 0.6*count {
		c.key, c.form, c.words = key, form, strings.Fields(key)
	}
}

// keepsCase tells whether a word within a phrase of common words is written as
// it stands there.
func (x *Extractor) keepsCase(t *token, name bool) bool {
	return name || t.kind == acronym || t.kind == capital && (!t.first || x.isNamed(t.key))
}

// phrase judges the n words from i on: a name of several words, or words that
// stand together more often than chance would have it.
func (x *Extractor) phrase(tokens []token, names []bool, i, n int, lang string) (candidate, bool) {
	key, ok := phraseAt(tokens, i, n)
	if !ok {
		return candidate{}, false
	}
	count := x.seen.count(x.hash(factTerm, key))
	allNames, words := true, make([]string, 0, n)
	least, weakWords := math.Inf(1), false
	for j := i; j < i+n; j++ {
		if tokens[j].kind == crumb {
			continue // a linking word
		}
		allNames = allNames && names[j]
		words = append(words, tokens[j].key)
		least = min(least, x.seen.count(x.hash(factTerm, stem(tokens[j].key))))
		weakWords = weakWords || tokens[j].kind == weak
	}
	score := x.rarity(count)
	if !allNames && !weakWords && tokens[i].kind != plain && x.isNamed(key) {
		allNames = true // Star Wars, in a headline full of capitals
	}
	switch {
	case x.share(count) > ubiquitous:
		return candidate{}, false // a bulletin's own name, at the foot of each text
	case allNames:
		if (len(words) < n || weakWords) && count < 2 {
			return candidate{}, false // "Biden and Putin" are two names
		}
		// A longer run of names is several: the window that is said most wins.
		score = 1.25 - 0.1*float64(n-2) + 0.05*min(count, 6)
		if x.continues(tokens, names, i, n) && count < 2 {
			score *= 0.6
		}
	case n == 2 && knownPhrases()[key]:
		score = score*0.5 + 0.55
	case isEnglish(lang) && (!names[i] && partOf(words[0]) == verb || !names[i+n-1] && partOf(words[len(words)-1]) == verb):
		return candidate{}, false // pleads guilty
	case count >= 3 && count*3 >= least && !weakWords:
		score = score*0.5 + 0.35 + 0.3*count/(least+1)
		if isEnglish(lang) && isActivity(words[0]) {
			score *= 0.6
		}
		score *= nouniness(words[len(words)-1], isEnglish(lang))
	default:
		return candidate{}, false
	}
	if !tokens[i].title {
		score *= 0.7
	}
	form := make([]string, n)
	last := i + n - 1
	capitals := allNames || x.keepsCase(&tokens[last], names[last]) && !slices.ContainsFunc(tokens[i:i+n], func(t token) bool { return t.kind == plain })
	for j := range n {
		form[j] = tokens[i+j].text
		if !capitals && !x.keepsCase(&tokens[i+j], names[i+j]) { // Freedom Convoy, but Capitol rioter
			form[j] = strings.ToLower(form[j])
		}
	}
	return candidate{key: key, words: words, form: strings.Join(form, " "), name: allNames, score: score, at: i}, true
}

// continues reports whether a run of names goes on beyond the n words from i.
func (x *Extractor) continues(tokens []token, names []bool, i, n int) bool {
	before := i > 0 && names[i-1] && !tokens[i].fresh
	after := i+n < len(tokens) && names[i+n] && !tokens[i+n].fresh
	return before || after
}
