package store

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// moveCheck is how often it is looked whether channels have moved to other
// nodes: those that hang say nothing of it.
const moveCheck = time.Second

// shards hears the notices of a cluster: each brand's where the brand is
// kept, so that a notice goes to the nodes of one shard and not to all.
type shards struct {
	s       *Store
	cluster *redis.ClusterClient
	heard   chan mood.Notice
	broken  chan struct{}     // has something when a line broke
	at      map[string]string // the node that each channel is heard at
	reading sync.WaitGroup
	ctx     context.Context // ends when nobody listens any more
	leave   context.CancelFunc
}

// shardNotices is Notices in a cluster that knows sharded channels.
func (s *Store) shardNotices(ctx context.Context) (<-chan mood.Notice, error) {
	brands, regrouped := s.group()
	h, err := s.hearShards(ctx, brands)
	if err != nil {
		return nil, s.fail("subscribe to notices", err)
	}
	out := make(chan mood.Notice, noticeBuffer)
	s.running.Go(func() {
		defer close(out)
		p := pump{out: out}
		for {
			h.follow(regrouped, &p)
			h.end()
			for again := true; again; again = err != nil {
				if ctx.Err() != nil || pause(s.stopped, 250*time.Millisecond) != nil || ctx.Err() != nil {
					return
				}
				brands, regrouped = s.group()
				h, err = s.hearShards(ctx, brands)
			}
			p.gap = true
			p.send(mood.Notice{})
		}
	})
	return out, nil
}

// group is what is watched, and a channel that is closed when that changes.
func (s *Store) group() ([]mood.Brand, <-chan struct{}) {
	s.brandsLock.RLock()
	defer s.brandsLock.RUnlock()
	return s.brands, s.regrouped
}

// hearShards listens for notices of brands, and of none in particular.
func (s *Store) hearShards(ctx context.Context, brands []mood.Brand) (*shards, error) {
	h := &shards{
		s: s, cluster: s.read.(*redis.ClusterClient), at: map[string]string{},
		heard: make(chan mood.Notice), broken: make(chan struct{}, 1),
	}
	h.ctx, h.leave = context.WithCancel(ctx)
	if err := h.join(append([]mood.Brand{{}}, brands...)); err != nil {
		h.end()
		return nil, err
	}
	return h, nil
}

// join listens for more brands, on one line to each node that has some.
func (h *shards) join(brands []mood.Brand) error {
	byNode := map[*redis.Client][]string{}
	for _, b := range brands {
		channel := noticeChannel(b.ID)
		if h.at[channel] != "" {
			continue
		}
		node, err := h.cluster.MasterForKey(h.ctx, channel)
		if err != nil {
			return err
		}
		byNode[node] = append(byNode[node], channel)
	}
	for node, channels := range byNode {
		sub := node.SSubscribe(h.ctx)
		early, err := subscribeEach(h.ctx, sub, channels)
		if err != nil {
			sub.Close()
			h.cluster.ReloadState(h.ctx)
			return err
		}
		for _, channel := range channels {
			h.at[channel] = node.Options().Addr
		}
		h.reading.Go(func() {
			defer sub.Close()
			for _, n := range early {
				h.hear(n)
			}
			h.s.listen(h.ctx, sub, h.hear)
			select {
			case h.broken <- struct{}{}:
			default:
			}
		})
	}
	return nil
}

// subscribeEach subscribes to channels of one node, each by itself, since
// those of several slots don't go into one command. What is heard before the
// last is confirmed comes back.
func subscribeEach(ctx context.Context, sub *redis.PubSub, channels []string) (early []mood.Notice, err error) {
	for _, channel := range channels {
		if err := sub.SSubscribe(ctx, channel); err != nil {
			return nil, err
		}
	}
	for left := len(channels); left > 0; {
		message, err := sub.ReceiveTimeout(ctx, readTimeout)
		if err != nil {
			return nil, err
		}
		switch m := message.(type) {
		case *redis.Subscription:
			if m.Kind != "ssubscribe" {
				return nil, fmt.Errorf("channel %s: %s: %w", m.Channel, m.Kind, mood.ErrUnavailable)
			}
			left--
		case *redis.Message:
			if n, err := readNotice(m); err == nil {
				early = append(early, n)
			}
		}
	}
	return early, nil
}

func (h *shards) hear(n mood.Notice) {
	select {
	case h.heard <- n:
	case <-h.ctx.Done():
	}
}

// follow hands on what is heard until a line breaks, a channel moves, or
// nobody listens any more.
func (h *shards) follow(regrouped <-chan struct{}, p *pump) {
	tick := time.NewTicker(moveCheck)
	defer tick.Stop()
	var brands []mood.Brand
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-h.s.stopped.Done():
			return
		case <-h.broken:
			return
		case n := <-h.heard:
			p.send(n)
		case <-tick.C:
			if h.moved() {
				return
			}
		case <-regrouped:
			brands, regrouped = h.s.group()
			var added []string
			for _, b := range brands {
				if h.at[noticeChannel(b.ID)] == "" {
					added = append(added, b.ID)
				}
			}
			if h.join(brands) != nil {
				return
			}
			for _, id := range added {
				p.send(mood.Notice{Brand: id}) // for what came before it was heard
			}
		}
	}
}

// moved says whether a channel belongs to another node by now.
func (h *shards) moved() bool {
	for channel, addr := range h.at {
		node, err := h.cluster.MasterForKey(h.ctx, channel)
		if err == nil && node.Options().Addr != addr {
			return true
		}
	}
	return false
}

func (h *shards) end() {
	h.leave()
	h.reading.Wait()
}
