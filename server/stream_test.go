package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/charts"
	"agora/mood"
)

// screen is what a browser makes of a stream: it applies what it gets, and
// knows nothing else.
type screen struct {
	t        testing.TB
	views    map[string]map[string]json.RawMessage // by view and chart
	totals   map[string]json.RawMessage
	mentions []string
	skipped  int
}

type viewsData struct {
	Views map[string]struct {
		Charts map[string]json.RawMessage
		Totals json.RawMessage
	}
}

func newScreen(t testing.TB) *screen {
	return &screen{t: t, views: map[string]map[string]json.RawMessage{}, totals: map[string]json.RawMessage{}}
}

func (s *screen) see(e sse) {
	s.t.Helper()
	switch e.name {
	case "snapshot", "delta":
		var d viewsData
		if err := json.Unmarshal([]byte(e.data), &d); err != nil {
			s.t.Fatalf("%s: %v", e.name, err)
		}
		for view, v := range d.Views {
			if e.name == "snapshot" {
				s.views[view] = v.Charts
			} else {
				s.apply(view, v.Charts)
			}
			s.totals[view] = v.Totals
		}
	case "mention":
		var m struct {
			ID      string
			Skipped int
		}
		if err := json.Unmarshal([]byte(e.data), &m); err != nil {
			s.t.Fatal(err)
		}
		s.mentions = append(s.mentions, m.ID)
		s.skipped += m.Skipped
	}
}

func (s *screen) apply(view string, deltas map[string]json.RawMessage) {
	s.t.Helper()
	for id, raw := range deltas {
		var d charts.Delta
		if err := json.Unmarshal(raw, &d); err != nil {
			s.t.Fatal(err)
		}
		after, err := charts.Apply(charts.Option(s.views[view][id]), d)
		if err != nil {
			s.t.Fatalf("apply delta of %s: %v", id, err)
		}
		s.views[view][id] = json.RawMessage(after)
	}
}

// count is the number of mentions that a view's totals show.
func (s *screen) count(view, brand string) int64 {
	var t struct {
		Brands map[string]struct{ Total mood.Total }
	}
	_ = json.Unmarshal(s.totals[view], &t)
	return t.Brands[brand].Total.Mentions
}

// follow reads until the screen shows a number of mentions.
func (s *screen) follow(p *tap, view, brand string, n int64) {
	s.t.Helper()
	for s.count(view, brand) != n {
		e, err := p.next()
		if err != nil {
			s.t.Fatalf("%s shows %d mentions, waiting for %d: %v", view, s.count(view, brand), n, err)
		}
		s.see(e)
	}
}

func (s *screen) same(other *screen) {
	s.t.Helper()
	for view, own := range s.views {
		for id := range own {
			if !bytes.Equal(compact(own[id]), compact(other.views[view][id])) {
				s.t.Errorf("%s of %s differs:\n%.2000s\n%.2000s", id, view, own[id], other.views[view][id])
			}
		}
		if len(own) != len(other.views[view]) {
			s.t.Errorf("%s has %d charts here and %d there", view, len(own), len(other.views[view]))
		}
		if !bytes.Equal(s.totals[view], other.totals[view]) {
			s.t.Errorf("totals of %s differ", view)
		}
	}
}

func compact(b []byte) []byte {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return b
	}
	out, _ := json.Marshal(v)
	return out
}

func TestAStreamSaysHelloThenShowsEverything(t *testing.T) {
	h := open(t, nil)
	h.say("nokia", mood.Positive)
	p := h.tap("?brand=nokia&window=24h")
	for name, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Encoding": ""} {
		if got := p.res.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	first, err := p.next()
	if err != nil || first.name != "hello" {
		t.Fatalf("first event is %q (%v)", first.name, err)
	}
	for _, want := range []string{`"build":"b1"`, `"heartbeat_ms":15000`, `"store_epoch":"e1"`, `"now":"`} {
		if !strings.Contains(first.data, want) {
			t.Errorf("hello lacks %s: %s", want, first.data)
		}
	}
	var snap, status sse
	for snap.name == "" || status.name == "" {
		e, err := p.next()
		if err != nil {
			t.Fatal(err)
		}
		switch e.name {
		case "snapshot":
			snap = e
		case "status":
			status = e
		}
	}
	if snap.id == "" {
		t.Error("the snapshot has no id")
	}
	s := newScreen(t)
	s.see(snap)
	if got := len(s.views["nokia@24h"]); got != len(chartIDs()) {
		t.Errorf("%d charts, want %d", got, len(chartIDs()))
	}
	if n := s.count("nokia@24h", "nokia"); n != 1 {
		t.Errorf("%d mentions, want 1", n)
	}
	if status.id != "" || !strings.Contains(status.data, `"redis"`) {
		t.Errorf("status: id %q, %s", status.id, status.data)
	}
}

func TestSnapshotAndDeltasEqualAFreshSnapshot(t *testing.T) {
	h := open(t, nil)
	query := "?view=nokia@24h&view=nokia,ericsson@1h"
	p, s := h.tap(query), newScreen(t)
	s.see(p.until("snapshot"))
	for i := range 40 {
		brand, label := "nokia", mood.Label(i%4)
		if i%3 == 0 {
			brand = "ericsson"
		}
		h.say(brand, label)
		if i%8 == 0 {
			s.follow(p, "nokia,ericsson@1h", "nokia", int64(i+1-(i/3+1)))
		}
	}
	s.follow(p, "nokia@24h", "nokia", 26)
	s.follow(p, "nokia,ericsson@1h", "ericsson", 14)
	// Whatever is still on its way is drawn before the fresh snapshot.
	waitFor(t, "the views to be at rest", func() bool { return h.server.hub.atRest() })
	fresh, f := h.tap(query), newScreen(t)
	f.see(fresh.until("snapshot"))
	h.say("nokia", mood.Positive)
	s.follow(p, "nokia@24h", "nokia", 27)
	s.follow(p, "nokia,ericsson@1h", "nokia", 27)
	f.follow(fresh, "nokia@24h", "nokia", 27)
	f.follow(fresh, "nokia,ericsson@1h", "nokia", 27)
	waitFor(t, "the views to be at rest", func() bool { return h.server.hub.atRest() })
	last, l := h.tap(query), newScreen(t)
	l.see(last.until("snapshot"))
	s.same(f)
	s.same(l)
}

func TestOnlyWhatCanBeResumedCarriesAnID(t *testing.T) {
	h := open(t, nil)
	p := h.tap("?brand=nokia")
	p.until("snapshot")
	h.say("nokia", mood.Positive)
	want := map[string]bool{"mention": true, "delta": true}
	for len(want) > 0 {
		e, err := p.next()
		if err != nil {
			t.Fatal(err)
		}
		if (e.id != "") != (e.name == "mention" || e.name == "delta") {
			t.Errorf("%s has id %q", e.name, e.id)
		}
		delete(want, e.name)
	}
}

func TestAReaderThatComesBackGetsExactlyWhatItMissed(t *testing.T) {
	for _, how := range []string{"Last-Event-ID", "after"} {
		t.Run(how, func(t *testing.T) {
			h := open(t, nil)
			stay, whole := h.tap("?brand=nokia"), newScreen(t)
			whole.see(stay.until("snapshot"))
			p, s := h.tap("?brand=nokia"), newScreen(t)
			s.see(p.until("snapshot"))
			h.say("nokia", mood.Positive)
			s.follow(p, "nokia@24h", "nokia", 1)
			last := p.lastID
			p.conn.Close()
			for range 5 {
				h.say("nokia", mood.Negative)
			}
			whole.follow(stay, "nokia@24h", "nokia", 6)
			back := h.tap("?brand=nokia&after=" + last)
			if how == "Last-Event-ID" {
				back = h.tap("?brand=nokia&after=old-1", "Last-Event-ID", last)
			}
			for s.count("nokia@24h", "nokia") != 6 || len(s.mentions) < 6 {
				e, err := back.next()
				if err != nil {
					t.Fatal(err)
				}
				if e.name == "snapshot" {
					t.Fatal("it got a snapshot though everything was still there")
				}
				s.see(e)
			}
			s.same(whole)
			if got := fmt.Sprint(s.mentions); got != "[m1 m2 m3 m4 m5 m6]" {
				t.Errorf("mentions %s, want each once, in order", got)
			}
		})
	}
}

func TestAnIDOfAnotherLifeGetsASnapshot(t *testing.T) {
	h := open(t, nil)
	p := h.tap("?brand=nokia")
	id := p.until("snapshot").id
	epoch, _, _ := strings.Cut(id, "-")
	for _, after := range []string{"0123456789ab-3", "rubbish", epoch + "-99999", epoch + "-x"} {
		q := h.tap("?brand=nokia&after=" + after)
		q.until("snapshot")
	}
	// Another view has another life, and so has another set of charts.
	h.tap("?brand=ericsson&after=" + id).until("snapshot")
	h.tap("?brand=nokia&charts=mood&after=" + id).until("snapshot")
}

func TestMentionsBeyondTwentyATickAreCountedNotSent(t *testing.T) {
	h := open(t, nil)
	p, s := h.tap("?brand=nokia"), newScreen(t)
	p.until("snapshot")
	var many []mood.Mention
	now := h.clock.now()
	for i := range 30 {
		many = append(many, mood.Mention{ID: fmt.Sprint("x", i), Published: now, Seen: now, Readings: map[string]mood.Reading{"nokia": {}, "ericsson": {}}})
	}
	old := mood.Mention{ID: "old", Published: now.Add(-2 * time.Hour), Seen: now}
	h.notify(mood.Notice{Brand: "nokia", Mentions: append([]mood.Mention{old}, many...), Skipped: 7})
	for len(s.mentions) < 20 {
		e := p.until("mention")
		if strings.Contains(e.data, `"ericsson"`) {
			t.Errorf("a reading of a brand that the stream doesn't show: %s", e.data)
		}
		s.see(e)
	}
	if s.mentions[0] != "x10" || s.mentions[19] != "x29" || s.skipped != 18 {
		t.Errorf("from %s to %s, %d skipped; want x10 to x29 and 18", s.mentions[0], s.mentions[19], s.skipped)
	}
}

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

func TestAReaderThatNeverReadsDelaysNobodyAndGetsTheLatestInTheEnd(t *testing.T) {
	h := open(t, nil)
	p, s := h.tap("?brand=nokia"), newScreen(t)
	s.see(p.until("snapshot"))
	stuck := make([]*tap, 5)
	for i := range stuck {
		stuck[i] = h.tap("?brand=nokia")
		stuck[i].until("hello")
	}
	h.flood(p, 8<<20) // far more than log and sockets hold
	h.say("nokia", mood.Positive)
	s.follow(p, "nokia@24h", "nokia", 1)
	for _, q := range stuck {
		late := newScreen(t)
		late.follow(q, "nokia@24h", "nokia", 1)
		if len(late.mentions) > 100 {
			t.Errorf("a reader that was away got %d old mentions", len(late.mentions))
		}
	}
	if !strings.Contains(h.get("/metrics").body, "agora_stream_lagged_total 5") {
		t.Error("the metrics don't count the five that lagged")
	}
}

func TestTheLogOfATopicIsBounded(t *testing.T) {
	l := newEventLog()
	for i := range 5000 {
		l.append(func(uint64) event { return event{make([]byte, 1+i%5000), true} })
	}
	held := 0
	for _, s := range l.segments {
		held += cap(s.buf)
	}
	if held > logBytes+segmentBytes || held != l.bytes {
		t.Errorf("holds %d bytes and thinks %d; the bound is %d", held, l.bytes, logBytes)
	}
	if _, ok := l.read(1, 0); ok {
		t.Error("claims to hold its first event")
	}
}

func TestStoppingEndsStreamsAtOnce(t *testing.T) {
	h := open(t, nil)
	taps := make([]*tap, 20)
	for i := range taps {
		taps[i] = h.tap("?brand=nokia")
		taps[i].until("snapshot")
	}
	begun := time.Now()
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
	for _, p := range taps {
		rest, err := io.ReadAll(p.lines)
		if err != nil {
			t.Fatalf("the stream broke instead of ending: %v", err)
		}
		if !strings.Contains(string(rest), "retry: ") {
			t.Errorf("no retry at the end: %q", rest)
		}
	}
}

func TestStoppingDoesNotWaitForAReaderThatNeverReads(t *testing.T) {
	h := open(t, nil)
	p := h.tap("?brand=nokia")
	p.until("snapshot")
	stuck := h.tap("?brand=nokia")
	stuck.until("snapshot")
	h.flood(p, 8<<20)
	begun := time.Now()
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestAReaderThatNeverReadsCostsLittleMemory(t *testing.T) {
	h := open(t, nil)
	p := h.tap("?brand=nokia")
	p.until("snapshot")
	const stuck = 100
	for range stuck {
		h.tap("?brand=nokia").until("snapshot")
	}
	h.flood(p, 2*logBytes) // the log has its full size
	before := heap()
	h.flood(p, 16<<20)
	if grown := (heap() - before) / stuck; grown > 64<<10 {
		t.Errorf("each grew by %d KB", grown>>10)
	}
}

// heap is what is in use of it, in bytes.
func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapInuse)
}

// flood sends a number of bytes to all readers, as fast as p reads them.
func (h *house) flood(p *tap, bytes int) {
	h.t.Helper()
	big, now := strings.Repeat("x", 20_000), h.clock.now()
	for i := 0; i*len(big) < bytes; i++ {
		id := fmt.Sprintf("flood%d", h.floods.Add(1))
		h.notify(mood.Notice{Brand: "nokia", Mentions: []mood.Mention{{ID: id, Text: big, Published: now, Seen: now}}})
		if i%10 == 9 {
			for last := ""; !strings.Contains(last, `"`+id+`"`); {
				last = p.until("mention").data
			}
		}
	}
}

func TestAChartThatPanicsCostsItsViewNotTheServer(t *testing.T) {
	h := open(t, func(c *Config) { c.Baselines = panicking{} })
	p := h.tap("?brand=nokia")
	p.until("status")
	waitFor(t, "the failure", func() bool { return strings.Contains(h.get("/metrics").body, "agora_view_failures_total 1") })
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
		topic, err := hub.join([]viewSpec{{[]string{fmt.Sprint("b", i)}, day}}, []string{"mood"})
		if err != nil {
			t.Fatal(i, err)
		}
		taken = append(taken, topic)
	}
	one := []viewSpec{{[]string{"nokia"}, day}}
	var p *problem
	if _, err := hub.join(one, []string{"mood"}); !errors.As(err, &p) || p.Status != http.StatusServiceUnavailable {
		t.Fatalf("view %d: %v", maxViews+1, err)
	}
	hub.part(taken[0])
	if _, err := hub.join(one, []string{"mood"}); err != nil {
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
	for range 1000 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("waited ten seconds for %s", what)
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
