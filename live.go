package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"agora/ingest"
	"agora/ingest/feed"
	"agora/ingest/social"
	"agora/mood"
	"agora/store"
)

// newRunner makes what follows the sources that are no feeds. Where no other
// process shares the store, shared is nil.
func newRunner(c *console, cfg *Config, to social.Intake, names func(title, text string) []string, unnamed func(mood.Mention), states social.States, shared *store.Store) (*social.Runner, error) {
	hosts := make(map[string]time.Duration, len(cfg.Fetch.Hosts))
	for host, m := range cfg.Fetch.Hosts {
		hosts[host] = m.Gap
	}
	var own owning
	if shared != nil && len(cfg.Redis) > 0 { // the embedded store is this process's alone
		own = goOn(shared.Own, func() bool { return shared.Status(context.Background()).State == "down" })
	}
	return social.New(social.Config{
		Specs: cfg.Live, Intake: to, Names: names, Unnamed: unnamed, States: states, Own: own, Hosts: hosts,
		Kit: social.Kit{
			Dial: feed.NewDialer(cfg.Fetch.Allow).DialContext, Text: feed.Text, Canonical: feed.CanonicalURL,
			Pause: feed.PauseOf, Say: feed.Say, Trouble: feed.TroubleOf,
		},
		Agent: feed.UserAgent(version, cfg.Contact), Now: c.now, Log: c.log,
	})
}

// liveIntake takes what live sources bring.
type liveIntake struct {
	intake *ingest.Intake
	store  *store.Store

	lock sync.Mutex
	late []string // ids to be withdrawn once all that was accepted is counted
}

const (
	mostLate  = 100_000 // ids; the first ones go first
	lateEvery = 2 * time.Second
	drainTime = time.Second
)

func (l *liveIntake) Deliver(ctx context.Context, src mood.Source, items []mood.Mention) (fresh, tooOld int, err error) {
	done, err := l.intake.Deliver(ctx, src, items, false)
	return done.Fresh, done.TooOld, err
}

func (l *liveIntake) Activity(ctx context.Context, list []mood.Activity) error {
	return l.intake.DeliverActivity(ctx, list)
}

func (l *liveIntake) Push(ctx context.Context, items []json.RawMessage) (mood.Receipt, error) {
	return l.intake.Push(ctx, items)
}

// Withdraw takes back what is kept of them, or does so later: while the store is
// away, or busy with what was accepted before, nobody can know what that is, and
// a stream that waited would bring nothing else either.
func (l *liveIntake) Withdraw(ctx context.Context, ids []string) error {
	err := l.withdraw(ctx, ids)
	if errors.Is(err, mood.ErrUnavailable) && ctx.Err() == nil {
		l.lock.Lock()
		defer l.lock.Unlock()
		l.late = append(l.late, ids...)
		l.late = l.late[max(0, len(l.late)-mostLate):]
		return nil
	}
	return err
}

// run does what was put off until ctx ends.
func (l *liveIntake) run(ctx context.Context) error {
	tick := time.NewTicker(lateEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		l.lock.Lock()
		ids := l.late
		l.late = nil
		l.lock.Unlock()
		for len(ids) > 0 && ctx.Err() == nil {
			n := min(len(ids), 500)
			if l.Withdraw(ctx, ids[:n]) != nil { // it is said elsewhere, and tried again
				l.lock.Lock()
				l.late = append(slices.Clone(ids), l.late...)
				l.lock.Unlock()
				break
			}
			ids = ids[n:]
		}
	}
}

// withdraw takes back what is kept: streams tell of everything that is deleted
// anywhere, and what was never kept has no place in the journal.
func (l *liveIntake) withdraw(ctx context.Context, ids []string) error {
	draining, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	if err := l.intake.Drain(draining); err != nil {
		return fmt.Errorf("%w: %w", mood.ErrUnavailable, err)
	}
	kept, err := l.store.Kept(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !slices.Contains(kept, id) {
			l.intake.Forget(id)
		}
	}
	for _, id := range kept {
		if err := l.intake.Withdraw(ctx, id); err != nil && !errors.Is(err, mood.ErrNotFound) {
			return err
		}
	}
	return nil
}

// watched is all whose health is told.
type watched struct {
	feeds *feed.Poller
	live  *social.Runner
}

// Health is ordered by name.
func (w watched) Health() []mood.SourceHealth {
	list := append(w.feeds.Health(), w.live.Health()...)
	slices.SortStableFunc(list, func(a, b mood.SourceHealth) int { return strings.Compare(a.Name, b.Name) })
	return list
}
