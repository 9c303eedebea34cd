package charts

import (
	"cmp"
	"math"
	"slices"
	"strings"

	echarts "github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"

	"agora/mood"
)

// devicePrefix begins the ids of series of what devices did, one for each kind.
const devicePrefix = "devices:"

// deviceColumns are those of a map's table beyond the mentions.
func deviceColumns(w *Words) []Column {
	return []Column{
		{"activity", w.Columns.Activity, Count}, {"unit", w.Columns.Unit, Text}, {"kind", w.Columns.Kind, Text}, {"city", w.Columns.City, Text},
	}
}

// noDevices are the cells of those columns in rows of mentions.
var noDevices = []any{nil, nil, nil, nil}

// site is where a row of activity is drawn.
type site struct {
	kind     *deed
	lat, lon float64
	unseen   bool // it has no dot
}

// deviceRows are what devices did, by kind and place: each city, and what is
// left of each country. No event is in two rows.
func (v view) deviceRows() (rows []Row, lost int64) {
	for _, d := range v.deeds() {
		countries := map[string]int64{}
		cities := map[string]mood.CityRow{}
		for _, a := range d.rows {
			for _, c := range a.Countries {
				countries[valid(c.Key)] += c.Count
			}
			for _, c := range a.Cities {
				key := valid(c.Country + " " + c.Key())
				c.Count += cities[key].Count
				cities[key] = c
			}
			lost += a.Unplaced
		}
		var some []Row
		for key, c := range cities {
			if c.Country == "" {
				lost -= c.Count
			} else {
				countries[valid(c.Country)] -= c.Count
			}
			some = append(some, v.deviceRow(d, key, c.Country, v.words().spot(c), c.Count, mood.Point{Lat: c.Lat, Lon: c.Lon}))
		}
		for code, n := range countries {
			if n <= 0 {
				continue
			}
			name, listed := shown(v.words().country(code)), int64(0)
			for _, r := range some {
				if strings.HasPrefix(r.at, code+" ") {
					listed++
				}
			}
			if listed > 0 {
				name = v.words().Says.Elsewhere.with("place", name)
			}
			var at mood.Point
			if c, ok := mood.Country(code); ok {
				at = c.Label
			}
			row := v.deviceRow(d, code, code, name, n, at)
			// What rounding alone may have left over is no place.
			row.extra.site.unseen = at == mood.Point{} || listed > 0 && n < mood.LeastAtPlace*(listed+2)
			some = append(some, row)
		}
		slices.SortFunc(some, func(a, b Row) int {
			return cmp.Or(cmp.Compare(b.extra.count, a.extra.count), cmp.Compare(a.Key, b.Key))
		})
		rows = append(rows, some...)
	}
	return rows, max(0, lost)
}

func (v view) deviceRow(d *deed, at, code, title string, n int64, point mood.Point) Row {
	w := v.words()
	var country, unit, city any
	if code != "" {
		country = shown(w.country(code))
	}
	if d.unit != "" {
		unit = d.unit
	}
	if at != code {
		city = title
	}
	return Row{
		Key: placeDevice + " " + at + " " + d.id, at: at, group: placeDevice, title: title,
		extra: extra{count: n, site: &site{kind: d, lat: point.Lat, lon: point.Lon}},
		Cells: []any{w.Places[placeDevice], code, country, nil, nil, nil, nil, nil, nil, n, unit, d.name, city},
	}
}

// spot is the name of a city, or of a square where no city is known.
func (w *Words) spot(c mood.CityRow) string {
	name := shown(c.City)
	if name == "" {
		name = w.Says.Near.with("lat", w.degrees(c.Lat), "lon", w.degrees(c.Lon))
	}
	if c.Country == "" {
		return name
	}
	return name + ", " + shown(w.country(c.Country))
}

// degrees is a latitude or a longitude, in tenths.
func (w *Words) degrees(d float64) string {
	sign := ""
	if d < 0 {
		sign = "−"
	}
	tenths := int64(math.Round(math.Abs(d) * 10))
	return sign + w.count(tenths/10) + w.Format.Decimal + w.count(tenths%10) + "°"
}

// besides keep the dots of several kinds at one place apart.
var besides = [...][2]string{{"0%", "0%"}, {"80%", "0%"}, {"-80%", "0%"}, {"0%", "80%"}, {"0%", "-80%"}}

// addDevices draws what devices did: a series of dots for each kind, in its
// colour, next to each other where they share a place. It gives the legend.
func addDevices(c *echarts.Map, s *sketch, t Table) opts.Legend {
	legend := opts.Legend{
		Show: opts.Bool(false), Left: "0", Top: "0", Type: "scroll",
		Selected: map[string]bool{placeAbout: false, placeFrom: true, placeOrigin: false},
	}
	var names []string
	for _, r := range t.Rows {
		x := r.extra.site
		if x == nil || x.unseen {
			continue
		}
		id, name := devicePrefix+x.kind.id, deviceName(x.kind)
		if _, begun := s.data[id]; !begun {
			c.MultiSeries = append(c.MultiSeries, onGeo(id, "scatter", name))
			s.data[id] = []point{}
			s.series[id] = tree{
				"symbol": "circle", "z": 8 - min(x.kind.order, 4), "symbolOffset": besides[min(x.kind.order, len(besides)-1)],
				"itemStyle": tree{"color": x.kind.paint(), "borderColor": role("map-border"), "borderWidth": 1, "opacity": 0.85},
			}
			names = append(names, name)
			legend.Selected[name] = false
		}
		s.data[id] = append(s.data[id], point{
			Name: r.at, Title: r.title, Tip: t.Words().pair(r.title, deviceName(x.kind)+" "+t.Words().amount(r.extra.count, x.kind.unit)),
			Value: []float64{x.lon, x.lat, float64(r.extra.count)}, SymbolSize: dotSize(r.extra.count),
		})
	}
	legend.Data = names
	return legend
}

// deviceName is how a kind's series is called; no mode of the map is called so.
func deviceName(d *deed) string {
	switch d.name {
	case placeAbout, placeFrom, placeOrigin, modeDevices, "pulse":
		return d.name + "\u2060"
	}
	return inert(d.name)
}

// deviceLegend says how the legend looks, where it is to be seen.
func deviceLegend(legend opts.Legend) tree {
	if len(legend.Data.([]string)) == 0 {
		return tree{"data": []string{}}
	}
	return tree{"icon": "circle", "selectedMode": false}
}

// selectedIn says what a mode shows of a map: its own kind of places, and in
// that of devices, all that they did over where things are published.
func selectedIn(mode string, modes []string, look tree) tree {
	selected := tree{}
	for _, m := range modes {
		selected[m] = m == mode || devicesIn(mode) && m == placeFrom
	}
	delete(selected, modeDevices)
	eachDevices(look, func(s tree) {
		if name, ok := s["name"].(string); ok {
			selected[name] = devicesIn(mode)
		}
	})
	return selected
}

func hasDevices(look tree) bool {
	found := false
	eachDevices(look, func(tree) { found = true })
	return found
}

func eachDevices(look tree, use func(tree)) {
	series, _ := look["series"].([]any)
	for _, s := range series {
		if s, ok := s.(tree); ok {
			if id, _ := s["id"].(string); strings.HasPrefix(id, devicePrefix) {
				use(s)
			}
		}
	}
}

// deviceNotes are those notes of a map's table that speak of devices.
func deviceNotes(t Table) []string {
	w := t.Words()
	list := []string{w.Notes.Rings, w.floorNote()}
	if _, lost := t.view.deviceRows(); lost > 0 {
		list = append(list, w.many(lost, w.Notes.LostDevices))
	}
	return list
}

// describeDevices says where devices did most.
func describeDevices(t Table) string {
	const most = 3
	w := t.Words()
	var parts []string
	for _, r := range t.Rows {
		if r.group == placeDevice && len(parts) < most {
			parts = append(parts, w.pair(r.title, r.extra.site.kind.name+" "+w.amount(r.extra.count, r.extra.site.kind.unit)))
		}
	}
	if len(parts) == 0 {
		return w.Notes.NoActivity
	}
	return strings.Join(parts, "; ") + "."
}
