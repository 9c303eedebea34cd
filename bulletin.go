package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"agora/ingest"
	"agora/mood"
)

// The bulletin's place among the opaque states, and how often it is written
// and read.
const (
	bulletinKind  = "bulletin"
	bulletinID    = "sources"
	bulletinEvery = 10 * time.Second
)

// bulletin is how processes that only serve learn how ingestion does: one
// of those that ingest writes the health of the sources into the store, and
// the others read it.
type bulletin struct {
	states states
	poller interface{ Health() []mood.SourceHealth } // nil: this process only reads
	own    func(ctx context.Context, kind, id string, do func(context.Context) error) error
	now    func() time.Time
	log    *slog.Logger
	health atomic.Pointer[[]mood.SourceHealth]
}

// states is what a bulletin is kept in.
type states interface {
	Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error
	Get(ctx context.Context, kind, id string) ([]byte, error)
}

// Health is the health of the sources as it was read last.
func (b *bulletin) Health() []mood.SourceHealth {
	if h := b.health.Load(); h != nil {
		return *h
	}
	return nil
}

// run writes, or reads, until ctx ends.
func (b *bulletin) run(ctx context.Context) error {
	if b.poller == nil {
		return b.keep(ctx, b.read)
	}
	return b.own(ctx, bulletinKind, bulletinID, func(ctx context.Context) error { return b.keep(ctx, b.write) })
}

func (b *bulletin) keep(ctx context.Context, do func(context.Context) error) error {
	tick := time.NewTicker(bulletinEvery)
	defer tick.Stop()
	for {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			b.log.LogAttrs(ctx, slog.LevelDebug, "the health of the sources was not passed on", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (b *bulletin) write(ctx context.Context) error {
	text, err := json.Marshal(b.poller.Health())
	if err != nil {
		return fmt.Errorf("write the health of the sources: %w", err)
	}
	return b.states.Put(ctx, bulletinKind, bulletinID, text, 24*time.Hour)
}

func (b *bulletin) read(ctx context.Context) error {
	text, err := b.states.Get(ctx, bulletinKind, bulletinID)
	if errors.Is(err, mood.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var health []mood.SourceHealth
	if err := json.Unmarshal(text, &health); err != nil {
		return fmt.Errorf("read the health of the sources: %w", err)
	}
	b.health.Store(&health)
	return nil
}

// ingest tells how ingestion in other processes does, by its last sign of
// life.
func (b *bulletin) ingest(ctx context.Context) mood.PartStatus {
	text, err := b.states.Get(ctx, ingest.KindIngest, ingest.BeatID)
	if err != nil {
		return mood.PartStatus{State: "down"}
	}
	last, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return mood.PartStatus{State: "down"}
	}
	if b.now().Sub(last) > 3*ingest.BeatEvery {
		return mood.PartStatus{State: "down", Since: &last}
	}
	return mood.PartStatus{State: "up"}
}
