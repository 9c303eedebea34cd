package places

import (
	"embed"
	"fmt"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"agora/mood"
)

//go:embed names/*.txt
var written embed.FS

// spoken are the languages whose names of countries come from Unicode CLDR.
var spoken = [...]string{
	"en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "fi", "et", "lv", "lt", "pl", "cs", "sk", "hu", "ro", "bg",
	"hr", "sr", "sl", "mk", "ru", "uk", "el", "tr", "az", "ca", "ar", "fa", "he", "hi", "bn", "ta", "te", "mr", "id", "ms",
	"vi", "th", "zh", "ja", "ko", "is", "sw", "ka", "hy", "sq", "ur", "kk", "uz", "be",
}

// alone are languages that have a script for themselves: their names need no
// language to be known.
var alone = [...]string{"gu", "pa", "kn", "ml", "si", "am", "my", "km", "lo"}

// misleading are names of CLDR's that are words, or other places' too.
// "strict" ones count where the text's language is known to be that one.
const misleading = " en:Georgia=no en:Jersey=no ar:مالي=no es:Granada=no pt:Granada=no en:Réunion=no " +
	"ko:가나=no ko:차드=no ko:오만=no ko:말리=no ko:통가=no ko:기니=no ko:괌=no ja:チリ=no ja:トンガ=no ja:マリ=no ja:タイ=no ja:チャド=no " +
	"zh:马里=no zh:多哥=no th:มาลี=no th:ชาด=no th:กานา=no th:ตองกา=no " +
	"sv:Island=strict de:Island=strict da:Island=strict no:Island=strict fi:Oman=strict hr:Mali=strict tr:Fas=strict tr:Çad=strict " +
	"nl:Chili=strict fr:Chili=strict cs:Man=strict hu:Omán=strict "

// addCountries gives every country its number and its names in the languages
// of CLDR.
func (g *gazetteer) addCountries() {
	for _, c := range mood.Territories() {
		g.country(c.Code)
	}
	r := &reader{}
	for i, code := range append(spoken[:], alone[:]...) {
		namer := display.Regions(language.MustParse(code))
		if namer == nil {
			continue
		}
		var lang uint64
		if i < len(spoken) {
			lang = g.lang(code)
		}
		if code == "no" { // x/text takes nb for Danish
			lang |= g.lang("nb") | g.lang("nn")
		}
		if code == "id" {
			lang |= g.lang("ms")
		}
		for _, c := range mood.Territories() {
			region, err := language.ParseRegion(c.Code)
			if err != nil {
				continue
			}
			name := namer.Name(region)
			if name == "" || name == c.Code || strings.Contains(misleading, " "+code+":"+name+"=no ") {
				continue
			}
			// It is "Hong Kong SAR China", "Myanmar (Burma)" and "Congo - Kinshasa" there.
			for _, cut := range [...]string{" (", " - ", " – ", "（"} {
				name, _, _ = strings.Cut(name, cut)
			}
			switch c.Code {
			case "HK", "MO", "CG", "CD", "PS", "GS", "IO", "CC", "CX", "NF", "HM", "BV", "UM", "TF":
				continue // by hand
			case "SZ", "TR", "MK", "CZ": // the names of before are names still
			}
			e := entry{langs: lang, country: g.country(c.Code), kind: aCountry}
			if strings.Contains(misleading, code+":"+name+"=strict ") {
				e.flags |= strict
			}
			if code == "vi" && name != c.Name {
				e.flags |= exact
				e.spelt = strings.ToLower(name)
			}
			if lang == 0 && len([]rune(name)) < 4 {
				continue // may be a part of another word
			}
			g.add(r, name, e)
			g.inflect(r, code, name, e)
		}
	}
}

// inflect adds the stem of a name of one word, in languages whose names change
// at the end.
func (g *gazetteer) inflect(r *reader, code, name string, e entry) {
	if strings.ContainsAny(name, " -") || e.flags&exact != 0 {
		return
	}
	switch code {
	case "pl", "cs", "sk", "hr", "sr", "sl", "ru", "uk", "bg", "mk", "lv", "lt", "et", "fi", "hu", "el", "ro", "sv", "da", "no", "de", "nl", "is", "tr", "az", "ka", "hy",
		"sq", "be", "kk", "uz", "bn", "mr", "ta", "te":
	default:
		return
	}
	folded := g.folder.fold(name)
	bare := strings.TrimRight(folded, "aeiouyаеиоуыіїяюьйαεηιουωσς")
	switch code {
	case "fi", "hu", "sv", "da", "no", "de", "nl", "tr", "az", "et", "kk", "uz", "bn", "mr", "te":
		bare = folded
	case "ta":
		bare = strings.TrimSuffix(folded, "்")
	}
	if len([]rune(bare)) < 4 {
		return
	}
	g.addStem(g.langNumber(code), bare, e)
	if code == "no" {
		g.addStem(g.langNumber("nb"), bare, e)
		g.addStem(g.langNumber("nn"), bare, e)
	}
}

func (g *gazetteer) addStem(lang uint8, folded string, e entry) {
	m := g.stems[lang]
	if m == nil {
		m = map[string][]entry{}
		g.stems[lang] = m
	}
	for _, have := range m[folded] {
		if have.country == e.country && have.kind == e.kind && have.flags == e.flags {
			return
		}
	}
	m[folded] = append(m[folded], e)
}

// People of a place that is listed by hand: it is well known.
const wellKnown = 1_500_000

// addNames reads the lists written by hand.
func (g *gazetteer) addNames() error {
	files, err := written.ReadDir("names")
	if err != nil {
		return fmt.Errorf("places: %w", err)
	}
	r := &reader{}
	for _, f := range files {
		if f.Name() == "lists.txt" || f.Name() == "weak.txt" {
			continue
		}
		text, err := written.ReadFile("names/" + f.Name())
		if err != nil {
			return fmt.Errorf("places: %w", err)
		}
		var langs []string
		for n, line := range strings.Split(string(text), "\n") {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			if rest, ok := strings.CutPrefix(line, "lang "); ok {
				langs = strings.Split(rest, ", ")
				continue
			}
			head, list, ok := strings.Cut(line, ": ")
			if !ok {
				return fmt.Errorf("places: names/%s line %d has no colon", f.Name(), n+1)
			}
			if code, ok := strings.CutPrefix(head, "ending "); ok {
				set := map[string]bool{}
				for _, e := range strings.Split(list, ",") {
					set[g.folder.fold(strings.TrimSpace(e))] = true
				}
				g.endings[g.langNumber(code)] = set
				continue
			}
			codes, what, _ := strings.Cut(head, " ")
			if err := g.addLine(r, langs, codes, what, list); err != nil {
				return fmt.Errorf("places: names/%s line %d: %w", f.Name(), n+1, err)
			}
		}
	}
	return nil
}

func (g *gazetteer) addLine(r *reader, langs []string, codes, what, list string) error {
	e := entry{part: -1}
	for _, l := range langs {
		e.langs |= g.lang(l)
	}
	small := langs[0] != "en" // most languages write demonyms with a small letter
	switch what {
	case "n", "":
		e.kind = aCountry
	case "d":
		e.kind = aPeople
		if small {
			e.flags |= anyCase
		}
	case "c":
		e.kind, e.flags = aCountry, capsOnly
	case "p":
		e.kind, e.people = aPart, wellKnown
	case "m":
		e.kind = aMetonym
	case "t":
		e.kind, e.people = aCity, wellKnown
	case "w":
		e.kind, e.people, e.flags = aCity, wellKnown, named
	default:
		return fmt.Errorf("no kind %q", what)
	}
	if codes == "none" {
		e.kind = nothing
		for _, name := range strings.Split(list, ", ") {
			g.add(r, name, e)
		}
		return nil
	}
	all := strings.Split(codes, "+")
	if len(all) > 1 {
		e.flags |= joint
	}
	for _, code := range all {
		if _, ok := mood.Country(code); !ok {
			return fmt.Errorf("no country %q", code)
		}
		for _, name := range strings.Split(list, ", ") {
			e := e
			e.country = g.country(code)
			if bare, ok := strings.CutSuffix(name, "!"); ok {
				e.flags |= exact
				e.spelt, name = strings.ToLower(bare), bare
			}
			if bare, ok := strings.CutSuffix(name, "*"); ok {
				for _, l := range langs {
					g.addStem(g.langNumber(l), g.folder.fold(bare), e)
				}
				if e.kind == aPeople {
					continue // its stem alone is no word
				}
				name = bare
			}
			g.add(r, name, e)
		}
	}
	return nil
}
