package mood

import (
	"strconv"
	"strings"
	"time"
)

// LeastAtPlace is how much activity a place must have to be shown, its k of
// k-anonymity: less is added to the next larger place, or to what has none.
const LeastAtPlace = 5

// Activity is what consumer devices did: Count times Kind, at one place.
type Activity struct {
	ID      string    `json:"id"` // a hash of what was pushed, which names a device at worst and is not kept
	Brand   string    `json:"brand"`
	Kind    string    `json:"kind"` // activation, download, check-in, …
	Count   int64     `json:"count"`
	At      time.Time `json:"at"`
	Country string    `json:"country"`        // ISO 3166-1 alpha-2, or empty
	Spot    *Spot     `json:"spot,omitempty"` // the city, or a rounded position; nil: not known
}

// Spot is where activity is counted within a country: a city at its centre, or
// where no city is known, a square of a quarter of a degree. It is never where
// a device was.
type Spot struct {
	City string  `json:"city,omitempty"` // its name; empty: a square
	Lat  float64 `json:"lat"`            // degrees, of the centre
	Lon  float64 `json:"lon"`
}

// Key is the spot as one text, which [ParseSpot] reads.
func (s Spot) Key() string {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	return number(s.Lat) + "," + number(s.Lon) + "," + strings.ReplaceAll(s.City, ":", " ")
}

// ParseSpot reads the key of a spot.
func ParseSpot(key string) (s Spot, ok bool) {
	parts := strings.SplitN(key, ",", 3)
	if len(parts) != 3 {
		return s, false
	}
	lat, err := strconv.ParseFloat(parts[0], 64)
	lon, err2 := strconv.ParseFloat(parts[1], 64)
	return Spot{City: parts[2], Lat: lat, Lon: lon}, err == nil && err2 == nil
}

// ActivityKind is a kind of activity as the operator declared it.
type ActivityKind struct {
	ID    string `json:"id"`
	Name  string `json:"name"`            // as people read it, such as Activations
	Unit  string `json:"unit,omitempty"`  // what is counted, such as devices
	Color string `json:"color,omitempty"` // #RRGGBB
}
