package recount

import (
	"slices"
	"strings"
	"unicode/utf8"

	"agora/mood"
)

// unknown is the value of what isn't known of a mention.
const unknown = "none"

// rows are the values that a mention counts under, but for its sources.
func (b *brand) rows(m mood.Mention, r mood.Reading) []row {
	var about []string
	for _, p := range m.Places.About {
		about = append(about, p.Country)
	}
	var rows []row
	one := func(by mood.By, text string, orElse string) {
		if text = value(text); text == "" {
			text = orElse
		}
		if text != "" {
			rows = append(rows, row{by, b.own(text)})
		}
	}
	about = b.values(about, mostAbout)
	for _, country := range about {
		rows = append(rows, row{mood.ByAbout, country})
	}
	if len(about) == 0 {
		rows = append(rows, row{mood.ByAbout, unknown})
	}
	one(mood.ByFrom, countryOf(m.Places.From), unknown)
	one(mood.ByOrigin, countryOf(m.Places.Origin), unknown)
	one(mood.ByLanguage, m.Language, unknown)
	one(mood.ByOutlet, m.Outlet, "")
	for _, topic := range b.values(r.Topics, mostTopics) {
		rows = append(rows, row{mood.ByTopic, topic})
	}
	return rows
}

func countryOf(p *mood.Place) string {
	if p == nil {
		return ""
	}
	return p.Country
}

// own gives one copy of equal texts: a recount holds the same few again and
// again.
func (b *brand) own(s string) string {
	if have, ok := b.strand[s]; ok {
		return have
	}
	s = strings.Clone(s)
	b.strand[s] = s
	return s
}

// values are the first different ones that aren't empty.
func (b *brand) values(list []string, most int) []string {
	var out []string
	for _, s := range list {
		if v := value(s); v != "" && len(out) < most && !slices.Contains(out, v) {
			out = append(out, b.own(v))
		}
	}
	return out
}

// value is a text as counters have it: valid, on one line, trimmed, and short.
func value(s string) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, ""))
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if len(s) > mostBytes {
		s = s[:mostBytes]
		for !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
		s = strings.TrimSpace(s)
	}
	return s
}
