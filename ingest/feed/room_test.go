package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

// sender counts what its bodies have handed out and nobody has let go of.
type sender struct {
	mu         sync.Mutex
	held, most int
}

// slowBody sends size bytes at a speed; −1: it never ends.
type slowBody struct {
	s     *sender
	speed int // bytes a second
	head  io.Reader
	size  int
	sent  int
}

func (b *slowBody) Read(p []byte) (int, error) {
	if b.size >= 0 && b.sent >= b.size {
		return 0, io.EOF
	}
	n, err := b.head.Read(p[:min(len(p), 16<<10)])
	if err != nil && b.size < 0 {
		n = min(len(p), 16<<10)
		for i := range n {
			p[i] = ' '
		}
		err = nil
	}
	time.Sleep(time.Duration(n) * time.Second / time.Duration(b.speed))
	b.sent += n
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	b.s.held += n
	b.s.most = max(b.s.most, b.s.held)
	return n, err
}

func (b *slowBody) Close() error {
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	b.s.held -= b.sent
	return nil
}

func (s *sender) body(text string, size, speed int) *http.Response {
	return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: -1,
		Body: &slowBody{s: s, speed: speed, head: strings.NewReader(text), size: size}}
}

func TestEndlessSlowSendersDontDelayALargeFeed(t *testing.T) {
	const good = "http://good.example.org/feed"
	large := rssOf(one("good"), "<!--"+strings.Repeat("x", 2<<20)+"-->")
	s := &sender{}
	w := &world{answer: func(_ int, r *http.Request) *http.Response {
		if r.URL.String() == good {
			return s.body(large, len(large), 4<<20)
		}
		return s.body("<rss><channel>", -1, 100<<10)
	}}
	urls := []string{good}
	for i := range 40 {
		urls = append(urls, fmt.Sprintf("http://slow%d.example/feed", i))
	}
	var worst time.Duration
	polls, failed := 0, 0
	health, _ := simulate(t, w, 10*time.Minute, func(c *Config) {
		every(10 * time.Second)(c)
		c.Observe = func(e Event) {
			if e.Source != "s0" {
				return
			}
			if polls++; e.Status != 200 || e.Result == "failed" || e.Result == "no-room" {
				failed++
			}
			worst = max(worst, e.Duration)
		}
	}, urls...)
	if h := health[good]; h.State != mood.SourceFine || polls < 50 || failed > 0 {
		t.Errorf("the good feed was asked %d times, %d of them failed; it is %s, %q", polls, failed, h.State, h.LastError)
	}
	// It takes half a second by itself.
	if worst > 2*time.Second {
		t.Errorf("it took up to %v", worst)
	}
	if limit := roomSteps*roomStep + 41*(smallBody+16<<10); s.most > limit {
		t.Errorf("%d MB were held at once", s.most>>20)
	}
	if s.most < 32<<20 {
		t.Errorf("the senders held only %d MB: the test tests nothing", s.most>>20)
	}
}

func TestAShortageOfRoomIsNotBlamedOnTheSender(t *testing.T) {
	const good = "http://good.example.org/feed"
	text := rssOf(one("good"), "<!--"+strings.Repeat("x", 1<<20)+"-->")
	s := &sender{}
	w := &world{answer: func(n int, _ *http.Request) *http.Response { return s.body(text, len(text), 4<<20) }}
	var p *Poller
	var results []string
	synctest.Test(t, func(t *testing.T) {
		box := newInbox()
		cfg := Config{Deliver: box.deliver, States: newMemory(), Transport: w, Sources: []mood.Source{{ID: "s", Kind: "feed", URL: good}},
			Observe: func(e Event) { results = append(results, e.Result) }}
		var err error
		if p, err = NewPoller(cfg); err != nil {
			t.Fatal(err)
		}
		all := p.fetch.room.enter(func(error) {})
		all.came() // so it doesn't give way
		if !all.fit(smallBody + roomSteps*roomStep) {
			t.Fatal("the room isn't as large as it should be")
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); _ = p.Run(ctx) }()
		time.Sleep(roomTime + 5*time.Second)
		h := p.Health()[0]
		if h.State == mood.SourceFailing || !strings.Contains(h.LastError, "no room") {
			t.Errorf("state %s, %q", h.State, h.LastError)
		}
		all.leave()
		time.Sleep(time.Minute)
		if h := p.Health()[0]; h.State != mood.SourceFine || h.LastError != "" || len(box.titles()) != 1 {
			t.Errorf("a minute later: state %s, %q, items %q", h.State, h.LastError, box.titles())
		}
		cancel()
		<-done
	})
	if got := strings.Join(results, " "); got != "no-room new" {
		t.Errorf("polls ended with %q", got)
	}
}

func TestRoomIsGivenBack(t *testing.T) {
	r := newRoom(4)
	a, b := r.enter(func(error) {}), r.enter(func(error) {})
	if !a.fit(smallBody+3*roomStep) || b.fit(smallBody+2*roomStep) || !b.fit(smallBody+roomStep) || !a.fit(smallBody) {
		t.Error("the room isn't counted in steps")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := a.grow(ctx, smallBody+4*roomStep); !errors.Is(err, context.Canceled) {
		t.Errorf("a wait that was ended gave %v", err)
	}
	a.leave()
	b.leave()
	if r.free != 4 || len(r.stays) != 0 {
		t.Errorf("%d steps and %d stays are left", r.free, len(r.stays))
	}
}
