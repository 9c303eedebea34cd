package feed

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
	"time"
)

// reconcile makes the subscriptions those that the sources want.
func (h *hubs) reconcile(now time.Time) {
	for _, sub := range h.p.subs {
		if sub.state == nil {
			continue // not known yet
		}
		usable, topic, off := h.wanted(sub)
		sub.off = off
		cur := sub.push
		if cur != nil && h.subs[cur.ID] != cur || cur != nil && cur.ending() {
			cur, sub.push = nil, nil // of a source that was taken out and put back
		}
		switch {
		case len(usable) == 0 && cur != nil:
			h.leave(cur, now)
			sub.push = nil
		case len(usable) == 0:
		case cur == nil:
			sub.push = h.make(sub.src.ID, usable[0], topic, later(now, h.last[sub.src.ID].Add(moveWait)))
		case cur.Topic != topic || !slices.Contains(usable, cur.Hub):
			next := cur.Next
			if !cur.Asked.IsZero() {
				next = later(now, cur.Asked.Add(moveWait))
			}
			h.leave(cur, now)
			sub.push = h.make(sub.src.ID, usable[0], topic, next)
		case len(usable) > 1 && h.hasHadEnough(cur):
			i := slices.Index(usable, cur.Hub)
			h.leave(cur, now)
			sub.push = h.make(sub.src.ID, usable[(i+1)%len(usable)], topic, cur.Next)
			sub.push.Failures, sub.push.Denials = cur.Failures, cur.Denials
		}
	}
	for _, s := range h.subs {
		if sub := h.p.subs[s.Source]; (sub == nil || sub.state != nil && sub.push != s) && !s.ending() {
			h.leave(s, now)
		}
	}
	for id := range h.last {
		if h.p.subs[id] == nil {
			delete(h.last, id)
		}
	}
}

// hasHadEnough says whether a hub has failed so often that another one of the
// feed is asked instead.
func (h *hubs) hasHadEnough(s *pushSub) bool {
	return s.State == pushDenied || s.State == pushFailed && s.Failures > 0 && s.Failures%triesOfHub == 0
}

// make makes a subscription that is asked for at next.
func (h *hubs) make(source, hub, topic string, next time.Time) *pushSub {
	s := &pushSub{
		ID: secret(16), Secret: secret(32), Callback: h.callback, Source: source, Hub: hub, Topic: topic,
		State: pushNew, Next: next, dirty: true,
	}
	h.subs[s.ID] = s
	return s
}

// secret gives n random bytes in hexadecimal.
func secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// leave ends a subscription: at its hub, if that confirmed it.
func (h *hubs) leave(s *pushSub, now time.Time) {
	if s.State != pushActive && !s.Awaiting {
		h.drop(s)
		return
	}
	s.State, s.Awaiting, s.Next, s.Failures, s.Proven, s.dirty = pushLeaving, false, now, 0, false, true
}

func (h *hubs) drop(s *pushSub) {
	delete(h.subs, s.ID)
	h.deleted = append(h.deleted, s.ID)
}
