package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// waitUntil asks again and again for what must come to be.
func waitUntil(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("did not happen: " + what)
		}
	}
}

// another is a second process on the server; on the embedded one there is none.
func (s server) another(t testing.TB, first *Store) *Store {
	t.Helper()
	if s.url == "" {
		return first
	}
	second := must(Open(context.Background(), Options{URLs: s.urls(), Brands: testBrands(), Now: first.now}))(t)
	t.Cleanup(func() { second.Close(context.Background()) })
	return second
}

func TestALeaseIsHeldByOneAndItsFencesOnlyGrow(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		a := srv.open(t, Options{})
		b := srv.another(t, a)
		ctx := context.Background()
		first := must(a.Claim(ctx, "thing", "x", "a", time.Minute))(t)
		if !first.Held || first.Fence == 0 || !first.Lasts(time.Now()) {
			t.Fatalf("a lease that is free: %+v", first)
		}
		if l := must(b.Claim(ctx, "thing", "x", "b", time.Minute))(t); l.Held || l.Wait <= 0 || l.Wait > time.Minute {
			t.Errorf("one that another has: %+v", l)
		}
		if l := must(b.Claim(ctx, "thing", "y", "b", time.Minute))(t); !l.Held {
			t.Errorf("another thing's: %+v", l)
		}
		if again := must(a.Claim(ctx, "thing", "x", "a", 30*time.Millisecond))(t); again.Fence != first.Fence {
			t.Errorf("its owner asked again and got %+v after %+v", again, first)
		}
		var second mood.Lease
		waitUntil(t, "it ran out", func() bool {
			second = must(b.Claim(ctx, "thing", "x", "b", time.Minute))(t)
			return second.Held
		})
		if second.Fence <= first.Fence {
			t.Errorf("fence %d after %d", second.Fence, first.Fence)
		}
		if _, err := a.Renew(ctx, first, time.Minute); !errors.Is(err, mood.ErrConflict) {
			t.Errorf("one that was lost was renewed: %v", err)
		}
		for _, err := range []error{a.Release(ctx, first), b.Release(ctx, second)} {
			if err != nil {
				t.Error(err)
			}
		}
		third := must(a.Claim(ctx, "thing", "x", "a", time.Minute))(t)
		if !third.Held || third.Fence <= second.Fence {
			t.Errorf("after it was given back: %+v, before %+v", third, second)
		}
		if err := b.Release(ctx, second); err != nil {
			t.Error(err)
		}
		if l := must(b.Claim(ctx, "thing", "x", "b", time.Minute))(t); l.Held {
			t.Error("who lost a lease gave the next one's back")
		}
	})
}

func TestALeaseThatRanOutUnnoticedIsRenewed(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		s := srv.open(t, Options{})
		ctx := context.Background()
		l := must(s.Claim(ctx, "thing", "x", "a", time.Millisecond))(t)
		waitUntil(t, "it ran out", func() bool { return !l.Lasts(time.Now().Add(-20 * time.Millisecond)) })
		l = must(s.Renew(ctx, l, time.Minute))(t)
		if !l.Lasts(time.Now().Add(50 * time.Second)) {
			t.Errorf("renewed to %s", time.Until(l.Until))
		}
		if l := must(s.Claim(ctx, "thing", "x", "b", time.Minute))(t); l.Held {
			t.Error("another got it")
		}
	})
}

func TestAStateIsRefusedOnceANewerFenceWasGivenOut(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		c := clockAt(future(t))
		a := srv.open(t, Options{Now: c.now})
		b := srv.another(t, a)
		ctx := context.Background()
		first := must(a.Claim(ctx, "feed", "x", "a", time.Millisecond))(t)
		version := must(a.PutFenced(ctx, "feed", "x", []byte("1"), time.Hour, first.Fence))(t)
		var second mood.Lease
		waitUntil(t, "it ran out", func() bool {
			second = must(b.Claim(ctx, "feed", "x", "b", time.Minute))(t)
			return second.Held
		})
		if second.Version != version {
			t.Errorf("version %d, and %d was written", second.Version, version)
		}
		for _, write := range []func() error{
			func() error {
				_, err := a.PutFenced(ctx, "feed", "x", []byte("late"), time.Hour, first.Fence)
				return err
			},
			func() error { _, err := a.Settle(ctx, first, []byte("late"), time.Hour); return err },
		} {
			if err := write(); !errors.Is(err, mood.ErrConflict) {
				t.Errorf("a late write: %v", err)
			}
		}
		next := must(b.Settle(ctx, second, []byte("2"), time.Hour))(t)
		if next <= version {
			t.Errorf("version %d after %d", next, version)
		}
		if got := must(b.List(ctx, "feed"))(t); len(got) != 1 || string(got["x"]) != "2" {
			t.Errorf("kept: %q", got)
		}
		// What is given back may be written as long as nobody came since.
		after := must(b.Settle(ctx, second, []byte("3"), time.Hour))(t)
		l := must(a.ClaimState(ctx, "feed", "x", "a", time.Minute, version))(t)
		if l.Held || string(l.Value) != "3" || l.Version != after || l.Wait != 0 {
			t.Errorf("to one who knows an older version: %+v", l)
		}
		if l = must(a.ClaimState(ctx, "feed", "x", "a", time.Minute, after))(t); !l.Held || l.Value != nil {
			t.Errorf("to one who knows the newest: %+v", l)
		}
		c.add(2 * time.Hour)
		if l = must(a.ClaimState(ctx, "feed", "x", "a", time.Minute, 7))(t); !l.Held {
			t.Errorf("to one who knows another version of a state that has ended: %+v", l)
		}
	})
}

func TestFencesGrowOnAfterTheServerForgot(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		s := srv.open(t, Options{})
		ctx := context.Background()
		before := must(s.Claim(ctx, "feed", "x", "a", time.Minute))(t)
		must(s.Settle(ctx, before, []byte("1"), 0))(t)
		if srv.url != "" {
			if err := s.write.Del(ctx, fenceKey("feed", "x"), leaseKey("feed", "x"), stateKey("feed", "x")).Err(); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Settle(ctx, before, []byte("2"), 0); err != nil {
				t.Errorf("the last owner of a state that was lost: %v", err)
			}
			if err := s.write.Del(ctx, fenceKey("feed", "x")).Err(); err != nil {
				t.Fatal(err)
			}
		}
		// A millisecond is a fence's least step, on a server that goes by its clock.
		waitUntil(t, "the clock moved on", func() bool { return time.Now().UnixMilli() > int64(before.Fence) })
		if after := must(s.Claim(ctx, "feed", "x", "b", time.Minute))(t); after.Fence <= before.Fence {
			t.Errorf("fence %d after %d", after.Fence, before.Fence)
		}
	})
}

func TestTheEmbeddedClockLeavesLeasesAlone(t *testing.T) {
	c := clockAt(future(t))
	s := server{name: "embedded"}.open(t, Options{Now: c.now})
	ctx := context.Background()
	l := must(s.Claim(ctx, "thing", "x", "a", time.Minute))(t)
	c.add(time.Hour) // as after a sleep: the server's clock jumps
	if err := s.Put(ctx, "other", "x", nil, 0); err != nil {
		t.Fatal(err)
	}
	if other := must(s.Claim(ctx, "thing", "x", "b", time.Minute))(t); other.Held {
		t.Error("it ran out with the jump")
	}
	if _, err := s.Settle(ctx, l, []byte("1"), 0); err != nil {
		t.Error(err)
	}
	if other := must(s.Claim(ctx, "thing", "x", "b", time.Minute))(t); !other.Held {
		t.Error("it is still held")
	}
}

func TestAThingHasOneOwnerAtATime(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		a := srv.open(t, Options{})
		stores := []*Store{a, srv.another(t, a), a}
		var at, turns atomic.Int32
		var all sync.WaitGroup
		for _, s := range stores {
			all.Go(func() {
				err := s.own(t.Context(), "thing", "x", 5*time.Second, func(ctx context.Context) error {
					if at.Add(1) != 1 {
						t.Error("two own it at once")
					}
					turns.Add(1)
					time.Sleep(10 * time.Millisecond) // for others to come in
					at.Add(-1)
					return errors.New("done")
				})
				if err == nil || err.Error() != "done" {
					t.Errorf("it ended with %v", err)
				}
			})
		}
		all.Wait()
		if turns.Load() != 3 {
			t.Errorf("%d had their turn", turns.Load())
		}
	})
}

func TestAnOwnerWhoseLeaseIsLostIsToldAndTriesAgain(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		s := srv.open(t, Options{})
		ctx, stop := context.WithCancel(t.Context())
		began, ended := make(chan struct{}, 8), make(chan error, 8)
		done := make(chan error)
		go func() {
			done <- s.own(ctx, "thing", "x", time.Second, func(ctx context.Context) error {
				began <- struct{}{}
				<-ctx.Done()
				ended <- context.Cause(ctx)
				return ctx.Err()
			})
		}()
		<-began
		// As if it had run out while the process was stopped, and another had come.
		if srv.url == "" {
			s.embedded.leases.lock.Lock()
			h := s.embedded.leases.of[[2]string{"thing", "x"}]
			h.owner, h.fence, h.until = "another", h.fence+1, time.Now().Add(50*time.Millisecond)
			s.embedded.leases.last++
			s.embedded.leases.lock.Unlock()
		} else {
			_, err := s.write.TxPipelined(ctx, func(both redis.Pipeliner) error { // else it may be renewed in between
				both.HIncrBy(ctx, fenceKey("thing", "x"), "n", 1)
				both.Set(ctx, leaseKey("thing", "x"), "another", 50*time.Millisecond)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := <-ended; !errors.Is(err, mood.ErrConflict) {
			t.Errorf("it was told %v", err)
		}
		<-began
		stop()
		<-ended
		if err := <-done; err != nil {
			t.Errorf("after a stop: %v", err)
		}
		if l := must(s.Claim(context.Background(), "thing", "x", "next", time.Minute))(t); !l.Held {
			t.Error("it wasn't given back")
		}
	})
}

func TestAnOwnerWhoCantRenewIsToldBeforeItsLeaseEnds(t *testing.T) {
	s := server{name: "embedded"}.open(t, Options{})
	l := must(s.Claim(t.Context(), "thing", "x", "a", time.Second))(t)
	l.Until = time.Now().Add(time.Second)
	s.embedded.leases.lock.Lock() // nothing is answered
	freed := sync.OnceFunc(s.embedded.leases.lock.Unlock)
	defer freed()
	_, err := s.doOwned(t.Context(), l, time.Second, func(ctx context.Context) error {
		<-ctx.Done()
		if !l.Lasts(time.Now()) && !errors.Is(context.Cause(ctx), mood.ErrConflict) {
			t.Error("it was told too late")
		}
		freed()
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
