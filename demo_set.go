package main

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"agora/mood"
)

// demoSet is what the demo puts in the place of real parts.
type demoSet struct {
	sources demoSources
	door    demoDoor
}

// demoIntake takes what is made up, or pushed by somebody who tries it.
type demoIntake interface {
	Push(ctx context.Context, items []json.RawMessage) (mood.Receipt, error)
	PushActivity(ctx context.Context, items []json.RawMessage) (mood.Receipt, error)
	Withdraw(ctx context.Context, id string) error
	Correct(ctx context.Context, c mood.Correction) (mood.CorrectionReceipt, error)
}

// demoDoor lets the demo's history in as if it had been found when it was
// said: while it passes, the intake's clock stands at that time, and
// everybody else waits. Otherwise the history would seem to have been found
// hours late.
type demoDoor struct {
	to   demoIntake
	real func() time.Time
	mu   sync.Mutex
	past atomic.Pointer[time.Time]
}

// now is the intake's clock.
func (d *demoDoor) now() time.Time {
	if past := d.past.Load(); past != nil {
		return *past
	}
	return d.real()
}

// passAt lets items in at a time of the past.
func (d *demoDoor) passAt(at time.Time, push func(demoIntake) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.past.Store(&at)
	defer d.past.Store(nil)
	return push(d.to)
}

// Push takes mentions in, now.
func (d *demoDoor) Push(ctx context.Context, items []json.RawMessage) (mood.Receipt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.to.Push(ctx, items)
}

// PushActivity takes activity in, now.
func (d *demoDoor) PushActivity(ctx context.Context, items []json.RawMessage) (mood.Receipt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.to.PushActivity(ctx, items)
}

// Withdraw takes a mention away.
func (d *demoDoor) Withdraw(ctx context.Context, id string) error { return d.to.Withdraw(ctx, id) }

// Correct sets how a mention is read.
func (d *demoDoor) Correct(ctx context.Context, c mood.Correction) (mood.CorrectionReceipt, error) {
	return d.to.Correct(ctx, c)
}

// demoDelay is how long before it is found something was said.
func demoDelay() time.Duration {
	return 3*time.Second + time.Duration(rand.ExpFloat64()*float64(25*time.Second)) //nolint:gosec // a demo
}

// demoSources makes sources of the demo's outlets. All is well with them.
type demoSources struct {
	now   func() time.Time
	since time.Time
}

// Health is that of the made-up outlets.
func (d *demoSources) Health() []mood.SourceHealth {
	now := d.now()
	health := make([]mood.SourceHealth, len(demoOutlets))
	for i, o := range demoOutlets {
		const every = 5 * time.Minute
		begun := d.since.Add(time.Duration(i-len(demoOutlets)) * every / time.Duration(len(demoOutlets)))
		last := begun.Add(now.Sub(begun).Truncate(every))
		next := last.Add(every)
		health[i] = mood.SourceHealth{
			ID: o.domain, Name: o.name, Kind: "demo", URL: "https://" + o.domain + "/", State: mood.SourceFine,
			LastSuccess: &last, LastItem: &last, NextPoll: &next, ItemsPerDay: o.weight * 80,
			Today: int(o.weight * 80), Interval: every.Seconds(), LastStatus: 200,
		}
	}
	return health
}
