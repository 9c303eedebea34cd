package topic

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"agora/mood"
)

// sharedHeadlines reads the headlines that are kept beside the repository.
func sharedHeadlines(t testing.TB) []string {
	dir := os.Getenv("AGORA_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, "headlines.ndjson"))
	if err != nil {
		t.Skipf("%v (set AGORA_SHARED to the folder that holds it)", err)
	}
	defer f.Close()
	var titles []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct{ Title string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		titles = append(titles, row.Title)
	}
	return titles
}

// TestShowSharedTopics prints topics for reading by eye: go test -run Show -v.
func TestShowSharedTopics(t *testing.T) {
	if !testing.Verbose() {
		t.Skip("for reading by eye: run with -v")
	}
	x := New([]mood.Brand{{ID: "apple", Name: "Apple", Query: "Apple"}, {ID: "twitter", Name: "Twitter", Query: "Twitter"}})
	for i, title := range sharedHeadlines(t) {
		topics := x.Topics(title, "", "en")
		if i < 15 || i > 5000 && i%90 == 0 {
			t.Logf("%s\n      → %q", title, topics)
		}
	}
}
