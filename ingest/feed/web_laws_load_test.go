package feed

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// asksUntil reads a Retry-After with eyes of its own.
func asksUntil(h *hit) time.Time {
	v := h.said.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return h.end.Add(min(time.Duration(n)*time.Second, day))
	}
	if t, err := http.ParseTime(v); err == nil {
		if latest := h.end.Add(day); t.After(latest) {
			return latest
		}
		return t
	}
	return time.Time{}
}

func lawRetryAfter(l webLog) (b breaches) {
	until := map[string]time.Time{}
	for i := range l {
		h := &l[i]
		for _, key := range [...]string{h.domain(), h.url} {
			if h.at.Before(until[key]) {
				b.add("%v came %v ahead of the time that was asked for", h, until[key].Sub(h.at))
			}
		}
		t := asksUntil(h)
		if t.IsZero() {
			continue
		}
		if h.private() {
			until[h.url] = t
		} else {
			until[h.domain()] = t
		}
		if to := h.said.Get("Location"); to != "" {
			until[to] = t
		}
	}
	return b
}

func lawOneInFlight(l webLog) (b breaches) {
	for _, hits := range l.by((*hit).domain) {
		for i := 1; i < len(hits); i++ {
			if hits[i].at.Before(hits[i-1].end) {
				b.add("%v began before %v had ended", hits[i], hits[i-1])
			}
		}
	}
	return b
}

func lawGap(l webLog) (b breaches) {
	for _, hits := range l.by((*hit).domain) {
		for i := 1; i < len(hits); i++ {
			if gap := hits[i].at.Sub(hits[i-1].end); gap < time.Second {
				b.add("%v came %v after %v", hits[i], gap, hits[i-1])
			}
		}
	}
	return b
}

// crowded says whether more than a share of many moments fall into one minute.
func crowded(moments []time.Duration, share float64) (minute time.Duration, n int) {
	count := map[time.Duration]int{}
	for _, m := range moments {
		m = m.Truncate(time.Minute)
		if count[m]++; count[m] > n {
			minute, n = m, count[m]
		}
	}
	if len(moments) < 40 || float64(n) <= share*float64(len(moments)) {
		return 0, 0
	}
	return minute, n
}

func lawSpreadStart(l webLog) (b breaches) {
	var second []time.Duration
	for _, hits := range l.byURL() {
		if len(hits) > 1 {
			second = append(second, hits[1].at.Sub(l[0].at))
		}
	}
	if minute, n := crowded(second, 0.15); n > 0 {
		b.add("%d of %d second polls fall into the minute %v after the start", n, len(second), minute)
	}
	return b
}

func lawSpreadRetries(l webLog) (b breaches) {
	waits := map[int][]time.Duration{} // by number of failures in a row
	for _, hits := range l.byURL() {
		row := 0
		for i, h := range hits {
			if row > 0 {
				waits[row] = append(waits[row], h.at.Sub(hits[i-1].end))
			}
			if row++; !h.troubled() {
				row = 0
			}
		}
	}
	for row, list := range waits {
		if minute, n := crowded(list, 0.3); n > 0 {
			b.add("%d of %d retries after %d failures come after %v", n, len(list), row, minute)
		}
	}
	return b
}

func lawBackOff(l webLog) (b breaches) {
	for host, hits := range l.by((*hit).host) {
		if len(webLog(hitsOf(hits)).byURL()) > 1 {
			continue // its feeds share a back-off
		}
		row, first := 0, time.Duration(0)
		for i, h := range hits {
			if row > 0 {
				wait := h.at.Sub(hits[i-1].end)
				if row <= 2 {
					first = max(first, wait)
				}
				if wait > day+time.Hour {
					b.add("%s: %v between retries", host, wait)
				}
				// Twelve doublings of a quarter of an hour are over a day; its
				// random share of one is hardly ever under an hour three times.
				if row >= 14 && wait < 30*time.Minute && hits[i-1].at.Sub(hits[i-2].end) < 30*time.Minute && hits[i-2].at.Sub(hits[i-3].end) < 30*time.Minute {
					b.add("%s: still asked every %v after %d failures", host, wait, row)
				}
			}
			if row++; !h.troubled() {
				row = 0
			}
		}
	}
	return b
}

func hitsOf(hits []*hit) []hit {
	list := make([]hit, len(hits))
	for i, h := range hits {
		list[i] = *h
	}
	return list
}

func lawFloor(l webLog) (b breaches) {
	for _, hits := range l.byURL() {
		for i := 1; i < len(hits); i++ {
			floor := 15 * time.Minute
			if fresh := maxAge(hits[i-1]); fresh > 0 {
				floor = min(floor, fresh)
			}
			if hits[i-1].said.Get("Retry-After") != "" {
				continue // then what it asked for is the floor
			}
			if gap := hits[i].at.Sub(hits[i-1].at); gap < floor {
				b.add("%v came %v after the last", hits[i], gap)
			}
		}
	}
	return b
}

func lawCeiling(l webLog) (b breaches) {
	troubles := map[string][]time.Time{}
	for i := range l {
		if h := &l[i]; h.troubled() || h.said.Get("Retry-After") != "" {
			troubles[h.domain()] = append(troubles[h.domain()], h.at)
		}
	}
	end := l[len(l)-1].at
	for _, hits := range l.byURL() {
		longest := day + time.Hour
		for i, h := range hits {
			if h.status != 200 && h.status != 304 {
				continue
			}
			if h.status == 200 {
				longest = day + time.Hour + time.Duration(len(h.skip.SkipDays))*day
			}
			next := end
			if i+1 < len(hits) {
				next = hits[i+1].at
			}
			if slices.ContainsFunc(troubles[h.domain()], func(t time.Time) bool { return t.After(h.at) && t.Before(next) }) {
				continue
			}
			if next.Sub(h.at) > longest {
				b.add("%v was followed by nothing for %v", h, next.Sub(h.at))
			}
		}
	}
	return b
}

func lawHalfOpen(l webLog) (b breaches) {
	for host, hits := range l.by((*hit).host) {
		row := 0
		for i, h := range hits {
			if row >= 3 {
				if gap := h.at.Sub(hits[i-1].end); gap < 15*time.Minute {
					b.add("%v knocked %v after another failure, the host was down", h, gap)
				}
			}
			if h.troubled() {
				row++
				continue
			}
			if row >= 3 { // it is back: the others may follow, but not at once
				n := 0
				for _, follow := range hits[i+1:] {
					if follow.at.Sub(h.end) < time.Minute {
						n++
					}
				}
				if n > 12 {
					b.add("%s: %d requests in the first minute after it was back", host, n)
				}
			}
			row = 0
		}
	}
	return b
}
