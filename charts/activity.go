package charts

import (
	"cmp"
	"slices"

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
	t := Table{Columns: []Column{{"t", w.Columns.Time, Time}, {"kind", w.Columns.Kind, Text}, {"count", w.Columns.Count, Count}}}
	counts := map[string]map[int64]int64{}
	totals := map[string]int64{}
	for _, b := range v.boards {
		for _, a := range b.Activity {
			kind := valid(a.Key)
			if counts[kind] == nil {
				counts[kind] = map[int64]int64{}
			}
			for _, p := range a.Series {
				counts[kind][p.T.Unix()] += p.Count
			}
			totals[kind] += a.Count
		}
	}
	kinds := make([]string, 0, len(totals))
	for k := range totals {
		kinds = append(kinds, k)
	}
	slices.SortFunc(kinds, func(a, b string) int { return cmp.Or(cmp.Compare(totals[b], totals[a]), cmp.Compare(a, b)) })
	times := v.times()
	for _, k := range kinds {
		for _, at := range times {
			n := counts[k][at.Unix()]
			t.Rows = append(t.Rows, Row{
				Key: k + " " + v.stamp(at), at: v.stamp(at), group: k, extra: extra{count: n},
				Cells: []any{at.In(v.loc), k, n},
			})
		}
	}
	if len(kinds) == 0 {
		t.Notes = append(t.Notes, w.Notes.NoActivity)
	}
	return t
}

func activityOption(t Table) (Option, error) {
	w := t.Words()
	c := echarts.NewBar()
	s := sketch{drawing: c, notes: notes(t.Notes), data: map[string][]point{}, series: map[string]tree{}}
	var kinds []string
	totals := map[string]int64{}
	counts := map[string][]int64{}
	for _, r := range t.Rows {
		if counts[r.group] == nil {
			kinds = append(kinds, r.group)
		}
		counts[r.group] = append(counts[r.group], r.extra.count)
		totals[r.group] += r.extra.count
	}
	var names []string
	for _, at := range t.view.times() {
		names = append(names, t.view.stamp(at))
	}
	var said []string
	add := func(id, name, color string, points []int64) {
		c.MultiSeries = append(c.MultiSeries, series(id, "bar", name, func(s *echarts.SingleSeries) {
			s.Stack, s.BarCategoryGap = "activity", "20%"
			s.ItemStyle = &opts.ItemStyle{Color: role(color)}
		}))
		s.series[id] = tree{"barMaxWidth": 24}
		data := make([]point, len(points))
		for i, n := range points {
			data[i] = point{Name: names[i], Value: n}
		}
		s.data[id] = data
	}
	for i, k := range kinds[:min(mostKinds, len(kinds))] {
		add("activity:"+k, shown(k), spareColors[i], counts[k])
		said = append(said, shown(k)+" "+w.count(totals[k]))
	}
	if more := kinds[min(mostKinds, len(kinds)):]; len(more) > 0 {
		sum := make([]int64, len(names))
		for _, k := range more {
			for i, n := range counts[k] {
				sum[i] += n
			}
		}
		add("rest", w.rest(len(more)), spareColors[mostKinds], sum)
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
	s.gaps = tree{"xAxis": []tree{timeTicks(t, names)}, "yAxis": []tree{{"minInterval": 1, "min": 0}}}
	if len(said) > 0 {
		s.says = describe(t, w.list(said)+".")
	} else {
		s.says = describe(t, w.Notes.NoActivity)
	}
	return s.option()
}
