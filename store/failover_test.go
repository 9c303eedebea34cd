package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"agora/mood"
)

// load is what writers record at a store, again and again until it is
// acknowledged.
type load struct {
	t     *testing.T
	s     *Store
	stop  context.CancelFunc
	all   sync.WaitGroup
	lock  sync.Mutex
	acked []mood.Mention
	last  time.Time
	stall time.Duration // the longest time without an acknowledgement
}

// underLoad begins to write from several goroutines.
func underLoad(t *testing.T, s *Store, writers int) *load {
	ctx, stop := context.WithCancel(context.Background())
	l := &load{t: t, s: s, stop: stop, last: time.Now()}
	for w := range writers {
		l.all.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				var batch []mood.Mention
				for k := range 3 {
					batch = append(batch, said(fmt.Sprintf("%d-%d-%d", w, i, k), time.Now(), mood.Label(i%4), "nokia"))
				}
				l.write(batch)
			}
		})
	}
	t.Cleanup(l.end)
	return l
}

// write records a batch for as long as the store says that it is away.
func (l *load) write(batch []mood.Mention) {
	for {
		_, err := l.s.Record(context.Background(), batch)
		switch {
		case err == nil:
			l.lock.Lock()
			now := time.Now()
			l.stall, l.last = max(l.stall, now.Sub(l.last)), now
			l.acked = append(l.acked, batch...)
			l.lock.Unlock()
			return
		case !errors.Is(err, mood.ErrUnavailable):
			l.t.Errorf("record: %v", err)
			l.stop()
			return
		}
		time.Sleep(10 * time.Millisecond) // as one who tries again would
	}
}

func (l *load) count() int {
	l.lock.Lock()
	defer l.lock.Unlock()
	return len(l.acked)
}

// more waits until n more mentions are acknowledged.
func (l *load) more(n int) {
	l.t.Helper()
	want := l.count() + n
	until(l.t, fmt.Sprintf("%d mentions are acknowledged", want), func() bool { return l.count() >= want || l.t.Failed() })
}

func (l *load) end() {
	l.stop()
	l.all.Wait()
}

// settled ends the load and says how many acknowledged mentions were lost. No
// one may be counted twice.
func (l *load) settled() (lost int) {
	l.t.Helper()
	l.end()
	total := func() int { return int(board(l.t, l.s, "24h", "nokia").Total.Mentions) }
	counted := total()
	for again := range slices.Chunk(l.acked, 100) {
		for _, outcome := range record(l.t, l.s, again...) {
			if outcome == mood.Stored {
				lost++
			}
		}
	}
	if counted != len(l.acked)-lost || total() != len(l.acked) {
		l.t.Errorf("%d were acknowledged, %d of them lost; counted were %d, and after all had come again %d",
			len(l.acked), lost, counted, total())
	}
	return lost
}

// report says how long the writers stood still. Under AGORA_TORTURE that is
// held against the bar, twice as long as the servers needed.
func (l *load) report(what string, promotion time.Duration, lost int) {
	l.t.Helper()
	l.t.Logf("%s: %d acknowledged, %d lost, 0 double; promoted after %v, stall %v",
		what, len(l.acked), lost, promotion.Round(time.Millisecond), l.stall.Round(time.Millisecond))
	if os.Getenv("AGORA_TORTURE") != "" && promotion > 0 && l.stall > 2*promotion {
		l.t.Errorf("%s: it stood still for %v, and the promotion took %v", what, l.stall, promotion)
	}
}

// rounds are how often a fail-over is gone through.
func rounds() int {
	if os.Getenv("AGORA_TORTURE") != "" {
		return 5
	}
	return 1
}

// crash is a way in which a master goes away.
type crash struct {
	name       string
	down, back func(*machine)
}

func crashes(t *testing.T) []crash {
	return []crash{
		{"killed", (*machine).kill, func(m *machine) { m.start(t) }},
		{"hung", func(m *machine) { m.signal(t, syscall.SIGSTOP) }, func(m *machine) { m.signal(t, syscall.SIGCONT) }},
	}
}

func TestAClusterThatLosesAMasterLosesAndDoublesNothing(t *testing.T) {
	servers(t)
	t.Parallel() // with the other tests of this kind, and after all that use the cluster
	c := running.cluster
	if c == nil {
		return
	}
	for round := range rounds() {
		for _, how := range crashes(t) {
			for _, replicas := range []int{1, 0} {
				if how.name == "hung" && replicas == 0 && os.Getenv("AGORA_TORTURE") == "" {
					continue
				}
				t.Run(fmt.Sprintf("%d %s, WAIT %d", round, how.name, replicas), func(t *testing.T) { loseMaster(t, c, how, replicas) })
			}
		}
	}
}

func loseMaster(t *testing.T, c *cluster, how crash, replicas int) {
	urls := c.urls()
	srv := server{url: urls[0], more: urls[1:]}
	c.whole(t)
	s := srv.open(t, Options{WaitReplicas: replicas})
	listening, quiet := context.WithCancel(context.Background())
	defer quiet()
	notices := must(s.Notices(listening))(t)
	l := underLoad(t, s, 4)
	l.more(150)
	master := c.masterOf(t, versionKey("nokia"), nil)
	replica := c.lag(t, master)
	if replicas == 0 {
		l.more(60) // that nobody but the master has
	} else {
		written := offset(t, master)
		until(t, "the master has what nobody confirms", func() bool { return offset(t, master) > written })
	}
	how.down(master)
	down := time.Now()
	replica.signal(t, syscall.SIGCONT)
	until(t, "a replica is promoted", func() bool { return c.masterOf(t, versionKey("nokia"), master) != nil })
	promotion := time.Since(down)
	if replicas == 0 {
		l.more(150)
		how.back(master)
	} else {
		how.back(master) // the only other that can confirm a write
		l.more(150)
	}
	next(t, notices, func(n mood.Notice) bool { return n.Reset })
	next(t, notices, func(n mood.Notice) bool { return n.Brand == "nokia" })
	lost := l.settled()
	l.report("cluster", promotion, lost)
	switch {
	case replicas > 0 && lost > 0:
		t.Errorf("%d acknowledged mentions were lost", lost)
	case replicas == 0 && lost == 0:
		t.Error("the replica lagged and nothing was lost: this proves nothing of the other case")
	}
}

func TestSentinelsThatPromoteAReplicaLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	set := startSentinels(t)
	if set == nil {
		return
	}
	for round := range rounds() {
		for _, how := range crashes(t) {
			t.Run(fmt.Sprintf("%d %s", round, how.name), func(t *testing.T) {
				master := set.whole(t)
				if err := master.client(t).FlushAll(context.Background()).Err(); err != nil {
					t.Fatal(err)
				}
				s := must(Open(context.Background(), Options{URLs: []string{set.url()}, Brands: testBrands(), WaitReplicas: 1}))(t)
				t.Cleanup(func() { s.Close(context.Background()) })
				l := underLoad(t, s, 4)
				l.more(150)
				how.down(master)
				down := time.Now()
				until(t, "a replica is promoted", func() bool { m := set.master(t); return m != nil && m != master })
				promotion := time.Since(down)
				l.more(150)
				set.follow(t, master)
				how.back(master)
				l.more(150)
				lost := l.settled()
				l.report("sentinels, WAIT 1", promotion, lost)
				if lost > 0 {
					t.Errorf("%d acknowledged mentions were lost", lost)
				}
			})
		}
	}
}
