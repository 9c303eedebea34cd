package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"agora/mood"
)

func TestVolumesCountASourceToTheMinute(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		s := srv.open(t, Options{Now: c.now})
		n := 0
		say := func(source string, times int, at time.Time) {
			for range times {
				n++
				m := said(fmt.Sprint(n), at, mood.Positive, "nokia")
				m.Sources = []string{source}
				record(t, s, m)
			}
		}
		stop := c.ago(10 * time.Minute).Truncate(time.Minute)
		say("big", 6, stop.Add(-time.Minute))
		say("big", 3, stop.Add(-6*day))
		say("small", 1, stop.Add(-30*time.Hour))
		say("other", 4, stop.Add(time.Minute)) // after it
		say("big", 9, stop.Add(-8*day))        // long before
		v, err := s.Volumes(context.Background(), "nokia", stop.Add(-7*day), stop)
		if err != nil || v.All != 10 || v.Sources["big"] != 9 || v.Sources["small"] != 1 || len(v.Sources) != 2 {
			t.Errorf("%+v, %v", v, err)
		}
		if v, err := s.Volumes(context.Background(), "ericsson", stop.Add(-7*day), stop); err != nil || v.All != 0 || len(v.Sources) != 0 {
			t.Errorf("of a brand of which nothing was said: %+v, %v", v, err)
		}
		if _, err := s.Volumes(context.Background(), "acme", stop.Add(-7*day), stop); !errors.Is(err, mood.ErrNotFound) {
			t.Errorf("of a brand that isn't watched: %v", err)
		}
		// Weeks later only hours are known, later only days; all and sources agree.
		for _, later := range []time.Duration{3 * day, 60 * day} {
			c.add(later)
			v, err := s.Volumes(context.Background(), "nokia", stop.Add(-7*day), stop)
			var sum int64
			for _, n := range v.Sources {
				sum += n
			}
			if err != nil || v.All != sum || v.Sources["big"] < 3 {
				t.Errorf("%v later: %+v, %v", later, v, err)
			}
		}
	})
}
