package ingest

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"agora/mood"
)

// The part of a text that is shown, in code points, and how much of it stands
// ahead of the first match.
const (
	shownText  = 420
	shownAhead = 100
	mostWhy    = 8
)

// top gives the most frequent rows.
func top(rows map[string]int64) []mood.QueryRow {
	list := make([]mood.QueryRow, 0, len(rows))
	for key, n := range rows {
		list = append(list, mood.QueryRow{Key: key, Mentions: n})
	}
	slices.SortFunc(list, func(a, b mood.QueryRow) int {
		return cmp.Or(cmp.Compare(b.Mentions, a.Mentions), cmp.Compare(a.Key, b.Key))
	})
	return list[:min(len(list), topRows)]
}

// run writes a list out: its texts, each with what matched it.
func (t *trial) run(l *newest, by *side) mood.TextRun {
	run := mood.TextRun{Texts: []mood.TextMatch{}}
	for i, f := range l.kept {
		if i == l.limit {
			run.Next = l.kept[i-1].place.String()
			break
		}
		x := f.text
		spans, _ := by.query.MatchText(textOf(x))
		m := mood.TextMatch{
			ID: x.ID, Title: x.Title, URL: x.URL, Outlet: x.Outlet, Language: x.Language, Country: x.Country,
			Published: time.UnixMilli(x.Published).UTC(), Seen: time.UnixMilli(x.Seen).UTC(), Undated: x.Undated,
			StandsFor: f.weight, Brands: []string{},
		}
		for _, h := range t.watched.index.MatchText(textOf(x)) {
			m.Brands = append(m.Brands, h.Brand)
		}
		m.Why = why(x.Title, x.Text, spans)
		m.Text, m.Spans = part(x.Text, spans)
		run.Texts = append(run.Texts, m)
	}
	return run
}

// why lists what matched, as it stands in the text, each once.
func why(title, text string, spans []mood.Span) []string {
	list := []string{}
	fields := map[string][]rune{"title": []rune(title), "text": []rune(text)}
	for _, s := range spans {
		runes := fields[s.Field]
		if s.End > len(runes) || len(list) == mostWhy {
			continue
		}
		said := string(runes[s.Start:s.End])
		if !slices.ContainsFunc(list, func(have string) bool { return strings.EqualFold(have, said) }) {
			list = append(list, said)
		}
	}
	return list
}

// part cuts out what is shown of a text, and moves the spans along.
func part(text string, spans []mood.Span) (string, []mood.Span) {
	moved := []mood.Span{}
	first := -1
	for _, s := range spans {
		if s.Field == "title" {
			moved = append(moved, s)
		} else if first < 0 {
			first = s.Start
		}
	}
	length := utf8.RuneCountInString(text)
	from := 0
	if length > shownText && first > shownAhead {
		from = min(first-shownAhead, length-shownText)
	}
	to := min(length, from+shownText)
	runes := []rune(text)
	for n := 0; from > 0 && n < 20 && from < first && !unicode.IsSpace(runes[from-1]); n++ {
		from++ // not in the middle of a word
	}
	shown, shift := string(runes[from:to]), -from
	if from > 0 {
		shown = "… " + shown
		shift += 2
	}
	if to < length {
		shown += " …"
	}
	for _, s := range spans {
		if s.Field != "title" && s.Start >= from && s.End <= to {
			moved = append(moved, mood.Span{Field: s.Field, Start: s.Start + shift, End: s.End + shift})
		}
	}
	return shown, moved
}
