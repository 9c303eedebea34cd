package model

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/ingest/sentiment/lexicon"
)

// What the model reads in the place of words that it shall not know by name.
const (
	unitPad = iota
	unitTarget
	unitOther
	unitUser
	unitLink
	unitNumber
	unitUnknown
	firstWord // ids from here on are words of the vocabulary
)

// buckets is how many vectors are shared by English words that the vocabulary
// lacks.
const buckets = 2048

// unit is what the model reads: a word of English, the gloss of a foreign one,
// or a foreign word that was seen in training.
type unit struct {
	text string
	hash uint32
	id   int32
}

// word is all that is known of a word before anything is known of its text.
// It is made once and then only read.
type word struct {
	text      string // in normal form
	units     []unit
	native    uint32   // hash with its language; 0 for English
	grams     []uint32 // hashes of its character n-grams; none for English
	entry     *lexicon.Entry
	phrases   []*lexicon.Opening
	valence   float32 // of the wide lists, −4…4
	known     bool    // in the vocabulary, in lower case
	borrowed  bool    // English, in a text of another script
	rank      int32   // its place there: the lower the commoner; large when unknown
	proper    bool    // written with a capital wherever it stands
	capital   bool
	capitals  bool // two letters and more, all of them
	stretched bool
	owner     bool // ends in 's
	opens     bool // a conjunction that begins a clause
	pronoun   bool
	helper    bool // a form of to be or to get
	maker     bool // "by"
}

// special is the word that stands for a kind of token.
func (s *scratch) special(id int32) *word {
	return &s.specials[id]
}

func specialWords() [firstWord]word {
	var list [firstWord]word
	for id, name := range [...]string{"$pad", "$target", "$other", "$user", "$link", "$number", "$unknown"} {
		list[id] = word{
			text: name, units: []unit{{text: name, hash: hash(basis, name), id: int32(id)}},
			rank: 1, known: true,
		}
		if id == unitUnknown {
			list[id].rank, list[id].known = 1<<30, false
		}
	}
	return list
}

// What a scratch remembers: so many words, in English and elsewhere, and none
// that is longer than words are. With more it begins anew.
const (
	maxWordsEnglish = 20_000
	maxWordsOther   = 8_000
	longestWord     = 64 // bytes
)

// lookup gives what is known of a word as written.
func (s *scratch) lookup(raw string) *word {
	if w := s.words[raw]; w != nil {
		return w
	}
	w := s.make(raw)
	if len(raw) > longestWord {
		return w
	}
	if n := len(s.words); n >= maxWordsEnglish || n >= maxWordsOther && s.lang != "en" {
		clear(s.words)
	}
	s.words[strings.Clone(raw)] = w
	return w
}

func (s *scratch) make(raw string) *word {
	w := &word{text: lexicon.Normal(s.lang, strings.Clone(raw)), rank: 1 << 30}
	letters, upper := 0, 0
	for i, r := range raw {
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				upper++
				if i == 0 {
					w.capital = true
				}
			}
		}
	}
	w.capitals = letters > 1 && upper == letters
	if rest, ok := strings.CutSuffix(w.text, "'s"); ok && s.lang == "en" && len(rest) > 1 && !contraction(rest) {
		w.text, w.owner = rest, true
	}
	s.find(w, w.text)
	if short := squeeze(w.text, 1); short != w.text && w.entry == nil && !w.known {
		w.stretched = true
		for keep := 2; keep >= 1 && w.entry == nil && !w.known; keep-- {
			s.find(w, squeeze(w.text, keep))
		}
	}
	if w.entry == nil && s.lang == "ar" {
		s.stripArabic(w)
	}
	if w.entry == nil && !w.known && s.borrows && isASCIIWord(w.text) {
		s.borrow(w)
	}
	w.phrases = s.lexicon.Phrases(w.text)
	w.opens, w.pronoun, w.helper = opensClause(w.text), isPronoun(w.text), isHelper(w.text)
	w.maker = w.text == "by" || w.entry != nil && w.entry.Op == lexicon.By
	s.unitsOf(w)
	return w
}

// find looks a normal form up in the lists.
func (s *scratch) find(w *word, text string) {
	if e := s.lexicon.Word(text); e != nil {
		w.entry = e
	}
	if id, ok := s.tables.ids[text]; ok && s.lang == "en" {
		w.known = true
		if id < s.tables.common {
			w.rank = id
		}
		if int(id) < len(s.tables.proper) {
			w.proper = s.tables.proper[id]
		}
	}
	if v, ok := s.tables.wide[WideKey(s.lang, text)]; ok {
		w.valence = float32(v) / 10
	}
	if w.entry != nil || w.known {
		w.text = text
	}
}

// borrow reads a word in Latin letters, in a language that is written in
// others, as the English that it most likely is.
func (s *scratch) borrow(w *word) {
	english := s.tables.Lexicons.Of("en")
	w.entry = english.Word(w.text)
	if v, ok := s.tables.wide[WideKey("en", w.text)]; ok && w.valence == 0 {
		w.valence = float32(v) / 10
	}
	if id, ok := s.tables.ids[w.text]; ok {
		w.known, w.borrowed = true, true
		if id < s.tables.common {
			w.rank = id
		}
		if int(id) < len(s.tables.proper) {
			w.proper = s.tables.proper[id]
		}
	}
	w.borrowed = w.borrowed || w.entry != nil
}

// borrowing tells the languages in whose texts Latin letters mean English.
func borrowing(lang string) bool {
	switch lang {
	case "ar", "hi", "ja", "zh", "ru":
		return true
	}
	return false
}

func isASCIIWord(w string) bool {
	letters := false
	for i := range len(w) {
		if w[i] >= 0x80 {
			return false
		}
		letters = letters || w[i] >= 'a' && w[i] <= 'z'
	}
	return letters
}

// stripArabic tries a word without the article and the particles that are
// written on to it.
func (s *scratch) stripArabic(w *word) {
	text := w.text
	for range 3 {
		cut := ""
		for _, p := range [...]string{"وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "س"} {
			if rest, ok := strings.CutPrefix(text, p); ok && utf8.RuneCountInString(rest) >= 3 {
				cut = rest
				break
			}
		}
		if cut == "" {
			return
		}
		text = cut
		if e := s.lexicon.Word(text); e != nil {
			w.entry = e
			return
		}
		if v, ok := s.tables.wide[WideKey(s.lang, text)]; ok && w.valence == 0 {
			w.valence = float32(v) / 10
		}
	}
}

// unitsOf decides what the model reads for a word.
func (s *scratch) unitsOf(w *word) {
	if s.lang == "en" {
		w.units = s.english(w.text)
		if w.owner {
			w.units = append(w.units, s.englishUnit("'s"))
		}
		return
	}
	w.native = mix(hash(basis, w.text), hash(basis, s.lang))
	w.grams = charGrams(w.text, hash(basis, s.lang))
	w.units = s.foreign(w)
}

func (s *scratch) english(text string) []unit {
	if rest, ok := strings.CutSuffix(text, "n't"); ok && rest != "" {
		return []unit{s.englishUnit(rest), s.englishUnit("n't")}
	}
	return []unit{s.englishUnit(text)}
}

func (s *scratch) englishUnit(text string) unit {
	u := unit{text: text, hash: hash(basis, text), id: unitUnknown}
	if id, ok := s.tables.ids[text]; ok {
		u.id = id
	} else {
		u.id = s.tables.size + int32(hash(basis, text)%buckets)
	}
	return u
}

func (s *scratch) foreign(w *word) []unit {
	if w.borrowed {
		return s.english(w.text)
	}
	if w.entry != nil && len(w.entry.Gloss) > 0 {
		return s.gloss(w.entry)
	}
	name := s.lang + ":" + w.text
	if id, ok := s.tables.ids[name]; ok {
		return []unit{{text: name, hash: hash(basis, name), id: id}}
	}
	if w.valence != 0 {
		return []unit{s.englishUnit(standIn(w.valence))}
	}
	if !isWordy(w.text) { // signs are the same everywhere
		return []unit{s.englishUnit(w.text)}
	}
	return []unit{{text: name, hash: hash(basis, name), id: unitUnknown}}
}

func isWordy(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return isWordRune(r)
}

func (s *scratch) gloss(e *lexicon.Entry) []unit {
	var list []unit
	for _, g := range e.Gloss[:min(len(e.Gloss), 4)] {
		list = append(list, s.englishUnit(g))
	}
	return list
}

// standIn is an English word that feels as strongly as a valence says.
func standIn(v float32) string {
	switch {
	case v >= 3.5:
		return "superb"
	case v >= 2.5:
		return "excellent"
	case v >= 1.5:
		return "good"
	case v > 0:
		return "nice"
	case v <= -3.5:
		return "awful"
	case v <= -2.5:
		return "terrible"
	case v <= -1.5:
		return "bad"
	}
	return "poor"
}
