package feed

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"time"

	"agora/mood"

	"github.com/cespare/xxhash/v2"
)

// Leases lets several processes on one store poll the same sources, each of
// them by one at a time. Errors of the kind [mood.ErrConflict] say that another
// process came since.
type Leases interface {
	// ClaimState gives the lease of a kept state whose version is known, or the
	// newer state.
	ClaimState(ctx context.Context, kind, id, owner string, ttl time.Duration, known uint64) (mood.Lease, error)
	Renew(ctx context.Context, l mood.Lease, ttl time.Duration) (mood.Lease, error)
	Release(ctx context.Context, l mood.Lease) error
	// Settle keeps a state under a lease, gives that back, and gives the state's
	// new version. The latest owner may do so again later.
	Settle(ctx context.Context, l mood.Lease, value []byte, ttl time.Duration) (version uint64, err error)
	// Own does something for as long as no other process does, again and again
	// until ctx ends.
	Own(ctx context.Context, kind, id string, do func(ctx context.Context) error) error
}

// How leases are used. A worker that is killed or stopped hands over when its
// lease ends; others look after a source that somebody polls every lookAgain.
const (
	leaseTime  = 10 * time.Second
	leaseAsk   = leaseTime / 3 // the store has so long to answer
	lookAgain  = time.Second
	storeAgain = 5 * time.Second // after the store was away
	// Processes that share sources keep to the same ones as long as they can,
	// each by waiting a little with others' longer than with its own.
	staggerAtMost = 250 * time.Millisecond
	staggerShare  = 20 // of an interval, at most one part in so many
	othersKnown   = 10 * time.Minute
)

// claim takes the lease of a source, if no other process has it and none has
// polled it since its state was read; else it takes that state over, and says
// when to look again.
func (p *Poller) claim(ctx context.Context, sub *subscription) (t *tenure, ok bool, again time.Time) {
	if p.cfg.Leases == nil {
		return nil, true, time.Time{}
	}
	p.mu.Lock()
	src, known := sub.src, sub.version
	p.mu.Unlock()
	sub.outcome = outcomeNone
	asking, cancel := context.WithTimeout(ctx, leaseAsk)
	defer cancel()
	l, err := p.cfg.Leases.ClaimState(asking, kindFeed, src.ID, p.self, leaseTime, known)
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	p.storeAnswers(err, now)
	switch {
	case err != nil && sub.lease.Fence > 0 && p.alone(now):
		// What is learned is kept under the lease of the last poll, once the store
		// is back and if nobody polled since.
		return nil, true, time.Time{}
	case err != nil:
		return nil, false, now.Add(storeAgain + time.Duration(p.schedule.random()*float64(time.Second)))
	case l.Value != nil:
		if sub.version != 0 { // else it is the first look, at what may be its own
			p.othersAt = now
		}
		if p.adopt(sub, l, now) {
			sub.outcome = outcomeAnswered // to another
		}
		return nil, false, p.schedule.atStart(src, sub.state, now).Add(p.stagger(src))
	case !l.Held:
		p.othersAt = now
		wait := lookAgain
		if src.Every > 0 {
			wait = min(wait, max(src.Every/4, lookAgain/10))
		}
		return nil, false, now.Add(min(wait, max(l.Wait, lookAgain/100)))
	}
	sub.lease, sub.version = l, l.Version
	return newTenure(p.cfg.Leases, l), true, time.Time{}
}

// claimPushed takes the lease of a source of which a push came, with the state
// that is kept now; it waits for another process that polls it.
func (p *Poller) claimPushed(ctx context.Context, sub *subscription) (*tenure, error) {
	if p.cfg.Leases == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, leaseTime+lookAgain)
	defer cancel()
	for {
		p.mu.Lock()
		id, known := sub.src.ID, sub.version
		p.mu.Unlock()
		l, err := p.cfg.Leases.ClaimState(ctx, kindFeed, id, p.self, leaseTime, known)
		if err != nil {
			return nil, err
		}
		p.mu.Lock()
		if l.Value != nil {
			if known != 0 {
				p.othersAt = p.now()
			}
			p.adopt(sub, l, p.now())
			sub.replan = true
			p.hasChanged()
		} else if l.Held {
			sub.lease, sub.version = l, l.Version
			p.mu.Unlock()
			return newTenure(p.cfg.Leases, l), nil
		}
		p.mu.Unlock()
		if l.Value != nil {
			continue
		}
		wait := time.NewTimer(min(lookAgain/4, max(l.Wait, lookAgain/100)))
		select {
		case <-ctx.Done():
			wait.Stop()
			return nil, ctx.Err()
		case <-wait.C:
		}
	}
}

// adopt takes over the state that another process kept, and says whether the
// source answered to that one. The caller holds the poller's lock.
func (p *Poller) adopt(sub *subscription, l mood.Lease, now time.Time) (answered bool) {
	st := loadState(l.Value, sub.src.URL, now)
	if st.Offered.Before(sub.offer) {
		st.Again = true
	}
	answered = st.Failures == 0 && st.LastSuccess.After(sub.state.LastSuccess)
	home := sub.home().String()
	links := sub.state.Links
	sub.state, sub.version, sub.lease = st, l.Version, mood.Lease{}
	if sub.home().String() != home {
		p.assign()
		p.hasChanged()
	}
	if !links.equal(st.Links) {
		p.hubs.look()
	}
	return answered
}

// storeAnswers says once when claims fail, and once when they go on. The caller
// holds the lock.
func (p *Poller) storeAnswers(err error, now time.Time) {
	switch {
	case err != nil && p.awaySince.IsZero():
		p.awaySince = now
		what := "the store doesn't answer: feeds go on being polled, since no other process shares them"
		if !p.alone(now) {
			what = "the store doesn't answer, so no feed is polled until it does: who of several polls it is agreed there"
		}
		p.log.Warn(what, slog.Any("error", err))
	case err == nil && !p.awaySince.IsZero():
		p.log.Info("the store answers again", slog.Duration("away", now.Sub(p.awaySince).Round(time.Second)))
		p.awaySince = time.Time{}
	}
}

// stagger is how long this process waits with a source, so that each has its
// own and connections and states stay where they are. One that shares with
// nobody waits for nobody, but for one poll in ten: whoever is always first would
// never learn that there are others. The caller holds the lock.
func (p *Poller) stagger(src mood.Source) time.Duration {
	if p.cfg.Leases == nil {
		return 0
	}
	if p.alone(p.now()) && p.schedule.random() > 0.1 {
		return 0
	}
	share := float64(xxhash.Sum64String(p.self+src.ID)) / math.MaxUint64
	return time.Duration(share * float64(min(staggerAtMost, p.schedule.usual(src)/staggerShare)))
}

// alone says that no other process was seen to poll for a while. The caller
// holds the lock.
func (p *Poller) alone(now time.Time) bool {
	return p.othersAt.IsZero() || now.Sub(p.othersAt) > othersKnown
}

// settle keeps what a source's state is now, with its health, and gives its
// lease back. Where another process came since, its state is read at once.
// The caller holds taking, and no lock.
func (p *Poller) settle(ctx context.Context, sub *subscription, t *tenure) {
	t.end()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseAsk)
	defer cancel()
	if err := p.keepPauses(ctx); err != nil { // before anybody else asks that host
		p.touched()
	}
	_ = p.settleLast(ctx, sub) // the keeper tries again
}

// settleLast keeps a state under the last lease. After an error it is to be
// tried again.
func (p *Poller) settleLast(ctx context.Context, sub *subscription) error {
	p.mu.Lock()
	id, l, st := sub.src.ID, sub.lease, sub.state
	gone := sub.gone
	delete(p.dirty, id)
	health, err := json.Marshal(sub.health(p.now()))
	p.mu.Unlock()
	var raw []byte
	if err == nil {
		raw, err = json.Marshal(st)
	}
	if err != nil {
		p.log.Error("a feed's state can't be written", slog.String("source", id), slog.Any("error", err))
		return nil
	}
	version, err := p.cfg.Leases.Settle(ctx, l, raw, stateTTL)
	if err == nil && !gone {
		// Right after its state was taken, it is the newest.
		err = p.cfg.States.Put(ctx, kindHealth, id, health, healthTTL)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if version > 0 {
		sub.version = version
	}
	switch {
	case errors.Is(err, mood.ErrConflict):
		p.log.Debug("a feed's state is another process's by now", slog.String("source", id))
		sub.lease, sub.version = mood.Lease{}, unknownVersion
		if sub.busy {
			sub.due = p.now()
		} else if !sub.gone {
			sub.soon = p.now()
			p.hasChanged()
		}
	case err != nil:
		p.dirty[id] = true // the keeper leaves one alone that is gone
		p.touched()
		return err
	}
	return nil
}

// unknownVersion is no version that is ever kept.
const unknownVersion = math.MaxUint64

// watchPauses keeps to what hosts asked other processes for.
func (p *Poller) watchPauses(ctx context.Context) {
	tick := time.NewTicker(pausesEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		asking, cancel := context.WithTimeout(ctx, leaseAsk)
		_ = p.loadPauses(asking) // the next time, or when a feed is claimed, it is told of
		cancel()
	}
}
