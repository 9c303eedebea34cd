package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"agora/charts"
	"agora/mood"
)

// laggard draws until it is told to end, and takes a moment to do so.
type laggard struct {
	begun, ended atomic.Int32
	quick        atomic.Bool // it draws at once
}

func (l *laggard) Draw(ctx context.Context, f charts.Figure) ([]byte, error) {
	if l.quick.Load() {
		return []byte("drawn"), nil
	}
	l.begun.Add(1)
	<-ctx.Done()
	time.Sleep(50 * time.Millisecond)
	l.ended.Add(1)
	return nil, context.Cause(ctx)
}

func openLaggard(t *testing.T) (*house, *laggard) {
	l := &laggard{}
	h := open(t, func(c *Config) { c.Pictures = l })
	waitFor(t, "the gallery hears of changes", func() bool {
		h.server.gallery.mu.Lock()
		defer h.server.gallery.mu.Unlock()
		return h.server.gallery.heard
	})
	return h, l
}

func TestADrawingThatNobodyWaitsForEnds(t *testing.T) {
	h, l := openLaggard(t)
	ctx, leave := context.WithCancel(t.Context())
	gone := h.begin(ctx, "/charts/map.png")
	waitFor(t, "it is being drawn", func() bool { return l.begun.Load() == 1 })
	leave()
	<-gone
	waitFor(t, "it ends", func() bool { return l.ended.Load() == 1 })
}

func TestAServerThatStopsWaitsForWhatItDraws(t *testing.T) {
	h, l := openLaggard(t)
	l.quick.Store(true)
	if got := h.get("/charts/timeline.png?brand=nokia"); got.status != http.StatusOK {
		t.Fatal(got.status, got.body)
	}
	l.quick.Store(false)
	h.clock.advance(drawnLately)
	h.say("nokia", mood.Positive)
	waitFor(t, "it is being drawn ahead", func() bool { return l.begun.Load() == 1 })
	h.client.CloseIdleConnections()
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	if l.ended.Load() != 1 {
		t.Error("the server has stopped, and it is still drawing")
	}
	w, _ := mood.ParseWindow("24h")
	chart, _ := charts.Find("mood")
	_, err := h.server.gallery.get(t.Context(), wanted{chart: chart, brands: []string{"nokia"}, window: w, format: "png"})
	if p := problemOf(err); p.Status != http.StatusServiceUnavailable || !strings.Contains(p.Detail, "stopping") {
		t.Errorf("whoever comes now gets %v", err)
	}
}

func TestAPictureThatWasTakenDownMeanwhileMissesNoChange(t *testing.T) {
	h, e := openEasel(t, nil)
	h.pause()
	e.gate = make(chan struct{})
	ask := func() chan answer {
		got := make(chan answer, 1)
		go func() { got <- h.get("/charts/timeline.png?brand=nokia") }()
		return got
	}
	before := ask()
	waitFor(t, "it is being drawn", func() bool { return len(e.figures()) == 1 })
	g := h.server.gallery
	g.mu.Lock()
	g.takeDown(maxHung)
	heard := g.changes
	g.mu.Unlock()
	h.say("nokia", mood.Positive)
	waitFor(t, "the change is heard of", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.changes > heard
	})
	after := ask()
	waitFor(t, "who comes after the change joins, or has it drawn", func() bool { return g.wait.Load() == 2 })
	close(e.gate)
	if got := <-before; strings.Contains(got.body, "1 mention") {
		t.Error("the first shows what wasn't said yet")
	}
	if got := <-after; !strings.Contains(got.body, "1 mention") {
		t.Errorf("a mention is missing: %s", strings.TrimSpace(got.body))
	}
}

func TestAPictureThatSaysItsMinuteIsAnotherOneEachMinute(t *testing.T) {
	h, _ := openEasel(t, nil)
	h.pause()
	for query, want := range map[string]int{"": http.StatusOK, "&bare=1": http.StatusNotModified} {
		path := "/charts/mood.png?brand=nokia" + query
		tag := h.get(path).header.Get("ETag")
		if again := h.get(path, "If-None-Match", tag); again.status != http.StatusNotModified {
			t.Errorf("%s within the minute: %d", path, again.status)
		}
		h.clock.advance(time.Minute)
		if later := h.get(path, "If-None-Match", tag); later.status != want {
			t.Errorf("%s a minute later: %d, want %d", path, later.status, want)
		}
	}
}

func TestAPictureThatTakesTooLongIsNotTriedAgainForAMinute(t *testing.T) {
	h, e := openEasel(t, nil)
	h.pause()
	e.err = fmt.Errorf("draw a chart: %w: %w", charts.ErrSlow, mood.ErrUnavailable)
	for range 3 {
		got := h.get("/charts/map.png?brand=nokia")
		if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") != "60" || !strings.Contains(got.body, "takes too long to draw") {
			t.Errorf("%d, again after %s: %s", got.status, got.header.Get("Retry-After"), got.body)
		}
		h.say("nokia", mood.Positive)
	}
	if n := len(e.figures()); n != 1 {
		t.Errorf("it was tried %d times", n)
	}
	e.mu.Lock()
	e.err = nil
	e.mu.Unlock()
	h.clock.advance(slowWait)
	if got := h.get("/charts/map.png?brand=nokia"); got.status != http.StatusOK {
		t.Errorf("after a minute: %d %s", got.status, got.body)
	}
}

func TestReadersOfAnEmbedShareWhatIsDrawnAndPayForNothingElse(t *testing.T) {
	h := guarded(t, func(c *Config) {
		withEmbeds(c)
		c.Limits.PicturesPerMinute = 3
	})
	waitFor(t, "the gallery hears of changes", func() bool {
		h.server.gallery.mu.Lock()
		defer h.server.gallery.mu.Unlock()
		return h.server.gallery.heard
	})
	h.pause()
	one := "/charts/map.png?brand=nokia&window=7d&key=" + keyOf(t, h.embedOf(`{"chart":"map","brand":"nokia","window":"7d"}`))
	other := "/charts/mood.png?brand=nokia&window=7d&key=" + keyOf(t, h.embedOf(`{"chart":"mood","brand":"nokia","window":"7d"}`))
	for i := range 20 {
		if got := h.get(one); got.status != http.StatusOK {
			t.Fatalf("reader %d: %d %s", i, got.status, got.body)
		}
	}
	refused := 0
	for i := range 5 {
		if h.get(fmt.Sprint(one, "&width=", 300+i)).status == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused != 3 { // one of three was drawn above
		t.Errorf("%d of 5 sizes were refused", refused)
	}
	if got := h.get(other); got.status != http.StatusOK {
		t.Errorf("another embed, from the same address: %d %s", got.status, got.body)
	}
}
