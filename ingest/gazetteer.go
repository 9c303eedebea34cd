package ingest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"agora/mood"
)

// Gazetteer is a table of the world's cities.
type Gazetteer struct {
	cities []listedCity
	names  map[string][]int32   // by folded name, the largest first
	grid   map[[2]int16][]int32 // by whole degrees, those that are large enough to be near
}

type listedCity struct {
	City
	people int
}

const (
	largeEnough = 15_000 // people of a city that others are counted with
	nearEnough  = 50.0   // km from its centre
	perDegree   = 111.2  // km, from south to north
)

// NewGazetteer reads a table of tab-separated lines: name, country, code of the
// part of the country, people, and latitude and longitude in hundredths of a
// degree. Lines that begin with "=" are of something else.
func NewGazetteer(table string) (*Gazetteer, error) {
	g := &Gazetteer{names: map[string][]int32{}, grid: map[[2]int16][]int32{}}
	for line := range strings.Lines(table) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '=' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) < 6 {
			return nil, fmt.Errorf("read the table of cities: a line has %d columns: %w", len(f), mood.ErrInvalid)
		}
		people, err := strconv.Atoi(f[3])
		lat, err2 := strconv.ParseFloat(f[4], 64)
		lon, err3 := strconv.ParseFloat(f[5], 64)
		if err != nil || err2 != nil || err3 != nil {
			return nil, fmt.Errorf("read the table of cities: %s has no numbers: %w", f[0], mood.ErrInvalid)
		}
		n := int32(len(g.cities)) //nolint:gosec // some ten thousand
		g.cities = append(g.cities, listedCity{City{f[0], f[1], mood.Point{Lat: lat / 100, Lon: lon / 100}}, people})
		key := folded(f[0])
		list := append(g.names[key], n)
		for i := len(list) - 1; i > 0 && g.cities[list[i-1]].people < people; i-- {
			list[i-1], list[i] = list[i], list[i-1]
		}
		g.names[key] = list
		if people >= largeEnough {
			at := square(lat/100, lon/100)
			g.grid[at] = append(g.grid[at], n)
		}
	}
	return g, nil
}

// City finds a city by its name, without regard to case and diacritics; of
// several, the largest.
func (g *Gazetteer) City(name, country string) (City, bool) {
	for _, n := range g.names[folded(name)] {
		if c := g.cities[n]; country == "" || c.Country == country {
			return c.City, true
		}
	}
	return City{}, false
}

// Near finds the city whose centre is nearest to a point, if it is near enough.
func (g *Gazetteer) Near(at mood.Point, country string) (City, bool) {
	best, found := math.Inf(1), int32(-1)
	around := square(at.Lat, at.Lon)
	narrow := math.Max(math.Cos(at.Lat*math.Pi/180), 0.1)
	reach := int16(math.Ceil(nearEnough / perDegree / narrow))
	for dy := int16(-1); dy <= 1; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			for _, n := range g.grid[[2]int16{around[0] + dy, (around[1]+dx+180+360)%360 - 180}] {
				c := g.cities[n]
				if country != "" && c.Country != country {
					continue
				}
				lon := math.Abs(c.Centre.Lon - at.Lon)
				y, x := c.Centre.Lat-at.Lat, min(lon, 360-lon)*narrow
				if d := math.Hypot(x, y) * perDegree; d < best && d <= nearEnough {
					best, found = d, n
				}
			}
		}
	}
	if found < 0 {
		return City{}, false
	}
	return g.cities[found].City, true
}

func square(lat, lon float64) [2]int16 {
	x := math.Floor(lon)
	if x >= 180 {
		x = -180
	}
	return [2]int16{int16(math.Floor(lat)), int16(x)}
}

// folded is a name in small letters, without marks and what isn't a letter.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(name))
}
