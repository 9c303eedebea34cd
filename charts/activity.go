package charts

import (
	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// mostKinds get a colour of their own; the others are one.
const mostKinds = 4

// activityChart is what consumer devices did over time, by kind.
func activityChart() Chart {
	return Chart{ID: "activity", table: activityTable, option: activityOption}
}

func activityTable(v view) Table {
	w := v.words()
	t := Table{Columns: []Column{
		{"t", w.Columns.Time, Time}, {"kind", w.Columns.Kind, Text}, {"count", w.Columns.Count, Count}, {"unit", w.Columns.Unit, Text},
	}}
	times := v.times()
	for _, d := range v.deeds() {
		counts := map[int64]int64{}
		var all int64
		for _, a := range d.rows {
			for _, p := range a.Series {
				counts[p.T.Unix()] += p.Count
				all += p.Count
			}
		}
		if all == 0 && d.count == 0 {
			continue // it was before
		}
		var unit any
		if d.unit != "" {
			unit = d.unit
		}
		for _, at := range times {
			n := counts[at.Unix()]
			t.Rows = append(t.Rows, Row{
				Key: d.id + " " + v.stamp(at), at: v.stamp(at), group: d.id, extra: extra{count: n, site: &site{kind: d}},
				Cells: []any{at.In(v.loc), d.name, n, unit},
			})
		}
	}
	if len(t.Rows) == 0 {
		t.Notes = append(t.Notes, w.Notes.NoActivity)
	}
	return t
}

func activityOption(t Table) (Option, error) {
	w := t.Words()
	c := echarts.NewBar()
	s := sketch{drawing: c, notes: notes(t.Notes), data: map[string][]point{}, series: map[string]tree{}}
	var kinds []*deed
	totals := map[string]int64{}
	counts := map[string][]int64{}
	for _, r := range t.Rows {
		if counts[r.group] == nil {
			kinds = append(kinds, r.extra.site.kind)
		}
		counts[r.group] = append(counts[r.group], r.extra.count)
		totals[r.group] += r.extra.count
	}
	var names []string
	for _, at := range t.view.times() {
		names = append(names, t.view.stamp(at))
	}
	var said []string
	add := func(id, name, color, unit string, points []int64) {
		c.MultiSeries = append(c.MultiSeries, series(id, "bar", name, func(s *echarts.SingleSeries) {
			s.Stack, s.BarCategoryGap = "activity", "20%"
			s.ItemStyle = &opts.ItemStyle{Color: color}
		}))
		s.series[id] = tree{"barMaxWidth": 24}
		data := make([]point, len(points))
		for i, n := range points {
			data[i] = point{Name: names[i], Value: n}
			if unit != "" && n > 0 {
				data[i].Tip = w.amount(n, unit)
			}
		}
		s.data[id] = data
	}
	for _, d := range kinds[:min(mostKinds, len(kinds))] {
		add("activity:"+d.id, d.name, d.paint(), d.unit, counts[d.id])
		said = append(said, d.name+" "+w.count(totals[d.id]))
	}
	if more := kinds[min(mostKinds, len(kinds)):]; len(more) > 0 {
		sum := make([]int64, len(names))
		for _, d := range more {
			for i, n := range counts[d.id] {
				sum[i] += n
			}
		}
		add("rest", w.rest(len(more)), role(spareColors[mostKinds]), "", sum)
	}
	c.SetXAxis(names)
	c.SetGlobalOptions(
		echarts.WithGridOpts(opts.Grid{Left: "0", Right: "0", Top: "40", Bottom: "0", ContainLabel: opts.Bool(true)}),
		echarts.WithTooltipOpts(tooltip("axis")),
		echarts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Left: "0", Top: "0", Type: "scroll"}),
		echarts.WithXAxisOpts(timeAxis(t)),
		echarts.WithYAxisOpts(opts.YAxis{
			Type: "value", AxisLabel: &opts.AxisLabel{Formatter: formatPrefix + "short"}, SplitLine: &opts.SplitLine{Show: opts.Bool(true)},
		}),
	)
	axes := []tree{{"minInterval": 1, "min": 0}}
	if len(kinds) > 0 && t.view.total().Mentions() > 0 {
		addTalk(c, &s, t, names)
		axes = append(axes, tree{"minInterval": 1})
	}
	s.gaps = tree{"xAxis": []tree{timeTicks(t, names)}, "yAxis": axes}
	if len(said) > 0 {
		s.says = describe(t, w.list(said)+".")
	} else {
		s.says = describe(t, w.Notes.NoActivity)
	}
	return s.option()
}

// addTalk draws what was said at the time as a line, on an axis of its own, so
// that a launch day shows both.
func addTalk(c *echarts.Bar, s *sketch, t Table, names []string) {
	v, w := t.view, t.Words()
	sums := map[string]int64{}
	for _, b := range v.boards {
		for _, p := range b.Series {
			sums[v.stamp(p.T)] += p.Positive + p.Neutral + p.Unclear + p.Negative
		}
	}
	const id = "talk"
	c.MultiSeries = append(c.MultiSeries, series(id, "line", w.Columns.Mentions, func(s *echarts.SingleSeries) {
		s.YAxisIndex = 1
		s.ItemStyle = &opts.ItemStyle{Color: role("text")}
		s.LineStyle = &opts.LineStyle{Color: role("text"), Width: 1.5}
	}))
	s.series[id] = tree{"symbol": "none", "z": 5}
	data := make([]point, len(names))
	for i, name := range names {
		data[i] = point{Name: name, Value: sums[name]}
	}
	s.data[id] = data
	c.ExtendYAxis(opts.YAxis{
		Type: "value", Position: "right", Min: 0,
		AxisLabel: &opts.AxisLabel{Formatter: formatPrefix + "short"}, SplitLine: &opts.SplitLine{Show: opts.Bool(false)},
	})
}
