package journal

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"os"
	"time"

	"agora/mood"
)

const (
	compressFrom = 257     // bytes of a payload
	batchBytes   = 1 << 20 // of a batch, unless one record alone is larger
	keptBatch    = 4 << 20 // a larger buffer isn't kept for the next batch
)

// request is an append that waits.
type request struct {
	payload []byte // as it is kept
	flags   uint32
	seq     uint64
	done    chan error
}

func (r *request) size() int64 { return recordHeader + int64(len(r.payload)) }

// Append keeps a payload, and returns its number once it is durable. When ctx
// ends first, the record may be kept all the same. An error that wraps
// [mood.ErrUnavailable] passes: try again later.
func (j *Journal) Append(ctx context.Context, payload []byte) (uint64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if len(payload) > MaxPayload {
		return 0, fmt.Errorf("%d bytes are more than a record of the journal holds: send at most %d at once: %w", len(payload), MaxPayload, mood.ErrInvalid)
	}
	r := &request{payload: payload, done: make(chan error, 1)}
	if len(payload) >= compressFrom {
		if packed := j.enc.EncodeAll(payload, make([]byte, 0, len(payload)/2)); len(packed) < len(payload) {
			r.payload, r.flags = packed, flagZstd
		}
	}
	if r.size() > j.o.MaxBytes-smallFiles-segmentHeader {
		return 0, fmt.Errorf("%d bytes are more than the whole journal in %s may hold: give it more room: %w", len(payload), j.o.Folder, mood.ErrInvalid)
	}
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return 0, ErrClosed
	}
	j.queue = append(j.queue, r)
	j.mu.Unlock()
	j.poke()
	select {
	case err := <-r.done:
		return r.seq, err
	case <-ctx.Done():
	}
	j.mu.Lock()
	for i, waiting := range j.queue {
		if waiting == r { // the writer hasn't touched it yet
			j.queue = append(j.queue[:i], j.queue[i+1:]...)
			j.mu.Unlock()
			return 0, ctx.Err()
		}
	}
	j.mu.Unlock()
	select {
	case err := <-r.done: // the payload was copied, or it is done
		return r.seq, err
	default:
		return 0, fmt.Errorf("the journal is still at it, and may have kept it: %w", ctx.Err())
	}
}

// write is the one goroutine that writes.
func (j *Journal) write() {
	defer close(j.stopped)
	minutely := time.NewTicker(time.Minute)
	defer minutely.Stop()
	var save <-chan time.Time
	for {
		select {
		case <-j.wake:
		case <-minutely.C:
		case <-save:
			save = nil
			if err := j.saveApplied(); err != nil {
				j.o.Log.Warn("how far the journal is applied can't be noted: more would be read again after a restart", slog.Any("error", sayDisk(j.o.Folder, err)))
			}
		}
		for j.commit() {
		}
		j.tidy()
		j.mu.Lock()
		dirty, done := j.applied != j.saved, j.closed && len(j.queue) == 0
		j.mu.Unlock()
		if done {
			j.closeErr = j.finish()
			return
		}
		if dirty && save == nil {
			save = time.After(saveAfter)
		}
	}
}

func (j *Journal) finish() error {
	err := j.saveApplied()
	if j.file != nil {
		if closed := j.file.Close(); err == nil {
			err = closed
		}
		j.file = nil
	}
	if err != nil {
		return fmt.Errorf("close the journal: %w", sayDisk(j.o.Folder, err))
	}
	return nil
}

// commit writes what waits, as far as it fits into one batch, and makes it
// durable. False: nothing waits.
func (j *Journal) commit() bool {
	j.makeRoom(j.waiting())
	taken, heads, refused := j.take()
	if taken == nil {
		return refused
	}
	err := j.put(heads)
	if err != nil {
		err = fmt.Errorf("keep what was accepted: %w", sayDisk(j.o.Folder, err))
		j.o.Log.Error("the journal can't be written", slog.Int("refused", len(taken)), slog.Any("error", err))
	}
	for _, r := range taken {
		if err != nil {
			r.seq = 0
		}
		r.done <- err
	}
	return true
}

// waiting is how many bytes the next batch would take, at most.
func (j *Journal) waiting() (bytes int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, r := range j.queue {
		if bytes += r.size(); bytes >= batchBytes {
			break
		}
	}
	return bytes
}

// take makes a batch of what waits, and refuses what there is no room for.
func (j *Journal) take() (taken []*request, heads []head, refused bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if cap(j.batch) > keptBatch {
		j.batch = nil
	}
	j.batch = j.batch[:0]
	if j.skipTo >= j.next {
		j.next, j.jumped = j.skipTo+1, true
	}
	now := j.o.Now().UnixMilli()
	seq, room, n := j.next, j.room(), 0
	for _, r := range j.queue {
		if len(j.batch) > 0 && int64(len(j.batch))+r.size() > batchBytes {
			break
		}
		n++
		if int64(len(j.batch))+r.size() > room {
			j.wanted = r.size()
			if j.fullSince.IsZero() {
				j.fullSince = j.o.Now()
				j.o.Log.Error("the journal is full", slog.String("folder", j.o.Folder), slog.Int64("bytes", j.bytes()))
			}
			refused = true
			r.done <- ErrFull
			continue
		}
		r.seq = seq
		seq++
		h := head{length: uint32(len(r.payload)), seq: r.seq, milli: now, flags: r.flags}
		j.batch = appendRecord(j.batch, j.seed, h, r.payload)
		taken, heads = append(taken, r), append(heads, h)
	}
	j.queue = append(j.queue[:0:0], j.queue[n:]...)
	return taken, heads, refused
}

// put appends the batch to the last segment. When it fails, nothing of the
// batch can come back once its numbers are given again: see the package's
// comment.
func (j *Journal) put(heads []head) error {
	if s := j.current(); j.file == nil || j.jumped || s.count > 0 && s.size+int64(len(j.batch)) > j.o.SegmentBytes {
		if err := j.roll(); err != nil {
			return err
		}
		j.jumped = false
	}
	s := j.current()
	if _, err := j.o.writeAt(j.file, j.batch, s.size); err != nil {
		// Appending may go on here only if the cut is durable.
		if undo := j.undo(s); undo != nil {
			j.abandon(s)
		}
		return err
	}
	if err := j.o.Sync(j.file); err != nil {
		// After a failed fsync nobody knows what of the file is on disk, and
		// another fsync that goes well wouldn't prove it.
		_ = j.undo(s)
		j.abandon(s)
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, h := range heads {
		s.add(h, s.size)
	}
	s.disk = s.size
	j.last = heads[len(heads)-1].seq
	j.next = j.last + 1
	j.fullSince, j.wanted = time.Time{}, 0
	return nil
}

// undo takes the file back to its last durable record, durably.
func (j *Journal) undo(s *segment) error {
	err := j.o.truncate(j.file, s.size)
	if err == nil {
		err = j.o.Sync(j.file)
	}
	j.measure(s)
	return err
}

// abandon closes the last segment: the next batch begins a new one.
func (j *Journal) abandon(s *segment) {
	_ = j.file.Close() // it is of no use any more
	j.file = nil
	j.o.Log.Warn("the journal goes on in a new file, since nobody knows what of the last batch is in this one", slog.String("file", s.path))
}

// measure asks how much a segment takes on disk.
func (j *Journal) measure(s *segment) {
	if info, err := os.Stat(s.path); err == nil {
		j.mu.Lock()
		s.disk = info.Size()
		j.mu.Unlock()
	}
}

// current is the last segment; nil: there is none.
func (j *Journal) current() *segment {
	if len(j.segments) == 0 {
		return nil
	}
	return j.segments[len(j.segments)-1]
}

// roll begins a new segment.
func (j *Journal) roll() error {
	j.mu.Lock()
	first, skipped := j.next, j.next-1-j.last
	j.mu.Unlock()
	// If this fails, the new name may be on disk all the same, and then nothing
	// that came to the old segment from here on would be believed.
	if j.file != nil {
		_ = j.file.Close() // all of it is durable
		j.file = nil
	}
	s, file, err := j.create(first, uint32(min(skipped, math.MaxUint32)))
	if err != nil {
		return err
	}
	j.file = file
	j.mu.Lock()
	defer j.mu.Unlock()
	if n := len(j.segments); n > 0 && j.segments[n-1].first == first {
		j.segments[n-1] = s // nothing was in it
	} else {
		j.segments = append(j.segments, s)
	}
	return nil
}
