package model

import (
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
	borrows  bool // Latin letters mean English here
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
	irony     bool
	targeted  bool
	others    int // entities beside the target
	first     int // first token of the target
	last      int // behind its last one
}

func newScratch(t *Tables, lang string) *scratch {
	s := &scratch{
		tables: t, lang: lang, lexicon: t.Lexicons.Of(lang), words: make(map[string]*word, 1024),
		specials: specialWords(), borrows: borrowing(lang),
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
