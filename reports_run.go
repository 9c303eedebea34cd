package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"agora/server/mail"
	"agora/server/schedule"
)

// reporter makes the mail of a report, without recipients.
type reporter interface {
	Report(ctx context.Context, brands []string, window string) (mail.Message, error)
}

// poster sends mails.
type poster interface {
	Send(ctx context.Context, m mail.Message) error
}

// reports sends what is configured, when it is due or when somebody asks.
type reports struct {
	log    *slog.Logger
	maker  reporter
	keeper *schedule.Keeper
	open   func(*Config) (poster, error)

	mu   sync.Mutex
	cfg  *Config
	post poster // nil: no mail server is configured
}

// openReports schedules the reports of a configuration; nothing is sent
// before run.
func openReports(c *console, cfg *Config, in schedule.States, maker reporter, registry prometheus.Registerer) (*reports, error) {
	outcomes := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "agora_reports_total",
		Help: "Scheduled reports, by what became of them: done, delayed (tried again later), failed, gave_up, skipped (too late).",
	}, []string{"outcome"})
	for _, e := range []schedule.Event{schedule.Done, schedule.Delayed, schedule.Failed, schedule.GaveUp, schedule.Skipped} {
		outcomes.WithLabelValues(string(e))
	}
	registry.MustRegister(outcomes)
	keeper, err := schedule.New(schedule.Config{
		States: in, Now: c.now, Log: c.log,
		Observe: func(_ string, e schedule.Event) { outcomes.WithLabelValues(string(e)).Inc() },
	})
	if err != nil {
		return nil, err
	}
	r := &reports{log: c.log, maker: maker, keeper: keeper, open: func(cfg *Config) (poster, error) { return newSender(c, cfg) }}
	return r, r.set(cfg, cfg.Location)
}

// newSender makes what sends mails.
func newSender(c *console, cfg *Config) (*mail.Sender, error) {
	return mail.New(mail.Config{
		Server: cfg.Mail.Server, From: cfg.Mail.From, Password: string(cfg.Mail.Password), Now: c.now, Log: c.log,
	})
}

// set brings other reports into force, and another mail server. zone is for
// those that have none of their own.
func (r *reports) set(cfg *Config, zone *time.Location) error {
	begin, err := r.ready(cfg, zone)
	if err != nil {
		return err
	}
	begin()
	return nil
}

// ready makes ready what set brings into force; nothing has changed until begin
// is called, which can't fail.
func (r *reports) ready(cfg *Config, zone *time.Location) (begin func(), err error) {
	var post poster
	if cfg.Mail.Server != "" {
		if post, err = r.open(cfg); err != nil {
			return nil, err
		}
	}
	jobs := make([]schedule.Job, 0, len(cfg.Reports))
	for _, one := range cfg.Reports {
		clock := one.Zone
		if clock == nil {
			clock = zone
		}
		r.log.Info("a report is scheduled", slog.String("report", one.ID), slog.Time("next", one.due(time.Now(), clock)))
		jobs = append(jobs, schedule.Job{ID: one.ID, Line: one.At, Zone: clock, Run: func(ctx context.Context, turn *schedule.Turn) error {
			return r.due(ctx, one, turn)
		}})
	}
	return func() {
		r.mu.Lock()
		r.cfg, r.post = cfg, post
		r.mu.Unlock()
		r.keeper.SetJobs(jobs)
	}, nil
}

// run sends what comes due, until ctx ends.
func (r *reports) run(ctx context.Context) error { return r.keeper.Run(ctx) }

// due sends a report to those who don't have it yet.
func (r *reports) due(ctx context.Context, one Report, turn *schedule.Turn) error {
	var left []string
	for _, to := range one.To {
		has, err := turn.Did(ctx, to)
		if err != nil {
			return err
		}
		if !has {
			left = append(left, to)
		}
	}
	if len(left) == 0 {
		return nil
	}
	done := func(to string) {
		if err := turn.Mark(context.WithoutCancel(ctx), to); err != nil {
			r.log.LogAttrs(ctx, slog.LevelWarn, "that a report was sent can't be kept: after a restart it may be sent again",
				slog.String("report", one.ID), slog.String("to", to), slog.Any("error", err))
		}
	}
	// While the report is made, another process may take over.
	still := func(to string) (bool, error) {
		has, err := turn.Did(ctx, to)
		return !has, err
	}
	err := r.mail(ctx, one, left, mail.Message{ID: turn.ID(), Due: still, Sent: done})
	var failed mail.Failures
	if errors.As(err, &failed) && failed.Temporary() {
		// Who was refused for good isn't asked again with the others.
		for _, f := range failed {
			if !f.Temporary() {
				r.log.LogAttrs(ctx, slog.LevelError, "a report can't be sent", slog.String("report", one.ID), slog.Any("error", f))
				done(f.As)
			}
		}
	}
	return err
}

// mail makes a report and sends it, as like says beside what is in it.
func (r *reports) mail(ctx context.Context, one Report, to []string, like mail.Message) error {
	r.mu.Lock()
	post := r.post
	r.mu.Unlock()
	if post == nil {
		return errors.New("no mail server is configured: add mail: to agora.yaml, with server: and from: in it")
	}
	message, err := r.maker.Report(ctx, one.Brands, one.Window)
	if err != nil {
		return fmt.Errorf("make the report: %w", err)
	}
	message.ID, message.To, message.Due, message.Sent = like.ID, to, like.Due, like.Sent
	return post.Send(ctx, message)
}

// sending is what became of a report that somebody asked for.
type sending struct {
	Sent   []string `json:"sent"`
	Failed []unsent `json:"failed"`
}

// unsent is a mail that was not sent.
type unsent struct {
	To    string `json:"to"`
	Error string `json:"error"`
}

// send sends a report now, to its recipients or, for a trial, to others. What
// is scheduled stays as it is. The error is about the question ([errNoReport],
// [misuse]) or about a report that can't be made; refused mails are in the
// answer.
func (r *reports) send(ctx context.Context, id string, to []string) (sending, error) {
	r.mu.Lock()
	cfg := r.cfg
	r.mu.Unlock()
	done := sending{Sent: []string{}, Failed: []unsent{}}
	one, err := cfg.report(id)
	if err != nil {
		return done, err
	}
	if len(to) == 0 {
		to = one.To
	}
	if len(to) > mostRecipients {
		return done, misuse{fmt.Errorf("%d recipients are named, and %d are the most", len(to), mostRecipients)}
	}
	for _, s := range to {
		if _, err := mail.ParseAddress(s); err != nil {
			return done, misuse{err}
		}
	}
	err = r.mail(ctx, one, to, mail.Message{Sent: func(to string) { done.Sent = append(done.Sent, to) }})
	var failed mail.Failures
	if !errors.As(err, &failed) {
		return done, err
	}
	for _, f := range failed {
		done.Failed = append(done.Failed, unsent{To: f.As, Error: f.Reason()})
	}
	return done, nil
}
