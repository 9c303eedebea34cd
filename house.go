package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"agora/charts/snapshot/figure"
	"agora/charts/snapshot/scene"
	"agora/ingest"
	"agora/ingest/archive"
	"agora/ingest/feed"
	"agora/ingest/journal"
	"agora/ingest/social"
	"agora/insight"
	"agora/server"
	"agora/static"
	"agora/store"
)

// A stop takes at most stopTime in all, of which at least closeTime is left to
// write the embedded store to disk.
const (
	stopTime  = 4800 * time.Millisecond
	closeTime = time.Second
)

// house is everything that runs in a process of `agora serve`, wired.
type house struct {
	log     *slog.Logger
	origin  origin
	data    *dataFolder // nil in a web-only process, unless it is borrowed
	store   *store.Store
	holds   *holding         // of the journal
	journal *journal.Journal // nil in a web-only process, and in a demo
	texts   *archive.Archive // nil in a web-only process, and where none are kept
	scorer  *scorer          // nil in a web-only process
	tutor   *tutor           // nil in a web-only process
	intake  *ingest.Intake   // nil in a web-only process
	poller  *feed.Poller     // nil in a web-only process
	brokers *brokers         // nil in a web-only process
	liveIn  *liveIntake      // nil in a web-only process
	live    *social.Runner   // nil in a web-only process
	board   *bulletin        // what ingest processes tell web-only ones
	server  *server.Server
	reports *reports // nil: nobody makes reports
	figures *figure.Maker
	unkeep  context.CancelFunc // ends what a keeper does; nil: there is none
	fresh   string             // an admin token to be shown this once
	reloads <-chan os.Signal

	told atomic.Pointer[time.Time] // when it was told to stop

	cfg *Config // in force
}

// openHouse opens and wires all parts; nothing runs yet. What was opened is
// closed again when a later part fails.
func openHouse(ctx context.Context, c *console, cfg *Config, demo *demoSet) (*house, error) {
	if cfg.Role == roleWeb {
		return furnish(ctx, c, cfg, nil, demo)
	}
	data, err := openData(cfg.Data, c.now())
	if err != nil {
		return nil, err
	}
	return furnish(ctx, c, cfg, data, demo)
}

// furnish wires a house on a data folder, which it takes over; nil: it has
// none.
func furnish(ctx context.Context, c *console, cfg *Config, data *dataFolder, demo *demoSet) (_ *house, err error) {
	h := &house{log: c.log, origin: c.origin, cfg: cfg, data: data}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	journaled := cfg.Role != roleWeb && demo == nil
	if h.store, err = openStoreWithin(ctx, c, cfg, journaled, storePatience); err != nil {
		return nil, err
	}
	if journaled {
		if h.journal, err = openJournal(c, cfg); err != nil {
			return nil, err
		}
		if h.holds, err = holdJournal(ctx, h.store, h.journal, cfg.Data, c.log); err != nil {
			return nil, err
		}
	}
	if h.figures, err = openFigures(cfg, c.log); err != nil {
		return nil, err
	}
	scenes, err := scene.New(h.figures)
	if err != nil {
		return nil, err
	}
	registry := prometheus.NewRegistry()
	h.board = &bulletin{states: h.store, own: h.store.Own, now: c.now, log: c.log}
	settings := server.Config{
		Listen: cfg.Listen, PublicURL: cfg.PublicURL,
		Boards: h.store, Mentions: h.store, States: h.store, Baselines: insight.New(h.store), Volumes: h.store,
		Brands: cfg.Brands, Walls: cfg.Walls, Location: cfg.Location,
		Assets: static.Files(), Build: static.Build(), Version: version, Demo: demo != nil,
		ReadOpen: cfg.Open, Embed: cfg.Embed, TrustedProxies: cfg.TrustedProxies,
		Limits:   server.Limits{PushPerSecond: cfg.Limits.PushPerSecond, Streams: cfg.Limits.Streams, PicturesPerMinute: cfg.Limits.PicturesPerMinute},
		Registry: registry, Now: c.now, Log: c.log, Pictures: h.figures, Scenes: scenes, Past: h.store, PDF: h.writePDF,
	}
	if demo == nil { // nothing that is made up goes out by mail
		if h.reports, err = openReports(c, cfg, h.store, reportMaker{h}, registry); err != nil {
			return nil, err
		}
		settings.Post = reportDesk{h.reports}
	}
	if cfg.Role == roleWeb {
		settings.IngestURL = cfg.IngestURL
		settings.Sources = h.board
		settings.Ingest = h.board.ingest
	} else {
		inside := *c
		if demo != nil {
			inside.now = demo.door.now
		}
		h.texts = openTexts(c, cfg, registry)
		if err := h.openIngest(ctx, &inside, cfg, registry); err != nil {
			return nil, err
		}
		h.board.poller = h.sources(demo)
		settings.Intake = h.intake
		settings.Hubs = h.poller
		settings.Hooks = h.live
		if h.texts != nil {
			settings.Queries = h.intake
		}
		if demo != nil {
			demo.door.to = h.intake
			settings.Intake = &demo.door
		}
		settings.Intake = attentive{settings.Intake, h.tutor}
		settings.Sources = h.sources(demo)
		stopped, stop := context.WithCancel(context.WithoutCancel(ctx))
		h.unkeep = stop
		settings.Keeper = &storekeeper{store: h.store, journal: h.journal, intake: h.intake, cfg: cfg, stopped: stopped}
	}
	if h.data != nil {
		settings.OperatorSecret = h.data.self.Operator
	}
	// Last, since a new token is shown by a house that opens, and never again.
	if settings.AdminHash, err = h.adminHash(cfg); err != nil {
		return nil, err
	}
	if h.server, err = server.New(settings); err != nil {
		return nil, explainListen(err)
	}
	return h, nil
}

// catchUp is how many mentions a second are counted, at most, that waited in
// the journal: a Redis that comes back has others to serve as well.
const catchUp = 8000

// adminHash is the hash of the token that writing needs; empty where nothing
// needs one: on loopback, unless a token was configured or people come from
// elsewhere through a proxy.
func (h *house) adminHash(cfg *Config) (string, error) {
	if cfg.AdminToken != "" {
		return hashOf(string(cfg.AdminToken)), nil
	}
	if isLoopback(cfg.Listen) && (cfg.PublicURL == "" || isLoopbackURL(cfg.PublicURL)) {
		return "", nil
	}
	hash, fresh, err := adminToken(cfg.Data)
	h.fresh = fresh
	return hash, err
}

// run serves until ctx ends, and stops within five seconds.
func (h *house) run(ctx context.Context) error {
	if h.data != nil {
		if err := h.data.serving(reachable(h.server.URL())); err != nil {
			return err
		}
	}
	defer context.AfterFunc(ctx, func() {
		now := time.Now()
		h.told.Store(&now)
		if h.unkeep != nil {
			h.unkeep()
		}
	})()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return h.server.Run(ctx) })
	if h.intake != nil {
		group.Go(func() error { return h.intake.Run(ctx) })
		group.Go(func() error { return h.tutor.run(ctx) })
		group.Go(func() error { return h.poller.Run(ctx) })
		group.Go(func() error { return h.brokers.run(ctx) })
		group.Go(func() error { return h.liveIn.run(ctx) })
		group.Go(func() error { return h.live.Run(ctx) })
	}
	if h.holds != nil {
		group.Go(func() error { return h.holds.run(ctx) })
	}
	group.Go(func() error { return h.board.run(ctx) })
	if h.reports != nil {
		group.Go(func() error { return h.reports.run(ctx) })
	}
	if h.reloads != nil {
		r := &reloader{origin: h.origin, last: h.cfg.print, asked: h.reloads, apply: h.apply, log: h.log}
		group.Go(func() error { return r.run(ctx) })
	}
	if err := group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// close gives back what openHouse opened, last things first.
func (h *house) close() error {
	told := time.Now()
	if t := h.told.Load(); t != nil {
		told = *t
	}
	ctx, cancel := context.WithTimeout(context.Background(), max(closeTime, time.Until(told.Add(stopTime))))
	defer cancel()
	var errs []error
	if h.unkeep != nil {
		h.unkeep()
	}
	if h.figures != nil {
		h.figures.Close()
	}
	if h.store != nil {
		if err := h.store.Close(ctx); err != nil {
			errs = append(errs, fmt.Errorf("close the store: %w", err))
		}
	}
	if h.journal != nil {
		errs = append(errs, h.journal.Close())
	}
	closeTexts(h.texts)
	if h.scorer != nil {
		errs = append(errs, h.scorer.close())
	}
	if h.data != nil {
		errs = append(errs, h.data.close())
	}
	return errors.Join(errs...)
}

// reachable makes an address that this machine can ask of one that listens on
// every network.
func reachable(listening string) string {
	u, err := url.Parse(listening)
	if err != nil {
		return listening
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && a.IsUnspecified() {
		u.Host = net.JoinHostPort("127.0.0.1", u.Port())
	}
	return u.String()
}

func isLoopbackURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && isLoopback(u.Host)
}

// isLoopback tells whether only this machine reaches an address host:port.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}

// sources is whatever knows the health of what is polled.
func (h *house) sources(demo *demoSet) server.Sources {
	if demo != nil {
		return &demo.sources
	}
	return both{watched{h.poller, h.live}, h.brokers}
}

// explainListen adds what to do when an address is taken.
func explainListen(err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%w: another program listens there; stop it, or choose another address with --listen", err)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("%w: this machine has no such address; choose another with --listen", err)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%w: ports below 1024 are for the system; choose another with --listen", err)
	}
	return err
}
