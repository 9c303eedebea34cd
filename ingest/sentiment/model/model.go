// Package model reads a text with a marked target and says how likely it is
// negative, neutral or positive towards it. It joins a hashed linear model and
// a small recurrent net, both over the same reading of the text: words or
// their English glosses, feelings from the lists, negations, clauses, and who
// does what to whom.
package model

import (
	"runtime"
	"sync"

	"agora/ingest/sentiment/lexicon"
)

// Model is safe for concurrent use.
type Model struct {
	tables *Tables
	linear *Linear
	net    *Net
	mixing Mixing

	lock    sync.Mutex
	resting map[string][]*scratch
}

// Mixing says how the two models' answers are joined and made into chances.
type Mixing struct {
	Net         float32    `json:"net"`         // the net's part of the logarithm in English, 0…1
	Foreign     float32    `json:"foreign"`     // and in other languages
	Temperature float32    `json:"temperature"` // ≥ 1 evens out
	Bias        [3]float32 `json:"bias"`
}

// Answer is what the model says of one text.
type Answer struct {
	Chances [3]float32 // of negative, neutral and positive; they add up to 1
	Linear  [3]float32 // the linear model's sums
	Net     [3]float32 // the net's
	Share   float32    // the net's part in the mixing
	Asks    bool       // it holds a question
	Irony   bool       // it may mean the opposite of what it says
	Known   float32    // share of the words that mean anything to the model, 0…1
}

// Target is where a text names what is asked about, in bytes.
type Target struct{ Start, End int }

func (m *Model) take(lang string) *scratch {
	m.lock.Lock()
	defer m.lock.Unlock()
	if list := m.resting[lang]; len(list) > 0 {
		s := list[len(list)-1]
		m.resting[lang] = list[:len(list)-1]
		return s
	}
	return newScratch(m.tables, lang)
}

func (m *Model) giveBack(s *scratch) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if len(m.resting[s.lang]) < runtime.GOMAXPROCS(0) {
		m.resting[s.lang] = append(m.resting[s.lang], s)
	}
}

// Lexicons are the lists by language.
func (m *Model) Lexicons() *lexicon.Set { return m.tables.Lexicons }

// Reader reads texts of one language. It belongs to one goroutine; close it
// when done.
type Reader struct {
	m *Model
	s *scratch
}

// Reader makes a reader for a language, by its tag.
func (m *Model) Reader(lang string) *Reader { return &Reader{m: m, s: m.take(lang)} }

// Close gives the reader's memory back for the next one.
func (r *Reader) Close() {
	r.m.giveBack(r.s)
	r.s = nil
}

// Read answers for one text towards what stands at targets; without any, for
// the text as a whole. What stands at ignored is read as a name that says
// nothing.
func (r *Reader) Read(text string, targets, ignored []Target) Answer {
	s := r.s
	s.read(text, targets, ignored)
	s.extract(text)
	a := Answer{Linear: r.m.linear.score(s.features), Known: s.meaning(), Asks: s.shape.question, Irony: s.shape.irony}
	a.Net = r.m.net.score(s.units, &s.dense, &s.net)
	a.Share = r.m.mixing.share(s.lang)
	a.Chances = r.m.mixing.Chances(a.Linear, a.Net, a.Share)
	return a
}

func (x Mixing) share(lang string) float32 {
	if lang == "en" {
		return x.Net
	}
	return x.Foreign
}

// Chances joins the sums of the two models; net is the net's part.
func (x Mixing) Chances(linear, other [3]float32, net float32) [3]float32 {
	p, q := logSoftmax(linear), logSoftmax(other)
	var sum [3]float32
	for c := range sum {
		sum[c] = ((1-net)*p[c] + net*q[c] + x.Bias[c]) / x.Temperature
	}
	return softmax(sum)
}

// meaning is how much of the text means anything to the model.
func (s *scratch) meaning() float32 {
	words, known := 0, 0
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.kind != kindWord || t.target || t.entity || !isWordy(t.word.text) {
			continue
		}
		words++
		if t.entry != nil || t.inPhrase || t.word.known || t.word.valence != 0 || t.word.units[0].id != unitUnknown && s.lang != "en" {
			known++
		}
	}
	if words == 0 {
		return 1
	}
	return float32(known) / float32(words)
}

// Confidence reads a chance off the curve of [About].
func Confidence(curve []float64, chance float32) float64 {
	if len(curve) < 2 {
		return float64(chance)
	}
	at := (float64(chance) - 1.0/3) * 1.5 * float64(len(curve)-1)
	if at <= 0 {
		return curve[0]
	}
	i := int(at)
	if i >= len(curve)-1 {
		return curve[len(curve)-1]
	}
	return curve[i] + (at-float64(i))*(curve[i+1]-curve[i])
}

// Units calls f with the hash of every word that the model saw in the text
// read last, but names and signs: what a layer on top may learn about.
func (r *Reader) Units(f func(hash uint32)) {
	for i := range r.s.units {
		u := &r.s.units[i]
		if u.id >= firstWord && !u.entity && r.s.tokens[u.token].kind != kindPunct {
			f(u.hash)
		}
	}
}

// With is the same model with another mixing; both share their tables.
func (m *Model) With(x Mixing) *Model {
	return &Model{tables: m.tables, linear: m.linear, net: m.net, mixing: x, resting: map[string][]*scratch{}}
}
