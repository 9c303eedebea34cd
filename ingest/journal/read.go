package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
)

// pin keeps what is still to be read from being tidied away.
type pin struct{ from uint64 }

func (j *Journal) pinned(s *segment) bool {
	for p := range j.pins {
		if s.high >= p.from {
			return true
		}
	}
	return false
}

// Read hands the records from number from up to Last() at the time of the call
// to use, in order; a from below First() begins there. What is damaged is left
// out and logged. It ends with the first error of use, as it is, or when ctx
// ends. Appends and removals go on meanwhile: only room for what isn't applied
// makes records go that are still to be read, and those are applied.
func (j *Journal) Read(ctx context.Context, from uint64, use func(Record) error) error {
	p := &pin{from: from}
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return ErrClosed
	}
	last := j.last
	segments := make([]segment, len(j.segments))
	for i, s := range j.segments {
		segments[i] = *s
	}
	j.pins[p] = struct{}{}
	j.mu.Unlock()
	defer func() {
		j.mu.Lock()
		delete(j.pins, p)
		j.mu.Unlock()
		j.poke() // what stayed for this may go
	}()
	r := reading{j: j, last: last, from: from, pin: p, use: use}
	for i := range segments {
		s := &segments[i]
		bound, end := uint64(math.MaxInt64), s.size
		if i+1 < len(segments) {
			bound, end = segments[i+1].first, s.disk
		}
		if bound <= from {
			continue
		}
		if err := r.segment(ctx, s, bound, end); err != nil {
			return err
		}
	}
	return nil
}

// reading is one Read under way.
type reading struct {
	j          *Journal
	from, last uint64
	pin        *pin
	use        func(Record) error
	gap        gaps
	plain      []byte // an unpacked payload
}

func (r *reading) segment(ctx context.Context, s *segment, bound uint64, end int64) error {
	file, err := os.Open(s.path)
	if errors.Is(err, os.ErrNotExist) {
		r.gap.expected = s.high + 1
		return nil // removed since: it was applied
	}
	if err != nil {
		return fmt.Errorf("read the journal: %w", err)
	}
	defer file.Close()
	w := &walker{file: file, seed: r.j.seed, end: end, bound: bound, deep: true, off: segmentHeader, prev: s.first - 1}
	r.gap.begin(s)
	if r.from > s.first {
		w.off, w.prev, r.gap.expected = s.seek(r.from), 0, 0
	}
	for {
		h, off, payload, ok := w.next()
		if !ok || h.seq > r.last {
			break
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if r.gap.expected > 0 {
			r.gap.saw(h.seq)
		} else {
			r.gap.expected = h.seq + 1
		}
		if h.seq < r.from {
			continue
		}
		if payload, ok = r.unpack(h, payload); !ok {
			r.j.o.Log.Error("a record of the journal can't be unpacked, and is left out", slog.String("file", s.path), slog.Int64("offset", off), slog.Uint64("seq", h.seq))
			continue
		}
		if err := r.use(Record{Seq: h.seq, At: milliTime(h.milli), Payload: payload}); err != nil {
			return err
		}
		r.j.mu.Lock()
		r.pin.from = h.seq + 1
		r.j.mu.Unlock()
	}
	if s.high >= r.gap.expected && s.high <= r.last {
		r.gap.miss(s.high + 1) // the end of the segment
		r.gap.expected = s.high + 1
	}
	r.gap.report(r.j.o.Log, s.path, w.damaged)
	return nil
}

// unpack gives a payload as it was appended.
func (r *reading) unpack(h head, payload []byte) ([]byte, bool) {
	switch h.flags {
	case 0:
		return payload, true
	case flagZstd:
		plain, err := r.j.dec.DecodeAll(payload, r.plain[:0])
		if err != nil {
			return nil, false
		}
		r.plain = plain
		return plain, true
	}
	return nil, false
}
