package journal

import (
	"os"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Journal is safe for use by several goroutines. One that isn't needed any
// more must be closed.
type Journal struct {
	o    Options
	id   string
	seed uint64 // the id as a number
	enc  *zstd.Encoder
	dec  *zstd.Decoder

	mu        sync.Mutex
	segments  []*segment // the oldest first
	queue     []*request // appends that wait to be written
	closed    bool
	last      uint64 // newest durable record
	next      uint64 // number that the next record gets
	skipTo    uint64 // the next record gets a higher number
	applied   uint64
	fullSince time.Time // zero: it isn't
	wanted    int64     // bytes that were refused for want of room
	pins      map[*pin]struct{}

	wake     chan struct{} // something waits for the writer
	stopped  chan struct{} // the writer is done
	closeErr error         // of the writer, once it is done

	// The writer's own.
	file   *os.File // of the last segment; nil: the next batch begins a new one
	batch  []byte
	jumped bool   // numbers were skipped: the next batch begins a segment
	saved  uint64 // what the checkpoint says
}

// Stats are figures of a journal, for people and metrics.
type Stats struct {
	Bytes     int64 // on disk
	Segments  int
	First     uint64    // oldest record that can be read; Last+1: none
	Last      uint64    // newest record; 0: none ever
	Applied   uint64    // all records up to it are counted elsewhere
	Oldest    time.Time // when First was appended; zero: there is none
	FullSince time.Time // when an append was first refused for want of room; zero: there is room
}

// ID names the journal: 16 hex digits, made by chance with the folder.
func (j *Journal) ID() string { return j.id }

// Skip says that the numbers up to seq were given before, whatever is left of
// their records: later ones get higher numbers.
func (j *Journal) Skip(seq uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.skipTo = max(j.skipTo, seq)
}

// First is the number of the oldest record that can be read; Last()+1 if
// there is none.
func (j *Journal) First() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	first, _ := j.oldest()
	return first
}

// Last is the number of the newest record that is on disk; 0: none ever was.
func (j *Journal) Last() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last
}

// Oldest is when the oldest record that can be read was appended; zero: there
// is none.
func (j *Journal) Oldest() time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	_, at := j.oldest()
	return at
}

func (j *Journal) oldest() (uint64, time.Time) {
	for _, s := range j.segments {
		if s.count > 0 {
			return s.low, milliTime(s.oldest)
		}
	}
	return j.last + 1, time.Time{}
}

// Pending counts what isn't applied yet. Bytes are as on disk, and estimated
// for a segment that is applied in part.
func (j *Journal) Pending() (records uint64, bytes int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, s := range j.segments {
		switch {
		case s.count == 0 || s.high <= j.applied:
		case s.low > j.applied:
			records += s.count
		default:
			records += min(s.count, s.high-j.applied)
		}
		bytes += s.behind(j.applied)
	}
	return records, bytes
}

// Stats gives figures.
func (j *Journal) Stats() Stats {
	full := j.Full()
	j.mu.Lock()
	defer j.mu.Unlock()
	s := Stats{Bytes: j.bytes(), Segments: len(j.segments), Last: j.last, Applied: j.applied}
	s.First, s.Oldest = j.oldest()
	if full {
		s.FullSince = j.fullSince
	}
	return s
}

// Close waits for appends that are under way. A second one does nothing.
func (j *Journal) Close() error {
	j.mu.Lock()
	first := !j.closed
	j.closed = true
	j.mu.Unlock()
	if !first {
		<-j.stopped
		return nil
	}
	j.poke()
	<-j.stopped
	return j.closeErr
}

// poke lets the writer look at what there is to do.
func (j *Journal) poke() {
	select {
	case j.wake <- struct{}{}:
	default: // it will look anyway
	}
}
