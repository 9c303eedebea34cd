package charts

import (
	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"agora/mood"
)

// ranking is what charts of one dimension have in common: a row for each of
// its most mentioned values, and one for all the rest.
type ranking struct {
	columns []Column // ahead of the tally's
	most    int      // values that get a row of their own
	rows    func(*mood.BrandBoard) []mood.Row
	cells   func(key string) []any   // for columns; the last one is the title
	title   func(last string) string // for people, of the last cell; nil: it is one
	filter  func(f *Filter, key string)
}

// rest is the key of the row of all values that have none.
const rest = "…"

func (k ranking) table(v view) Table {
	w := v.words()
	t := Table{Columns: append(k.columns, tallyColumns(w)...)}
	rows := v.rows(k.rows)
	if len(rows) == 0 {
		t.Notes = append(t.Notes, w.Notes.Empty)
		return t
	}
	for _, r := range rows[:min(k.most, len(rows))] {
		cells := k.cells(r.Key)
		f := v.filter()
		k.filter(&f, r.Key)
		title := cells[len(cells)-1].(string)
		if k.title != nil {
			title = k.title(title)
		}
		t.Rows = append(t.Rows, Row{
			Key: r.Key, at: r.Key, title: shown(title), tally: r.Tally(), Filter: f,
			Cells: append(cells, tallyCells(r.Tally())...),
		})
	}
	if more := rows[len(t.Rows):]; len(more) > 0 {
		var sum mood.Tally
		for _, r := range more {
			sum.Add(r.Tally())
		}
		cells := make([]any, len(k.columns))
		cells[len(cells)-1] = w.rest(len(more))
		// No filter says "none of these", so this row cannot be clicked.
		t.Rows = append(t.Rows, Row{
			Key: rest, at: rest, title: w.rest(len(more)), tally: sum, Cells: append(cells, tallyCells(sum)...), extra: extra{pale: true, count: int64(len(more))},
		})
	}
	t.Notes = append(t.Notes, w.Notes.Figures)
	if !v.single() {
		t.Notes = append(t.Notes, w.Notes.Merged)
	}
	return t
}

// rankedOption draws a ranking: a bar for each row, its labels stacked, its
// name on the left and its figures on the right. The rest gets its figures and
// no bar: it is longer than all others, as a rule, and would flatten them.
func rankedOption(t Table) (Option, error) {
	w := t.Words()
	c := echarts.NewBar()
	s := sketch{drawing: c, notes: notes(t.Notes), data: map[string][]point{}, series: map[string]tree{}}
	for _, l := range []struct {
		id, name, labels string
		of               func(mood.Tally) int64
	}{
		{"negative", w.Columns.Negative, "negative", func(t mood.Tally) int64 { return t.Negative }},
		{"neutral", w.Columns.Other, "neutral,unclear", func(t mood.Tally) int64 { return t.Neutral + t.Unclear }},
		{"positive", w.Columns.Positive, "positive", func(t mood.Tally) int64 { return t.Positive }},
	} {
		c.MultiSeries = append(c.MultiSeries, series(l.id, "bar", l.name, func(s *echarts.SingleSeries) {
			s.Stack, s.BarCategoryGap = "mentions", "45%"
			s.ItemStyle = &opts.ItemStyle{Color: role(l.id)}
		}))
		s.series[l.id] = tree{"barMaxWidth": 20}
		data := make([]point, 0, len(t.Rows))
		for _, r := range t.Rows {
			p := point{Name: r.at, Value: l.of(r.tally), Tip: w.tallyTip(r.title, r.tally)}
			switch {
			case r.extra.pale:
				p.Value = 0
			case l.of(r.tally) > 0:
				f := r.Filter
				f.Label = l.labels
				p.Filter = &f
			}
			data = append(data, p)
		}
		s.data[l.id] = data
	}
	s.series["negative"]["itemStyle"] = tree{"decal": hatch()}
	drawRows(c, &s, t, true)
	s.says = describe(t, w.describeRows(t.Rows))
	return s.option()
}

// drawRows gives a chart of horizontal bars its axes: names on the left,
// figures on the right, no scale, since the figures say it. A legend, of what
// the colours are, stands above.
func drawRows(c *echarts.Bar, s *sketch, t Table, legend bool) {
	rows := t.Rows
	above := noLegend()
	if legend && len(rows) > 0 {
		above = opts.Legend{Show: opts.Bool(true), Left: "0", Top: "0", Type: "scroll"}
	}
	c.SetGlobalOptions(
		echarts.WithGridOpts(opts.Grid{Left: "0", Right: "0", Top: "0", Bottom: "0", ContainLabel: opts.Bool(true)}),
		echarts.WithTooltipOpts(tooltip("item")), echarts.WithLegendOpts(above),
		echarts.WithXAxisOpts(opts.XAxis{Type: "value", Show: opts.Bool(false)}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "category", Data: titlesOf(rows), AxisLabel: &opts.AxisLabel{Color: role("text")}}),
	)
	c.ExtendYAxis(opts.YAxis{Type: "category", Data: figuresOf(t), Position: "right", AxisLabel: &opts.AxisLabel{Color: role("quiet")}})
	names := bareAxis()
	merge(names, tree{
		"axisLabel":    tree{"width": nameWidths[0].name, "overflow": "truncate", "ellipsis": "…"},
		"nameLocation": "end", "nameGap": 10, "nameTextStyle": tree{"align": "right"},
	})
	s.gaps = tree{"yAxis": []tree{names, bareAxis()}, "xAxis": []tree{{"min": 0}}}
	if len(rows) > 0 {
		s.gaps["media"] = roomFor(t.Words(), rows, legend)
	}
}

// bareAxis is an axis of rows, from the top down: all its words, no lines.
func bareAxis() tree {
	return tree{"inverse": true, "axisTick": tree{"show": false}, "axisLine": tree{"show": false}, "axisLabel": tree{"interval": 0}}
}

// titlesOf are the names of rows, for an axis.
func titlesOf(rows []Row) []string {
	list := make([]string, len(rows))
	for i, r := range rows {
		list[i] = inert(r.title)
	}
	return list
}

// figuresOf are the figures of rows, for an axis on the other side.
func figuresOf(t Table) []string {
	list := make([]string, len(t.Rows))
	for i, r := range t.Rows {
		list[i] = t.Words().tallyNote(r.tally)
		if arrow := r.extra.change.arrow(); arrow != "" {
			list[i] += " " + arrow
		}
	}
	return list
}
