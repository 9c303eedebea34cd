package store

import (
	"context"
	"fmt"
	"time"

	"agora/mood"
)

// Volumes counts a brand's mentions that were published in [from, to), to the
// minute: all of them, and by the source that delivered them. Minutes are
// known for a day, hours for a month, days for a year: older times are rounded
// down to those. A brand that isn't watched is mood.ErrNotFound.
func (s *Store) Volumes(ctx context.Context, brand string, from, to time.Time) (mood.Volumes, error) {
	if _, err := s.asked([]string{brand}); err != nil {
		return mood.Volumes{}, fmt.Errorf("read volumes: %w", err)
	}
	v := mood.Volumes{Sources: map[string]int64{}}
	if !to.After(from) {
		return v, nil
	}
	now := s.now()
	s.tick(now)
	from, to = s.asKnown(from, now), s.asKnown(to, now)
	spans := s.grid.cover(from, to)
	r := s.newReads(now)
	r.wantSeries(brand, spans)
	r.wantDims(brand, spans, groupWho)
	if err := r.send(ctx); err != nil {
		return mood.Volumes{}, s.fail("read volumes", err)
	}
	for source, t := range r.dims(brand, spans, groupWho)[dimSource] {
		if n := t.Mentions(); n > 0 {
			v.Sources[source] = n
		}
	}
	v.All = r.sum(brand, spans).Mentions()
	return v, nil
}

// asKnown rounds a time down to where dimensions are known.
func (s *Store) asKnown(t, now time.Time) time.Time {
	r := minute
	switch age := now.Sub(t); {
	case age > expireDimHour-2*day:
		r = dayCell
	case age > expireDimMinute-2*time.Hour:
		r = hour
	}
	return s.grid.start(r, s.grid.index(r, t))
}
