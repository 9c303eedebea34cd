package server

import (
	"cmp"
	"slices"
	"strings"

	"agora/charts"
	"agora/mood"
)

// mentionColumns are those of a list that is taken away: one row for each
// mention and brand.
func mentionColumns() []charts.Column {
	return []charts.Column{
		{Key: "published", Title: "Published", Kind: charts.Time},
		{Key: "brand", Title: "Brand", Kind: charts.Text},
		{Key: "label", Title: "Label", Kind: charts.Text},
		{Key: "lean", Title: "Lean", Kind: charts.Text},
		{Key: "score", Title: "Score", Kind: charts.Plain},
		{Key: "confidence", Title: "Confidence", Kind: charts.Share},
		{Key: "corrected", Title: "Corrected", Kind: charts.Flag},
		{Key: "title", Title: "Title", Kind: charts.Text},
		{Key: "text", Title: "Text", Kind: charts.Text},
		{Key: "outlet", Title: "Outlet", Kind: charts.Text},
		{Key: "author", Title: "Author", Kind: charts.Text},
		{Key: "language", Title: "Language", Kind: charts.Text},
		{Key: "about", Title: "Country about", Kind: charts.Text},
		{Key: "from", Title: "Country from", Kind: charts.Text},
		{Key: "origin", Title: "Sent from", Kind: charts.Text},
		{Key: "url", Title: "URL", Kind: charts.Text},
		{Key: "sources", Title: "Sources", Kind: charts.Text},
		{Key: "story", Title: "Story", Kind: charts.Text},
		{Key: "copies", Title: "Copies", Kind: charts.Count},
		{Key: "seen", Title: "Seen", Kind: charts.Time},
		{Key: "counted", Title: "Counted", Kind: charts.Flag},
		{Key: "id", Title: "ID", Kind: charts.Text},
	}
}

// rower makes rows of mentions.
type rower struct {
	filter  mood.Filter
	brands  map[string]mood.Brand
	sources map[string]string // names by id
	cells   []any
}

func (s *Server) newRower(f mood.Filter) *rower {
	r := &rower{filter: f, brands: s.watched.Load().byID, sources: map[string]string{}}
	for _, h := range s.health() {
		r.sources[h.ID] = h.Name
	}
	return r
}

// rows calls with the cells of each row of a mention. They are good until the
// next one.
func (r *rower) rows(m mood.Mention, with func(cells []any) error) error {
	for _, id := range r.filter.Brands {
		reading, ok := m.Readings[id]
		if !ok || !r.selects(reading) {
			continue
		}
		if err := with(r.row(m, id, reading)); err != nil {
			return err
		}
	}
	return nil
}

// selects says whether a row is what was asked for: a mention of two brands is
// listed for either of its readings, but the other one gets no row.
func (r *rower) selects(reading mood.Reading) bool {
	f := r.filter
	switch {
	case len(f.Labels) > 0 && (reading.Irrelevant || !slices.Contains(f.Labels, reading.Label)):
		return false
	case f.Corrected != nil && reading.Corrected != *f.Corrected:
		return false
	}
	return !reading.Irrelevant || f.Corrected != nil
}

func (r *rower) row(m mood.Mention, brand string, reading mood.Reading) []any {
	label := reading.Label.String()
	if reading.Irrelevant {
		label = "irrelevant"
	}
	names := make([]string, len(m.Sources))
	for i, id := range m.Sources {
		names[i] = cmp.Or(r.sources[id], id)
	}
	var about []string
	for _, p := range m.Places.About {
		if p.Country != "" && !slices.Contains(about, p.Country) {
			about = append(about, p.Country)
		}
	}
	r.cells = append(r.cells[:0], m.Published, cmp.Or(r.brands[brand].Name, brand), label, reading.Lean.String(), reading.Score, reading.Confidence,
		reading.Corrected, m.Title, m.Text, m.Outlet, m.Author, m.Language, strings.Join(about, ", "), country(m.Places.From), country(m.Places.Origin),
		m.URL, strings.Join(names, ", "), m.Story, int64(m.Copies), m.Seen, !m.Uncounted && !reading.Irrelevant, m.ID)
	return r.cells
}

func country(p *mood.Place) string {
	if p == nil {
		return ""
	}
	return p.Country
}
