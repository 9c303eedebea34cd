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
	office, maker, in, registry := &postOffice{refuses: map[string][]*mail.Failure{}}, &press{}, &shelf{states: map[string][]byte{}}, prometheus.NewRegistry()
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

func (n nowriting) Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error {
	if now := time.Now(); !now.Before(n.from) && now.Before(n.to) {
		return mood.ErrUnavailable
	}
	return n.shelf.Put(ctx, kind, id, value, ttl)
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
