package server

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// slowStates has an answer long before it gives it.
type slowStates struct {
	*world
	holds bool
	after chan struct{}
	takes time.Duration
}

func (s *slowStates) Get(ctx context.Context, kind, id string) ([]byte, error) {
	value, err := s.world.Get(ctx, kind, id)
	if s.holds {
		<-s.after
	}
	time.Sleep(s.takes)
	return value, err
}

func TestAStoreThatHangsHoldsUpEmbedsOnceAWhileAndNotOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shaky{world: newWorld(time.Now)}
		e := newEmbeds(s, time.Now)
		g := grant{"mood", []string{"nokia"}}
		key, err := e.key(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(believedTime + time.Second)
		s.mu.Lock()
		s.waits, s.asked = true, 0
		s.mu.Unlock()
		begun := time.Now()
		many := func() {
			var all sync.WaitGroup
			for range 50 {
				all.Go(func() {
					if ok, err := e.opens(t.Context(), key, g); !ok || err != nil {
						t.Errorf("while the store hangs: %t %v", ok, err)
					}
				})
			}
			all.Wait()
		}
		many()
		many()
		if waited := time.Since(begun); waited > secretWait || s.asked != 1 { // on the bubble's clock
			t.Errorf("a hundred readers waited for %s, and asked the store %d times", waited, s.asked)
		}
		e.add(&stream{}) // nor is anybody held up who opens a stream
		time.Sleep(believedTime)
		many()
		if s.asked != 2 {
			t.Errorf("it is asked again %d times", s.asked-1)
		}
	})
}

func TestASecretThatIsMadeWhileTheOldOneIsAskedForIsTheOneInForce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Now)
		slow := &slowStates{world: w, after: make(chan struct{})}
		e := newEmbeds(slow, time.Now)
		g := grant{"mood", []string{"nokia"}}
		old, err := e.key(t.Context(), g)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(believedTime + time.Second)
		slow.holds = true
		var asked sync.WaitGroup
		asked.Go(func() { _, _ = e.opens(t.Context(), old, g) })
		synctest.Wait() // it has the old secret in its hand
		if err := e.renew(t.Context()); err != nil {
			t.Fatal(err)
		}
		close(slow.after)
		asked.Wait()
		if ok, err := e.opens(t.Context(), old, g); ok || err != nil {
			t.Errorf("a key that was revoked: %t %v", ok, err)
		}
	})
}

func TestTwoWhoMakeTheFirstEmbedGetKeysThatBothOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEmbeds(&slowStates{world: newWorld(time.Now), takes: time.Millisecond}, time.Now)
		g := grant{"mood", []string{"nokia"}}
		keys := make([]string, 20)
		var all sync.WaitGroup
		for i := range keys {
			all.Go(func() { keys[i], _ = e.key(t.Context(), g) })
		}
		all.Wait()
		for _, key := range keys {
			if ok, err := e.opens(t.Context(), key, g); !ok || err != nil {
				t.Errorf("%q: %t %v", key, ok, err)
			}
		}
	})
}

func TestTheAddressOfAnEmbedBelievesNoHeaderButHost(t *testing.T) {
	h := open(t, withEmbeds)
	a := h.post(embedsPath, `{"chart":"mood","brand":"nokia"}`, "X-Forwarded-Proto", "javascript", "X-Forwarded-Host", "evil.example")
	if got, _ := a.json(t)["url"].(string); a.status != http.StatusOK || !strings.HasPrefix(got, h.url+"/embed/mood?") {
		t.Errorf("%d %s", a.status, a.body)
	}
}
