package model

import "agora/ingest/sentiment/lexicon"

// readUnits lists what the models read, in order, with places and feelings.
func (s *scratch) readUnits() {
	s.units = s.units[:0]
	targetBefore := false
	strength := float32(1) // of the next word, by the word before it
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.target {
			if !targetBefore {
				s.unit(i, s.specials[unitTarget].units[0], 0)
			}
			targetBefore = true
			if t.word.owner {
				s.unit(i, s.englishUnit("'s"), 0)
			}
			continue
		}
		targetBefore = false
		v := s.valence(i) * strength
		strength = 1
		if t.entry != nil {
			switch t.entry.Op {
			case lexicon.Boost:
				strength = 1.3
			case lexicon.Damp:
				strength = 0.6
			}
		}
		units := t.word.units
		switch {
		case t.entity && !t.word.known && t.entry == nil:
			units = s.specials[unitOther].units
			if t.word.owner {
				s.unit(i, units[0], 0)
				s.unit(i, s.englishUnit("'s"), 0)
				continue
			}
		case s.lang != "en" && t.phrase > 0 && len(t.entry.Gloss) > 0:
			units = s.gloss(t.entry)
		case s.lang != "en" && t.inPhrase:
			continue
		}
		for k, u := range units {
			if k > 0 {
				v = 0
			}
			s.unit(i, u, v)
		}
	}
	if len(s.units) == 0 {
		s.unit(0, s.englishUnit("."), 0)
	}
	s.placeUnits()
}

// valence is how the word at i feels, as it stands there.
func (s *scratch) valence(i int) float32 {
	t := &s.tokens[i]
	if t.inPhrase || t.entity && t.entry == nil {
		return 0
	}
	v := t.word.valence * 0.8
	if t.entry != nil {
		v = t.entry.Value
		if t.entry.Roles || t.entry.Op != lexicon.None {
			return 0
		}
	}
	if t.shout {
		v *= 1.2
	}
	if t.turned {
		v *= -0.74
	}
	return v
}

func (s *scratch) unit(token int, u unit, v float32) {
	if len(s.units) == maxUnits {
		return
	}
	at := unitAt{token: int32(token), id: u.id, hash: u.hash, plain: u.hash, valence: v}
	if token < len(s.tokens) {
		t := &s.tokens[token]
		at.entity = t.entity
		if t.turned {
			at.hash = mix(u.hash, 7)
			at.flags |= flagTurned
		}
		if t.entity {
			at.flags |= flagEntity
		}
		if t.shout || t.long {
			at.flags |= flagShout
		}
	}
	s.units = append(s.units, at)
}

// placeUnits measures how far each unit is from the target.
func (s *scratch) placeUnits() {
	if !s.shape.targeted {
		for i := range s.units {
			s.units[i].pos, s.units[i].side = 10, 2
		}
		return
	}
	// Distances to the last target on the left and the next one on the right.
	const far = 1 << 20
	last, lastClause := -far, uint8(255)
	for i := range s.units {
		u := &s.units[i]
		if u.id == unitTarget {
			last, lastClause = i, s.tokens[u.token].clause
		}
		u.pos = int8(min(i-last, 9))
		u.side = 1
		u.clause = clauseGap(lastClause, s.tokens[u.token].clause)
		if last < 0 {
			u.pos = 100
		}
	}
	next, nextClause := far, uint8(255)
	for i := len(s.units) - 1; i >= 0; i-- {
		u := &s.units[i]
		if u.id == unitTarget {
			next, nextClause = i, s.tokens[u.token].clause
			u.pos, u.side, u.clause = 0, 0, 0
			continue
		}
		gap := clauseGap(nextClause, s.tokens[u.token].clause)
		d := next - i
		// The same clause is nearer than any number of words.
		if u.pos == 100 || next < far && (gap < u.clause || gap == u.clause && d < int(u.pos)) {
			u.pos, u.side, u.clause = -int8(min(d, 9)), -1, gap
		}
	}
	for i := range s.units {
		if s.units[i].clause > 0 {
			s.units[i].flags |= flagOtherClause
		}
	}
}

func clauseGap(a, b uint8) uint8 {
	if a > b {
		a, b = b, a
	}
	return min(b-a, 2)
}
