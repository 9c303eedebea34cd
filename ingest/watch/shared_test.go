package watch

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sharedData finds data that is kept beside the repository.
func sharedData(t testing.TB, name string) string {
	dir := os.Getenv("AGORA_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("not there: %s (set AGORA_SHARED to the folder that holds it)", path)
	}
	return path
}

func TestSharedExamplesMatchAsExpected(t *testing.T) {
	b, err := os.ReadFile(sharedData(t, filepath.Join("examples", "queries.tsv")))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		c := strings.Split(line, "\t")
		if len(c) != 5 {
			t.Fatalf("a row with %d columns: %q", len(c), line)
		}
		got := "nomatch"
		q, err := Compile(c[1])
		var syntax *SyntaxError
		switch {
		case errors.As(err, &syntax):
			got = "error"
		case err != nil:
			t.Errorf("%s: %q: not a SyntaxError: %v", c[0], c[1], err)
		default:
			if _, ok := q.Match(c[2], c[3]); ok {
				got = "match"
			}
		}
		if got != c[4] {
			t.Errorf("%s: %q on %q / %q: %s, want %s (%v)", c[0], c[1], c[2], c[3], got, c[4], err)
		}
	}
}
