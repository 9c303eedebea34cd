package charts

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file in testdata, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./charts -update writes it)", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; look at `go test ./charts -update && git diff charts/testdata`", path)
	}
}

// indent lays JSON out so that a difference shows as a line.
func indent(t *testing.T, o []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := json.Indent(&buf, o, "", " "); err != nil {
		t.Fatal(err)
	}
	buf.WriteByte('\n')
	return buf.Bytes()
}

func TestOptionsStayAsTheyAre(t *testing.T) {
	for name, b := range boards() {
		for _, c := range All() {
			o, err := c.Option(c.Table(b))
			if err != nil {
				t.Fatalf("%s of board %s: %v", c.ID, name, err)
			}
			golden(t, filepath.Join("options", name, c.ID+".json"), indent(t, o))
		}
	}
}
