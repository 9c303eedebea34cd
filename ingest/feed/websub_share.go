package feed

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"agora/mood"
)

// Where processes share sources, one of them leads: it asks hubs, renews, and
// keeps the subscriptions. Hubs may come to any of them. The others know the
// subscriptions from the store, answer and take pushes by themselves, and leave
// word for the one who leads.

const (
	kindWord   = "websub-word"
	leadID     = "leader" // of the lease, beside the subscriptions
	wordTTL    = time.Hour
	wordsEvery = time.Second      // that words are left and read
	learnEvery = 10 * time.Second // that subscriptions are read anew
	maxWords   = 10_000
)

// hubWhat is what a word tells of.
type hubWhat string

const (
	toldVerified hubWhat = "verified"
	toldDenied   hubWhat = "denied"
	toldLeft     hubWhat = "left"
	toldPush     hubWhat = "push"
	toldBad      hubWhat = "bad"     // a push whose signature is wrong
	toldPing     hubWhat = "ping"    // a push without items
	toldPolled   hubWhat = "polled"  // what a ping announced was polled
	toldSuspect  hubWhat = "suspect" // a poll found what wasn't pushed
)

// hubWord is what happened to a subscription.
type hubWord struct {
	Sub   string    `json:"sub"`
	What  hubWhat   `json:"what"`
	At    time.Time `json:"at"`
	Text  string    `json:"text,omitempty"`  // the lease in seconds, or a reason
	Items int64     `json:"items,omitempty"` // that a poll found
}

// tell notes what happened to a subscription, here or for the one who leads.
// The caller holds the poller's lock.
func (h *hubs) tell(s *pushSub, what hubWhat, text string, items int64) {
	w := hubWord{Sub: s.ID, What: what, At: h.p.now(), Text: text, Items: items}
	if h.leads {
		h.hear(s, w)
	} else if len(h.words) < maxWords {
		h.words = append(h.words, w)
	}
	h.look()
}

// hear does what a word asks for.
func (h *hubs) hear(s *pushSub, w hubWord) {
	switch w.What {
	case toldVerified:
		if !s.ending() {
			h.verified(s, w.Text, w.At)
		}
	case toldDenied:
		if s.ending() {
			h.drop(s)
		} else {
			h.denied(s, w.Text, w.At)
		}
	case toldLeft:
		// It is kept for a while, should the answer be lost and the hub ask again.
		s.State, s.Awaiting, s.Next, s.dirty = pushLeft, false, w.At.Add(leavingTime), true
	case toldPush, toldBad:
		h.count(s, w.What == toldPush, w.At)
	case toldPing:
		s.Pinged = true
	case toldPolled:
		s.Pinged = false
	case toldSuspect:
		if s.State == pushActive && s.Suspect.IsZero() {
			s.Suspect, s.Suspected, s.dirty = w.At, w.Items, true
		}
	}
}

// leave leaves word for the one who leads.
func (h *hubs) leaveWord(ctx context.Context) {
	h.p.mu.Lock()
	words := h.words
	h.words = nil
	h.p.mu.Unlock()
	for i, w := range words {
		raw, err := json.Marshal(w)
		if err == nil {
			err = h.p.cfg.States.Put(ctx, kindWord, w.Sub+"-"+rand.Text(), raw, wordTTL)
		}
		if err != nil {
			h.p.mu.Lock()
			h.words = append(words[i:], h.words...)
			h.p.mu.Unlock()
			return
		}
	}
}

// readWords does what others left word of.
func (h *hubs) readWords(ctx context.Context) {
	all, err := h.p.cfg.States.List(ctx, kindWord)
	if err != nil {
		return // the next time
	}
	for id, raw := range all {
		if err := h.p.cfg.States.Delete(ctx, kindWord, id); err != nil && !errors.Is(err, mood.ErrNotFound) {
			return
		}
		var w hubWord
		if json.Unmarshal(raw, &w) != nil {
			continue
		}
		h.p.mu.Lock()
		if s := h.subs[w.Sub]; s != nil {
			h.hear(s, w)
		}
		h.p.mu.Unlock()
	}
}

// share leads when it is this process's turn, and follows until then.
func (h *hubs) share(ctx context.Context) {
	following, stop := context.WithCancel(ctx)
	followed := make(chan struct{})
	go func() {
		defer close(followed)
		h.follow(following)
	}()
	defer func() { stop(); <-followed }()
	err := h.p.cfg.Leases.Own(ctx, kindPush, leadID, func(ctx context.Context) error {
		h.leaveWord(ctx)
		h.lead(ctx)
		return ctx.Err()
	})
	if err != nil && ctx.Err() == nil {
		h.p.log.Error("hubs aren't asked any more", slog.Any("error", err))
	}
}

// follow keeps up with the one who leads.
func (h *hubs) follow(ctx context.Context) {
	tick := time.NewTicker(wordsEvery)
	defer tick.Stop()
	var learned time.Time
	for {
		h.p.mu.Lock()
		leads, loaded := h.leads, h.loaded
		h.p.mu.Unlock()
		asking, cancel := context.WithTimeout(ctx, leaseAsk)
		if !leads {
			h.leaveWord(asking)
		}
		if !leads && (!loaded || time.Since(learned) >= learnEvery) {
			if h.load(asking, false) {
				learned = time.Now()
			}
		}
		cancel()
		select {
		case <-ctx.Done():
			h.leaveWord(context.WithoutCancel(ctx))
			return
		case <-tick.C:
		}
	}
}

// find gives a subscription, also one that was made by another process just
// now. The caller holds the poller's lock, which is let go of meanwhile.
func (h *hubs) find(ctx context.Context, id string) *pushSub {
	s := h.subs[id]
	if s != nil && !s.Asked.IsZero() || h.leads || !h.loaded || len(id) != 32 {
		return s
	}
	h.p.mu.Unlock()
	asking, cancel := context.WithTimeout(ctx, leaseAsk)
	raw, err := h.p.cfg.States.Get(asking, kindPush, id)
	cancel()
	h.p.mu.Lock()
	if err == nil && !h.leads {
		h.learn(id, raw)
	}
	return h.subs[id]
}

// learn takes a subscription over as it is kept, and says whether it can be
// used. The caller holds the poller's lock.
func (h *hubs) learn(id string, raw []byte) bool {
	s := &pushSub{}
	if json.Unmarshal(raw, s) != nil || s.ID != id || len(s.Secret) < 32 || s.Callback != h.callback {
		return false
	}
	if old := h.subs[id]; old != nil { // pushes in work hold on to it
		s.busy, s.pending = old.busy, old.pending
		*old = *s
		s = old
	}
	h.subs[id] = s
	s.tally = h.tallies[s.Hub]
	if sub := h.p.subs[s.Source]; sub != nil && !s.ending() && (sub.push == nil || sub.push.Asked.Before(s.Asked)) {
		sub.push = s
	}
	return true
}

// follows brings what sources know of their hubs up to date, where another
// process leads. The caller holds the poller's lock.
func (h *hubs) follows(kept map[string][]byte) {
	for id, s := range h.subs {
		if _, ok := kept[id]; ok {
			continue
		}
		delete(h.subs, id)
		if sub := h.p.subs[s.Source]; sub != nil && sub.push == s {
			sub.push = nil
		}
	}
	for _, sub := range h.p.subs {
		if sub.state != nil {
			_, _, sub.off = h.wanted(sub)
		}
		if sub.push != nil && sub.push.ending() {
			sub.push = nil
		}
	}
}
