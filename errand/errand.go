// Package errand does what several wait for: once for all who ask for the same
// at the same time, for no longer than somebody waits, and never beyond the
// life of whoever does it.
package errand

import (
	"context"
	"fmt"
	"sync"
	"time"

	"agora/mood"
)

// ErrFull is why something isn't begun: too much is being done already.
var ErrFull = fmt.Errorf("too much is being made at once: %w", mood.ErrUnavailable)

// Office is where errands are run: it ends them, and waits for them. It is safe
// for concurrent use, and must be closed.
type Office struct {
	life   context.Context // ends with Close
	end    context.CancelCauseFunc
	closed error

	mu  sync.Mutex // no errand begins while the office closes
	all sync.WaitGroup
}

// NewOffice gives an office. Once it is closed, whoever asks for something or
// still waits gets an error that wraps closed.
func NewOffice(closed error) *Office {
	o := &Office{closed: closed}
	o.life, o.end = context.WithCancelCause(context.Background())
	return o
}

// Close ends all errands and waits for that until ctx ends; then its error says
// that some go on. A second Close waits likewise.
func (o *Office) Close(ctx context.Context) error {
	o.mu.Lock()
	o.end(o.closed)
	o.mu.Unlock()
	done := make(chan struct{})
	go func() {
		o.all.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for what is still being done: %w", context.Cause(ctx))
	}
}

// run does something beside whoever asked for it; false: the office is closed.
func (o *Office) run(do func()) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.life.Err() != nil {
		return false
	}
	o.all.Go(do)
	return true
}

// Group are errands of one kind.
type Group[T any] struct {
	office *Office
	limit  time.Duration
	most   int

	mu  sync.Mutex
	out map[string]*errand[T]
}

type errand[T any] struct {
	done  chan struct{}
	value T
	err   error
	wait  int // who waits for it
	stop  context.CancelFunc
}

// NewGroup gives a group of errands that take no longer than limit each, and of
// which most are run at once; more are refused with [ErrFull].
func NewGroup[T any](o *Office, limit time.Duration, most int) *Group[T] {
	return &Group[T]{office: o, limit: limit, most: most, out: map[string]*errand[T]{}}
}

// Do does what a key names, or waits for it where it is being done already. It
// outlives the first who asked, as long as others wait, and ends when all have
// left. The error is that of do; else ctx's, or the office's that is closed. A
// do that panics is an error.
func (g *Group[T]) Do(ctx context.Context, key string, do func(context.Context) (T, error)) (T, error) {
	e, err := g.join(key, do)
	if err != nil {
		var none T
		return none, err
	}
	select {
	case <-e.done:
		return e.value, e.err
	case <-ctx.Done():
		g.leave(key, e)
		var none T
		return none, fmt.Errorf("wait for what others asked for: %w", context.Cause(ctx))
	}
}

// Waiting counts who waits for what a key names.
func (g *Group[T]) Waiting(key string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e := g.out[key]; e != nil {
		return e.wait
	}
	return 0
}

func (g *Group[T]) join(key string, do func(context.Context) (T, error)) (*errand[T], error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	e := g.out[key]
	if e == nil {
		if len(g.out) >= g.most {
			return nil, ErrFull
		}
		ctx, stop := context.WithTimeout(g.office.life, g.limit)
		e = &errand[T]{done: make(chan struct{}), stop: stop}
		if !g.office.run(func() { g.run(ctx, key, e, do) }) {
			stop()
			return nil, g.office.closed
		}
		g.out[key] = e
	}
	e.wait++
	return e, nil
}

// leave is for one who waits no more.
func (g *Group[T]) leave(key string, e *errand[T]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if e.wait--; e.wait == 0 {
		e.stop()
		g.forget(key, e) // whoever comes now begins anew
	}
}

func (g *Group[T]) run(ctx context.Context, key string, e *errand[T], do func(context.Context) (T, error)) {
	defer e.stop()
	e.value, e.err = guarded(ctx, do)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.forget(key, e)
	close(e.done)
}

// forget lets whoever comes next begin anew. The caller has the lock.
func (g *Group[T]) forget(key string, e *errand[T]) {
	if g.out[key] == e {
		delete(g.out, key)
	}
}

// guarded keeps what breaks from ending the program.
func guarded[T any](ctx context.Context, do func(context.Context) (T, error)) (value T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it broke: %v", r)
		}
	}()
	return do(ctx)
}
