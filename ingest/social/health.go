package social

import (
	"maps"
	"math"
	"net/url"
	"slices"
	"time"

	"agora/mood"
)

// health tells people how a source does.
func (e *entry) health(now time.Time) mood.SourceHealth {
	s := e.state
	if s == nil {
		s = &state{}
	}
	h := mood.SourceHealth{
		ID: e.spec.ID, Name: e.spec.Name, Kind: e.spec.Kind, URL: shownURL(e.spec.Source), State: mood.SourceState(s.Word),
		LastSuccess: timeOrNil(s.LastSuccess), LastItem: timeOrNil(s.LastItem), NextPoll: timeOrNil(s.NextPoll),
		ItemsPerDay: math.Round(s.perDay(now)*10) / 10, TooOld: s.TooOld, LastError: s.Error,
		Trouble: s.Trouble, LastStatus: s.Status, Items: s.Items, Today: s.today(now),
	}
	if h.State == "" {
		h.State = mood.SourceNew
		if e.source == nil { // nobody asks it
			h.State = mood.SourceFine
		}
	}
	if h.LastError == "" {
		h.LastError = s.Note
	}
	if !e.live() {
		h.Interval = e.interval().Seconds()
	}
	if h.State == mood.SourceWaiting && s.Hold.After(s.NextPoll) {
		h.NextPoll = timeOrNil(s.Hold)
	}
	if from, ok := s.stopped(); ok {
		h.Outages = append(h.Outages, mood.Outage{From: from.UTC()})
	}
	for _, o := range s.Outages {
		if o.To != nil && now.Sub(*o.To) < 90*day {
			h.Outages = append(h.Outages, o)
		}
	}
	if s.Failures > 0 {
		h.Since = timeOrNil(s.Since)
		if h.Stopped() {
			h.Since = &h.Outages[0].From
		}
	}
	return h
}

// perDay is how many items a day the source brought over the last week, or over
// the time that is known of it.
func (s *state) perDay(now time.Time) float64 {
	if len(s.Hours) == 0 {
		return 0
	}
	oldest := time.Unix(slices.Min(slices.Collect(maps.Keys(s.Hours)))*3600, 0)
	span := min(7*day, max(now.Sub(s.Begun), now.Sub(oldest), day))
	return float64(s.Hours.since(now, hoursKept)) / (float64(span) / float64(day))
}

// today is how many items were published in the last 24 hours.
func (s *state) today(now time.Time) int { return s.Hours.since(now, 24) }

// shownURL is the address of a source as others than its operator may see it.
func shownURL(src mood.Source) string {
	u, err := url.Parse(src.URL)
	if err != nil {
		return ""
	}
	if src.Secret {
		return u.Scheme + "://" + u.Host + "/"
	}
	u.User = nil
	return u.String()
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
