package charts

import (
	"math"
	"slices"
	"strings"

	echarts "github.com/go-echarts/go-echarts/v2/charts"

	"agora/mood"
)

// The kinds of places that a map can show, and what devices do.
const (
	placeAbout  = "about"
	placeFrom   = "from"
	placeOrigin = "origin"
	placeDevice = "device" // of rows
	modeDevices = "devices"
)

// mapChart is the world by mood. The option holds all three kinds of places,
// as series with the names "about", "from" and "origin", and what devices did,
// as series of each kind; legend.selected says what is to be seen, and the
// legend itself names the kinds: a page switches by changing that.
func mapChart() Chart {
	return Chart{ID: "map", table: mapTable, option: mapOption}
}

// placeKind is one kind of place, and where a board keeps it.
type placeKind struct {
	id       string
	rows     func(*mood.BrandBoard) []mood.Row
	unplaced func(mood.Unplaced) int64
}

func placeKinds() []placeKind {
	return []placeKind{
		{placeFrom, func(b *mood.BrandBoard) []mood.Row { return b.Countries.From }, func(u mood.Unplaced) int64 { return u.From }},
		{placeAbout, func(b *mood.BrandBoard) []mood.Row { return b.Countries.About }, func(u mood.Unplaced) int64 { return u.About }},
		{placeOrigin, func(b *mood.BrandBoard) []mood.Row { return b.Countries.Origin }, func(u mood.Unplaced) int64 { return u.Origin }},
	}
}

func mapTable(v view) Table {
	w := v.words()
	t := Table{Columns: append([]Column{{"place", w.Columns.Place, Text}, {"code", w.Columns.Code, Text}, {"country", w.Columns.Country, Text}}, tallyColumns(w)...)}
	t.Columns = append(t.Columns, deviceColumns(w)...)
	all := v.total().Mentions()
	if all == 0 {
		t.Notes = append(t.Notes, w.Notes.Empty)
	}
	for _, kind := range placeKinds() {
		for _, r := range v.rows(kind.rows) {
			name := shown(w.country(r.Key))
			f := v.filter()
			f.Country, f.Place = r.Key, kind.id
			t.Rows = append(t.Rows, Row{
				Key: kind.id + " " + r.Key, at: r.Key, group: kind.id, title: name, tally: r.Tally(), Filter: f,
				Cells: append(append([]any{w.Places[kind.id], r.Key, name}, tallyCells(r.Tally())...), noDevices...),
			})
		}
	}
	devices, lost := v.deviceRows()
	t.Rows = append(t.Rows, devices...)
	for _, n := range v.unplacedNotes() {
		t.Notes = append(t.Notes, n.Text)
	}
	if len(devices) > 0 {
		t.Notes = append(t.Notes, w.Notes.Rings, w.floorNote())
	}
	if lost > 0 {
		t.Notes = append(t.Notes, w.many(lost, w.Notes.LostDevices))
	}
	if all > 0 {
		t.Notes = append(t.Notes, w.Notes.Few)
		if !v.single() {
			t.Notes = append(t.Notes, w.Notes.Merged)
		}
	}
	t.Notes = append(t.Notes, w.Notes.Borders)
	return t
}

// unplacedNotes say how many mentions each kind of place leaves out.
func (v view) unplacedNotes() []note {
	all, w := v.total().Mentions(), v.words()
	var list []note
	for _, kind := range placeKinds() {
		var n int64
		for _, b := range v.boards {
			n += kind.unplaced(b.Countries.Unplaced)
		}
		if all > 0 && n > 0 {
			list = append(list, note{kind.id, w.noteUnplaced(kind.id, n, all)})
		}
	}
	return list
}

func mapOption(t Table) (Option, error) {
	w := t.Words()
	c := echarts.NewMap()
	c.RegisterMapType("world")
	s := sketch{drawing: c, data: map[string][]point{}, series: map[string]tree{}}
	place := tree{"left": 0, "right": 0, "top": 0, "bottom": 28, "roam": false}

	var mapped []int
	for _, kind := range placeKinds() {
		id := "mood-" + kind.id
		mapped = append(mapped, len(c.MultiSeries))
		c.MultiSeries = append(c.MultiSeries, series(id, "map", kind.id, func(s *echarts.SingleSeries) { s.MapType = "world" }))
		s.data[id] = []point{}
		s.series[id] = tree{
			"showLegendSymbol": false, "selectedMode": false, "label": tree{"show": false},
			"itemStyle": tree{"areaColor": role("map-empty"), "borderColor": role("map-border"), "borderWidth": 0.5},
			"emphasis":  tree{"label": tree{"show": false}, "itemStyle": tree{"areaColor": "inherit", "borderColor": role("text"), "borderWidth": 1.5}},
		}
		merge(s.series[id], place)
	}
	for _, kind := range placeKinds() {
		id := "dots-" + kind.id
		mapped = append(mapped, len(c.MultiSeries))
		c.MultiSeries = append(c.MultiSeries, onGeo(id, "scatter", kind.id))
		s.data[id] = []point{}
		s.series[id] = tree{"symbolSize": 8, "itemStyle": tree{"borderColor": role("map-border"), "borderWidth": 1, "opacity": 1}, "z": 3}
	}
	for _, r := range t.Rows {
		country, ok := mood.Country(r.at)
		if r.group == placeDevice || !ok {
			continue
		}
		// The map has shapes for small countries, but no finger or eye finds them.
		if strings.Contains(smallCountries, r.at) {
			p := placePoint(w, r)
			p.Value = []float64{country.Label.Lon, country.Label.Lat, whole(r.tally.Mood())}
			s.data["dots-"+r.group] = append(s.data["dots-"+r.group], p)
		}
		s.data["mood-"+r.group] = append(s.data["mood-"+r.group], placePoint(w, r))
	}

	legend := addDevices(c, &s, t)
	c.MultiSeries = append(c.MultiSeries, onGeo("pulse", "effectScatter", "pulse"))
	s.data["pulse"] = nil // whoever draws the map rings live mentions here
	s.series["pulse"] = tree{"symbolSize": 6, "silent": true, "z": 5, "itemStyle": tree{"color": role("pulse")}}

	c.SetGlobalOptions(echarts.WithTooltipOpts(tooltip("item")), echarts.WithLegendOpts(legend))
	geo := tree{"map": "world", "show": false, "silent": true}
	merge(geo, place)
	s.gaps = tree{"geo": geo, "legend": deviceLegend(legend), "visualMap": []tree{moodMap(w, mapped)}}
	s.notes = t.view.unplacedNotes()
	for _, text := range deviceNotes(t) {
		if slices.Contains(t.Notes, text) {
			s.notes = append(s.notes, note{Mode: modeDevices, Text: text})
		}
	}
	s.notes = append(s.notes, note{Text: w.Notes.Borders})
	s.says = describe(t, describePlaces(t, placeFrom))
	return s.option()
}

// placePoint is a country in its colour, or as one of few mentions.
func placePoint(w *Words, r Row) point {
	p := point{Name: r.at, Title: r.title, Tip: w.tallyTip(r.title, r.tally), Value: whole(r.tally.Mood()), Filter: filtered(r.Filter)}
	if r.tally.Mentions() < few {
		p.ItemStyle, p.VisualMap = &style{Color: role("few")}, unmapped()
	}
	return p
}

// onGeo is a series of dots on the map.
func onGeo(id, kind, name string) echarts.SingleSeries {
	return series(id, kind, name, func(s *echarts.SingleSeries) { s.CoordSystem = "geo" })
}

// dotSize grows with the order of magnitude, in pixels: it needs no other
// count to compare with, so one busy country does not resize all the others.
func dotSize(count int64) float64 {
	return math.Min(32, 4+math.Round(4*math.Log10(float64(count)+1)))
}

// smallCountries have under 2,600 km² of land, or no shape of their own in
// Natural Earth at 1:50 million: they get a dot.
const smallCountries = "AD AG AI AS AW AX BB BH BL BM BQ BV CC CK CW CX DM FM FO GD GF GG GI GP GU HK HM IM IO JE KI KM KN KY " +
	"LC LI MC MF MH MO MP MQ MS MT MU MV NF NR NU PM PN PW RE SC SG SH SJ SM ST SX TC TK TO TV UM VA VC VG VI WF YT"
