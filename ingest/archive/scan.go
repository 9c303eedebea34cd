package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

// Scan goes through the texts that were published at or after a time, those of
// the zero time all. look is called on several goroutines at once, each time
// with a text of its own, and says whether take is to get what it made of it;
// take is called on one, in the order in which texts came in. It ends with the
// first error of take, or when ctx ends. How many texts were looked at is
// told, each with its weight.
func Scan[T any](ctx context.Context, a *Archive, from time.Time, look func(*Text) (T, bool), take func(T) error) (Seen, error) {
	s := a.snapshot(from)
	defer s.close()
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	type result struct {
		found []T
		seen  Seen
	}
	type job struct {
		block source
		done  chan result
	}
	workers := runtime.GOMAXPROCS(0)
	jobs := make(chan job)
	order := make(chan chan result, 2*workers)
	wg.Go(func() {
		defer close(jobs)
		defer close(order)
		for _, b := range s.blocks {
			j := job{b, make(chan result, 1)}
			select {
			case order <- j.done:
			case <-ctx.Done():
				return
			}
			select {
			case jobs <- j:
			case <-ctx.Done():
				return
			}
		}
	})
	for range workers {
		wg.Go(func() {
			bench := &bench{}
			for j := range jobs {
				var r result
				r.seen = s.each(ctx, j.block, bench, func(t *Text) {
					if v, ok := look(t); ok {
						r.found = append(r.found, v)
					}
				})
				j.done <- r
			}
		})
	}
	var seen Seen
	for done := range order {
		select {
		case r := <-done:
			seen.add(r.seen)
			for _, v := range r.found {
				if err := take(v); err != nil {
					return seen, err
				}
			}
		case <-ctx.Done():
			return seen, fmt.Errorf("look through the archive of texts: %w", ctx.Err())
		}
	}
	if err := ctx.Err(); err != nil {
		return seen, fmt.Errorf("look through the archive of texts: %w", err)
	}
	return seen, nil
}

// Seen says what a scan looked at.
type Seen struct {
	Texts   int64 // of the archive
	Stand   int64 // for so many of the sources
	Bytes   int64 // of the blocks, uncompressed
	Damaged int   // blocks that couldn't be read
}

func (s *Seen) add(more Seen) {
	s.Texts += more.Texts
	s.Stand += more.Stand
	s.Bytes += more.Bytes
	s.Damaged += more.Damaged
}

// snapshot is what the archive holds at a moment.
type snapshot struct {
	a        *Archive
	blocks   []source
	files    []*os.File
	replaced map[uint64]uint64
	oldest   int64 // texts that came before are too old
}

// source is where the texts of a block are: in a file, or in memory.
type source struct {
	file *os.File
	seed uint64
	blockAt
	texts []byte // of one in memory
}

func (a *Archive) snapshot(from time.Time) *snapshot {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := &snapshot{a: a, replaced: make(map[uint64]uint64, len(a.replaced)), oldest: a.o.Now().Add(-a.o.KeepFor).UnixMilli()}
	for id, seq := range a.replaced {
		s.replaced[id] = seq
	}
	since := from.UnixMilli()
	if from.IsZero() {
		since = -1 << 62
	}
	for _, seg := range a.segments {
		file, err := os.Open(seg.path)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				a.o.Log.Error("a file of the archive of texts can't be read", slog.String("file", seg.path), slog.Any("error", err))
			}
			continue
		}
		s.files = append(s.files, file)
		for _, b := range seg.blocks {
			if b.published >= since && b.newest >= s.oldest {
				s.blocks = append(s.blocks, source{file: file, seed: seg.seed, blockAt: b})
			}
		}
	}
	for _, o := range a.queue { // nothing is added to it any more
		s.blocks = append(s.blocks, source{blockAt: blockAt{head: head{first: o.first}}, texts: o.raw})
	}
	if len(a.cur.ids) > 0 {
		s.blocks = append(s.blocks, source{blockAt: blockAt{head: head{first: a.cur.first}}, texts: append([]byte(nil), a.cur.raw...)})
	}
	return s
}

func (s *snapshot) close() {
	for _, f := range s.files {
		_ = f.Close() // it was only read
	}
}

// bench is the room of one worker.
type bench struct{ stored, raw, lower []byte }

// each calls use with the texts of a block that are in force.
func (s *snapshot) each(ctx context.Context, b source, w *bench, use func(*Text)) (seen Seen) {
	if ctx.Err() != nil {
		return seen
	}
	raw := b.texts
	if b.file != nil {
		var ok bool
		if raw, ok = s.read(b, w); !ok {
			s.a.o.Log.Error("a block of the archive of texts is damaged, and left out", slog.String("file", b.file.Name()), slog.Int64("offset", b.off))
			return Seen{Damaged: 1}
		}
	}
	w.lower = lowered(w.lower, raw)
	r := reader{raw: string(raw), lower: w.lower}
	seen.Bytes = int64(len(raw))
	var t Text
	for seq := b.first; ; seq++ {
		more, err := r.next(&t)
		if err != nil {
			s.a.o.Log.Error("a block of the archive of texts can't be read to its end", slog.Any("error", err))
			seen.Damaged = 1
		}
		if !more {
			return seen
		}
		t.seq = seq
		if t.flags&flagWithdrawn != 0 || t.Seen < s.oldest {
			continue
		}
		if newer, ok := s.replaced[idOf(t.ID)]; ok && seq < newer {
			continue
		}
		seen.Texts++
		seen.Stand += t.Weight()
		use(&t)
	}
}

func (s *snapshot) read(b source, w *bench) ([]byte, bool) {
	if cap(w.stored) < int(b.stored) {
		w.stored = make([]byte, b.stored)
	}
	w.stored = w.stored[:b.stored]
	if n, _ := b.file.ReadAt(w.stored, b.off+blockHeader+int64(b.index)); n < len(w.stored) || sum(b.seed, w.stored) != b.textSum {
		return nil, false
	}
	raw, err := s.a.dec.DecodeAll(w.stored, w.raw[:0])
	if err != nil || len(raw) != int(b.raw) {
		return nil, false
	}
	w.raw = raw
	return raw, true
}

// Copy gives the text in memory of its own.
func (t *Text) Copy() *Text {
	c := *t
	for _, s := range [...]*string{&c.ID, &c.Outlet, &c.Language, &c.Country, &c.URL, &c.Title, &c.Text, &c.rest} {
		*s = strings.Clone(*s)
	}
	c.lower = nil
	return &c
}

// Seq orders texts as they came in.
func (t *Text) Seq() uint64 { return t.seq }
