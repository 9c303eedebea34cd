package snapshot

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

const (
	maxEngines = 2
	idleTime   = 3 * time.Minute // after which an engine that nobody needs goes
)

// pool has the engines. Everybody who has one, or starts or ends one, holds a
// slot, so there are never more than maxEngines.
type pool struct {
	script *script
	log    *slog.Logger
	slots  chan struct{}

	mu     sync.Mutex
	free   []resting // the last one that was used is at the end
	alive  int       // with those in use
	closed bool
	sweep  *time.Timer
}

type resting struct {
	*engine
	since time.Time
}

func newPool(s *script, log *slog.Logger) *pool {
	return &pool{script: s, log: log, slots: make(chan struct{}, maxEngines)}
}

// take gives an engine, if it can one that has the world already. It waits
// while all are in use.
func (p *pool) take(ctx context.Context, world *shapes) (*engine, error) {
	if ctx.Err() != nil { // a free slot would win at times
		return nil, fmt.Errorf("wait for an engine that draws charts: %w", context.Cause(ctx))
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for an engine that draws charts: %w", context.Cause(ctx))
	}
	e, err := p.pick(world)
	if err != nil {
		<-p.slots
	}
	return e, err
}

// pick chooses one that rests, or starts one. The caller has a slot.
func (p *pool) pick(world *shapes) (*engine, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	if n := len(p.free); n > 0 {
		i := n - 1
		if world != nil {
			if has := slices.IndexFunc(p.free, func(r resting) bool { return r.shapes == world }); has >= 0 {
				i = has
			}
		}
		e := p.free[i].engine
		p.free = slices.Delete(p.free, i, i+1)
		p.mu.Unlock()
		return e, nil
	}
	p.alive++
	p.mu.Unlock()
	e, err := p.script.start()
	if err != nil {
		p.count(-1)
	}
	return e, err
}

func (p *pool) count(n int) {
	p.mu.Lock()
	p.alive += n
	p.mu.Unlock()
}

// giveBack takes an engine back, to use again or to end.
func (p *pool) giveBack(e *engine) {
	defer func() { <-p.slots }()
	p.mu.Lock()
	if !e.broken && !p.closed && e.draws < maxDraws {
		p.free = append(p.free, resting{e, time.Now()})
		if p.sweep == nil {
			p.sweep = time.AfterFunc(idleTime, p.drop)
		}
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	p.finish(e)
}

func (p *pool) finish(e *engine) {
	p.end(e)
	p.count(-1)
}

func (p *pool) end(e *engine) {
	if err := e.close(); err != nil {
		p.log.Warn("an engine that draws charts did not end well", slog.Any("error", err))
	}
}

// running counts the engines, with those in use.
func (p *pool) running() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.alive
}

// drop ends the engines that nobody needed for idleTime. It keeps the lock, so
// that none is started before they are gone.
func (p *pool) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	old := time.Now().Add(-idleTime)
	p.free = slices.DeleteFunc(p.free, func(r resting) bool {
		if r.since.After(old) {
			return false
		}
		p.end(r.engine)
		p.alive--
		return true
	})
	p.sweep = nil
	if len(p.free) > 0 && !p.closed {
		p.sweep = time.AfterFunc(idleTime, p.drop)
	}
}

// close ends all engines, after those in use have come back.
func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	if p.sweep != nil {
		p.sweep.Stop()
	}
	p.mu.Unlock()
	for range maxEngines {
		p.slots <- struct{}{}
	}
	p.mu.Lock()
	gone := p.free
	p.free = nil
	p.mu.Unlock()
	for _, r := range gone {
		p.finish(r.engine)
	}
	for range maxEngines {
		<-p.slots
	}
}
