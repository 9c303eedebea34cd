package feed

import (
	"context"
	"errors"
	"math/bits"
	"time"

	"agora/mood"
)

// run keeps the subscriptions until ctx ends.
func (h *hubs) run(ctx context.Context) {
	workers := h.startWorkers(ctx)
	if h.p.cfg.Leases != nil {
		h.share(ctx)
		workers.Wait()
		h.drain()
		return
	}
	h.lead(ctx)
	workers.Wait()
	h.drain()
	h.keep(context.WithoutCancel(ctx))
}

// lead asks hubs, and keeps what they say, until ctx ends.
func (h *hubs) lead(ctx context.Context) {
	asking := newAsking(h)
	defer func() {
		asking.wait()
		if h.p.cfg.Leases == nil {
			return // run has more to wait for
		}
		if !errors.Is(context.Cause(ctx), mood.ErrConflict) {
			h.keep(context.WithoutCancel(ctx))
		}
		h.p.mu.Lock()
		h.leads = false
		h.p.mu.Unlock()
	}()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
		case <-timer.C:
		}
		if !h.isLeading() && !h.load(ctx, true) {
			timer.Reset(5 * time.Second)
			continue
		}
		longest := time.Hour
		if h.p.cfg.Leases != nil {
			h.readWords(ctx)
			longest = wordsEvery
		}
		wait := min(h.pass(ctx, asking), longest)
		if !h.keep(ctx) {
			wait = min(wait, 5*time.Second)
		}
		timer.Reset(wait)
	}
}

// pass does what is due, and says for how long nothing is.
func (h *hubs) pass(ctx context.Context, asking *asking) time.Duration {
	p := h.p
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	h.reconcile(now)
	wake := now.Add(time.Hour)
	for _, s := range h.subs {
		at := h.step(ctx, s, now, asking)
		if !at.IsZero() && at.Before(wake) {
			wake = at
		}
	}
	return max(0, wake.Sub(now))
}

// step does what is due for one subscription, and says when the next thing is;
// zero: when something happens.
func (h *hubs) step(ctx context.Context, s *pushSub, now time.Time, asking *asking) time.Time {
	if s.busy {
		return time.Time{}
	}
	h.judge(s, now)
	if s.State == pushActive && !now.Before(s.Until) {
		h.lapse(s, pushFailed, "the subscription ran out before its hub renewed it; it is asked again")
	}
	if s.Awaiting && !now.Before(s.Next) {
		s.Awaiting = false
		if s.State != pushLeaving {
			h.failed(s, now, "it accepted the subscription and never confirmed it; it is asked again")
		}
	}
	next := s.Next
	switch {
	case now.Before(s.Next):
	case s.State == pushLeft, s.State == pushLeaving && s.Failures >= triesToLeave:
		h.drop(s)
		return time.Time{}
	default:
		asking.start(ctx, s)
		return time.Time{} // whoever is asked wakes us when done
	}
	for _, at := range [...]time.Time{s.Until, s.dueToJudge()} {
		if s.State == pushActive && at.After(now) && at.Before(next) {
			next = at
		}
	}
	return next
}

// lapse ends a subscription's effect on this side.
func (h *hubs) lapse(s *pushSub, to pushWord, reason string) {
	s.State, s.Reason, s.Proven, s.dirty = to, reason, false, true
	s.Since, s.Until, s.Suspect, s.Suspected, s.Strikes = time.Time{}, time.Time{}, time.Time{}, 0, 0
	if sub := h.p.subs[s.Source]; sub != nil && sub.push == s {
		h.p.asBefore(sub)
	}
}

// failed notes that a hub couldn't be subscribed at, and when to ask again.
func (h *hubs) failed(s *pushSub, now time.Time, reason string) {
	s.Failures++
	s.Reason, s.dirty = reason, true
	t := h.tallyOf(s)
	t.Failed, t.dirty = t.Failed+1, true
	h.p.observeHub(HubFailed)
	if s.State != pushActive { // a running lease outlives a renewal that failed
		s.State = pushFailed
	}
	s.Next = now.Add(h.backoff(hubWait, day, s.Failures))
	h.look()
}

// backoff doubles a wait with every time, up to a longest one, and takes a
// random point of its second half.
func (h *hubs) backoff(first, longest time.Duration, times int) time.Duration {
	wait := longest
	if shift := times - 1; shift < bits.Len64(uint64(longest/first)) {
		wait = min(first<<max(0, shift), longest)
	}
	return wait/2 + time.Duration(h.random()*float64(wait/2))
}
