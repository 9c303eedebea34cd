package store

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"agora/mood"
)

// leases are those of the embedded server. There is one process, which ends
// together with them, so they are kept in memory and go by its own clock, which
// neither stands still between ticks nor jumps.
type leases struct {
	lock sync.RWMutex // held for reading while a state is written under a fence
	last uint64       // the newest fence of all
	of   map[[2]string]*leaseOf
}

type leaseOf struct {
	owner   string // empty: nobody
	until   time.Time
	fence   uint64
	version uint64
	writing sync.Mutex
}

// newLeases begins above all fences of earlier processes.
func newLeases(now time.Time) *leases {
	return &leases{last: uint64(max(0, now.UnixMilli())), of: map[[2]string]*leaseOf{}}
}

func (b *leases) claim(ctx context.Context, s *Store, l mood.Lease, owner string, ttl time.Duration, known string) (mood.Lease, error) {
	b.lock.Lock()
	now := time.Now()
	h := b.of[[2]string{l.Kind, l.ID}]
	if h == nil {
		h = &leaseOf{}
		b.of[[2]string{l.Kind, l.ID}] = h
	}
	if h.owner != "" && !now.Before(h.until) {
		h.owner = ""
	}
	l.Version = h.version
	if h.owner != "" && h.owner != owner {
		l.Wait = h.until.Sub(now)
	}
	if known != "" && known != strconv.FormatUint(h.version, 10) {
		b.lock.Unlock()
		value, err := s.Get(ctx, l.Kind, l.ID)
		if errors.Is(err, mood.ErrNotFound) {
			return b.claim(ctx, s, l, owner, ttl, "")
		}
		// As the script gives it.
		l.Value = append(make([]byte, stateHeader), value...)
		return l, err
	}
	defer b.lock.Unlock()
	if l.Wait > 0 {
		return l, nil
	}
	if h.owner == "" {
		b.last++
		h.fence = b.last
	}
	h.owner, h.until = owner, now.Add(ttl)
	l.Held, l.Fence, l.Until = true, h.fence, h.until
	return l, nil
}

// mine gives what is known of a lease, if its fence is the newest. The caller
// holds the lock.
func (b *leases) mine(l mood.Lease) *leaseOf {
	if h := b.of[[2]string{l.Kind, l.ID}]; h != nil && h.fence == l.Fence {
		return h
	}
	return nil
}

func (b *leases) renew(l mood.Lease, ttl time.Duration) bool {
	b.lock.Lock()
	defer b.lock.Unlock()
	h := b.mine(l)
	if h == nil {
		return false
	}
	if h.owner == "" {
		h.owner = fence(l)
	}
	h.until = time.Now().Add(ttl)
	return true
}

func (b *leases) release(l mood.Lease) {
	b.lock.Lock()
	defer b.lock.Unlock()
	if h := b.mine(l); h != nil {
		h.owner = ""
	}
}

func (b *leases) put(ctx context.Context, s *Store, l mood.Lease, value []byte, ttl time.Duration, release bool) (uint64, error) {
	version, err := func() (uint64, error) {
		b.lock.RLock()
		defer b.lock.RUnlock()
		h := b.mine(l)
		if h == nil {
			return 0, lost(l)
		}
		h.writing.Lock()
		defer h.writing.Unlock()
		if err := s.Put(ctx, l.Kind, l.ID, value, ttl); err != nil {
			return 0, err
		}
		h.version++
		return h.version, nil
	}()
	if release {
		b.release(l)
	}
	return version, err
}
