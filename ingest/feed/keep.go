package feed

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"agora/mood"
)

// How often changed states are written, and how long all of it may take when
// the poller stops.
const (
	keepEvery    = time.Second
	keepTime     = 3 * time.Second  // at the end
	keepPatience = 30 * time.Second // while it runs
	keepShare    = 10               // writing takes at most one part in so many of the time
	healthTTL    = 26 * time.Hour   // outlives the longest interval
	healthRenew  = time.Hour
	maxKeepBatch = 2_000
)

// load reads the states of sources that have none yet. A store that doesn't
// answer delays nothing: such a source begins anew, and the worst is that its
// items are offered once more.
func (p *Poller) load(ctx context.Context) {
	p.mu.Lock()
	var missing []*subscription
	for _, sub := range p.subs {
		if sub.state == nil {
			missing = append(missing, sub)
		}
	}
	p.mu.Unlock()
	if !p.loaded {
		p.loaded = true
		p.forget(ctx)
		if err := p.loadPauses(ctx); err != nil && ctx.Err() == nil {
			p.log.Warn("the pauses that hosts asked for can't be read; hosts may be asked too soon", slog.Any("error", err))
		}
	}
	if len(missing) == 0 {
		return
	}
	var all map[string][]byte
	if len(missing) > 20 {
		var err error
		if all, err = p.cfg.States.List(ctx, kindFeed); err != nil && ctx.Err() == nil {
			p.log.Warn("feed states can't be read; feeds are asked anew", slog.Any("error", err))
		}
	}
	now := p.now()
	defer func() {
		p.mu.Lock()
		p.assign()
		p.mu.Unlock()
	}()
	for _, sub := range missing {
		raw, ok := all[sub.src.ID]
		if !ok && all == nil {
			var err error
			if raw, err = p.cfg.States.Get(ctx, kindFeed, sub.src.ID); err != nil && !errors.Is(err, mood.ErrNotFound) && ctx.Err() == nil {
				p.log.Warn("a feed's state can't be read; it is asked anew", slog.String("source", sub.src.ID), slog.Any("error", err))
			}
		}
		st := loadState(raw, sub.src.URL, now)
		p.mu.Lock()
		sub.state = st
		sub.due = p.schedule.atStart(sub.src, st, now)
		p.dirty[sub.src.ID] = true
		p.mu.Unlock()
		p.touched()
	}
	p.hubs.look()
}

// forget deletes the health of feeds that were taken out while nobody polled.
func (p *Poller) forget(ctx context.Context) {
	all, err := p.cfg.States.List(ctx, kindHealth)
	if err != nil {
		return // it expires by itself
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, raw := range all {
		var h mood.SourceHealth
		if _, ok := p.subs[id]; ok || json.Unmarshal(raw, &h) != nil || !isFeedKind(h.Kind) {
			continue
		}
		p.dropped[id] = true
	}
	p.touched()
}

// touched tells the keeper that something must be written.
func (p *Poller) touched() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// keepStates writes what changed, at most once a second and once more at the
// end. It sleeps while nothing changes.
func (p *Poller) keepStates(stop <-chan struct{}) {
	renew := time.NewTicker(healthRenew)
	defer renew.Stop()
	pause := time.NewTimer(0)
	defer pause.Stop()
	var took time.Duration // by the last writing
	for {
		select {
		case <-p.wake:
		case <-renew.C:
			p.touchAll()
		case <-stop:
			p.keep(context.Background(), keepTime)
			return
		}
		pause.Reset(max(keepEvery, (keepShare-1)*took))
		select {
		case <-pause.C:
			begun := time.Now()
			p.keep(context.Background(), keepPatience)
			took = time.Since(begun)
		case <-stop:
			p.keep(context.Background(), keepTime)
			return
		}
	}
}

func (p *Poller) touchAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id := range p.subs {
		p.dirty[id] = true
	}
}

// keep writes the states and the health of what changed. What can't be
// written stays on the list for the next time.
func (p *Poller) keep(ctx context.Context, within time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	write := p.keepAll
	if p.cfg.Leases != nil {
		write = p.keepShared
	}
	failed := write(ctx)
	if err := p.keepDrops(ctx); err != nil {
		failed = err
	}
	if err := p.keepPauses(ctx); err != nil {
		failed = err
	}
	if failed != nil {
		p.touched()
		p.log.Warn("feed states can't be written now; they are kept in memory and tried again", slog.Any("error", failed))
	}
}

// keepAll writes what changed, where no other process polls.
func (p *Poller) keepAll(ctx context.Context) error {
	type change struct {
		id            string
		state, health []byte // health nil: the source was taken out
	}
	var changes []change
	p.mu.Lock()
	now := p.now()
	for id := range p.dirty {
		sub := p.subs[id]
		if sub == nil || sub.state == nil {
			delete(p.dirty, id)
			continue
		}
		c := change{id: id}
		var err error
		if c.state, err = json.Marshal(sub.state); err == nil {
			c.health, err = json.Marshal(sub.health(now))
		}
		if err != nil {
			p.log.Error("a feed's state can't be written", slog.String("source", id), slog.Any("error", err))
			delete(p.dirty, id)
			continue
		}
		changes = append(changes, c)
		delete(p.dirty, id)
		if len(changes) == maxKeepBatch {
			break
		}
	}
	for id, sub := range p.parted {
		if sub.busy {
			p.touched()
			continue // its last poll is still to end
		}
		delete(p.parted, id)
		if sub.state == nil {
			continue
		}
		if raw, err := json.Marshal(sub.state); err == nil {
			changes = append(changes, change{id: id, state: raw})
		}
	}
	p.mu.Unlock()

	for i, c := range changes {
		err := p.cfg.States.Put(ctx, kindFeed, c.id, c.state, stateTTL)
		if err == nil && c.health != nil {
			err = p.cfg.States.Put(ctx, kindHealth, c.id, c.health, healthTTL)
		}
		if err != nil {
			p.mu.Lock()
			for _, again := range changes[i:] {
				p.dirty[again.id] = p.subs[again.id] != nil
			}
			p.mu.Unlock()
			return err
		}
	}
	return nil
}

// keepDrops deletes the health of what was taken out.
func (p *Poller) keepDrops(ctx context.Context) error {
	var drops []string
	p.mu.Lock()
	for id := range p.dropped {
		drops = append(drops, id)
		delete(p.dropped, id)
	}
	p.mu.Unlock()
	for i, id := range drops {
		if err := p.cfg.States.Delete(ctx, kindHealth, id); err != nil && !errors.Is(err, mood.ErrNotFound) {
			p.mu.Lock()
			for _, again := range drops[i:] {
				if _, back := p.subs[again]; !back {
					p.dropped[again] = true
				}
			}
			p.mu.Unlock()
			return err
		}
	}
	return nil
}

// keepShared writes what changed of sources that aren't being polled: of those
// that this process was the last to poll, and the health of those that nobody
// polls.
func (p *Poller) keepShared(ctx context.Context) (failed error) {
	type change struct {
		id     string
		sub    *subscription
		health []byte // of one whose state isn't this process's to keep
	}
	var changes []change
	p.mu.Lock()
	for id := range p.dirty {
		sub := p.subs[id]
		switch {
		case sub == nil || sub.state == nil:
			delete(p.dirty, id)
		case sub.busy: // its poll's end keeps it
		case sub.lease.Fence > 0:
			changes = append(changes, change{id: id, sub: sub})
		default:
			delete(p.dirty, id)
			if sub.state.Gone < 2 && p.askedBy(sub) == nil {
				continue // whoever polls it keeps it
			}
			if health, err := json.Marshal(sub.health(p.now())); err == nil {
				changes = append(changes, change{id, sub, health})
			}
		}
		if len(changes) == maxKeepBatch {
			break
		}
	}
	for id, sub := range p.parted {
		if sub.busy {
			continue
		}
		delete(p.parted, id)
		if sub.lease.Fence > 0 {
			changes = append(changes, change{id: id, sub: sub})
		}
	}
	p.mu.Unlock()
	for _, c := range changes {
		if c.health != nil {
			if failed = p.cfg.States.Put(ctx, kindHealth, c.id, c.health, healthTTL); failed != nil {
				return failed
			}
			continue
		}
		select {
		case c.sub.taking <- struct{}{}:
		default:
			continue
		}
		p.mu.Lock()
		own := c.sub.lease.Fence > 0
		p.mu.Unlock()
		var err error
		if own {
			err = p.settleLast(ctx, c.sub)
		}
		<-c.sub.taking
		if err != nil {
			return err
		}
	}
	return nil
}
