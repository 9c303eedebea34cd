package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

const (
	freshFor     = time.Hour
	maxFresh     = 20
	noticeBuffer = 256
	noticeQuiet  = 15 * time.Second // without a word before the line is tried
)

// noticeOf tells everybody that a batch changed a brand's counters.
func (s *Store) noticeOf(ctx context.Context, brand string, items []*item, now time.Time) {
	n := mood.Notice{Brand: brand}
	stored := false
	for _, it := range items {
		if it.outcome != mood.Stored {
			continue
		}
		stored = true
		if it.mention.Published.Before(now.Add(-freshFor)) {
			continue
		}
		n.Mentions = append(n.Mentions, shown(it.mention, brand))
	}
	if !stored {
		return
	}
	slices.SortStableFunc(n.Mentions, func(a, b mood.Mention) int { return b.Published.Compare(a.Published) })
	if len(n.Mentions) > maxFresh {
		n.Skipped = len(n.Mentions) - maxFresh
		n.Mentions = n.Mentions[:maxFresh]
	}
	s.countCopies(ctx, brand, n.Mentions)
	s.announce(ctx, n)
}

// countCopies says of mentions how many others of their stories are counted.
func (s *Store) countCopies(ctx context.Context, brand string, mentions []mood.Mention) {
	pipe := s.write.Pipeline()
	replies := make([]*redis.IntCmd, len(mentions))
	for i, m := range mentions {
		if story := value(m.Story); story != "" {
			replies[i] = pipe.ZCard(ctx, storyKey(brand, story))
		}
	}
	if err := run(ctx, pipe); err != nil {
		return // a list that is loaded knows
	}
	for i, r := range replies {
		if r != nil {
			mentions[i].Copies = max(0, int(r.Val())-1)
		}
	}
}

// announce publishes a notice. One that gets lost costs a tick, so it is not
// an error.
func (s *Store) announce(ctx context.Context, n mood.Notice) {
	text, err := json.Marshal(n)
	if err == nil {
		publish := s.write.Publish
		if s.sharded {
			publish = s.write.SPublish
		}
		err = publish(ctx, noticeChannel(n.Brand), text).Err()
	}
	if err != nil && ctx.Err() == nil {
		s.log.Debug("a notice was not published", "brand", n.Brand, "error", err)
	}
}

// Notices gives what changes, of every brand, until ctx ends and the channel
// is closed. After a gap (a broken line, a reader that was too slow, a store
// that lost its contents) comes a notice with Reset and without a brand: all
// counters are to be read anew.
func (s *Store) Notices(ctx context.Context) (<-chan mood.Notice, error) {
	if s.sharded {
		return s.shardNotices(ctx)
	}
	sub := s.read.PSubscribe(ctx, noticePattern)
	if _, err := sub.Receive(ctx); err != nil {
		return nil, s.fail("subscribe to notices", errors.Join(err, sub.Close()))
	}
	out := make(chan mood.Notice, noticeBuffer)
	s.running.Go(func() {
		defer close(out)
		p := pump{out: out}
		for {
			s.listen(ctx, sub, p.send)
			sub.Close() // its line is broken, or nobody listens any more
			if ctx.Err() != nil || s.stopped.Err() != nil {
				return
			}
			for {
				if pause(ctx, 250*time.Millisecond) != nil || s.stopped.Err() != nil {
					return
				}
				sub = s.read.PSubscribe(ctx, noticePattern)
				if _, err := sub.Receive(ctx); err == nil {
					break
				}
				sub.Close()
			}
			p.gap = true
			p.send(mood.Notice{})
		}
	})
	return out, nil
}

// pump hands notices on without ever waiting for their reader.
type pump struct {
	out chan<- mood.Notice
	gap bool // something was lost, and the reader doesn't know yet
}

func (p *pump) send(n mood.Notice) {
	if p.gap {
		select {
		case p.out <- mood.Notice{Reset: true}:
			p.gap = false
		default:
			return
		}
	}
	if n.Brand == "" && !n.Reset {
		return
	}
	select {
	case p.out <- n:
	default:
		p.gap = true
	}
}

// listen hands on what comes, and an empty notice when nothing does for a
// while, until the line breaks, ctx ends or the store is closed.
func (s *Store) listen(ctx context.Context, sub *redis.PubSub, hear func(mood.Notice)) {
	stop := context.AfterFunc(s.stopped, func() { sub.Close() })
	defer stop()
	stopToo := context.AfterFunc(ctx, func() { sub.Close() })
	defer stopToo()
	quiet := 0
	for {
		message, err := sub.ReceiveTimeout(ctx, noticeQuiet)
		switch {
		case err == nil:
			quiet = 0
		case timedOut(err) && ctx.Err() == nil && quiet == 0:
			// Silence may be a line that is cut: ask, and be answered.
			quiet++
			if sub.Ping(ctx) != nil {
				return
			}
			hear(mood.Notice{})
			continue
		default:
			return
		}
		switch m := message.(type) {
		case *redis.Subscription:
			if m.Kind == "sunsubscribe" { // its slot moved to another node
				return
			}
		case *redis.Message:
			n, err := readNotice(m)
			if err != nil {
				s.log.Warn("a notice could not be read", "error", err)
				continue
			}
			hear(n)
		}
	}
}

func readNotice(m *redis.Message) (n mood.Notice, err error) {
	err = json.Unmarshal([]byte(m.Payload), &n)
	return n, err
}
