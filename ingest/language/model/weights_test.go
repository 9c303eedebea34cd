package model

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// made is a group with random weights for the n-grams of a text, and for
// others that it doesn't have.
func made(r *rand.Rand, langs int, grams *Grams) *Group {
	g := &Group{Script: Latin, Step: 0.125}
	for k := range langs {
		g.Langs = append(g.Langs, string(rune('a'+k%26))+string(rune('a'+k/26)))
		g.Base = append(g.Base, r.Float32())
	}
	hashes := append(slices.Clone(grams.Strong()), grams.Weak()...)
	for range 500 {
		hashes = append(hashes, r.Uint32())
	}
	slices.Sort(hashes)
	g.Hashes = slices.Compact(hashes)
	for range len(g.Hashes) * langs {
		g.Steps = append(g.Steps, int8(r.IntN(64)-bias))
	}
	return g
}

// plainly is the score as it is defined: the sum of the weights.
func plainly(g *Group, grams *Grams, k int) float64 {
	sum, hits := 0.0, 0.0
	add := func(list []uint32, by, count float64) {
		for _, h := range list {
			if i, ok := slices.BinarySearch(g.Hashes, h); ok {
				sum += by * float64(g.Steps[i*len(g.Langs)+k])
				hits += count
			}
		}
	}
	add(grams.Strong(), 1, 1)
	add(grams.Weak(), 0.5, 0.25)
	return sum*float64(g.Step)/math.Sqrt(max(hits, 1)) + float64(g.Base[k])
}

func TestAScoreIsTheSumOfTheWeightsOfATextsLetters(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var text Text
	var grams Grams
	for _, s := range []string{"a", "one little word", "the quick Brown Fox jumps over the Lazy Dog #WithTags and much more, so that many are added up, again and again and again"} {
		text.Read("", s)
		text.Grams(Latin, &grams)
		for _, langs := range []int{1, 3, 8, 46, 48, Most} {
			g := made(r, langs, &grams)
			packed, err := (&Weights{Latin: g}).Bytes()
			if err != nil {
				t.Fatal(err)
			}
			kept, err := Read(packed)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(kept[Latin].Langs, g.Langs) {
				t.Errorf("%d languages came back as %v", langs, kept[Latin].Langs)
			}
			var got [Most]float32
			kept[Latin].Score(&grams, &got)
			for k := range langs {
				if want := plainly(g, &grams, k); math.Abs(float64(got[k])-want) > 1e-3 {
					t.Errorf("%q, language %d of %d: %v, want %v", s, k, langs, got[k], want)
				}
			}
		}
	}
}

func TestTheLargestWeightsOfTheLongestTextFit(t *testing.T) {
	var grams Grams
	g := &Group{Script: Latin, Step: 1, Langs: []string{"aa", "bb"}, Base: []float32{0, 0}, Hashes: []uint32{7}, Steps: []int8{31, -32}}
	for i := range grams.list {
		grams.list[i] = 7
	}
	grams.strong, grams.weak = len(grams.list), len(grams.list)
	g.prepare()
	var got [Most]float32
	g.Score(&grams, &got)
	root := math.Sqrt(mostGrams)
	if math.Abs(float64(got[0])-31*root) > 0.1 || math.Abs(float64(got[1])+32*root) > 0.1 {
		t.Errorf("%v %v: a lane has overflowed", got[0], got[1])
	}
}

func FuzzRead(f *testing.F) {
	var text Text
	var grams Grams
	text.Read("", "some words of no matter what language")
	text.Grams(Latin, &grams)
	packed, err := (&Weights{Latin: made(rand.New(rand.NewPCG(1, 2)), 5, &grams)}).Bytes()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Add(packed[:len(packed)/2])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := Read(b)
		if (w == nil) == (err == nil) {
			t.Fatalf("%v, %v", w, err)
		}
		if w != nil && w[Latin] != nil {
			var out [Most]float32
			w[Latin].Score(&grams, &out)
		}
	})
}
