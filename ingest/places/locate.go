package places

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"agora/mood"
)

// Ask is a text whose places are asked for.
type Ask struct {
	Title, Text string // plain text; only the first 300 bytes of both together count
	Language    string // BCP 47 primary tag; empty: unknown
	Country     string // where it was published, ISO 3166-1 alpha-2: it only weighs where names are equal; empty: unknown
}

// Locator finds the places that texts name. It is safe for concurrent use.
type Locator struct {
	g       *gazetteer
	brands  map[string][][]string // folded words of names that are no places, by the first
	readers *sync.Pool
}

// New makes a locator from the table of cities, in the form of
// static/build/cities.mjs. It takes about a tenth of a second: share it.
func New(cities []byte) (*Locator, error) {
	g, err := newGazetteer(cities)
	if err != nil {
		return nil, err
	}
	return &Locator{g: g, readers: &sync.Pool{New: func() any { return &reader{} }}}, nil
}

// WithBrands gives a locator to which names of brands are no places, unless
// the text says that it means a town. It shares everything else.
func (l *Locator) WithBrands(names []string) *Locator {
	with := &Locator{g: l.g, readers: l.readers, brands: map[string][][]string{}}
	r := &reader{}
	for _, name := range names {
		r.read(l.g.folder, name)
		var words []string
		for i := range r.tokens {
			words = append(words, string(r.letters(i)))
		}
		if len(words) > 0 && !l.g.namesCountry(r) {
			with.brands[words[0]] = append(with.brands[words[0]], words)
		}
	}
	return with
}

// namesCountry tells whether all of what was read is a country's name, and no
// other thing's first of all: who watches Finland asks where it is spoken of.
func (g *gazetteer) namesCountry(r *reader) bool {
	for i := range r.tokens {
		r.tokens[i].word = -1
		if w, ok := g.words[string(r.letters(i))]; ok {
			r.tokens[i].word = w
		}
	}
	h, ok := g.longestAt(r, speech{}, 0)
	if !ok || h.last != len(r.tokens)-1 || g.lists.homely[r.tokens[0].word] {
		return false
	}
	for k := range h.entries {
		if h.entries[k].kind == aCountry {
			return true
		}
	}
	return false
}

// place is what a text names, and whether it says that things happen there.
type place struct {
	mood.Place
	within bool
}

// Locate gives every place that a text names, in the order of the text, the
// title's first; and the countries that it is about, each once with the
// evidence that speaks most for it, the main one first. Both are nil where it
// names none. Method says what kind of name it is.
func (l *Locator) Locate(ask Ask) (all, about []mood.Place) {
	var room [8]place
	found := l.locate(room[:0], ask)
	if len(found) == 0 {
		return nil, nil
	}
	all = make([]mood.Place, len(found))
	for i := range found {
		all[i] = found[i].Place
	}
	return all, merge(found)
}

// About gives the countries that a text is about, as Locate does.
func (l *Locator) About(ask Ask) []mood.Place {
	var room [8]place
	return merge(l.locate(room[:0], ask))
}

func (l *Locator) locate(out []place, ask Ask) []place {
	r := l.readers.Get().(*reader)
	defer l.readers.Put(r)
	sp := l.g.speech(ask.Language)
	source := l.g.index[strings.ToUpper(ask.Country)]
	title := cutText(ask.Title, mostBytes)
	if title != "" {
		out = l.find(r, out, title, "title", sp, source)
	}
	if room := mostBytes - len(title); room >= 20 && ask.Text != "" {
		out = l.find(r, out, cutText(ask.Text, room), "text", sp, source)
	}
	return out
}

// merge gives each country among findings once, with its best evidence, the
// main one first: the one named most surely, where things happen ahead of who
// does them, and what comes first ahead of what follows.
func merge(found []place) []mood.Place {
	if len(found) == 0 {
		return nil
	}
	type sum struct {
		place  mood.Place
		weight float64
	}
	var room [8]sum
	sums := room[:0]
	for i, p := range found {
		w := p.Confidence
		switch {
		case p.Method == MethodPeople:
			w *= 0.7
		case p.within:
			w *= 1.25
		}
		if i == 0 {
			w *= 1.2
		}
		if p.Field == "text" && found[0].Field == "title" {
			w *= 0.6
		}
		at := slices.IndexFunc(sums, func(s sum) bool { return s.place.Country == p.Country })
		if at < 0 {
			sums = append(sums, sum{p.Place, w})
			continue
		}
		s := &sums[at]
		if p.Confidence > s.place.Confidence {
			s.place = p.Place
		}
		s.weight = max(s.weight, w) + 0.1*min(s.weight, w)
	}
	slices.SortStableFunc(sums, func(a, b sum) int { return cmp.Compare(b.weight, a.weight) })
	out := make([]mood.Place, len(sums))
	for i := range sums {
		out[i] = sums[i].place
	}
	return out
}

// speech gives what a language tag means for the names that count.
func (g *gazetteer) speech(tag string) speech {
	tag, _, _ = strings.Cut(strings.ToLower(tag), "-")
	n, ok := g.langs[tag]
	if tag == "" || tag == "und" || !ok {
		return speech{}
	}
	own := uint64(1) << n
	return speech{mask: own | g.english, own: own, number: n, known: true}
}

// find appends what one field names.
func (l *Locator) find(r *reader, out []place, text, field string, sp speech, source uint16) []place {
	r.read(l.g.folder, text)
	if len(r.tokens) == 0 {
		return out
	}
	r.english = !sp.known || sp.own&l.g.english != 0
	l.g.scan(r, sp)
	if len(r.hits) == 0 {
		return out
	}
	d := decision{l: l, g: l.g, r: r, sp: sp, source: source}
	for i := range out { // what the title names settles names in the text
		d.sure = append(d.sure, l.g.index[out[i].Country])
	}
	d.decide()
	slices.SortStableFunc(r.found, func(a, b finding) int { return a.start - b.start })
	points, at := 0, 0
	for _, f := range r.found {
		if f.start >= at {
			points += utf8.RuneCountInString(text[at:f.start])
			at = f.start
		}
		words := text[f.start:f.end]
		p := mood.Place{
			Country: l.g.countries[f.country], Place: f.place, Evidence: words, Confidence: math.Round(f.confidence*100) / 100,
			Method: methodOf(f.kind), Field: field, Start: points, End: points + utf8.RuneCountInString(words),
		}
		out = append(out, place{p, f.within})
	}
	return out
}

// The methods of findings: what kind of name decided.
const (
	MethodCountry = "country"
	MethodPeople  = "people"
	MethodRegion  = "region"
	MethodCity    = "city"
	MethodMetonym = "metonym"
)

func methodOf(k kind) string {
	switch k {
	case aCountry:
		return MethodCountry
	case aPeople:
		return MethodPeople
	case aPart:
		return MethodRegion
	case aCity:
		return MethodCity
	case aMetonym, nothing:
	}
	return MethodMetonym
}
