package charts

import "agora/mood"

// languagesChart is the languages in which the brands were written about.
func languagesChart(w *Words) Chart {
	k := ranking{
		columns: []Column{{"code", w.Columns.Code, Text}, {"language", w.Columns.Language, Text}},
		most:    10,
		rows:    func(b *mood.BrandBoard) []mood.Row { return b.Languages },
		cells:   func(key string) []any { return []any{key, w.language(key)} },
		filter:  func(f *Filter, key string) { f.Language = orNone(key) },
	}
	return Chart{ID: "languages", table: k.table, option: rankedOption}
}
