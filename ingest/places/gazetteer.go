package places

import (
	"fmt"
	"strconv"
	"strings"
)

// kind is what a name names.
type kind uint8

const (
	aCountry kind = iota
	aPeople       // a demonym: its people, its language, what is of it
	aPart         // a part of a country: a state, a region, an island
	aCity
	aMetonym // a name that stands for those who govern or trade there
	nothing  // a name that looks like a place and is none: of a brand, a product, a person
)

type flags uint16

const (
	anyCase  flags = 1 << iota // may begin with a small letter
	capsOnly                   // must be all capitals
	weak                       // is a word or a person's name too: counts where the text says that it is a place
	exact                      // its diacritics count
	capital                    // of a country
	seat                       // of a part of a country
	tiny                       // has under 15,000 people: known by "city, state" alone
	named                      // is a person's name too: counts unless it stands beside other names
	strict                     // counts where the text's language is known to be its own
	joint                      // names several countries, of which this is one
)

// entry is one thing that a name may name.
type entry struct {
	langs   uint64 // languages in which it is called so; 0: all
	people  uint32
	country uint16 // index of the country; none: nothing
	part    int32  // index of the part that a city lies in, or that this is; -1: none
	kind    kind
	flags   flags
	spelt   string // as it is written, if that counts
}

const noCountry = 0

// node is a beginning of names.
type node struct {
	entries []entry
	more    bool // longer names begin so
}

type edge struct {
	node int32
	word int32
}

// gazetteer are all names. It is read-only once built.
type gazetteer struct {
	folder    *folder
	countries []string // by index; the first is none
	index     map[string]uint16
	words     map[string]int32
	roots     []int32 // by word: the node, or -1
	edges     map[edge]int32
	nodes     []node
	grams     map[string][]entry           // names in scripts without spaces
	longest   map[rune]int                 // by first letter: the bytes of the longest such name
	stems     map[uint8]map[string][]entry // by language
	endings   map[uint8]map[string]bool
	langs     map[string]uint8
	tags      []string         // of languages, by number
	parts     map[string]int32 // "US.GA" → index
	partOf    []string         // by index
	cities    []city
	lists     lists
	vague     map[string]bool // names of parts that say nothing without their country

	english      uint64             // the bit of English
	guesses      map[script][]uint8 // languages whose endings are tried where a text's is unknown
	states       map[string]int32   // abbreviations of the states of the US and the provinces of Canada
	north, south int32
}

// city is a row of the table, for looking up points.
type city struct {
	name     string
	country  uint16
	people   uint32
	lat, lon float32
}

// lists are words that rules ask for, by the number of the word.
type lists struct {
	given, surname, title, product, brandEnd, brandSure, paper, before, sure, after, homely, initials, state, caucasus map[int32]bool
}

func newGazetteer(table []byte) (*gazetteer, error) {
	g := &gazetteer{
		folder: newFolder(), countries: []string{""}, index: map[string]uint16{},
		words: make(map[string]int32, 60000), edges: make(map[edge]int32, 30000),
		grams: map[string][]entry{}, longest: map[rune]int{},
		stems: map[uint8]map[string][]entry{}, endings: map[uint8]map[string]bool{},
		langs: map[string]uint8{}, parts: map[string]int32{}, vague: map[string]bool{},
	}
	sets := g.readLists()
	g.addCountries()
	if err := g.addTable(table); err != nil {
		return nil, err
	}
	if err := g.addNames(); err != nil {
		return nil, err
	}
	g.markWords(sets)
	g.north, g.south = g.word("north"), g.word("south")
	g.addStates()
	return g, nil
}

// badTable says what is wrong with the table of cities.
func badTable(line int, why string) error {
	return fmt.Errorf("places: line %d of the table of cities %s: run `make assets`", line, why)
}

// addStates reads how the states of the US are abbreviated.
func (g *gazetteer) addStates() {
	g.states = map[string]int32{}
	for _, line := range strings.Fields(states) {
		names := strings.Split(line, "=")
		for _, name := range names {
			g.states[strings.ToLower(name)] = g.part("US." + names[0])
		}
	}
	for _, line := range strings.Fields(provinces) {
		names := strings.Split(line, "=")
		for _, name := range names[1:] {
			g.states[strings.ToLower(name)] = g.part("CA." + names[0])
		}
	}
	g.guesses = map[script][]uint8{}
	for _, code := range [...]string{"ru", "uk", "bg", "sr"} {
		g.guesses[cyrillic] = append(g.guesses[cyrillic], g.langNumber(code))
	}
	for _, code := range [...]string{"bn", "ta", "te"} { // Devanagari is written in several
		g.guesses[indic] = append(g.guesses[indic], g.langNumber(code))
	}
	g.guesses[arabic] = []uint8{g.langNumber("ar")}
	g.guesses[hebrew] = []uint8{g.langNumber("he")}
}

// states are the states of the US: by post, and as papers write them.
const states = `AL=Ala AK=Alaska AZ=Ariz AR=Ark CA=Calif CO=Colo CT=Conn DE=Del FL=Fla GA HI ID IL=Ill IN=Ind IA KS=Kan KY LA ME MD MA=Mass
	MI=Mich MN=Minn MS=Miss MO MT=Mont NE=Neb NV=Nev NH NJ NM NY NC ND OH OK=Okla OR=Ore PA RI SC SD TN=Tenn TX=Tex UT VT VA WA=Wash WV WI=Wis WY=Wyo DC`

// provinces are those of Canada, by the numbers that the table has for them.
const provinces = `01=AB=Alta 02=BC 03=MB=Man 04=NB 05=NL 07=NS 08=ON=Ont 10=QC=Que 11=SK=Sask`

func (g *gazetteer) country(code string) uint16 {
	if i, ok := g.index[code]; ok {
		return i
	}
	i := uint16(len(g.countries))
	g.countries, g.index[code] = append(g.countries, code), i
	return i
}

// lang gives the bit of a language.
func (g *gazetteer) lang(code string) uint64 { return 1 << g.langNumber(code) }

func (g *gazetteer) langNumber(code string) uint8 {
	if n, ok := g.langs[code]; ok {
		return n
	}
	n := uint8(len(g.langs))
	if n > 63 {
		panic("places: more than 64 languages")
	}
	g.langs[code], g.tags = n, append(g.tags, code)
	return n
}

func (g *gazetteer) part(code string) int32 {
	if i, ok := g.parts[code]; ok {
		return i
	}
	i := int32(len(g.partOf))
	g.partOf, g.parts[code] = append(g.partOf, code), i
	return i
}

func (g *gazetteer) word(folded string) int32 {
	if w, ok := g.words[folded]; ok {
		return w
	}
	w := int32(len(g.roots))
	folded = strings.Clone(folded)
	g.words[folded] = w
	g.roots = append(g.roots, -1)
	return w
}

// add puts a name in.
func (g *gazetteer) add(r *reader, name string, e entry) {
	r.read(g.folder, name)
	if len(r.tokens) == 0 {
		return
	}
	if s := r.tokens[0].script; s == run || s == hangul && len(r.tokens) == 1 {
		key := string(r.folded)
		g.grams[key] = append(g.grams[key], e)
		c, _ := decode(key, 0)
		g.longest[c] = max(g.longest[c], len(key))
		return
	}
	at := int32(-1)
	for i := range r.tokens {
		w := g.word(string(r.letters(i)))
		next := int32(-1)
		if i == 0 {
			next = g.roots[w]
		} else if n, ok := g.edges[edge{at, w}]; ok {
			next = n
		}
		if next < 0 {
			next = int32(len(g.nodes))
			g.nodes = append(g.nodes, node{})
			if i == 0 {
				g.roots[w] = next
			} else {
				g.edges[edge{at, w}] = next
				g.nodes[at].more = true
			}
		}
		at = next
	}
	n := &g.nodes[at]
	for i := range n.entries {
		have := &n.entries[i]
		if have.kind == e.kind && have.country == e.country && have.part == e.part && have.flags == e.flags && have.spelt == e.spelt {
			if have.langs != 0 && e.langs != 0 {
				have.langs |= e.langs
			} else {
				have.langs = 0
			}
			have.people = max(have.people, e.people)
			return
		}
	}
	n.entries = append(n.entries, e)
}

// addTable reads the table of static.Cities.
func (g *gazetteer) addTable(table []byte) error {
	r := &reader{}
	for number, line := range strings.Split(strings.TrimRight(string(table), "\n"), "\n") {
		f := strings.Split(line, "\t")
		if len(f) == 3 && f[0] == "=" {
			code, name := f[1], f[2]
			if g.vague[strings.ToLower(name)] {
				g.part(code)
				continue
			}
			g.add(r, name, entry{country: g.country(code[:2]), part: g.part(code), kind: aPart})
			continue
		}
		if len(f) != 7 {
			return badTable(number+1, "has not 7 columns")
		}
		people, err := strconv.ParseUint(f[3], 10, 32)
		lat, err2 := strconv.Atoi(f[4])
		lon, err3 := strconv.Atoi(f[5])
		if err != nil || err2 != nil || err3 != nil {
			return badTable(number+1, "has no number where one must be")
		}
		e := entry{country: g.country(f[1]), part: g.part(f[1] + "." + f[2]), people: uint32(people), kind: aCity}
		switch f[6] {
		case "c":
			e.flags |= capital
		case "a":
			e.flags |= seat
		}
		if people < 15_000 && e.flags&capital == 0 {
			e.flags |= tiny
		}
		name := strings.Clone(f[0])
		g.cities = append(g.cities, city{name: name, country: e.country, people: e.people, lat: float32(lat) / 100, lon: float32(lon) / 100})
		g.add(r, name, e)
		for _, short := range [...]string{" City"} { // Ho Chi Minh City is named without as well; Kansas City isn't
			if cut, ok := strings.CutSuffix(name, short); ok && f[1] != "US" && !strings.Contains("Mexico Panama Guatemala Kuwait Benin Quebec Belize", cut) {
				g.add(r, cut, e)
			}
		}
	}
	return nil
}
