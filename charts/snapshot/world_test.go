package snapshot

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"testing"
)

// whole is the world of the pages, on the plane.
func whole(t *testing.T, source []byte) map[string][]outline {
	t.Helper()
	var world struct {
		Features []feature `json:"features"`
	}
	if err := json.Unmarshal(source, &world); err != nil {
		t.Fatal(err)
	}
	all := map[string][]outline{}
	for _, f := range world.Features {
		for _, polygon := range f.Geometry.Coordinates {
			for _, r := range polygon {
				var o outline
				for _, p := range r[1:] {
					x, y := project(p)
					o = append(o, [2]float64{x, -y})
				}
				all[f.Properties.Name] = append(all[f.Properties.Name], o)
			}
		}
	}
	return all
}

func points(all map[string][]outline) (n int) {
	for _, rings := range all {
		for _, r := range rings {
			n += len(r)
		}
	}
	return n
}

func TestASmallPictureGetsASmallWorldWithEveryCountryInIt(t *testing.T) {
	a := newAtlas(parts(t).World)
	all := whole(t, a.source)
	before := points(all)
	for _, side := range []int{4096, 1200, 390, MinSide} {
		s, err := a.at(Picture{Width: side, Height: side / 2, Scale: 1})
		if err != nil {
			t.Fatal(err)
		}
		for code := range all {
			if len(s.outlines[code]) == 0 {
				t.Errorf("%d pixels: %s is gone", side, code)
			}
		}
		if n := points(s.outlines); n > before {
			t.Errorf("%d pixels: %d points, more than for larger ones (%d)", side, n, before)
		} else {
			before = n
		}
		for code, rings := range s.outlines {
			for _, r := range rings {
				if len(r) < 3 {
					t.Errorf("%d pixels: %s has the ring %v", side, code, r)
				}
			}
		}
	}
	if n := points(all); before > n/5 {
		t.Errorf("%d of %d points for the smallest picture", before, n)
	}
}

func TestNoBorderMovesByAPixelAndNeighboursKeepOne(t *testing.T) {
	a := newAtlas(parts(t).World)
	pic := Picture{Width: 600, Height: 300, Scale: 1}
	s, err := a.at(pic)
	if err != nil {
		t.Fatal(err)
	}
	all := whole(t, a.source)
	pixel := 1 / classScale(sizeClass(pic))
	for _, code := range []string{"FI", "SE", "BR", "IN", "CD"} {
		for _, p := range largest(all[code]) {
			if d := toRing(p, s.outlines[code]); d > pixel {
				t.Errorf("%s: %v lies %.2f pixels from what is drawn", code, p, d/pixel)
			}
		}
	}
	// Where Finland meets Sweden, Norway and Russia, their points are its own.
	theirs, before := map[[2]float64]bool{}, map[[2]float64]bool{}
	for _, code := range []string{"SE", "NO", "RU"} {
		for _, r := range s.outlines[code] {
			for _, q := range r {
				theirs[q] = true
			}
		}
		for _, r := range all[code] {
			for _, q := range r {
				before[q] = true
			}
		}
	}
	shared := 0
	for _, q := range largest(s.outlines["FI"]) {
		if before[q] {
			shared++
			if !theirs[q] {
				t.Errorf("Finland keeps %v of a border, and its neighbour does not", q)
			}
		}
	}
	if shared < 5 {
		t.Errorf("Finland has %d points of its borders", shared)
	}
}

func largest(rings []outline) outline {
	var big outline
	for _, r := range rings {
		if len(r) > len(big) {
			big = r
		}
	}
	return big
}

// toRing is the distance of a point from the nearest outline, in projected degrees.
func toRing(p [2]float64, rings []outline) float64 {
	near := math.Inf(1)
	for _, r := range rings {
		for i := range r {
			near = min(near, away(p, r[(i+len(r)-1)%len(r)], r[i]))
		}
	}
	return near
}

// What is printed of a country is where ECharts has put it, to a tenth of a pixel.
func TestACountryIsPrintedInItsPlace(t *testing.T) {
	s := &shapes{outlines: map[string][]outline{"": nil, "AA": {{{0, 0}, {10, 0}, {10, 0.001}, {10, 10}}, {{-1, 2}, {-3, 2.5}, {-3, 4}}}}}
	got, err := s.fill("<g><path d=\"\x01AA  AA 2 100.04 -3 50\" fill=\"#123456\"/>\n</g>")
	country := `<path d="M100 50l20 0 0 -30ZM98 44l-4 -1.5 0 -4.5Z" fill="#123456"/>`
	if want := "<g>" + country + "\n<path d=\"\" fill=\"#123456\"/>\n" + country + "\n</g>"; err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
	for _, far := range []string{"Infinity 0 1 0", "NaN 0 1 0", "1 0 1 1e9", "1 0 1 here", ""} {
		if _, err := s.fill(place + "AA " + far + `"/>`); err == nil {
			t.Errorf("a country was drawn at %s", far)
		}
	}
}

var oneCountry = regexp.MustCompile(`<path d="M([\d.]+) ([\d.]+)l[^"]*Z" [^>]*fill="#[0-9A-F]{6}"`)

func TestTheMapOfAPictureFillsItAndColoursWhoHasData(t *testing.T) {
	svg, err := newPainter(t).SVG(t.Context(), Picture{Option: golden(t, "one", "map"), Theme: "light", Width: 800, Height: 400})
	if err != nil {
		t.Fatal(err)
	}
	west, east := math.Inf(1), math.Inf(-1)
	found := oneCountry.FindAllSubmatch(svg, -1)
	for _, m := range found {
		x, err := strconv.ParseFloat(string(m[1]), 64)
		if err != nil {
			t.Fatal(err)
		}
		west, east = min(west, x), max(east, x)
	}
	if len(found) < 230 {
		t.Errorf("%d countries", len(found))
	}
	if west < 0 || west > 200 || east > 800 || east < 600 {
		t.Errorf("the countries begin at %v to %v of 800 pixels", west, east)
	}
}
