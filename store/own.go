package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"

	"agora/mood"
)

// ownTime is how long the lease of an owner lasts; an owner that died or is
// stopped is followed by another within a fifth more of it.
const ownTime = 10 * time.Second

// Own runs do while this caller is the only one, of all processes on this store,
// who owns a thing, and waits for its turn until then. The context of do ends
// before the lease does: when another may have taken it, or when it can't be
// renewed in time; do is then waited for, and runs again at the next turn. Own
// returns when do returned of its own accord, with its error, or when ctx ended,
// with nil.
//
// A process that was stopped finds out when it goes on, at the same moment as
// do: what do writes for others goes under a fence (see [Store.PutFenced]), or
// may be written twice.
func (s *Store) Own(ctx context.Context, kind, id string, do func(ctx context.Context) error) error {
	return s.own(ctx, kind, id, ownTime, do)
}

func (s *Store) own(ctx context.Context, kind, id string, lasts time.Duration, do func(ctx context.Context) error) error {
	owner := rand.Text()
	for ctx.Err() == nil {
		wait := lasts / 5
		asking, cancel := context.WithTimeout(ctx, lasts/2)
		l, err := s.Claim(asking, kind, id, owner, lasts)
		cancel()
		if err == nil && l.Held {
			if ended, err := s.doOwned(ctx, l, lasts, do); ended || ctx.Err() != nil {
				return err
			}
			wait = lasts / 20 // another may have it, or the store is away
		}
		if errors.Is(err, mood.ErrInvalid) {
			return err
		}
		if l.Wait > 0 {
			wait = min(wait, l.Wait)
		}
		_ = pause(ctx, wait) // the loop looks itself
	}
	return nil
}

// errLeaseLost ends what is done without a lease.
var errLeaseLost = fmt.Errorf("another process may own it by now: %w", mood.ErrConflict)

// doOwned runs do for as long as the lease can be renewed. It says whether do
// ended of its own accord.
func (s *Store) doOwned(ctx context.Context, l mood.Lease, lasts time.Duration, do func(ctx context.Context) error) (ended bool, err error) {
	doing, end := context.WithCancelCause(ctx)
	margin := lasts / 10 // for do to notice
	guard := time.AfterFunc(time.Until(l.Until)-margin, func() { end(errLeaseLost) })
	defer guard.Stop()
	var renewing sync.WaitGroup
	renewing.Go(func() {
		tick := time.NewTicker(lasts / 5)
		defer tick.Stop()
		for {
			select {
			case <-doing.Done():
				return
			case <-tick.C:
			}
			asking, cancel := context.WithDeadline(doing, l.Until.Add(-margin))
			next, err := s.Renew(asking, l, lasts)
			cancel()
			switch {
			case err == nil:
				l = next
				guard.Reset(time.Until(l.Until) - margin)
			case errors.Is(err, mood.ErrConflict):
				end(errLeaseLost)
			}
		}
	})
	err = do(doing)
	lost := doing.Err() != nil && ctx.Err() == nil
	end(nil)
	renewing.Wait()
	if lost {
		return false, nil
	}
	giving, cancel := context.WithTimeout(context.WithoutCancel(ctx), lasts/5)
	defer cancel()
	_ = s.Release(giving, l) // else it runs out
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = nil
	}
	return true, err
}
