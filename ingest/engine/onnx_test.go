//go:build onnx

package engine

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"agora/mood"
)

// Fields of ONNX's protocol buffers, as far as a tiny model needs them.
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
type message []byte

func (m message) varint(field int, n uint64) message {
	return binary.AppendUvarint(binary.AppendUvarint(m, uint64(field)<<3), n)
}

func (m message) bytes(field int, b []byte) message {
	m = binary.AppendUvarint(binary.AppendUvarint(m, uint64(field)<<3|2), uint64(len(b)))
	return append(m, b...)
}

func (m message) text(field int, s string) message { return m.bytes(field, []byte(s)) }

// Types of tensors.
const (
	float32s = 1
	int32s   = 6
	int64s   = 7
)

// tensor is a TensorProto of floats.
func tensor(name string, values []float32, dims ...uint64) message {
	var t message
	for _, d := range dims {
		t = t.varint(1, d)
	}
	raw := make([]byte, 0, 4*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return t.varint(2, float32s).text(8, name).bytes(9, raw)
}

// number and numbers are attributes of a node.
func number(name string, n uint64) message { return message{}.text(1, name).varint(3, n).varint(20, 2) }

func numbers(name string, n uint64) message {
	return message{}.text(1, name).varint(8, n).varint(20, 7)
}

// node is a NodeProto.
func node(op, output string, inputs string, attributes ...message) message {
	var n message
	for _, in := range strings.Fields(inputs) {
		n = n.text(1, in)
	}
	n = n.text(2, output).text(4, op)
	for _, a := range attributes {
		n = n.bytes(5, a)
	}
	return n
}

// value is a ValueInfoProto of a matrix; a dimension of 0 is open.
func value(name string, kind uint64, dims ...uint64) message {
	var shape message
	for i, d := range dims {
		dim := message{}.varint(1, d)
		if d == 0 {
			dim = message{}.text(2, "d"+name+string(rune('0'+i)))
		}
		shape = shape.bytes(1, dim)
	}
	tensor := message{}.varint(1, kind).bytes(2, shape)
	return message{}.text(1, name).bytes(2, message{}.bytes(1, tensor))
}

// tinyModel adds up what each word says: [CLS] says a little neutral, good
// positive, bad negative, and [PAD] would shout if the mask let it. With kinds
// it wants token_type_ids, and words of the second kind count ten times.
func tinyModel(kind uint64, kinds bool, extra ...string) string {
	embedding := []float32{
		100, 0, 0, // [PAD]
		0, 0, 0, // [UNK]
		0, 1, 0, // [CLS]
		0, 0, 0, // [SEP]
		0, 0, 3, // good
		3, 0, 0, // bad
		0, 0, 0, // nokia
	}
	var g message
	add := func(n message) { g = g.bytes(1, n) }
	add(node("Gather", "words", "embedding input_ids"))
	add(node("Cast", "mask", "attention_mask", number("to", float32s)))
	if kinds {
		add(node("Cast", "second", "token_type_ids", number("to", float32s)))
		add(node("Mul", "nine", "second times"))
		add(node("Mul", "more", "nine mask"))
		add(node("Add", "weight", "mask more"))
	} else {
		add(node("Identity", "weight", "mask"))
	}
	add(node("Unsqueeze", "column", "weight", numbers("axes", 2)))
	add(node("Mul", "said", "words column"))
	add(node("ReduceSum", "sum", "said", numbers("axes", 1), number("keepdims", 0)))
	add(node("Gemm", "logits", "sum matrix bias"))
	g = g.text(2, "tiny")
	g = g.bytes(5, tensor("embedding", embedding, 7, 3))
	g = g.bytes(5, tensor("times", []float32{9}, 1))
	g = g.bytes(5, tensor("matrix", []float32{1, 0, 0, 0, 1, 0, 0, 0, 1}, 3, 3))
	g = g.bytes(5, tensor("bias", []float32{0, 0, 0}, 3))
	g = g.bytes(11, value("input_ids", kind, 0, 0)).bytes(11, value("attention_mask", kind, 0, 0))
	if kinds {
		g = g.bytes(11, value("token_type_ids", kind, 0, 0))
	}
	for _, name := range extra {
		g = g.bytes(11, value(name, kind, 0, 0))
	}
	g = g.bytes(12, value("logits", float32s, 0, 3))
	return string(message{}.varint(1, 6).text(2, "agora").bytes(7, g).bytes(8, message{}.text(1, "").varint(2, 11)))
}

// runtime is where the tests' ONNX Runtime is.
func runtime(t *testing.T) string {
	t.Helper()
	library := os.Getenv("AGORA_ONNXRUNTIME")
	if library == "" {
		t.Fatal("AGORA_ONNXRUNTIME doesn't name the shared library of ONNX Runtime; .ci/run shows how to get it")
	}
	return library
}

func load(t *testing.T, o ONNXOptions, files map[string]string) (*ONNX, error) {
	t.Helper()
	all := map[string]string{"model.onnx": tinyModel(int64s, false), "config.json": tinyConfig, "vocab.txt": tinyVocabulary}
	for name, text := range files {
		all[name] = text
	}
	o.Folder, o.Library = writeModel(t, all), runtime(t)
	e, err := NewONNX(o)
	if err == nil {
		t.Cleanup(func() {
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return e, err
}

func TestAModelOnDiskReadsTexts(t *testing.T) {
	e, err := load(t, ONNXOptions{Batch: 3}, nil)
	if err != nil {
		t.Fatal(err)
	}
	readings, err := e.Score(t.Context(), texts("Good, Nokia: good good!", "bad", "Nokia", "", strings.Repeat("so ", 200)+"bad", "good bad"))
	if err != nil {
		t.Fatal(err)
	}
	// The last but one is cut to 64 tokens, before the word that decides; the
	// last is torn.
	if got := labelsOf(readings); got != "positive negative neutral unclear neutral unclear" {
		t.Errorf("labels: %s", got)
	}
	// softmax(3, 1, 0)
	if r := readings[1]; r.Confidence != 0.844 || r.Score != -0.802 || r.Lean != mood.Negative {
		t.Errorf("bad: %+v", r)
	}
	alone, err := e.Score(t.Context(), texts("bad"))
	if err != nil || alone[0].Score != readings[1].Score {
		t.Errorf("alone it reads otherwise than beside a longer text: %+v, %v", alone, err)
	}
}

func TestTheOrderOfLabelsIsThatOfConfigJSON(t *testing.T) {
	e, err := load(t, ONNXOptions{Labels: Labels{"up": mood.Positive}}, map[string]string{
		"config.json": `{"id2label":{"0":"up","1":"NEU","2":"NEG"}}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	readings, err := e.Score(t.Context(), texts("good", "bad"))
	if err != nil || labelsOf(readings) != "negative positive" {
		t.Errorf("%s, %v", labelsOf(readings), err)
	}
}

func TestAModelOfPairsOnDiskIsToldTheTarget(t *testing.T) {
	files := map[string]string{"model.onnx": tinyModel(int64s, true)}
	e, err := load(t, ONNXOptions{Pairs: true}, files)
	if err != nil {
		t.Fatal(err)
	}
	asks := []mood.Ask{{Text: "good good", Target: "bad"}, {Text: "good good"}}
	readings, err := e.Score(t.Context(), asks)
	if err != nil || labelsOf(readings) != "negative positive" {
		t.Errorf("%s, %v", labelsOf(readings), err)
	}
	if e, err = load(t, ONNXOptions{}, files); err != nil {
		t.Fatal(err)
	}
	if readings, err = e.Score(t.Context(), asks); err != nil || labelsOf(readings) != "positive positive" {
		t.Errorf("without pairs: %s, %v", labelsOf(readings), err)
	}
}

func TestAModelThatDoesNotFitIsRefusedWhenItIsLoaded(t *testing.T) {
	for want, files := range map[string]map[string]string{
		"load the model":                {"model.onnx": "no model"},
		"config.json names 2 labels":    {"config.json": `{"id2label":{"0":"negative","1":"positive"}}`},
		"Agora gives int64":             {"model.onnx": tinyModel(int32s, false)},
		`"pixels", which Agora doesn't`: {"model.onnx": tinyModel(int64s, false, "pixels")},
		"try the model":                 {"vocab.txt": strings.Repeat("\n", 99) + tinyVocabulary},
	} {
		if _, err := load(t, ONNXOptions{}, files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("instead of %q it says: %v", want, err)
		}
	}
}

func TestAModelStopsWhenNobodyWaits(t *testing.T) {
	e, err := load(t, ONNXOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if readings, err := e.Score(ctx, texts("good")); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", readings, err)
	}
	if readings, err := e.Score(t.Context(), texts("good")); err != nil || labelsOf(readings) != "positive" {
		t.Errorf("afterwards: %v, %v", readings, err)
	}
}

func TestAClosedModelFailsAndMayBeClosedAgain(t *testing.T) {
	e, err := load(t, ONNXOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.Close(), e.Close()); err != nil {
		t.Error(err)
	}
	if _, err := e.Score(t.Context(), texts("good")); err == nil {
		t.Error("a closed model reads")
	}
}
