package mood

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Territory is one country or territory of ISO 3166-1, or Kosovo.
type Territory struct {
	Code    string `json:"code"`              // alpha-2; XK for Kosovo
	Numeric string `json:"numeric,omitempty"` // three digits; empty for Kosovo, which has none
	Name    string `json:"name"`              // short, in English
	Label   Point  `json:"label"`             // where a label or a dot for it goes
}

// countriesTSV has a line for each country, sorted by code: code, numeric
// code, name, latitude and longitude of the label point. The points are the
// spots farthest from the border of each one's largest piece in Natural Earth,
// and hand-set where that piece is missing or misleads.
//
//go:embed countries.tsv
var countriesTSV string

var countries = sync.OnceValue(func() []Territory {
	var list []Territory
	for i, line := range strings.Split(strings.TrimSpace(countriesTSV), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 5 {
			panic(fmt.Sprintf("countries.tsv line %d has %d columns, not 5", i+1, len(f)))
		}
		lat, latErr := strconv.ParseFloat(f[3], 64)
		lon, lonErr := strconv.ParseFloat(f[4], 64)
		if latErr != nil || lonErr != nil {
			panic(fmt.Sprintf("countries.tsv line %d: the label point %s, %s is no pair of numbers", i+1, f[3], f[4]))
		}
		list = append(list, Territory{Code: f[0], Numeric: f[1], Name: f[2], Label: Point{Lat: lat, Lon: lon}})
	}
	return list
})

// Territories lists all countries and territories, sorted by code.
func Territories() []Territory { return slices.Clone(countries()) }

// Country finds a country by its alpha-2 code in capitals.
func Country(code string) (Territory, bool) {
	i, ok := slices.BinarySearchFunc(countries(), code, func(c Territory, code string) int {
		return strings.Compare(c.Code, code)
	})
	if !ok {
		return Territory{}, false
	}
	return countries()[i], true
}
