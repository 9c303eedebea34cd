package charts

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language/display"
)

// Every word that a chart shows stands in words/, in a file for each language.
// What stands in braces there is filled in; a phrase with a number in it has a
// form for one and one for all others.
//
//go:embed words/*.json
var wordFiles embed.FS

// English is the language of those who ask for no other.
const English = "en"

// Words are all that charts say in one language.
type Words struct {
	catalogue
	lang     string
	spelling string // JSON: how numbers and times are written
	names    *display.Dictionary
}

// catalogue is a file of words/.
type catalogue struct {
	ZeroIsOne bool // French has "0 mention"
	Format    formats
	Titles    map[string]string // of charts, by id
	Spans     map[string]span   // by name of a window
	Columns   columnWords
	Facts     factWords
	Places    map[string]string // what each kind of place means
	Filters   map[string]string // parameters of an address, and what they may be
	Says      sayings
	Sources   sourceWords
	Notes     noteWords
	Countries map[string]string // by code; all others are those of the Unicode CLDR
	Languages map[string]string // likewise
}

// formats say how numbers and times are written. Static/src/format.js reads
// them too.
type formats struct {
	Decimal, Group               string
	GroupFrom                    int // digits from which they are grouped
	Percent                      phrase
	Thousand, Million, Billion   phrase
	Clock, Day, Weekday, Moment  phrase // on axes, and of one point
	WeekdayClock, DayClock, Date phrase // in sentences
	// As spreadsheets have them.
	SheetDay, SheetWeekday, SheetClock string
	Months                             [12]string
	Weekdays                           [7]string // Monday first
}

// span names a window: for a title, the one before it, and as a filter.
type span struct{ Title, Before, Short string }

// columnWords name columns and series.
type columnWords struct {
	Mentions, Positive, Neutral, Unclear, Other, Negative, Mood, Time, Brand, Outlet, Language, Code, Country, Place, Count, Topic, Salience, Earlier, Trend,
	Weekday, Hour, Kind, Share, Before, Line, Low, High, Activity, Offset, Stories, City, Unit string
}

// factWords name what stands above and below a table that is taken away.
type factWords struct {
	Title, Filters, From, To, AsOf, Kept, Zone, Sources, Method, Note, Demo, Licence, Events, About, Table string
}

// sayings are parts of sentences.
type sayings struct {
	RhythmSpan, Unknown, Stopped, Nothing, Method, Brief, EventsMethod, Demo, Licence string

	Headed, Over, Pair, List, More, AndRest, RowsMore, Described, AsOf, Kept                                                     phrase
	TooFew, Judged, Tally, Total, Line, Unmentioned, OfAll, Feeling, Before                                                      phrase
	Near, Elsewhere, Amount, Counter, Grown, Even, HasStopped, Since, Between, Carried, CarriedOf, Brought, Outage, Trend, Fresh phrase
	Rest, Mentions, Stories, Events                                                                                              numbered
}

// sourceWords say how many sources answer: within a line, and as a fact.
type sourceWords struct {
	None, One, FactNone, FactOne          string
	All, Some                             numbered
	Silent, FactAll, FactSome, FactSilent phrase
}

// noteWords are sentences below a chart.
type noteWords struct {
	Empty, NoActivity, NoTopics, Merged, Rhythm, Line, Few, Borders, Rings, Band, Range, Usual, Shades, Figures, Salience, ByMentions, Pulse, Trends,
	WindowBefore string

	Missing, Before, LostAbout, LostFrom, LostOrigin, AllLostAbout, AllLostFrom, AllLostOrigin phrase
	Floor                                                                                      phrase
	LostDevices                                                                                numbered
}

// dictionaries name countries and languages. English has names of its own for
// countries.
var dictionaries = map[string]*display.Dictionary{
	English: display.English, "de": display.German, "es": display.Spanish, "fi": display.Finnish,
	"fr": display.French, "pt": display.Portuguese, "sv": display.Swedish,
}

// tongues are the words of all languages.
var tongues = sync.OnceValue(func() map[string]*Words {
	all := make(map[string]*Words, len(dictionaries))
	for lang := range dictionaries {
		w, err := readWords(lang)
		if err != nil {
			panic(err) // the files are part of the program
		}
		all[lang] = w
	}
	return all
})

func readWords(lang string) (*Words, error) {
	w := &Words{lang: lang, names: dictionaries[lang]}
	file := path.Join("words", lang+".json")
	text, err := wordFiles.ReadFile(file)
	if err != nil {
		return nil, err
	}
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	if err := in.Decode(&w.catalogue); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	if lang == English {
		return w, nil // as who writes them has it anyway
	}
	var raw struct{ Format json.RawMessage }
	var short bytes.Buffer
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	if err := json.Compact(&short, raw.Format); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	w.spelling = short.String()
	return w, nil
}

// Languages are the tags of the languages that charts have words in.
func Languages() []string { return slices.Sorted(maps.Keys(dictionaries)) }

// WordsIn gives the words of a language by its tag (BCP 47). A tag may say
// more, such as a region, which changes nothing. It is not ok where charts
// don't speak the language.
func WordsIn(tag string) (_ *Words, ok bool) {
	parts := strings.Split(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
	for _, part := range parts {
		if len(part) < 1 || len(part) > 8 || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return nil, false
		}
	}
	w, ok := tongues()[parts[0]]
	return w, ok
}

// english are the words of whatever has been given no others.
func english() *Words { return tongues()[English] }

// Language is the tag of the language, without a region.
func (w *Words) Language() string { return w.lang }

// Spelling says as JSON how numbers and times are written, for the script that
// draws charts; empty: as in English.
func (w *Words) Spelling() string { return w.spelling }

// phrase is a text with names in braces, to be filled in.
type phrase string

// with fills in a phrase: names and values, in turn. What a value holds is
// never taken for a name.
func (p phrase) with(pairs ...string) string {
	var b strings.Builder
	rest := string(p)
	for {
		before, after, open := strings.Cut(rest, "{")
		b.WriteString(before)
		name, next, closed := strings.Cut(after, "}")
		if !open || !closed {
			return b.String()
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				b.WriteString(pairs[i+1])
				break
			}
		}
		rest = next
	}
}

// numbered is a phrase with a number, {n}, in it.
type numbered struct{ One, Other phrase }

// many fills in a phrase that has a number in it.
func (w *Words) many(n int64, c numbered, pairs ...string) string {
	p := c.Other
	if n == 1 || n == 0 && w.ZeroIsOne {
		p = c.One
	}
	return p.with(append(pairs, "n", w.count(n))...)
}

// list joins names as a sentence does.
func (w *Words) list(names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		return w.Says.List.with("names", strings.Join(names[:n-1], ", "), "last", names[n-1])
	}
}
