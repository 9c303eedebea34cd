package mood

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Say is the state of a source in a short sentence, without a full stop, such
// as "unreachable since 14:05". Times are on the clock of loc (nil: UTC), with
// their day where it isn't today.
//
// Programs get this sentence; page and wall make their own from the same facts
// (static/src/source-words.js), so that it can be translated. Both are held to
// testdata/source_words.json.
func (h *SourceHealth) Say(now time.Time, loc *time.Location) string {
	if loc == nil {
		loc = time.UTC
	}
	since := ""
	if h.Since != nil {
		since = " since " + clockWord(*h.Since, now, loc)
	}
	switch h.State {
	case SourceNew:
		return "not asked yet"
	case SourcePaused:
		return "paused"
	case SourceWaiting:
		if h.NextPoll == nil {
			return "asked to slow down" + since
		}
		return "asked to slow down until " + clockWord(*h.NextPoll, now, loc)
	case SourceGone:
		return "gone: taken down for good"
	case SourceNotAFeed:
		what, _, _ := strings.Cut(h.LastError, ". ")
		if what == "" {
			return "not a feed" + since
		}
		return "not a feed: " + what
	case SourceFailing:
		return h.sayTrouble() + since
	case SourceMoved:
		if h.MovedTo != "" {
			return "moved to " + h.MovedTo
		}
		return "moved"
	}
	switch {
	case h.SilentSince != nil:
		return fmt.Sprintf("no new item for %s, usually %s", spanWord(now.Sub(*h.SilentSince)), rateWord(h.UsualPerDay))
	case h.Kind == "push" || h.LastSuccess == nil:
		return "fine"
	case h.Today == 0:
		return "fine: nothing new in 24 h"
	}
	return fmt.Sprintf("fine: %s new in 24 h", thousands(h.Today))
}

func (h *SourceHealth) sayTrouble() string {
	switch h.Trouble {
	case TroubleUnreachable:
		return "unreachable"
	case TroubleUnreadable:
		return "can’t be read"
	case TroubleForbidden:
		return "not allowed to be asked"
	case TroubleUndelivered:
		return "its items can’t be stored"
	case TroubleRefused:
		switch {
		case h.LastStatus == 401:
			return "wants a login"
		case h.LastStatus == 403:
			return "refuses us"
		case h.LastStatus == 404:
			return "not found at its address"
		case h.LastStatus == 410:
			return "says that it is gone"
		case h.LastStatus >= 500:
			return fmt.Sprintf("broken on its side (%d)", h.LastStatus)
		case h.LastStatus > 0:
			return fmt.Sprintf("answers with an error (%d)", h.LastStatus)
		}
	}
	return "failing"
}

// clockWord is a time of day, with its day when that isn't today: as clockTime
// of static/src/time-words.js.
func clockWord(t, now time.Time, loc *time.Location) string {
	t, now = t.In(loc), now.In(loc)
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		return t.Format("15:04")
	case now.Sub(t).Abs() < 6*24*time.Hour:
		return t.Format("Mon 15:04")
	}
	return t.Format("2 Jan 15:04")
}

// spanWord is a length of time: 8 s, 12 min, 3 h, 2 days.
func spanWord(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(0, int(d.Seconds())))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%s days", thousands(int(d.Hours()/24)))
}

// rateWord is how many items there are in a time that gives a whole number.
func rateWord(perDay float64) string {
	if perDay >= 0.95 {
		return thousands(int(math.Round(perDay))) + " a day"
	}
	if perDay <= 0 {
		return "few"
	}
	return fmt.Sprintf("one in %d days", int(math.Round(1/perDay)))
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
