package places

import "strings"

// readLists reads the words that rules ask for, by section.
func (g *gazetteer) readLists() map[string]map[int32]bool {
	text, err := written.ReadFile("names/lists.txt")
	if err != nil {
		panic(err) // it is embedded
	}
	r := &reader{}
	var section string
	sets := map[string]map[int32]bool{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			section = strings.Trim(line, "[]")
			sets[section] = map[int32]bool{}
			continue
		}
		for _, item := range strings.Split(line, ", ") {
			switch section {
			case "vague":
				g.vague[item] = true
			case "guard", "guardmore":
				e := entry{part: -1, kind: nothing}
				if section == "guardmore" {
					e.flags |= anyCase
				}
				g.add(r, item, e)
			default:
				sets[section][g.word(g.folder.fold(item))] = true
			}
		}
	}
	return sets
}

// markWords hands rules their words, and marks names that are words.
func (g *gazetteer) markWords(sets map[string]map[int32]bool) {
	g.english = g.lang("en")
	g.lists = lists{
		given: sets["given"], surname: sets["surname"], title: sets["title"], product: sets["product"], brandEnd: sets["brandend"],
		brandSure: sets["brandsure"], paper: sets["paper"], before: sets["before"], sure: sets["surebefore"], after: sets["after"],
		homely: sets["homely"], initials: sets["initials"], state: sets["state"], caucasus: sets["caucasus"],
	}
	weakText, err := written.ReadFile("names/weak.txt")
	if err != nil {
		panic(err) // it is embedded
	}
	for line := range strings.Lines(string(weakText)) {
		if line[0] == '#' {
			continue
		}
		for _, word := range strings.Fields(line) {
			g.mark(g.words, word, weak)
		}
	}
	for _, set := range []map[int32]bool{g.lists.given, g.lists.surname} {
		for w := range set {
			g.markWord(w, named)
		}
	}
}

func (g *gazetteer) mark(words map[string]int32, folded string, f flags) {
	if w, ok := words[folded]; ok {
		g.markWord(w, f)
	}
}

// markWord flags the cities and parts that one word names. Great cities are no
// first thought of a name.
func (g *gazetteer) markWord(w int32, f flags) {
	n := g.roots[w]
	if n < 0 {
		return
	}
	for _, e := range g.nodes[n].entries {
		if e.people == wellKnown && e.kind == aCity && e.flags&named == 0 && e.langs&g.english != 0 {
			return // by hand: it is known as a city first
		}
	}
	for i := range g.nodes[n].entries {
		e := &g.nodes[n].entries[i]
		if (e.kind == aCity || e.kind == aPart) && (e.people < 1_000_000 || f == weak) && (e.people != wellKnown || e.flags&named != 0) {
			e.flags |= f
		}
	}
}
