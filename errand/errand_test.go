package errand

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"agora/mood"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errOver = errors.New("it is over")

func open(t *testing.T) *Office {
	t.Helper()
	o := NewOffice(errOver)
	t.Cleanup(func() {
		if err := o.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return o
}

func TestWhatManyAskForIsDoneOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGroup[int](open(t), time.Minute, 5)
		var begun atomic.Int32
		gate := make(chan struct{})
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				n, err := g.Do(t.Context(), "it", func(context.Context) (int, error) {
					begun.Add(1)
					<-gate
					return 7, nil
				})
				if n != 7 || err != nil {
					t.Error(n, err)
				}
			})
		}
		synctest.Wait()
		if n := g.Waiting("it"); n != 20 {
			t.Errorf("%d wait", n)
		}
		close(gate)
		all.Wait()
		if n := begun.Load(); n != 1 {
			t.Errorf("it was done %d times", n)
		}
	})
}

func TestAnErrandOutlivesTheFirstAndEndsWithTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGroup[int](open(t), time.Minute, 5)
		ended := false
		ask := func() (leave func(), got chan error) {
			ctx, leave := context.WithCancel(t.Context())
			got = make(chan error, 1)
			go func() {
				_, err := g.Do(ctx, "it", func(ctx context.Context) (int, error) {
					<-ctx.Done()
					ended = true
					return 0, ctx.Err()
				})
				got <- err
			}()
			synctest.Wait()
			return leave, got
		}
		first, firstGot := ask()
		last, lastGot := ask()
		first()
		if err := <-firstGot; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		if synctest.Wait(); ended {
			t.Fatal("it ended with the first who asked")
		}
		last()
		<-lastGot
		if synctest.Wait(); !ended {
			t.Error("it goes on for nobody")
		}
	})
}

func TestClosingEndsErrandsAndWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := NewOffice(errOver)
		g := NewGroup[int](o, time.Hour, 5)
		ended := false
		got := make(chan error, 1)
		go func() {
			_, err := g.Do(t.Context(), "it", func(ctx context.Context) (int, error) {
				<-ctx.Done()
				time.Sleep(time.Second) // what it holds takes time to give back
				ended = true
				return 0, context.Cause(ctx)
			})
			got <- err
		}()
		synctest.Wait()
		hasty, stop := context.WithTimeout(t.Context(), time.Millisecond)
		defer stop()
		if err := o.Close(hasty); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who waited for a millisecond got %v", err)
		}
		if err := o.Close(t.Context()); err != nil || !ended {
			t.Errorf("closed, and it goes on: %v", err)
		}
		if err := <-got; !errors.Is(err, errOver) {
			t.Errorf("who waited got %v", err)
		}
		if _, err := g.Do(t.Context(), "more", func(context.Context) (int, error) { return 1, nil }); !errors.Is(err, errOver) {
			t.Errorf("who came later got %v", err)
		}
	})
}

func TestErrandsAreBoundedInTimeAndNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGroup[int](open(t), time.Minute, 1)
		begun := time.Now()
		got := make(chan error, 1)
		go func() {
			_, err := g.Do(t.Context(), "it", func(ctx context.Context) (int, error) {
				<-ctx.Done()
				return 0, context.Cause(ctx)
			})
			got <- err
		}()
		synctest.Wait()
		if _, err := g.Do(t.Context(), "other", func(context.Context) (int, error) { return 1, nil }); !errors.Is(err, ErrFull) || !errors.Is(err, mood.ErrUnavailable) {
			t.Errorf("the second at once got %v", err)
		}
		if err := <-got; !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != time.Minute {
			t.Errorf("after %s: %v", time.Since(begun), err)
		}
	})
}

func TestWhatBreaksIsAnError(t *testing.T) {
	g := NewGroup[int](open(t), time.Minute, 1)
	_, err := g.Do(t.Context(), "it", func(context.Context) (int, error) { panic("a bug") })
	if err == nil || !strings.Contains(err.Error(), "a bug") {
		t.Error(err)
	}
}
