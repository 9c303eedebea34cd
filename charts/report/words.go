package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"agora/charts"
	"agora/mood"
)

// Every word that a report says stands in this file, in words_headline.go,
// words_page.go and words_plain.go.

// lasting says how long a window is, and the one before.
var lasting = map[string]struct{ now, before, short string }{
	"1h":  {"the last hour", "the hour before", "last hour"},
	"24h": {"the last 24 hours", "the 24 hours before", "24 hours"},
	"7d":  {"the last 7 days", "the 7 days before", "7 days"},
	"30d": {"the last 30 days", "the 30 days before", "30 days"},
	"90d": {"the last 90 days", "the 90 days before", "90 days"},
}

func spanNow(window string) string {
	if s, ok := lasting[window]; ok {
		return s.now
	}
	return "this window"
}

func spanBefore(window string) string {
	if s, ok := lasting[window]; ok {
		return s.before
	}
	return "the window before"
}

func spanShort(window string) string {
	if s, ok := lasting[window]; ok {
		return s.short
	}
	return window
}

// signed writes a mood of −1…1 as people read it: +31, −12, 0.
func signed(m float64) string { return signedNumber(math.Round(m*100), 0) }

// signedNumber writes a number with its sign.
func signedNumber(x float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	switch {
	case strings.Trim(s, "0.") == "":
		return s
	case x > 0:
		return "+" + s
	default:
		return "−" + s
	}
}

// moodOf writes the mood of a tally; a few mentions have none.
func moodOf(t mood.Tally) string {
	if t.Mentions() < charts.Few {
		return "–"
	}
	return signed(t.Mood())
}

// percents writes parts of a whole in percent that add up to 100: by largest
// remainder. A part that comes to nothing, and isn't, is "<1 %".
func percents(parts []int64) []string {
	var all int64
	for _, n := range parts {
		all += n
	}
	words := make([]string, len(parts))
	if all == 0 {
		return words
	}
	whole, order, left := make([]int64, len(parts)), make([]int, len(parts)), int64(100)
	for i, n := range parts {
		whole[i], order[i] = 100*n/all, i
		left -= whole[i]
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(100*parts[j]%all, 100*parts[i]%all) })
	for _, i := range order[:left] {
		whole[i]++
	}
	for i, n := range whole {
		if words[i] = strconv.FormatInt(n, 10) + " %"; n == 0 && parts[i] > 0 {
			words[i] = "<1 %"
		}
	}
	return words
}

func moment(t time.Time) string { return t.Format("Mon 2 Jan 2006, 15:04 MST") }

// period writes a stretch of time: 16 Nov, 14:00 – 23 Nov 2026, 14:32.
func period(from, to time.Time) string {
	begin := "2 Jan 2006, 15:04"
	if from.Year() == to.Year() {
		begin = "2 Jan, 15:04"
	}
	return from.Format(begin) + " – " + to.Format("2 Jan 2006, 15:04")
}

func titleOf(names []string, window string) string {
	return subjectNames(names) + ": mood, " + spanShort(window)
}

// subjectNames are the names of the brands in little room.
func subjectNames(names []string) string {
	switch {
	case len(names) == 0:
		return "No brand"
	case len(names) <= 3:
		short := make([]string, len(names))
		for i, n := range names {
			short[i] = clip(n, 90/len(names))
		}
		return charts.List(short)
	case len(names) <= mostSections:
		return clip(names[0], 40) + ", " + clip(names[1], 40) + fmt.Sprintf(" and %d more", len(names)-2)
	}
	return fmt.Sprintf("%d brands", len(names))
}

func outletName(key string) string {
	if key == "" || key == noneKey {
		return "unknown outlet"
	}
	return clean(key)
}

func countryName(key string) string {
	if c, ok := mood.Country(key); ok {
		return c.Name
	}
	if key == "" || key == noneKey {
		return "unknown country"
	}
	return clean(key)
}

// languageName is the English name of a BCP 47 tag, or the tag itself.
func languageName(key string) string {
	if key == "" || key == noneKey {
		return "unknown language"
	}
	t, err := language.Parse(key)
	if err != nil {
		return clean(key)
	}
	if name := display.English.Languages().Name(t); name != "" {
		return name
	}
	return clean(key)
}

// noneKey is how dimensions name what is not known.
const noneKey = "none"

func dimensionTitle(id string) string {
	return map[string]string{"outlets": "Outlets", "languages": "Languages", "countries": "Countries"}[id]
}

// restName names what is added up. A negative number is an unknown one.
func restName(dimension string, n int) string {
	if n > 0 {
		return charts.Many(int64(n), "other", "others")
	}
	return map[string]string{"outlets": "no outlet named", "languages": "no language known", "countries": "no country known"}[dimension]
}
