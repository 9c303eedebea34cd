package model

import "agora/ingest/sentiment/lexicon"

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
		gaps := s.named(i+1, min(i+1+maxGap, len(s.tokens)))
		for _, o := range t.word.phrases {
			o.Each(s.tokens[i+1].word.text, gaps, s.tryPhrase)
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
