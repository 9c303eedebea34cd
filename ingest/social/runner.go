package social

import (
	"context"
	"encoding/json"
	"errors"
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
	mine   bool // this process follows it, or nobody shares it
	turn   int  // grows when the cursor is thrown away
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

// load reads the state that was kept. While the store is away it is waited
// for: to begin anew would take in what was taken before.
func (r *Runner) load(ctx context.Context, e *entry) {
	for wait := 200 * time.Millisecond; ctx.Err() == nil; wait = min(2*wait, 5*time.Second) {
		asking, cancel := context.WithTimeout(ctx, keepTime)
		raw, err := r.cfg.States.Get(asking, kindLive, e.spec.ID)
		cancel()
		if err == nil || errors.Is(err, mood.ErrNotFound) {
			r.mu.Lock()
			e.state = loadState(raw, e.preset.about(e.spec), r.cfg.Now())
			if next := e.state.LastSuccess.Add(e.interval()); e.state.Failures == 0 && e.state.NextPoll.After(next) && !e.preset.Live {
				e.state.NextPoll = next // its interval was shortened
			}
			r.mu.Unlock()
			return
		}
		_ = sleep(ctx, wait)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.state == nil {
		e.state = loadState(nil, e.preset.about(e.spec), r.cfg.Now())
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
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// How often states are written and those of other processes are read, and how
// long that may take.
const (
	keepEvery = time.Second
	lookEvery = 5 * time.Second
	keepTime  = 2 * time.Second
)

// saveStates writes what changed, at most once a second, and reads what other
// processes know of theirs.
func (r *Runner) saveStates(stop <-chan struct{}) {
	pause := time.NewTicker(keepEvery)
	defer pause.Stop()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-stop:
			r.saveAll()
			return
		case <-look.C:
			if r.cfg.Own != nil {
				r.lookUp()
			}
		case <-pause.C:
			select {
			case <-r.wake:
				r.saveAll()
			default:
			}
		}
	}
}

func (r *Runner) saveAll() {
	ctx, cancel := context.WithTimeout(context.Background(), keepTime)
	defer cancel()
	for _, e := range r.all() {
		if err := r.save(ctx, e); err != nil {
			r.cfg.Log.Debug("where sources were left off can't be written now; it is tried again", slog.Any("error", err))
			return
		}
	}
}

func (r *Runner) all() []*entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]*entry, 0, len(r.entries))
	for _, e := range r.entries {
		list = append(list, e)
	}
	return list
}

// save writes an entry's state if it changed.
func (r *Runner) save(ctx context.Context, e *entry) error {
	r.mu.Lock()
	st, dirty := e.state, e.dirty
	e.dirty = false
	r.mu.Unlock()
	if !dirty || st == nil {
		return nil
	}
	raw, err := json.Marshal(st)
	if err != nil {
		return fmt.Errorf("write the state of %s: %w", e.spec.ID, err)
	}
	ctx, cancel := context.WithTimeout(ctx, keepTime)
	defer cancel()
	if err := r.cfg.States.Put(ctx, kindLive, e.spec.ID, raw, stateTTL); err != nil {
		r.mu.Lock()
		e.dirty = true
		r.mu.Unlock()
		select {
		case r.wake <- struct{}{}:
		default:
		}
		return err
	}
	return nil
}

// lookUp learns how the sources do that other processes follow.
func (r *Runner) lookUp() {
	ctx, cancel := context.WithTimeout(context.Background(), keepTime)
	defer cancel()
	for _, e := range r.all() {
		r.mu.Lock()
		skip := e.mine && e.source != nil || e.dirty
		r.mu.Unlock()
		if skip {
			continue
		}
		raw, err := r.cfg.States.Get(ctx, kindLive, e.spec.ID)
		if err != nil {
			continue // the next time
		}
		r.mu.Lock()
		if !(e.mine && e.source != nil) && !e.dirty {
			e.state = loadState(raw, e.preset.about(e.spec), r.cfg.Now())
		}
		r.mu.Unlock()
	}
}

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
