package language

import (
	_ "embed"
	"math"
	"sync"

	"agora/ingest/language/model"
)

//go:embed weights.bin
var packed []byte

// weights unpacks the weights once; they never change.
var weights = sync.OnceValues(func() (*model.Weights, error) { return model.Read(packed) })

// Identifier tells the language of texts. It is safe for use by several
// goroutines.
type Identifier struct {
	weights *model.Weights
	readers sync.Pool // of *reader
}

type reader struct {
	text   model.Text
	grams  model.Grams
	logits [model.Most]float32
}

// New gives an identifier. Its weights, 8 MB once unpacked, are shared.
func New() (*Identifier, error) {
	w, err := weights()
	if err != nil {
		return nil, err
	}
	return &Identifier{weights: w, readers: sync.Pool{New: func() any { return new(reader) }}}, nil
}

// Below these an answer is a guess, and "unknown" the better one. Margins are
// of logits: over the runner-up, and over "these are names".
const (
	leastHits = 6    // n-grams that were met before
	sure      = 0.25 // of anything

	running  = 2   // words in small letters that make a text more than names
	fewWords = 4   // that may be a brand and its model
	clearBy  = 1.0 // of the runner-up, for few words that all have capitals
	unlike   = 2.2 // names, for those
	clearish = 0.2 // the same for others that aren't running text
	unlikish = 1.0

	soft = 1.0 // over logits, so that what it is sure of by 0.9 is right nine times in ten
)

// Identify tells the language of a title and a text, either of which may be
// empty: its primary BCP 47 tag, in small letters, and how sure that is, 0…1.
// An empty tag is "unknown": nothing but names, addresses, numbers or emoji, a
// word that several languages have, or a language that it doesn't know.
func (id *Identifier) Identify(title, text string) (tag string, confidence float64) {
	r := id.readers.Get().(*reader)
	defer id.readers.Put(r)
	r.text.Read(title, text)
	script := mainScript(&r.text)
	switch script {
	case model.Other:
		return "", 0
	case model.Kana:
		return "ja", certainty(r.text.Letters[model.Kana] + r.text.Letters[model.Han])
	case model.Han, model.Latin, model.Cyrillic, model.Arabic, model.Devanagari:
		return id.among(script, r)
	}
	return script.Sole(), certainty(r.text.Letters[script])
}

// certainty is how sure a script makes: a letter or two may be decoration.
func certainty(letters int) float64 {
	return 1 - 0.5/float64(1+letters)
}

// among tells the languages of one script apart.
func (id *Identifier) among(script model.Script, r *reader) (string, float64) {
	g := id.weights[script]
	r.text.Grams(script, &r.grams)
	hits := g.Score(&r.grams, &r.logits)
	if hits < leastHits && script != model.Han {
		return "", 0
	}
	best, second, names := -1, -1, float32(math.Inf(-1))
	for k, v := range r.logits[:len(g.Langs)] {
		switch {
		case g.Langs[k] == "":
			names = v
		case best < 0 || v > r.logits[best]:
			best, second = k, best
		case second < 0 || v > r.logits[second]:
			second = k
		}
	}
	top := r.logits[best]
	if cased := script == model.Latin || script == model.Cyrillic; cased && r.text.Small() < running {
		least, unlikely := clearish, unlikish
		if r.text.Small() == 0 && r.text.Words() <= fewWords {
			least, unlikely = clearBy, unlike
		}
		if float64(top-r.logits[second]) < least || float64(top-names) < unlikely {
			return "", 0
		}
	}
	p := share(r.logits[:len(g.Langs)], top)
	if p < sure {
		return "", 0
	}
	return g.Langs[best], p
}

// share is the softmax of the greatest logit.
func share(logits []float32, top float32) float64 {
	sum := 0.0
	for _, v := range logits {
		if d := soft * float64(v-top); d > -9 {
			sum += math.Exp(d)
		}
	}
	return min(1, 1/sum)
}

// mainScript is the script that a text is in. Names in Latin letters stand in
// texts of all languages, so that letters of other scripts weigh more, and a
// sign of Han or Kana is about a syllable or a word.
func mainScript(t *model.Text) model.Script {
	cjk := t.Letters[model.Han] + t.Letters[model.Kana]
	best, most := model.Other, 0.0
	for s := model.Latin; s < model.Scripts; s++ {
		n := float64(t.Letters[s])
		switch s {
		case model.Latin:
			n = float64(t.Plain[s]) + 0.25*float64(t.Letters[s]-t.Plain[s])
		case model.Han:
			n = 2.5 * float64(cjk)
		case model.Kana:
			continue // counted with Han
		case model.Hangul:
			n *= 2
		}
		if n > most {
			best, most = s, n
		}
	}
	if best == model.Latin && t.Small() == 0 {
		for s := model.Cyrillic; s < model.Scripts; s++ {
			if t.Letters[s] >= 2 && (best == model.Latin || t.Letters[s] > t.Letters[best]) {
				best = s
			}
		}
	}
	if kana := t.Letters[model.Kana]; (best == model.Han || best == model.Kana) && (kana > 1 && 10*kana >= cjk || kana == cjk) {
		return model.Kana
	}
	if best == model.Kana {
		return model.Han
	}
	return best
}
