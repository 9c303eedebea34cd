package main

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"agora/ingest/language/model"
)

// examples makes the texts of all languages.
func (t *task) examples(r *rand.Rand) []example {
	var text model.Text
	var grams model.Grams
	var list []example
	for k, lang := range t.langs {
		for range int(lang.share * float64(t.perShare)) {
			text.Read("", t.generator.text(lang.tag, t.script, r))
			text.Grams(t.script, &grams)
			strong, weak := grams.Strong(), grams.Weak()
			if len(strong)+len(weak) == 0 {
				continue
			}
			list = append(list, example{lang: uint8(k), strong: uint16(len(strong)), grams: append(slices.Clone(strong), weak...)})
		}
	}
	return list
}

// choose picks the n-grams that tell most: those that are frequent in some
// language and not in all.
func (t *task) choose(examples []example) []uint32 {
	n := len(t.langs)
	index := map[uint32]int32{}
	var keys []uint32
	var counts []float32 // texts by language
	texts := make([]float32, n)
	last := []int32{}
	for i := range examples {
		e := &examples[i]
		texts[e.lang]++
		for _, h := range e.grams {
			at, ok := index[h]
			if !ok {
				at = int32(len(keys))
				index[h] = at
				keys, counts, last = append(keys, h), append(counts, make([]float32, n)...), append(last, -1)
			}
			if last[at] != int32(i) {
				last[at] = int32(i)
				counts[int(at)*n+int(e.lang)]++
			}
		}
	}
	type ranked struct {
		hash  uint32
		worth float64
	}
	var list []ranked
	for i, h := range keys {
		row := counts[i*n : (i+1)*n]
		sum, mean := float32(0), 0.0
		for k, c := range row {
			sum += c
			mean += float64(c / texts[k])
		}
		if sum < rowsFloor {
			continue
		}
		mean = mean/float64(n) + 1e-6
		worth := 0.0
		for k, c := range row {
			if p := float64(c) / float64(texts[k]); p > 0 {
				worth += p * math.Log(p/mean)
			}
		}
		list = append(list, ranked{h, worth})
	}
	slices.SortFunc(list, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.hash, b.hash))
	})
	list = list[:min(len(list), t.rows)]
	hashes := make([]uint32, len(list))
	for i, e := range list {
		hashes[i] = e.hash
	}
	slices.Sort(hashes)
	return hashes
}
