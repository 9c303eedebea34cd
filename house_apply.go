package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"agora/mood"
	"agora/server"
)

// apply brings a new configuration into force, as far as it can without a
// restart: all of it, or nothing.
func (h *house) apply(ctx context.Context, cfg *Config) error {
	if err := server.CheckOrigins(cfg.Embed); err != nil {
		return fmt.Errorf("let other sites frame charts: %w", err)
	}
	schedule := func() {}
	if h.reports != nil {
		var err error
		if schedule, err = h.reports.ready(cfg, h.cfg.Location); err != nil {
			return fmt.Errorf("schedule the new reports: %w", err)
		}
	}
	if h.scorer != nil {
		h.tryRules(ctx, cfg)
	}
	// What names a new brand must find that the store watches it.
	h.store.SetBrands(append(slices.Clone(h.cfg.Brands), newBrands(h.cfg.Brands, cfg.Brands)...))
	if err := h.listenFor(cfg); err != nil {
		h.store.SetBrands(h.cfg.Brands)
		return errors.Join(err, h.listenFor(h.cfg))
	}
	// From here on nothing fails.
	h.store.SetBrands(cfg.Brands)
	h.store.SetKinds(cfg.Activity.Kinds)
	if h.intake != nil {
		h.intake.SetDeeds(cfg.Activity)
	}
	if h.brokers != nil {
		h.brokers.set(cfg.Brokers)
	}
	if h.poller != nil && !slices.Equal(h.cfg.Brands, cfg.Brands) { // what is listed already may name the new ones
		h.poller.OfferAgain()
		h.live.OfferAgain()
	}
	h.server.Watch(cfg.Brands, cfg.Walls)
	if err := h.server.AllowEmbeds(cfg.Embed); err != nil {
		return fmt.Errorf("let other sites frame charts: %w", err)
	}
	schedule()
	if keys := needRestart(h.cfg, cfg); len(keys) > 0 {
		h.log.LogAttrs(ctx, slog.LevelWarn, "these keys were changed, and need a restart to be in force",
			slog.String("keys", strings.Join(keys, ", ")))
	}
	kept := *h.cfg
	kept.Sentiment.Rules = cfg.Sentiment.Rules
	kept.Activity, kept.Brokers = cfg.Activity, cfg.Brokers
	kept.Mail, kept.Reports = cfg.Mail, cfg.Reports
	kept.Brands, kept.Sources, kept.Live, kept.Walls, kept.Embed, kept.File = cfg.Brands, cfg.Sources, cfg.Live, cfg.Walls, cfg.Embed, cfg.File
	h.cfg = &kept
	h.log.LogAttrs(ctx, slog.LevelInfo, "the new configuration is in force", slog.String("file", cfg.File),
		slog.Int("brands", len(cfg.Brands)), slog.Int("sources", len(cfg.Sources)+len(cfg.Live)+len(cfg.Brokers)), slog.Int("walls", len(cfg.Walls)))
	return nil
}

// newBrands are those that were not there before.
func newBrands(before, after []mood.Brand) (list []mood.Brand) {
	for _, b := range after {
		if !slices.ContainsFunc(before, func(have mood.Brand) bool { return have.ID == b.ID }) {
			list = append(list, b)
		}
	}
	return list
}

// listenFor tells what ingests of the rules, brands and sources of a
// configuration. Where it fails, some of them may be in force.
func (h *house) listenFor(cfg *Config) error {
	if h.scorer != nil {
		if err := h.scorer.SetRules(cfg.Sentiment.Rules); err != nil {
			return err
		}
		h.tutor.watch(cfg.Brands)
	}
	if h.intake != nil {
		if err := h.intake.SetBrands(cfg.Brands); err != nil {
			return fmt.Errorf("watch the new brands: %w", err)
		}
	}
	if h.poller != nil {
		if err := h.poller.SetSources(cfg.Sources); err != nil {
			return fmt.Errorf("poll the new sources: %w", err)
		}
		if err := h.live.SetSources(cfg.Live); err != nil {
			return fmt.Errorf("follow the new sources: %w", err)
		}
	}
	return nil
}
