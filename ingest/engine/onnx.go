//go:build onnx

package engine

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	ort "github.com/yalue/onnxruntime_go"

	"agora/mood"
)

// environment guards the start of ONNX Runtime: the library has one for the
// whole process, and keeps it to the end.
var environment sync.Mutex

// ONNX is a model on disk. It is safe for concurrent use; one batch runs at a
// time, on all processors.
type ONNX struct {
	options ONNXOptions
	model   *model
	session *ort.DynamicAdvancedSession
	inputs  []string
	turn    chan struct{}
}

// NewONNX loads a model and tries it on one text.
func NewONNX(o ONNXOptions) (*ONNX, error) {
	m, err := openModel(o.Folder, o.Labels)
	if err != nil {
		return nil, err
	}
	if err := startRuntime(o.Library); err != nil {
		return nil, err
	}
	o.Batch = or(o.Batch, defaultBatch)
	e := &ONNX{options: o, model: m, turn: make(chan struct{}, 1)}
	output, err := e.look()
	if err != nil {
		return nil, err
	}
	if e.session, err = ort.NewDynamicAdvancedSession(m.file, e.inputs, []string{output}, nil); err != nil {
		return nil, fmt.Errorf("load the model %s: %w", m.file, err)
	}
	if _, err := e.Score(context.Background(), []mood.Ask{{Text: "Agora", Target: "Agora"}}); err != nil {
		return nil, errors.Join(fmt.Errorf("try the model %s: %w", m.file, err), e.Close())
	}
	return e, nil
}

func startRuntime(library string) error {
	environment.Lock()
	defer environment.Unlock()
	if ort.IsInitialized() {
		return nil
	}
	if library == "" {
		library = "libonnxruntime.so"
	}
	ort.SetSharedLibraryPath(library)
	if err := ort.InitializeEnvironment(); err != nil {
		return fmt.Errorf("start ONNX Runtime from %s: %w: install version 1.24 or newer, and name its shared library in sentiment.library or AGORA_ONNXRUNTIME", library, err)
	}
	return nil
}

// look finds the names of what goes into the network and what comes out.
func (e *ONNX) look() (output string, err error) {
	inputs, outputs, err := ort.GetInputOutputInfo(e.model.file)
	if err != nil {
		return "", fmt.Errorf("load the model %s: %w", e.model.file, err)
	}
	for _, in := range inputs {
		switch in.Name {
		case "input_ids", "attention_mask", "token_type_ids":
			if in.DataType != ort.TensorElementDataTypeInt64 {
				return "", fmt.Errorf("the model %s wants %s as %v, and Agora gives int64: %w", e.model.file, in.Name, in.DataType, mood.ErrInvalid)
			}
			e.inputs = append(e.inputs, in.Name)
		default:
			return "", fmt.Errorf("the model %s wants %q, which Agora doesn't know: export it for text classification: %w", e.model.file, in.Name, mood.ErrInvalid)
		}
	}
	for _, out := range outputs {
		if out.Name == "logits" {
			output = out.Name
		}
	}
	if output == "" && len(outputs) == 1 {
		output = outputs[0].Name
	}
	if output == "" || len(e.inputs) == 0 {
		return "", fmt.Errorf("the model %s gives no logits: export it for text classification: %w", e.model.file, mood.ErrInvalid)
	}
	return output, nil
}

// String names the engine for people.
func (e *ONNX) String() string { return "onnx model " + e.model.file }

// Close gives the model's memory back. Nothing may be scored after it.
func (e *ONNX) Close() error {
	e.turn <- struct{}{}
	defer func() { <-e.turn }()
	if e.session == nil {
		return nil
	}
	err := e.session.Destroy()
	e.session = nil
	return err
}

// Score runs the texts in batches.
func (e *ONNX) Score(ctx context.Context, asks []mood.Ask) ([]mood.Reading, error) {
	readings := make([]mood.Reading, len(asks))
	for from := 0; from < len(asks); from += e.options.Batch {
		to := min(from+e.options.Batch, len(asks))
		if err := e.batch(ctx, asks[from:to], readings[from:to]); err != nil {
			return nil, err
		}
	}
	return readings, nil
}

func (e *ONNX) batch(ctx context.Context, asks []mood.Ask, into []mood.Reading) error {
	var ids, kinds [][]int64
	var at []int
	width := 0
	for i := range asks {
		x := cutOut(&asks[i], LongestExcerpt)
		if x.blank() {
			into[i] = nothing()
			continue
		}
		pair := ""
		if e.options.Pairs {
			pair = asks[i].Target
		}
		tokens, types := e.model.tokenizer.Encode(x.String(), pair, e.model.longest)
		ids, kinds, at = append(ids, tokens), append(kinds, types), append(at, i)
		width = max(width, len(tokens))
	}
	if len(ids) == 0 {
		return nil
	}
	select {
	case e.turn <- struct{}{}:
		defer func() { <-e.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	logits, err := e.run(ctx, ids, kinds, width)
	if err != nil {
		return err
	}
	classes := len(e.model.labels)
	for k, i := range at {
		if into[i], err = e.options.Labels.reading(e.guesses(logits[k*classes : (k+1)*classes])); err != nil {
			return err
		}
	}
	return nil
}

// run gives the logits of a batch, row by row.
func (e *ONNX) run(ctx context.Context, ids, kinds [][]int64, width int) (_ []float32, err error) {
	if e.session == nil {
		return nil, &Failure{Message: "the model was closed", Hopeless: true}
	}
	shape := ort.NewShape(int64(len(ids)), int64(width))
	inputs := make([]ort.Value, len(e.inputs))
	for i, name := range e.inputs {
		tensor, err := ort.NewTensor(shape, e.fill(name, ids, kinds, width))
		if err != nil {
			return nil, &Failure{Message: "make room for a batch: " + err.Error()}
		}
		defer tensor.Destroy() //nolint:errcheck // nothing can be done
		inputs[i] = tensor
	}
	options, err := ort.NewRunOptions()
	if err != nil {
		return nil, &Failure{Message: "run the model: " + err.Error()}
	}
	defer options.Destroy() //nolint:errcheck // nothing can be done
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		options.Terminate() //nolint:errcheck // then it runs to its end
	})
	outputs := []ort.Value{nil}
	err = e.session.RunWithOptions(inputs, outputs, options)
	if !stop() {
		<-ended // before the options go
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	} else if err != nil {
		err = &Failure{Message: "run the model: " + err.Error(), Remedy: "check that sentiment.model is a text classifier"}
	}
	if outputs[0] != nil {
		defer outputs[0].Destroy() //nolint:errcheck // nothing can be done
	}
	if err != nil {
		return nil, err
	}
	logits, ok := outputs[0].(*ort.Tensor[float32])
	if !ok || !logits.GetShape().Equals(ort.NewShape(int64(len(ids)), int64(len(e.model.labels)))) {
		return nil, &Failure{
			Message:  fmt.Sprintf("the model gives %v, and its config.json names %d labels", outputs[0].GetShape(), len(e.model.labels)),
			Remedy:   "check that config.json belongs to the model",
			Hopeless: true,
		}
	}
	return append([]float32(nil), logits.GetData()...), nil
}

// fill makes one input of the network: rows of the same width.
func (e *ONNX) fill(name string, ids, kinds [][]int64, width int) []int64 {
	flat := make([]int64, len(ids)*width)
	for row := range ids {
		cells := flat[row*width : (row+1)*width]
		for i := range cells {
			inside := i < len(ids[row])
			switch {
			case name == "input_ids" && inside:
				cells[i] = ids[row][i]
			case name == "input_ids":
				cells[i] = e.model.tokenizer.Pad()
			case name == "attention_mask" && inside:
				cells[i] = 1
			case name == "token_type_ids" && inside:
				cells[i] = kinds[row][i]
			}
		}
	}
	return flat
}

// guesses turns the logits of one text into chances.
func (e *ONNX) guesses(logits []float32) []guess {
	most := math.Inf(-1)
	for _, x := range logits {
		most = max(most, float64(x))
	}
	sum := 0.0
	guesses := make([]guess, len(logits))
	for i, x := range logits {
		guesses[i] = guess{e.model.labels[i], math.Exp(float64(x) - most)}
		sum += guesses[i].Score
	}
	for i := range guesses {
		guesses[i].Score /= sum
	}
	return guesses
}
