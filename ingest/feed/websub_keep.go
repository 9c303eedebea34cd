package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"agora/mood"

	"github.com/cespare/xxhash/v2"
)

// load reads the subscriptions and tallies of before. It says whether the
// store answered: until then nothing is asked for, since hubs may know us.
// leads says that this process is to ask them.
func (h *hubs) load(ctx context.Context, leads bool) bool {
	p := h.p
	subs, err := p.cfg.States.List(ctx, kindPush)
	if err != nil {
		if ctx.Err() == nil {
			p.log.Warn("subscriptions at hubs can't be read now; they are tried again", slog.Any("error", err))
		}
		return false
	}
	tallies, err := p.cfg.States.List(ctx, kindHub)
	if err != nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, raw := range tallies {
		t := &hubTally{}
		if json.Unmarshal(raw, &t.HubTally) == nil && t.Hub != "" && (h.tallies[t.Hub] != nil || len(h.tallies) < maxTallies) {
			h.tallies[t.Hub] = t
		}
	}
	for id, raw := range subs {
		if !h.learn(id, raw) && leads {
			// Under another callback than today's its hub reaches nobody, and
			// can't confirm its end either: it runs out.
			h.deleted = append(h.deleted, id)
		}
	}
	if p.cfg.Leases != nil {
		h.follows(subs)
	}
	h.loaded, h.leads = true, leads
	return true
}

// write writes one subscription.
func (h *hubs) write(ctx context.Context, s *pushSub) error {
	raw, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write the subscription of %s: %w", s.Source, err)
	}
	ctx, cancel := context.WithTimeout(ctx, keepTime)
	defer cancel()
	return h.p.cfg.States.Put(ctx, kindPush, s.ID, raw, stateTTL)
}

// keep writes what changed, and says whether all of it is written. What isn't
// stays on the list for the next time.
func (h *hubs) keep(ctx context.Context) bool {
	if !h.isLeading() {
		return true
	}
	p := h.p
	var subs []pushSub
	var tallies []mood.HubTally
	p.mu.Lock()
	for _, s := range h.subs {
		if s.dirty {
			s.dirty = false
			subs = append(subs, *s)
		}
	}
	for _, t := range h.tallies {
		if t.dirty {
			t.dirty = false
			tallies = append(tallies, t.HubTally)
		}
	}
	deleted := h.deleted
	h.deleted = nil
	p.mu.Unlock()

	ctx, cancel := context.WithTimeout(ctx, keepTime)
	defer cancel()
	var failed error
	for i := range subs {
		if err := h.write(ctx, &subs[i]); err != nil {
			failed = err
			h.again(subs[i].ID, "", "")
		}
	}
	for i := range tallies {
		raw, err := json.Marshal(&tallies[i])
		if err == nil {
			err = p.cfg.States.Put(ctx, kindHub, fmt.Sprintf("%016x", xxhash.Sum64String(tallies[i].Hub)), raw, stateTTL)
		}
		if err != nil {
			failed = err
			h.again("", tallies[i].Hub, "")
		}
	}
	for _, id := range deleted {
		if err := p.cfg.States.Delete(ctx, kindPush, id); err != nil && !errors.Is(err, mood.ErrNotFound) {
			failed = err
			h.again("", "", id)
		}
	}
	if failed != nil {
		p.log.Warn("subscriptions at hubs can't be written now; they are kept in memory and tried again", slog.Any("error", failed))
	}
	return failed == nil
}

func (h *hubs) isLeading() bool {
	h.p.mu.Lock()
	defer h.p.mu.Unlock()
	return h.leads
}

// again puts back on the list what couldn't be written or deleted.
func (h *hubs) again(id, hub, deleted string) {
	h.p.mu.Lock()
	defer h.p.mu.Unlock()
	if s := h.subs[id]; s != nil {
		s.dirty = true
	}
	if t := h.tallies[hub]; t != nil {
		t.dirty = true
	}
	if deleted != "" {
		h.deleted = append(h.deleted, deleted)
	}
}
