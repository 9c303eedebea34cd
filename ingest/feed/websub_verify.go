package feed

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"agora/mood"
)

// maxChallenge bounds what is echoed.
const maxChallenge = 4 << 10

// VerifyIntent answers a hub that asks, at a subscription's callback, whether
// it is meant (WebSub, sections 5.2 and 5.3): with the challenge to echo, or
// with an error of the kind [mood.ErrNotFound]. A denial is answered with
// nothing. [mood.ErrUnavailable] means that it isn't known yet.
func (p *Poller) VerifyIntent(id string, q url.Values) (challenge string, err error) {
	h := p.hubs
	p.mu.Lock()
	defer p.mu.Unlock()
	if !h.loaded {
		return "", errNotLoaded
	}
	s := h.find(context.Background(), id)
	if s == nil {
		return "", errNoSubscription
	}
	challenge = q.Get("hub.challenge")
	sameTopic := q.Get("hub.topic") == s.Topic
	ending := s.ending()
	switch mode := q.Get("hub.mode"); {
	case mode == "denied" && (sameTopic || q.Get("hub.topic") == ""):
		h.tell(s, toldDenied, q.Get("hub.reason"), 0)
		return "", nil
	case challenge == "" || len(challenge) > maxChallenge || !sameTopic:
	case mode == "subscribe" && !ending && !s.Asked.IsZero():
		h.tell(s, toldVerified, q.Get("hub.lease_seconds"), 0)
		return challenge, nil
	case mode == "unsubscribe" && ending:
		h.tell(s, toldLeft, "", 0)
		return challenge, nil
	}
	return "", errNoSubscription
}

var (
	errNoSubscription = fmt.Errorf("there is no such subscription here: %w", mood.ErrNotFound)
	errNotLoaded      = fmt.Errorf("the subscriptions aren't read yet: %w", mood.ErrUnavailable)
)

func (h *hubs) verified(s *pushSub, lease string, now time.Time) {
	d := leaseUnsaid
	if n, err := strconv.ParseInt(strings.TrimSpace(lease), 10, 64); n > 0 && (err == nil || errors.Is(err, strconv.ErrRange)) {
		d = time.Duration(min(n, int64(leaseLongest.Seconds()))) * time.Second
	}
	if s.State != pushActive {
		s.Since = now
	}
	s.State, s.Awaiting, s.Reason, s.Failures, s.Denials, s.dirty = pushActive, false, "", 0, 0, true
	s.Verified, s.Until = now, now.Add(d)
	// Ahead of the end, with time for some tries, and not all at once.
	ahead := time.Duration((0.1 + 0.15*h.random()) * float64(d))
	least := renewLeast
	if d >= shortLease {
		least = min(least, d/2)
	}
	s.Next = later(s.Until.Add(-ahead), now.Add(least))
	t := h.tallyOf(s)
	t.Verified, t.dirty = t.Verified+1, true
	h.p.observeHub(HubVerified)
}

func (h *hubs) denied(s *pushSub, reason string, now time.Time) {
	why := "the hub denied the subscription"
	if reason = Text(reason); reason != "" {
		why += ": " + clip(reason, 200)
	}
	s.Awaiting = false
	s.Denials++
	h.lapse(s, pushDenied, why+". It is asked again later; polls go on")
	s.Next = now.Add(h.backoff(deniedWait, 7*day, s.Denials))
	if sub := h.p.subs[s.Source]; sub != nil && sub.push == s {
		if usable, _, _ := h.wanted(sub); s.Denials < len(usable) { // others were not asked yet
			s.Next = now.Add(h.backoff(hubWait, day, s.Denials))
		}
	}
	t := h.tallyOf(s)
	t.Denied, t.dirty = t.Denied+1, true
	h.p.observeHub(HubDenied)
}

// pushHealth tells people how a source's hub does.
func (e *subscription) pushHealth() *mood.PushHealth {
	s := e.push
	if s == nil {
		if e.off == "" || e.state == nil || len(e.state.Links.Hubs) == 0 {
			return nil
		}
		return &mood.PushHealth{Hub: shownHub(e.state.Links.Hubs[0]), State: mood.PushOff, Note: e.off}
	}
	ph := &mood.PushHealth{
		Hub: shownHub(s.Hub), State: mood.PushAsked, Note: s.Reason, Since: timeOrNil(s.Since), Until: timeOrNil(s.Until),
		Pushes: s.Pushes, BadSignatures: s.Bad, Missed: s.Missed, Last: timeOrNil(s.LastPush),
	}
	switch s.State {
	case pushActive:
		ph.State = mood.PushActive
		if s.Strikes >= strikesOfHub {
			ph.State = mood.PushSilent
			ph.Note = "polls find news that its hub doesn't push: it is polled as if there were no hub, until a push comes"
		}
	case pushDenied:
		ph.State = mood.PushDenied
	case pushFailed:
		ph.State = mood.PushFailed
	case pushNew, pushLeaving, pushLeft:
	}
	if s.tally != nil {
		t := s.tally.HubTally
		t.Hub = shownHub(t.Hub)
		ph.Tally = &t
	}
	return ph
}

// shownHub leaves out what an address may hold of a login.
func shownHub(hub string) string {
	if u, err := url.Parse(hub); err == nil {
		return u.Redacted()
	}
	return hub
}
