package main

import (
	"context"
	"sync"
	"time"
)

// owning runs do while this process is the only one that owns a thing.
type owning func(ctx context.Context, kind, id string, do func(context.Context) error) error

// backEvery is how often is looked whether the store is back.
const backEvery = time.Second

// goOn keeps on doing what was owned when the store went away, as feeds do: what
// comes is in the journal. Nobody can take it over from there; where somebody
// could, since the store is away from this process alone, both bring the same
// for a while, which is counted once. When the store is back it is owned anew.
func goOn(own owning, away func() bool) owning {
	return func(ctx context.Context, kind, id string, do func(context.Context) error) error {
		return own(ctx, kind, id, func(owned context.Context) (err error) {
			doing, end := context.WithCancel(ctx)
			defer end()
			over := make(chan struct{})
			var working sync.WaitGroup
			working.Go(func() {
				defer close(over)
				err = do(doing)
			})
			select {
			case <-over:
			case <-owned.Done():
				untilBack(ctx, over, away)
			}
			end()
			working.Wait()
			return err
		})
	}
}

// untilBack waits until the store is back, what is done is over, or ctx ends.
func untilBack(ctx context.Context, over <-chan struct{}, away func() bool) {
	tick := time.NewTicker(backEvery)
	defer tick.Stop()
	for away() {
		select {
		case <-tick.C:
		case <-over:
			return
		case <-ctx.Done():
			return
		}
	}
}
