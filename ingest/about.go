package ingest

import (
	"slices"

	"agora/ingest/watch"
	"agora/mood"
)

// aboutBrands marks items with the brands that their source is about.
func aboutBrands(src mood.Source, items []mood.Mention) []mood.Mention {
	if len(src.Brands) == 0 {
		return items
	}
	marked := slices.Clone(items)
	for i := range marked {
		marked[i].About = src.Brands
	}
	return marked
}

// withAbout adds the watched brands that a mention is about without naming
// them to those that it names.
func (w *watched) withAbout(hits []watch.Hit, about []string) []watch.Hit {
	for _, brand := range about {
		_, isWatched := w.brands[brand]
		if isWatched && !slices.ContainsFunc(hits, func(h watch.Hit) bool { return h.Brand == brand }) {
			hits = append(hits, watch.Hit{Brand: brand})
		}
	}
	return hits
}
