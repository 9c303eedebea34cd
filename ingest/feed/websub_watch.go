package feed

import (
	"time"

	"agora/mood"
)

// How far pushes are relied upon.
const (
	provenEvery  = 3 * time.Hour    // between polls of a feed whose pushes have proved to come
	missedAfter  = 10 * time.Minute // news that a poll found may still be pushed until then
	strikesOfHub = 2                // polls in a row with news that weren't pushed: the hub isn't trusted
	soonLeast    = time.Minute      // between two polls, whatever hubs say
)

// HubEvent is something that happened with a hub, for metrics.
type HubEvent string

// What happens with hubs.
const (
	HubAsked        HubEvent = "asked"
	HubVerified     HubEvent = "verified"
	HubDenied       HubEvent = "denied"
	HubFailed       HubEvent = "failed"
	HubPush         HubEvent = "push"
	HubBadSignature HubEvent = "bad_signature"
	HubMissed       HubEvent = "missed"
)

func (p *Poller) observeHub(e HubEvent) {
	if p.cfg.ObserveHub != nil {
		p.cfg.ObserveHub(e)
	}
}

// polled looks at a poll that went well, before its state is kept: whether the
// feed names other hubs now, whether its hub should have pushed the news that
// were found, and how much later it may be polled again. The caller holds the
// poller's lock.
func (h *hubs) polled(sub *subscription, st *state, fresh int, again bool) {
	before := sub.state
	if !st.Links.equal(before.Links) {
		h.look()
	}
	s := sub.push
	if s == nil || s.State != pushActive {
		return
	}
	// What was there before the subscription can't have been pushed, and what
	// a push without content announced was.
	if fresh > 0 && !again && !s.Pinged && s.Suspect.IsZero() && !before.LastSuccess.Before(s.Since) {
		h.tell(s, toldSuspect, "", int64(fresh))
	}
	if s.Pinged {
		s.Pinged = false
		h.tell(s, toldPolled, "", 0)
	}
	if s.Proven && sub.src.Every == 0 {
		next := st.LastPoll.Add(provenEvery + time.Duration(h.random()*float64(provenEvery)/4))
		st.NextPoll = later(st.NextPoll, st.Asks.after(next))
	}
}

// dueToJudge is when a poll's news are taken as missed.
func (s *pushSub) dueToJudge() time.Time {
	if s.Suspect.IsZero() {
		return time.Time{}
	}
	return s.Suspect.Add(missedAfter)
}

// judge counts news that a poll found and the hub didn't push in time. Twice
// in a row, and it isn't relied upon any more, until it pushes again.
func (h *hubs) judge(s *pushSub, now time.Time) {
	if s.Suspect.IsZero() || now.Before(s.dueToJudge()) {
		return
	}
	t := h.tallyOf(s)
	s.Missed, t.Missed = s.Missed+s.Suspected, t.Missed+s.Suspected
	s.Suspect, s.Suspected, s.dirty, t.dirty = time.Time{}, 0, true, true
	h.p.observeHub(HubMissed)
	if s.Strikes++; s.Strikes >= strikesOfHub {
		s.Proven = false
		if sub := h.p.subs[s.Source]; sub != nil && sub.push == s {
			h.p.asBefore(sub)
		}
	}
}

// asBefore has a source polled as often as if it had no hub. The caller holds
// the poller's lock.
func (p *Poller) asBefore(sub *subscription) {
	if sub.state == nil || sub.state.Failures > 0 {
		return
	}
	interval := p.schedule.interval(sub.src, sub.state, 0, p.now())
	if sub.src.Every == 0 {
		interval = max(interval, min(sub.state.Asks.Update, day))
	}
	p.bringForward(sub, sub.state.LastPoll.Add(interval+time.Duration(0.1*p.schedule.random()*float64(interval))))
}

// pollSoon has a source polled as soon as manners allow.
func (p *Poller) pollSoon(sub *subscription) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if sub.state != nil && sub.state.Failures == 0 {
		p.bringForward(sub, sub.state.LastPoll.Add(soonLeast))
	}
}

// hasten makes a source due when it was brought forward to. The order of the
// queue depends on it, so only the dispatcher may. The caller holds the
// poller's lock.
func (e *subscription) hasten() {
	if !e.soon.IsZero() && e.soon.Before(e.due) && !e.busy {
		e.due = e.soon
	}
	e.soon = time.Time{}
}

// bringForward has a source polled at a time, or now if that is over, unless
// it is due sooner or its publisher asked for later.
func (p *Poller) bringForward(sub *subscription, at time.Time) {
	if sub.gone || sub.state.Gone > 0 || sub.state.Word == string(mood.SourceWaiting) {
		return
	}
	at = sub.state.Asks.after(later(later(at, p.now()), sub.state.NotBefore))
	if !at.Before(sub.due) || !sub.soon.IsZero() && !at.Before(sub.soon) {
		return
	}
	st := *sub.state
	st.NextPoll = at
	sub.state, sub.soon = &st, at
	p.dirty[sub.src.ID] = true
	p.touched()
	select {
	case p.changed <- struct{}{}:
	default:
	}
}
