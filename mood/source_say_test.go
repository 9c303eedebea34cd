package mood_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"agora/mood"
)

// The cases are shared with static/test/source-words.test.mjs: page and wall
// say the same as the API.
func TestSourcesAreDescribedAsTheSharedCasesSay(t *testing.T) {
	raw, err := os.ReadFile("testdata/source_words.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases struct {
		Now   time.Time `json:"now"`
		Zone  string    `json:"zone"`
		Cases []struct {
			Source mood.SourceHealth `json:"source"`
			Words  string            `json:"words"`
		} `json:"cases"`
	}
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	loc, err := time.LoadLocation(cases.Zone)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[mood.SourceState]bool{}
	for _, c := range cases.Cases {
		seen[c.Source.State] = true
		if got := c.Source.Say(cases.Now, loc); got != c.Words {
			t.Errorf("%+v\nis %q\nnot %q", c.Source, got, c.Words)
		}
	}
	for _, state := range []mood.SourceState{
		mood.SourceFine, mood.SourceNew, mood.SourceWaiting, mood.SourceFailing, mood.SourceNotAFeed, mood.SourceGone, mood.SourceMoved, mood.SourcePaused,
	} {
		if !seen[state] {
			t.Errorf("no case is %s", state)
		}
	}
}
