package charts

import (
	"math"
	"time"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"agora/mood"
)

// timelineChart is what was said over time, as stacked bars, and the mood as
// a line over them; of several brands, a line for each.
func timelineChart() Chart {
	return Chart{ID: "timeline", table: timelineTable, option: timelineOption}
}

// stretch is what one point of a mood line stands on: the latest mentions up
// to there, reaching back far enough to say something.
type stretch struct {
	tally mood.Tally
	from  time.Time
}

const (
	lineEnough = 20 // mentions that a point of the line wants
	lineReach  = 6  // it looks back over this part of the window at most
)

func timelineTable(v view) Table {
	w := v.words()
	t := Table{Columns: append([]Column{{"t", w.Columns.Time, Time}}, tallyColumns(w)...)}
	if !v.single() {
		t.Columns = append([]Column{{"brand", w.Columns.Brand, Text}}, t.Columns...)
	}
	t.Columns = append(t.Columns, Column{"line", w.Columns.Line, Mood})
	times := v.times()
	for i, b := range v.boards {
		brand := v.brands[i]
		tallies := map[int64]mood.Tally{}
		for _, p := range b.Series {
			tallies[p.T.Unix()] = mood.Tally{Positive: p.Positive, Neutral: p.Neutral, Unclear: p.Unclear, Negative: p.Negative}
		}
		list := make([]mood.Tally, len(times))
		for j, at := range times {
			list[j] = tallies[at.Unix()]
		}
		for j, at := range times {
			at = at.In(v.loc)
			row := Row{Key: v.stamp(at), at: v.stamp(at), group: brand.ID, title: brand.Name, tally: list[j]}
			cells := append([]any{at}, tallyCells(list[j])...)
			if !v.single() {
				row.Key = brand.ID + " " + row.Key
				cells = append([]any{brand.Name}, cells...)
			}
			row.Filter = Filter{Brand: brand.ID, From: utc(at), To: utc(v.next(at))}
			if n, from := lookBack(list, j); n.Mentions() >= few {
				row.extra.line = &stretch{n, times[from]}
				cells = append(cells, points(n))
			} else {
				cells = append(cells, nil)
			}
			row.Cells = cells
			t.Rows = append(t.Rows, row)
		}
	}
	switch {
	case v.total().Mentions() == 0:
		t.Notes = append(t.Notes, w.Notes.Empty)
	default:
		t.Notes = append(t.Notes, w.Notes.Line)
		if v.single() && v.boards[0].Baseline != nil {
			t.Notes = append(t.Notes, w.Notes.Band)
		}
	}
	t.Notes = append(t.Notes, v.outageNotes()...)
	return t
}

// lookBack adds up the tallies that end with the one at i until there are
// enough mentions, and gives where it stopped.
func lookBack(list []mood.Tally, i int) (mood.Tally, int) {
	var sum mood.Tally
	reach := max(1, len(list)/lineReach)
	for j := i; j >= 0 && i-j < reach; j-- {
		sum.Add(list[j])
		if sum.Mentions() >= lineEnough {
			return sum, j
		}
	}
	return sum, max(0, i-reach+1)
}

func timelineOption(t Table) (Option, error) {
	w := t.Words()
	v := t.view
	bars := echarts.NewBar()
	s := sketch{drawing: bars, notes: notes(t.Notes), data: map[string][]point{}, series: map[string]tree{}}

	// Counts: by label for one brand; for several, all of them as one quiet bar.
	type layer struct {
		id, name, color, labels string
		of                      func(mood.Tally) int64
	}
	layers := []layer{
		{"negative", w.Columns.Negative, "negative", "negative", func(t mood.Tally) int64 { return t.Negative }},
		{"neutral", w.Columns.Other, "neutral", "neutral,unclear", func(t mood.Tally) int64 { return t.Neutral + t.Unclear }},
		{"positive", w.Columns.Positive, "positive", "positive", func(t mood.Tally) int64 { return t.Positive }},
	}
	if !v.single() {
		layers = []layer{{"mentions", w.Columns.Mentions, "hairline", "", mood.Tally.Mentions}}
	}
	names, sums, most := sumByTime(t.Rows)
	for _, l := range layers {
		bars.MultiSeries = append(bars.MultiSeries, series(l.id, "bar", l.name, func(s *echarts.SingleSeries) {
			s.Stack, s.YAxisIndex, s.BarCategoryGap = "mentions", 1, "20%"
			s.ItemStyle = &opts.ItemStyle{Color: role(l.color)}
		}))
		data := make([]point, len(names))
		for i, name := range names {
			n := l.of(sums[i].tally)
			data[i] = point{Name: name, Value: n}
			if n > 0 {
				f := sums[i].Filter
				f.Label = l.labels
				data[i].Filter = &f
			}
		}
		s.data[l.id] = data
		s.series[l.id] = tree{"barMaxWidth": 24}
	}
	if v.single() {
		s.series["negative"]["itemStyle"] = tree{"decal": hatch()}
	}

	legend := []tree{}
	for _, l := range layers {
		legend = append(legend, tree{"name": l.name})
	}
	for i, brand := range v.brands {
		id, name, color := "mood", w.Columns.Mood, role("text")
		if !v.single() {
			id, name, color = "mood:"+brand.ID, inert(brand.Name), brandColor(brand, i)
		}
		symbol := symbols[i%len(symbols)]
		bars.MultiSeries = append(bars.MultiSeries, series(id, "line", name, func(s *echarts.SingleSeries) {
			s.ItemStyle = &opts.ItemStyle{Color: color}
			s.LineStyle = &opts.LineStyle{Color: color, Width: 2.5, Type: dashes[i/len(symbols)%len(dashes)]}
		}))
		s.data[id] = linePoints(w, t.Rows, brand.ID, symbol)
		s.series[id] = tree{"symbol": "none", "showSymbol": true, "connectNulls": false, "z": 5, "symbolKeepAspect": true}
		legend = append(legend, tree{"name": name, "icon": symbol})
	}
	if v.single() {
		s.series["mood"]["markLine"] = tree{
			"silent": true, "symbol": "none", "label": tree{"show": false}, "animation": false,
			"lineStyle": tree{"color": role("quiet"), "width": 1, "type": "dotted"}, "data": []tree{{"yAxis": 0}},
		}
		if b := v.boards[0].Baseline; b != nil {
			s.series["mood"]["markArea"] = tree{
				"silent": true, "itemStyle": tree{"color": role("band"), "opacity": 0.7}, "z": 0, "animation": false,
				"data": [][]tree{{{"yAxis": whole(b.Mood.Low)}, {"yAxis": whole(b.Mood.High)}}},
			}
		}
	}

	top := niceCeil(float64(most))
	bars.SetXAxis(names)
	bars.SetGlobalOptions(
		echarts.WithGridOpts(opts.Grid{Left: "0", Right: "0", Top: "40", Bottom: "0", ContainLabel: opts.Bool(true)}),
		echarts.WithTooltipOpts(tooltip("axis")),
		echarts.WithLegendOpts(opts.Legend{Show: opts.Bool(true), Left: "0", Top: "0", Type: "scroll"}),
		echarts.WithXAxisOpts(timeAxis(t)),
		echarts.WithYAxisOpts(opts.YAxis{
			Type: "value", Min: -100, Max: 100,
			AxisLabel: &opts.AxisLabel{Formatter: formatPrefix + "signed"}, SplitLine: &opts.SplitLine{Show: opts.Bool(true)},
		}),
	)
	bars.ExtendYAxis(opts.YAxis{
		Type: "value", Position: "right", Min: 0, Max: 2 * top,
		AxisLabel: &opts.AxisLabel{Formatter: formatPrefix + "short", ShowMaxLabel: opts.Bool(false)},
		SplitLine: &opts.SplitLine{Show: opts.Bool(false)},
	})
	s.gaps = tree{
		"legend": tree{"data": legend},
		"xAxis":  markStops(t, names, bars, &s, []tree{timeTicks(t, names)}),
		// The counts keep to the lower half, so that the line has room over them.
		"yAxis": []tree{{"interval": 50}, {"interval": top}},
	}
	s.says = describe(t, w.describeTotal(v.total())+describeStops(v))
	return s.option()
}

// sumByTime adds up the rows of all brands at each time, and gives the highest count.
func sumByTime(rows []Row) (names []string, sums []Row, most int64) {
	index := map[string]int{}
	for _, r := range rows {
		i, ok := index[r.at]
		if !ok {
			i = len(names)
			index[r.at] = i
			names = append(names, r.at)
			sums = append(sums, Row{Filter: r.Filter})
		} else {
			sums[i].Filter.Brand += "," + r.Filter.Brand
		}
		sums[i].tally.Add(r.tally)
		most = max(most, sums[i].tally.Mentions())
	}
	return names, sums, most
}

// linePoints are the points of one brand's mood line. Its last one bears the
// brand's symbol.
func linePoints(w *Words, rows []Row, brand, symbol string) []point {
	data := []point{}
	last := -1
	for _, r := range rows {
		if r.group != brand {
			continue
		}
		p := point{Name: r.at, Value: gap}
		if l := r.extra.line; l != nil {
			f := r.Filter
			f.From = utc(l.from)
			p.Filter, p.Value, p.Tip = &f, whole(l.tally.Mood()), w.lineTip(l.tally)
			last = len(data)
		}
		data = append(data, p)
	}
	if last >= 0 {
		data[last].Symbol, data[last].SymbolSize = symbol, 9
	}
	return data
}

// symbols and dashes tell lines apart for those who cannot go by colour.
var (
	symbols = []string{"circle", "rect", "triangle", "diamond", "arrow", "pin"}
	dashes  = []string{"solid", "dashed", "dotted"}
)

// brandColor is a brand's own colour, or one of the spare ones.
func brandColor(b mood.Brand, i int) string {
	if b.Color != "" {
		return b.Color
	}
	return role(spareColors[i%len(spareColors)])
}

var spareColors = []string{"activity", "activity-2", "activity-3", "activity-4", "activity-5"}

// hatch doubles the colour of what is negative.
func hatch() tree {
	return tree{
		"symbol": "rect", "dashArrayX": []float64{1, 0}, "dashArrayY": []float64{1, 4},
		"rotation": roundTo(-math.Pi/4, 4), "color": role("decal"),
	}
}
