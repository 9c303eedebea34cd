package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"agora/charts"
	"agora/mood"
)

// Every word that a report says stands in this file, in words_headline.go and in
// words_page.go.

// spanNow says how long a window is, within a sentence.
func spanNow(window string) string {
	if span := charts.Span(window); span != "" {
		return "the " + span
	}
	return "this window"
}

// spanBefore says the same of the window before.
func spanBefore(window string) string {
	if span := charts.Span(window); span != "" {
		return "the " + strings.TrimPrefix(span, "last ") + " before"
	}
	return "the window before"
}

// spanShort says it in little room.
func spanShort(window string) string {
	switch span := charts.Span(window); {
	case span == "":
		return window
	case window == "1h": // an hour is not a length that is read as the last one
		return span
	default:
		return strings.TrimPrefix(span, "last ")
	}
}

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
	return charts.SignedWord(t.Mood())
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
	if key == "" || key == charts.None {
		return "unknown outlet"
	}
	return clean(key)
}

func countryName(key string) string {
	if c, ok := mood.Country(key); ok {
		return c.Name
	}
	if key == "" || key == charts.None {
		return "unknown country"
	}
	return clean(key)
}

func languageName(key string) string {
	if key == "" || key == charts.None {
		return "unknown language"
	}
	return clean(charts.Language(key))
}

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
