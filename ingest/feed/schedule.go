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
	unconditionals = 8 * day // between full fetches that ignore the validators
)

// interval is the time between two polls of a feed that answers, before the
// publisher's wishes.
func (s schedule) interval(src mood.Source, st *state, now time.Time) time.Duration {
	if src.Every > 0 {
		return src.Every
	}
	floor := s.floorOf(src)
	// A quarter of the usual time between items finds most of them early;
	// a feed that fell silent is asked less and less often.
	silence := now.Sub(st.Begun)
	if !st.LastItem.IsZero() {
		silence = now.Sub(st.LastItem)
	}
	gap := silence
	if rate := st.perDay(now); rate > 0 {
		gap = max(time.Duration(float64(day)/rate), silence/4)
	}
	return min(max(gap/4, floor), day)
}

func (s schedule) floorOf(src mood.Source) time.Duration {
	if src.Floor > 0 {
		return max(src.Floor, s.floor)
	}
	return s.floor
}

// afterSuccess gives the next poll, and what of it the publisher demands.
func (s schedule) afterSuccess(src mood.Source, st *state, fresh time.Duration, begun, now time.Time) (next, notBefore time.Time) {
	interval := s.interval(src, st, now)
	if src.Every == 0 {
		interval = max(interval, min(st.Asks.Update, day))
	}
	spread := 0.1
	if st.Polls <= 1 {
		spread = 0.5 // all sources were first polled at once
	}
	if src.Every > 0 && src.Every < time.Minute {
		spread = 0 // such short intervals are meant as they stand
	} else if src.Every > 0 {
		spread = 0.1
	}
	next = begun.Add(interval + time.Duration(spread*s.random()*float64(interval)))
	if wish := max(fresh, st.Asks.TTL); wish > 0 {
		notBefore = now.Add(wish)
	}
	if notBefore.After(next) {
		next = notBefore
	}
	if later := st.Asks.after(next); later.After(next) {
		next, notBefore = later, later
	}
	return next, notBefore
}

// afterFailure backs off: twice as long with every failure in a row, at a
// random point of the stretch, so that many feeds of a host that was down
// don't come back in step. A day is the longest; sixteen intervals where the
// operator fixed one.
func (s schedule) afterFailure(src mood.Source, st *state, now time.Time) time.Time {
	base, longest := s.floorOf(src), day
	if src.Every > 0 {
		base = src.Every
		longest = max(min(16*src.Every, day), src.Every)
	}
	stretch := float64(base) * math.Pow(2, float64(min(st.Failures, 30)))
	limit := min(time.Duration(min(stretch, float64(day))), longest)
	wait := base
	if limit > base {
		wait += time.Duration(s.random() * float64(limit-base))
	}
	return now.Add(wait)
}

// atStart gives when a feed known from before is asked: as planned, but sooner
// if its interval was shortened meanwhile, and never against a wish of the
// publisher.
func (s schedule) atStart(src mood.Source, st *state, now time.Time) time.Time {
	if st.LastPoll.IsZero() || st.NextPoll.IsZero() {
		return now
	}
	due := st.NextPoll
	if src.Every > 0 && st.Failures == 0 {
		if sooner := st.LastPoll.Add(src.Every); sooner.Before(due) {
			due = sooner
		}
	}
	if st.NotBefore.After(due) {
		due = st.NotBefore
	}
	if st.Gone == 1 {
		if hour := st.LastPoll.Add(goneWait); hour.After(due) {
			due = hour
		}
	}
	return due
}
