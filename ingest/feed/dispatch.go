package feed

import (
	"container/heap"
	"context"
	"maps"
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
	if p.cfg.Leases != nil {
		hubs.Go(func() { p.watchPauses(ctx) })
	}

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

// dispatcher hands out what is due, as manners allow.
type dispatcher struct {
	p       *Poller
	jobs    chan<- *subscription
	queue   queue
	ready   map[string]*line // due, by hostKey
	running [lanes]int       // at work
	working map[*subscription]bool
	outages map[string]*outage // by door
}

// line is who waits for a host's turn, by lane, each in the order of arrival.
type line [lanes][]*subscription

func (l *line) empty() bool {
	for _, subs := range l {
		if len(subs) > 0 {
			return false
		}
	}
	return true
}

// dispatch hands out what is due until ctx ends.
func (p *Poller) dispatch(ctx context.Context, jobs chan<- *subscription, ended <-chan *subscription) {
	d := &dispatcher{p: p, jobs: jobs, ready: map[string]*line{}, working: map[*subscription]bool{}, outages: map[string]*outage{}}
	timer := time.NewTimer(0)
	defer timer.Stop()
	p.load(ctx)
	d.enqueue()
	for {
		now := p.now()
		for d.queue.Len() > 0 && !d.queue[0].due.After(now) {
			d.admit(heap.Pop(&d.queue).(*subscription), now)
		}
		wake := d.probes(now)
		wake = sooner(wake, d.start(ctx, now))
		wake = sooner(wake, d.hurry(now))
		if d.queue.Len() > 0 {
			wake = sooner(wake, d.queue[0].due)
		}
		switch {
		case wake.IsZero() && len(d.ready) > 0:
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
			d.enqueue()
		case sub := <-ended:
			d.running[sub.lane]--
			d.ended(sub)
			d.report(sub, p.now())
			d.requeue(sub)
		}
	}
}

// admit puts a source that is due in line, unless there is a reason to leave
// its host alone for now.
func (d *dispatcher) admit(sub *subscription, now time.Time) {
	if d.waits(sub, now) || d.holds(sub, now) {
		return
	}
	key := hostKey(sub.ask)
	l := d.ready[key]
	if l == nil {
		l = &line{}
		d.ready[key] = l
	}
	l[sub.lane] = append(l[sub.lane], sub)
}

// waits says whether a due source isn't to be asked now: it was taken out,
// another asks for it, its host asked for a pause, or it skips this hour.
func (d *dispatcher) waits(sub *subscription, now time.Time) bool {
	p := d.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if sub.gone {
		sub.index = -1
		return true
	}
	if owner := p.askedBy(sub); owner != nil {
		sub.index = -1
		p.merge(sub, owner)
		return true
	}
	u := sub.address()
	sub.ask, sub.door, sub.lane = u, u.Host, sub.state.lane()
	if until, host, ok := p.fetch.manners.held(u); ok {
		sub.due = until.Add(p.schedule.spread(sub.src))
		p.pausedUntil(sub, until, host)
		d.push(sub)
		return true
	}
	if allowed := p.schedule.allowed(sub.src, sub.state, now); allowed.After(now) {
		st := *sub.state
		sub.due, st.NextPoll, st.NotBefore = allowed, allowed, allowed
		sub.state = &st
		p.dirty[sub.src.ID] = true
		p.touched()
		d.push(sub)
		return true
	}
	return false
}

// start hands those in line to workers, as far as manners and lanes allow, and
// gives when to look again; zero: when a poll ends.
func (d *dispatcher) start(ctx context.Context, now time.Time) (wake time.Time) {
	for key, l := range d.ready {
		for d.running[laneQuick]+d.running[laneUnknown]+d.running[laneSlow] < d.p.cfg.Workers {
			sub, again := d.next(l, now)
			wake = sooner(wake, again)
			if sub == nil {
				break
			}
			d.running[sub.lane]++
			d.p.mu.Lock()
			sub.busy = true
			d.p.mu.Unlock()
			d.begin(ctx, sub)
			d.jobs <- sub // a free worker takes it at once
		}
		if l.empty() {
			delete(d.ready, key)
		}
	}
	return wake
}

// next takes the one who waits longest of those in line who may start, with
// its turn. Without one it gives when to look again.
func (d *dispatcher) next(l *line, now time.Time) (sub *subscription, again time.Time) {
	var full [lanes]bool
	for {
		first := lanes
		for i, subs := range l {
			if len(subs) > 0 && !full[i] && (first == lanes || subs[0].due.Before(l[first][0].due)) {
				first = lane(i)
			}
		}
		if first == lanes {
			return nil, again
		}
		if !first.fits(d.running, d.p.cfg.Workers) {
			full[first] = true
			continue
		}
		sub := l[first][0]
		if d.waits(sub, now) {
			d.leave(sub)
			l[first] = l[first][1:]
			continue
		}
		if d.holds(sub, now) {
			l[first] = l[first][1:]
			continue
		}
		turn, at := d.p.fetch.manners.try(sub.ask, first)
		if turn != nil {
			l[first] = l[first][1:]
			sub.turn, sub.lane = turn, first
			return sub, time.Time{}
		}
		again = sooner(again, at)
		full[first] = true
	}
}

// enqueue puts every source that isn't in the queue, at work or in line into
// the queue, and moves those whose time changed.
func (d *dispatcher) enqueue() {
	d.p.mu.Lock()
	defer d.p.mu.Unlock()
	doors := make(map[string]bool, len(d.p.subs))
	for _, sub := range d.p.subs {
		doors[sub.door] = true
	}
	maps.DeleteFunc(d.outages, func(door string, _ *outage) bool { return !doors[door] })
	for _, sub := range d.p.subs {
		if sub.state != nil && !sub.busy {
			d.replan(sub)
		}
		sub.hasten()
		switch {
		case sub.state == nil: // listed since the states were read; its turn comes
		case sub.index >= 0:
			heap.Fix(&d.queue, sub.index)
		case sub.index == -1 && !sub.busy && sub.state.Gone < 2 && d.p.askedBy(sub) == nil:
			heap.Push(&d.queue, sub)
		case sub.index == -1 && !sub.busy && sub.state.Gone < 2:
			d.p.merge(sub, d.p.askedBy(sub))
		}
	}
}

// replan gives a source whose interval was changed its new time. The caller
// holds the lock.
func (d *dispatcher) replan(sub *subscription) {
	if sub.replan {
		sub.due = d.p.schedule.atStart(sub.src, sub.state, d.p.now())
		sub.replan = false
	}
}

func (d *dispatcher) requeue(sub *subscription) {
	d.p.mu.Lock()
	defer d.p.mu.Unlock()
	sub.busy = false
	sub.index = -1
	d.replan(sub)
	if !sub.gone && sub.state.Gone < 2 {
		heap.Push(&d.queue, sub)
	}
}

// push puts a source into the queue, or where its time belongs in it.
func (d *dispatcher) push(sub *subscription) {
	if sub.index >= 0 {
		heap.Fix(&d.queue, sub.index)
		return
	}
	heap.Push(&d.queue, sub)
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
