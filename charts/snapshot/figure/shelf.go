package figure

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"agora/charts"
	"agora/errand"
	"agora/mood"
)

// shelf keeps what was made, up to a number of bytes, by what it was made of.
// What nobody asked for the longest goes first. Of several who ask for the same
// at once, one makes it, for all. What takes too long isn't tried again for a
// while, whoever asks.
type shelf struct {
	making *errand.Group[[]byte]

	mu    sync.Mutex
	room  int // bytes
	used  int
	kept  map[string]*list.Element // of *item
	order *list.List               // the one that was asked for last is at the front
	slow  map[string]time.Time     // when it took too long
}

type item struct {
	key  string
	data []byte
}

const (
	makeTime   = 60 * time.Second // for one thing, with the wait for an engine
	slowTime   = time.Minute      // until what took too long is tried again
	maxMaking  = 256              // things at once; more are refused
	maxSlow    = 256              // things that took too long and are remembered
	overhead   = 200              // bytes of an item beside its data
	largestOne = 4                // a thing may take one part in this many of the room
)

func newShelf(o *errand.Office, room int) *shelf {
	return &shelf{
		making: errand.NewGroup[[]byte](o, makeTime, maxMaking),
		room:   room, kept: map[string]*list.Element{}, order: list.New(), slow: map[string]time.Time{},
	}
}

// get gives what is kept under a key, else makes it. When all who wait for it
// have left, making it ends.
func (s *shelf) get(ctx context.Context, key string, do func(context.Context) ([]byte, error)) ([]byte, error) {
	if data, err := s.known(key); data != nil || err != nil {
		return data, err
	}
	return s.making.Do(ctx, key, func(ctx context.Context) ([]byte, error) {
		data, err := do(ctx)
		s.mu.Lock()
		defer s.mu.Unlock()
		switch {
		case err == nil:
			s.keep(key, data)
		case errors.Is(err, charts.ErrSlow):
			if len(s.slow) >= maxSlow {
				clear(s.slow)
			}
			s.slow[key] = time.Now()
		}
		return data, err
	})
}

// known is what is kept under a key, or why it isn't tried to make it; neither:
// it isn't known.
func (s *shelf) known(key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.kept[key]; e != nil {
		s.order.MoveToFront(e)
		return e.Value.(*item).data, nil
	}
	at, ok := s.slow[key]
	switch {
	case !ok:
	case time.Since(at) < slowTime:
		return nil, fmt.Errorf("it was tried a moment ago: %w: %w", charts.ErrSlow, mood.ErrUnavailable)
	default:
		delete(s.slow, key)
	}
	return nil, nil
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
