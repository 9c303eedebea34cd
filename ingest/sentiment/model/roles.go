package model

import "agora/ingest/sentiment/lexicon"

// role is a mention of somebody: the target, or an entity beside it.
type role struct {
	start, end int // tokens
	target     bool
	clause     uint8
	sentence   uint8
	good, bad  float32 // what is said of it, by single words
	effect     float32 // what verbs do to it
	speaks     bool    // is quoted: what it says is seldom of itself
}

// denseSize is how many figures sum a text up for the target.
const denseSize = 22

// The figures, in their order.
const (
	denseSubject      = iota // what verbs do to the target as their subject
	denseObject              // and as their object
	denseCompared            // what "better than" and "over" do to it
	denseGood                // said of it by single words
	denseBad                 //
	denseOthersGood          // said of others
	denseOthersBad           //
	denseClauseGood          // in the target's clauses
	denseClauseBad           //
	denseRestGood            // elsewhere
	denseRestBad             //
	denseQuestion            //
	denseIf                  //
	denseOthers              // how many others there are
	denseTargeted            //
	denseOthersEffect        // what verbs do to others
	denseSays                // the target speaks
	denseAll                 // verbs and words together
	denseNone                // nothing feels like anything
	denseStart               // the text begins with the target
	denseProse               // it is of sentences
	densePost                // it is somebody's own words
)

// readRoles finds who does what to whom and fills the dense figures.
func (s *scratch) readRoles() {
	s.dense = [denseSize]float32{}
	s.listRoles()
	var sums roleSums
	if s.respectively(&sums) {
		s.sum(&sums)
		return
	}
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.word.text == "as" && s.lang == "en" {
			s.equal(i, &sums)
		}
		if t.entry == nil || t.target {
			continue
		}
		switch {
		case t.entry.Roles:
			s.verb(i, &sums)
		case t.entry.Op == lexicon.Over || t.entry.Op == lexicon.Than:
			s.compare(i, &sums)
		case t.entry.Op == lexicon.If:
			s.dense[denseIf] = 1
		case t.entry.Op == lexicon.Say:
			s.says(i)
		}
	}
	s.attribute()
	s.sum(&sums)
}

// roleSums add up what is done to the target.
type roleSums struct{ subject, object, compared float32 }

func (s *scratch) listRoles() {
	s.roles = s.roles[:0]
	for i := 0; i < len(s.tokens); i++ {
		t := &s.tokens[i]
		if !t.target && !t.entity {
			continue
		}
		j := i + 1
		for j < len(s.tokens) && s.tokens[j].target == t.target && (s.tokens[j].entity || t.target) && !s.tokens[j-1].word.owner {
			j++
		}
		s.roles = append(s.roles, role{start: i, end: j, target: t.target, clause: t.clause, sentence: t.sentence})
		i = j - 1
	}
}

// left is the index of the nearest role before token i in its sentence, −1
// for none; right is the nearest one at or behind i.
func (s *scratch) left(i, within int) int {
	for k := len(s.roles) - 1; k >= 0; k-- {
		r := &s.roles[k]
		if r.end > i {
			continue
		}
		if r.sentence != s.tokens[i].sentence || i-r.end > within {
			return -1
		}
		return k
	}
	return -1
}

func (s *scratch) right(i, within int) int {
	for k := range s.roles {
		r := &s.roles[k]
		if r.start < i {
			continue
		}
		at := min(i, len(s.tokens)-1)
		if r.sentence != s.tokens[at].sentence || r.start-i > within {
			return -1
		}
		return k
	}
	return -1
}

// joined tells whether role k and the one before it are joined by "and" or a
// comma.
func (s *scratch) joined(k int) bool {
	if k <= 0 {
		return false
	}
	a, b := s.roles[k-1].end, s.roles[k].start
	if b-a > 2 || b == a {
		return false
	}
	for i := a; i < b; i++ {
		w := s.tokens[i].word
		e := s.tokens[i].entry
		if w.text != "," && w.text != "and" && w.text != "&" && w.text != "nor" && w.text != "、" && (e == nil || e.Op != lexicon.And) {
			return false
		}
	}
	return true
}

// give adds an effect to role k and to those that are joined with it.
func (s *scratch) give(k int, v float32, sum *float32) {
	for lo := k; lo >= 0; lo-- {
		s.hand(lo, v, sum)
		if !s.joined(lo) {
			break
		}
	}
	for hi := k + 1; hi < len(s.roles) && s.joined(hi); hi++ {
		s.hand(hi, v, sum)
	}
}

func (s *scratch) hand(k int, v float32, sum *float32) {
	if s.roles[k].target {
		*sum += v
	} else {
		s.roles[k].effect += v
	}
}

// verb gives a two-sided verb's effects to its subject and its object.
func (s *scratch) verb(i int, sums *roleSums) {
	t := &s.tokens[i]
	end := i + max(1, int(t.phrase))
	subject, object := t.entry.Subject, t.entry.Object
	if t.turned {
		subject, object = -0.7*subject, -0.7*object
	}
	if t.gap != (gapAt{}) {
		s.gapped(t, subject, object, i, end, sums)
		return
	}
	l, r := s.left(i, 12), s.right(end, 8)
	if r >= 0 && s.roles[r].clause > t.clause+1 {
		r = -1
	}
	passive, agent := s.passive(i, end)
	if passive {
		subject, object = object, subject
		if agent >= 0 {
			r = s.right(agent, 5)
		} else {
			r = -1
		}
	}
	if l >= 0 {
		near := float32(1)
		if s.roles[l].clause != t.clause && !s.pronounBetween(s.roles[l].end, i) {
			near = 0.7
		}
		s.give(l, near*subject, &sums.subject)
		for k := s.roles[l].start; k < s.roles[l].end; k++ {
			s.flag(k)
		}
	}
	if r >= 0 && r != l {
		s.give(r, object, &sums.object)
	}
}

// gapped gives the effects of a phrase with a name inside, such as "leaves B
// in the dust" and "switched from B to C".
func (s *scratch) gapped(t *token, subject, object float32, i, end int, sums *roleSums) {
	inside := t.entry.Gap
	if t.turned {
		inside *= -0.7
	}
	if g := s.right(int(t.gap.start), maxGap); g >= 0 && inside != 0 {
		s.give(g, inside, &sums.object)
	}
	if r := s.right(end, 6); r >= 0 && object != 0 {
		s.give(r, object, &sums.object)
	}
	if l := s.left(i, 12); l >= 0 && subject != 0 {
		s.give(l, subject, &sums.subject)
	}
}

func (s *scratch) flag(token int) {
	for k := range s.units {
		if s.units[k].token == int32(token) {
			s.units[k].flags |= flagSubject
		}
	}
}

func (s *scratch) pronounBetween(a, b int) bool {
	for i := a; i < b; i++ {
		if s.tokens[i].word.pronoun {
			return true
		}
	}
	return false
}

// passive tells whether the verb at [i, end) is one, and behind which token
// its doer stands, −1 if it isn't named.
func (s *scratch) passive(i, end int) (bool, int) {
	if s.tokens[end-1].word.maker { // a phrase that has its "by" inside says it all
		return false, -1
	}
	for k := end; k < len(s.tokens) && k < end+6 && s.tokens[k].clause == s.tokens[i].clause; k++ {
		if s.tokens[k].word.maker {
			return true, k + 1
		}
		if s.tokens[k].target || s.tokens[k].entity {
			break
		}
	}
	if s.lang != "en" {
		return false, -1
	}
	w := s.tokens[i].word.text
	if len(w) < 3 || w[len(w)-2:] != "ed" && w[len(w)-1] != 'n' && w[len(w)-1] != 't' {
		return false, -1
	}
	for k := i - 1; k >= 0 && k >= i-3; k-- {
		if s.tokens[k].word.helper {
			return true, -1
		}
		if s.tokens[k].target || s.tokens[k].entity {
			break
		}
	}
	return false, -1
}

// compare reads "better than B", "A over B", "A instead of B".
func (s *scratch) compare(i int, sums *roleSums) {
	t := &s.tokens[i]
	end := i + max(1, int(t.phrase))
	l, r := s.left(i, 10), s.right(end, 3)
	if r < 0 {
		return
	}
	v := float32(1.5)
	if t.entry.Op == lexicon.Than {
		v = 0
		from := max(0, i-6)
		if l >= 0 {
			from = s.roles[l].end
		}
		for k := from; k < i; k++ {
			v += s.valence(k)
			if e := s.tokens[k].entry; e != nil && e.Op == lexicon.Less {
				v = -v
			}
		}
		v = max(-2, min(2, v))
	} else if t.turned {
		v = -v
	}
	if l >= 0 {
		s.give(l, v, &sums.compared)
	}
	s.give(r, -v, &sums.compared)
}

// equal reads the second "as" of "as good as B": B is the measure, and what
// isn't as good falls short of it.
func (s *scratch) equal(i int, sums *roleSums) {
	first := -1
	for d := 2; d <= 4 && i-d >= 0; d++ {
		if s.tokens[i-d].word.text == "as" || s.tokens[i-d].word.text == "so" {
			first = i - d
		}
	}
	r := s.right(i+1, 3)
	if first < 0 || r < 0 {
		return
	}
	v, turned := float32(0), false
	for k := first + 1; k < i; k++ {
		v += s.valence(k)
		turned = turned || s.tokens[k].turned
	}
	if turned {
		v /= -0.74 // as it is said of B
	}
	half := first > 0 && (s.tokens[first-1].word.text == "half" || s.tokens[first-1].word.text == "nearly" || s.tokens[first-1].word.text == "almost")
	s.give(r, v, &sums.compared)
	if l := s.left(first, 8); l >= 0 {
		if turned || half {
			v = -v
		}
		s.give(l, v, &sums.compared)
	}
}

// says marks a target that only speaks: "Nokia says", "according to Nokia".
func (s *scratch) says(i int) {
	end := i + max(1, int(s.tokens[i].phrase))
	for _, k := range [...]int{s.left(i, 2), s.right(end, 1)} {
		if k < 0 {
			continue
		}
		s.roles[k].speaks = true
		if s.roles[k].target {
			s.dense[denseSays] = 1
		}
	}
}
