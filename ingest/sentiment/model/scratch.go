package model

import (
	"strings"

	"agora/ingest/sentiment/lexicon"
)

const (
	maxTokens = 140 // of one excerpt
	maxUnits  = 110 // that the net reads
)

// scratch is what one reader works with. It belongs to one goroutine at a
// time and one language; its word memory makes the second look-up of a word a
// single map access.
type scratch struct {
	tables   *Tables
	lexicon  *lexicon.Lexicon // nil where there is none for the language
	lang     string
	words    map[string]*word
	specials [firstWord]word

	tokens    []token
	units     []unitAt
	roles     []role
	features  []feature
	dense     [denseSize]float32
	shape     shape
	net       netScratch
	by        []float32
	best      bestPhrase
	tryPhrase func(*lexicon.Phrase) // s.consider, bound once
	ranked    []ranked
}

// unitAt is a unit at its place in a text.
type unitAt struct {
	token   int32
	id      int32
	hash    uint32 // turned, where a negation turns it
	plain   uint32 // never turned
	valence float32
	flags   uint8 // for the net
	pos     int8  // distance to the nearest target, −9…9; 10 without a target
	side    int8  // −1 left of the target, 0 it, 1 right; 2 without a target
	clause  uint8 // 0 the target's, 1 next to it, 2 beyond
	entity  bool
}

// The flags of a unit.
const (
	flagEntity = 1 << iota
	flagTurned
	flagShout
	flagOtherClause
	flagSubject // of a two-sided verb, said of its subject
	allFlags    = 1<<iota - 1
)

// shape is what a text looks like as a whole.
type shape struct {
	style     int // 0 headline, 1 prose, 2 post
	titleCase bool
	question  bool
	targeted  bool
	others    int // entities beside the target
	first     int // first token of the target
	last      int // behind its last one
}

func newScratch(t *Tables, lang string) *scratch {
	s := &scratch{
		tables: t, lang: lang, lexicon: t.Lexicons.Of(lang), words: make(map[string]*word, 1024),
		specials: specialWords(),
	}
	s.tryPhrase = s.consider
	return s
}

// read analyses one excerpt: words, phrases, target, clauses, negations,
// roles, and the units that the models see.
func (s *scratch) read(text string, targets, ignored []Target) {
	s.tokenize(text)
	s.markTargets(targets)
	s.findPhrases()
	s.ignore(ignored)
	s.survey(text)
	s.findEntities()
	s.follow()
	s.partClauses()
	s.turn()
	s.readUnits()
	s.readRoles()
}

func (s *scratch) markTargets(targets []Target) {
	s.shape = shape{first: -1}
	for i := range s.tokens {
		t := &s.tokens[i]
		for _, p := range targets {
			if t.start < p.End && p.Start < t.end {
				t.target, t.entry = true, nil
				if s.shape.first < 0 {
					s.shape.first = i
				}
				s.shape.last = i + 1
				break
			}
		}
	}
	s.shape.targeted = s.shape.first >= 0
}

// ignore makes names of what shall say nothing.
func (s *scratch) ignore(list []Target) {
	for _, p := range list {
		for i := range s.tokens {
			if t := &s.tokens[i]; t.start < p.End && p.Start < t.end && !t.target {
				t.ignored, t.entity = true, true
				t.entry, t.phrase, t.inPhrase = nil, 0, false
				t.word = s.special(unitOther)
			}
		}
	}
}

// findPhrases joins the words of the phrases that the lexicon knows.
func (s *scratch) findPhrases() {
	for i := 0; i < len(s.tokens); i++ {
		t := &s.tokens[i]
		if t.target || t.inPhrase {
			continue
		}
		if len(t.word.phrases) == 0 || i+1 == len(s.tokens) {
			continue
		}
		// The longest one that stands here.
		s.best = bestPhrase{at: i, end: i}
		for _, o := range t.word.phrases {
			o.Each(s.tokens[i+1].word.text, s.tryPhrase)
		}
		p, end, gap := s.best.phrase, s.best.end, s.best.gap
		if p == nil {
			continue
		}
		t.entry, t.phrase, t.gap = &p.Entry, int32(end-i), gap
		for k := i + 1; k < end; k++ {
			u := &s.tokens[k]
			if gap.has(k) {
				if u.word.capital && !u.target {
					u.named = true
				}
				continue
			}
			u.entry, u.inPhrase = nil, true
		}
		if gap == (gapAt{}) {
			i = end - 1
		}
	}
}

// bestPhrase is the longest phrase found so far at a token.
type bestPhrase struct {
	at, end int
	phrase  *lexicon.Phrase
	gap     gapAt
}

func (s *scratch) consider(p *lexicon.Phrase) {
	if p.Len() < 2 || s.best.phrase != nil && p.Len() < s.best.phrase.Len() {
		return
	}
	if end, gap := s.matchPhrase(p, s.best.at); end > s.best.end {
		s.best = bestPhrase{s.best.at, end, p, gap}
	}
}

// maxGap is how many tokens a name in a phrase's gap may have.
const maxGap = 5

// gapAt is where a phrase's gap is, in tokens.
type gapAt struct{ start, end int32 }

func (g gapAt) has(i int) bool { return int32(i) >= g.start && int32(i) < g.end }

// matchPhrase gives where a phrase that begins at token i ends, −1 if it
// doesn't stand there.
func (s *scratch) matchPhrase(p *lexicon.Phrase, i int) (int, gapAt) {
	var gap gapAt
	at := i + 1
	for k := 1; k < p.Len(); k++ {
		if !p.IsGap(k) {
			if at >= len(s.tokens) || s.tokens[at].target || !p.MatchesWord(k, s.tokens[at].word.text) {
				return -1, gap
			}
			at++
			continue
		}
		gap.start = int32(at)
		for {
			if at >= len(s.tokens) || at-int(gap.start) >= maxGap {
				return -1, gap
			}
			at++
			if k == p.Len()-1 || at < len(s.tokens) && !s.tokens[at].target && p.MatchesWord(k+1, s.tokens[at].word.text) {
				break
			}
		}
		gap.end = int32(at)
		if !s.named(int(gap.start), at) {
			return -1, gap
		}
	}
	return at, gap
}

// named tells whether a name stands among the tokens of a gap.
func (s *scratch) named(start, end int) bool {
	for k := start; k < end; k++ {
		if s.tokens[k].target || s.tokens[k].word.capital || s.tokens[k].word.proper {
			return true
		}
	}
	return false
}

// survey finds out what kind of text this is.
func (s *scratch) survey(text string) {
	words, capital, capitals, post := 0, 0, 0, false
	for i := range s.tokens {
		t := &s.tokens[i]
		switch t.kind {
		case kindWord:
			if len(t.word.text) > 3 {
				words++
				if t.word.capital {
					capital++
				}
			}
			if t.word.capitals && !t.target {
				capitals++
			}
			switch t.word.text {
			case "i", "my", "me", "you", "we", "our", "i'm", "i've", "u", "your":
				post = true
			}
			post = post || t.tag || t.long
		case kindUser, kindLink, kindSymbol:
			post = true
		case kindPunct:
			post = post || text[t.start] == '!' || t.long && text[t.start] != '.'
			if text[t.start] == '?' || strings.HasPrefix(text[t.start:], "？") || strings.HasPrefix(text[t.start:], "؟") {
				s.shape.question = true
			}
		case kindNumber:
		}
	}
	s.shape.titleCase = words >= 4 && 10*capital >= 7*words
	last := len(s.tokens) - 1
	switch {
	case post:
		s.shape.style = 2
	case last >= 0 && s.tokens[last].kind == kindPunct && text[s.tokens[last].start] == '.' || len(s.tokens) > 28:
		s.shape.style = 1
	}
	shouting := capitals > 2 && 10*capitals > 6*words
	for i := range s.tokens {
		t := &s.tokens[i]
		t.shout = t.word.capitals && !shouting && t.kind == kindWord && len(t.word.text) > 2
	}
}

// findEntities guesses which words name somebody or something else.
func (s *scratch) findEntities() {
	strict := s.shape.titleCase || s.lang == "de"
	fresh := true // the next word begins a sentence
	for i := range s.tokens {
		t := &s.tokens[i]
		w := t.word
		if t.kind != kindWord {
			if t.kind == kindPunct {
				switch w.text {
				case ".", "!", "?", ":", "…", "\"", "“", "‘", "'":
					fresh = true
				}
			}
			continue
		}
		said := t.entry != nil && (t.entry.Roles || t.entry.Op != lexicon.None || t.entry.Value != 0) || t.inPhrase
		switch {
		case t.ignored:
		case t.target || !w.capital || t.tag || isFunction(w):
		case t.named && w.capital:
			t.entity = true
			if t.entry != nil && t.phrase == 0 {
				t.entry = nil
			}
		case said && !w.owner:
		case w.proper || w.capitals && !t.shout:
			t.entity = true
		case fresh || strict:
			// "Apple" at the beginning is a name if a verb or an owner's mark follows.
			ordinary := t.entry != nil || w.known || s.lang != "en" && w.valence != 0
			t.entity = !ordinary || w.owner
		default:
			t.entity = true
		}
		fresh = false
	}
	before := false
	for i := range s.tokens {
		if s.tokens[i].entity && !before {
			s.shape.others++
		}
		before = s.tokens[i].entity
	}
}

// isFunction tells the commonest words, which name nobody.
func isFunction(w *word) bool {
	return w.rank < 150 || w.opens || w.pronoun || w.helper || w.text == "i" || w.text == "i'm" || w.text == "i've"
}

// partClauses counts clauses and sentences.
func (s *scratch) partClauses() {
	clause, sentence, words := uint8(0), uint8(0), 0
	step := func(n *uint8) {
		if *n < 250 {
			*n++
		}
	}
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.kind == kindWord && words > 0 && !t.target &&
			(t.word.opens && !s.asMuchAs(i) || t.entry != nil && (t.entry.Op == lexicon.But || t.entry.Op == lexicon.Despite)) {
			step(&clause)
			words = 0
		}
		t.clause, t.sentence = clause, sentence
		if t.kind == kindPunct {
			switch t.word.text {
			case ".", "!", "?", "。", "！", "？", "…", "।", "؟":
				step(&sentence)
				step(&clause)
				words = 0
			case ",", ";", ":", "—", "–", "-", "(", ")", "、", "，", "；", "：", "،", "|", "؛":
				step(&clause)
				words = 0
			}
			continue
		}
		words++
	}
}

// asMuchAs tells the "as" of "as good as" from the one that begins a clause.
func (s *scratch) asMuchAs(i int) bool {
	if s.tokens[i].word.text != "as" {
		return false
	}
	for d := 2; d <= 4; d++ {
		if i+d < len(s.tokens) && s.tokens[i+d].word.text == "as" || i-d >= 0 && s.tokens[i-d].word.text == "as" {
			return true
		}
	}
	return false
}

// reach is how many words a negation turns.
const reach = 4

// turn marks what negations turn.
func (s *scratch) turn() {
	back := 0
	switch s.lang {
	case "de", "nl", "sv", "no", "da", "ja", "tr", "hi":
		back = 2
	}
	left, clause := 0, uint8(0)
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.clause != clause {
			left, clause = 0, t.clause
		}
		if s.negates(t) {
			left = reach
			for k := 1; k <= back && i-k >= 0 && s.tokens[i-k].clause == t.clause; k++ {
				s.tokens[i-k].turned = !s.tokens[i-k].target
			}
			continue
		}
		if left > 0 && t.kind == kindWord && !t.target && !t.entity {
			t.turned = true
			left--
		}
	}
}

func (s *scratch) negates(t *token) bool {
	if t.target || t.kind != kindWord {
		return false
	}
	if t.entry != nil && t.entry.Op == lexicon.Neg {
		return true
	}
	if s.lang != "en" || t.inPhrase || t.phrase > 0 {
		return false
	}
	return isNegation(t.word.text) || strings.HasSuffix(t.word.text, "n't")
}

func isNegation(w string) bool {
	switch w {
	case "not", "no", "never", "none", "nobody", "nothing", "neither", "nor", "without", "hardly", "rarely", "barely",
		"cannot", "cant", "dont", "doesnt", "didnt", "isnt", "wasnt", "wont", "wouldnt", "couldnt", "aint", "arent", "hasnt", "havent":
		return true
	}
	return false
}
