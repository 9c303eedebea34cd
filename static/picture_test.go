package static

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"slices"
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
	families := map[string]map[int]int{}
	for i, f := range faces {
		if families[f.Family] == nil {
			families[f.Family] = map[int]int{}
		}
		families[f.Family][f.Weight]++
		data, err := f.Open()
		if err != nil || !bytes.HasPrefix(data, []byte{0, 1, 0, 0}) {
			t.Errorf("a face of %s %d is no TrueType: %v", f.Family, f.Weight, err)
		}
		if n := len(f.Covers); n == 0 || n%2 != 0 || !slices.IsSorted(f.Covers) {
			t.Errorf("a face of %s %d covers %d bounds, and they are to come sorted, in pairs", f.Family, f.Weight, n)
		}
		if (f.Family == "Inter") != (i < 14) {
			t.Errorf("face %d is of %s: Inter comes first", i, f.Family)
		}
	}
	if inter := families["Inter"]; inter[400] != 7 || inter[600] != 7 {
		t.Errorf("faces of Inter by weight: %v", inter)
	}
	for _, script := range []string{"Arabic", "Hebrew", "Thai", "Devanagari", "Bengali", "Tamil", "Georgian", "Armenian"} {
		if f := families["Noto Sans "+script]; f[400] != 1 || f[600] != 1 {
			t.Errorf("faces for %s by weight: %v", script, f)
		}
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
