package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

type serveCommand struct {
	Listen string `help:"Address to listen on. Default: 127.0.0.1:8080; port 0 takes a free one." placeholder:"HOST:PORT"`
	Data   string `help:"Folder of the embedded store and the keys. Default: data." placeholder:"DIR"`
	Redis  string `help:"Redis to keep everything in, redis:// or rediss://; a cluster's nodes with commas between; redis+sentinel://host,host2/MASTER. Default: an embedded store." placeholder:"URL"`
	Role   string `help:"What this process does: all, ingest or web. The latter two meet in Redis. Default: all." placeholder:"ROLE"`
}

// Help is shown below the flags.
func (serveCommand) Help() string {
	return `Reads agora.yaml; without one it starts with a built-in example. A change of the file, or SIGHUP, brings new brands, sources and walls into force. SIGINT or SIGTERM stops it within five seconds.

Examples:

  agora
  agora serve --config agora.yaml --listen 127.0.0.1:9000
  agora serve --redis redis://127.0.0.1:6379 --role web`
}

// Run serves until the process is told to stop.
func (s serveCommand) Run(ctx context.Context, c *console) error {
	c.origin.flags = settings{listen: s.Listen, data: s.Data, redis: s.Redis, role: s.Role}
	cfg, err := c.origin.load()
	if err != nil {
		return err
	}
	if cfg.File == "" {
		fmt.Fprintf(c.stdout, "There is no %s, so Agora starts with its built-in example: %d brands, %d sources.\n"+
			"To make it yours, copy agora.example.yaml to %s and change it.\n", defaultFile, len(cfg.Brands), len(cfg.Sources)+len(cfg.Live), defaultFile)
	}
	h, err := openHouseWaiting(ctx, c, cfg)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil // told to stop while it waited for its store
	case err != nil:
		return err
	}
	// What libraries write by themselves may hold whatever a server sent.
	log.SetFlags(0)
	log.SetOutput(slog.NewLogLogger(c.log.Handler(), slog.LevelDebug).Writer())
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	h.reloads = hangups
	h.greet(c)
	bounded, unbound := context.WithCancel(ctx)
	defer unbound()
	go boundMemory(bounded, c.getenv)
	return errors.Join(h.run(ctx), h.close())
}

// greet says where Agora is, and shows a new admin token this once.
func (h *house) greet(c *console) {
	at := h.server.URL()
	h.log.LogAttrs(context.Background(), slog.LevelInfo, "listening", slog.String("listening", at),
		slog.String("role", h.cfg.Role), slog.String("config", h.cfg.File),
		slog.Int("brands", len(h.cfg.Brands)), slog.Int("sources", len(h.cfg.Sources)+len(h.cfg.Live)+len(h.cfg.Brokers)))
	shown := reachable(at)
	if h.cfg.PublicURL != "" {
		shown = h.cfg.PublicURL
	}
	if h.fresh != "" {
		fmt.Fprintf(c.stdout, "Others can reach this Agora, so it needs an admin token. Here it is, this once:\n\n  %s\n\n"+
			"Log in with it at %s/login; programs send it as \"Authorization: Bearer …\".\n", h.fresh, shown)
	}
	fmt.Fprintf(c.stdout, "Agora is at %s\n", shown)
}
