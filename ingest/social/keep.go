package social

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"agora/mood"
)

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
			if next := e.state.LastSuccess.Add(e.interval()); e.state.Failures == 0 && e.state.NextPoll.After(next) && !e.live() {
				e.state.NextPoll = next // its interval was shortened
			}
			for _, change := range e.early { // something was sent already
				change(e.state)
				e.dirty = true
			}
			e.loaded, e.early = true, nil
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
