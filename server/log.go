package server

import "sync"

// How much of a stream is kept for readers that lag or come back.
const (
	segmentBytes = 32 << 10
	logBytes     = 512 << 10
)

// event is one framed event, ready to be written.
type event struct {
	bytes []byte
	// named events carry an id: a reader that comes back gets those it missed.
	// The others (status, heartbeat) speak of their own moment only.
	named bool
}

// eventLog is an append-only log of framed bytes that all readers of a topic
// share: a reader is nothing but a position in it. It knows its events by
// number, keeps the last half a megabyte, and never waits for anybody.
//
// Readers hold slices of a segment while they write it. Nobody holds the log:
// a reader that is stuck pins the one segment that it is writing.
type eventLog struct {
	mu       sync.RWMutex
	segments []*segment // oldest first
	bytes    int
	next     uint64 // number of the next event
	grown    chan struct{}
	over     bool // nothing will be added any more
}

// segment is a stretch of the log. Bytes below len(buf) never change.
type segment struct {
	first uint64 // number of its first event
	buf   []byte
	ends  []int32 // where each event ends in buf
	named []bool
}

func newEventLog() *eventLog {
	return &eventLog{next: 1, grown: make(chan struct{})}
}

// append frames numbers into events and adds them. frame gets the number that
// its event will have.
func (l *eventLog) append(frames ...func(number uint64) event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return
	}
	for _, frame := range frames {
		l.add(frame(l.next))
	}
	close(l.grown)
	l.grown = make(chan struct{})
}

// end wakes all readers for good: grown stays closed.
func (l *eventLog) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.over {
		l.over = true
		close(l.grown)
	}
}

func (l *eventLog) add(e event) {
	last := len(l.segments) - 1
	if last < 0 || len(l.segments[last].buf)+len(e.bytes) > cap(l.segments[last].buf) {
		l.segments = append(l.segments, &segment{first: l.next, buf: make([]byte, 0, max(segmentBytes, len(e.bytes)))})
		l.bytes += cap(l.segments[last+1].buf)
		for l.bytes > logBytes && len(l.segments) > 1 {
			l.bytes -= cap(l.segments[0].buf)
			l.segments[0] = nil
			l.segments = l.segments[1:]
		}
		last = len(l.segments) - 1
	}
	s := l.segments[last]
	s.buf = append(s.buf, e.bytes...)
	s.ends = append(s.ends, int32(len(s.buf)))
	s.named = append(s.named, e.named)
	l.next++
}

// tail is the number that the next event will have.
func (l *eventLog) tail() uint64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.next
}

// holds tells whether every event from a number on is still there.
func (l *eventLog) holds(number uint64) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if number == l.next {
		return true
	}
	return number < l.next && len(l.segments) > 0 && number >= l.segments[0].first
}

// lag is how many bytes were appended from a number on, roughly: it counts
// whole segments that begin behind it.
func (l *eventLog) lag(number uint64) int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	bytes := 0
	for i := len(l.segments) - 1; i >= 0 && l.segments[i].first > number; i-- {
		bytes += len(l.segments[i].buf)
	}
	return bytes
}

// stretch is what a reader gets of the log at once.
type stretch struct {
	bytes []byte
	next  uint64 // number of the event behind it
	// grown is closed when there is more than there was at the time of reading.
	grown <-chan struct{}
	more  bool // there is already
	over  bool // nothing will be added any more
}

// read gives a stretch of events from a number on. Of events before catchUp,
// which a reader that came back has missed, it leaves out those that aren't
// named. It gives false when the log no longer holds the number.
func (l *eventLog) read(number, catchUp uint64) (stretch, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if number >= l.next {
		return stretch{next: number, grown: l.grown, over: l.over}, number == l.next
	}
	if len(l.segments) == 0 || number < l.segments[0].first {
		return stretch{}, false
	}
	i := len(l.segments) - 1
	for l.segments[i].first > number {
		i--
	}
	b, next := l.segments[i].cut(number, catchUp)
	return stretch{b, next, l.grown, next < l.next, l.over}, true
}

// cut gives the bytes from a number on, and the number behind them.
func (s *segment) cut(number, catchUp uint64) ([]byte, uint64) {
	from, end := int(number-s.first), len(s.ends)
	if number < catchUp {
		for from < end && s.first+uint64(from) < catchUp && !s.named[from] {
			from++
		}
		to := from
		for to < end && (s.first+uint64(to) >= catchUp || s.named[to]) {
			to++
		}
		end = to
	}
	if from >= end {
		return nil, s.first + uint64(end)
	}
	begin := 0
	if from > 0 {
		begin = int(s.ends[from-1])
	}
	stop := int(s.ends[end-1])
	return s.buf[begin:stop:stop], s.first + uint64(end)
}
