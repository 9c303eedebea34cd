package archive

import (
	"errors"
	"log/slog"
	"time"
)

// run is the writer: it alone touches the disk, until the archive is closed.
func (a *Archive) run() {
	defer close(a.stopped)
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		timed := false
		select {
		case <-a.wake:
		case <-tick.C:
			timed = true
		}
		a.mu.Lock()
		waiting, closed := a.waiting, a.closed
		a.waiting = nil
		a.mu.Unlock()
		err := a.writeQueue()
		if timed || closed || len(waiting) > 0 {
			if err == nil {
				err = a.writeDraft()
			}
			err = errors.Join(err, a.tidy())
		}
		if len(waiting) > 0 && err == nil && a.file != nil {
			err = a.o.sync(a.file)
		}
		a.note(err)
		for _, w := range waiting {
			w <- err
		}
		if closed {
			if a.file != nil {
				a.note(errors.Join(err, a.file.Close()))
			}
			a.mu.Lock()
			for _, w := range a.waiting {
				w <- err
			}
			a.mu.Unlock()
			return
		}
	}
}

// note keeps what is wrong with the disk, and says it once.
func (a *Archive) note(err error) {
	a.mu.Lock()
	before := a.problem
	a.problem = err
	a.mu.Unlock()
	switch {
	case err != nil && before == nil:
		a.o.Log.Warn("texts can't be kept for trying queries on them; what is said of brands is counted all the same", slog.String("folder", a.o.Folder), slog.Any("error", err))
	case err == nil && before != nil:
		a.o.Log.Info("texts are kept again for trying queries on them", slog.String("folder", a.o.Folder))
	}
}

// writeQueue writes the full blocks. One that can't be written stays, and is
// tried again.
func (a *Archive) writeQueue() error {
	for {
		a.mu.Lock()
		if len(a.queue) == 0 {
			a.mu.Unlock()
			return nil
		}
		o := a.queue[0]
		a.mu.Unlock()
		s, b, err := a.write(o)
		if err != nil {
			return err
		}
		a.mu.Lock()
		s.draft = 0
		s.add(b, o.lanes)
		a.raw += int64(b.raw)
		a.queue = append([]*open(nil), a.queue[1:]...)
		a.mu.Unlock()
		if s.size >= a.o.segmentBytes() || a.o.Now().UnixMilli()-s.begun > (a.o.KeepFor/segmentsInTime).Milliseconds() {
			err := errors.Join(a.o.sync(a.file), a.file.Close()) // somebody may wait until it is durable
			a.file = nil
			if err != nil {
				return err
			}
		}
	}
}

// writeDraft writes the block that is filled behind the others, where it is
// written again until it is full.
func (a *Archive) writeDraft() error {
	a.mu.Lock()
	if len(a.cur.ids) > 0 && a.o.Now().UnixMilli()-a.cur.begun > (a.o.KeepFor/segmentsInTime).Milliseconds() {
		a.close()
		a.mu.Unlock()
		return a.writeQueue()
	}
	if len(a.cur.raw) == a.cur.drafted {
		a.mu.Unlock()
		return nil
	}
	draft := a.cur.copied()
	a.mu.Unlock()
	s, b, err := a.write(draft)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	s.draft = b.size()
	if a.cur.first == draft.first {
		a.cur.drafted = len(draft.raw)
	}
	return nil
}

func (o *open) copied() *open {
	c := *o
	c.raw = append([]byte(nil), o.raw...)
	c.ids = append([]uint64(nil), o.ids...)
	c.lanes = make(map[string]laneBytes, len(o.lanes))
	for name, n := range o.lanes {
		c.lanes[name] = n
	}
	return &c
}

// write writes a block behind the last whole one.
func (a *Archive) write(o *open) (*segment, blockAt, error) {
	index := o.index()
	stored := a.enc.EncodeAll(o.raw, nil)
	h := head{
		index: uint32(len(index)), stored: uint32(len(stored)), raw: uint32(len(o.raw)), count: uint32(len(o.ids)),
		first: o.first, newest: o.newest, published: o.published,
	}
	if err := a.makeRoom(h.size()); err != nil {
		return nil, blockAt{}, err
	}
	if a.file == nil {
		s, file, err := a.create(o.first)
		if err != nil {
			return nil, blockAt{}, err
		}
		if len(o.ids) > 0 {
			s.begun = o.begun
		}
		a.mu.Lock()
		a.segments = append(a.segments, s)
		a.mu.Unlock()
		a.file = file
	}
	a.mu.Lock()
	s := a.segments[len(a.segments)-1]
	a.mu.Unlock()
	h.indexSum, h.textSum = sum(s.seed, index), sum(s.seed, stored)
	b := h.append(make([]byte, 0, h.size()), s.seed)
	b = append(append(b, index...), stored...)
	if _, err := a.o.writeAt(a.file, b, s.size); err != nil {
		return nil, blockAt{}, err
	}
	return s, blockAt{h, s.size}, nil
}

// makeRoom removes the oldest segments until a block fits.
func (a *Archive) makeRoom(need int64) error {
	for {
		a.mu.Lock()
		held := a.bytes()
		n := len(a.segments)
		if n > 0 && a.file != nil {
			held -= a.segments[n-1].draft // it is written over
		}
		a.mu.Unlock()
		if n == 0 || held+need+segmentHeader <= a.o.MaxBytes {
			return nil
		}
		if err := a.retire(); err != nil {
			return err
		}
	}
}

// tidy removes segments whose texts are too old.
func (a *Archive) tidy() error {
	oldest := a.o.Now().Add(-a.o.KeepFor).UnixMilli()
	for {
		a.mu.Lock()
		due := len(a.segments) > 0 && a.segments[0].draft == 0 && a.segments[0].newest < oldest
		a.mu.Unlock()
		if !due {
			return nil
		}
		if err := a.retire(); err != nil {
			return err
		}
	}
}
