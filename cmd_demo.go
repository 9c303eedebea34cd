package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"agora/mood"
)

type demoCommand struct {
	Listen string `help:"Address to listen on. Default: 127.0.0.1:8080; port 0 takes a free one." placeholder:"HOST:PORT"`
	Seed   uint64 `help:"Makes up another world." placeholder:"N"`
}

// Help is shown below the flags.
func (demoCommand) Help() string {
	return `Companies, outlets and headlines are made up, and every screen says DEMO. It needs no network and no configuration, and keeps nothing: its data folder is a temporary one.

Example:

  agora demo --listen 127.0.0.1:9000`
}

// Run shows the demo until the process is told to stop.
func (d demoCommand) Run(ctx context.Context, c *console) (err error) {
	folder, err := os.MkdirTemp("", "agora-demo-*")
	if err != nil {
		return fmt.Errorf("make a temporary folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	cfg, err := d.config(c, folder)
	if err != nil {
		return err
	}
	set := &demoSet{sources: demoSources{now: c.now, since: c.now()}}
	set.door.real = c.now
	h, err := openHouse(ctx, c, cfg, set)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.stdout, "This is a demo: companies, outlets and headlines are made up, and nothing is kept.")
	h.greet(c)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return h.run(ctx) })
	show := demoShow{stream: demoStream{seed: d.Seed, launch: c.now().Add(-5 * time.Hour).Truncate(time.Minute)}, to: &set.door, now: c.now, log: c.log}
	group.Go(func() error { return show.run(ctx) })
	err = group.Wait()
	return errors.Join(err, h.close())
}

// config is the built-in configuration of the demo. Of the environment, only
// what says how it is reached counts: it must not touch real data.
func (d demoCommand) config(c *console, folder string) (_ *Config, err error) {
	cfg, problems := readConfig("the demo", []byte("brands: [{id: demo}]"))
	harmless := origin{flags: settings{listen: d.Listen}, getenv: func(name string) string {
		switch name {
		case "AGORA_DATA", "AGORA_REDIS", "AGORA_ROLE", "AGORA_INGEST_URL", "AGORA_DATA_FILE", "AGORA_REDIS_FILE", "AGORA_ROLE_FILE", "AGORA_INGEST_URL_FILE":
			return ""
		}
		return c.getenv(name)
	}}
	problems = append(problems, harmless.overlay(cfg)...)
	if len(problems) > 0 {
		return nil, problems
	}
	cfg.File, cfg.Data, cfg.Brands = "demo", folder, demoBrands
	cfg.Walls = []mood.Wall{defaultWall(demoBrands)}
	if cfg.Cities, err = demoGazetteer(); err != nil {
		return nil, err
	}
	for _, k := range demoKinds {
		cfg.Activity.Kinds = append(cfg.Activity.Kinds, k.kind)
	}
	return cfg, nil
}

// demoDepth is how far back the demo's history goes: enough weeks for what is
// usual to be known.
const demoDepth = 36 * 24 * time.Hour

// demoShow plays the demo: the history first, newest first, so that the
// screens have something at once; and the present as it comes.
type demoShow struct {
	stream demoStream
	to     *demoDoor
	now    func() time.Time
	log    *slog.Logger
}

func (s demoShow) run(ctx context.Context) error {
	begun := s.now().Truncate(time.Minute)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.history(ctx, begun) })
	group.Go(func() error { return s.present(ctx, begun) })
	err := group.Wait()
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// demoStep is how much of the history comes in together.
const demoStep = 5 * time.Minute

// history makes up what was before, step by step backwards. After the first
// day it leaves half of the processor to others.
func (s demoShow) history(ctx context.Context, before time.Time) error {
	for past := time.Duration(0); past < demoDepth; past += demoStep {
		begun := time.Now()
		var step demoMinute
		for n := range int(demoStep / time.Minute) {
			m := s.stream.minute(before.Add(-past - time.Duration(n+1)*time.Minute))
			step.mentions = append(step.mentions, m.mentions...)
			step.activities = append(step.activities, m.activities...)
		}
		err := s.to.passAt(before.Add(-past), func(to demoIntake) error { return pushAll(ctx, to, step) })
		if err != nil {
			return err
		}
		if past > 24*time.Hour {
			if err := sleep(ctx, time.Since(begun)); err != nil {
				return err
			}
		}
	}
	s.log.LogAttrs(ctx, slog.LevelDebug, "the demo's history is complete")
	return nil
}

// present lets each minute's items come at moments spread over it.
func (s demoShow) present(ctx context.Context, minute time.Time) error {
	for {
		m := s.stream.minute(minute)
		next := minute.Add(time.Minute)
		for len(m.mentions)+len(m.activities) > 0 {
			left := next.Sub(s.now())
			items := len(m.mentions) + len(m.activities)
			if err := sleep(ctx, time.Duration(float64(left)/float64(items)*2*rand.Float64())); err != nil { //nolint:gosec // a demo
				return err
			}
			var one demoMinute
			if rand.IntN(items) < len(m.mentions) { //nolint:gosec // a demo
				one.mentions, m.mentions = m.mentions[:1], m.mentions[1:]
			} else {
				one.activities, m.activities = m.activities[:1], m.activities[1:]
			}
			if err := pushAll(ctx, s.to, one.at(s.now().Add(-demoDelay()))); err != nil {
				return err
			}
		}
		if err := sleep(ctx, next.Sub(s.now())); err != nil {
			return err
		}
		minute = next
	}
}

// at dates the items of a minute.
func (m demoMinute) at(now time.Time) demoMinute {
	for field, items := range map[string][]json.RawMessage{"published": m.mentions, "at": m.activities} {
		for i, item := range items {
			var fields map[string]json.RawMessage
			if json.Unmarshal(item, &fields) == nil {
				fields[field] = encode(now.UTC())
				items[i] = encode(fields)
			}
		}
	}
	return m
}

func pushAll(ctx context.Context, to demoIntake, m demoMinute) error {
	for _, part := range []struct {
		items []json.RawMessage
		push  func(context.Context, []json.RawMessage) (mood.Receipt, error)
	}{{m.mentions, to.Push}, {m.activities, to.PushActivity}} {
		if len(part.items) == 0 {
			continue
		}
		if _, err := part.push(ctx, part.items); err != nil {
			return fmt.Errorf("take in what the demo made up: %w", err)
		}
	}
	return nil
}
