package feed

import (
	"context"
	"errors"
	"sync"
	"time"
)

// How much of all documents may be held at once, beyond the first smallBody of
// each, and how room is made when there is none.
const (
	smallBody = 256 << 10
	roomStep  = 256 << 10
	roomSteps = 192              // 48 MB
	patience  = 5 * time.Second  // for which a sender is left in peace
	roomTime  = 20 * time.Second // the longest wait for room
)

// errNoRoom is a shortage of ours: the sender did nothing wrong.
var errNoRoom = errors.New("there was no room for it beside other large documents; nothing to do, it is asked again soon")

// room bounds the memory of documents on their way in, however many hosts send
// endless ones. It is given out in steps while a document comes. When it is
// short, the youngest document goes first, and the slowest of those that have
// been coming for longer than patience gives way: a document that comes at a
// decent speed gets through beside any number of slow ones that never end.
type room struct {
	mu    sync.Mutex
	free  int // steps
	stays map[*stay]struct{}
	freed chan struct{} // closed when a wait may be over
}

// stay is the room of one document. The zero steps of a small one cost nothing.
type stay struct {
	room   *room
	since  time.Time
	steps  int
	wants  int         // steps that are waited for
	whole  bool        // all of it has come
	given  bool        // it has to give way
	giveUp func(error) // ends its sender
}

func newRoom(steps int) *room {
	return &room{free: steps, stays: map[*stay]struct{}{}, freed: make(chan struct{})}
}

// enter begins the stay of a document; leave ends it. giveUp is called, from
// any goroutine, when it has to give way.
func (r *room) enter(giveUp func(error)) *stay {
	s := &stay{room: r, since: time.Now(), giveUp: giveUp}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stays[s] = struct{}{}
	return s
}

func (s *stay) leave() {
	r := s.room
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.stays, s)
	r.free += s.steps
	s.steps = 0
	r.wake()
}

// came notes that nothing more is sent: from now on it keeps what it has.
func (s *stay) came() {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	s.whole = true
}

// stepsFor says how many steps size bytes take.
func stepsFor(size int) int { return max(0, (size-smallBody+roomStep-1)/roomStep) }

// fit changes the room to that of size bytes, unless there isn't as much.
func (s *stay) fit(size int) bool {
	r := s.room
	r.mu.Lock()
	defer r.mu.Unlock()
	more := stepsFor(size) - s.steps
	if more > r.free {
		return false
	}
	s.steps += more
	r.free -= more
	if more < 0 {
		r.wake()
	}
	return true
}

// grow waits until there is room for size bytes in all. The error is errNoRoom,
// or the context's.
func (s *stay) grow(ctx context.Context, size int) error {
	r := s.room
	timeout := time.NewTimer(roomTime)
	defer timeout.Stop()
	again := time.NewTicker(time.Second) // somebody's patience may be over
	defer again.Stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	defer func() {
		s.wants = 0
		r.wake()
	}()
	for {
		if s.wants = stepsFor(size) - s.steps; s.given {
			return errNoRoom
		}
		if s.wants <= r.free && !r.younger(s) {
			r.free -= max(0, s.wants)
			s.steps += max(0, s.wants)
			return nil
		}
		r.makeRoom(s)
		freed := r.freed
		r.mu.Unlock()
		late := false
		select {
		case <-freed:
		case <-again.C:
		case <-timeout.C:
			late = true
		case <-ctx.Done():
		}
		r.mu.Lock()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if late {
			return errNoRoom
		}
	}
}

// younger says whether a younger document waits for what is free.
func (r *room) younger(s *stay) bool {
	for other := range r.stays {
		if other.wants > 0 && other.wants <= r.free && other.since.After(s.since) {
			return true
		}
	}
	return false
}

// makeRoom lets the slowest documents give way until there is enough for s.
func (r *room) makeRoom(s *stay) {
	now := time.Now()
	lacking := s.wants - r.free
	for other := range r.stays {
		if other.given {
			lacking -= other.steps
		}
	}
	speed := func(s *stay) float64 { return float64(s.steps) / max(now.Sub(s.since), 1).Seconds() }
	for lacking > 0 {
		var slowest *stay
		for other := range r.stays {
			if other != s && other.steps > 0 && !other.whole && !other.given && now.Sub(other.since) > patience &&
				(now.Sub(s.since) <= patience || s.whole || speed(other) < speed(s)) &&
				(slowest == nil || speed(other) < speed(slowest)) {
				slowest = other
			}
		}
		if slowest == nil {
			return
		}
		slowest.given = true
		lacking -= slowest.steps
		slowest.giveUp(errNoRoom)
	}
}

func (r *room) wake() {
	close(r.freed)
	r.freed = make(chan struct{})
}
