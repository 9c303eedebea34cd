package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"agora/mood"
)

// Every word that a report says stands in this file and in words_page.go.

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
	if t.Mentions() < fewMentions {
		return "–"
	}
	return signed(t.Mood())
}

// fewMentions is the number below which charts show no mood either.
const fewMentions = 3

// count writes a count with separators: 1,204.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func many(n int64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + more
}

func mentionsOf(n int64) string { return many(n, "mention", "mentions") }

func percent(share float64) string {
	if share > 0 && share < 0.005 {
		return "<1 %"
	}
	return strconv.Itoa(int(math.Round(share*100))) + " %"
}

// list joins names as a sentence does.
func list(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
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

// possessive: the mood of a name, however that ends.
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
		return list(short)
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
		return many(int64(n), "other", "others")
	}
	return map[string]string{"outlets": "no outlet named", "languages": "no language known", "countries": "no country known"}[dimension]
}

func changed(c Change) string {
	if c.By < 0 {
		return "fell"
	}
	return "rose"
}

// headlineOf says in one sentence what changed for one brand.
func headlineOf(b Brand, window string) string {
	now, before := b.Now.Tally(), b.Before.Tally()
	beside := ""
	if before.Mentions() > 0 {
		beside = fmt.Sprintf(" (%s in %s)", count(before.Mentions()), spanBefore(window))
	}
	// How many there are, where that alone is news.
	volume := beside
	if b.Volume.Significant && b.Volume.Against == againstUsual {
		volume += ", " + moreOrFewer(b) + " than usual"
	} else if b.Volume.Significant {
		volume = fmt.Sprintf(", significantly %s than the %s in %s", moreOrFewer(b), count(before.Mentions()), spanBefore(window))
	}
	switch {
	case now.Mentions() == 0 && before.Mentions() == 0:
		return fmt.Sprintf("Nobody mentioned %s in %s, nor in %s.", b.Name, spanNow(window), spanBefore(window))
	case now.Mentions() == 0:
		return fmt.Sprintf("Nobody mentioned %s in %s%s.", b.Name, spanNow(window), volume)
	case b.Mood.Significant:
		return fmt.Sprintf("%s’s mood %s from %s to %s, from %s%s.", b.Name, changed(b.Mood), signed(before.Mood()), signed(now.Mood()),
			mentionsOf(now.Mentions()), volume)
	case b.Volume.Significant:
		mind := fmt.Sprintf("mood, at %s, did not change significantly", moodOf(now))
		if !b.Mood.Tested {
			mind = "too few in one of the windows to compare the mood"
		}
		return fmt.Sprintf("%s was mentioned %s: %s%s; %s.", b.Name, moreOrLess(b, window), mentionsOf(now.Mentions()), beside, mind)
	case now.Mentions() < Enough:
		return fmt.Sprintf("%s had %s in %s%s, too few to call anything a change.", b.Name, mentionsOf(now.Mentions()), spanNow(window), beside)
	case before.Mentions() == 0:
		return fmt.Sprintf("%s’s mood is %s, from %s in %s; there is nothing before to compare with.", b.Name, signed(now.Mood()), mentionsOf(now.Mentions()), spanNow(window))
	case before.Mentions() < Enough:
		return fmt.Sprintf("%s’s mood is %s, from %s%s; those before are too few to compare with.", b.Name, signed(now.Mood()), mentionsOf(now.Mentions()), beside)
	}
	return fmt.Sprintf("Nothing significant changed for %s: mood %s, from %s (%s from %s in %s).", b.Name, signed(now.Mood()),
		mentionsOf(now.Mentions()), signed(before.Mood()), count(before.Mentions()), spanBefore(window))
}

// moreOrLess says which way a number of mentions changed, and against what.
func moreOrLess(b Brand, window string) string {
	word := "more"
	if b.Volume.By < 0 {
		word = "less"
	}
	if b.Volume.Against == againstUsual {
		return word + " than usual"
	}
	return word + " than in " + spanBefore(window)
}

func moreOrFewer(b Brand) string {
	if b.Volume.By < 0 {
		return "fewer"
	}
	return "more"
}

// headlineOfMany says in one sentence what changed for several brands.
func headlineOfMany(brands []Brand, window string) string {
	var moods, volumes []string
	tested, mentions := 0, int64(0)
	for _, b := range brands {
		mentions += b.Now.Mentions
		if b.Mood.Tested || b.Volume.Tested {
			tested++
		}
		switch {
		case b.Mood.Significant:
			moods = append(moods, fmt.Sprintf("%s %s from %s to %s", clip(b.Name, 60), changed(b.Mood), signed(b.Before.Tally().Mood()), signed(b.Now.Tally().Mood())))
		case b.Volume.Significant:
			volumes = append(volumes, fmt.Sprintf("%s was mentioned %s (%s)", clip(b.Name, 60), moreOrLess(b, window), count(b.Now.Mentions)))
		}
	}
	all := append(moods, volumes...)
	switch {
	case len(all) == 0 && tested == 0 && mentions == 0:
		return fmt.Sprintf("Nobody mentioned any of %d brands in %s.", len(brands), spanNow(window))
	case len(all) == 0 && tested == 0:
		return fmt.Sprintf("%s of %d brands in %s: too little to compare with %s.", mentionsOf(mentions), len(brands), spanNow(window), spanBefore(window))
	case len(all) == 0:
		return fmt.Sprintf("Nothing significant changed for any of %d brands, from %s in %s.", len(brands), mentionsOf(mentions), spanNow(window))
	}
	const most = 3
	rest := ""
	if n := len(all) - most; n > 0 {
		all, rest = all[:most], fmt.Sprintf("; %d more changed", n)
	}
	lead := "Mood changed"
	if len(moods) == 0 {
		lead = "Only the number of mentions changed"
	}
	return fmt.Sprintf("%s: %s%s.", lead, strings.Join(all, "; "), rest)
}

// subjectOf says it in few words.
func subjectOf(c *Content) string {
	names := make([]string, len(c.Brands))
	for i, b := range c.Brands {
		names[i] = clip(b.Name, 40)
	}
	says := ""
	switch c.Verdict {
	case Changed:
		var what []string
		for _, b := range c.Brands {
			switch {
			case b.Mood.Significant && len(c.Brands) == 1:
				what = append(what, fmt.Sprintf("mood %s from %s to %s", changed(b.Mood), signed(b.Before.Tally().Mood()), signed(b.Now.Tally().Mood())))
			case b.Mood.Significant:
				what = append(what, fmt.Sprintf("%s %s to %s", clip(b.Name, 40), changed(b.Mood), signed(b.Now.Tally().Mood())))
			case b.Volume.Significant && len(c.Brands) == 1:
				what = append(what, "mentioned "+moreOrLess(b, c.Window))
			case b.Volume.Significant:
				what = append(what, clip(b.Name, 40)+" mentioned "+moreOrLess(b, c.Window))
			}
		}
		if says = what[0]; len(what) > 1 {
			says += fmt.Sprintf(" and %d more changes", len(what)-1)
		}
	case Unchanged:
		says = "nothing significant changed"
	case Silent:
		says = "no mentions"
	case TooFew:
		says = "too few mentions to compare"
	default:
		says = "nothing to compare with yet"
	}
	return fmt.Sprintf("%s: %s (%s)", subjectNames(names), says, spanShort(c.Window))
}
