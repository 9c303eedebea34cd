package draw

import (
	"strings"
	"testing"
)

// The order in which letters stand on a screen, from left to right, is the one
// in which a browser puts them, in a line that runs from left to right.
func TestNumbersAndLatinWordsStandOnTheirSideOfHebrewAndArabic(t *testing.T) {
	types := newTypesetter(testFonts(t))
	for text, want := range map[string]string{
		"אב 012, last":            "012 בא, last",
		"Mood: אב 5, last 7":      "Mood: 5 בא, last 7",
		"אב #81 today":            "#81 בא today",
		"אב 5% of":                "5% בא of",
		"אב 1.5 x":                "1.5 בא x",
		"אב 3 · x":                "3 בא · x",
		"x 5 אב 6 y 7":            "x 5 6 בא y 7",
		"\u202bאב 81 today\u202c": "today 81 בא",
		"\u2067אב 81 today\u2069": "today 81 בא",
		"\u2068אב 5\u2069 · x 7":  "5 בא · x 7",
		"\u2068x 5\u2069 · אב":    "x 5 · בא",
		"plain 5% x":              "plain 5% x",
	} {
		var got strings.Builder
		for _, g := range types.set(text, 400, &Report{}).glyphs {
			if !ignorable([]rune(g.words + "x")[0]) || g.words == " " {
				got.WriteString(g.words)
			}
		}
		if got.String() != want {
			t.Errorf("%q reads %q, want %q", text, got.String(), want)
		}
	}
}
