package figure

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"agora/charts"
	"agora/charts/snapshot"
	"agora/errand"
	"agora/mood"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func openShelf(t *testing.T, room int) *shelf {
	t.Helper()
	o := errand.NewOffice(snapshot.ErrClosed)
	t.Cleanup(func() {
		if err := o.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return newShelf(o, room)
}

func TestOfManyWhoAskOneMakes(t *testing.T) {
	s := openShelf(t, 1<<20)
	made, gate := 0, make(chan struct{})
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			data, err := s.get(t.Context(), "k", func(context.Context) ([]byte, error) { made++; <-gate; return []byte("x"), nil })
			if string(data) != "x" || err != nil {
				t.Errorf("%q %v", data, err)
			}
		})
	}
	for s.making.Waiting("k") < 50 {
		time.Sleep(time.Millisecond)
	}
	close(gate)
	all.Wait()
	if made != 1 {
		t.Errorf("made %d times", made)
	}
}

func TestWhatNobodyWaitsForEnds(t *testing.T) {
	s := openShelf(t, 1<<20)
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan struct{})
	begun := make(chan struct{})
	go func() {
		<-begun
		leave()
	}()
	_, err := s.get(ctx, "k", func(own context.Context) ([]byte, error) {
		close(begun)
		<-own.Done()
		close(ended)
		return nil, own.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	<-ended
}

func TestAShelfIsBoundedAndSurvivesAFailure(t *testing.T) {
	s := openShelf(t, 100_000)
	for i := range 1000 {
		if _, err := s.get(t.Context(), strconv.Itoa(i), func(context.Context) ([]byte, error) { return make([]byte, 1000), nil }); err != nil {
			t.Fatal(err)
		}
		if s.used > s.room {
			t.Fatalf("%d bytes are kept", s.used)
		}
	}
	made := false
	_, _ = s.get(t.Context(), "999", func(context.Context) ([]byte, error) { made = true; return nil, nil })
	if made {
		t.Error("the newest is gone")
	}
	_, err := s.get(t.Context(), "bad", func(context.Context) ([]byte, error) { panic("a bug") })
	if err == nil || !strings.Contains(err.Error(), "a bug") {
		t.Errorf("%v", err)
	}
}

func TestAMakerThatClosesWaitsForWhatItMakes(t *testing.T) {
	m := newMaker(t)
	begun, ended := make(chan struct{}), false
	got := make(chan error, 1)
	go func() {
		_, err := m.files.get(context.Background(), "k", func(ctx context.Context) ([]byte, error) {
			close(begun)
			<-ctx.Done()
			time.Sleep(50 * time.Millisecond) // what it holds takes time to give back
			ended = true
			return nil, context.Cause(ctx)
		})
		got <- err
	}()
	<-begun
	m.Close()
	if !ended {
		t.Error("it is closed, and something is still being made")
	}
	if err := <-got; !errors.Is(err, snapshot.ErrClosed) {
		t.Errorf("who waited got %v", err)
	}
	if _, err := m.Draw(t.Context(), figureOf(t, "mood", "svg", board("Nokia"))); !errors.Is(err, snapshot.ErrClosed) || !errors.Is(err, mood.ErrUnavailable) {
		t.Errorf("who came later got %v", err)
	}
}

func TestAMakerThatClosesEndsWhatIsBeingDrawn(t *testing.T) {
	m := newMaker(t)
	got := make(chan error, 1)
	f := figureOf(t, "map", "png", board("Nokia"))
	f.Width, f.Height, f.Scale = 4096, 2304, 1.5 // it takes seconds
	go func() {
		_, err := m.Draw(context.Background(), f)
		got <- err
	}()
	for m.files.making.Waiting(keyOf(f)) == 0 {
		time.Sleep(time.Millisecond)
	}
	m.Close()
	if err := <-got; !errors.Is(err, snapshot.ErrClosed) {
		t.Errorf("who waited got %v", err)
	}
}

func TestWhatTakesTooLongIsNotTriedAgainForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openShelf(t, 1<<20)
		tries := 0
		ask := func() error {
			_, err := s.get(t.Context(), "k", func(context.Context) ([]byte, error) {
				tries++
				return nil, fmt.Errorf("draw a chart: %w: %w", charts.ErrSlow, mood.ErrUnavailable)
			})
			return err
		}
		for range 3 {
			if err := ask(); !errors.Is(err, charts.ErrSlow) || !errors.Is(err, mood.ErrUnavailable) {
				t.Errorf("%v", err)
			}
		}
		if tries != 1 {
			t.Errorf("it was tried %d times at once", tries)
		}
		time.Sleep(slowTime)
		_ = ask()
		if tries != 2 {
			t.Errorf("after a minute it was tried %d times in all", tries)
		}
	})
}
