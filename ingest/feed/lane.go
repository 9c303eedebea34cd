package feed

import "time"

// lane is how quickly a source is expected to answer. The slow hold at most
// half of the workers and of a host's turns, the slow and the unknown together
// at most three quarters: however many servers drip, those known to be quick
// are asked on time.
type lane int

const (
	laneQuick lane = iota
	laneUnknown
	laneSlow
	lanes
)

// slowAnswer is how long a fetch takes that makes its source slow.
const slowAnswer = 3 * time.Second

// fits says whether one more of the lane may start beside those in flight.
func (l lane) fits(inFlight [lanes]int, limit int) bool {
	if l == laneSlow && inFlight[laneSlow] >= max(1, limit/2) {
		return false
	}
	return l == laneQuick || inFlight[laneSlow]+inFlight[laneUnknown] < max(1, limit*3/4)
}

// lane gives the lane of a source by its last poll.
func (s *state) lane() lane {
	switch {
	case s.Slow:
		return laneSlow
	case s.LastSuccess.IsZero():
		return laneUnknown
	}
	return laneQuick
}
