package social

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Bounds of what waits between a line and the desk, and how long it may wait
// for company.
const (
	maxWaiting = 400
	company    = 250 * time.Millisecond
	steadyLine = 10 * time.Second // after which an open line is fine, though nothing came yet
)

// came is one thing that came on a line; an empty one is a sign of life.
type came struct {
	Batch
	cursor any // where to go on after it; nil: as before
}

// some says whether it is more than a sign of life.
func (c *came) some() bool { return c.len() > 0 || c.cursor != nil }

// pump hands in what comes on a line, in batches, until the line ends or nothing
// comes for as long as silence. next blocks until something comes; it must end
// when its context does.
//
// While what came can't be taken, no more is read: the other side waits, or
// hangs up and is asked for it again.
func (d *Desk) pump(ctx context.Context, silence time.Duration, next func(context.Context) (came, error)) error {
	line, cut := context.WithCancelCause(ctx)
	defer cut(nil)
	p := newPipe()
	steady := min(steadyLine, silence/2)
	if !d.e.preset.Chatty {
		open := time.AfterFunc(steady, d.alive)
		defer open.Stop()
	}
	watchdog := time.AfterFunc(silence, func() { cut(&silentError{silence}) })
	defer watchdog.Stop()
	var reading sync.WaitGroup
	var ended error
	reading.Go(func() {
		defer close(p.some)
		well, faults := false, 0
		for {
			c, err := d.safely(line, next, &faults)
			if err != nil {
				ended = err
				return
			}
			watchdog.Reset(silence)
			// A greeting says that somebody is there, not that anything flows.
			if open := d.hear(); !well && (!d.e.preset.Chatty || c.some() || open >= steady) {
				d.alive()
				well = true
			}
			if !p.add(c) {
				continue
			}
			watchdog.Stop() // it is we who are slow
			select {
			case <-p.room:
			case <-line.Done():
				ended = context.Cause(line)
				return
			}
			watchdog.Reset(silence)
		}
	})
	err := d.drain(ctx, line, p)
	cut(err)
	reading.Wait()
	var silent *silentError
	switch cause := context.Cause(line); {
	case err != nil:
		return err
	case errors.As(cause, &silent):
		return silent // whatever its reader made of that
	}
	return ended
}

// mostFaults is how many things in a row may make a source panic before its line
// is cut.
const mostFaults = 5

// safely passes over what makes a source panic: it would come again on every
// line.
func (d *Desk) safely(ctx context.Context, next func(context.Context) (came, error), faults *int) (c came, err error) {
	defer func() {
		if p := recover(); p != nil {
			*faults++
			c, err = came{}, d.r.fault(d.spec.ID, p)
			if *faults <= mostFaults {
				err = nil
			}
		}
	}()
	c, err = next(ctx)
	*faults = 0
	return c, err
}

// drain hands in what waits, until there is no more. What came before the line
// was cut is still handed in.
func (d *Desk) drain(ctx, line context.Context, p *pipe) error {
	for open := true; open; {
		if _, open = <-p.some; open {
			p.gather(line)
		}
		b, cursor, some := p.take()
		if !some {
			continue
		}
		if err := d.Commit(ctx, b, cursor); err != nil {
			return err
		}
	}
	return nil
}

// pipe holds what came and isn't handed in yet.
type pipe struct {
	some chan struct{} // there is something; closed when no more comes
	full chan struct{} // it is full
	room chan struct{} // it was full, and isn't any more

	mu     sync.Mutex
	batch  Batch
	cursor any
	any    bool
}

func newPipe() *pipe {
	return &pipe{some: make(chan struct{}, 1), full: make(chan struct{}, 1), room: make(chan struct{}, 1)}
}

// gather waits a moment for more to come.
func (p *pipe) gather(line context.Context) {
	timer := time.NewTimer(company)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.full:
	case <-line.Done():
	}
}

// add puts something in, and says whether the pipe is full then.
func (p *pipe) add(c came) (full bool) {
	if !c.some() {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.any = true
	if c.cursor != nil {
		p.cursor = c.cursor
	}
	for _, id := range c.Gone { // said and deleted at once: it is never shown
		for i := len(p.batch.Mentions) - 1; i >= 0; i-- {
			if p.batch.Mentions[i].ID == id {
				p.batch.Mentions = append(p.batch.Mentions[:i], p.batch.Mentions[i+1:]...)
			}
		}
	}
	p.batch.Mentions = append(p.batch.Mentions, c.Mentions...)
	p.batch.Gone = append(p.batch.Gone, c.Gone...)
	p.batch.Raw = append(p.batch.Raw, c.Raw...)
	p.batch.Deeds = append(p.batch.Deeds, c.Deeds...)
	select {
	case p.some <- struct{}{}:
	default:
	}
	if full = p.batch.len() >= maxWaiting; full {
		select {
		case p.full <- struct{}{}:
		default:
		}
	}
	return full
}

// take empties the pipe.
func (p *pipe) take() (b Batch, cursor any, some bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	full := p.batch.len() >= maxWaiting
	b, cursor, some = p.batch, p.cursor, p.any
	p.batch, p.cursor, p.any = Batch{}, nil, false
	if full {
		select {
		case <-p.full:
		default:
		}
		select {
		case p.room <- struct{}{}:
		default:
		}
	}
	return b, cursor, some
}
