package figure

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"time"

	"agora/mood"
)

// shelf keeps what was made, up to a number of bytes, by what it was made of.
// What nobody asked for the longest goes first. Of several who ask for the same
// at once, one makes it, for all.
type shelf struct {
	mu     sync.Mutex
	room   int // bytes
	used   int
	kept   map[string]*list.Element // of *item
	order  *list.List               // the one that was asked for last is at the front
	making map[string]*making
}

type item struct {
	key  string
	data []byte
}

// making is something in the making.
type making struct {
	done chan struct{}
	data []byte
	err  error
	wait int // who waits for it
	stop context.CancelFunc
}

const (
	makeTime   = 60 * time.Second // for one thing, with the wait for an engine
	maxMaking  = 256              // things at once; more are refused
	overhead   = 200              // bytes of an item beside its data
	largestOne = 4                // a thing may take one part in this many of the room
)

func newShelf(room int) *shelf {
	return &shelf{room: room, kept: map[string]*list.Element{}, order: list.New(), making: map[string]*making{}}
}

// get gives what is kept under a key, else makes it. When all who wait for it
// have left, making it ends.
func (s *shelf) get(ctx context.Context, key string, do func(context.Context) ([]byte, error)) ([]byte, error) {
	s.mu.Lock()
	if e := s.kept[key]; e != nil {
		s.order.MoveToFront(e)
		s.mu.Unlock()
		return e.Value.(*item).data, nil
	}
	m := s.making[key]
	if m == nil {
		if len(s.making) >= maxMaking {
			s.mu.Unlock()
			return nil, fmt.Errorf("%d pictures are being drawn already: %w", maxMaking, mood.ErrUnavailable)
		}
		// It outlives the first who asked for it, as long as others wait.
		own, stop := context.WithTimeout(context.WithoutCancel(ctx), makeTime)
		m = &making{done: make(chan struct{}), stop: stop}
		s.making[key] = m
		go s.run(own, key, m, do)
	}
	m.wait++
	s.mu.Unlock()
	select {
	case <-m.done:
		return m.data, m.err
	case <-ctx.Done():
		s.leave(key, m)
		return nil, fmt.Errorf("wait for a picture: %w", context.Cause(ctx))
	}
}

// leave is for one who waits no more.
func (s *shelf) leave(key string, m *making) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.wait--
	if m.wait == 0 {
		m.stop()
		if s.making[key] == m { // whoever comes now begins anew
			delete(s.making, key)
		}
	}
}

func (s *shelf) run(ctx context.Context, key string, m *making, do func(context.Context) ([]byte, error)) {
	defer m.stop()
	m.data, m.err = guarded(ctx, do)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.making[key] == m {
		delete(s.making, key)
	}
	if m.err == nil {
		s.keep(key, m.data)
	}
	close(m.done)
}

// keep makes room for a thing and keeps it. The caller has the lock.
func (s *shelf) keep(key string, data []byte) {
	size := len(data) + overhead
	if size > s.room/largestOne || s.kept[key] != nil {
		return
	}
	for s.used+size > s.room {
		oldest := s.order.Back()
		gone := s.order.Remove(oldest).(*item)
		delete(s.kept, gone.key)
		s.used -= len(gone.data) + overhead
	}
	s.kept[key] = s.order.PushFront(&item{key, data})
	s.used += size
}

// guarded keeps a failure of what draws from ending the program.
func guarded(ctx context.Context, do func(context.Context) ([]byte, error)) (data []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("drawing broke: %v", r)
		}
	}()
	return do(ctx)
}
