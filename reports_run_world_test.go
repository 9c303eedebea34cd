package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"agora/mood"
	"agora/server/mail"
	"agora/server/schedule"
)

// shelf keeps states in memory.
type shelf struct {
	mu     sync.Mutex
	states map[string][]byte
	leases map[string]lease
}

func (s *shelf) Put(_ context.Context, kind, id string, value []byte, _ time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.states[kind+"/"+id] = value
	return nil
}

func (s *shelf) Get(_ context.Context, kind, id string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.states[kind+"/"+id]; ok {
		return v, nil
	}
	return nil, mood.ErrNotFound
}

// Claim gives a lease, by the clock of the test.
func (m *shelf) Claim(_ context.Context, kind, id, owner string, ttl time.Duration) (mood.Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key, now := kind+"/"+id, time.Now()
	is, got := m.leases[key], mood.Lease{Kind: kind, ID: id}
	if is.owner != "" && is.owner != owner && now.Before(is.until) {
		got.Wait = is.until.Sub(now)
		return got, nil
	}
	m.leases[key] = lease{owner, now.Add(ttl), is.fence + 1}
	got.Held, got.Fence, got.Until = true, is.fence+1, now.Add(ttl)
	return got, nil
}

func (m *shelf) Renew(_ context.Context, l mood.Lease, ttl time.Duration) (mood.Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := l.Kind + "/" + l.ID
	is, known := m.leases[key]
	if known && is.fence != l.Fence {
		return l, mood.ErrConflict
	}
	l.Until = time.Now().Add(ttl)
	m.leases[key] = lease{"its owner", l.Until, l.Fence}
	if known {
		m.leases[key] = lease{is.owner, l.Until, l.Fence}
	}
	return l, nil
}

func (m *shelf) Release(_ context.Context, l mood.Lease) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if is := m.leases[l.Kind+"/"+l.ID]; is.fence == l.Fence {
		m.leases[l.Kind+"/"+l.ID] = lease{fence: is.fence}
	}
	return nil
}

func (m *shelf) PutFenced(ctx context.Context, kind, id string, value []byte, ttl time.Duration, fence uint64) (uint64, error) {
	m.mu.Lock()
	is, known := m.leases[kind+"/"+id]
	m.mu.Unlock()
	if known && is.fence != fence {
		return 0, mood.ErrConflict
	}
	return 1, m.Put(ctx, kind, id, value, ttl)
}

// lease is one that was given out.
type lease struct {
	owner string
	until time.Time
	fence uint64
}

// postOffice takes mails, and refuses some.
type postOffice struct {
	mu      sync.Mutex
	took    []string                   // subject, recipient and message
	refuses map[string][]*mail.Failure // by recipient, one by one
}

func (p *postOffice) Send(_ context.Context, m mail.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var failed mail.Failures
	for _, to := range m.To {
		if m.Due != nil {
			due, err := m.Due(to)
			if err != nil {
				failed = append(failed, &mail.Failure{To: to, As: to, What: err.Error(), Soon: true})
			}
			if !due || err != nil {
				continue
			}
		}
		if left := p.refuses[to]; len(left) > 0 {
			failed = append(failed, left[0])
			p.refuses[to] = left[1:]
			continue
		}
		p.took = append(p.took, m.Subject+" to "+to)
		m.Sent(to)
	}
	if len(failed) > 0 {
		return failed
	}
	return nil
}

// press makes reports.
type press struct {
	err   error
	takes time.Duration // whatever its context says
}

func (p *press) Report(_ context.Context, brands []string, window string) (mail.Message, error) {
	time.Sleep(p.takes)
	return mail.Message{Subject: strings.Join(brands, "+") + " " + window}, p.err
}

func refusal(to string, code int) *mail.Failure {
	return &mail.Failure{To: to, As: to, Host: "mail.example.com", Code: code, What: fmt.Sprintf("refused the recipient (%d)", code), Soon: code < 500}
}

const twoReports = `
mail: {server: smtp://mail.example.com, from: agora@example.com}
reports:
  - {id: weekly, brands: nokia, at: '0 8 * * mon', timezone: Europe/Helsinki, to: [a@example.com, b@example.com, c@example.com]}
  - {id: daily, brands: nokia, window: 24h, at: '0 7 * * *', to: d@example.com}
`

// reporting makes reports that come to a post office.
func reporting(t *testing.T, text string) (*reports, *postOffice, *press, *shelf, *prometheus.Registry) {
	t.Helper()
	file, _ := configOfNokia(t, text)
	c := aConsole(file)
	cfg, err := c.origin.load()
	must(t, err)
	office, maker, in, registry := &postOffice{refuses: map[string][]*mail.Failure{}}, &press{}, &shelf{states: map[string][]byte{}, leases: map[string]lease{}}, prometheus.NewRegistry()
	r, err := openReports(c, cfg, in, maker, registry)
	must(t, err)
	r.log = slog.New(slog.DiscardHandler)
	r.open = func(*Config) (poster, error) { return office, nil }
	must(t, r.set(cfg, cfg.Location))
	return r, office, maker, in, registry
}

// nowriting is a shelf that takes nothing for a while.
type nowriting struct {
	*shelf
	from, to time.Time
}

func (n nowriting) takes() bool {
	now := time.Now()
	return now.Before(n.from) || !now.Before(n.to)
}

func (n nowriting) Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error {
	if !n.takes() {
		return mood.ErrUnavailable
	}
	return n.shelf.Put(ctx, kind, id, value, ttl)
}

func (n nowriting) Claim(ctx context.Context, kind, id, owner string, ttl time.Duration) (mood.Lease, error) {
	if !n.takes() {
		return mood.Lease{}, mood.ErrUnavailable
	}
	return n.shelf.Claim(ctx, kind, id, owner, ttl)
}

func (n nowriting) Renew(ctx context.Context, l mood.Lease, ttl time.Duration) (mood.Lease, error) {
	if !n.takes() {
		return l, mood.ErrUnavailable
	}
	return n.shelf.Renew(ctx, l, ttl)
}

func (n nowriting) PutFenced(ctx context.Context, kind, id string, value []byte, ttl time.Duration, fence uint64) (uint64, error) {
	if !n.takes() {
		return 0, mood.ErrUnavailable
	}
	return n.shelf.PutFenced(ctx, kind, id, value, ttl, fence)
}

// share makes reports keep what they have to remember elsewhere.
func share(t *testing.T, r *reports, in schedule.States) {
	t.Helper()
	config := r.keeper.Config
	config.States = in
	var err error
	r.keeper, err = schedule.New(config)
	must(t, err)
	must(t, r.set(r.cfg, r.cfg.Location))
}
