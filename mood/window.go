package mood

import (
	"fmt"
	"time"
)

// Window is a stretch of time that ends now, and the points it is drawn in.
type Window struct {
	Name string        // as in addresses: 1h, 24h, 7d, 30d, 90d
	Span time.Duration // of the whole; 90d is 90 local days
	Step time.Duration // of one point; for 90d, one local day
}

// Windows are the windows there are, shortest first.
func Windows() []Window {
	const day = 24 * time.Hour
	return []Window{
		{"1h", time.Hour, time.Minute},
		{"24h", day, 15 * time.Minute},
		{"7d", 7 * day, time.Hour},
		{"30d", 30 * day, 6 * time.Hour},
		{"90d", 90 * day, day},
	}
}

// ParseWindow finds a window by name.
func ParseWindow(name string) (Window, error) {
	for _, w := range Windows() {
		if w.Name == name {
			return w, nil
		}
	}
	return Window{}, fmt.Errorf("unknown window %q: use 1h, 24h, 7d, 30d or 90d", name)
}

// From is asOf − span, rounded down to a point in loc: minutes and quarters
// of an hour, hours, six-hour blocks and days of the local clock.
func (w Window) From(asOf time.Time, loc *time.Location) time.Time {
	if w.Step >= 24*time.Hour {
		t := asOf.In(loc)
		return time.Date(t.Year(), t.Month(), t.Day()-int(w.Span/(24*time.Hour)), 0, 0, 0, 0, loc)
	}
	return floor(asOf.Add(-w.Span).In(loc), w.Step)
}

// Points lists the beginnings of the window's points, oldest first; the last
// one holds asOf. Points of six hours and more follow the local clock, so a
// day on which the clock changes has shorter or longer ones.
func (w Window) Points(asOf time.Time, loc *time.Location) []time.Time {
	var points []time.Time
	for t := w.From(asOf, loc); t.Before(asOf) || len(points) == 0; t = w.Next(t, loc) {
		points = append(points, t)
	}
	return points
}

// Next is the beginning of the point after the one that begins at t.
func (w Window) Next(t time.Time, loc *time.Location) time.Time {
	t = t.In(loc)
	switch {
	case w.Step >= 24*time.Hour:
		return time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, loc)
	case w.Step > time.Hour:
		hours := int(w.Step / time.Hour)
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour()-t.Hour()%hours+hours, 0, 0, 0, loc)
	default:
		return t.Add(w.Step)
	}
}

// floor rounds t down to a multiple of step on t's own clock.
func floor(t time.Time, step time.Duration) time.Time {
	if step > time.Hour {
		hours := int(step / time.Hour)
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour()-t.Hour()%hours, 0, 0, 0, t.Location())
	}
	_, offset := t.Zone()
	shift := time.Duration(offset) * time.Second
	return t.Add(shift).Truncate(step).Add(-shift)
}
