package main

import (
	"context"
	"errors"
)

// borrowed gives the Agora that a command means, to be asked over HTTP. When
// none runs on the data folder, one is opened for as long as the command
// takes: on a free port of loopback, with the store and what shows it, but
// without anything that polls, takes mentions in, or sends by itself. Only
// this command may ask it, since only this command knows the operator's
// secret. done ends what was begun, and must be called.
func borrowed(ctx context.Context, c *console, r reach) (_ *remote, done func() error, err error) {
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

// asBorrowed is a configuration for one command's own use. Its admin token is
// one that nobody knows, so that nobody else on the machine reads along.
func asBorrowed(cfg *Config) *Config {
	own := *cfg
	own.Role, own.Listen, own.IngestURL = roleWeb, "127.0.0.1:0", ""
	own.Open, own.AdminToken = false, Secret(randomToken())
	return &own
}
