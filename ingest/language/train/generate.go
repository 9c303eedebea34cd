package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/ingest/language/model"
)

// generator makes texts as they come: headlines and posts, with names in
// them, in capitals, without marks, with a word of English.
type generator struct {
	speakers map[string][]*speaker // by language
	real     map[string][]string   // by language and script
	posts    map[string][]string
	words    map[string][]string
	said     map[string][][]string // lines of words that were written for Agora
	names    map[model.Script][]string
}

func key(lang string, s model.Script) string { return fmt.Sprint(lang, " ", s) }

// keepReal files texts by the script that they are written in.
func (g *generator) keepReal(into map[string][]string, lang, s string) {
	script := mainScript(s)
	if script == model.Kana {
		script = model.Han // what of it is in Han has to be told from Chinese
	}
	into[key(lang, script)] = append(into[key(lang, script)], s)
}

func mainScript(s string) model.Script {
	var n [model.Scripts]int
	best := model.Other
	for _, r := range s {
		if sc := model.ScriptOf(r); sc != model.Other {
			if n[sc]++; n[sc] > n[best] {
				best = sc
			}
		}
	}
	return best
}

// learnToSpeak reads lingua-go's models for the languages of a script.
func (g *generator) learnToSpeak(folder string, langs []language) error {
	for _, l := range langs {
		if len(g.speakers[l.tag]) > 0 {
			continue
		}
		for i, m := range l.models {
			if i > 0 && m == l.models[i-1] {
				g.speakers[l.tag] = append(g.speakers[l.tag], g.speakers[l.tag][i-1])
				continue
			}
			c, err := readCounts(filepath.Join(folder, "language-models", m))
			if err != nil {
				return err
			}
			g.speakers[l.tag] = append(g.speakers[l.tag], newSpeaker(c))
		}
	}
	return nil
}

// text makes one text of a language, "" being none.
func (g *generator) text(lang string, s model.Script, r *rand.Rand) string {
	if lang == "" {
		return g.nameless(s, r)
	}
	if posts := g.posts[key(lang, s)]; len(posts) > 0 && r.Float64() < 0.2 {
		return g.dress(strings.Fields(posts[r.IntN(len(posts))]), lang, s, r, false)
	}
	n := 2 + r.IntN(4)
	switch u := r.Float64(); {
	case u > 0.75:
		n = 13 + r.IntN(12)
	case u > 0.25:
		n = 5 + r.IntN(9)
	}
	if said := g.said[lang]; len(said) > 0 && r.Float64() < 0.3 {
		return g.dress(spoken(said, n, lang, s, r), lang, s, r, true)
	}
	real, speakers := g.real[key(lang, s)], g.speakers[lang]
	var words []string
	if len(real) > 0 && (len(speakers) == 0 || r.Float64() < 0.4) {
		for len(words) < n {
			line := strings.Fields(real[r.IntN(len(real))])
			from := r.IntN(max(1, len(line)-n+1))
			if r.IntN(3) == 0 {
				from = 0
			}
			words = append(words, line[from:min(from+n-len(words), len(line))]...)
			if len(words) >= 3 && r.IntN(2) == 0 {
				break
			}
		}
	} else if len(speakers) > 0 {
		speaker, known := speakers[r.IntN(len(speakers))], g.words[lang]
		common := 0.0
		if len(known) > fewest && r.Float64() < 0.4 {
			common = 0.3
		}
		for range n {
			if r.Float64() < common {
				words = append(words, known[r.IntN(len(known))])
			} else {
				words = append(words, speaker.word(r))
			}
		}
		transliterate(words, lang, s)
	} else {
		return ""
	}
	return g.dress(words, lang, s, r, true)
}

// spoken strings n words together, one to three at a time as they stand.
func spoken(said [][]string, n int, lang string, s model.Script, r *rand.Rand) []string {
	var words []string
	for len(words) < n {
		line := said[r.IntN(len(said))]
		from := r.IntN(len(line))
		words = append(words, line[from:min(from+1+r.IntN(3), len(line))]...)
	}
	transliterate(words, lang, s)
	return words
}

func transliterate(words []string, lang string, s model.Script) {
	if lang != "sr" || s != model.Latin {
		return
	}
	for i := range words {
		words[i] = inLatin.Replace(words[i])
	}
}

// fewest is how many stop words a list must have to be one.
const fewest = 40

// dress writes words as people do.
func (g *generator) dress(words []string, lang string, s model.Script, r *rand.Rand, made bool) string {
	if len(words) == 0 {
		return ""
	}
	words = append([]string(nil), words...)
	cased := s == model.Latin || s == model.Cyrillic
	if cased && s == model.Latin && lang != "en" && r.Float64() < 0.05 {
		for i := range words {
			words[i] = withoutMarks.Replace(words[i])
		}
	}
	if cased && made {
		switch u := r.Float64(); {
		case u < 0.10:
			for i := range words {
				words[i] = titled(words[i])
			}
		case u < 0.16:
			for i := range words {
				words[i] = strings.ToUpper(words[i])
			}
		case u < 0.85:
			words[0] = titled(words[0])
		}
	}
	if list := g.names[s]; made && len(list) > 0 && r.Float64() < 0.5 {
		for range 1 + r.IntN(2) {
			words = inserted(words, list[r.IntN(len(list))], r)
		}
	}
	if lang != "en" && s == model.Latin && r.Float64() < 0.1 {
		words = inserted(words, stray[r.IntN(len(stray))], r)
	}
	if r.Float64() < 0.05 && s == model.Latin {
		words = append(words, "#"+stray[r.IntN(len(stray))])
	}
	sep := " "
	if s == model.Han {
		sep = ""
	}
	return strings.Join(words, sep)
}

func inserted(words []string, w string, r *rand.Rand) []string {
	at := r.IntN(len(words) + 1)
	return append(words[:at:at], append([]string{w}, words[at:]...)...)
}

func titled(w string) string {
	r, size := utf8.DecodeRuneInString(w)
	return string(unicode.ToUpper(r)) + w[size:]
}

// nameless makes a text that is in no language: names, or letters.
func (g *generator) nameless(s model.Script, r *rand.Rand) string {
	list := g.names[s]
	if len(list) == 0 {
		return ""
	}
	var words []string
	for range 1 + r.IntN(3) {
		words = append(words, list[r.IntN(len(list))])
	}
	text := strings.Join(words, " ")
	switch u := r.Float64(); {
	case u < 0.2:
		text = strings.ToLower(text)
	case u < 0.3:
		text = strings.ToUpper(text)
	case u < 0.4 && s == model.Latin:
		text = laughs[r.IntN(len(laughs))]
	case u < 0.45 && s == model.Latin:
		b := make([]byte, 4+r.IntN(12))
		for i := range b {
			b[i] = byte('a' + r.IntN(26))
		}
		text = string(b)
	}
	return text
}
