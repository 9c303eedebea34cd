package charts

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"agora/mood"
)

// languagesChart is the languages in which the brands were written about.
func languagesChart() Chart {
	k := ranking{
		columns: []Column{{"code", wordCode, Text}, {"language", wordLanguage, Text}},
		most:    10,
		rows:    func(b *mood.BrandBoard) []mood.Row { return b.Languages },
		cells:   func(key string) []any { return []any{key, languageName(key)} },
		filter:  func(f *Filter, key string) { f.Language = orNone(key) },
	}
	return Chart{ID: "languages", Title: titleLanguages, table: k.table, option: rankedOption}
}

// languageName is the English name of a BCP 47 tag, or the tag itself.
func languageName(tag string) string {
	if tag == "" || tag == none {
		return wordUnknown
	}
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.English.Languages().Name(t); name != "" {
		return name
	}
	return tag
}
