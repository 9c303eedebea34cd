package feed

import (
	"container/heap"
	"context"
	"net/http"
	"sync"
	"time"
)

// Run polls until ctx ends. Then it stops all requests, waits for what is
// being delivered, writes the states and returns nil.
func (p *Poller) Run(ctx context.Context) error {
	var workers, keeper, hubs sync.WaitGroup
	jobs := make(chan *subscription)
	ended := make(chan *subscription, p.cfg.Workers)
	for range p.cfg.Workers {
		workers.Go(func() {
			for sub := range jobs {
				p.poll(ctx, sub)
				ended <- sub
			}
		})
	}
	stopKeeper := make(chan struct{})
	keeper.Go(func() { p.keepStates(stopKeeper) })

	hubs.Go(func() { p.hubs.run(ctx) })

	p.dispatch(ctx, jobs, ended)

	hubs.Wait()
	close(jobs)
	go func() { workers.Wait(); close(ended) }()
	for range ended { // workers may be waiting to report
	}
	close(stopKeeper)
	keeper.Wait()
	if t, ok := p.fetch.transport.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
	return nil
}

// dispatch hands out what is due, as manners allow, until ctx ends.
func (p *Poller) dispatch(ctx context.Context, jobs chan<- *subscription, ended <-chan *subscription) {
	q := &queue{}
	ready := map[string][]*subscription{} // due, by host, in the order of their turn
	free := p.cfg.Workers
	timer := time.NewTimer(0)
	defer timer.Stop()
	p.load(ctx)
	p.enqueue(q)
	for {
		now := p.now()
		for q.Len() > 0 && !(*q)[0].due.After(now) {
			sub := heap.Pop(q).(*subscription)
			if !p.isGone(sub) {
				ready[sub.host] = append(ready[sub.host], sub)
			}
		}
		var wake time.Time
		for key, subs := range ready {
			for len(subs) > 0 && free > 0 {
				sub := subs[0]
				if p.isGone(sub) {
					subs = subs[1:]
					continue
				}
				ok, again := p.fetch.manners.try(sub.url)
				if !ok {
					if !again.IsZero() && (wake.IsZero() || again.Before(wake)) {
						wake = again
					}
					p.waiting(subs)
					break
				}
				subs = subs[1:]
				free--
				p.mu.Lock()
				sub.busy = true
				p.mu.Unlock()
				jobs <- sub // a free worker takes it at once
			}
			if len(subs) == 0 {
				delete(ready, key)
			} else {
				ready[key] = subs
			}
		}
		if q.Len() > 0 && (wake.IsZero() || (*q)[0].due.Before(wake)) {
			wake = (*q)[0].due
		}
		switch {
		case wake.IsZero() && len(ready) > 0:
			timer.Reset(time.Second) // a turn may be held by a redirect or a try
		case wake.IsZero():
			timer.Reset(time.Hour)
		default:
			timer.Reset(max(0, wake.Sub(p.now())))
		}
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-p.changed:
			p.load(ctx)
			p.enqueue(q)
			for key, subs := range ready { // a source may have been given anew
				ready[key] = p.kept(subs)
			}
		case sub := <-ended:
			free++
			p.requeue(q, sub)
		}
	}
}

func (p *Poller) kept(subs []*subscription) []*subscription {
	kept := subs[:0]
	for _, sub := range subs {
		if !p.isGone(sub) {
			kept = append(kept, sub)
		}
	}
	return kept
}

// isGone says whether a source that is due was taken out meanwhile. If so it
// leaves the queue.
func (p *Poller) isGone(sub *subscription) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if sub.gone {
		sub.index = -1
	}
	return sub.gone
}

// enqueue puts every source that isn't in the queue, at work or ready into it,
// and moves those whose time changed.
func (p *Poller) enqueue(q *queue) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, sub := range p.subs {
		sub.hasten()
		switch {
		case sub.state == nil: // listed since the states were read; its turn comes
		case sub.index >= 0:
			heap.Fix(q, sub.index)
		case sub.index == -1 && !sub.busy && sub.state.Gone < 2:
			heap.Push(q, sub)
		}
	}
}

func (p *Poller) requeue(q *queue, sub *subscription) {
	p.mu.Lock()
	defer p.mu.Unlock()
	sub.busy = false
	sub.index = -1
	if !sub.gone && sub.state.Gone < 2 {
		heap.Push(q, sub)
	}
}

// queue orders sources by when they are due. A source that left the queue for
// its turn has index −2 until it was polled.
type queue []*subscription

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push is for container/heap.
func (q *queue) Push(x any) {
	sub := x.(*subscription)
	sub.index = len(*q)
	*q = append(*q, sub)
}

// Pop is for container/heap.
func (q *queue) Pop() any {
	old := *q
	sub := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	sub.index = -2
	return sub
}
