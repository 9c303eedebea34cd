package sentiment

import (
	"strings"
	"unicode"

	"agora/ingest/sentiment/lexicon"
	"agora/mood"
)

// unread is what all languages are read as that the engine doesn't know. They
// are one, since whoever pushes a text names its language, and for each
// language there are readers with a memory of their own.
const unread = "und"

// language is what an ask is read as, and whether the engine reads that
// language at all.
func (e *Engine) language(ask *mood.Ask) (lang string, known bool) {
	if lang = primary(ask.Language); lang == "" {
		lang = e.guess(ask.Title, ask.Text)
	}
	if e.model.Lexicons().Has(lang) || lang == "no" {
		return lang, true
	}
	return unread, false
}

// guess tells a language by its script and, in Latin script, by which
// lexicon's words stand in the text most. It only has to be right where the
// source did not say.
func (e *Engine) guess(title, text string) string {
	sample := title + " " + text[:min(len(text), 600)]
	if lang := byScript(sample); lang != "" {
		return lang
	}
	words := strings.FieldsFunc(strings.ToLower(sample), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
	best, most := "en", 0
	for _, lang := range e.latin {
		l := e.model.Lexicons().Of(lang)
		n := 0
		for _, w := range words[:min(len(words), 60)] {
			if e.function[lang][w] {
				n += 3
			} else if entry := l.Word(w); entry != nil && len(w) > 3 {
				n++
				if entry.Op != lexicon.None {
					n++
				}
			}
		}
		if n > most {
			best, most = lang, n
		}
	}
	return best
}

func byScript(s string) string {
	var counts [8]int
	letters := 0
	for _, r := range s {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		switch {
		case r < 0x250:
		case unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r):
			counts[1] += 2
		case unicode.Is(unicode.Han, r):
			counts[2]++
		case unicode.Is(unicode.Cyrillic, r):
			counts[3]++
		case unicode.Is(unicode.Arabic, r):
			counts[4]++
		case unicode.Is(unicode.Devanagari, r):
			counts[5]++
		case unicode.Is(unicode.Hangul, r):
			counts[6]++
		default:
			counts[7]++
		}
	}
	if counts[1] > 0 && counts[1]+counts[2] > letters/4 {
		return "ja"
	}
	names := [...]string{"", "ja", "zh", "ru", "ar", "hi", "ko", "und"}
	for i := 2; i < len(counts); i++ {
		if 2*counts[i] > letters {
			return names[i]
		}
	}
	return ""
}

// functionWords are words that hold a language together, for the languages in
// Latin script.
func functionWords() map[string]map[string]bool {
	sets := map[string]map[string]bool{}
	for lang, words := range map[string]string{
		"en": "the and of to is it for with that this was are you my not has have be at by from its will after over as your they he she we what how why",
		"fi": "ja ei että joka kun myös sekä oli mutta niin ovat yli on en minun tämä se",
		"sv": "och att det som för av är inte till ett om nya sig på med jag har den min",
		"de": "der das und ist nicht mit ein eine auf für sich auch zu dem den ich bei wird im von",
		"fr": "le la les des du et une dans est pas sur pour qui avec au aux ce je mon un",
		"es": "el los las del por para una que con es su se al lo y en un mi muy",
		"it": "il di che per della dei nel non gli sono alla più e è un una con mio le",
		"pt": "os dos das não uma em com na no ao pelo mais o e do da um meu para",
		"nl": "het een van niet voor dat zijn met wordt naar ook bij de op ik mijn te",
		"pl": "nie się jest na za dla przez oraz w z i do mój po",
		"tr": "ve bir bu için ile çok da de ne mi en daha ama",
		"id": "yang dan di ini itu dengan untuk tidak dari pada saya ke ada akan",
	} {
		sets[lang] = map[string]bool{}
		for w := range strings.FieldsSeq(words) {
			sets[lang][w] = true
		}
	}
	return sets
}
