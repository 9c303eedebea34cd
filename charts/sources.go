package charts

import "agora/mood"

// sourcesChart is who published: outlets by their number of mentions.
func sourcesChart(w *Words) Chart {
	k := ranking{
		columns: []Column{{"outlet", w.Columns.Outlet, Text}},
		most:    12,
		rows:    func(b *mood.BrandBoard) []mood.Row { return b.Outlets },
		cells:   func(key string) []any { return []any{orUnknown(w, key)} },
		title:   hostName,
		filter:  func(f *Filter, key string) { f.Outlet = orNone(key) },
	}
	return Chart{ID: "sources", table: k.table, option: rankedOption}
}

func orUnknown(w *Words, key string) string {
	if key == "" || key == none {
		return w.Says.Unknown
	}
	return key
}

// none is how filters name what is not known.
const none = "none"

func orNone(key string) string {
	if key == "" {
		return none
	}
	return key
}
