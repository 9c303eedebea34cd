package model

// follow reads "the former", "the latter", "the first" and "the second" as the
// names that they stand for: where that is the target, the words are marked as
// it.
func (s *scratch) follow() {
	if s.lang != "en" || !s.shape.targeted {
		return
	}
	for i := 1; i < len(s.tokens); i++ {
		t := &s.tokens[i]
		if t.target || t.kind != kindWord || s.tokens[i-1].word.text != "the" && t.word.text != "both" {
			continue
		}
		order := 0
		switch t.word.text {
		case "former", "first":
			order = 1
		case "latter", "second":
			order = 2
		case "third":
			order = 3
		default:
			continue
		}
		if i+1 < len(s.tokens) { // "the first quarter" is none of two names
			next := s.tokens[i+1].word
			if next.text == "quarter" || next.text == "half" || next.text == "time" || next.text == "day" || next.text == "week" ||
				next.text == "month" || next.text == "year" || next.text == "to" || next.text == "place" || next.text == "country" ||
				next.text == "company" && order > 2 {
				continue
			}
		}
		at := s.nth(i, order, t.word.text == "latter")
		if at < 0 {
			continue
		}
		t.entry, t.phrase, t.gap, t.refers = nil, 0, gapAt{}, true
		t.target, t.entity = s.tokens[at].target, !s.tokens[at].target
	}
}

// nth finds the token of the order-th name before i; the last one if asked
// for. There must be two at least.
func (s *scratch) nth(i, order int, last bool) int {
	found, n, inside := -1, 0, false
	for k := range i {
		t := &s.tokens[k]
		name := (t.target || t.entity) && !t.refers
		if name && !inside {
			n++
			if n == order || last {
				found = k
			}
		}
		inside = name && !t.word.owner
	}
	if n < 2 {
		return -1
	}
	return found
}

// respectively hands out "rose 12% and fell 30% respectively" in order. It
// says whether it did.
func (s *scratch) respectively(sums *roleSums) bool {
	if s.lang != "en" || len(s.roles) < 2 {
		return false
	}
	at := -1
	for i := range s.tokens {
		if s.tokens[i].word.text == "respectively" {
			at = i
		}
	}
	if at < 0 {
		return false
	}
	next, used := 0, false
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.sentence != s.tokens[at].sentence || t.target || t.entity {
			continue
		}
		v := s.valence(i)
		if t.entry != nil && t.entry.Roles {
			v = t.entry.Subject
		}
		if v == 0 || next >= len(s.roles) {
			continue
		}
		s.hand(next, v, &sums.subject)
		next++
		used = true
	}
	return used
}
