package mood

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryCountryIsListedOnceWithWhatAMapNeeds(t *testing.T) {
	list := Territories()
	if len(list) != 250 {
		t.Errorf("%d countries, want the 249 of ISO 3166-1 and Kosovo", len(list))
	}
	if !slices.IsSortedFunc(list, func(a, b Territory) int { return strings.Compare(a.Code, b.Code) }) {
		t.Error("not sorted by code: look-ups would miss")
	}
	codes, numbers, names := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, c := range list {
		if len(c.Code) != 2 || c.Code != strings.ToUpper(c.Code) || codes[c.Code] {
			t.Errorf("%q is no code of its own", c.Code)
		}
		if c.Code != "XK" && (len(c.Numeric) != 3 || numbers[c.Numeric]) {
			t.Errorf("%s: %q is no number of its own", c.Code, c.Numeric)
		}
		if c.Name == "" || names[c.Name] {
			t.Errorf("%s: %q is no name of its own", c.Code, c.Name)
		}
		if c.Label.Lat < -90 || c.Label.Lat > 90 || c.Label.Lon < -180 || c.Label.Lon > 180 || c.Label == (Point{}) {
			t.Errorf("%s: %v is no place on Earth", c.Code, c.Label)
		}
		codes[c.Code], numbers[c.Numeric], names[c.Name] = true, true, true
	}
}

func TestACountryIsFoundByItsCodeInCapitalsAlone(t *testing.T) {
	for _, c := range Territories() {
		if got, ok := Country(c.Code); !ok || got != c {
			t.Errorf("Country(%q) = %v, %v", c.Code, got, ok)
		}
	}
	for _, code := range []string{"", "fi", "ZZ", "FIN", "UK", "none"} {
		if got, ok := Country(code); ok {
			t.Errorf("Country(%q) found %v", code, got)
		}
	}
}

func TestLabelPointsLieWhereTheCountryIs(t *testing.T) {
	for code, want := range map[string]Point{
		"FI": {62, 26}, "US": {39, -98}, "BR": {-10, -53}, "AU": {-23, 132}, "JP": {36, 138},
		"RU": {62, 95}, "ZA": {-29, 25}, "SG": {1.35, 103.8}, "FR": {46.6, 2.5}, "XK": {42.6, 20.9},
	} {
		c, _ := Country(code)
		if d := max(absolute(c.Label.Lat-want.Lat), absolute(c.Label.Lon-want.Lon)); d > 6 {
			t.Errorf("%s is labelled at %v, %.0f degrees from %v", code, c.Label, d, want)
		}
	}
}

func absolute(x float64) float64 { return max(x, -x) }
