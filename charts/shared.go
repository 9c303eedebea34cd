package charts

import (
	"encoding/json"
	"fmt"
	"strings"
)

// What follows is for whoever writes about charts elsewhere, so that a thing is
// said in one way.

const (
	Few     = few         // mentions, below which there is no mood
	None    = none        // the key of what is not known
	Demo    = wordDemo    // marks what is made up
	Borders = noteBorders // what a map has to say of its borders
)

// SignedWord writes a mood of −1…1 as people read it: +31, −12, 0.
func SignedWord(mood float64) string { return signedWord(mood) }

// CountWord writes a count with separators: 1,204.
func CountWord(n int64) string { return countWord(n) }

// Many writes a count with its noun.
func Many(n int64, one, more string) string { return many(n, one, more) }

// MentionsWord writes a number of mentions.
func MentionsWord(n int64) string { return mentionsWord(n) }

// PercentWord writes a share of 0…1.
func PercentWord(share float64) string { return percentWord(share) }

// List joins names as a sentence does.
func List(names []string) string { return list(names) }

// Span is how a window is named in titles, such as "last 7 days"; empty: it has
// no name.
func Span(window string) string { return spans[window].title }

// Language is the English name of a BCP 47 tag, or the tag itself.
func Language(tag string) string { return languageName(tag) }

// Round rounds to some decimals, and never gives a negative zero.
func Round(x float64, decimals int) float64 { return roundTo(x, decimals) }

// Colors gives the colours of a theme by role, as [Theme] has them.
func Colors(theme string) (map[string]string, error) {
	var themes map[string]map[string]string
	if err := json.Unmarshal(themeJSON, &themes); err != nil {
		return nil, fmt.Errorf("read the colours: %w", err)
	}
	if themes[theme] == nil {
		return nil, fmt.Errorf("there is no theme %q", theme)
	}
	return themes[theme], nil
}

// MoodRole names the colour of a mood of −100…100, without the prefix that
// options have: a key of [Theme].
func MoodRole(points float64) string { return strings.TrimPrefix(moodRole(points), rolePrefix) }
