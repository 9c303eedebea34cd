package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"agora/mood"
	"agora/server"
)

const (
	// storePatience is how long a server waits for its store in silence, at the
	// start and whenever it looks again.
	storePatience = 2 * time.Second
	storeRemind   = time.Minute // how often the log says that it still waits
)

// openHouseWaiting opens a house, if need be once its store can be reached:
// after a power cut, Redis may be the last to come up. Until then it answers
// where it will listen that it isn't ready.
func openHouseWaiting(ctx context.Context, c *console, cfg *Config) (*house, error) {
	begun := time.Now()
	var told time.Time
	for {
		h, err := openHouse(ctx, c, cfg, nil)
		if len(cfg.Redis) == 0 || !errors.Is(err, mood.ErrUnavailable) {
			if err == nil && !told.IsZero() {
				c.log.Info("the store is there", slog.Duration("waited", time.Since(begun).Round(time.Second)))
			}
			return h, err
		}
		if err := waitForStore(ctx, c, cfg, err, &told); err != nil {
			return nil, err
		}
	}
}

// waitForStore returns when the store answers, or with the reason why that
// isn't waited for.
func waitForStore(ctx context.Context, c *console, cfg *Config, away error, told *time.Time) (err error) {
	if _, port, err := net.SplitHostPort(cfg.Listen); err == nil && port != "0" {
		w, err := server.Wait(cfg.Listen, c.log)
		if err != nil {
			return errors.Join(away, explainListen(err))
		}
		defer func() { err = errors.Join(err, w.Close()) }()
	}
	for {
		if now := time.Now(); now.Sub(*told) >= storeRemind {
			*told = now
			c.log.Warn("the store can't be reached, and nothing starts without it: check that it runs, and the address under redis in agora.yaml; it is tried again",
				slog.Any("error", away))
		}
		if err := sleep(ctx, storePatience/4); err != nil {
			return err
		}
		s, err := openStoreWithin(ctx, c, cfg, false, storePatience)
		switch {
		case err == nil:
			closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
			defer cancel()
			return s.Close(closing)
		case ctx.Err() != nil:
			return ctx.Err()
		case !errors.Is(err, mood.ErrUnavailable):
			return err
		}
		away = err
	}
}
