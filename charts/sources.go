package charts

import "agora/mood"

// sourcesChart is who published: outlets by their number of mentions.
func sourcesChart() Chart {
	k := ranking{
		columns: []Column{{"outlet", wordOutlet, Text}},
		most:    12,
		rows:    func(b *mood.BrandBoard) []mood.Row { return b.Outlets },
		cells:   func(key string) []any { return []any{orUnknown(key)} },
		title:   hostName,
		filter:  func(f *Filter, key string) { f.Outlet = orNone(key) },
	}
	return Chart{ID: "sources", Title: titleSources, table: k.table, option: rankedOption}
}

func orUnknown(key string) string {
	if key == "" || key == none {
		return wordUnknown
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
