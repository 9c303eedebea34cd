package mqtt

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"agora/mood"
)

// Door takes what messages bring. An error means that some of it was not taken;
// offering all of it again is harmless.
type Door interface {
	Push(ctx context.Context, items []json.RawMessage) (mood.Receipt, error)
	PushActivity(ctx context.Context, items []json.RawMessage) (mood.Receipt, error)
}

// States keeps what is known of a source, as opaque bytes, where other processes
// find it.
type States interface {
	Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error
	Get(ctx context.Context, kind, id string) ([]byte, error)
}

// KindHealth is the kind of the states that hold sources' health, and of their
// leases.
const KindHealth = "mqtt"

// Broker says where a broker is, and what is wanted of it.
type Broker struct {
	ID       string // of the source
	Name     string
	URL      string // mqtt://, mqtts://, ws:// or wss://
	User     string
	Password string // never shown
	CA       []byte // PEM of whoever signed the broker's certificate; empty: as the system knows
	ClientID string // the name of the session at the broker
	Routes   []Route
}

// CheckURL says what is wrong with the address of a broker.
func CheckURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return errors.New("it is no address")
	case !slices.Contains([]string{"mqtt", "mqtts", "ws", "wss"}, u.Scheme):
		return errors.New("it begins with none of mqtt://, mqtts://, ws:// and wss://")
	case u.Hostname() == "":
		return errors.New("it names no host")
	case u.User != nil:
		return errors.New("it has a login in it: use user: and password_file:, which aren't shown")
	}
	return nil
}

// CheckCA says what is wrong with the certificates of who signs.
func CheckCA(pem []byte) error {
	if !x509.NewCertPool().AppendCertsFromPEM(pem) {
		return errors.New("there is no certificate in it: it must be in PEM, -----BEGIN CERTIFICATE-----")
	}
	return nil
}

// Config is what a source needs. Own, States, Say, Now and Log may be left out.
type Config struct {
	Broker Broker
	Door   Door
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
	// Own runs do while no other process does; nil: there is no other.
	Own    func(ctx context.Context, kind, id string, do func(ctx context.Context) error) error
	States States // nil: nobody else asks
	// Say turns an error of the network into a sentence; nil: as it is.
	Say func(err error) string
	Now func() time.Time
	Log *slog.Logger
}

// Source listens to a broker.
type Source struct {
	cfg Config
	now func() time.Time
	log *slog.Logger

	lock   sync.Mutex
	health mood.SourceHealth
	owned  bool
	hours  map[int64]int // items of the last day, by hour since 1970
	failed int           // connections in a row
	left   int           // messages that can't be used
	seen   recall
}

// New makes a source.
func New(cfg Config) *Source {
	s := &Source{cfg: cfg, now: cfg.Now, log: cfg.Log, hours: map[int64]int{}}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	b := cfg.Broker
	s.health = mood.SourceHealth{ID: b.ID, Name: b.Name, Kind: "mqtt", URL: withoutQuery(b.URL), State: mood.SourceNew}
	return s
}

// How connections are made and kept.
const (
	firstWait   = 250 * time.Millisecond // before a connection is tried again
	longestWait = 30 * time.Second
	shareEvery  = 5 * time.Second // of the health
	shareFor    = time.Minute
	joinTime    = 15 * time.Second // to connect, and to subscribe
)

// Run listens until ctx ends, in turn with other processes.
func (s *Source) Run(ctx context.Context) error {
	var sharing sync.WaitGroup
	sharing.Go(func() { s.share(ctx) })
	defer sharing.Wait()
	if s.cfg.Own == nil {
		return s.listen(ctx)
	}
	err := s.cfg.Own(ctx, KindHealth, s.cfg.Broker.ID, s.listen)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// listen connects again and again.
func (s *Source) listen(ctx context.Context) error {
	s.own(true)
	defer s.own(false)
	for ctx.Err() == nil {
		began := s.now()
		err := s.visit(ctx)
		if ctx.Err() != nil {
			break
		}
		s.trouble(err)
		s.lock.Lock()
		if s.failed++; s.now().Sub(began) > longestWait {
			s.failed = 1
		}
		wait := min(firstWait<<min(s.failed-1, 10), longestWait)
		wait = wait/2 + rand.N(wait/2+1) //nolint:gosec // it spreads
		next := s.now().Add(wait)
		s.health.NextPoll = &next
		s.lock.Unlock()
		s.log.Debug("the connection to a broker ended, and is tried again", "source", s.cfg.Broker.ID, "wait", wait, "error", err)
		rest(ctx, wait)
	}
	return nil
}

// TryOnce connects and subscribes once, takes nothing, and says how that went.
func (s *Source) TryOnce(ctx context.Context) mood.SourceHealth {
	ctx, cancel := context.WithTimeout(ctx, joinTime)
	defer cancel()
	if err := s.try(ctx); err != nil {
		s.trouble(err)
	} else {
		s.connected()
	}
	return s.Health()
}

// conn dials the broker.
func (s *Source) conn(ctx context.Context) (net.Conn, error) {
	u, err := url.Parse(s.cfg.Broker.URL)
	if err != nil {
		return nil, fmt.Errorf("read the address of the broker: %w", err)
	}
	ports := map[string]string{"mqtt": "1883", "mqtts": "8883", "ws": "80", "wss": "443"}
	address := u.Host
	if u.Port() == "" {
		address = net.JoinHostPort(u.Hostname(), ports[u.Scheme])
	}
	raw, err := s.cfg.Dial(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "mqtts" || u.Scheme == "wss" {
		cfg := &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
		if len(s.cfg.Broker.CA) > 0 {
			cfg.RootCAs = x509.NewCertPool()
			cfg.RootCAs.AppendCertsFromPEM(s.cfg.Broker.CA)
		}
		secure := tls.Client(raw, cfg)
		if err := secure.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, raw.Close())
		}
		raw = secure
	}
	if !strings.HasPrefix(u.Scheme, "ws") {
		return raw, nil
	}
	web, err := overWeb(ctx, u, raw)
	if err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return web, nil
}

func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// withoutQuery leaves out of an address what may be a secret.
func withoutQuery(address string) string {
	at, _, _ := strings.Cut(address, "?")
	return at
}
