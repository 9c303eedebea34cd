package server

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

func TestAViewIsComputedOnceForAllWhoWatchIt(t *testing.T) {
	h := open(t, nil)
	h.tap("?brand=nokia").until("snapshot")
	waitFor(t, "the view to be at rest", func() bool { return h.server.hub.atRest() })
	before := h.boards.Load()
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() { h.tap("?brand=nokia").until("snapshot") })
	}
	wg.Wait()
	// A full minute may begin meanwhile.
	if n := h.boards.Load() - before; n > 1 {
		t.Errorf("200 readers cost %d boards", n)
	}
}

func TestAChartThatPanicsCostsItsViewNotTheServer(t *testing.T) {
	h := open(t, func(c *Config) { c.Baselines = panicking{} })
	p := h.tap("?brand=nokia")
	p.until("status")
	waitFor(t, "the failure", func() bool { // it is tried again each second
		_, n, _ := strings.Cut(h.get("/metrics").body, "\nagora_view_failures_total ")
		return n != "" && n[0] != '0'
	})
	if a := h.get("/healthz"); a.status != http.StatusOK {
		t.Errorf("afterwards: %d", a.status)
	}
}

func TestStreamsBeyondTheLimitAreRefused(t *testing.T) {
	h := open(t, func(c *Config) { c.Limits.Streams = 2 })
	h.tap("?brand=nokia").until("hello")
	second := h.tap("?brand=nokia")
	second.until("hello")
	a := h.get(streamPath + "?brand=nokia")
	if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", a.status, a.body)
	}
	second.conn.Close()
	waitFor(t, "room", func() bool { return h.server.hub.streams.Load() == 1 })
	h.tap("?brand=nokia").until("hello")
}

func TestViewsAreBoundedAndThoseNobodyLooksAtMakeRoom(t *testing.T) {
	h := open(t, nil)
	h.gate = make(chan struct{}) // nothing is computed
	defer close(h.gate)
	hub := h.server.hub
	day, _ := mood.ParseWindow("24h")
	var taken []*topic
	for i := range maxViews {
		topic, err := hub.join([]viewSpec{{[]string{fmt.Sprint("b", i)}, day}}, []string{"mood"}, false)
		if err != nil {
			t.Fatal(i, err)
		}
		taken = append(taken, topic)
	}
	one := []viewSpec{{[]string{"nokia"}, day}}
	var p *problem
	if _, err := hub.join(one, []string{"mood"}, false); !errors.As(err, &p) || p.Status != http.StatusServiceUnavailable {
		t.Fatalf("view %d: %v", maxViews+1, err)
	}
	hub.part(taken[0])
	if _, err := hub.join(one, []string{"mood"}, false); err != nil {
		t.Errorf("with one left: %v", err)
	}
}

func TestAViewOutlivesItsLastReaderByTwoMinutes(t *testing.T) {
	h := open(t, nil)
	p := h.tap("?brand=nokia")
	first := p.until("snapshot").id
	p.conn.Close()
	waitFor(t, "it to leave", func() bool { return h.server.hub.streams.Load() == 0 })
	h.clock.advance(idleTopic - 10*time.Second)
	h.server.hub.sweepNow()
	again := h.tap("?brand=nokia&after=" + first)
	h.say("nokia", mood.Positive)
	for e, err := again.next(); e.name != "delta"; e, err = again.next() {
		if err != nil || e.name == "snapshot" {
			t.Fatalf("within two minutes: %s %v", e.name, err)
		}
	}
	again.conn.Close()
	waitFor(t, "it to leave", func() bool { return h.server.hub.streams.Load() == 0 })
	h.clock.advance(idleTopic + time.Second)
	h.server.hub.sweepNow()
	if e := h.tap("?brand=nokia&after=" + first).until("snapshot"); strings.Split(e.id, "-")[0] == strings.Split(first, "-")[0] {
		t.Error("the view lives on after two minutes")
	}
}

func TestAStoreThatIsAwayIsToldAndTheStreamGoesOn(t *testing.T) {
	h := open(t, nil)
	h.fail(mood.ErrUnavailable)
	p := h.tap("?brand=nokia")
	for e := p.until("status"); !strings.Contains(e.data, `"redis":{"state":"down"`); e = p.until("status") {
	}
	h.fail(nil)
	p.until("snapshot")
}

func TestANewStoreEpochIsToldToOpenScreens(t *testing.T) {
	h := open(t, nil)
	p := h.tap("?brand=nokia")
	p.until("snapshot")
	waitFor(t, "the first look at the store", func() bool { h.server.hub.mu.Lock(); defer h.server.hub.mu.Unlock(); return h.server.hub.epoch != "" })
	h.mu.Lock()
	h.epoch = "e2"
	h.mu.Unlock()
	for e := p.until("hello"); !strings.Contains(e.data, `"store_epoch":"e2"`); e = p.until("hello") {
	}
}

func TestStreamsOfABrandThatIsNoLongerWatchedEnd(t *testing.T) {
	h := open(t, nil)
	gone, stays := h.tap("?brand=ericsson"), h.tap("?brand=nokia")
	gone.until("snapshot")
	stays.until("snapshot")
	h.server.Watch(h.brands[:1], nil)
	for {
		if _, err := gone.next(); err != nil {
			break
		}
	}
	h.say("nokia", mood.Positive)
	stays.until("delta")
}

// waitFor waits for something that happens by itself.
func waitFor(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("waited in vain for %s", what)
}

// atRest tells whether no view waits to be computed.
func (h *hub) atRest() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, v := range h.views {
		if v.busy || v.dirty || !v.soft.IsZero() || v.state == nil {
			return false
		}
	}
	return true
}

func (h *hub) sweepNow() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(idleTopic)
}
