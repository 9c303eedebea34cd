package social

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"sort"
	"sync"
	"time"

	"agora/mood"
)

// Runner follows sources. Make one with [New], then call Run once.
type Runner struct {
	cfg Config
	web *web

	mu      sync.Mutex
	entries map[string]*entry // by source id
	running context.Context   // nil: not yet, or no more
	working sync.WaitGroup
	wake    chan struct{} // something must be written; buffered
}

// entry is a source with its state, which is replaced as a whole, under the
// runner's lock.
type entry struct {
	spec   Spec
	preset *Preset
	source Source
	state  *state
	dirty  bool
	loaded bool           // its state was read
	early  []func(*state) // what happened before that; bounded
	mine   bool           // this process follows it, or nobody shares it
	turn   int            // grows when the cursor is thrown away
	stop   context.CancelFunc
	done   chan struct{} // closed when nobody works on it; nil: nobody began
}

// New checks the configuration. It starts nothing.
func New(cfg Config) (*Runner, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	r := &Runner{cfg: cfg, entries: map[string]*entry{}, wake: make(chan struct{}, 1)}
	r.web = newWeb(&r.cfg)
	if err := r.SetSources(cfg.Specs); err != nil {
		return nil, err
	}
	return r, nil
}

// SetSources changes what is followed: those no longer listed stop, new ones
// start at once, and those that stayed the same aren't disturbed. On an error
// nothing changes.
func (r *Runner) SetSources(specs []Spec) error {
	next := make(map[string]*entry, len(specs))
	for _, spec := range specs {
		e, err := newEntry(spec)
		if err != nil {
			return err
		}
		if _, ok := next[spec.ID]; ok {
			return fmt.Errorf("two sources have the id %q", spec.ID)
		}
		next[spec.ID] = e
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, e := range next {
		old := r.entries[id]
		if old != nil && reflect.DeepEqual(old.spec, e.spec) {
			next[id] = old
			continue
		}
		if old != nil && old.state != nil { // it is known to people until it is read again
			told := *old.state
			e.state = &told
		}
	}
	before := r.entries
	r.entries = next
	for id, old := range before {
		if next[id] != old && old.stop != nil {
			old.stop()
		}
	}
	if r.running != nil {
		for id, e := range next {
			if e.done == nil {
				r.start(e, before[id])
			}
		}
	}
	return nil
}

func newEntry(spec Spec) (*entry, error) {
	preset, ok := presetOf(spec.Kind)
	if !ok {
		return nil, fmt.Errorf("source %s: there is no preset %q", spec.ID, spec.Kind)
	}
	e := &entry{spec: spec, preset: preset}
	if preset.open != nil {
		var err error
		if e.source, err = preset.open(spec); err != nil {
			return nil, fmt.Errorf("source %s: %w", spec.ID, err)
		}
	}
	return e, nil
}

// live says whether it listens; else it is asked in rounds.
func (e *entry) live() bool { return e.preset.live(e.spec) }

// interval is the time between two rounds.
func (e *entry) interval() time.Duration {
	if e.spec.Every > 0 {
		return e.spec.Every
	}
	return e.preset.Every
}

// start begins to work on an entry, once nobody works on the one before it. The
// caller holds the lock.
func (r *Runner) start(e, before *entry) {
	ctx, cancel := context.WithCancel(r.running)
	e.stop, e.done = cancel, make(chan struct{})
	var wait <-chan struct{}
	if before != nil {
		wait = before.done
	}
	r.working.Go(func() {
		defer close(e.done)
		defer cancel()
		if wait != nil {
			<-wait
		}
		r.keep(ctx, e)
	})
}

// Run follows all sources until ctx ends, and waits for what it began.
func (r *Runner) Run(ctx context.Context) error {
	r.mu.Lock()
	r.running = ctx
	for _, e := range r.entries {
		r.start(e, nil)
	}
	r.mu.Unlock()
	stop := make(chan struct{})
	var saving sync.WaitGroup
	saving.Go(func() { r.saveStates(stop) })
	<-ctx.Done()
	r.mu.Lock()
	r.running = nil
	r.mu.Unlock()
	r.working.Wait()
	close(stop)
	saving.Wait()
	r.web.close()
	return nil
}

// keep works on an entry for as long as it is this process's.
func (r *Runner) keep(ctx context.Context, e *entry) {
	do := func(ctx context.Context) error {
		r.load(ctx, e)
		r.own(e, true)
		defer r.own(e, false)
		if e.source == nil { // it waits for what is pushed
			<-ctx.Done()
			return nil
		}
		err := r.work(ctx, e)
		if saveErr := r.save(context.WithoutCancel(ctx), e); saveErr != nil {
			r.cfg.Log.Warn("where a source was left off can't be written; some of it comes again", slog.String("source", e.spec.ID), slog.Any("error", saveErr))
		}
		return err
	}
	own := r.cfg.Own
	if own == nil || e.source == nil {
		own = func(ctx context.Context, _, _ string, do func(context.Context) error) error { return do(ctx) }
	}
	if err := own(ctx, kindLive, e.spec.ID, do); err != nil && ctx.Err() == nil {
		r.cfg.Log.Error("a source is no longer followed", slog.String("source", e.spec.ID), slog.Any("error", err))
	}
}

func (r *Runner) own(e *entry, mine bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.mine = mine; !mine {
		e.dirty = false // another's is newer, or will be
	}
}

// update changes an entry's state.
func (r *Runner) update(e *entry, change func(*state)) {
	r.mu.Lock()
	next := state{}
	if e.state != nil {
		next = *e.state
	}
	change(&next)
	e.state, e.dirty = &next, true
	if !e.loaded && len(e.early) < mostEarly {
		e.early = append(e.early, change)
	}
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// mostEarly bounds what is done once more when a state was read.
const mostEarly = 100

// Health tells how every source does, ordered by name.
func (r *Runner) Health() []mood.SourceHealth {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.cfg.Now()
	list := make([]mood.SourceHealth, 0, len(r.entries))
	for _, e := range r.entries {
		list = append(list, e.health(now))
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].Name != list[j].Name {
			return list[i].Name < list[j].Name
		}
		return list[i].ID < list[j].ID
	})
	return list
}

// OfferAgain makes every source that can look back do so once more, as at its
// very first round: for the day when a new brand is watched.
func (r *Runner) OfferAgain() {
	for _, e := range r.all() {
		if e.preset.Live {
			continue
		}
		r.mu.Lock()
		e.turn++
		r.mu.Unlock()
		r.update(e, func(s *state) { s.Cursor = nil })
	}
}
