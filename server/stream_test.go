package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
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

// wholeMinute sets the clock to the begin of a minute, and of a quarter of an
// hour: for as long, time alone changes no board.
func (h *house) wholeMinute() {
	now := h.clock.now()
	h.clock.advance(now.Truncate(15 * time.Minute).Add(15 * time.Minute).Sub(now))
}

func TestSnapshotAndDeltasEqualAFreshSnapshot(t *testing.T) {
	h := open(t, nil)
	h.wholeMinute()
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
			h.wholeMinute()
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
