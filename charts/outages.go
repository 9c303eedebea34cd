package charts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// stop is a time in which a source that matters brought nothing, as a timeline
// marks it.
type stop struct {
	name     string // of the source, fit to be shown
	from     time.Time
	to       time.Time // zero: it lasts
	carried  []string  // of which brand it brought how much, in words
	share    float64   // the greatest of those parts
	start, n float64   // where it begins and ends, counted in points of the axis
}

const (
	maxStopNames  = 3    // stops that bear their names; the others tell them when pointed at
	stopName      = 28   // characters of a name on the chart
	stopNameWidth = 0.45 // of a narrow chart
	leastStop     = 0.004
)

// stops are the outages of the view, one for each source and time.
func (v view) stops() []stop {
	w := v.words()
	type key struct {
		source string
		from   int64
	}
	found := map[key]*stop{}
	var order []*stop
	for i, b := range v.boards {
		for _, o := range b.Outages {
			k := key{o.Source, o.From.Unix()}
			s := found[k]
			if s == nil {
				s = &stop{name: inert(shown(cmp.Or(o.Name, o.Source))), from: o.From}
				if o.To != nil {
					s.to = *o.To
				}
				found[k] = s
				order = append(order, s)
			}
			part := w.Says.Carried.with("share", w.percent(o.Share))
			if !v.single() {
				part = w.Says.CarriedOf.with("share", w.percent(o.Share), "brand", v.brands[i].Name)
			}
			s.carried, s.share = append(s.carried, part), max(s.share, o.Share)
		}
	}
	list := make([]stop, 0, len(order))
	times := v.times()
	for _, s := range order {
		if len(times) == 0 {
			break
		}
		s.start, s.n = v.place(times, s.from), float64(len(times))
		if !s.to.IsZero() {
			s.n = v.place(times, s.to)
		}
		if least := leastStop * float64(len(times)); s.n-s.start < least {
			s.n = min(s.start+least, float64(len(times)))
			s.start = s.n - least
		}
		s.start, s.n = roundTo(s.start, 2), roundTo(s.n, 2)
		list = append(list, *s)
	}
	slices.SortStableFunc(list, func(a, b stop) int { return cmp.Or(a.from.Compare(b.from), cmp.Compare(a.name, b.name)) })
	return list
}

// place is where a time lies on the axis, counted in points.
func (v view) place(times []time.Time, t time.Time) float64 {
	for i, at := range slices.Backward(times) {
		if t.Before(at) {
			continue
		}
		if end := v.next(at); t.Before(end) {
			return float64(i) + float64(t.Sub(at))/float64(end.Sub(at))
		}
		return float64(i + 1)
	}
	return 0
}

// clock is a time of day on the board's clock, with its day where that is not
// the board's.
func (v view) clock(t time.Time) string {
	w, t, now := v.words(), t.In(v.loc), v.board.AsOf.In(v.loc)
	switch {
	case t.Format(time.DateOnly) == now.Format(time.DateOnly):
		return w.at(w.Format.Clock, t)
	case now.Sub(t) < 6*24*time.Hour:
		return w.at(w.Format.WeekdayClock, t)
	}
	return w.at(w.Format.DayClock, t)
}

// span says how long a stop lasts.
func (v view) span(s stop) string {
	if s.to.IsZero() {
		return v.words().Says.Since.with("from", v.clock(s.from))
	}
	return v.words().Says.Between.with("from", v.clock(s.from), "to", v.clock(s.to))
}

// outageNotes are the stops in sentences, for tables.
func (v view) outageNotes() []string {
	var notes []string
	for _, s := range v.stops() {
		notes = append(notes, v.words().outageNote(s, v.span(s)))
	}
	return notes
}

// markStops draws the stops: shades, on an axis of their own that has no
// points, and a line without points for what each time says of them.
func markStops(t Table, names []string, bars *echarts.Bar, s *sketch, axes []tree) []tree {
	list, w := t.view.stops(), t.Words()
	if len(list) == 0 || len(names) == 0 {
		return axes
	}
	data := make([]point, len(names))
	for i, name := range names {
		data[i] = point{Name: name, Value: gap, Tip: stopTip(t.view, list, i)}
	}
	bars.MultiSeries = append(bars.MultiSeries,
		series("outages", "line", w.Says.Stopped, func(s *echarts.SingleSeries) { s.ItemStyle = &opts.ItemStyle{Color: role("warning")} }),
		series("stops", "line", w.Says.Stopped, func(s *echarts.SingleSeries) { s.XAxisIndex = 1 }))
	s.data["outages"], s.data["stops"] = data, nil
	s.series["outages"] = tree{"symbol": "none", "silent": true}
	areas, lines := []any{}, []any{}
	labels := labelled(list, float64(len(names)))
	for i, stop := range list {
		begin := tree{"xAxis": stop.start, "label": tree{"show": false}}
		if label, ok := labels[i]; ok {
			named := begin
			if label["position"] == "insideTopRight" && stop.n-stop.start < stopNameWidth*float64(len(names)) {
				// A name that its shade has no room for stands before it, in a
				// shade that can't be seen.
				named = tree{"xAxis": 0, "itemStyle": tree{"opacity": 0}}
				areas = append(areas, []tree{named, {"xAxis": stop.start}})
			}
			named["name"], named["label"] = w.stopped(stop.name), label
		}
		areas = append(areas, []tree{begin, {"xAxis": stop.n}})
		if stop.start > 0 { // else it began before the window
			lines = append(lines, tree{"xAxis": stop.start})
		}
	}
	s.series["stops"] = tree{
		"silent": true, "symbol": "none",
		"markArea": tree{
			"silent": true, "animation": false, "z": 0, "data": areas,
			"itemStyle": tree{"color": role("warning"), "opacity": 0.13},
			"label":     tree{"color": role("warning"), "position": "insideTopLeft", "textBorderColor": role("paper"), "textBorderWidth": 3},
		},
		"markLine": tree{
			"silent": true, "symbol": "none", "animation": false, "label": tree{"show": false}, "z": 1, "data": lines,
			"lineStyle": tree{"color": role("warning"), "width": 1, "type": "dashed"},
		},
	}
	bars.XAxisList = append(bars.XAxisList, opts.XAxis{Type: "value"})
	return append(axes, tree{
		"type": "value", "show": false, "min": 0, "max": len(names), "axisPointer": tree{"show": false},
	})
}

// labelled chooses the stops that bear a name, those that carried most first,
// and puts the names where they don't cover each other even on a phone.
func labelled(list []stop, width float64) map[int]tree {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		// What lasts matters more than what is over.
		return cmp.Or(boolCompare(list[a].to.IsZero(), list[b].to.IsZero()), cmp.Compare(list[b].share, list[a].share), list[b].from.Compare(list[a].from))
	})
	labels := map[int]tree{}
	named := map[string]bool{}
	var rows [maxStopNames][][2]float64
	for _, i := range order {
		s := list[i]
		if named[s.name] || len(labels) == maxStopNames {
			continue
		}
		left := s.start / width
		position, taken := "insideTopLeft", [2]float64{left, left + stopNameWidth}
		if left > 1-stopNameWidth {
			right := s.n / width
			if s.n-s.start < stopNameWidth*width {
				right = left
			}
			position, taken = "insideTopRight", [2]float64{right - stopNameWidth, right}
		}
		for row := range rows {
			if slices.ContainsFunc(rows[row], func(o [2]float64) bool { return o[0] < taken[1] && taken[0] < o[1] }) {
				continue
			}
			rows[row] = append(rows[row], taken)
			named[s.name] = true
			labels[i] = tree{"show": true, "position": position, "offset": []int{0, 15 * row}}
			break
		}
	}
	return labels
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// stopTip says which sources had stopped at one point of the axis.
func stopTip(v view, list []stop, at int) string {
	const most = 3
	w := v.words()
	var tips []string
	n := 0
	for _, s := range list {
		if s.start < float64(at+1) && s.n > float64(at) {
			if n++; n <= most {
				tips = append(tips, w.outageTip(s, v.span(s)))
			}
		}
	}
	if n > most {
		tips = append(tips, w.Says.AndRest.with("rest", w.rest(n-most)))
	}
	return strings.Join(tips, "\n")
}

// describeStops says for screen readers what has stopped.
func describeStops(v view) string {
	var parts []string
	for _, s := range v.stops() {
		if len(parts) == maxStopNames {
			break
		}
		parts = append(parts, fmt.Sprintf(" %s, %s.", v.words().stopped(s.name), v.span(s)))
	}
	return strings.Join(parts, "")
}
