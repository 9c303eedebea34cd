package mood

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"
)

func TestASilenceIsSaidAsThePageSaysIt(t *testing.T) {
	body, err := os.ReadFile("testdata/silences.json")
	if err != nil {
		t.Fatal(err)
	}
	var shared struct {
		Now   time.Time
		Zone  string
		Cases []struct {
			Name    string
			Redis   PartStatus
			Ingest  PartStatus
			Sources SourcesStatus
			Last    *time.Time

			Kind     SilenceKind
			Sentence string
			Stale    bool
			Also     []string
		}
	}
	if err := json.Unmarshal(body, &shared); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(shared.Zone)
	if err != nil {
		t.Fatal(err)
	}
	if len(shared.Cases) < 10 {
		t.Fatalf("%d cases", len(shared.Cases))
	}
	for _, c := range shared.Cases {
		got := Status{Redis: c.Redis, Ingest: c.Ingest, Sources: c.Sources}.Silence(c.Last, shared.Now, zone)
		if got.Kind != c.Kind || got.Sentence != c.Sentence || got.Stale != c.Stale || !slices.Equal(got.Also, c.Also) {
			t.Errorf("%s: %+v", c.Name, got)
		}
	}
}
