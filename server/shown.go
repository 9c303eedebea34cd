package server

import (
	"math"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"agora/mood"
)

// shownTimes remembers, for the last hour, how long it took from accepting a
// mention to painting it, as the pages measure it. It is a ring of minutes,
// each a histogram, so that its size is fixed.
type shownTimes struct {
	mu      sync.Mutex
	now     func() time.Time
	minutes [60]shownMinute
}

type shownMinute struct {
	minute int64 // since 1970
	counts [shownBins]uint32
}

const (
	shownBins  = 170  // eight for each doubling, from 2 ms up
	shownLow   = 2.0  // ms
	shownTop   = 3600 // seconds: what took longer was not looked at
	shownSteps = 8.0
	maxShown   = 1000 // in one request
)

func newShownTimes(now func() time.Time) *shownTimes { return &shownTimes{now: now} }

func shownBin(ms float64) int {
	if ms <= shownLow {
		return 0
	}
	return min(shownBins-1, int(math.Log2(ms/shownLow)*shownSteps)+1)
}

// shownValue is the middle of a bin.
func shownValue(bin int) float64 {
	if bin == 0 {
		return shownLow
	}
	return math.Round(shownLow * math.Exp2((float64(bin)-0.5)/shownSteps))
}

func (t *shownTimes) add(ms []float64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	minute := t.now().Unix() / 60
	m := &t.minutes[((minute%60)+60)%60]
	if m.minute != minute {
		*m = shownMinute{minute: minute}
	}
	for _, v := range ms {
		m.counts[shownBin(v)]++
	}
}

// figures are null when no page reported anything for an hour.
func (t *shownTimes) figures() mood.LatencyFigures {
	t.mu.Lock()
	defer t.mu.Unlock()
	var counts [shownBins]uint64
	var all uint64
	last := t.now().Unix() / 60
	for _, m := range t.minutes {
		if m.minute > last-60 && m.minute <= last {
			for i, n := range m.counts {
				counts[i] += uint64(n)
				all += uint64(n)
			}
		}
	}
	if all == 0 {
		return mood.LatencyFigures{}
	}
	at := func(q float64) *float64 {
		want, sum := uint64(math.Ceil(q*float64(all))), uint64(0)
		for i, n := range counts {
			if sum += n; sum >= want {
				v := shownValue(i)
				return &v
			}
		}
		return nil
	}
	return mood.LatencyFigures{P50: at(0.5), P95: at(0.95)}
}

type shownBody struct {
	MS []float64 `json:"ms"` // accepted → painted, each in milliseconds
}

// takeShown answers POST /api/v1/shown.
func (s *Server) takeShown(c echo.Context) error {
	var body shownBody
	if err := readJSON(c, &body); err != nil {
		return err
	}
	if len(body.MS) > maxShown {
		return newProblem(http.StatusRequestEntityTooLarge, "%d times are too many: send at most %d a request.", len(body.MS), maxShown)
	}
	for i, v := range body.MS {
		if v < 0 || v > shownTop*1000 {
			return newProblem(http.StatusBadRequest, "ms[%d] is %g: a time from 0 to %d ms is expected.", i, v, shownTop*1000)
		}
	}
	s.shown.add(body.MS)
	for _, v := range body.MS {
		s.meters.shown.Observe(v / 1000)
	}
	return c.NoContent(http.StatusNoContent)
}
