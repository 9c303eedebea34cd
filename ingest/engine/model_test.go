package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"agora/mood"
)

// tinyVocabulary is of a model that knows three words.
const tinyVocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\ngood\nbad\nnokia\n"

// writeModel makes a folder of a model.
func writeModel(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range files {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

const tinyConfig = `{"model_type":"bert","id2label":{"0":"negative","1":"neutral","2":"positive"},"max_position_embeddings":64}`

func TestAFolderTellsWhatAModelNeeds(t *testing.T) {
	for _, file := range []string{"model.onnx", "onnx/model.onnx"} {
		m, err := openModel(writeModel(t, map[string]string{
			file: "", "config.json": tinyConfig, "vocab.txt": tinyVocabulary,
			"tokenizer_config.json": `{"do_lower_case":true,"model_max_length":1000000000000000019884624838656,"tokenizer_class":"BertTokenizer"}`,
		}), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(m.labels, " "); got != "negative neutral positive" || m.longest != 64 || filepath.Base(m.file) != "model.onnx" {
			t.Errorf("%s: labels %s, longest %d, file %s", file, got, m.longest, m.file)
		}
	}
}

func TestWhatAFolderLacksIsNamed(t *testing.T) {
	for want, change := range map[string]map[string]string{
		"no model.onnx":          {"model.onnx": "-"},
		"read the labels":        {"config.json": "-"},
		"config.json":            {"config.json": "{"},
		"no id2label":            {"config.json": "{}"},
		"lacks the number 1":     {"config.json": `{"id2label":{"0":"negative","2":"positive"}}`},
		"could mean anything":    {"config.json": `{"id2label":{"0":"joy","1":"anger"}}`},
		"sentiment.labels":       {"config.json": `{"id2label":{"0":"LABEL_0","1":"LABEL_1"}}`},
		"no vocab.txt":           {"vocab.txt": "-"},
		"no [":                   {"vocab.txt": "a\nb"},
		"tokenizer_config.json:": {"tokenizer_config.json": "{"},
	} {
		files := map[string]string{"model.onnx": "", "config.json": tinyConfig, "vocab.txt": tinyVocabulary}
		for name, text := range change {
			if files[name] = text; text == "-" {
				delete(files, name)
			}
		}
		if _, err := openModel(writeModel(t, files), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("instead of %q it says: %v", want, err)
		}
	}
	folder := writeModel(t, map[string]string{"model.onnx": "", "config.json": `{"id2label":{"0":"LABEL_0","1":"LABEL_1"}}`, "vocab.txt": tinyVocabulary})
	if _, err := openModel(folder, Labels{"LABEL_0": mood.Negative, "LABEL_1": mood.Positive}); err != nil {
		t.Errorf("explained: %v", err)
	}
}
