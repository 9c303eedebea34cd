package archive

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"agora/mood"
)

// Archive is safe for use by several goroutines. One that isn't needed any
// more must be closed.
type Archive struct {
	o   Options
	enc *zstd.Encoder
	dec *zstd.Decoder

	mu       sync.Mutex
	segments []*segment // the oldest first
	queue    []*open    // full blocks that wait to be written, or are being written
	cur      *open      // the block that is filled
	next     uint64     // number of the next record
	ids      idSet
	replaced map[uint64]uint64 // by id: the number of the record that replaces those before
	gone     map[uint64]bool   // withdrawn, by id
	lanes    map[string]*lane
	raw      int64 // bytes of all blocks on disk, uncompressed
	lost     int64 // texts that couldn't be written
	problem  error // of the disk; nil: there is none
	waiting  []chan error
	closed   bool

	wake    chan struct{}
	stopped chan struct{}

	file *os.File // of the last segment, the writer's own; nil: the next block begins one
}

// mostReplaced is how many texts may have been replaced while one more is: an
// edit beyond it is left out. A withdrawal never is.
const mostReplaced = 200_000

// Stats are figures of an archive, for people and metrics.
type Stats struct {
	Bytes    int64 // on disk
	MaxBytes int64
	KeepFor  time.Duration
	Texts    int64     // kept, without those that were replaced or withdrawn, about
	From     time.Time // since when nothing but what was sampled is missing; zero: nothing is kept
	Sampled  []Sampled // by source
	Lost     int64     // texts that couldn't be written since the start
	Problem  string    // that the disk has; empty: none
}

// Sampled says that of a source one text in so many was kept, at times.
type Sampled struct {
	Source string
	Named  bool // of those that name a brand
	OneIn  int64
}

// Open opens the archive in a folder, or begins one.
func Open(o Options) (*Archive, error) {
	o, err := o.filled()
	if err != nil {
		return nil, err
	}
	a := &Archive{
		o: o, next: 1, replaced: map[uint64]uint64{}, gone: map[uint64]bool{}, lanes: map[string]*lane{},
		wake: make(chan struct{}, 1), stopped: make(chan struct{}),
	}
	if a.enc, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false), zstd.WithWindowSize(blockBytes)); err != nil {
		return nil, fmt.Errorf("open the archive of texts: %w", err)
	}
	if a.dec, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(2*mostRaw)); err != nil {
		return nil, fmt.Errorf("open the archive of texts: %w", err)
	}
	if err := os.MkdirAll(o.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("open the archive of texts: %w", err)
	}
	if err := a.load(); err != nil {
		return nil, fmt.Errorf("open the archive of texts in %s: %w", o.Folder, err)
	}
	a.cur = a.newOpen()
	go a.run()
	return a, nil
}

func (a *Archive) newOpen() *open {
	return &open{first: a.next, lanes: map[string]laneBytes{}, newest: 0}
}

// Add keeps a text, which must have its times; named says that it names a
// brand. It never waits for the disk. What is known already is left alone,
// unless it is an edit, which takes the place of what it was.
func (a *Archive) Add(m *mood.Mention, named bool) {
	id := idOf(m.ID)
	now := a.o.Now()
	source := ""
	if len(m.Sources) > 0 {
		source = m.Sources[0]
	}
	size := len(m.Title) + len(m.Text) + len(m.URL) + len(m.ID) + 96
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || a.gone[id] || now.Sub(m.Seen) > a.o.KeepFor {
		return
	}
	known := a.ids.has(id)
	if known && !m.Edited {
		return
	}
	flags := byte(0)
	if known { // else it replaces nothing
		if flags = flagEdited; len(a.replaced) >= mostReplaced {
			return // what it was is kept
		}
	}
	name, l := a.laneOf(laneName(source, named))
	rate := l.offer(now, size, a.fair(), a.o.KeepFor)
	bytes := laneBytes{offered: int64(size), rate: rate}
	if !known && !chosen(id, rate) {
		held := a.cur.lanes[name]
		held.add(bytes)
		a.cur.lanes[name] = held
		return
	}
	bytes.kept = int64(size)
	l.held += bytes.kept
	a.put(id, m, flags, rate, name, bytes)
}

// put adds a record to the block that is filled. The caller holds the lock.
func (a *Archive) put(id uint64, m *mood.Mention, flags, rate byte, name string, bytes laneBytes) {
	o := a.cur
	raw, err := appendRecord(o.raw, m, flags, rate)
	if err != nil {
		a.o.Log.Error("a text can't be kept in the archive", slog.String("id", m.ID), slog.Any("error", err))
		return
	}
	o.raw = raw
	indexed := id
	switch {
	case flags&flagWithdrawn != 0:
		indexed |= bitReplaces | bitWithdrawn
		a.replaced[id], a.gone[id] = a.next, true
	case flags&flagEdited != 0:
		indexed |= bitReplaces
		a.replaced[id] = a.next
	}
	if len(o.ids) == 0 {
		o.begun = a.o.Now().UnixMilli()
	}
	o.ids = append(o.ids, indexed)
	a.ids.add(id)
	if name != "" {
		held := o.lanes[name]
		held.add(bytes)
		o.lanes[name] = held
	}
	o.newest, o.published = max(o.newest, m.Seen.UnixMilli()), max(o.published, m.Published.UnixMilli())
	a.next++
	if len(o.raw) >= blockBytes {
		a.close()
	}
}

// close puts the block that is filled into the queue. The caller holds the
// lock.
func (a *Archive) close() {
	if len(a.cur.ids) > 0 {
		if len(a.queue) >= queueBlocks { // the disk is slow, or gone
			a.lose(a.cur)
		} else {
			a.queue = append(a.queue, a.cur)
		}
	}
	a.cur = a.newOpen()
	a.poke()
}

// lose counts what a block held as lost, and forgets that it was there: it may
// come again, and takes no part of what its source may have. What it replaced
// or withdrew stays so. The caller holds the lock.
func (a *Archive) lose(o *open) {
	a.lost += int64(len(o.ids))
	for _, id := range o.ids {
		if id&idBits == 0 && !a.gone[id] {
			a.ids.remove(id)
		}
	}
	for name, n := range o.lanes {
		if l := a.lanes[name]; l != nil {
			l.held -= n.kept
		}
	}
}

func (a *Archive) poke() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// laneOf gives a lane by name; those that are too many share one.
func (a *Archive) laneOf(name string) (string, *lane) {
	if l := a.lanes[name]; l != nil {
		return name, l
	}
	if len(a.lanes) >= mostLanes {
		name = name[:1]
		if l := a.lanes[name]; l != nil {
			return name, l
		}
	}
	l := &lane{}
	a.lanes[strings.Clone(name)] = l
	return name, l
}

// fair is how many bytes a lane may have, uncompressed.
func (a *Archive) fair() float64 {
	ratio := 0.4 // until there is something to measure
	if onDisk := a.bytes(); a.raw > 4*blockBytes {
		ratio = max(0.05, float64(onDisk)/float64(a.raw))
	}
	return float64(a.o.MaxBytes) / fairPart / ratio
}

func (a *Archive) bytes() (n int64) {
	for _, s := range a.segments {
		n += s.size + s.draft
	}
	return n
}

// Withdraw takes a mention out of the archive, for good, and says whether it
// was in it. An error says that this isn't on disk yet: a restart might bring
// it back.
func (a *Archive) Withdraw(ctx context.Context, id string) (bool, error) {
	if !a.Drop(id) {
		return false, nil
	}
	return true, a.Flush(ctx)
}

// Drop is Withdraw for one that may come back if the process dies within
// seconds: nobody waits for the disk.
func (a *Archive) Drop(id string) bool {
	key := idOf(id)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || !a.ids.has(key) || a.gone[key] {
		return false
	}
	a.put(key, &mood.Mention{ID: id, Seen: a.o.Now(), Published: time.UnixMilli(0)}, flagWithdrawn, 0, "", laneBytes{})
	return true
}

// Flush writes what waits in memory, and makes it durable.
func (a *Archive) Flush(ctx context.Context) error {
	done := make(chan error, 1)
	a.mu.Lock()
	if a.closed {
		a.mu.Unlock()
		return nil
	}
	a.waiting = append(a.waiting, done)
	a.mu.Unlock()
	a.poke()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return fmt.Errorf("write the archive of texts: %w", ctx.Err())
	}
}

// Stats gives figures.
func (a *Archive) Stats() Stats {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := Stats{Bytes: a.bytes(), MaxBytes: a.o.MaxBytes, KeepFor: a.o.KeepFor, Texts: int64(max(0, a.ids.n-len(a.gone))), Lost: a.lost}
	if a.problem != nil {
		s.Problem = a.problem.Error()
	}
	rates := map[string]byte{}
	note := func(lanes map[string]laneBytes) {
		for name, n := range lanes {
			rates[name] = max(rates[name], n.rate)
		}
	}
	oldest := int64(0)
	for _, seg := range a.segments {
		note(seg.lanes)
		if oldest == 0 && len(seg.blocks) > 0 {
			oldest = seg.begun
		}
	}
	for _, o := range append(a.queue[:len(a.queue):len(a.queue)], a.cur) {
		note(o.lanes)
		if oldest == 0 && len(o.ids) > 0 {
			oldest = o.begun
		}
	}
	if oldest != 0 {
		s.From = time.UnixMilli(oldest).UTC()
		if earliest := a.o.Now().Add(-a.o.KeepFor); s.From.Before(earliest) {
			s.From = earliest.UTC()
		}
	}
	for name, rate := range rates {
		if rate > 0 {
			s.Sampled = append(s.Sampled, Sampled{Source: name[1:], Named: name[0] == '+', OneIn: 1 << rate})
		}
	}
	sort.Slice(s.Sampled, func(i, j int) bool {
		x, y := s.Sampled[i], s.Sampled[j]
		return x.Source < y.Source || x.Source == y.Source && !x.Named && y.Named
	})
	return s
}

// Close writes what waits, and ends. A second one does nothing.
func (a *Archive) Close() error {
	a.mu.Lock()
	first := !a.closed
	a.closed = true
	a.mu.Unlock()
	a.poke()
	<-a.stopped
	if !first {
		return nil
	}
	a.dec.Close()
	a.mu.Lock()
	defer a.mu.Unlock()
	return errors.Join(a.enc.Close(), a.problem)
}
