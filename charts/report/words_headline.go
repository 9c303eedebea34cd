package report

import (
	"fmt"
	"strings"

	"agora/charts"
)

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
		beside = fmt.Sprintf(" (%s in %s)", charts.CountWord(before.Mentions()), spanBefore(window))
	}
	// How many there are, where that alone is news.
	volume := beside
	if b.Volume.Significant && b.Volume.Against == againstUsual {
		volume += ", " + moreOrFewer(b) + " than usual"
	} else if b.Volume.Significant {
		volume = fmt.Sprintf(", significantly %s than the %s in %s", moreOrFewer(b), charts.CountWord(before.Mentions()), spanBefore(window))
	}
	switch {
	case now.Mentions() == 0 && before.Mentions() == 0:
		return fmt.Sprintf("Nobody mentioned %s in %s, nor in %s.", b.Name, spanNow(window), spanBefore(window))
	case now.Mentions() == 0:
		return fmt.Sprintf("Nobody mentioned %s in %s%s.", b.Name, spanNow(window), volume)
	case b.Mood.Significant:
		return fmt.Sprintf("%s’s mood %s from %s to %s, from %s%s.", b.Name, changed(b.Mood), signed(before.Mood()), signed(now.Mood()),
			charts.MentionsWord(now.Mentions()), volume)
	case b.Volume.Significant:
		mind := fmt.Sprintf("mood, at %s, did not change significantly", moodOf(now))
		if !b.Mood.Tested {
			mind = "too few in one of the windows to compare the mood"
		}
		return fmt.Sprintf("%s was mentioned %s: %s%s; %s.", b.Name, moreOrLess(b, window), charts.MentionsWord(now.Mentions()), beside, mind)
	case now.Mentions() < Enough:
		return fmt.Sprintf("%s had %s in %s%s, too few to call anything a change.", b.Name, charts.MentionsWord(now.Mentions()), spanNow(window), beside)
	case before.Mentions() == 0:
		return fmt.Sprintf("%s’s mood is %s, from %s in %s; there is nothing before to compare with.", b.Name, signed(now.Mood()), charts.MentionsWord(now.Mentions()), spanNow(window))
	case before.Mentions() < Enough:
		return fmt.Sprintf("%s’s mood is %s, from %s%s; those before are too few to compare with.", b.Name, signed(now.Mood()), charts.MentionsWord(now.Mentions()), beside)
	}
	return fmt.Sprintf("Nothing significant changed for %s: mood %s, from %s (%s from %s in %s).", b.Name, signed(now.Mood()),
		charts.MentionsWord(now.Mentions()), signed(before.Mood()), charts.CountWord(before.Mentions()), spanBefore(window))
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
			moods = append(moods, fmt.Sprintf("%s %s from %s to %s", b.Name, changed(b.Mood), signed(b.Before.Tally().Mood()), signed(b.Now.Tally().Mood())))
		case b.Volume.Significant:
			volumes = append(volumes, fmt.Sprintf("%s was mentioned %s (%s)", b.Name, moreOrLess(b, window), charts.CountWord(b.Now.Mentions)))
		}
	}
	all := append(moods, volumes...)
	switch {
	case len(all) == 0 && tested == 0 && mentions == 0:
		return fmt.Sprintf("Nobody mentioned any of %d brands in %s.", len(brands), spanNow(window))
	case len(all) == 0 && tested == 0:
		return fmt.Sprintf("%s of %d brands in %s: too little to compare with %s.", charts.MentionsWord(mentions), len(brands), spanNow(window), spanBefore(window))
	case len(all) == 0:
		return fmt.Sprintf("Nothing significant changed for any of %d brands, from %s in %s.", len(brands), charts.MentionsWord(mentions), spanNow(window))
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
