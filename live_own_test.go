package main

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatIsFollowedGoesOnWhileTheStoreIsAway(t *testing.T) {
	for _, c := range []struct {
		name  string
		away  time.Duration // that the store is, from when the lease is lost
		lasts time.Duration // that is done for from then on
	}{
		{"the store is away for a while", 90 * time.Second, 90 * time.Second},
		{"another process has it", 0, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			var lost time.Time
			away := func() bool { return time.Since(lost) < c.away }
			turns := 0
			own := goOn(func(ctx context.Context, _, _ string, do func(context.Context) error) error {
				for ctx.Err() == nil {
					turns++
					owned, end := context.WithCancel(ctx)
					lease := time.AfterFunc(10*time.Second, func() { lost = time.Now(); end() })
					_ = do(owned)
					lease.Stop()
					end()
					time.Sleep(time.Second)
				}
				return nil
			}, away)
			ctx, stop := context.WithTimeout(t.Context(), 105*time.Second)
			defer stop()
			var ended, at atomic.Int64
			began := time.Now()
			_ = own(ctx, "live", "x", func(ctx context.Context) error {
				at.Add(1)
				<-ctx.Done()
				if at.Load() == 1 {
					ended.Store(int64(time.Since(began)))
				}
				return nil
			})
			if got := time.Duration(ended.Load()) - 10*time.Second; got < c.lasts || got > c.lasts+2*backEvery {
				t.Errorf("%s: it was done for %v longer, want %v", c.name, got, c.lasts)
			}
			if turns < 2 {
				t.Errorf("%s: it wasn't owned anew", c.name)
			}
		})
	}
}

func TestAStopEndsWhatGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		own := goOn(func(ctx context.Context, _, _ string, do func(context.Context) error) error {
			owned, end := context.WithCancel(ctx)
			end() // lost at once
			return do(owned)
		}, func() bool { return true })
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		begun := time.Now()
		_ = own(ctx, "live", "x", func(ctx context.Context) error { <-ctx.Done(); return nil })
		if took := time.Since(begun); took != time.Minute {
			t.Errorf("it ended after %v", took)
		}
	})
}
