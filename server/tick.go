package server

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"agora/mood"
)

// loop gathers what changed, and publishes it on a tick.
func (h *hub) loop(ctx context.Context) {
	due := time.NewTimer(time.Hour)
	defer due.Stop()
	sweep, beat := time.NewTicker(time.Second), time.NewTicker(heartbeatTime)
	defer sweep.Stop()
	defer beat.Stop()
	var (
		armed   time.Time // when the next tick is; zero: none is due
		last    time.Time // of the last tick
		pause   time.Time // no computing before
		working bool
	)
	arm := func(at time.Time) {
		soon := time.Now().Add(quietTime)
		if at.Before(soon) {
			at = soon
		}
		if armed.IsZero() || at.Before(armed) {
			armed = at
			due.Reset(time.Until(at))
		}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case n := <-h.notices:
			h.note(n)
			arm(last.Add(tickTime))
		case <-h.kick:
			arm(last.Add(tickTime))
		case <-due.C:
			armed, last = time.Time{}, time.Now()
			h.sendMentions()
			h.sendCorrections()
			if working {
				break
			}
			batch, more := h.batch(last.Before(pause))
			if len(batch) > 0 {
				working = true
				h.jobs <- batch
			} else if more {
				arm(pause)
			}
		case r := <-h.results:
			h.settle(r)
		case pause = <-h.rest:
			working = false
			arm(last.Add(tickTime))
		case <-sweep.C:
			h.sweep()
			arm(last.Add(tickTime))
		case <-beat.C:
			h.tell("heartbeat", frame("heartbeat", "", encode(heartbeatEvent{h.now().UTC().Format(timeFormat)})))
		}
	}
}

// note remembers what a notice says until the next tick.
func (h *hub) note(n mood.Notice) {
	h.server.gallery.note(n)
	h.mu.Lock()
	now := h.now()
	for _, v := range h.views {
		if n.Reset {
			v.dirty = true
		}
		if n.Brand != "" {
			v.noteBrand(n.Brand, now)
		}
	}
	h.mu.Unlock()
	h.noteCorrections(n)
	if n.Brand == "" || len(n.Mentions) == 0 && n.Skipped == 0 {
		return
	}
	p := h.pending[n.Brand]
	if p == nil {
		p = &pendingMentions{}
		h.pending[n.Brand] = p
	}
	p.add(n)
}

// batch gives the views that are due, those first that wait for the longest.
// While computing pauses, only views that nobody has seen yet are given; more
// says that others wait.
func (h *hub) batch(paused bool) (jobs []job, more bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.now()
	var due []*view
	for _, v := range h.views {
		if !v.due(now) {
			continue
		}
		if paused && v.state != nil {
			more = true
			continue
		}
		due = append(due, v)
	}
	slices.SortFunc(due, func(a, b *view) int { return a.seen.Compare(b.seen) })
	wanted := h.wanted()
	for _, v := range due {
		v.busy, v.dirty, v.soft, v.boundary, v.seen = true, false, time.Time{}, nextBoundary(now), now
		jobs = append(jobs, job{view: v, brands: v.brands, window: v.window, charts: wanted[v.key], before: v.state})
	}
	return jobs, more
}

// wanted lists the charts that any topic draws of each view.
func (h *hub) wanted() map[string][]string {
	wanted := make(map[string][]string, len(h.views))
	for _, t := range h.topics {
		for _, v := range t.views {
			for _, id := range t.charts {
				if !slices.Contains(wanted[v.key], id) {
					wanted[v.key] = append(wanted[v.key], id)
				}
			}
		}
	}
	return wanted
}

// work computes batches. After each it rests, so that computing takes a
// quarter of the time at most; a batch that takes long is cut, and what is left
// of it waits its turn.
func (h *hub) work(ctx context.Context) {
	for {
		var batch []job
		select {
		case <-ctx.Done():
			return
		case batch = <-h.jobs:
		}
		begun := time.Now()
		for i, j := range batch {
			r := result{view: j.view}
			if i == 0 || time.Since(begun) < batchTime {
				r = h.compute(ctx, j)
			}
			select {
			case <-ctx.Done():
				return
			case h.results <- r:
			}
		}
		took := time.Since(begun)
		select {
		case <-ctx.Done():
			return
		case h.rest <- begun.Add(took + min((computeShare-1)*took, longestRest)):
		}
	}
}

// settle publishes what was computed.
func (h *hub) settle(r result) {
	h.mu.Lock()
	v := r.view
	v.busy = false
	if r.state == nil {
		v.dirty = true
		if r.err != nil {
			v.retry = h.now().Add(time.Second)
		}
	}
	first := r.err != nil && !v.failing
	if r.err != nil || r.state != nil {
		v.failing = r.err != nil
	}
	if r.state != nil {
		v.state = r.state
		for _, t := range h.topics {
			if slices.Contains(t.views, v) && r.state.has(t.charts) && t.publish(v, r.state) {
				h.server.meters.events.WithLabelValues("delta").Inc()
			}
		}
	}
	h.mu.Unlock()
	if r.err != nil {
		h.server.meters.failures.Inc()
		if first {
			h.log.Warn("view can't be computed; trying again each second", slog.String("view", v.key), slog.Any("error", r.err))
		}
	}
	if r.state != nil {
		h.server.meters.computing.Observe(r.took.Seconds())
	}
}

// sweep does once a second what nobody waits for.
func (h *hub) sweep() {
	epoch := h.server.Boards.Epoch()
	h.mu.Lock()
	h.drop(idleTopic)
	changed := h.epoch != "" && epoch != h.epoch
	h.epoch = epoch
	h.mu.Unlock()
	if changed {
		h.reset()
		h.tell("hello", frame("hello", "", encode(h.hello())))
	}
}

func (h *hub) hello() helloEvent {
	return helloEvent{
		Build: h.server.Build, Now: h.now().UTC().Format(timeFormat), HeartbeatMS: heartbeatTime.Milliseconds(),
		StoreEpoch: h.server.Boards.Epoch(), Timezone: h.server.Location.String(), Demo: h.server.Demo,
	}
}
