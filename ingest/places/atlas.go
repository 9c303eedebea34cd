package places

import (
	"encoding/json"
	"fmt"
	"math"

	"agora/mood"
)

// Atlas tells the country of a position, from the shapes that the map draws
// and from the cities nearby, which are finer.
//
// Disputed areas. Neither shapes nor the table of cities decide who is right,
// and the shapes draw who holds an area. So those that matter go by an own
// table, which follows the resolutions of the General Assembly of the United
// Nations: Crimea is UA, the Golan Heights are SY, the West Bank and Gaza are
// PS, Western Sahara is EH, Northern Cyprus is CY, Somaliland is SO, Abkhazia
// and South Ossetia are GE, Transnistria is MD. What has a code of its own is
// its own, as everywhere in Agora: Taiwan TW, Hong Kong HK, Macau MO, Kosovo
// XK. Kashmir is cut by the line of control, as the shapes draw it.
type Atlas struct {
	shapes []shape
	cells  map[[2]int16][]city // by whole degrees
	codes  []string
}

type shape struct {
	country string
	box     [4]float64 // west, south, east, north
	rings   [][][2]float64
}

// area is a box in which shapes that say one thing are read as another.
type area struct {
	west, south, east, north float64
	drawn                    string // what the shapes may say there, with spaces around
	country                  string
}

// disputed are the areas whose shapes say who holds them.
func disputed() []area {
	return []area{
		{32.4, 44.3, 36.65, 46.25, " RU UA  ", "UA"},     // Crimea
		{-17.2, 20.7, -8.66, 27.67, " MA EH ", "EH"},     // Western Sahara
		{35.63, 32.70, 35.95, 33.35, " IL SY ", "SY"},    // the Golan Heights
		{32.7, 35.1, 34.6, 35.75, " CY TR XX ", "CY"},    // Northern Cyprus
		{34.21, 31.21, 34.57, 31.60, " IL PS EG ", "PS"}, // Gaza
		{40.0, 42.35, 42.1, 43.6, " GE ", "GE"},          // Abkhazia
		{28.2, 46.4, 30.2, 48.2, " MD ", "MD"},           // Transnistria
	}
}

// small are countries that the shapes are too coarse for: there the nearest
// city decides at once.
const small = " HK MO SG MC VA SM LI GI AD LU MT BH BB AG KN LC VC GD DM AW CW SX MF BL BM KY TC VG VI AI MS PM GG JE IM FO NR TV PW MH MV SC MU ST KM CV "

// NewAtlas makes an atlas from the map that static.World gives, and the cities
// of a locator.
func NewAtlas(world []byte, l *Locator) (*Atlas, error) {
	var collection struct {
		Features []struct {
			Properties struct {
				Name string `json:"name"`
			} `json:"properties"`
			Geometry struct {
				Coordinates [][][][2]float64 `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(world, &collection); err != nil {
		return nil, fmt.Errorf("places: read the world map: %w", err)
	}
	a := &Atlas{cells: map[[2]int16][]city{}, codes: l.g.countries}
	for _, f := range collection.Features {
		for _, rings := range f.Geometry.Coordinates {
			s := shape{country: f.Properties.Name, rings: rings, box: [4]float64{180, 90, -180, -90}}
			for _, p := range rings[0] {
				s.box[0], s.box[1] = min(s.box[0], p[0]), min(s.box[1], p[1])
				s.box[2], s.box[3] = max(s.box[2], p[0]), max(s.box[3], p[1])
			}
			a.shapes = append(a.shapes, s)
		}
	}
	if len(a.shapes) == 0 {
		return nil, fmt.Errorf("places: the world map has no shapes: run `make assets`")
	}
	for _, c := range l.g.cities {
		cell := cellOf(float64(c.lat), float64(c.lon))
		a.cells[cell] = append(a.cells[cell], c)
	}
	return a, nil
}

func cellOf(lat, lon float64) [2]int16 {
	return [2]int16{int16(math.Floor(lat)), int16(math.Floor(lon))}
}

// Country gives the country of a position, and how sure that is; ok is false
// at sea, far from any city.
func (a *Atlas) Country(p mood.Point) (country string, confidence float64, ok bool) {
	near, km := a.nearest(p)
	drawn := a.drawn(p)
	for _, d := range disputed() {
		if p.Lon >= d.west && p.Lon <= d.east && p.Lat >= d.south && p.Lat <= d.north && containsWord(d.drawn, drawn) {
			if d.country == "UA" || near == "" || km > 15 || containsWord(d.drawn, near) {
				return d.country, 0.9, true
			}
		}
	}
	switch {
	case near != "" && km <= 12 && (containsWord(small, near) || containsWord(small, drawn)):
		return near, 0.9, true
	case near != "" && km <= 6: // at a border, cities are finer than shapes
		return near, 0.95, true
	case drawn != "":
		if drawn == near {
			return drawn, 0.98, true
		}
		return drawn, 0.85, true
	case near != "" && km <= 60: // off the coast as it is drawn
		return near, 0.7, true
	}
	return "", 0, false
}

func containsWord(list, word string) bool {
	if word == "" {
		return false
	}
	for i := 0; i+3 < len(list); i++ {
		if list[i] == ' ' && list[i+3] == ' ' && list[i+1:i+3] == word {
			return true
		}
	}
	return false
}

// nearest gives the country of the nearest city, and its distance in
// kilometres.
func (a *Atlas) nearest(p mood.Point) (country string, km float64) {
	km = math.Inf(1)
	at := cellOf(p.Lat, p.Lon)
	squeeze := math.Cos(p.Lat * math.Pi / 180)
	for dy := int16(-1); dy <= 1; dy++ {
		for dx := int16(-1); dx <= 1; dx++ {
			x := at[1] + dx
			if x < -180 {
				x += 360
			} else if x >= 180 {
				x -= 360
			}
			for _, c := range a.cells[[2]int16{at[0] + dy, x}] {
				lon := math.Abs(float64(c.lon) - p.Lon)
				if lon > 180 {
					lon = 360 - lon
				}
				d := math.Hypot(float64(c.lat)-p.Lat, lon*squeeze) * 111.2
				if d < km {
					km, country = d, a.codes[c.country]
				}
			}
		}
	}
	return country, km
}

// drawn gives the country in whose shape a position lies: of several, the one
// drawn last, as on the map.
func (a *Atlas) drawn(p mood.Point) string {
	for i := len(a.shapes) - 1; i >= 0; i-- {
		s := &a.shapes[i]
		if p.Lon < s.box[0] || p.Lon > s.box[2] || p.Lat < s.box[1] || p.Lat > s.box[3] {
			continue
		}
		inside := false
		for _, ring := range s.rings {
			if crosses(ring, p) {
				inside = !inside
			}
		}
		if inside {
			return s.country
		}
	}
	return ""
}

// crosses tells whether a line from a position to the east crosses a ring an
// odd number of times.
func crosses(ring [][2]float64, p mood.Point) bool {
	odd := false
	for i, j := 0, len(ring)-1; i < len(ring); j, i = i, i+1 {
		a, b := ring[i], ring[j]
		if (a[1] > p.Lat) != (b[1] > p.Lat) && p.Lon < (b[0]-a[0])*(p.Lat-a[1])/(b[1]-a[1])+a[0] {
			odd = !odd
		}
	}
	return odd
}
