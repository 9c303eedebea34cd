//go:build !onnx

package engine

import (
	"strings"
	"testing"
)

func TestABuildWithoutONNXSaysHowToGetIt(t *testing.T) {
	e, err := NewONNX(ONNXOptions{Folder: writeModel(t, nil)})
	if e != nil || err == nil || !strings.Contains(err.Error(), "built without ONNX: build it with -tags onnx") {
		t.Errorf("got: %v", err)
	}
}
