package feed

import (
	"context"
	"errors"
	"sync"
	"time"

	"agora/mood"
)

// errNotOurs is a request that wasn't made, since the lease of its source may
// be another's by now.
var errNotOurs = errors.New("another process polls it by now")

// tenure is a lease that is renewed while a poll takes long. Nil is the tenure
// of one who shares with nobody.
type tenure struct {
	leases Leases

	mu    sync.Mutex
	lease mood.Lease
	timer *time.Timer // nil: it is over

	renewing sync.Mutex
}

func newTenure(leases Leases, l mood.Lease) *tenure {
	t := &tenure{leases: leases, lease: l}
	t.timer = time.AfterFunc(leaseTime/4, t.renew)
	return t
}

func (t *tenure) renew() {
	t.renewing.Lock()
	defer t.renewing.Unlock()
	t.mu.Lock()
	l, over := t.lease, t.timer == nil
	t.mu.Unlock()
	if over {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaseAsk)
	defer cancel()
	next, err := t.leases.Renew(ctx, l, leaseTime)
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case errors.Is(err, mood.ErrConflict):
		t.lease.Held = false
		return
	case err == nil:
		t.lease = next
	}
	if t.timer != nil {
		t.timer.Reset(leaseTime / 4)
	}
}

// may says whether one more request may be made: not by a process that was
// stopped until its lease ended.
func (t *tenure) may() error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.lease.Lasts(time.Now()) {
		return errNotOurs
	}
	return nil
}

// end stops renewing.
func (t *tenure) end() {
	t.mu.Lock()
	if t.timer != nil {
		t.timer.Stop()
		t.timer = nil
	}
	t.mu.Unlock()
	t.renewing.Lock() // one that is under way ends
	defer t.renewing.Unlock()
}

// release gives the lease back, with nothing learned.
func (t *tenure) release() {
	if t == nil {
		return
	}
	t.end()
	ctx, cancel := context.WithTimeout(context.Background(), leaseAsk)
	defer cancel()
	_ = t.leases.Release(ctx, t.lease) // else it runs out
}
