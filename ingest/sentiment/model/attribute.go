package model

// attribute gives every feeling word to somebody: to the name right behind
// it, else to the nearest one in its clause, else to the last one before.
func (s *scratch) attribute() {
	both := false // of the names of the text
	if s.lang == "en" && len(s.roles) == 2 {
		for i := range s.tokens {
			both = both || s.tokens[i].word.text == "both"
		}
	}
	for k := range s.units {
		u := &s.units[k]
		if u.valence == 0 {
			continue
		}
		best := s.owner(int(u.token))
		if best < 0 {
			continue
		}
		if both {
			for k := range s.roles {
				s.say(k, u.valence)
			}
			continue
		}
		for lo := best; lo >= 0; lo-- {
			s.say(lo, u.valence)
			if !s.joined(lo) {
				break
			}
		}
		for hi := best + 1; hi < len(s.roles) && s.joined(hi); hi++ {
			s.say(hi, u.valence)
		}
	}
}

func (s *scratch) say(k int, v float32) {
	if v > 0 {
		s.roles[k].good += v
	} else {
		s.roles[k].bad -= v
	}
}

func (s *scratch) owner(i int) int {
	clause, sentence := s.tokens[i].clause, s.tokens[i].sentence
	best, cost := -1, 1<<20
	for k := range s.roles {
		r := &s.roles[k]
		d := r.start - i
		if d < 0 {
			d = i - r.end + 1
		} else if d > 2 {
			d += 3 // names behind a word are seldom whom it is about
		}
		d += 12 * int(clauseGap(r.clause, clause))
		if r.sentence != sentence {
			d += 20
		}
		if r.speaks && s.tokens[i].quoted {
			d += 15
		}
		if d < cost {
			best, cost = k, d
		}
	}
	return best
}

// sum fills in the figures.
func (s *scratch) sum(sums *roleSums) {
	d := &s.dense
	d[denseSubject], d[denseObject], d[denseCompared] = soft(sums.subject, 2), soft(sums.object, 2), soft(sums.compared, 2)
	var good, bad, othersGood, othersBad, othersEffect float32
	for k := range s.roles {
		r := &s.roles[k]
		if r.target {
			good, bad = good+r.good, bad+r.bad
		} else {
			othersGood, othersBad, othersEffect = othersGood+r.good, othersBad+r.bad, othersEffect+r.effect
		}
	}
	var clauseGood, clauseBad, restGood, restBad float32
	for k := range s.units {
		u := &s.units[k]
		v := u.valence
		switch own := u.clause == 0; {
		case v > 0 && own:
			clauseGood += v
		case v > 0:
			restGood += v
		case own:
			clauseBad -= v
		default:
			restBad -= v
		}
	}
	d[denseGood], d[denseBad] = good/(good+2), bad/(bad+2)
	d[denseOthersGood], d[denseOthersBad] = othersGood/(othersGood+2), othersBad/(othersBad+2)
	d[denseClauseGood], d[denseClauseBad] = clauseGood/(clauseGood+3), clauseBad/(clauseBad+3)
	d[denseRestGood], d[denseRestBad] = restGood/(restGood+3), restBad/(restBad+3)
	d[denseOthersEffect] = soft(othersEffect, 2)
	if s.shape.question {
		d[denseQuestion] = 1
	}
	switch s.shape.style {
	case 1:
		d[denseProse] = 1
	case 2:
		d[densePost] = 1
	}
	d[denseOthers] = float32(min(s.shape.others, 3)) / 3
	if s.shape.targeted {
		d[denseTargeted] = 1
		if s.shape.first == 0 {
			d[denseStart] = 1
		}
		d[denseAll] = soft(sums.subject+sums.object+sums.compared+good-bad, 2)
	} else {
		d[denseAll] = soft(clauseGood-clauseBad, 3)
	}
	if *sums == (roleSums{}) {
		if clauseGood+clauseBad+restGood+restBad == 0 {
			d[denseNone] = 1
		}
	}
}

// soft brings a sum between −1 and 1.
func soft(v, half float32) float32 {
	if v < 0 {
		return v / (half - v)
	}
	return v / (half + v)
}
