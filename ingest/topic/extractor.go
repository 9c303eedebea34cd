// Package topic finds the words and phrases that are written beside a brand.
//
// It picks at most six candidates from one text: names, collocations and
// words that are rarer than others, as learned from every text that passes
// by. Which of them are said more about one brand than about others is for
// whoever counts them to say.
//
// What is common is known of each language by itself. Chinese and Japanese are
// cut into words without a dictionary; Thai, Lao, Khmer and Burmese have no
// topics, since pieces of words would mislead.
package topic

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"agora/mood"
)

// faint is the score below which a word says too little.
const faint = 0.32

// MaxTopics is how many topics a text has at most.
const MaxTopics = 6

// Extractor picks topics. It is safe for concurrent use, and holds about
// 1 MB, whatever it sees.
type Extractor struct {
	mu    sync.Mutex
	names *names
	seen  *sketch
	forms *forms
	told  *told

	tongue tongue // of the text in hand
}

// New makes an extractor that knows nothing yet but the brands, whose names
// and query terms are no topics.
func New(brands []mood.Brand) *Extractor {
	return &Extractor{names: newNames(brands), seen: newSketch(), forms: newForms(), told: &told{}}
}

// SetBrands replaces the brands, and keeps what was learned.
func (x *Extractor) SetBrands(brands []mood.Brand) {
	n := newNames(brands)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.names = n
}

// Learn takes note of a text without asking for its topics: those that match
// no brand say what is common everywhere. lang is as for [Extractor.Topics].
func (x *Extractor) Learn(title, text, lang string) {
	tokens := read(title, text, lang)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.tongue = tongueOf(lang)
	x.learn(tokens)
}

// Of gives the topics of a mention, as [Extractor.Topics] does. What another
// mention has told before, to the letter or within one story, has none: one
// text that is printed everywhere is no more of a topic than one that isn't.
func (x *Extractor) Of(m *mood.Mention) []string {
	x.mu.Lock()
	known := x.told.before(m)
	x.mu.Unlock()
	if known {
		return nil
	}
	return x.topics(m.Title, m.Text, m.Language, signatures(m))
}

// Topics gives the topics of a text, the best first, and learns from it.
// lang is a BCP 47 tag, or empty. The same topic is written the same way each
// time: common words in lower case, names as they are written.
func (x *Extractor) Topics(title, text, lang string) []string {
	return x.topics(title, text, lang, nil)
}

// topics is Topics, without what signs the text.
func (x *Extractor) topics(title, text, lang string, signed []string) []string {
	tokens := read(title, text, lang)
	unsign(tokens, signed)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.tongue = tongueOf(lang)
	x.names.mark(tokens)
	found := x.pick(x.candidates(tokens, primary(lang)))
	x.learn(tokens)
	return found
}

// isEnglish reports English, and what may be.
func isEnglish(lang string) bool { return lang == "en" || lang == "" }

func primary(lang string) string {
	lang, _, _ = strings.Cut(strings.ToLower(strings.ReplaceAll(lang, "_", "-")), "-")
	return lang
}

// learn adds a text to what is known.
func (x *Extractor) learn(tokens []token) {
	if len(tokens) == 0 {
		return
	}
	counted := make(map[uint64]struct{}, 4*len(tokens))
	once := func(hash uint64) {
		if _, ok := counted[hash]; !ok {
			counted[hash] = struct{}{}
			x.seen.add(hash)
		}
	}
	x.learnRuns(tokens, once)
	for i := range tokens {
		t := &tokens[i]
		if t.end {
			once(x.hash(factOwn, t.key))
		}
		if t.kind == crumb || t.kind == run {
			continue
		}
		if aheadOfOwn(tokens, i) {
			once(x.hash(factOwn, t.key))
			once(x.hash(factOwn, t.key+" "+tokens[i+1].key))
		}
		switch {
		case t.kind == weak:
		case t.kind == plain:
			once(x.hash(factLower, t.key))
		case !t.first:
			once(x.hash(factUpper, t.key))
		}
		if t.kind != weak {
			once(x.hash(factTerm, stem(t.key)))
		}
		if !t.owner && t.kind != plain {
			once(x.hash(factBare, t.key))
		}
		for n := 2; n <= 3; n++ {
			if phrase, ok := phraseAt(tokens, i, n); ok {
				once(x.hash(factTerm, phrase))
				if fact, ok := caseOf(tokens[i : i+n]); ok {
					once(x.hash(fact, phrase))
				}
			}
		}
	}
	x.seen.endText(x.tongue)
}

// seldom is one in so many.
const seldom = 5

// hardlySmall reports a word that seldom stands in small letters, in singular
// and plural: counts are a little too high, so that once may be never.
func (x *Extractor) hardlySmall(word string) bool {
	root := stem(word)
	lower := x.seen.count(x.hash(factLower, root)) + x.seen.count(x.hash(factLower, root+"s"))
	return lower*seldom <= x.seen.count(x.hash(factTerm, root))
}

// isNamed reports whether a phrase is known to be written as a name.
func (x *Extractor) isNamed(phrase string) bool {
	upper := x.seen.count(x.hash(factUpper, phrase))
	return upper >= 2 && upper > 2*x.seen.count(x.hash(factLower, phrase))
}

// isName reports whether a capitalised word is a name: by where it stands, by
// how it was written before, and by whether it is an ordinary word.
func (x *Extractor) isName(t *token, lang string) bool {
	switch {
	case t.kind == acronym, t.kind == weak:
		return true
	case t.kind != capital || lang == "de":
		return false
	}
	upper, lower := x.seen.count(x.hash(factUpper, t.key)), x.seen.count(x.hash(factLower, t.key))
	_, plainWord := ordinaryWords()[t.key]
	_, plainStem := ordinaryWords()[stem(t.key)]
	english := isEnglish(lang)
	part := partOf(t.key)
	switch {
	case !t.first:
		return lower <= 4*(upper+1)
	case english && (plainWord || plainStem || part == verb || part == other):
		return upper >= 4 && upper > 4*lower
	case english:
		return lower <= upper || x.hardlySmall(t.key)
	}
	return upper >= 3 && upper > 3*lower
}

// candidate is a word or phrase that could be a topic.
type candidate struct {
	key   string
	words []string // keys
	form  string   // as written
	name  bool
	score float64
	at    int
}

// pick chooses the best candidates that don't repeat one another.
func (x *Extractor) pick(list []candidate) []string {
	slices.SortStableFunc(list, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.at, b.at))
	})
	var topics []string
	taken := map[string]bool{}
	for _, c := range list {
		if len(topics) == MaxTopics || c.score < max(faint, 0.4*min(list[0].score, 1)) {
			break
		}
		if slices.ContainsFunc(c.words, func(w string) bool { return taken[stem(w)] }) {
			continue
		}
		for _, w := range c.words {
			taken[stem(w)] = true
		}
		topics = append(topics, x.form(c))
	}
	return topics
}

// ubiquitous is the share of texts from which on a phrase belongs to whoever
// writes them.
const ubiquitous = 0.1

// share is that of the texts of a language that have a term.
func (x *Extractor) share(count float64) float64 {
	return count / (x.seen.tongues[x.tongue] + ordinaryTrust)
}

// rarity is 0 for a term of every text and 1 for one that was never seen.
func (x *Extractor) rarity(count float64) float64 {
	texts := x.seen.tongues[x.tongue] + foreignTrust
	if x.tongue == english {
		texts = x.seen.tongues[english] + ordinaryTrust
	}
	return 1 - math.Log1p(count)/math.Log1p(texts)
}

// form gives a candidate as it is shown.
func (x *Extractor) form(c candidate) string {
	evidence := c.key
	if len(c.words) == 1 {
		evidence = c.words[0]
	}
	lower := x.seen.count(x.hash(factLower, evidence))
	if c.name {
		_, word := ordinaryWords()[evidence]
		_, root := ordinaryWords()[c.key]
		named := x.isNamed(evidence) || len(c.words) == 1 && lower > 0 && !word && !root && x.hardlySmall(evidence)
		return x.forms.form(c.key, c.form, named)
	}
	shown := c.form
	if len(c.words) == 1 {
		shown = x.small(shown)
	}
	if one := c.key; len(c.words) == 1 && one != shown &&
		x.seen.count(x.hash(factLower, one)) > x.seen.count(x.hash(factLower, shown)) {
		shown = one // more often singular than plural
	}
	return x.forms.form(c.key, shown, lower >= 3 && lower > 3*x.seen.count(x.hash(factUpper, evidence)))
}
