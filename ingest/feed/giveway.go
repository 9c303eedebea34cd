package feed

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// errGaveWay is a fetch that was broken off because it was slow while others
// waited for its turn. Nothing is held against its source, which is asked
// again among the slow ones.
var errGaveWay = errors.New("it was slow while others of its host waited; it is asked again")

// slowAgain is how soon a source that gave way is asked again.
const slowAgain = 10 * time.Second

// fetching is one fetch under way.
type fetching struct {
	ctx context.Context
	end context.CancelCauseFunc
	// Since when a request is in flight, in Unix nanoseconds; 0 while it waits
	// for a turn, which is nobody's slowness.
	since *atomic.Int64
}

// begin notes that a source's fetch begins.
func (d *dispatcher) begin(ctx context.Context, sub *subscription) {
	sub.fetch.ctx, sub.fetch.end = context.WithCancelCause(ctx)
	sub.fetch.since = &atomic.Int64{}
	d.working[sub] = true
}

// ended notes that it has ended.
func (d *dispatcher) ended(sub *subscription) {
	delete(d.working, sub)
	sub.fetch.end(nil)
	sub.fetch = fetching{}
}

// hurry breaks off fetches of sources that nobody knew to be slow, as many as
// others wait for: at the very start all are unknown, and servers that drip
// would take every turn of a host, or every worker, for as long as it takes to
// give them up. It says when the next one is slow; zero: nobody waits for it.
func (d *dispatcher) hurry(now time.Time) (wake time.Time) {
	waiting := map[string]int{} // by hostKey
	all := 0
	for key, l := range d.ready {
		n := len(l[laneUnknown]) + len(l[laneQuick])
		waiting[key] = n
		all += n
	}
	if all == 0 {
		return wake
	}
	crowded := d.crowded()
	for sub := range d.working {
		if sub.lane != laneUnknown || sub.fetch.ctx.Err() != nil {
			continue
		}
		key := hostKey(sub.ask)
		if waiting[key] <= 0 && !(crowded && all > 0) {
			continue
		}
		since := sub.fetch.since.Load()
		slow := time.Unix(0, since).Add(slowAnswer)
		if since == 0 {
			slow = now.Add(slowAnswer)
		}
		if slow.After(now) {
			wake = sooner(wake, slow)
			continue
		}
		waiting[key]--
		all--
		sub.fetch.end(errGaveWay)
	}
	return wake
}

// crowded says whether workers, rather than the manners of a host, are what
// others wait for.
func (d *dispatcher) crowded() bool {
	return !laneUnknown.fits(d.running, d.p.cfg.Workers)
}
