package feed

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"slices"
	"strings"
	"time"

	"agora/mood"
)

const (
	outageDays = 90 * day
	stopPolls  = 2 // failures in a row that make an outage; one is a hiccup
	stopWaits  = 3 // intervals after which a source that was asked to wait has stopped
	stopHeld   = 4 // intervals after which one that isn't asked itself, since its host is down, has stopped
)

// told is what is known of a feed for people alone; polling doesn't need it.
type told struct {
	Title    string        `json:"title,omitempty"`
	Items    int           `json:"items,omitempty"`  // in the last document
	Status   int           `json:"status,omitempty"` // of the last answer
	Trouble  mood.Trouble  `json:"trouble,omitempty"`
	Interval time.Duration `json:"interval,omitempty"` // while all is well
	Outages  []stretch     `json:"outages,omitempty"`  // over ones, the oldest first
}

// stretch is from … to, in Unix seconds.
type stretch [2]int64

// describe remembers what a document says of itself.
func (s *state) describe(doc *document, items int) {
	s.Told.Title = plainTitle(doc.title)
	s.Told.Items = items
}

// plainTitle is a feed's own title as it can stand in a list of names.
func plainTitle(title string) string {
	return clip(strings.Map(func(r rune) rune {
		if r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u200e' || r == '\u200f' {
			return -1 // marks that turn the direction of what follows
		}
		return r
	}, Text(title)), 200)
}

// note remembers what a poll means for people; before is the state ahead of it.
func (p *Poller) note(src mood.Source, before, st *state, err error, event *Event, now time.Time) {
	if event.Result == "put-off" {
		return // nothing was learned of it
	}
	st.Told.Status = event.Status
	st.Told.Trouble = troubleOf(err, event.Status)
	if err != nil {
		return
	}
	st.Told.Interval = max(src.Every, st.NotBefore.Sub(now))
	if src.Every == 0 {
		st.Told.Interval = st.NextPoll.Sub(st.LastPoll)
	}
	if from, ok := before.stopped(st.LastPoll); ok {
		st.Told.Outages = withOutage(st.Told.Outages, from, st.LastPoll, st.Told.Interval)
	}
}

// slowError is what took too long, on the other side.
type slowError struct{ text string }

func slow(format string, args ...any) error { return &slowError{fmt.Sprintf(format, args...)} }

func (e *slowError) Error() string { return e.text }

// Timeout is for [net.Error].
func (e *slowError) Timeout() bool { return true }

// Temporary is for [net.Error].
func (e *slowError) Temporary() bool { return true }

// troubleOf sorts the error of a poll; status is that of its answer, 0: none.
func troubleOf(err error, status int) mood.Trouble {
	var (
		refused *statusError
		paused  *pausedError
		deliver *deliverError
		blocked *BlockedError
		network net.Error
		cert    *tls.CertificateVerificationError
		record  tls.RecordHeaderError
	)
	switch {
	case err == nil, errors.As(err, &paused):
		return ""
	case errors.As(err, &deliver):
		return mood.TroubleUndelivered
	case errors.As(err, &blocked):
		return mood.TroubleForbidden
	case errors.As(err, &refused):
		return mood.TroubleRefused
	case status != 0:
		return mood.TroubleUnreadable
	case errors.As(err, &network), errors.As(err, &cert), errors.As(err, &record), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return mood.TroubleUnreachable
	}
	return "" // its text says it better than a word could
}

// stopped says since when the source has been in an outage: two polls in a row
// failed, or it has been told to wait for longer than three intervals, or
// isn't asked for longer than four since its host is down. What can't be
// stored is no fault of the source.
func (s *state) stopped(now time.Time) (from time.Time, ok bool) {
	switch mood.SourceState(s.Word) {
	case mood.SourceFailing, mood.SourceNotAFeed, mood.SourceGone:
		if s.Told.Trouble == mood.TroubleUndelivered || s.Failures < stopPolls && !s.late(now, stopHeld) {
			return time.Time{}, false
		}
	case mood.SourceWaiting:
		if !s.late(now, stopWaits) {
			return time.Time{}, false
		}
	default:
		return time.Time{}, false
	}
	from = s.LastSuccess
	// While nobody polled, nothing was missed by the source's fault.
	if from.IsZero() || !s.Since.IsZero() && s.Since.Sub(from) > stopWaits*s.usualInterval() {
		from = s.Since
	}
	return from, !from.IsZero()
}

// late says whether the last good answer is more than so many intervals ago.
func (s *state) late(now time.Time, intervals time.Duration) bool {
	return !s.LastSuccess.IsZero() && now.Sub(s.LastSuccess) > intervals*s.usualInterval()
}

// usualInterval is the time between two polls while all is well.
func (s *state) usualInterval() time.Duration {
	if s.Told.Interval > 0 {
		return s.Told.Interval
	}
	return defaultFloor
}

// withOutage adds an outage that is over. One that follows the last after a
// single good answer goes on with it.
func withOutage(list []stretch, from, to time.Time, interval time.Duration) []stretch {
	list = slices.DeleteFunc(slices.Clone(list), func(o stretch) bool { return to.Unix()-o[1] > int64(outageDays/time.Second) })
	next := stretch{from.Unix(), to.Unix()}
	if last := len(list) - 1; last >= 0 && float64(next[0]-list[last][1]) < interval.Seconds() {
		list[last][1] = next[1]
		return list
	}
	list = append(list, next)
	return list[max(0, len(list)-mood.MaxOutages+1):] // one more may last
}

// outages are those of the last 90 days, the newest first.
func (s *state) outages(now time.Time) []mood.Outage {
	var list []mood.Outage
	if from, ok := s.stopped(now); ok {
		list = append(list, mood.Outage{From: from.UTC()})
	}
	for _, o := range slices.Backward(s.Told.Outages) {
		if to := time.Unix(o[1], 0).UTC(); now.Sub(to) < outageDays {
			list = append(list, mood.Outage{From: time.Unix(o[0], 0).UTC(), To: &to})
		}
	}
	return list
}

// today is how many items were published in the last 24 hours.
func (s *state) today(now time.Time) int {
	from, _ := slices.BinarySearch(s.Recent, now.Add(-day).Unix())
	to, _ := slices.BinarySearch(s.Recent, now.Unix()+1)
	if from == 0 && len(s.Recent) >= maxRecent {
		return int(math.Round(s.perDay(now, day))) // more than are remembered
	}
	return max(0, to-from)
}

// The silence of a feed that answers is worth a hint when it is longer than
// two days, three times its longest pause before, and eight usual ones.
const (
	silenceDays    = 2
	silencePauses  = 3
	silenceUsual   = 8
	silenceAtLeast = 5 // items from which on a habit shows
)

// silent says since when a feed has published nothing though it usually does,
// and how many items a day it had before.
func (s *state) silent(now time.Time) (since time.Time, perDay float64) {
	n := len(s.Recent)
	if n < silenceAtLeast || s.LastSuccess.IsZero() {
		return time.Time{}, 0
	}
	first, last := s.Recent[0], s.Recent[n-1]
	quiet := now.Unix() - last
	if quiet < silenceDays*int64(day/time.Second) {
		return time.Time{}, 0
	}
	var longest int64
	for i := 1; i < n; i++ {
		longest = max(longest, s.Recent[i]-s.Recent[i-1])
	}
	usual := float64(last-first) / float64(n-1)
	if usual <= 0 || quiet < max(silencePauses*longest, int64(silenceUsual*usual)) {
		return time.Time{}, 0
	}
	return time.Unix(last, 0).UTC(), math.Round(10*float64(day/time.Second)/usual) / 10
}

// tell adds what people like to know.
func (s *state) tell(h *mood.SourceHealth, src mood.Source, now time.Time) {
	h.Title, h.Items, h.LastStatus = s.Told.Title, s.Told.Items, s.Told.Status
	h.Interval = math.Round(s.Told.Interval.Seconds()*10) / 10
	h.Today, h.Outages = s.today(now), s.outages(now)
	if src.Unnamed && h.Title != "" {
		h.Name = h.Title
	}
	switch h.State {
	case mood.SourceFine, mood.SourceMoved:
		if s.Moved.believed() {
			h.MovedTo = s.Moved.URL
		}
		if since, perDay := s.silent(now); perDay > 0 {
			h.SilentSince, h.UsualPerDay = &since, perDay
		}
	case mood.SourceFailing, mood.SourceNotAFeed, mood.SourceGone, mood.SourceWaiting:
		h.Trouble, h.Since = s.Told.Trouble, timeOrNil(s.Since)
		if h.State == mood.SourceFailing && s.Failures == 0 {
			h.Trouble = mood.TroubleUnreachable // its host is
		}
		if h.Stopped() {
			h.Since = &h.Outages[0].From
		}
	case mood.SourceNew, mood.SourcePaused:
	}
}
