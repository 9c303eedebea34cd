package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"agora/mood"
)

// shared is a store that several processes meet in.
type shared struct {
	*memory
	lock   sync.Mutex
	last   uint64
	leases map[string]*sharedLease
}

type sharedLease struct {
	owner          string
	until          time.Time
	fence, version uint64
}

// seat is one process's way to it.
type seat struct {
	*shared
	lock sync.Mutex
	away bool // it reaches the store no more
}

func newShared() *shared {
	return &shared{memory: newMemory(), leases: map[string]*sharedLease{}}
}

func (s *seat) leave(away bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.away = away
}

// enter holds the store until leave is called.
func (s *seat) enter() (leave func(), err error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.away {
		return nil, mood.ErrUnavailable
	}
	s.shared.lock.Lock()
	return s.shared.lock.Unlock, nil
}

func (s *seat) of(kind, id string) *sharedLease {
	l := s.leases[kind+"/"+id]
	if l == nil {
		l = &sharedLease{}
		s.leases[kind+"/"+id] = l
	}
	return l
}

func (s *seat) ClaimState(ctx context.Context, kind, id, owner string, ttl time.Duration, known uint64) (mood.Lease, error) {
	leave, err := s.enter()
	if err != nil {
		return mood.Lease{}, err
	}
	defer leave()
	l, now := s.of(kind, id), time.Now()
	got := mood.Lease{Kind: kind, ID: id, Version: l.version}
	if value, err := s.Get(ctx, kind, id); err == nil && known != l.version {
		got.Value = value
		return got, nil
	}
	if l.owner != "" && l.owner != owner && now.Before(l.until) {
		got.Wait = l.until.Sub(now)
		return got, nil
	}
	s.last++
	l.owner, l.until, l.fence = owner, now.Add(ttl), s.last
	got.Held, got.Fence, got.Until = true, l.fence, l.until
	return got, nil
}

func (s *seat) Renew(_ context.Context, l mood.Lease, ttl time.Duration) (mood.Lease, error) {
	leave, err := s.enter()
	if err != nil {
		return l, err
	}
	defer leave()
	is := s.of(l.Kind, l.ID)
	if is.fence != l.Fence {
		return l, mood.ErrConflict
	}
	is.until = time.Now().Add(ttl)
	l.Until = is.until
	return l, nil
}

func (s *seat) Release(_ context.Context, l mood.Lease) error {
	leave, err := s.enter()
	if err != nil {
		return err
	}
	defer leave()
	if is := s.of(l.Kind, l.ID); is.fence == l.Fence {
		is.owner = ""
	}
	return nil
}

func (s *seat) Settle(ctx context.Context, l mood.Lease, value []byte, ttl time.Duration) (uint64, error) {
	leave, err := s.enter()
	if err != nil {
		return 0, err
	}
	defer leave()
	is := s.of(l.Kind, l.ID)
	if is.fence != l.Fence {
		return 0, mood.ErrConflict
	}
	is.owner = ""
	s.last++
	is.version = s.last
	return is.version, s.Put(ctx, l.Kind, l.ID, value, ttl)
}

func (s *seat) Own(ctx context.Context, kind, id string, do func(context.Context) error) error {
	for ctx.Err() == nil {
		l, err := s.ClaimState(ctx, kind, id, fmt.Sprintf("%p", s), 240*time.Hour, 0)
		if err == nil && l.Held {
			err = do(ctx)
			_ = s.Release(ctx, l)
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(2 * time.Second):
		}
	}
	return nil
}

// wire answers for feeds, and remembers who asked for what.
type wire struct {
	by     string
	answer func(r *http.Request) *http.Response
	book   *book
}

type book struct {
	lock  sync.Mutex
	polls map[string][]call
}

type call struct {
	at time.Time
	by string
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	w.book.lock.Lock()
	w.book.polls[r.URL.Path] = append(w.book.polls[r.URL.Path], call{time.Now(), w.by})
	answer := w.answer
	w.book.lock.Unlock()
	return answer(r), nil
}

func (b *book) of(path string) []call {
	b.lock.Lock()
	defer b.lock.Unlock()
	return slices.Clone(b.polls[path])
}

func (b *book) since(at time.Time) (n int) {
	b.lock.Lock()
	defer b.lock.Unlock()
	for _, list := range b.polls {
		for _, c := range list {
			if c.at.After(at) {
				n++
			}
		}
	}
	return n
}

func (b *book) by() map[string]int {
	b.lock.Lock()
	defer b.lock.Unlock()
	n := map[string]int{}
	for _, list := range b.polls {
		for _, v := range list {
			n[v.by]++
		}
	}
	return n
}

// apart fails where a feed was polled again within its interval.
func (b *book) apart(t *testing.T, every time.Duration) {
	t.Helper()
	b.lock.Lock()
	defer b.lock.Unlock()
	for path, list := range b.polls {
		for i := 1; i < len(list); i++ {
			if gap := list[i].at.Sub(list[i-1].at); gap < every {
				t.Errorf("%s was polled by %s, and %v later by %s", path, list[i-1].by, gap, list[i].by)
			}
		}
	}
}

func feedsOf(n int, every time.Duration) (list []mood.Source) {
	for i := range n {
		list = append(list, mood.Source{ID: fmt.Sprintf("f%d", i), Kind: "feed", URL: fmt.Sprintf("https://news%d.example/f%d", i, i), Every: every})
	}
	return list
}

// process is one of several pollers.
type process struct {
	p    *Poller
	seat *seat
	box  *inbox
	wire *wire
}

// together runs several pollers of the same sources on a clock of their own.
func together(t *testing.T, n int, change func(*Config), play func(all []*process, b *book, in *shared)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		in, b := newShared(), &book{polls: map[string][]call{}}
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		var all []*process
		for i := range n {
			q := &process{seat: &seat{shared: in}, box: newInbox()}
			q.wire = &wire{by: fmt.Sprintf("p%d", i), book: b, answer: func(*http.Request) *http.Response { return reply(200, rssOf(one("a"))) }}
			cfg := Config{Deliver: q.box.deliver, States: q.seat, Leases: q.seat, Transport: q.wire}
			change(&cfg)
			var err error
			if q.p, err = NewPoller(cfg); err != nil {
				t.Fatal(err)
			}
			running.Go(func() { _ = q.p.Run(ctx) })
			all = append(all, q)
		}
		play(all, b, in)
		cancel()
		running.Wait()
	})
}

func TestProcessesThatShareFeedsPollEachOnceInItsInterval(t *testing.T) {
	const feeds, every = 40, 10 * time.Second
	together(t, 3, func(c *Config) { c.Sources = feedsOf(feeds, every) }, func(all []*process, b *book, _ *shared) {
		time.Sleep(5*time.Minute + every/2)
		b.apart(t, every)
		n := b.by()
		for _, p := range []string{"p0", "p1", "p2"} {
			if n[p] < feeds*30/10 {
				t.Errorf("%s made %d of %d polls", p, n[p], feeds*31)
			}
		}
		if total := n["p0"] + n["p1"] + n["p2"]; total < feeds*29 {
			t.Errorf("%d polls in all", total)
		}
		for _, q := range all {
			for _, h := range q.p.Health() {
				if h.State != mood.SourceFine || h.LastSuccess == nil || time.Since(*h.LastSuccess) > every+time.Second || time.Since(*h.NextPoll) > time.Second {
					t.Errorf("%s says of %s: %+v", q.wire.by, h.ID, h)
				}
			}
		}
		if items := len(all[0].box.titles()) + len(all[1].box.titles()) + len(all[2].box.titles()); items != feeds {
			t.Errorf("%d items were delivered %d times", feeds, items)
		}
	})
}

// The first process hangs in the midst of a poll, and doesn't reach the store
// until its answer comes.
func TestAWorkerThatWakesUpDoesntOverwriteNewerState(t *testing.T) {
	const every = 5 * time.Second
	together(t, 2, func(c *Config) { c.Sources = feedsOf(1, every) }, func(all []*process, b *book, in *shared) {
		var frozen atomic.Pointer[process]
		var hung atomic.Bool // a mutex would hold up the clock
		for _, q := range all {
			q.wire.answers(func(*http.Request) *http.Response {
				if hung.CompareAndSwap(false, true) {
					frozen.Store(q)
					q.seat.leave(true)
					time.Sleep(27 * time.Second)
					q.seat.leave(false)
				}
				return reply(200, rssOf(one("a"), one("by "+q.wire.by)))
			})
		}
		time.Sleep(26 * time.Second)
		kept := func() (st state) {
			raw, err := in.Get(t.Context(), kindFeed, "f0")
			if err == nil {
				err = json.Unmarshal(raw, &st)
			}
			if err != nil {
				t.Fatalf("nobody took over: %v", err)
			}
			return st
		}
		before := kept()
		if polls := b.of("/f0"); len(polls) < 4 || polls[1].at.Sub(polls[0].at) > 15*time.Second {
			t.Errorf("it was polled at %v", polls)
		}
		time.Sleep(2 * time.Second)
		if after := kept(); after.LastPoll.Before(before.LastPoll) || after.Polls < before.Polls {
			t.Errorf("polls %d, last at %s, after %d, last at %s", after.Polls, after.LastPoll, before.Polls, before.LastPoll)
		}
		time.Sleep(time.Minute)
		b.apart(t, every)
		if h := healthOf(frozen.Load().p, "f0"); h.State != mood.SourceFine || time.Since(*h.LastSuccess) > every+time.Second {
			t.Errorf("the one that woke up says %+v", h)
		}
	})
}

func TestWhoWasStoppedUntilItsLeaseEndedMakesNoMoreRequests(t *testing.T) {
	together(t, 1, func(c *Config) { c.Sources = feedsOf(1, time.Minute) }, func(all []*process, b *book, _ *shared) {
		all[0].wire.answers(func(r *http.Request) *http.Response {
			if strings.HasSuffix(r.URL.Path, "moved") {
				return reply(200, rssOf(one("a")))
			}
			all[0].seat.leave(true)
			time.Sleep(leaseTime)
			return reply(302, "", "Location", "/moved")
		})
		time.Sleep(leaseTime + 5*time.Second)
		if n := len(b.of("/moved")); n != 0 {
			t.Errorf("a redirect was followed %d times", n)
		}
	})
}

func TestAHostsPauseHoldsForAllProcesses(t *testing.T) {
	var sources []mood.Source
	for i := range 7 { // one asks often, and hears of it before the others are due
		every := 7 * time.Minute
		if i == 0 {
			every = time.Minute
		}
		sources = append(sources, mood.Source{ID: fmt.Sprintf("f%d", i), Kind: "feed", URL: fmt.Sprintf("https://news.example/f%d", i), Every: every})
	}
	together(t, 3, func(c *Config) { c.Sources = sources }, func(all []*process, b *book, _ *shared) {
		begun := time.Now()
		var wished atomic.Int64 // Unix nanoseconds
		for _, q := range all {
			q.wire.answers(func(r *http.Request) *http.Response {
				if time.Since(begun) > 270*time.Second {
					wished.CompareAndSwap(0, time.Now().UnixNano())
					return reply(429, "", "Retry-After", "1800")
				}
				return reply(200, rssOf(one("a")))
			})
		}
		time.Sleep(6 * time.Minute)
		heard := time.Unix(0, wished.Load()).Add(pausesEvery + time.Second) // by all
		time.Sleep(25 * time.Minute)
		if n := b.since(heard); n != 0 {
			t.Errorf("a host that wants to be left alone was asked %d times", n)
		}
		for _, q := range all {
			if h := healthOf(q.p, "f3"); h.State != mood.SourceWaiting {
				t.Errorf("%s says %+v", q.wire.by, h)
			}
		}
		time.Sleep(10 * time.Minute)
		if b.since(heard) == 0 {
			t.Error("it isn't asked any more")
		}
	})
}

func TestWhileTheStoreIsAwayWhoSharesWithNobodyGoesOn(t *testing.T) {
	const feeds, every = 5, 10 * time.Second
	together(t, 1, func(c *Config) { c.Sources = feedsOf(feeds, every) }, func(all []*process, b *book, in *shared) {
		var late atomic.Bool
		all[0].wire.answers(func(*http.Request) *http.Response {
			if late.Load() {
				return reply(200, rssOf(one("a"), one("while it was away")))
			}
			return reply(200, rssOf(one("a")))
		})
		time.Sleep(time.Minute)
		all[0].seat.leave(true)
		time.Sleep(time.Second)
		before := b.by()["p0"]
		late.Store(true)
		time.Sleep(10 * time.Minute)
		if n := b.by()["p0"] - before; n < feeds*50 {
			t.Errorf("%d polls in ten minutes", n)
		}
		all[0].seat.leave(false)
		time.Sleep(35 * time.Second)
		b.apart(t, every)
		if titles := all[0].box.titles(); len(titles) != 2*feeds {
			t.Errorf("%d items were delivered: %v", len(titles), titles)
		}
		for i := range feeds {
			var st state
			raw, err := in.Get(t.Context(), kindFeed, fmt.Sprintf("f%d", i))
			if err == nil {
				err = json.Unmarshal(raw, &st)
			}
			if err != nil || time.Since(st.LastSuccess) > 2*every {
				t.Errorf("what was learned of f%d meanwhile isn't kept: %v, last answer %s", i, err, st.LastSuccess)
			}
		}
	})
}

// Some go on with what they polled last, if they know of nobody else; the others
// wait.
func TestWhileTheStoreIsAwayNoTwoPollTheSame(t *testing.T) {
	const every = 10 * time.Second
	together(t, 3, func(c *Config) { c.Sources = feedsOf(6, every) }, func(all []*process, b *book, _ *shared) {
		time.Sleep(20 * time.Minute)
		for _, q := range all {
			q.seat.leave(true)
		}
		time.Sleep(5 * time.Minute)
		b.apart(t, every)
		back := time.Now()
		for _, q := range all {
			q.seat.leave(false)
		}
		time.Sleep(25 * time.Second)
		if n := b.since(back); n < 6 {
			t.Errorf("%d polls in 25 s after it was back", n)
		}
		b.apart(t, every)
	})
}

func TestWhatIsListedIsOfferedAgainByOneOfThem(t *testing.T) {
	together(t, 3, func(c *Config) { c.Sources = feedsOf(5, 10*time.Second) }, func(all []*process, _ *book, _ *shared) {
		count := func() (n int) {
			for _, q := range all {
				n += len(q.box.titles())
			}
			return n
		}
		time.Sleep(time.Minute + time.Second)
		for _, q := range all {
			q.p.OfferAgain()
		}
		time.Sleep(time.Minute)
		for _, q := range all[:2] { // whoever takes over doesn't do it once more
			q.seat.leave(true)
			time.Sleep(time.Minute)
		}
		if n := count(); n != 10 {
			t.Errorf("5 items were delivered %d times, not twice each", n)
		}
	})
}

func TestAHubIsAskedByOneProcessAndHeardByAll(t *testing.T) {
	w := &hubWorld{t: t, confirm: func(int, url.Values) (string, string) { return "", "" }}
	w.say("a")
	together(t, 2, func(c *Config) {
		c.Sources = []mood.Source{{ID: "s", Kind: "feed", URL: feedAddress}}
		c.Transport, c.Callback = w, ourCallback
	}, func(all []*process, _ *book, _ *shared) {
		w.p = all[0].p
		leads := func(p *Poller) bool { p.mu.Lock(); defer p.mu.Unlock(); return p.hubs.leads }
		time.Sleep(500 * time.Millisecond)
		leader, follower := all[0], all[1]
		if leads(all[1].p) {
			leader, follower = all[1], all[0]
		}
		w.p = follower.p // where the hub comes to
		time.Sleep(time.Minute)
		w.verify(w.requests("subscribe")[0].form, "subscribe", "864000")
		form := w.subscription()
		if n := len(w.requests("subscribe")); n != 1 {
			t.Errorf("the hub was asked %d times", n)
		}
		if err := w.push(form, rssOf(one("pushed"))); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(append(leader.box.titles(), follower.box.titles()...), " "); strings.Count(got, "pushed") != 1 || strings.Count(got, "a") != 1 {
			t.Errorf("delivered: %s", got)
		}
		time.Sleep(15 * time.Second)
		for _, q := range all {
			if got := pushOf(q.p, "s"); got.State != mood.PushActive || got.Pushes != 1 {
				t.Errorf("%v knows of its hub %+v", q == leader, got)
			}
		}
	})
}

// answers changes what the feeds answer.
func (w *wire) answers(how func(*http.Request) *http.Response) {
	w.book.lock.Lock()
	defer w.book.lock.Unlock()
	w.answer = how
}
