package social

import (
	"encoding/json"
	"time"

	"agora/mood"
)

// hours are how many items are dated in each hour since 1970, over the last week.
type hours map[int64]int

const hoursKept = 7 * 24

// with gives a copy that has some more: others may be reading this one.
func (h hours) with(now time.Time, dates ...time.Time) hours {
	this := now.Unix() / 3600
	next := make(hours, len(h)+1)
	for hour, n := range h {
		if this-hour < hoursKept {
			next[hour] = n
		}
	}
	for _, at := range dates {
		if hour := at.Unix() / 3600; this-hour < hoursKept {
			next[hour]++
		}
	}
	return next
}

// since counts those of the hours that began less than some hours ago.
func (h hours) since(now time.Time, last int64) (n int) {
	for hour, items := range h {
		if now.Unix()/3600-hour < last {
			n += items
		}
	}
	return n
}

// state is what is known of a source between two rounds, and after a restart.
type state struct {
	Of     string          `json:"of"` // what the cursor is about: another search starts anew
	Cursor json.RawMessage `json:"cursor,omitempty"`

	Begun       time.Time `json:"begun"`
	LastSuccess time.Time `json:"last_success"`
	LastItem    time.Time `json:"last_item"`
	NextPoll    time.Time `json:"next_poll"`
	Hold        time.Time `json:"hold,omitzero"` // the service asked to be left alone until then

	Failures int           `json:"failures,omitempty"` // in a row
	Word     string        `json:"state,omitempty"`
	Error    string        `json:"error,omitempty"`
	Note     string        `json:"note,omitempty"` // what is wrong with items that came, though the line is fine
	Trouble  mood.Trouble  `json:"trouble,omitempty"`
	Status   int           `json:"status,omitempty"`
	Since    time.Time     `json:"since,omitzero"` // of the first failure in a row
	Hours    hours         `json:"hours,omitempty"`
	Recent   []int64       `json:"recent,omitempty"` // of before there were hours
	Items    int           `json:"items,omitempty"`  // in the last round
	TooOld   int64         `json:"too_old,omitempty"`
	Outages  []mood.Outage `json:"outages,omitempty"` // over ones, the newest first
}

// loadState reads what was kept. What is broken counts as nothing, and times
// that can't be are put right.
func loadState(raw []byte, of string, now time.Time) *state {
	s := &state{}
	if len(raw) == 0 || json.Unmarshal(raw, s) != nil {
		s = &state{}
	}
	if s.Of != of { // it looked for something else
		s.Of, s.Cursor, s.NextPoll = of, nil, time.Time{}
	}
	for _, at := range s.Recent {
		s.Hours = s.Hours.with(now, time.Unix(at, 0))
	}
	s.Recent = nil
	for _, t := range [...]*time.Time{&s.Begun, &s.LastSuccess, &s.LastItem, &s.Since} {
		if t.After(now) {
			*t = now
		}
	}
	if s.NextPoll.After(now.Add(8 * day)) {
		s.NextPoll = now
	}
	if s.Hold.After(now.Add(day)) {
		s.Hold = now.Add(day)
	}
	return s
}

// remember takes the dates of delivered items into what is told of the source.
func (s *state) remember(items []mood.Mention, now time.Time) {
	dates := make([]time.Time, 0, len(items))
	for i := range items {
		if items[i].Edited {
			continue
		}
		at := items[i].Published
		if at.IsZero() || at.After(now) {
			at = now
		}
		dates = append(dates, at)
		if at.After(s.LastItem) {
			s.LastItem = at
		}
	}
	s.Hours = s.Hours.with(now, dates...)
}

// fine notes that the service answers.
func (s *state) fine(now time.Time) {
	if s.Failures >= stopFailures && !s.Since.IsZero() {
		from, to := s.Since.UTC(), now.UTC()
		if !s.LastSuccess.IsZero() && s.LastSuccess.Before(from) {
			from = s.LastSuccess.UTC()
		}
		s.Outages = append([]mood.Outage{{From: from, To: &to}}, s.Outages...)
		s.Outages = s.Outages[:min(len(s.Outages), mood.MaxOutages-1)]
	}
	s.Word, s.Error, s.Trouble, s.Status, s.Failures, s.Since, s.Hold = string(mood.SourceFine), "", "", 0, 0, time.Time{}, time.Time{}
	s.LastSuccess = now
	if s.Begun.IsZero() {
		s.Begun = now
	}
}

// stopFailures are those in a row that make an outage; one is a hiccup.
const stopFailures = 2

// stopped says since when the source has been in an outage. What can't be
// stored is no fault of the source.
func (s *state) stopped() (from time.Time, ok bool) {
	if s.Failures < stopFailures || s.Trouble == mood.TroubleUndelivered {
		return time.Time{}, false
	}
	if !s.LastSuccess.IsZero() {
		return s.LastSuccess, true
	}
	return s.Since, !s.Since.IsZero()
}
