package feed

import (
	"math"
	"time"

	"agora/mood"
)

// schedule decides when a feed is asked again.
type schedule struct {
	floor  time.Duration  // no feed is polled more often, unless the operator says so
	random func() float64 // 0 ≤ x < 1
}

const (
	defaultFloor   = 15 * time.Minute
	goneWait       = time.Hour
	unconditionals = 8 * day     // between full fetches that ignore the validators
	leastFresh     = time.Minute // a max-age below is no invitation
	spreadAtMost   = 15 * time.Minute
	leastWatched   = 15 * time.Minute // from which a rate of items is read
)

// interval is the time between two polls of a feed that answers, before the
// publisher's wishes. fresh is the max-age of the last answer: it says outright
// how often the feed may be asked, and so lowers the common floor.
func (s schedule) interval(src mood.Source, st *state, fresh time.Duration, now time.Time) time.Duration {
	if src.Every > 0 {
		return src.Every
	}
	floor := s.floorOf(src)
	if fresh > 0 {
		floor = max(min(floor, max(fresh, leastFresh)), src.Floor)
	}
	// A quarter of the usual time between items finds most of them early;
	// a feed that fell silent is asked less and less often.
	silence := now.Sub(st.Begun)
	if !st.LastItem.IsZero() {
		silence = now.Sub(st.LastItem)
	}
	gap := silence
	if rate := st.perDay(now, leastWatched); rate > 0 {
		gap = max(time.Duration(float64(day)/rate), silence/4)
	}
	interval := max(gap/4, floor)
	// What a feed lists at first says little of how often it gains items, so it
	// isn't left alone for long before it was watched for long.
	if watched := now.Sub(st.Begun); !st.Begun.IsZero() {
		interval = min(interval, max(floor, watched/2))
	}
	return min(interval, day)
}

func (s schedule) floorOf(src mood.Source) time.Duration {
	if src.Floor > 0 {
		return max(src.Floor, s.floor)
	}
	return s.floor
}

// usual is the interval of a source of which nothing is known.
func (s schedule) usual(src mood.Source) time.Duration {
	if src.Every > 0 {
		return src.Every
	}
	return s.floorOf(src)
}

// afterSuccess gives the next poll, and what of it the publisher demands.
func (s schedule) afterSuccess(src mood.Source, st *state, fresh time.Duration, begun, now time.Time) (next, notBefore time.Time) {
	interval := s.interval(src, st, fresh, now)
	spread := 0.1
	if src.Every == 0 {
		interval = max(interval, min(st.Asks.Update, day))
		if st.Polls <= 1 {
			spread = 1.5 // all sources were first polled at once, and are young together
		}
	} else if src.Every < time.Minute {
		spread = 0 // such short intervals are meant as they stand
	}
	next = begun.Add(interval + s.some(spread, interval))
	if src.Every == 0 && next.Sub(begun) > day {
		next = begun.Add(day - s.some(spread, day)) // a day is the longest
	}
	if st.Cut > 1 {
		// A server that keeps cutting its document off is asked for the
		// whole of it more and more seldom.
		next = later(next, s.backOff(src, min(st.Cut, 5), day, now))
	}
	if wish := max(fresh, st.Asks.TTL); wish > 0 {
		notBefore = now.Add(wish)
	}
	if notBefore.After(next) {
		next = notBefore.Add(s.spread(src))
	}
	if allowed := s.allowed(src, st, next); allowed.After(next) {
		next, notBefore = allowed, allowed
	}
	return next, notBefore
}

// allowed moves a poll out of the hours and days that the publisher skips. The
// polls of all feeds that end a pause at the full hour are spread over some of
// it.
func (s schedule) allowed(src mood.Source, st *state, t time.Time) time.Time {
	after := st.Asks.after(t)
	if after.Equal(t) {
		return t
	}
	return after.Add(s.spread(src))
}

// spread is a random wait after a moment that many feeds may wait for.
func (s schedule) spread(src mood.Source) time.Duration {
	usual := s.usual(src)
	if usual < time.Minute {
		return 0
	}
	return s.some(1, min(usual/10, spreadAtMost))
}

// some is a random part of a share of d.
func (s schedule) some(share float64, d time.Duration) time.Duration {
	return time.Duration(share * s.random() * float64(d))
}

// afterFailure backs off: twice as long with every failure in a row, at a
// random point of the stretch, so that many feeds of a host that was down
// don't come back in step. A day is the longest; where the operator fixed an
// interval, sixteen of those, but an hour at least.
func (s schedule) afterFailure(src mood.Source, st *state, now time.Time) time.Time {
	return s.allowed(src, st, s.backOff(src, st.Failures, day, now))
}

func (s schedule) backOff(src mood.Source, failures int, longest time.Duration, now time.Time) time.Time {
	base := s.usual(src)
	if src.Every > 0 {
		longest = min(longest, max(16*min(src.Every, day), time.Hour))
	}
	longest = max(longest, base)
	stretch := float64(base) * math.Pow(2, float64(min(failures, 30)))
	limit := time.Duration(min(stretch, float64(longest)))
	wait := base
	if limit > base {
		wait += s.some(1, limit-base)
	}
	return now.Add(wait)
}

// atStart gives when a feed known from before is asked: as planned, but sooner
// if its interval was shortened meanwhile, and never against a wish of the
// publisher.
func (s schedule) atStart(src mood.Source, st *state, now time.Time) time.Time {
	if st.LastPoll.IsZero() || st.NextPoll.IsZero() {
		return later(now, st.NotBefore)
	}
	due := st.NextPoll
	if latest := now.Add(max(day, src.Every) + day/4); due.After(latest) {
		due = latest // the clock went back, or the state is broken
	}
	if src.Every > 0 && st.Failures == 0 {
		if sooner := st.LastPoll.Add(src.Every); sooner.Before(due) {
			due = sooner
		}
	}
	due = later(due, st.NotBefore)
	if st.Gone == 1 {
		due = later(due, st.LastPoll.Add(goneWait))
	}
	if due.Before(now) {
		due = s.allowed(src, st, now)
	}
	return due
}
