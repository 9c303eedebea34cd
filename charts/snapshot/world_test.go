package snapshot

import (
	"encoding/json"
	"math"
	"testing"
)

func countries(t *testing.T, text []byte) map[string][][]ring {
	t.Helper()
	var world struct {
		Features []feature `json:"features"`
	}
	if err := json.Unmarshal(text, &world); err != nil {
		t.Fatal(err)
	}
	all := map[string][][]ring{}
	for _, f := range world.Features {
		all[f.Properties.Name] = f.Geometry.Coordinates
	}
	return all
}

func points(all map[string][][]ring) (n int) {
	for _, polygons := range all {
		for _, p := range polygons {
			for _, r := range p {
				n += len(r)
			}
		}
	}
	return n
}

func TestASmallPictureGetsASmallWorldWithEveryCountryInIt(t *testing.T) {
	a := newAtlas(parts(t).World)
	whole := countries(t, a.source)
	before := points(whole)
	for _, side := range []int{4096, 1200, 390, MinSide} {
		s, err := a.at(Picture{Width: side, Height: side / 2, Scale: 1})
		if err != nil {
			t.Fatal(err)
		}
		got := countries(t, []byte(s.json))
		for code := range whole {
			if len(got[code]) == 0 {
				t.Errorf("%d pixels: %s is gone", side, code)
			}
		}
		if n := points(got); n > before {
			t.Errorf("%d pixels: %d points, more than for larger ones (%d)", side, n, before)
		} else {
			before = n
		}
		for code, polygons := range got {
			for _, p := range polygons {
				for _, r := range p {
					if len(r) < 4 || r[0] != r[len(r)-1] {
						t.Errorf("%d pixels: %s has the ring %v", side, code, r)
					}
				}
			}
		}
	}
	if all := points(whole); before > all/5 {
		t.Errorf("%d of %d points for the smallest picture", before, all)
	}
}

func TestNoBorderMovesByAPixelAndNeighboursKeepOne(t *testing.T) {
	a := newAtlas(parts(t).World)
	pic := Picture{Width: 600, Height: 300, Scale: 1}
	s, err := a.at(pic)
	if err != nil {
		t.Fatal(err)
	}
	whole, thin := countries(t, a.source), countries(t, []byte(s.json))
	pixel := 1 / classScale(sizeClass(pic))
	for _, code := range []string{"FI", "SE", "BR", "IN", "CD"} {
		kept := thin[code][0][0]
		for _, p := range largest(whole[code]) {
			if d := toRing(p, thin[code]); d > pixel {
				t.Errorf("%s: %v lies %.2f pixels from what is drawn (%d points)", code, p, d/pixel, len(kept))
			}
		}
	}
	// Where Finland meets Sweden, Norway and Russia, their points are its own.
	theirs := map[position]bool{}
	for _, code := range []string{"SE", "NO", "RU"} {
		for _, p := range thin[code] {
			for _, q := range p[0] {
				theirs[q] = true
			}
		}
	}
	before := map[position]bool{}
	for _, code := range []string{"SE", "NO", "RU"} {
		for _, p := range whole[code] {
			for _, q := range p[0] {
				before[q] = true
			}
		}
	}
	shared := 0
	for _, q := range largest(thin["FI"]) {
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

func largest(polygons [][]ring) ring {
	var big ring
	for _, p := range polygons {
		if len(p[0]) > len(big) {
			big = p[0]
		}
	}
	return big
}

// toRing is the distance of a point from the nearest outline, in projected degrees.
func toRing(p position, polygons [][]ring) float64 {
	near := math.Inf(1)
	flat := func(p position) [2]float64 { x, y := project(p); return [2]float64{x, y} }
	for _, polygon := range polygons {
		r := polygon[0]
		for i := 1; i < len(r); i++ {
			near = min(near, away(flat(p), flat(r[i-1]), flat(r[i])))
		}
	}
	return near
}
