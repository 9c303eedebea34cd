package charts

import (
	"os"
	"regexp"
	"testing"
)

// Its words are the page's own, and its titles are those of pictures and
// tables: whoever puts both side by side must find the same chart.
func TestThePageCallsChartsAsPicturesAndTablesDo(t *testing.T) {
	text, err := os.ReadFile("../static/src/words.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range All() {
		found := regexp.MustCompile(`(?m)^  ` + c.ID + `: \{ title: '([^']*)'`).FindSubmatch(text)
		if found == nil || string(found[1]) != c.Title {
			t.Errorf("%s is called %q on the page, and %q elsewhere", c.ID, found, c.Title)
		}
	}
}
