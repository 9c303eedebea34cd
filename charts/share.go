package charts

import (
	"cmp"
	"slices"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"agora/mood"
)

// shareChart sets all watched brands side by side: on the left how much they
// are talked about, on the right how they are liked.
func shareChart() Chart {
	return Chart{ID: "share", table: shareTable, option: shareOption}
}

const (
	shareName  = 110 // pixels that a name has at least
	shareScale = 34  // of the scale below and the gap above
)

func shareTable(v view) Table {
	w := v.words()
	t := Table{Columns: append([]Column{{"brand", w.Columns.Brand, Text}, {"share", w.Columns.Share, Share}}, tallyColumns(w)...)}
	list := slices.Clone(v.board.Share)
	slices.SortStableFunc(list, func(a, b mood.ShareRow) int { return cmp.Compare(b.Mentions, a.Mentions) })
	var all int64
	for i, r := range list {
		all += r.Mentions
		if r.Name == "" {
			r.Name = r.Key
		}
		var share any
		if r.Share != nil {
			share = roundTo(*r.Share, 4)
		}
		row := Row{
			Key: r.Key, at: r.Key, title: r.Name, tally: r.Tally(), Filter: Filter{Brand: r.Key, Window: v.board.Window},
			Cells: append([]any{r.Name, share}, tallyCells(r.Tally())...),
		}
		row.extra.color = brandColor(mood.Brand{Color: r.Color}, i)
		row.extra.pale = len(v.brands) > 0 && !slices.ContainsFunc(v.brands, func(b mood.Brand) bool { return b.ID == r.Key })
		if r.Share != nil {
			row.extra.weight = *r.Share
		}
		row.extra.stories = r.Stories
		t.Rows = append(t.Rows, row)
	}
	t.addStories(w)
	if all == 0 {
		t.Notes = append(t.Notes, w.Notes.Empty)
	} else {
		t.Notes = append(t.Notes, w.Notes.Range)
	}
	return t
}

func shareOption(t Table) (Option, error) {
	w := t.Words()
	c := echarts.NewBar()
	voice := series("share", "bar", w.Titles["share"], func(s *echarts.SingleSeries) { s.BarCategoryGap = "50%" })
	feel := series("mood", "scatter", w.Titles["mood"], func(s *echarts.SingleSeries) { s.XAxisIndex, s.YAxisIndex = 1, 1 })
	s := sketch{drawing: c, notes: notes(t.Notes), data: map[string][]point{}, series: map[string]tree{}}
	shares, moods := []point{}, []point{}
	var most float64
	for i, r := range t.Rows {
		row := mood.ShareRow{Row: mood.RowOf(r.Key, r.tally), Name: r.title, Stories: r.extra.stories}
		if share, ok := r.Cells[1].(float64); ok {
			row.Share = &share
		}
		most = max(most, r.extra.weight)
		p := point{
			Name: r.Key, Title: r.title, Tip: w.shareTip(row), Value: roundTo(r.extra.weight, 3),
			Note: w.percent(r.extra.weight), ItemStyle: &style{Color: r.extra.color},
		}
		if r.extra.pale {
			p.ItemStyle.Opacity = 0.5
		}
		if r.tally.Mentions() > 0 {
			p.Filter = filtered(r.Filter)
		}
		shares = append(shares, p)
		if r.tally.Mentions() < few {
			continue
		}
		m, e := r.tally.Mood(), margin(r.tally)
		id := "range:" + r.Key
		c.MultiSeries = append(c.MultiSeries, series(id, "line", "", func(s *echarts.SingleSeries) { s.XAxisIndex, s.YAxisIndex = 1, 1 }))
		s.series[id] = tree{"symbol": "none", "silent": true, "lineStyle": tree{"color": role("quiet"), "width": 2, "cap": "round"}}
		s.data[id] = []point{
			{Name: "from", Value: []float64{whole(max(-1, m-e)), float64(i)}}, {Name: "to", Value: []float64{whole(min(1, m+e)), float64(i)}},
		}
		moods = append(moods, point{
			Name: r.Key, Title: r.title, Tip: w.shareTip(row), Filter: filtered(r.Filter),
			Value: []float64{whole(m), float64(i)}, ItemStyle: &style{Color: moodRole(whole(m))},
		})
	}
	c.MultiSeries = append(c.MultiSeries, voice, feel)
	s.data["share"], s.data["mood"] = shares, moods
	s.series["share"] = tree{
		"barMaxWidth": 20, "label": tree{"show": true, "position": "right", "formatter": formatPrefix + "note", "color": role("text")},
	}
	s.series["mood"] = tree{"symbolSize": 12, "z": 4, "itemStyle": tree{"borderColor": role("surface"), "borderWidth": 1.5, "opacity": 1}}

	c.SetGlobalOptions(
		echarts.WithGridOpts(
			opts.Grid{Left: "0", Right: "52%", Top: "8", Bottom: "0", ContainLabel: opts.Bool(true)},
			opts.Grid{Left: "52%", Right: "0", Top: "8", Bottom: "0", ContainLabel: opts.Bool(true)},
		),
		echarts.WithTooltipOpts(tooltip("item")), echarts.WithLegendOpts(noLegend()),
		echarts.WithXAxisOpts(opts.XAxis{
			Type: "value", Min: 0, Max: max(0.1, roundTo(most*1.3, 2)),
			// Unseen, so that both halves keep the same room for their scales: the bars say their shares.
			AxisLabel: &opts.AxisLabel{Formatter: formatPrefix + "percent", Color: "transparent"},
			SplitLine: &opts.SplitLine{Show: opts.Bool(false)},
		}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "category", Data: titlesOf(t.Rows), AxisLabel: &opts.AxisLabel{Color: role("text")}}),
	)
	c.ExtendXAxis(opts.XAxis{
		Type: "value", Min: -100, Max: 100, GridIndex: 1,
		AxisLabel: &opts.AxisLabel{Formatter: formatPrefix + "signed"}, SplitLine: &opts.SplitLine{Show: opts.Bool(true)},
	})
	c.ExtendYAxis(opts.YAxis{
		Type: "category", Data: figuresOf(t), GridIndex: 1, Position: "right", AxisLabel: &opts.AxisLabel{Color: role("quiet")},
	})
	names := bareAxis()
	merge(names, tree{
		"axisLabel":    tree{"width": shareName, "overflow": "truncate", "ellipsis": "…"},
		"nameLocation": "end", "nameGap": 10, "nameTextStyle": tree{"align": "right"},
	})
	s.gaps = tree{
		"xAxis": []tree{{"splitNumber": 2}, {"interval": 100}},
		"yAxis": []tree{names, bareAxis()},
	}
	if len(t.Rows) > 0 {
		s.gaps["media"] = roomAbove(w, t.Rows, append([]tree{{
			"query": tree{"minWidth": 0}, "option": tree{"yAxis": []tree{{"axisLabel": tree{"width": shareName}}}},
		}}, namesAt(0.48, shareName+1)...), rowPitch, shareScale, false)
	}
	s.says = describe(t, w.describeRows(t.Rows))
	return s.option()
}
