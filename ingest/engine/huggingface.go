package engine

import (
	"encoding/json"

	"agora/mood"
)

// huggingFace is text classification as Hugging Face's Inference API and the
// many servers that copy it have it: {"inputs": [text, …]} gives, for each
// text, its labels with their chances. A server that gives only the likeliest
// one for each text leaves the inner lists out.
type huggingFace struct{ labels Labels }

func (huggingFace) path(base string) string { return base }
func (huggingFace) tries() int              { return 1 }

func (huggingFace) body(batch []question) any {
	texts := make([]string, len(batch))
	for i, q := range batch {
		texts[i] = q.String()
	}
	return struct {
		Inputs []string `json:"inputs"`
	}{texts}
}

func (w huggingFace) readings(answer []byte, batch []question) ([]mood.Reading, error) {
	return classified(answer, len(batch), w.labels)
}

// tei is /predict of text-embeddings-inference: each input is a list of one
// text, or of text and target.
type tei struct {
	labels Labels
	pairs  bool
}

func (tei) tries() int { return 1 }

func (tei) path(base string) string { return ending(base, "/predict") }

func (w tei) body(batch []question) any {
	inputs := make([][]string, len(batch))
	for i, q := range batch {
		inputs[i] = []string{q.String()}
		if w.pairs && q.target != "" {
			inputs[i] = append(inputs[i], q.target)
		}
	}
	return struct {
		Inputs   [][]string `json:"inputs"`
		Truncate bool       `json:"truncate"`
	}{inputs, true}
}

func (w tei) readings(answer []byte, batch []question) ([]mood.Reading, error) {
	return classified(answer, len(batch), w.labels)
}

// classified reads the guesses of n texts.
func classified(answer []byte, n int, labels Labels) ([]mood.Reading, error) {
	var each []json.RawMessage
	if err := json.Unmarshal(answer, &each); err != nil {
		if said, _ := complaint(answer); said != "" {
			return nil, badAnswer("it answered: %s", oneLine(said, ""))
		}
		return nil, badAnswer("its answer is no list")
	}
	lists := make([][]guess, 0, len(each))
	for _, one := range each {
		var several []guess
		if json.Unmarshal(one, &several) != nil {
			several = make([]guess, 1)
			if err := json.Unmarshal(one, &several[0]); err != nil {
				return nil, badAnswer("its answer has something else than labels and their chances")
			}
		}
		lists = append(lists, several)
	}
	if n == 1 && len(lists) > 1 { // the labels of the only text, without a list around them
		flat := make([]guess, 0, len(lists))
		for _, one := range lists {
			if len(one) == 1 {
				flat = append(flat, one[0])
			}
		}
		if len(flat) == len(lists) {
			lists = [][]guess{flat}
		}
	}
	if len(lists) != n {
		return nil, badAnswer("it was asked about %d texts and answered about %d", n, len(lists))
	}
	readings := make([]mood.Reading, n)
	for i, guesses := range lists {
		var err error
		if readings[i], err = labels.reading(guesses); err != nil {
			return nil, err
		}
	}
	return readings, nil
}
