package insight

import (
	"cmp"
	"slices"
	"strings"

	"agora/mood"
)

const (
	// FewCorrections with a label say nothing yet of the engine.
	FewCorrections = 20
	worstWords     = 12
)

// Report is how the engine did on the mentions that people corrected.
//
// People correct what is wrong more often than they confirm what is right: the
// figures are lower than they would be over all mentions.
type Report struct {
	Corrections int `json:"corrections"`
	Irrelevant  int `json:"irrelevant"` // not about the brand at all; in nothing below
	Rated       int `json:"rated"`      // reviews, read by their stars and by no engine; in nothing below
	Judged      int `json:"judged"`     // those with a label
	Right       int `json:"right"`      // the engine had said the same
	// Accuracy is right of judged: an engine that says unclear is not right.
	// Null when nothing was judged.
	Accuracy *float64 `json:"accuracy"`
	// MacroF1 is the mean of F1 over those of the three labels that people or
	// the engine used.
	MacroF1   *float64       `json:"macro_f1"`
	Confusion []ConfusionRow `json:"confusion"` // positive, neutral, negative
	Words     []WordFault    `json:"words"`     // the worst first
	TooFew    bool           `json:"too_few"`   // judged are under FewCorrections
}

// ConfusionRow counts what the engine had said where people said Person.
type ConfusionRow struct {
	Person   mood.Label `json:"person"`
	Positive int        `json:"positive"`
	Neutral  int        `json:"neutral"`
	Negative int        `json:"negative"`
	Unclear  int        `json:"unclear"`
}

func (r *ConfusionRow) of(engine mood.Label) *int {
	switch engine {
	case mood.Positive:
		return &r.Positive
	case mood.Neutral:
		return &r.Neutral
	case mood.Negative:
		return &r.Negative
	case mood.Unclear:
	}
	return &r.Unclear
}

// WordFault is a word that decided, and how often it pulled a wrong label's
// way.
type WordFault struct {
	Word  string  `json:"word"`
	Times int     `json:"times"` // in how many judged mentions it was a reason
	Wrong int     `json:"wrong"` // in how many of them it pulled towards the wrong label
	Share float64 `json:"share"` // wrong of times
}

// labels are those that people give, in the order of tables.
var labels = [...]mood.Label{mood.Positive, mood.Neutral, mood.Negative}

// ReportOf measures the engine on corrections.
func ReportOf(corrections []mood.Corrected) Report {
	r := Report{Corrections: len(corrections), Confusion: make([]ConfusionRow, len(labels))}
	for i, l := range labels {
		r.Confusion[i].Person = l
	}
	words := map[string]*WordFault{}
	for _, c := range corrections {
		if c.Irrelevant || c.Label == nil {
			r.Irrelevant++
			continue
		}
		if c.Rated() {
			r.Rated++
			continue
		}
		i := slices.Index(labels[:], *c.Label)
		if i < 0 {
			continue // nobody can say unclear
		}
		r.Judged++
		*r.Confusion[i].of(c.Engine.Label)++
		if c.Engine.Label == *c.Label {
			r.Right++
		}
		blame(words, c)
	}
	r.TooFew = r.Judged < FewCorrections
	if r.Judged > 0 {
		accuracy := float64(r.Right) / float64(r.Judged)
		r.Accuracy, r.MacroF1 = &accuracy, macroF1(r.Confusion)
	}
	r.Words = worst(words)
	return r
}

func macroF1(confusion []ConfusionRow) *float64 {
	sum, used := 0.0, 0
	for i, l := range labels {
		hit, person, engine := *confusion[i].of(l), 0, 0
		for j := range confusion {
			engine += *confusion[j].of(l)
		}
		for _, said := range [...]mood.Label{mood.Positive, mood.Neutral, mood.Negative, mood.Unclear} {
			person += *confusion[i].of(said)
		}
		if person+engine == 0 {
			continue
		}
		used++
		sum += 2 * float64(hit) / float64(person+engine)
	}
	if used == 0 {
		return nil
	}
	sum /= float64(used)
	return &sum
}

// blame notes the words that decided, and those that pulled from the person's
// label towards the engine's.
func blame(words map[string]*WordFault, c mood.Corrected) {
	pull := side(c.Engine.Label) - side(*c.Label)
	seen := map[string]bool{} // true: it pulled the wrong way here
	for _, reason := range c.Reasons {
		word := strings.Join(strings.Fields(strings.ToLower(reason.Text)), " ")
		if word == "" {
			continue
		}
		seen[word] = seen[word] || float64(pull)*(reason.Weight+reason.Net) > 0
	}
	for word, wrong := range seen {
		if words[word] == nil {
			words[word] = &WordFault{Word: word}
		}
		words[word].Times++
		if wrong {
			words[word].Wrong++
		}
	}
}

// side orders labels from bad to good.
func side(l mood.Label) int {
	switch l {
	case mood.Positive:
		return 1
	case mood.Negative:
		return -1
	case mood.Neutral, mood.Unclear:
	}
	return 0
}

// worst are the words that pulled the wrong way most often.
func worst(words map[string]*WordFault) []WordFault {
	list := []WordFault{}
	for _, w := range words {
		if w.Wrong > 0 {
			w.Share = float64(w.Wrong) / float64(w.Times)
			list = append(list, *w)
		}
	}
	slices.SortFunc(list, func(a, b WordFault) int {
		return cmp.Or(cmp.Compare(b.Wrong, a.Wrong), cmp.Compare(b.Share, a.Share), cmp.Compare(a.Word, b.Word))
	})
	return list[:min(len(list), worstWords)]
}
