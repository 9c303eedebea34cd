package main

import (
	"math/rand/v2"
	"testing"
)

// countsOf counts the n-grams within words, as lingua-go's models have them.
func countsOf(words []string) *counts {
	c := &counts{}
	letters := 0.0
	for n := 1; n <= 5; n++ {
		c[n] = map[string]float64{}
	}
	for _, w := range words {
		letters += float64(len(w))
		for n := 1; n <= 5; n++ {
			for i := 0; i+n <= len(w); i++ {
				c[n][w[i:i+n]]++
			}
		}
	}
	for n := 1; n <= 5; n++ {
		for g := range c[n] {
			c[n][g] /= letters
		}
	}
	return c
}

func TestMadeUpWordsBeginAndEndWhereRealOnesDo(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"a", "a", "of", "the", "the", "the", "house", "houses", "horse", "mouse"}
	s := newSpeaker(countsOf(words))
	const many = 20_000
	got := map[string]int{}
	for range many {
		got[s.word(r)]++
	}
	for w, n := range map[string]int{"a": 2, "of": 1, "the": 3, "house": 1, "houses": 1, "horse": 1, "mouse": 1} {
		if share := float64(got[w]) / many * float64(len(words)); share < 0.4*float64(n) || share > 1.6*float64(n) {
			t.Errorf("%q is said %.2f times in ten words, want about %d", w, share, n)
		}
	}
	for w, n := range got {
		if (w[0] != 'h' && w[0] != 'm' && len(w) > 3) || n > many/20 && (w == "hous" || w == "ouse") {
			t.Errorf("%q is said %d times", w, n)
		}
	}
}
