package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"agora/errand"
)

// How long things may take.
const (
	headTime = 5 * time.Second   // to send a request's head
	bodyTime = 60 * time.Second  // to send a whole request
	idleTime = 120 * time.Second // between two requests
	stopTime = 4 * time.Second   // for requests under way to end when the server stops
	lateTime = time.Second / 2   // for what was done for those that were cut
	headSize = 32 << 10          // bytes of a request's head
)

// Server serves pages, API and streams. Make one with [New].
type Server struct {
	Config

	log       *slog.Logger
	listener  net.Listener
	loopback  bool
	started   time.Time
	echo      *echo.Echo
	routes    []route
	pages     *pages
	gate      *gate
	hub       *hub
	meters    *meters
	shown     *shownTimes
	usual     *baselineCache
	volumes   *volumeCache
	office    *errand.Office // of what several requests wait for
	gallery   *gallery
	keeper    *keeper
	said      *saidCache
	pushes    *limiters
	hookTries *limiters     // wrong secrets of webhooks, by address
	unproved  chan struct{} // as long as the signed messages that may be read at once
	takes     *limiters     // of pictures, tables and lists
	listing   chan struct{} // as long as the lists that may be taken at once
	watched   atomic.Pointer[watch]
	framers   atomic.Pointer[framers]
	now       func() time.Time
	openAPI   []byte
	zips      *sync.Pool
	reports   *madeReports
	wallPics  *wallGallery
}

// New checks the configuration and opens the listener, so that an address in
// use is known before anything starts. Call [Server.Run] or [Server.Close]
// afterwards.
func New(c Config) (*Server, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	s := &Server{Config: c, log: c.Log, now: c.Now, started: c.Now(), loopback: isLoopback(c.Listen)}
	s.watched.Store(newWatch(c.Brands, c.Walls))
	s.framers.Store(newFramers(c.Embed))
	s.meters = newMeters(c.Registry)
	if c.Sources != nil {
		c.Registry.MustRegister(sourceCollector{c.Sources})
	}
	s.shown = newShownTimes(c.Now)
	s.usual = newBaselineCache(c.Baselines, c.Now)
	s.volumes = newVolumeCache(c.Volumes, c.Now)
	s.pushes = newLimiters(float64(c.Limits.PushPerSecond), 10*c.Limits.PushPerSecond, c.Now)
	s.hookTries = newLimiters(hookTriesRate, hookTries, c.Now)
	s.unproved = make(chan struct{}, maxUnproved)
	s.takes = newLimiters(float64(c.Limits.PicturesPerMinute)/60, c.Limits.PicturesPerMinute, c.Now)
	s.listing = make(chan struct{}, maxListings)
	s.gate = newGate(c)
	s.zips = newZips()
	s.office = errand.NewOffice(errStopping())
	s.gallery = newGallery(s)
	s.wallPics = newWallGallery(s)
	s.reports = newMadeReports(s)
	s.keeper = newKeeper(c.States, c.Log)
	s.said = &saidCache{server: s, kept: map[string]said{}}
	s.hub = newHub(s)
	var err error
	if s.pages, err = readPages(c.Assets); err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
	}
	if err = s.route(); err != nil {
		return nil, err
	}
	s.listener, err = net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	return s, nil
}

// URL is where the server listens, such as http://127.0.0.1:8080.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Registerer takes the metrics of other parts into /metrics.
func (s *Server) Registerer() prometheus.Registerer { return s.Registry }

// Close frees the listener of a server that was never run.
func (s *Server) Close() error {
	return errors.Join(s.office.Close(context.Background()), s.listener.Close())
}

// Run serves until ctx ends. Then streams end at once, requests under way have
// four seconds, and what is left is cut: it returns within five. It waits for
// what it began, be it for requests or ahead of them.
func (s *Server) Run(ctx context.Context) error {
	// Requests outlive ctx by the time they have to end.
	requests, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	web := &http.Server{
		Handler:           s.echo,
		ReadHeaderTimeout: headTime,
		ReadTimeout:       bodyTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headSize,
		BaseContext:       func(net.Listener) context.Context { return requests },
		ConnContext:       withConn,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.hub.run(ctx) })
	if s.Pictures != nil {
		group.Go(func() error { s.drawAhead(ctx, s.gallery.ahead); return nil })
	}
	if s.Scenes != nil {
		group.Go(func() error { s.drawAhead(ctx, s.wallPics.ahead); return nil })
	}
	group.Go(func() error {
		if err := web.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		s.hub.stop()
		within, done := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer done()
		if err := web.Shutdown(within); err != nil {
			s.log.LogAttrs(ctx, slog.LevelWarn, "cut what was still under way", slog.Any("error", err))
			cut()
			return web.Close()
		}
		return nil
	})
	err := group.Wait()
	within, done := context.WithTimeout(context.WithoutCancel(ctx), lateTime)
	defer done()
	if late := s.office.Close(within); late != nil {
		s.log.LogAttrs(within, slog.LevelWarn, "stopped, though something is still being made", slog.Any("error", late))
	}
	return err
}

type connKey struct{}

// withConn lets a stream reach its connection, to bound what the kernel
// buffers for a reader that doesn't read.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}
