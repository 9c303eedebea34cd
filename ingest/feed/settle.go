package feed

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"agora/mood"
)

// succeed notes what a poll that brought a document, or that there is nothing
// new, means for the next one.
func (p *Poller) succeed(src mood.Source, st *state, ans *answer, fresh time.Duration, now time.Time) {
	st.LastSuccess = now
	st.Failures, st.Gone, st.Since = 0, 0, time.Time{}
	st.Word, st.Error = string(mood.SourceFine), ""
	st.sight(ans.moved, now)
	st.Onward = onward{}
	if st.Moved.believed() {
		st.Word = string(mood.SourceMoved)
		st.Error = fmt.Sprintf("it has moved for good and is asked at its new address: write %s into the configuration", st.Moved.URL)
	}
	st.NextPoll, st.NotBefore = p.schedule.afterSuccess(src, st, fresh, st.LastPoll, now)
	st.leaveAlone(ans.pausedUntil, p.schedule.spread(src))
}

// leaveAlone puts the next poll after what an answer asked for.
func (s *state) leaveAlone(until time.Time, spread time.Duration) {
	if until.IsZero() {
		return
	}
	s.NotBefore = later(s.NotBefore, until)
	if !s.NextPoll.IsZero() && s.NextPoll.Before(until) {
		s.NextPoll = until.Add(spread)
	}
}

// sight counts sightings of a permanent redirect that led to a feed.
func (s *state) sight(moved *url.URL, now time.Time) {
	switch {
	case moved == nil && !s.Moved.believed():
		s.Moved = movedTo{}
	case moved == nil:
	case addressKey(moved) == s.Moved.URL:
		s.Moved.Times++
		s.Moved.Last = now
	default:
		s.Moved = movedTo{URL: addressKey(moved), Since: now, Last: now, Times: 1}
	}
}

// disbelieve goes back from the new address to the old one when the feed isn't
// there, or isn't to be had for long.
func (s *state) disbelieve(code int) bool {
	if !s.Moved.believed() || s.Failures < 3 && code != http.StatusNotFound && code != http.StatusGone {
		return false
	}
	s.Moved = movedTo{}
	return true
}

// fail notes an error and when to ask again. What marks were learned in this
// poll is forgotten, except that it was polled.
func (p *Poller) fail(src mood.Source, st *state, err error, event *Event, now time.Time) {
	p.mu.Lock()
	old := *st
	if sub := p.subs[src.ID]; sub != nil && sub.state != nil {
		old = *sub.state
	}
	p.mu.Unlock()
	st.Items, st.Largest, st.Seen, st.SeenTill = old.Items, old.Largest, old.Seen, old.SeenTill
	event.Result = "failed"
	var (
		paused  *pausedError
		putOff  *putOffError
		deliver *deliverError
		refused *refusedError
		status  *statusError
		hop     *hopError
	)
	st.Onward = onward{}
	st.Failures++
	if st.Since.IsZero() {
		st.Since = now
	}
	st.Word, st.Error = string(stateOf(err)), say(err)
	st.NextPoll = p.schedule.afterFailure(src, st, now)
	st.NotBefore = time.Time{}
	if errors.As(err, &hop) && hop.answer != nil {
		st.leaveAlone(hop.answer.pausedUntil, p.schedule.spread(src))
	}
	switch {
	case errors.As(err, &putOff):
		st.goOn(putOff.next, old.Onward, putOff.moved)
		st.Failures, st.Since, st.Word, st.Error = old.Failures, old.Since, old.Word, old.Error
		st.NotBefore, st.NextPoll = putOff.until, putOff.until
		event.Result = "put-off"
		return
	case errors.As(err, &paused):
		st.Word = string(mood.SourceWaiting)
		st.NotBefore = paused.until
		st.NextPoll = later(paused.until, now.Add(p.schedule.interval(src, st, 0, now))).Add(p.schedule.spread(src))
		if paused.next != nil {
			st.goOn(paused.next, old.Onward, paused.moved)
			st.NextPoll = paused.until.Add(p.schedule.spread(src))
		}
	case errors.As(err, &deliver):
		// The publisher did nothing wrong; and what can't be stored now can be
		// soon, so it isn't left for long.
		soon := time.Minute << min(st.Failures-1, 4)
		st.NextPoll = later(st.NotBefore, now.Add(min(p.schedule.interval(src, st, 0, now), soon)))
		event.Result = "undelivered"
	case errors.Is(err, errGaveWay):
		st.Failures, st.Since, st.Word, st.Error = old.Failures, old.Since, old.Word, old.Error
		st.NextPoll = later(st.NotBefore, now.Add(slowAgain))
		event.Result = "put-off"
		return
	case errors.Is(err, errNoRoom):
		// It isn't the publisher's fault, so it isn't counted as one.
		st.Failures, st.Since, st.Word = old.Failures, old.Since, old.Word
		st.NextPoll = later(st.NotBefore, now.Add(min(p.schedule.interval(src, st, 0, now), time.Minute)))
		event.Result = "no-room"
		return
	case errors.As(err, &refused):
		st.Word = string(refused.word)
		if refused.word == mood.SourceNotAFeed {
			event.Result = "not-a-feed"
		}
	case errors.As(err, &status) && status.code == http.StatusGone:
		event.Result = "gone"
		if st.disbelieve(status.code) {
			break
		}
		st.Gone++
		st.NextPoll = later(st.NotBefore, later(st.NextPoll, now.Add(goneWait)))
		if st.Gone >= 2 {
			st.Word = string(mood.SourceGone)
			st.NextPoll = time.Time{}
		} else {
			st.Error += ". It is asked once more to be sure"
		}
		return
	case errors.Is(err, errNotAFeed):
		event.Result = "not-a-feed"
	}
	if code := 0; paused == nil && deliver == nil {
		if status != nil {
			code = status.code
		}
		st.disbelieve(code)
	}
	if st.Gone < 2 {
		st.Gone = 0
	}
	if st.Failures == 1 {
		p.log.Info("a feed failed", slog.String("source", src.ID), slog.String("url", src.URL), slog.String("error", st.Error))
	}
}

// goOn keeps where a redirect leads that is followed later, unless that never
// ends.
func (s *state) goOn(next *url.URL, before onward, moved *url.URL) {
	if before.Hops >= maxRedirects {
		return
	}
	s.Onward = onward{URL: next.String(), Hops: before.Hops + 1}
	if moved != nil {
		s.Onward.Moved = addressKey(moved)
	}
}
