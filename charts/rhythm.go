package charts

import (
	"fmt"
	"math"
	"strconv"
	"time"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"agora/mood"
)

// rhythmChart is the week by the hour: colour for mood, strength for how much
// is said.
func rhythmChart(w *Words) Chart {
	return Chart{ID: "rhythm", table: rhythmTable, option: rhythmOption, span: &ownSpan{w.Says.RhythmSpan, rhythmFrom}}
}

// rhythmSpan is what a board's rhythm covers: it begins at the full hour four
// weeks before the board.
const rhythmSpan = 28 * 24 * time.Hour

func rhythmFrom(v view) time.Time {
	from := v.board.AsOf.Add(-rhythmSpan).In(v.loc)
	return time.Date(from.Year(), from.Month(), from.Day(), from.Hour(), 0, 0, 0, v.loc)
}

func rhythmTable(v view) Table {
	w := v.words()
	t := Table{Columns: []Column{
		{"weekday", w.Columns.Weekday, Text}, {"hour", w.Columns.Hour, Count}, {"mentions", w.Columns.Mentions, Count}, {"mood", w.Columns.Mood, Mood},
	}}
	from := rhythmFrom(v)
	var mentions [7][24]int64
	var sums [7][24]float64
	for _, b := range v.boards {
		for _, c := range b.Rhythm {
			if c.Weekday < 0 || c.Weekday > 6 || c.Hour < 0 || c.Hour > 23 {
				continue
			}
			mentions[c.Weekday][c.Hour] += c.Mentions
			if c.Mood != nil {
				sums[c.Weekday][c.Hour] += *c.Mood * float64(c.Mentions)
			}
		}
	}
	var all int64
	for day := range mentions {
		for hour, n := range mentions[day] {
			all += n
			if n == 0 {
				continue
			}
			m := roundTo(sums[day][hour]/float64(n), 4)
			f := v.filter()
			f.Window, f.From = "", utc(from)
			f.Weekday, f.Hour = strconv.Itoa(day), strconv.Itoa(hour)
			t.Rows = append(t.Rows, Row{
				Key: fmt.Sprintf("%d %02d", day, hour), at: fmt.Sprintf("%d %02d", day, hour), Filter: f,
				Cells: []any{w.Format.Weekdays[day], int64(hour), n, hundredths(m)},
				extra: extra{count: n, weight: m, x: float64(hour), y: float64(day)},
			})
		}
	}
	t.Notes = append(t.Notes, w.Notes.Rhythm)
	if all == 0 {
		t.Notes = append(t.Notes, w.Notes.Empty)
		return t
	}
	t.Notes = append(t.Notes, w.Notes.Shades)
	if !v.single() {
		t.Notes = append(t.Notes, w.Notes.Merged)
	}
	return t
}

func rhythmOption(t Table) (Option, error) {
	w := t.Words()
	c := echarts.NewHeatMap()
	c.MultiSeries = append(c.MultiSeries, series("rhythm", "heatmap", w.Titles["rhythm"]))
	var most int64
	var busiest Row
	for _, r := range t.Rows {
		if r.extra.count > most {
			most, busiest = r.extra.count, r
		}
	}
	data := make([]point, 0, len(t.Rows))
	for _, r := range t.Rows {
		m := r.extra.weight
		cell := mood.RhythmCell{Weekday: int(r.extra.y), Hour: int(r.extra.x), Mentions: r.extra.count, Mood: &m}
		p := point{
			Name: r.at, Filter: filtered(r.Filter), Tip: w.hourTip(cell.Weekday, cell.Hour, cell),
			Value: []float64{r.extra.x, r.extra.y, whole(m)}, ItemStyle: &style{Opacity: strength(r.extra.count, most)},
		}
		if r.extra.count < few {
			// Hollow: filled with grey it would pass for a mood near 0.
			p.ItemStyle, p.VisualMap = &style{Color: "transparent", BorderColor: role("few"), BorderWidth: 1}, unmapped()
		}
		data = append(data, p)
	}
	hours := make([]string, 24)
	for h := range hours {
		hours[h] = fmt.Sprintf("%02d", h)
	}
	c.SetGlobalOptions(
		echarts.WithGridOpts(opts.Grid{Left: "0", Right: "0", Top: "0", Bottom: "32", ContainLabel: opts.Bool(true)}),
		echarts.WithTooltipOpts(tooltip("item")), echarts.WithLegendOpts(noLegend()),
		echarts.WithXAxisOpts(opts.XAxis{Type: "category", Data: hours}),
		echarts.WithYAxisOpts(opts.YAxis{Type: "category", Data: w.Format.Weekdays[:]}),
	)
	still := tree{"axisTick": tree{"show": false}, "axisLine": tree{"show": false}}
	days := tree{"inverse": true, "axisLabel": tree{"interval": 0}}
	merge(days, still)
	shades := tree{"axisLabel": tree{"interval": 2}}
	merge(shades, still)
	s := sketch{
		drawing: c, notes: notes(t.Notes), data: map[string][]point{"rhythm": data},
		gaps:   tree{"xAxis": []tree{shades}, "yAxis": []tree{days}, "visualMap": []tree{moodMap(w, []int{0})}},
		series: map[string]tree{"rhythm": {"itemStyle": tree{"borderColor": role("surface"), "borderWidth": 2, "borderRadius": 3}}},
	}
	if most > 0 {
		s.says = describe(t, w.hourTip(int(busiest.extra.y), int(busiest.extra.x), mood.RhythmCell{Mentions: most, Mood: &busiest.extra.weight})+".")
	} else {
		s.says = describe(t, w.Notes.Empty)
	}
	return s.option()
}

// strength is how opaque an hour is, in five steps, so that one more mention
// seldom changes any hour but its own.
func strength(n, most int64) float64 {
	if most == 0 {
		return 1
	}
	return 0.2 + 0.2*math.Min(4, math.Floor(5*math.Sqrt(float64(n)/float64(most))))
}
