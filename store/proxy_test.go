package store

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"agora/mood"
)

// proxy stands between a store and its Redis, and is a bad network.
type proxy struct {
	listener net.Listener
	target   string
	cut      atomic.Int64 // of so many replies, one is cut in its middle; 0: none
	replies  atomic.Int64
	cuts     atomic.Int64
	delay    atomic.Int64 // of each reply, ns
	lock     sync.Mutex
	pairs    map[*pair]bool
	running  sync.WaitGroup
}

// pair is a connection through the proxy.
type pair struct {
	near, far net.Conn
	deaf      atomic.Bool // what comes is swallowed
}

func startProxy(t *testing.T, target string) *proxy {
	t.Helper()
	p := &proxy{listener: must(net.Listen("tcp", "127.0.0.1:0"))(t), target: target, pairs: map[*pair]bool{}}
	p.running.Go(func() {
		for {
			near, err := p.listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", p.target)
			if err != nil {
				near.Close()
				continue
			}
			c := &pair{near: near, far: far}
			p.lock.Lock()
			p.pairs[c] = true
			p.lock.Unlock()
			p.running.Go(func() { p.pass(c, near, far, false) })
			p.running.Go(func() { p.pass(c, far, near, true) })
		}
	})
	t.Cleanup(func() {
		p.listener.Close()
		p.lock.Lock()
		for c := range p.pairs {
			c.near.Close()
			c.far.Close()
		}
		p.lock.Unlock()
		p.running.Wait()
	})
	return p
}

func (p *proxy) pass(c *pair, from, to net.Conn, replies bool) {
	defer func() {
		c.near.Close()
		c.far.Close()
		p.lock.Lock()
		delete(p.pairs, c)
		p.lock.Unlock()
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if c.deaf.Load() {
			continue
		}
		if replies {
			time.Sleep(time.Duration(p.delay.Load()))
			if every := p.cut.Load(); every > 0 && p.replies.Add(1)%every == 0 {
				p.cuts.Add(1)
				to.Write(buffer[:n/2])
				return
			}
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// halfOpen has every connection of now swallow what comes, in both directions.
func (p *proxy) halfOpen() {
	p.lock.Lock()
	defer p.lock.Unlock()
	for c := range p.pairs {
		c.deaf.Store(true)
	}
}

func TestABadNetworkLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	m := tcpRedis(t)
	if m == nil {
		return
	}
	for _, bad := range []struct {
		name string
		on   func(*proxy)
		more int
		off  func(*proxy)
	}{
		{"replies are cut", func(p *proxy) { p.cut.Store(7) }, 300, func(p *proxy) { p.cut.Store(0) }},
		{"half-open", (*proxy).halfOpen, 150, nil},
		{"slow", func(p *proxy) { p.delay.Store(int64(300 * time.Millisecond)) }, 60, func(p *proxy) { p.delay.Store(0) }},
	} {
		t.Run(bad.name, func(t *testing.T) {
			for range rounds() {
				p := startProxy(t, m.addr)
				s := server{url: "redis://" + m.addr}.through(t, p)
				l := underLoad(t, s, 4)
				l.more(60)
				bad.on(p)
				l.more(bad.more)
				if bad.off != nil {
					bad.off(p)
				}
				if lost := l.settled(); lost > 0 {
					t.Errorf("%d were lost", lost)
				}
				if bad.name == "replies are cut" && p.cuts.Load() == 0 {
					t.Error("no reply was cut")
				}
			}
		})
	}
}

// through opens an empty store whose server is reached through a proxy.
func (s server) through(t *testing.T, p *proxy) *Store {
	t.Helper()
	if err := s.flush(); err != nil {
		t.Fatal(err)
	}
	store := must(Open(context.Background(), Options{URLs: []string{"redis://" + p.listener.Addr().String()}, Brands: testBrands()}))(t)
	t.Cleanup(func() { store.Close(context.Background()) })
	return store
}

func TestALineThatFellSilentIsNoticedWithTheOthersToItsServer(t *testing.T) {
	t.Parallel()
	m := tcpRedis(t)
	if m == nil {
		return
	}
	p := startProxy(t, m.addr)
	s := server{url: "redis://" + m.addr}.through(t, p)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	notices := must(s.Notices(ctx))(t)
	p.halfOpen() // the line of notices waits for nothing, and would not find out by itself for long
	next(t, notices, func(n mood.Notice) bool { return n.Reset })
	record(t, s, said("one", time.Now(), mood.Positive, "nokia"))
	next(t, notices, func(n mood.Notice) bool { return n.Brand == "nokia" })
}
