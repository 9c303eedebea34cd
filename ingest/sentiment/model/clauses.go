package model

import (
	"strings"

	"agora/ingest/sentiment/lexicon"
)

// partClauses counts clauses and sentences.
func (s *scratch) partClauses() {
	clause, sentence, words, quoted := uint8(0), uint8(0), 0, false
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
		t.clause, t.sentence, t.quoted = clause, sentence, quoted
		if t.kind == kindPunct {
			switch t.word.text {
			case "\"":
				quoted = !quoted
			case "“", "„", "«", "「", "『":
				quoted = true
			case "”", "»", "」", "』":
				quoted = false
			}
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
