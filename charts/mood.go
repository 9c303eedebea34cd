package charts

import (
	"math"
	"slices"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"agora/mood"
)

// moodChart is a thermometer: a row for each brand on a scale of −100…100,
// with what was before, what is usual, and how sure the figure is.
func moodChart() Chart {
	return Chart{ID: "mood", table: moodTable, option: moodOption}
}

const (
	moodPitch = 24 // pixels that a row needs, for its dot not to touch the next
	moodScale = 26 // of the scale below

	moodMargin = 14 // between the scale and words, for a dot at its end
)

func moodTable(v view) Table {
	w := v.words()
	t := Table{Columns: append([]Column{{"brand", w.Columns.Brand, Text}}, tallyColumns(w)...)}
	t.Columns = append(t.Columns, Column{"before", w.Columns.Before, Mood}, Column{"usual_low", w.Columns.Low, Mood}, Column{"usual_high", w.Columns.High, Mood})
	for i, b := range v.boards {
		brand, now, before := v.brands[i], b.Total.Tally(), b.Before.Tally()
		cells := append([]any{brand.Name}, tallyCells(now)...)
		cells = append(cells, points(before))
		row := Row{
			Key: brand.ID, at: brand.ID, title: brand.Name, tally: now,
			Filter: Filter{Brand: brand.ID, Window: v.board.Window},
			extra:  extra{before: &before, color: brand.Color, stories: b.Total.Stories},
		}
		if b.Baseline != nil {
			row.extra.band = &b.Baseline.Mood
			cells = append(cells, hundredths(b.Baseline.Mood.Low), hundredths(b.Baseline.Mood.High))
		} else {
			cells = append(cells, nil, nil)
		}
		row.Cells = cells
		t.Rows = append(t.Rows, row)
	}
	t.addStories(w)
	if total := v.total(); total.Mentions() == 0 {
		t.Notes = append(t.Notes, w.Notes.Empty)
	} else {
		t.Notes = append(t.Notes, w.Notes.Range)
		if slices.ContainsFunc(t.Rows, func(r Row) bool { return r.extra.before.Mentions() >= few }) {
			t.Notes = append(t.Notes, w.noteBefore(v.board.Window))
		}
		if slices.ContainsFunc(t.Rows, func(r Row) bool { return r.extra.band != nil }) {
			t.Notes = append(t.Notes, w.Notes.Usual)
		}
	}
	return t
}

func moodOption(t Table) (Option, error) {
	w := t.Words()
	c := echarts.NewScatter()
	c.SetGlobalOptions(
		echarts.WithGridOpts(opts.Grid{Left: "2", Right: "0", Top: "8", Bottom: "0", ContainLabel: opts.Bool(true)}),
		echarts.WithTooltipOpts(tooltip("item")), echarts.WithLegendOpts(noLegend()),
		echarts.WithXAxisOpts(opts.XAxis{
			Type: "value", Min: -100, Max: 100, SplitNumber: 4,
			AxisLabel: &opts.AxisLabel{Formatter: formatPrefix + "signed"},
			SplitLine: &opts.SplitLine{Show: opts.Bool(true)},
		}),
		echarts.WithYAxisOpts(opts.YAxis{
			Type: "category", Data: titlesOf(t.Rows), AxisLabel: &opts.AxisLabel{Color: role("text")},
		}),
	)
	c.ExtendYAxis(opts.YAxis{Type: "category", Data: figuresOf(t), Position: "right", AxisLabel: &opts.AxisLabel{Color: role("text")}})
	s := sketch{drawing: c, notes: notes(t.Notes), data: map[string][]point{}, series: map[string]tree{}}
	var all mood.Tally
	line := func(id string, i int, from, to float64, names [2]string, style tree) {
		c.MultiSeries = append(c.MultiSeries, series(id, "line", ""))
		s.series[id] = tree{"lineStyle": style, "symbol": "none", "silent": true}
		s.data[id] = []point{
			{Name: names[0], Value: []float64{whole(from), float64(i)}},
			{Name: names[1], Value: []float64{whole(to), float64(i)}},
		}
	}
	before, now := []point{}, []point{}
	for i, r := range t.Rows {
		all.Add(r.tally)
		if b := r.extra.band; b != nil {
			line("usual:"+r.Key, i, b.Low, b.High, [2]string{"low", "high"}, tree{"color": role("band"), "width": 16, "cap": "round"})
		}
		if r.tally.Mentions() >= few {
			m, e := r.tally.Mood(), margin(r.tally)
			line("range:"+r.Key, i, max(-1, m-e), min(1, m+e), [2]string{"from", "to"}, tree{"color": role("quiet"), "width": 2, "cap": "round"})
		}
		if p := r.extra.before; p.Mentions() >= few {
			before = append(before, point{Name: r.Key, Tip: w.moodTip(r.title, r.tally, *p), Value: []float64{whole(p.Mood()), float64(i)}})
		}
		if r.tally.Mentions() > 0 {
			p := point{
				Name: r.Key, Title: r.title, Filter: filtered(r.Filter), Tip: w.moodTip(r.title, r.tally, *r.extra.before),
				Value: []float64{whole(r.tally.Mood()), float64(i)}, ItemStyle: &style{Color: moodRole(whole(r.tally.Mood()))},
			}
			if r.tally.Mentions() < few {
				p.ItemStyle.Color = role("few")
			}
			now = append(now, p)
		}
	}
	c.MultiSeries = append(c.MultiSeries, series("before", "scatter", ""), series("now", "scatter", ""))
	s.data["before"], s.data["now"] = before, now
	s.series["before"] = tree{"symbolSize": 11, "itemStyle": tree{"color": role("surface"), "borderColor": role("quiet"), "borderWidth": 1.5, "opacity": 1}, "z": 3}
	s.series["now"] = tree{
		"symbolSize": 18, "z": 4, "itemStyle": tree{"borderColor": role("surface"), "borderWidth": 2, "opacity": 1},
	}
	names, figures := bareAxis(), bareAxis()
	for _, axis := range []tree{names, figures} {
		merge(axis, tree{"axisLabel": tree{"margin": moodMargin}})
	}
	merge(names, tree{
		"axisLabel":    tree{"width": nameWidths[0].name, "overflow": "truncate", "ellipsis": "…"},
		"nameLocation": "end", "nameGap": moodScale + 2, "nameTextStyle": tree{"align": "right"},
	})
	s.gaps = tree{
		"yAxis": []tree{names, figures},
		"xAxis": []tree{{"interval": 50, "splitArea": tree{"show": true, "areaStyle": tree{
			"color": []string{role("mood-1"), role("mood-3"), role("mood-5"), role("mood-7")}, "opacity": 0.16,
		}}}},
	}
	if len(t.Rows) > 0 {
		s.gaps["media"] = roomAbove(w, t.Rows, namesAt(1, 0), moodPitch, moodScale, true)
	}
	s.says = describe(t, w.describeTotal(all))
	return s.option()
}

// margin is half the range in which a tally's mood lies with 95 % certainty,
// as if its mentions were a sample of all that is thought.
func margin(t mood.Tally) float64 { return 1.96 * math.Sqrt(variance(t)) }

// variance is that of a mood. One mention of each kind is added, so that it
// does not vanish where a few agree by chance.
func variance(t mood.Tally) float64 {
	n := float64(t.Mentions())
	m := float64(t.Positive-t.Negative) / (n + 2)
	return (float64(t.Positive+t.Negative+2)/(n+2) - m*m) / n
}
