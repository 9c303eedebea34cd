package sentiment

import (
	"fmt"
	"slices"
	"strings"

	"agora/ingest/sentiment/model"
	"agora/mood"
)

// ruleBook holds the operator's phrase rules.
type ruleBook struct {
	rules []mood.PhraseRule
	plain []string // their phrases, as plain gives them
}

// plain is a text in the form in which phrases are looked for first: a search
// for bytes costs a hundredth of one that knows words, and most rules are in
// no text.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "’", "'")
}

// rule is one that was found in a text.
type rule struct {
	label mood.Label
	at    model.Target
}

// ruleChance is how sure a rule makes the engine.
const ruleChance = 0.95

func (r *rule) chances() (p [3]float32) {
	p = [3]float32{(1 - ruleChance) / 2, (1 - ruleChance) / 2, (1 - ruleChance) / 2}
	if r.label == mood.Positive {
		p[model.Positive] = ruleChance
	} else {
		p[model.Negative] = ruleChance
	}
	return p
}

// margin is the logarithm that the chances stand for.
func (r *rule) margin() float64 {
	const m = 3.637586 // ln(0.95 / 0.025)
	if r.label == mood.Negative {
		return -m
	}
	return m
}

// SetRules replaces the phrase rules. A phrase that is ruled neutral says
// nothing any more, wherever it stands; one that is ruled positive or negative
// decides what it stands in. It fails on a rule without a phrase, or with a
// label that is none of the three, and leaves the rules as they were.
func (e *Engine) SetRules(rules []mood.PhraseRule) error {
	for i, r := range rules {
		switch {
		case strings.TrimSpace(r.Phrase) == "":
			return fmt.Errorf("phrase rule %d has no phrase: %w", i+1, mood.ErrInvalid)
		case r.Label != mood.Positive && r.Label != mood.Neutral && r.Label != mood.Negative:
			return fmt.Errorf("phrase rule %q: a rule is positive, neutral or negative, not %v: %w", r.Phrase, r.Label, mood.ErrInvalid)
		}
	}
	book := &ruleBook{rules: slices.Clone(rules)}
	for _, r := range rules {
		book.plain = append(book.plain, plain(r.Phrase))
	}
	e.rules.Store(book)
	return nil
}

// of are the rules for a brand.
func (b *ruleBook) of(brand string) brandRules { return brandRules{b, brand} }

type brandRules struct {
	*ruleBook
	brand string
}

// find gives what the rules take out of a text, and the first phrase that
// decides it, nil for none.
func (b brandRules) find(text string) (ignored []model.Target, forced *rule) {
	if len(b.rules) == 0 {
		return nil, nil
	}
	lower := plain(text)
	for i := range b.rules {
		r := &b.rules[i]
		if len(r.Brands) > 0 && !slices.Contains(r.Brands, b.brand) || !strings.Contains(lower, b.plain[i]) {
			continue
		}
		at := model.FindWords(text, r.Phrase)
		if len(at) == 0 {
			continue
		}
		if r.Label == mood.Neutral {
			ignored = append(ignored, at...)
		} else if forced == nil {
			forced = &rule{label: r.Label, at: at[0]}
		}
	}
	return ignored, forced
}
