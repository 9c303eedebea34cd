package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// borrowed gives the Agora that a command means, to be asked over HTTP. When
// none runs on the data folder, one is opened for as long as the command
// takes: on a free port of loopback, with the store and what shows it, but
// without anything that polls, takes mentions in, or sends by itself. Only
// this command may ask it, since only this command knows the operator's
// secret. done ends what was begun, and must be called.
func borrowed(ctx context.Context, c *console, r reach) (_ *remote, done func() error, err error) {
	if err := r.exists(c); err != nil {
		return nil, nil, err
	}
	there, cfg, data, err := r.find(c)
	if err != nil {
		return nil, nil, err
	}
	if there != nil {
		return there, func() error { return nil }, nil
	}
	h, err := furnish(ctx, c, asBorrowed(cfg), data, nil)
	if err != nil {
		return nil, nil, err
	}
	// What is known of the sources goes into whatever is shown.
	if err := h.board.read(ctx); err != nil {
		return nil, nil, errors.Join(err, h.server.Close(), h.close())
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- h.server.Run(running) }()
	there = newRemote(h.server.URL())
	there.operator = data.self.Operator
	return there, func() error {
		stop()
		err := <-ended
		if errors.Is(err, context.Canceled) {
			err = nil
		}
		return errors.Join(err, h.close())
	}, nil
}

// exists refuses a data folder that isn't there: it would be made, and what it
// doesn't hold would be told as the truth.
func (r reach) exists(c *console) error {
	if r.url != "" {
		return nil
	}
	c.origin.flags = settings{data: r.data, redis: r.redis}
	cfg, err := c.origin.load()
	if err != nil {
		return err
	}
	if _, err := os.Stat(cfg.Data); errors.Is(err, fs.ErrNotExist) && len(cfg.Redis) == 0 {
		return misuse{fmt.Errorf("there is no data folder %s: say with --data or --url which Agora you mean", cfg.Data)}
	}
	return nil
}

// asBorrowed is a configuration for one command's own use. Its admin token is
// one that nobody knows, so that nobody else on the machine reads along.
func asBorrowed(cfg *Config) *Config {
	own := *cfg
	own.Role, own.Listen, own.IngestURL = roleWeb, "127.0.0.1:0", ""
	own.Open, own.AdminToken = false, Secret(randomToken())
	return &own
}
