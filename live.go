package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"agora/ingest"
	"agora/ingest/feed"
	"agora/ingest/social"
	"agora/mood"
	"agora/store"
)

// newRunner makes what follows the sources that are no feeds. Where no other
// process shares the store, shared is nil.
func newRunner(c *console, cfg *Config, to social.Intake, names func(title, text string) []string, states social.States, shared *store.Store) (*social.Runner, error) {
	hosts := make(map[string]time.Duration, len(cfg.Fetch.Hosts))
	for host, m := range cfg.Fetch.Hosts {
		hosts[host] = m.Gap
	}
	var own owning
	if shared != nil && len(cfg.Redis) > 0 { // the embedded store is this process's alone
		own = goOn(shared.Own, func() bool { return shared.Status(context.Background()).State == "down" })
	}
	return social.New(social.Config{
		Specs: cfg.Live, Intake: to, Names: names, States: states, Own: own, Hosts: hosts,
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
}

func (l liveIntake) Deliver(ctx context.Context, src mood.Source, items []mood.Mention) (fresh, tooOld int, err error) {
	done, err := l.intake.Deliver(ctx, src, items, false)
	return done.Fresh, done.TooOld, err
}

func (l liveIntake) Activity(ctx context.Context, list []mood.Activity) error {
	return l.intake.DeliverActivity(ctx, list)
}

func (l liveIntake) Push(ctx context.Context, items []json.RawMessage) (mood.Receipt, error) {
	return l.intake.Push(ctx, items)
}

// Withdraw takes back what is kept of them: streams tell of everything that is
// deleted anywhere, and what was never kept has no place in the journal.
func (l liveIntake) Withdraw(ctx context.Context, ids []string) error {
	kept, err := l.store.Kept(ctx, ids)
	if err != nil {
		return err
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
