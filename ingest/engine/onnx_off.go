//go:build !onnx

package engine

import (
	"context"
	"errors"

	"agora/mood"
)

// errNoONNX is what [NewONNX] says without the build tag.
var errNoONNX = errors.New("this agora was built without ONNX: build it with -tags onnx (and cgo), or choose another sentiment.engine")

// ONNX is a model on disk. This build can't load any.
type ONNX struct{}

// NewONNX fails: ONNX Runtime is a C library, and is left out unless Agora is
// built with -tags onnx.
func NewONNX(ONNXOptions) (*ONNX, error) { return nil, errNoONNX }

// Score fails.
func (*ONNX) Score(context.Context, []mood.Ask) ([]mood.Reading, error) { return nil, errNoONNX }

// String names the engine for people.
func (*ONNX) String() string { return "onnx" }

// Close does nothing.
func (*ONNX) Close() error { return nil }
