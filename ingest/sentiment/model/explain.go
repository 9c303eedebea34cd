package model

import (
	"slices"

	"agora/ingest/sentiment/lexicon"
)

// Part is what one word or phrase of the text read last adds to positive
// against negative.
type Part struct {
	Start, End int     // in bytes
	Kind       string  // word, phrase, verb, negated, sign
	Linear     float32 // of the linear model's difference of positive and negative
	Net        float32 // what the net's difference loses when the word is left out
}

// Explain says which words decided the text read last: at most most of them,
// those with the greatest part first. rest is what all else adds to the linear
// difference, so that the parts and the rest add up to it.
func (r *Reader) Explain(a *Answer, most int) (parts []Part, rest float32) {
	s := r.s
	by := s.parts(len(s.tokens))
	sums, rest := r.m.linear.lean(s.features, by)
	rest += s.shareOut(by, sums)
	list := s.ranked[:0]
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.inPhrase { // its first word speaks for it
			for k := i - 1; k >= 0; k-- {
				if s.tokens[k].phrase > 0 {
					by[k] += by[i]
					by[i] = 0
					break
				}
			}
		}
	}
	for i := range s.tokens {
		t := &s.tokens[i]
		switch {
		case t.inPhrase:
		case t.target || t.idle() || t.kind == kindPunct || t.kind == kindLink || t.kind == kindUser || t.kind == kindNumber:
			rest += by[i]
		default:
			list = append(list, ranked{int32(i), by[i]})
		}
	}
	s.ranked = list
	slices.SortFunc(list, func(a, b ranked) int {
		switch x, y := abs(a.weight), abs(b.weight); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return int(a.token - b.token)
	})
	for _, x := range list[min(most, len(list)):] {
		rest += x.weight
	}
	list = list[:min(most, len(list))]
	parts = make([]Part, len(list))
	whole := a.Net[Positive] - a.Net[Negative]
	for k, x := range list {
		t := &s.tokens[x.token]
		end := t.end
		if t.phrase > 0 {
			end = s.tokens[int(x.token)+int(t.phrase)-1].end
		}
		parts[k] = Part{Start: t.start, End: end, Kind: t.sort(), Linear: x.weight}
		if k < occluded && a.Chances[Neutral] < max(a.Chances[Negative], a.Chances[Positive]) {
			parts[k].Net = whole - r.without(x.token)
		}
	}
	return parts, rest
}

// occluded is how many words the net reads the text again without. What is
// neutral is not worth it.
const occluded = 2

type ranked struct {
	token  int32
	weight float32
}

// without is the net's difference with a word left out.
func (r *Reader) without(token int32) float32 {
	for k := range r.s.units {
		if r.s.units[k].token == token {
			out := r.m.net.without(r.s.units, &r.s.dense, &r.s.net, k)
			return out[Positive] - out[Negative]
		}
	}
	return 0
}

func (s *scratch) parts(n int) []float32 {
	if cap(s.by) < n {
		s.by = make([]float32, n, maxTokens)
	}
	s.by = s.by[:n]
	clear(s.by)
	return s.by
}

// shareOut gives the sums' part to the words that were summed, by their
// strength, and returns it where there are none.
func (s *scratch) shareOut(by []float32, sums float32) float32 {
	total := float32(0)
	strength := func(i int) float32 {
		t := &s.tokens[i]
		if t.target || t.entry == nil && t.word.valence == 0 {
			return 0
		}
		if t.entry != nil && t.entry.Roles {
			return 2
		}
		return abs(s.valence(i))
	}
	for i := range s.tokens {
		total += strength(i)
	}
	if total == 0 {
		return sums
	}
	for i := range s.tokens {
		by[i] += sums * strength(i) / total
	}
	return 0
}

func (t *token) sort() string {
	switch {
	case t.entry != nil && t.entry.Roles:
		return "verb"
	case t.phrase > 0:
		return "phrase"
	case t.turned:
		return "negated"
	case t.kind == kindSymbol:
		return "sign"
	}
	return "word"
}

// idle tells the words that only hold a sentence together: nobody would take
// them for a reason.
func (t *token) idle() bool {
	if t.entry == nil {
		return t.word.rank < 60
	}
	switch t.entry.Op {
	case lexicon.And, lexicon.From, lexicon.To, lexicon.By, lexicon.Say:
		return true
	case lexicon.None:
		return t.word.rank < 60 && !t.entry.Roles && t.entry.Value == 0
	}
	return false
}

func abs(x float32) float32 { return max(x, -x) }
