// Package sentiment judges how a text feels towards a brand.
//
// The engine reads 17 languages through hand-made lexicons with English
// glosses, a hashed linear model and a small recurrent net (package model),
// trained on labelled texts and on sentences written for this project. It
// reads towards the brand: the brand is marked in the text, and what is said
// of others doesn't count. It says how sure it is, calls unclear what it isn't
// sure of, and names the words that decided. MODEL.md has its figures, and the
// data it learned from.
package sentiment

import (
	"context"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"agora/ingest/sentiment/lexicon"
	"agora/ingest/sentiment/model"
	"agora/mood"
)

//go:embed weights.bin
var weights []byte

// Bounds of the work that one text can cause.
const (
	maxFieldBytes = 24_000
	maxReasons    = 6
	maxExcerpts   = 5 // of one field
)

// Engine scores texts. It is safe for concurrent use.
type Engine struct {
	model    *model.Model
	about    model.About
	function map[string]map[string]bool // of languages in Latin script
	latin    []string                   // their tags, English first
	rules    atomic.Pointer[ruleBook]
	learned  atomic.Pointer[map[string]*Layer] // by brand id
}

// New makes an engine of the built-in weights, in a fraction of a second. It
// fails only when the program was built with a damaged weights file.
func New() (*Engine, error) { return Load(weights) }

// Load makes an engine of a weights file, as `make train` writes it.
func Load(file []byte) (*Engine, error) {
	w, err := model.ReadWeights(file)
	if err != nil {
		return nil, err
	}
	lexicons := lexicon.BuiltIn()
	m, err := model.New(w, lexicons)
	if err != nil {
		return nil, fmt.Errorf("load the sentiment engine: %w", err)
	}
	e := &Engine{model: m, about: w.About, function: functionWords()}
	e.latin = append([]string{"en"}, slices.DeleteFunc(slices.Sorted(maps.Keys(e.function)), func(l string) bool { return l == "en" })...)
	e.rules.Store(&ruleBook{})
	e.learned.Store(&map[string]*Layer{})
	return e, nil
}

// Score answers every ask, in order. It fails only when ctx ends.
//
// Score is P(positive) − P(negative), −1…1. Confidence is the chance that Lean
// is right, calibrated on texts kept for judging; where it is below the
// engine's threshold, or the text's language is unknown to the engine, Label is
// unclear. The reasons' weights add up to the linear model's part of the score;
// what the net adds is measured by leaving words out.
func (e *Engine) Score(ctx context.Context, asks []mood.Ask) ([]mood.Reading, error) {
	out := make([]mood.Reading, len(asks))
	desk := desk{engine: e}
	defer desk.close()
	for i := range asks {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		out[i] = desk.read(&asks[i])
	}
	return out, nil
}

// Threshold is the confidence below which a label is unclear.
func (e *Engine) Threshold() float64 { return e.about.Unclear }

// desk is what one caller reads at: a reader for each language it met.
type desk struct {
	engine  *Engine
	readers map[string]*model.Reader
}

func (d *desk) close() {
	for _, r := range d.readers {
		r.Close()
	}
}

func (d *desk) reader(lang string) *model.Reader {
	r := d.readers[lang]
	if r == nil {
		if d.readers == nil {
			d.readers = make(map[string]*model.Reader, 2)
		}
		r = d.engine.model.Reader(lang)
		d.readers[lang] = r
	}
	return r
}

// read scores one ask: the title decides, and the text is asked where the
// title says nothing of the target.
func (d *desk) read(ask *mood.Ask) mood.Reading {
	title, text := newField("title", ask.Title, ask), newField("text", ask.Text, ask)
	lang, known := d.engine.language(ask)
	if len(title.targets)+len(text.targets) == 0 && len(ask.Spans) == 0 {
		title.whole, text.whole = true, true
	}
	v := d.judge(&title, lang, ask)
	if text.text != "" && (v.silent() || v.lean() == model.Neutral) {
		if w := d.judge(&text, lang, ask); !w.silent() && (v.silent() || w.lean() != model.Neutral && w.confidence(d.engine) >= 0.5) {
			v = w
		}
	}
	if v.silent() {
		return mood.Reading{Label: mood.Unclear, Lean: mood.Neutral}
	}
	return d.engine.reading(&v, known)
}

// primary is the first part of a language tag, in lower case, in the form that
// the lexicons use.
func primary(tag string) string {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	if len(tag) > 3 {
		return ""
	}
	switch tag = strings.ToLower(tag); tag {
	case "nb", "nn":
		return "no"
	case "in":
		return "id"
	case "eng":
		return "en"
	}
	return tag
}

// WithRules is the same engine with other phrase rules, to try them; both
// share their tables and what was learned.
func (e *Engine) WithRules(rules []mood.PhraseRule) (*Engine, error) {
	other := &Engine{model: e.model, about: e.about, function: e.function, latin: e.latin}
	other.rules.Store(&ruleBook{})
	other.learned.Store(e.learned.Load())
	return other, other.SetRules(rules)
}
