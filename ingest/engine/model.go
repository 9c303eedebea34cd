package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"agora/ingest/engine/wordpiece"
	"agora/mood"
)

// ONNXOptions says which model is loaded from disk.
//
// Those of the BERT family that classify texts work: BERT, DistilBERT,
// MobileBERT and ELECTRA, cased or uncased, in any language. Their folder has
// model.onnx (or onnx/model.onnx), vocab.txt and config.json with id2label, as
// `optimum-cli export onnx --task text-classification` writes it;
// tokenizer_config.json is read where there is one. Models with other
// tokenizers (RoBERTa, XLM-R, DeBERTa) can be served by
// text-embeddings-inference instead.
type ONNXOptions struct {
	Folder  string
	Library string // the shared library of ONNX Runtime; empty: libonnxruntime.so where the system looks
	Batch   int    // the most texts run at once; 0: 32
	Labels  Labels // what the model's labels mean
	Pairs   bool   // the model takes pairs of text and target
}

// model is a folder, read.
type model struct {
	file      string // model.onnx
	tokenizer *wordpiece.Tokenizer
	labels    []string // by the model's number
	longest   int      // tokens
}

// mostTokens is what a model gets when its folder doesn't say more or less.
const mostTokens = 512

// openModel reads all of a folder but the network itself.
func openModel(folder string, labels Labels) (*model, error) {
	m := &model{longest: mostTokens}
	for _, name := range []string{"model.onnx", filepath.Join("onnx", "model.onnx")} {
		if info, err := os.Stat(filepath.Join(folder, name)); err == nil && info.Mode().IsRegular() {
			m.file = filepath.Join(folder, name)
			break
		}
	}
	if m.file == "" {
		return nil, fmt.Errorf("the folder %s has no model.onnx: name in sentiment.model the folder of a model that was exported to ONNX: %w", folder, mood.ErrInvalid)
	}
	if err := m.readLabels(filepath.Join(folder, "config.json"), labels); err != nil {
		return nil, err
	}
	return m, m.readTokenizer(folder)
}

// readLabels reads what the model's numbers mean.
func (m *model) readLabels(file string, labels Labels) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the labels of the model: %w", err)
	}
	var config struct {
		Names   map[string]string `json:"id2label"`
		Longest float64           `json:"max_position_embeddings"`
	}
	if err := json.Unmarshal(text, &config); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	m.shorten(config.Longest)
	m.labels = make([]string, len(config.Names))
	guesses := make([]guess, len(config.Names))
	for i := range m.labels {
		name, ok := config.Names[strconv.Itoa(i)]
		if !ok {
			return fmt.Errorf("%s: its id2label lacks the number %d: %w", file, i, mood.ErrInvalid)
		}
		m.labels[i], guesses[i] = name, guess{name, 0}
	}
	if len(guesses) == 0 {
		return fmt.Errorf("%s has no id2label: is this a model that classifies? %w", file, mood.ErrInvalid)
	}
	if _, err := labels.reading(guesses); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// shorten takes a limit of tokens, unless it is none at all.
func (m *model) shorten(limit float64) {
	if limit >= 8 && limit < float64(m.longest) {
		m.longest = int(limit)
	}
}

func (m *model) readTokenizer(folder string) error {
	var options wordpiece.Options
	text, err := os.ReadFile(filepath.Join(folder, "tokenizer_config.json"))
	switch {
	case err == nil:
		var config struct {
			wordpiece.Options
			Longest float64 `json:"model_max_length"`
		}
		if err := json.Unmarshal(text, &config); err != nil {
			return fmt.Errorf("read %s: %w", filepath.Join(folder, "tokenizer_config.json"), err)
		}
		options = config.Options
		m.shorten(config.Longest)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("read the tokenizer of the model: %w", err)
	}
	vocabulary, err := os.ReadFile(filepath.Join(folder, "vocab.txt"))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the folder %s has no vocab.txt: only models of the BERT family can be loaded; others can be served by text-embeddings-inference, engine: tei: %w", folder, mood.ErrInvalid)
	}
	if err != nil {
		return fmt.Errorf("read the vocabulary of the model: %w", err)
	}
	if m.tokenizer, err = wordpiece.Read(bytes.NewReader(vocabulary), options); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(folder, "vocab.txt"), err)
	}
	return nil
}
