package charts

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"agora/mood"
)

// leaves are the texts of a catalogue, by where they stand in it. Names that
// only some languages need are left out.
func leaves(t *testing.T, lang string) map[string]string {
	t.Helper()
	text, err := wordFiles.ReadFile("words/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	delete(all, "countries")
	delete(all, "languages")
	found := map[string]string{}
	walk(all, nil, func(path []string, v any) {
		switch v := v.(type) {
		case string:
			at := strings.Join(path, ".")
			for n := 0; found[at] != ""; n++ {
				at = fmt.Sprint(strings.Join(path, "."), n)
			}
			found[at] = v
		case float64, bool:
			found[strings.Join(path, ".")] = "a value"
		}
	})
	return found
}

var placeholder = regexp.MustCompile(`\{\w+\}`)

func TestEveryLanguageHasAWordForEverythingAndFillsInTheSame(t *testing.T) {
	files, err := wordFiles.ReadDir("words")
	if err != nil || len(files) != len(Languages()) {
		t.Errorf("%d files of words for %d languages (%v)", len(files), len(Languages()), err)
	}
	holes := func(s string) []string {
		list := placeholder.FindAllString(s, -1)
		slices.Sort(list)
		return list
	}
	en := leaves(t, English)
	for _, lang := range without(Languages(), English) {
		own := leaves(t, lang)
		for at := range own {
			if _, ok := en[at]; !ok {
				t.Errorf("%s says %s, which nobody asks for", lang, at)
			}
		}
		for at, text := range en {
			said, ok := own[at]
			switch {
			case !ok || said == "":
				t.Errorf("%s has no words for %s", lang, at)
			case strings.HasPrefix(at, "format."): // which order, and how much of it, is what they are for
			case !slices.Equal(holes(said), holes(text)):
				t.Errorf("%s: %s fills in %v, and in English %v", lang, at, holes(said), holes(text))
			case said == text && len(wordsOf(text)) > 1:
				t.Errorf("%s: %s is in English", lang, at)
			}
		}
	}
	for _, c := range All() {
		if c.Title == "" {
			t.Errorf("%s has no title", c.ID)
		}
	}
}

func TestPluralsAreThoseOfTheUnicodeCLDR(t *testing.T) {
	c := numbered{One: "one", Other: "other"}
	for _, lang := range Languages() {
		w := tongues()[lang]
		for n := range 200 {
			want := "other"
			if plural.Cardinal.MatchPlural(language.Make(lang), n, 0, 0, 0, 0) == plural.One {
				want = "one"
			}
			if got := w.many(int64(n), c); got != want {
				t.Errorf("%s: %d is %s, want %s", lang, n, got, want)
			}
		}
	}
}

func TestEveryCountryHasANameInEveryLanguage(t *testing.T) {
	for _, lang := range Languages() {
		w := tongues()[lang]
		seen := map[string]string{}
		for _, c := range mood.Territories() {
			name := w.country(c.Code)
			if name == "" || name == c.Code {
				t.Errorf("%s: %s is called %q", lang, c.Code, name)
			}
			if other := seen[name]; other != "" {
				t.Errorf("%s: %s and %s are both called %q", lang, c.Code, other, name)
			}
			seen[name] = c.Code
		}
	}
	for lang, want := range map[string][2]string{"de": {"Nordmazedonien", "Finnisch"}, "fi": {"Pohjois-Makedonia", "Suomi"}, "fr": {"Macédoine du Nord", "Finnois"}, "en": {"North Macedonia", "Finnish"}} {
		w := tongues()[lang]
		if country, tongue := w.country("MK"), w.language("fi"); country != want[0] || tongue != want[1] {
			t.Errorf("%s: %s and %s, want %v", lang, country, tongue, want)
		}
	}
}

func TestALanguageIsFoundByItsTagWhateverTheRegion(t *testing.T) {
	for tag, want := range map[string]string{
		"de": "de", "de-AT": "de", "DE_ch": "de", "de-XQ": "de", "pt-BR": "pt", "fi-FI-u-nu-latn": "fi", "en-GB": "en", "sv-Latn-SE": "sv",
		"tlh": "", "": "", "de-": "", "deutsch": "", "de;x": "", "d": "", "de-<b>": "",
	} {
		got := ""
		if w, ok := WordsIn(tag); ok {
			got = w.Language()
		}
		if got != want {
			t.Errorf("%q is %q, want %q", tag, got, want)
		}
	}
}

func TestWhatIsFilledInIsNeverFilledInAgain(t *testing.T) {
	if got := phrase("{name}: {mood}, {").with("name", "{mood} {x}", "mood", "+1"); got != "{mood} {x}: +1, " {
		t.Errorf("it says %q", got)
	}
}

// saying are the texts of an option that people see or hear.
func saying(t *testing.T, o Option) []string {
	t.Helper()
	var v any
	if err := json.Unmarshal(o, &v); err != nil {
		t.Fatal(err)
	}
	// A map's series are called by the kinds of places, which only a legend
	// that is never shown has; points by what they are of.
	inner := map[string]bool{"filter": true, "legend": true, "type": true, "id": true}
	var said []string
	walk(v, nil, func(path []string, v any) {
		s, ok := v.(string)
		if !ok || slices.ContainsFunc(path, func(k string) bool { return inner[k] }) {
			return
		}
		switch path[len(path)-1] {
		case "description", "tip", "title", "note", "text":
			said = append(said, s)
		case "name":
			if !slices.Contains(path, "data") && !strings.Contains("about from origin pulse", s) {
				said = append(said, s)
			}
		case "[]":
			if len(path) > 1 && path[len(path)-2] == "data" || slices.Contains(path, "visualMap") {
				said = append(said, s)
			}
		}
	})
	return said
}

func wordsOf(texts ...string) map[string]bool {
	found := map[string]bool{}
	for _, text := range texts {
		for _, word := range strings.FieldsFunc(placeholder.ReplaceAllString(text, " "), func(r rune) bool { return !unicode.IsLetter(r) }) {
			if len(word) > 2 {
				found[word] = true
			}
		}
	}
	return found
}

// TestNoEnglishIsLeftOver draws every chart of every board in every language,
// and looks for words of the English catalogue that the language doesn't have.
func TestNoEnglishIsLeftOver(t *testing.T) {
	english := wordsOf(slices.Collect(maps.Values(leaves(t, English)))...)
	for _, lang := range without(Languages(), English) {
		w := tongues()[lang]
		own := wordsOf(slices.Collect(maps.Values(leaves(t, lang)))...)
		all := boards()
		for _, name := range []string{"none", "quiet", "one", "quarter", "three", "stopped-week"} {
			b := all[name]
			given := wordsOf(given(b)...)
			for _, c := range allIn(w) {
				tbl := c.Table(b).With(Coverage{Asked: 14, Answering: 12, Silent: []string{"BBC"}})
				tbl.About.Demo, tbl.About.Kept = true, &b.AsOf
				o, err := c.Option(tbl)
				if err != nil {
					t.Fatal(err)
				}
				caption := tbl.Caption()
				said := append(saying(t, o), c.Title, caption.Title, caption.Scope, caption.Basis, caption.Method, caption.Brief, caption.Mark, tbl.Missing([]rune("語")))
				said = append(said, caption.Notes...)
				for _, f := range append(tbl.Head(), tbl.Foot()...) {
					said = append(said, f.Name, fmt.Sprint(f.Value))
				}
				for _, col := range tbl.Columns {
					said = append(said, col.Title)
				}
				for _, r := range tbl.Rows {
					for _, cell := range r.Cells {
						if s, ok := cell.(string); ok {
							said = append(said, s)
						}
					}
				}
				for _, mode := range c.Modes() {
					only, in, err := c.In(mode, tbl, o)
					if err != nil {
						t.Fatal(err)
					}
					said = append(said, only.Caption().Scope)
					said = append(said, only.Notes...)
					said = append(said, saying(t, in)...)
					for _, f := range only.Head() {
						said = append(said, fmt.Sprint(f.Value))
					}
				}
				if len(said) < 20 {
					t.Fatalf("%s of %s says only %q", c.ID, name, said)
				}
				for _, text := range said {
					for word := range wordsOf(text) {
						if english[word] && !own[word] && !given[word] {
							t.Errorf("%s: %s of %s has the English %q in %q", lang, c.ID, name, word, text)
						}
					}
				}
			}
		}
	}
}

// given are the texts that a board brings with it.
func given(b *mood.Board) []string {
	list := []string{b.Timezone, "UTC"}
	for _, brand := range b.Names {
		list = append(list, brand.Name, brand.ID)
	}
	for _, r := range b.Share {
		list = append(list, r.Name, r.Key)
	}
	for _, bb := range b.Brands {
		for _, rows := range [][]mood.Row{bb.Topics, bb.Outlets} {
			for _, r := range rows {
				list = append(list, r.Key)
			}
		}
		for _, a := range bb.Activity {
			list = append(list, a.Key)
		}
		for _, o := range bb.Outages {
			list = append(list, o.Name, o.Source)
		}
	}
	return list
}

func TestAChartSaysTheSameInAnotherLanguage(t *testing.T) {
	b := fullBoard("24h", nokia)
	for _, c := range All() {
		plain := c.Table(b)
		for _, lang := range Languages() {
			w, _ := WordsIn(lang)
			spoken := c.Spoken(w)
			tbl := spoken.Table(b)
			if spoken.ID != c.ID || tbl.Words().Language() != lang || len(tbl.Rows) != len(plain.Rows) || len(tbl.Columns) != len(plain.Columns) || len(tbl.Notes) != len(plain.Notes) {
				t.Errorf("%s in %s is another chart", c.ID, lang)
			}
			for i, r := range tbl.Rows {
				if r.Key != plain.Rows[i].Key || r.Filter != plain.Rows[i].Filter {
					t.Errorf("%s in %s: row %d is of %s, want %s", c.ID, lang, i, r.Key, plain.Rows[i].Key)
				}
			}
			for i, col := range tbl.Columns {
				if col.Key != plain.Columns[i].Key || col.Kind != plain.Columns[i].Kind {
					t.Errorf("%s in %s: column %s", c.ID, lang, col.Key)
				}
			}
		}
	}
}
