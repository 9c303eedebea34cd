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

func TestNoPageRefersToTheEngine(t *testing.T) {
	pages, err := fs.Glob(Files(), "*.html")
	if err != nil || len(pages) == 0 {
		t.Fatalf("%d pages: %v", len(pages), err)
	}
	for _, p := range pages {
		text, err := fs.ReadFile(Files(), p)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "engine") {
			t.Errorf("%s refers to the engine", p)
		}
	}
}
