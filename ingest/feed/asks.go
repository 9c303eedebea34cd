package feed

import (
	"strconv"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
)

const day = 24 * time.Hour

// asks is what a publisher wishes of those who poll the feed.
type asks struct {
	TTL       time.Duration  `json:"ttl,omitempty"`    // <ttl>: not more often than
	Update    time.Duration  `json:"update,omitempty"` // sy:updatePeriod / updateFrequency
	SkipHours []int          `json:"skip_hours,omitempty"`
	SkipDays  []time.Weekday `json:"skip_days,omitempty"`
}

func asksOf(ttl string, hours, days []string, x ext.Extensions) asks {
	var a asks
	if n, err := strconv.Atoi(strings.TrimSpace(ttl)); err == nil && n > 0 {
		a.TTL = min(time.Duration(min(n, 1e6))*time.Minute, day)
	}
	seen := [24]bool{}
	for _, h := range hours {
		// Hour 24 is midnight in early versions of RSS.
		if n, err := strconv.Atoi(strings.TrimSpace(h)); err == nil && n >= 0 && n <= 24 && !seen[n%24] {
			seen[n%24] = true
			a.SkipHours = append(a.SkipHours, n%24)
		}
	}
	for _, name := range days {
		for d := time.Sunday; d <= time.Saturday; d++ {
			if strings.EqualFold(strings.TrimSpace(name), d.String()) {
				a.SkipDays = append(a.SkipDays, d)
			}
		}
	}
	if len(a.SkipHours) == 24 || len(a.SkipDays) >= 7 {
		a.SkipHours, a.SkipDays = nil, nil // never is not a schedule
	}
	a.Update = updatePeriod(extValue(x, "sy", "updatePeriod"), extValue(x, "sy", "updateFrequency"))
	return a
}

func updatePeriod(period, frequency string) time.Duration {
	var d time.Duration
	switch strings.ToLower(strings.TrimSpace(period)) {
	case "hourly":
		d = time.Hour
	case "daily":
		d = day
	case "weekly":
		d = 7 * day
	case "monthly":
		d = 30 * day
	case "yearly":
		d = 365 * day
	default:
		return 0
	}
	if n, err := strconv.Atoi(strings.TrimSpace(frequency)); err == nil && n > 1 {
		d /= time.Duration(min(n, 1e6))
	}
	return min(d, day) // nothing is polled less often
}

// after moves t out of the hours and days (UTC) that the publisher skips.
func (a asks) after(t time.Time) time.Time {
	if len(a.SkipHours) == 0 && len(a.SkipDays) == 0 {
		return t
	}
	for range 7*24 + 1 {
		if !a.skips(t.UTC()) {
			return t
		}
		t = t.Truncate(time.Hour).Add(time.Hour)
	}
	return t
}

func (a asks) skips(t time.Time) bool {
	for _, h := range a.SkipHours {
		if t.Hour() == h {
			return true
		}
	}
	for _, d := range a.SkipDays {
		if t.Weekday() == d {
			return true
		}
	}
	return false
}
