package charts

import (
	"cmp"
	"slices"

	echarts "github.com/go-echarts/go-echarts/v2/charts"

	"agora/mood"
)

const mostTopics = 20

// topicsChart is what is written about beside the brand: the longer the bar,
// the more a word stands out here against everything else that is read; its
// colour is the mood of the mentions that have it.
func topicsChart() Chart {
	return Chart{ID: "topics", table: topicsTable, option: topicsOption}
}

func topicsTable(v view) Table {
	w := v.words()
	t := Table{Columns: append(append([]Column{{"topic", w.Columns.Topic, Text}, {"salience", w.Columns.Salience, Plain}}, tallyColumns(w)...),
		Column{"before", w.Columns.Earlier, Count}, Column{"trend", w.Columns.Trend, Share})}
	rows := v.rows(func(b *mood.BrandBoard) []mood.Row { return b.Topics })
	slices.SortStableFunc(rows, func(a, b mood.Row) int { return cmp.Compare(b.Salience, a.Salience) })
	rows = slices.DeleteFunc(rows, func(r mood.Row) bool { return r.Key == "" })
	turned := false
	for _, r := range rows[:min(mostTopics, len(rows))] {
		f := v.filter()
		f.Topic = r.Key
		change := v.changeOf(r)
		turned = turned || change.arrow() != ""
		t.Rows = append(t.Rows, Row{
			Key: r.Key, at: r.Key, title: shown(r.Key), tally: r.Tally(), Filter: f, extra: extra{weight: r.Salience, change: change},
			Cells: append(append([]any{r.Key, roundTo(r.Salience, 2)}, tallyCells(r.Tally())...), change.cells()...),
		})
	}
	switch {
	case v.total().Mentions() == 0:
		t.Notes = append(t.Notes, w.Notes.Empty)
	case len(t.Rows) == 0:
		t.Notes = append(t.Notes, w.Notes.NoTopics)
	default:
		if slices.ContainsFunc(t.Rows, func(r Row) bool { return r.extra.weight > 0 }) {
			t.Notes = append(t.Notes, w.Notes.Salience)
		} else {
			t.Notes = append(t.Notes, w.Notes.ByMentions)
		}
		if turned {
			t.Notes = append(t.Notes, w.Notes.Trends)
		}
		if !v.single() {
			t.Notes = append(t.Notes, w.Notes.Merged)
		}
	}
	return t
}

func topicsOption(t Table) (Option, error) {
	w := t.Words()
	c := echarts.NewBar()
	c.MultiSeries = append(c.MultiSeries, series("topics", "bar", w.Titles["topics"], func(s *echarts.SingleSeries) { s.BarCategoryGap = "45%" }))
	s := sketch{drawing: c, notes: notes(t.Notes), data: map[string][]point{}, series: map[string]tree{"topics": {"barMaxWidth": 14}}}
	data := make([]point, 0, len(t.Rows))
	for _, r := range t.Rows {
		p := point{
			Name: r.at, Filter: filtered(r.Filter), Tip: w.tallyTip(r.title, r.tally) + w.changeTip(r.extra.change),
			Value: length(r), ItemStyle: &style{Color: moodRole(whole(r.tally.Mood()))},
		}
		if r.tally.Mentions() < few {
			p.ItemStyle.Color = role("few")
		}
		data = append(data, p)
	}
	s.data["topics"] = data
	drawRows(c, &s, t, false)
	s.says = describe(t, w.describeRows(t.Rows))
	return s.option()
}

// length is a topic's bar: its salience, or its mentions where nobody has
// worked out how salient it is.
func length(r Row) float64 {
	if r.extra.weight > 0 {
		return roundTo(r.extra.weight, 1)
	}
	return float64(r.tally.Mentions())
}
