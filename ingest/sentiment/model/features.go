package model

// What a feature that belongs to no token is of.
const (
	ofText = -1 // the text as a whole
	ofSums = -2 // sums of what words and verbs say
)

// feature is one input of the linear model, and the token that it comes from.
type feature struct {
	index uint32
	value float32
	token int16
}

// Bits of the linear model's hash.
const linearBits = 21

func (s *scratch) add(h uint32, v float32, token int32) {
	h ^= h >> 13
	h *= 0xC2B2AE35
	h ^= h >> 16
	s.features = append(s.features, feature{h & (1<<linearBits - 1), v, int16(token)})
}

// level brings the features from first on to a length of g, so that long
// texts weigh as much as short ones.
func (s *scratch) level(first int, g float32) {
	var sum float32
	for _, f := range s.features[first:] {
		sum += f.value * f.value
	}
	if sum == 0 {
		return
	}
	g *= rsqrt(sum)
	for i := first; i < len(s.features); i++ {
		s.features[i].value *= g
	}
}

// Families of features: one hash serves them all.
const (
	famWord = iota + 11
	famStyle
	famPair    = 40
	famTriple  = 41
	famNative  = 50
	famNatives = 51
	famGram    = 60
	famSolid   = 61
	famDense   = 70
	famCross   = 80
	famSide    = 100 // + side and clause
	famPairAt  = 300
	famFrame   = 320
	famEnd     = 330
	famLexical = 340
	famBias    = 400
)

// extract lists the features of what was read last.
func (s *scratch) extract(text string) {
	s.features = s.features[:0]
	s.ngrams()
	if s.lang != "en" {
		s.nativeWords(text)
	}
	if s.shape.targeted {
		s.aroundTarget()
	}
	s.lexical()
	s.figures()
	style := uint32(s.shape.style)
	s.add(famBias, 0.5, ofText)
	s.add(mix(famBias+1, style), 0.5, ofText)
	s.add(mix(famBias+2, hash(basis, s.lang)), 0.5, ofText)
	if s.shape.targeted {
		s.add(famBias+3, 0.5, ofText)
		s.add(mix(famBias+4, style), 0.5, ofText)
	}
}

// ngrams are the words themselves, in ones, twos and threes.
func (s *scratch) ngrams() {
	first := len(s.features)
	style := uint32(s.shape.style)
	u := s.units
	for i := range u {
		s.add(mix(u[i].hash, famWord), 1, u[i].token)
		s.add(mix(u[i].hash, famStyle+style), 1, u[i].token)
		if i+1 < len(u) {
			pair := mix(u[i].hash, u[i+1].hash*31+famPair)
			to := u[i].token
			if u[i].id == unitTarget { // a name decides nothing by itself
				to = u[i+1].token
			}
			s.add(pair, 1, to)
			if i+2 < len(u) {
				s.add(mix(pair, u[i+2].hash*37+famTriple), 0.7, u[i+1].token)
			}
		} else {
			s.add(mix(u[i].hash, famEnd), 1, u[i].token)
		}
	}
	s.level(first, 1)
}

// nativeWords are a foreign text's own words and letters.
func (s *scratch) nativeWords(text string) {
	first := len(s.features)
	before := uint32(0)
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.target {
			before = 1
			continue
		}
		h := t.word.native
		if h == 0 {
			continue
		}
		if t.turned {
			h = mix(h, 7)
		}
		s.add(mix(h, famNative), 1, int32(i))
		if before != 0 {
			s.add(mix(before, h*31+famNatives), 1, int32(i))
		}
		before = h
	}
	s.level(first, 1)
	first = len(s.features)
	lang := hash(basis, s.lang)
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.target || t.kind != kindWord {
			continue
		}
		for _, g := range t.word.grams {
			s.add(mix(g, famGram), 1, int32(i))
		}
		if s.lang == "zh" || s.lang == "ja" {
			s.solidGrams(text, i, lang)
		}
	}
	s.level(first, 1)
}

// solidGrams are the pairs and threes of characters that begin in a token.
func (s *scratch) solidGrams(text string, i int, lang uint32) {
	t := &s.tokens[i]
	for at := t.start; at < t.end; {
		h := mix(lang, famSolid)
		_, n := decode(text, at)
		p := at
		for k := 0; k < 3 && p < len(text); k++ {
			r, m := decode(text, p)
			if !isSolid(r) {
				break
			}
			h = (h ^ uint32(r)) * 16777619
			p += m
			if k > 0 {
				s.add(mix(h, uint32(k)), 1, int32(i))
			}
		}
		at += n
	}
}

// near sorts distances.
func near(d int8) uint32 {
	if d < 0 {
		d = -d
	}
	switch {
	case d <= 1:
		return 1
	case d == 2:
		return 2
	case d <= 4:
		return 3
	case d <= 8:
		return 4
	}
	return 5
}

var roots = func() (r [128]float32) {
	for i := 1; i < len(r); i++ {
		r[i] = sqrt32(float32(i))
	}
	r[0] = 1
	return r
}()

// aroundTarget are the words by where they stand: before or behind the
// target, how far, in its clause or another.
func (s *scratch) aroundTarget() {
	first := len(s.features)
	u := s.units
	for i := range u {
		if u[i].side == 0 {
			if i > 0 && i+1 < len(u) {
				s.add(mix(s.name(i-1), s.name(i+1)*41+famFrame), 1, u[i+1].token)
			}
			continue
		}
		place := uint32(famSide) + 40*uint32(u[i].clause)
		if u[i].side > 0 {
			place += 20
		}
		h := s.name(i)
		s.add(mix(h, place), 0.6, u[i].token)
		s.add(mix(h, place+near(u[i].pos)), 1/roots[max(u[i].pos, -u[i].pos)], u[i].token)
		if i+1 < len(u) && u[i+1].side == u[i].side {
			pair := mix(h, s.name(i+1)*31+famPairAt+place)
			s.add(pair, 0.7, u[i].token)
			if u[i].side > 0 && u[i].pos <= 3 && i+2 < len(u) {
				s.add(mix(pair, s.name(i+2)*37), 0.7, u[i].token)
			}
		} else {
			s.add(mix(h, famEnd+1+place), 0.7, u[i].token)
		}
	}
	s.level(first, 1.4)
}

// name is the hash of a unit, the same one for all entities.
func (s *scratch) name(i int) uint32 {
	u := &s.units[i]
	if u.entity && u.id != unitOther {
		return s.specials[unitOther].units[0].hash
	}
	return u.hash
}

// lexical are sums of feelings before and behind the target.
func (s *scratch) lexical() {
	var good, bad, leftGood, leftBad, rightGood, rightBad, nearGood, nearBad float32
	for i := range s.units {
		u := &s.units[i]
		v := u.valence
		if v == 0 {
			continue
		}
		w := v / float32(max(u.pos, -u.pos, 1))
		if v > 0 {
			good += v
			nearGood += w
		} else {
			bad -= v
			nearBad -= w
		}
		switch {
		case u.side < 0 && v > 0:
			leftGood += v
		case u.side < 0:
			leftBad -= v
		case u.side == 1 && v > 0:
			rightGood += v
		case u.side == 1:
			rightBad -= v
		}
	}
	put := func(id uint32, v float32) {
		if v != 0 {
			s.add(mix(id, famLexical), v, ofSums)
			s.add(mix(id, famLexical+1+uint32(s.shape.style)), v, ofSums)
		}
	}
	put(1, soft(good-bad, 4))
	put(2, good/(good+4))
	put(3, bad/(bad+4))
	if good+bad == 0 {
		put(4, 0.5)
	}
	if s.shape.targeted {
		put(11, leftGood/(leftGood+3))
		put(12, leftBad/(leftBad+3))
		put(13, rightGood/(rightGood+3))
		put(14, rightBad/(rightBad+3))
		put(15, nearGood/(nearGood+1))
		put(16, nearBad/(nearBad+1))
	}
}

// figures are the dense figures, and how they meet.
func (s *scratch) figures() {
	d := &s.dense
	for k, v := range d {
		if v != 0 {
			s.add(mix(uint32(k), famDense), v, ofSums)
			s.add(mix(uint32(k), famDense+1+uint32(s.shape.style)), v, ofSums)
		}
	}
	if !s.shape.targeted {
		return
	}
	verbs := third(d[denseSubject]+d[denseObject]+d[denseCompared], 0.2)
	words := third(d[denseGood]-d[denseBad], 0.2)
	others := third(d[denseOthersGood]-d[denseOthersBad], 0.2)
	effect := third(d[denseOthersEffect], 0.2)
	s.add(mix(verbs*3+words, famCross), 0.7, ofSums)
	s.add(mix(verbs*3+effect, famCross+1), 0.7, ofSums)
	s.add(mix(words*3+others, famCross+2), 0.7, ofSums)
	s.add(mix(((verbs*3+words)*3+others)*3+effect, famCross+3), 0.7, ofSums)
	s.add(mix((verbs*3+words)*2+uint32(d[denseQuestion]), famCross+4), 0.7, ofSums)
	s.add(mix((verbs*3+words)*2+uint32(d[denseIf]), famCross+5), 0.7, ofSums)
	s.add(mix((verbs*3+words)*2+uint32(d[denseSays]), famCross+6), 0.7, ofSums)
}

// third is 0 below −edge, 2 above edge, 1 between.
func third(v, edge float32) uint32 {
	switch {
	case v > edge:
		return 2
	case v < -edge:
		return 0
	}
	return 1
}
