package mood

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// SilenceKind is why nothing moves on a screen.
type SilenceKind string

// The silences, the gravest first. The page knows one more, its own link.
const (
	SilenceNone    SilenceKind = "none"
	SilenceLink    SilenceKind = "link"    // whoever shows the screen can't reach what it shows
	SilenceIngest  SilenceKind = "ingest"  // nothing is taken in, or counted
	SilenceSources SilenceKind = "sources" // some that matter stopped
	SilenceQuiet   SilenceKind = "quiet"   // nobody said anything
)

// Silence says why nothing moves.
type Silence struct {
	Kind     SilenceKind
	Sentence string   // empty for none
	Stale    bool     // what is on the screen may be old
	Also     []string // less urgent sentences
}

// quietAfter is when nobody talking is worth a word.
const quietAfter = 10 * time.Minute

// Sources that stopped are worth a word when they carry more than this part of
// what is heard, or are more than this part of all.
const worthAWord = 0.1

const longestName = 32 // characters of a source's name, so that the sentence stays on its line

// Silence says which silence there is, the gravest first: as
// static/src/silence.js does; both are held to testdata/silences.json. Last is
// when something was said last; nil: never yet. Times are on the clock of loc
// (nil: UTC).
func (st Status) Silence(last *time.Time, now time.Time, loc *time.Location) Silence {
	if loc == nil {
		loc = time.UTC
	}
	var found []Silence
	for _, s := range []Silence{st.ingestSilence(now, loc), st.Sources.silence(now, loc), quietSilence(last, now)} {
		if s.Sentence != "" {
			found = append(found, s)
		}
	}
	if len(found) == 0 {
		return Silence{Kind: SilenceNone}
	}
	first := found[0]
	first.Stale = first.Kind == SilenceIngest
	for _, s := range found[1:] {
		first.Also = append(first.Also, s.Sentence)
	}
	return first
}

func (st Status) ingestSilence(now time.Time, loc *time.Location) Silence {
	at := func(since *time.Time) string {
		if since == nil || since.IsZero() {
			return ""
		}
		return " at " + clockWord(*since, now, loc)
	}
	switch {
	case st.Redis.State == "down":
		return Silence{Kind: SilenceIngest, Sentence: "Counting stopped" + at(st.Redis.Since) + ": the store doesn’t answer"}
	case st.Ingest.State == "down":
		return Silence{Kind: SilenceIngest, Sentence: "Ingest stopped" + at(st.Ingest.Since)}
	}
	return Silence{}
}

func (s SourcesStatus) silence(now time.Time, loc *time.Location) Silence {
	share := shareOr0(s.Share)
	if !matters(s.Failing, s.Total, share) {
		return Silence{}
	}
	say := func(format string, args ...any) Silence {
		return Silence{Kind: SilenceSources, Sentence: fmt.Sprintf(format, args...)}
	}
	switch worst := s.Worst; {
	case worst != nil && s.Total == 1:
		return say("The only source, %s, %s", nameWord(worst.Name), worst.sayStopped(now, loc))
	case s.Failing == s.Total && s.Total == 1:
		return say("The only source is failing")
	case s.Failing == s.Total:
		return say("All %d sources are failing", s.Total)
	case worst != nil && (s.Failing == 1 || shareOr0(worst.Share) > worthAWord && !matters(s.Failing-1, s.Total, share-shareOr0(worst.Share))):
		// The others go unnamed when they alone would not be worth a word.
		return say("%s %s%s", nameWord(worst.Name), worst.sayStopped(now, loc), heardWord(shareOr0(worst.Share)))
	default:
		return say("%d of %d sources failing%s", s.Failing, s.Total, heardWord(share))
	}
}

func matters(failing, total int, share float64) bool {
	return failing > 0 && (failing >= total || float64(failing) > float64(total)*worthAWord || share > worthAWord)
}

func shareOr0(share *float64) float64 {
	if share == nil {
		return 0
	}
	return *share
}

func heardWord(share float64) string {
	if share < 0.005 {
		return ""
	}
	return fmt.Sprintf(" (%d %% of what we hear)", int(math.Round(share*100)))
}

// nameWord is a name as it can stand within a sentence: on one line, not too
// long, and with no say in the direction of what stands around it.
func nameWord(name string) string {
	plain := []rune(strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f {
			return -1
		}
		return r
	}, name)), " "))
	if len(plain) > longestName {
		return "\u2068" + strings.TrimSpace(string(plain[:longestName-1])) + "…\u2069"
	}
	return "\u2068" + string(plain) + "\u2069"
}

// sayStopped is what a source that stopped does, after its name.
func (h *SourceHealth) sayStopped(now time.Time, loc *time.Location) string {
	since := ""
	if h.Since != nil {
		since = " since " + clockWord(*h.Since, now, loc)
	}
	switch h.State {
	case SourceWaiting:
		if h.NextPoll != nil {
			return "asks us to wait until " + clockWord(*h.NextPoll, now, loc)
		}
		return "asks us to wait"
	case SourceGone:
		return "is gone for good"
	case SourceNotAFeed:
		return "has not been a feed" + since
	}
	switch h.Trouble {
	case TroubleUnreachable:
		return "has been unreachable" + since
	case TroubleUnreadable:
		return "has been unreadable" + since
	case TroubleRefused:
		switch {
		case h.LastStatus == 401:
			return "has wanted a login" + since
		case h.LastStatus == 403:
			return "has refused us" + since
		case h.LastStatus == 404:
			return "has not been found" + since
		case h.LastStatus >= 500:
			return "has been broken" + since
		}
	}
	return "has been failing" + since
}

func quietSilence(last *time.Time, now time.Time) Silence {
	s := Silence{Kind: SilenceQuiet}
	switch {
	case last == nil:
		s.Sentence = "Quiet: nothing has been said yet"
	case now.Sub(*last) >= quietAfter:
		s.Sentence = "Quiet: nobody said anything for " + spanWord(now.Sub(*last))
	}
	return s
}

// SpanWord is a length of time as people say it: 8 s, 12 min, 3 h, 2 days.
func SpanWord(d time.Duration) string { return spanWord(d) }

// ClockWord is a time of day on the clock of loc, with its day when that isn't
// today.
func ClockWord(t, now time.Time, loc *time.Location) string { return clockWord(t, now, loc) }
