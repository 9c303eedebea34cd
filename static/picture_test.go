package static

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
)

func TestThePictureEngineGetsItsScriptItsWorldAndItsFonts(t *testing.T) {
	script, err := Engine()
	if err != nil || len(script) < 100_000 {
		t.Fatalf("the engine's script has %d bytes: %v", len(script), err)
	}
	world, err := World()
	if err != nil || !json.Valid(world) {
		t.Fatalf("the world is no JSON: %v", err)
	}
	faces, err := Fonts()
	if err != nil {
		t.Fatal(err)
	}
	weights := map[int]int{}
	for _, f := range faces {
		weights[f.Weight]++
		if !bytes.HasPrefix(f.Data, []byte{0, 1, 0, 0}) {
			t.Errorf("a face of weight %d is no TrueType", f.Weight)
		}
	}
	if weights[400] < 5 || weights[400] != weights[600] {
		t.Errorf("faces by weight: %v", weights)
	}
}

func TestWhatIsServedHoldsPagesAndNoEngine(t *testing.T) {
	pages := 0
	err := fs.WalkDir(Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if strings.HasPrefix(name, "engine") {
			t.Errorf("%s would be served", name)
		}
		if strings.HasSuffix(name, ".html") {
			pages++
		}
		return err
	})
	if err != nil || pages == 0 {
		t.Errorf("%d pages: %v", pages, err)
	}
	if _, err := fs.ReadFile(Files(), "engine/engine.js"); err == nil {
		t.Error("the engine's script can be read")
	}
}
