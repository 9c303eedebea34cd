package server

import (
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxLimiters bounds how many callers are remembered at once.
const maxLimiters = 10_000

// limiters bound how often each caller does something. Those who have been
// quiet long enough to have all of their burst again are forgotten.
type limiters struct {
	mu    sync.Mutex
	limit rate.Limit
	burst int
	now   func() time.Time
	by    map[string]*rate.Limiter
}

func newLimiters(perSecond float64, burst int, now func() time.Time) *limiters {
	return &limiters{limit: rate.Limit(perSecond), burst: burst, now: now, by: make(map[string]*rate.Limiter)}
}

func (l *limiters) of(key string) *rate.Limiter {
	lim := l.by[key]
	if lim == nil {
		if len(l.by) >= maxLimiters {
			l.forget()
		}
		lim = rate.NewLimiter(l.limit, l.burst)
		l.by[key] = lim
	}
	return lim
}

// forget makes room: first of those at rest, then of any at all.
func (l *limiters) forget() {
	now := l.now()
	for key, lim := range l.by {
		if lim.TokensAt(now) >= float64(l.burst) {
			delete(l.by, key)
		}
	}
	for key := range l.by {
		if len(l.by) < maxLimiters {
			return
		}
		delete(l.by, key)
	}
}

// take takes n, or nothing: then it says how long to wait for them.
func (l *limiters) take(key string, n int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	lim := l.of(key)
	if lim.AllowN(now, n) {
		return 0
	}
	return l.missing(lim, now, n)
}

// wait says how long until one can be taken, without taking it.
func (l *limiters) wait(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	lim, now := l.by[key], l.now()
	if lim == nil || lim.TokensAt(now) >= 1 {
		return 0
	}
	return l.missing(lim, now, 1)
}

func (l *limiters) missing(lim *rate.Limiter, now time.Time, n int) time.Duration {
	short := float64(min(n, l.burst)) - lim.TokensAt(now)
	return max(time.Second, time.Duration(math.Ceil(short/float64(l.limit)))*time.Second)
}

// spell writes a wait as people say it.
func spell(d time.Duration) string {
	secs := int(math.Ceil(d.Seconds()))
	if secs < 120 {
		return plural(secs, "second")
	}
	return plural((secs+59)/60, "minute")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
