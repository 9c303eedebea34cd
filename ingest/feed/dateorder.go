package feed

import (
	"strings"
	"time"
)

// orderOf tells how a document writes dates such as 03/04/2024, which have
// two readings. Another date of the document that has only one decides (a day
// over 12, or a reading that lies in the future); then the document's
// language: the month comes first in American English alone. An English that
// doesn't say which one stays unknown, and such items are undated: a date of
// another month is worse on a timeline than none.
func orderOf(doc *document, lang string, now time.Time) dateOrder {
	open := false
	for i := range doc.entries {
		for _, raw := range doc.entries[i].dates {
			if !mayHaveTwoReadings(raw) {
				continue
			}
			_, proof, _ := readDate(raw, orderUnknown)
			if proof == dayFirst || proof == monthFirst {
				return proof
			}
			if proof != orderOpen {
				continue
			}
			open = true
			a, _, _ := readDate(raw, dayFirst)
			b, _, _ := readDate(raw, monthFirst)
			switch late := now.Add(36 * time.Hour); {
			case a.After(late) && !b.After(late):
				return monthFirst
			case b.After(late) && !a.After(late):
				return dayFirst
			}
		}
	}
	if !open {
		return orderUnknown
	}
	lang = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(lang), "_", "-"))
	switch {
	case lang == "" || lang == "en":
		return orderUnknown
	case strings.HasPrefix(lang, "en-us"):
		return monthFirst
	}
	return dayFirst
}

// mayHaveTwoReadings looks for two short numbers with a / or - between them,
// cheaply, since it is asked of every date.
func mayHaveTwoReadings(s string) bool {
	for i := 0; i+2 < len(s); i++ {
		if !isDigit(s[i]) {
			continue
		}
		j := i + 1
		for j < len(s) && isDigit(s[j]) {
			j++
		}
		if j-i <= 2 && j+1 < len(s) && (s[j] == '/' || s[j] == '-') && isDigit(s[j+1]) {
			return true
		}
		if j-i == 4 {
			return false // the year comes first
		}
		i = j
	}
	return false
}

// published reads the first date that is one. What is older than the web is
// no date; one in the future counts only when no other is there, and then as
// now; without any, the item counts from now and is marked.
func published(dates []string, order dateOrder, now time.Time) (t time.Time, undated bool) {
	future := false
	for _, raw := range dates {
		t, _, ok := readDate(raw, order)
		switch {
		case !ok || t.Year() < 1990:
		case t.After(now.Add(ahead)):
			future = true
		default:
			return t.UTC(), false
		}
	}
	return now, !future
}
