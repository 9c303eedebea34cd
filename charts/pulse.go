package charts

import (
	"cmp"
	"slices"
	"time"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"agora/mood"
)

// pulseChart is what was talked about, and when: words in a column for each
// part of the window. The larger a word, the more it stood out; its colour and
// its sign are the mood of the mentions that have it. Where each stands is
// worked out here, see [layout], so that page and picture agree.
func pulseChart() Chart {
	return Chart{ID: "pulse", table: pulseTable, option: pulseOption}
}

func pulseTable(v view) Table {
	w := v.words()
	t := Table{Columns: append([]Column{
		{"time", w.Columns.Time, Time}, {"topic", w.Columns.Topic, Text}, {"salience", w.Columns.Salience, Plain},
	}, tallyColumns(w)...)}
	for i, slot := range v.pulse() {
		from := slot.From.In(v.loc)
		for _, r := range slot.Topics {
			f := v.filter()
			f.Window, f.From, f.To, f.Topic = "", utc(slot.From), utc(slot.To), r.Key
			t.Rows = append(t.Rows, Row{
				Key: v.stamp(slot.From) + " " + r.Key, group: v.stamp(slot.From), at: v.stamp(slot.From) + " " + r.Key, title: shown(r.Key),
				tally: r.Tally(), Filter: f, extra: extra{weight: r.Salience, count: int64(i)},
				Cells: append([]any{from, r.Key, roundTo(r.Salience, 2)}, tallyCells(r.Tally())...),
			})
		}
	}
	switch {
	case v.total().Mentions() == 0:
		t.Notes = append(t.Notes, w.Notes.Empty)
	case len(t.Rows) == 0:
		t.Notes = append(t.Notes, w.Notes.NoTopics)
	default:
		t.Notes = append(t.Notes, w.Notes.Pulse)
		if !v.single() {
			t.Notes = append(t.Notes, w.Notes.Merged)
		}
	}
	return t
}

// pulse adds up the parts of the window over the brands of the view.
func (v view) pulse() []mood.PulseSlot {
	slots := map[int64]*mood.PulseSlot{}
	var order []int64
	for _, b := range v.boards {
		for _, s := range b.Pulse {
			at := s.From.Unix()
			if slots[at] == nil {
				slots[at] = &mood.PulseSlot{From: s.From, To: s.To}
				order = append(order, at)
			}
		}
	}
	slices.Sort(order)
	list := make([]mood.PulseSlot, 0, len(order))
	for _, at := range order {
		slot := *slots[at]
		slot.Topics = v.rows(func(b *mood.BrandBoard) []mood.Row {
			for _, s := range b.Pulse {
				if s.From.Unix() == at {
					return s.Topics
				}
			}
			return nil
		})
		slot.Topics = slices.DeleteFunc(slot.Topics, func(r mood.Row) bool { return r.Key == "" })
		slices.SortStableFunc(slot.Topics, func(a, b mood.Row) int { return cmp.Compare(b.Salience, a.Salience) })
		slot.Topics = slot.Topics[:min(mood.MostPulse, len(slot.Topics))]
		list = append(list, slot)
	}
	return list
}

func pulseOption(t Table) (Option, error) {
	w := t.Words()
	c := echarts.NewScatter()
	s := sketch{drawing: c, notes: notes(t.Notes), data: map[string][]point{}, series: map[string]tree{}}
	slots := t.view.pulse()
	words := make([][]word, len(slots))
	for _, r := range t.Rows {
		words[r.extra.count] = append(words[r.extra.count], wordOf(w, r))
	}
	size(words, len(slots))
	places := make([]placed, len(layouts))
	for i, l := range layouts {
		places[i] = l.place(words)
	}
	for n := range sizes {
		id := sizeID(n)
		c.MultiSeries = append(c.MultiSeries, series(id, "scatter", w.Titles["pulse"]))
		s.series[id] = wordSeries(n)
		s.data[id] = nil
		for i := range words {
			for j := range words[i] {
				if word := &words[i][j]; word.size == n {
					p := point{
						Name: word.row.at, Filter: filtered(word.row.Filter), Title: word.text,
						Tip: w.tallyTip(word.row.title+", "+t.slotName(slots[i]), word.row.tally), ItemStyle: &style{Color: word.color},
					}
					value := make([]any, 0, 2*len(places))
					for _, at := range places {
						value = append(value, at.of(i, j)...)
					}
					p.Value = value
					s.data[id] = append(s.data[id], p)
				}
			}
		}
	}
	c.MultiSeries = append(c.MultiSeries, series("slots", "scatter", w.Columns.Time))
	s.series["slots"] = slotSeries(t)
	s.data["slots"] = nil
	for i, slot := range slots {
		if len(t.Rows) == 0 {
			break // there is nothing to see
		}
		f := t.view.filter()
		f.Window, f.From, f.To = "", utc(slot.From), utc(slot.To)
		var value []any
		for _, l := range layouts {
			value = append(value, l.label(i, len(slots))...)
		}
		s.data["slots"] = append(s.data["slots"], point{Name: t.view.stamp(slot.From), Filter: &f, Tip: t.slotName(slot), Value: value})
	}
	c.SetGlobalOptions(
		echarts.WithGridOpts(opts.Grid{Left: "0", Right: "0", Top: "0", Bottom: "0"}),
		echarts.WithTooltipOpts(tooltip("item")), echarts.WithLegendOpts(noLegend()),
		echarts.WithXAxisOpts(opts.XAxis{Type: "value", AxisLabel: &opts.AxisLabel{Show: opts.Bool(false)}}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "value", AxisLabel: &opts.AxisLabel{Show: opts.Bool(false)}}),
	)
	bare := tree{"axisTick": tree{"show": false}, "axisLine": tree{"show": false}, "min": 0}
	down := tree{"inverse": true}
	merge(down, bare)
	s.gaps = tree{"xAxis": []tree{bare}, "yAxis": []tree{down}, "media": pulseMedia(len(slots))}
	s.says = describe(t, w.describePulse(t, slots))
	return s.option()
}

// slotName is what people call a part of the window.
func (t Table) slotName(s mood.PulseSlot) string {
	w, loc := t.Words(), t.view.zone()
	name := func(at time.Time) string {
		switch at = at.In(loc); t.Window {
		case "1h", "24h":
			return w.at(w.Format.WeekdayClock, at)
		default:
			return w.at(w.Format.Day, at)
		}
	}
	to := s.To
	if t.Window != "1h" && t.Window != "24h" {
		to = to.Add(-time.Hour) // the last day of it
	}
	from, until := name(s.From), name(to)
	if from == until {
		return from
	}
	return from + " – " + until
}
