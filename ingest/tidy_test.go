package ingest

import (
	"slices"
	"strings"
	"testing"

	"agora/mood"
)

func TestOnlyAFewShortCategoriesAreKept(t *testing.T) {
	given := []string{strings.Repeat("ä", 80), "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}
	before := slices.Clone(given)
	got := tidy(mood.Mention{Title: "x", Categories: given}, now).Categories
	if len(got) != 10 || got[0] != strings.Repeat("ä", 59)+"…" || got[9] != "j" {
		t.Errorf("%q", got)
	}
	if !slices.Equal(given, before) {
		t.Error("the caller's list was changed")
	}
	if got := tidy(mood.Mention{Title: "x"}, now).Categories; got != nil {
		t.Errorf("%q out of none", got)
	}
}
