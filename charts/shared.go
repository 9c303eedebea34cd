package charts

import "agora/mood"

// What follows is for whoever writes of charts elsewhere (reports, scenes,
// pages), in English, so that a thing is said in one way.

// Few is the number of mentions below which there is no mood.
const Few = few

// Demo marks what is made up.
func Demo() string { return english().Says.Demo }

// Borders is what a map has to say of its borders.
func Borders() string { return english().Notes.Borders }

// SignedWord writes a mood of −1…1 as people read it: +31, −12, 0.
func SignedWord(mood float64) string { return english().signed(mood) }

// CountWord writes a count with separators: 1,204.
func CountWord(n int64) string { return english().count(n) }

// Many writes a count with its noun.
func Many(n int64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return CountWord(n) + " " + more
}

// MentionsWord writes a number of mentions.
func MentionsWord(n int64) string { return english().mentions(n) }

// PercentWord writes a share of 0…1.
func PercentWord(share float64) string { return english().percent(share) }

// List joins names as a sentence does.
func List(names []string) string { return english().list(names) }

// Round rounds to some decimals, and never gives a negative zero.
func Round(x float64, decimals int) float64 { return roundTo(x, decimals) }

// Sign is a label where a word has no room; the same on page, wall and paper.
func Sign(l mood.Label) string {
	switch l {
	case mood.Positive:
		return "+"
	case mood.Negative:
		return "−"
	case mood.Neutral:
		return "±"
	}
	return "?"
}
