package model

import (
	"strings"

	"agora/ingest/sentiment/lexicon"
)

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
	s.shape.irony = s.ironic()
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

// ironic looks for signs that somebody means the opposite of what they write.
func (s *scratch) ironic() bool {
	before := ""
	for i := range s.tokens {
		w := s.tokens[i].word.text
		switch w {
		case "🙄", "sarcasm", "irony", "ironic", "sarcastic", "notsarcasm":
			return true
		case "great", "joy", "wonderful", "good", "fantastic", "lovely", "perfect", "nice", "brilliant":
			if before == "oh" || before == "how" || before == "just" {
				return true
			}
		case "right":
			if before == "yeah" {
				return true
			}
		case "clap":
			if before == "slow" {
				return true
			}
		case "nothing":
			if before == "for" && i > 1 && (s.tokens[i-2].word.text == "thanks" || s.tokens[i-2].word.text == "thank") {
				return true
			}
		}
		before = w
	}
	return false
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
