package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"agora/charts/snapshot/figure"
	"agora/ingest"
	"agora/ingest/archive"
	"agora/ingest/feed"
	"agora/ingest/journal"
	"agora/static"
	"agora/store"
)

// openFigures makes what draws charts, from what the pages draw them with.
func openFigures(cfg *Config, log *slog.Logger) (*figure.Maker, error) {
	script, err := static.Engine()
	if err != nil {
		return nil, err
	}
	world, err := static.World()
	if err != nil {
		return nil, err
	}
	fonts, err := openFonts(cfg.Fonts)
	if err != nil {
		return nil, err
	}
	return figure.New(figure.Config{Script: script, World: world, Fonts: fonts, Log: log})
}

// openStore opens the store that a configuration names. journaled says that a
// journal is counted into it next.
func openStore(ctx context.Context, c *console, cfg *Config, journaled bool) (*store.Store, error) {
	return openStoreWithin(ctx, c, cfg, journaled, 0)
}

// openStoreWithin is openStore with so much patience for one that is away; 0:
// as much as the store has.
func openStoreWithin(ctx context.Context, c *console, cfg *Config, journaled bool, patience time.Duration) (*store.Store, error) {
	return store.Open(ctx, store.Options{
		URLs: cfg.Redis, Patience: patience, Data: cfg.Data, Brands: cfg.Brands, Location: cfg.Location,
		WaitReplicas: cfg.RedisWait.Replicas, WaitTimeout: cfg.RedisWait.Timeout,
		KeepMentions: cfg.Retain.Mentions, KeepDays: cfg.Retain.Days, KeepRows: cfg.Retain.Rows, KeepActivity: cfg.Retain.Activity, Kinds: cfg.Activity.Kinds, Journal: journaled, At: crashAt, Now: c.now, Log: c.log,
	})
}

// openIntake makes the way in to a store, past a scorer, and a journal and texts, if there
// is one. An embedded store has everything that the journal has when it
// returns; a Redis, which may be away, gets it by and by.
func openIntake(ctx context.Context, c *console, cfg *Config, by *scorer, past *journal.Journal, texts *archive.Archive, to *store.Store, observe ingest.Observer) (*ingest.Intake, error) {
	locator, atlas, err := openPlaces()
	if err != nil {
		return nil, err
	}
	cities := cfg.Cities
	if cities == nil {
		cities = openCities()
	}
	in, err := ingest.New(ctx, ingest.Config{
		Places: locator, Atlas: atlas,
		Journal: past, Counter: to, CatchUp: catchUp, At: crashAt, Archive: texts, Location: cfg.Location,
		Brands: cfg.Brands, Deeds: cfg.Activity, Cities: cities, Scorer: by, Store: to, States: to, Stories: to,
		Now: c.now, Log: c.log, Observe: observe,
	})
	switch {
	case err != nil:
	case len(cfg.Redis) == 0:
		err = in.Recover(ctx)
	default:
		err = in.Begin(ctx)
	}
	return in, err
}

func (h *house) openIngest(ctx context.Context, c *console, cfg *Config, registry *prometheus.Registry) (err error) {
	meter := newMeter(registry)
	if h.journal != nil {
		meterJournal(registry, h.journal)
	}
	if h.scorer, err = openScorer(c, cfg, meter); err != nil {
		return err
	}
	if h.intake, err = openIntake(ctx, c, cfg, h.scorer, h.journal, h.texts, h.store, meter); err != nil {
		return err
	}
	h.tutor = newTutor(h.scorer.engine, h.store.Corrections, c.log)
	h.tutor.watch(cfg.Brands)
	var leases feed.Leases // the embedded store is this process's alone
	if len(cfg.Redis) > 0 {
		leases = h.store
	}
	var owner mqttOwner
	if len(cfg.Redis) > 0 {
		owner = h.store
	}
	h.brokers = newBrokers(c, cfg, h.intake, owner)
	if h.poller, err = newPoller(c, cfg, h.intake.Deliver, h.store, leases, meter); err != nil {
		return err
	}
	h.liveIn = &liveIntake{intake: h.intake, store: h.store}
	h.live, err = newRunner(c, cfg, h.liveIn, h.intake.Names, h.intake.KeepUnnamed, h.store, h.store)
	return err
}
