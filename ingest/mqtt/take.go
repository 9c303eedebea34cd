package mqtt

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"hash/maphash"
	"strings"
	"sync"
	"time"

	"github.com/eclipse/paho.golang/paho"

	"agora/mood"
)

// recall gives messages without an id one of their own. A message that the
// broker sends again within the life of the process gets the same.
type recall struct {
	lock sync.Mutex
	of   map[uint16]recalled // by number of the packet, which the broker uses anew once it is acknowledged
}

type recalled struct {
	hash uint64
	id   string
}

var recallSeed = maphash.MakeSeed()

func (r *recall) id(p *paho.Publish) string {
	if p.QoS == 0 {
		return rand.Text()
	}
	var h maphash.Hash
	h.SetSeed(recallSeed)
	_, _ = h.WriteString(p.Topic) // it never fails
	_ = h.WriteByte(0)
	_, _ = h.Write(p.Payload)
	hash := h.Sum64()
	r.lock.Lock()
	defer r.lock.Unlock()
	if have, ok := r.of[p.PacketID]; ok && p.Duplicate() && have.hash == hash {
		return have.id
	}
	if r.of == nil {
		r.of = map[uint16]recalled{}
	}
	id := rand.Text()
	r.of[p.PacketID] = recalled{hash, id}
	return id
}

// The waits between two tries to hand on what came.
const (
	leastPause = 100 * time.Millisecond
	mostPause  = 5 * time.Second
)

// take hands on what came, in bunches, and acknowledges it.
func (s *Source) take(ctx context.Context, l line, came <-chan arrived) {
	for {
		var bunch []arrived
		select {
		case <-ctx.Done():
			return
		case m := <-came:
			bunch = append(bunch, m)
		}
		for more := true; more && len(bunch) < atOnce; {
			select {
			case m := <-came:
				bunch = append(bunch, m)
			default:
				more = false
			}
		}
		if !s.keep(ctx, bunch) {
			return
		}
		for _, m := range bunch {
			l.ack(m.packet)
		}
	}
}

// keep hands a bunch on until it is accepted; false: ctx ended before.
func (s *Source) keep(ctx context.Context, bunch []arrived) bool {
	var activities, mentions []json.RawMessage
	for _, m := range bunch {
		route := s.route(m.packet.Topic)
		if route == nil || m.packet.Retain { // it isn't new
			continue
		}
		items, err := route.items(m.packet.Topic, m.packet.Payload, m.spare)
		switch {
		case err != nil:
			s.unfit(1, "has more items than are taken at once")
		case route.mention():
			mentions = append(mentions, items...)
		default:
			activities = append(activities, items...)
		}
	}
	for wait := leastPause; ; wait = min(2*wait, mostPause) {
		err := s.push(ctx, &mentions, s.cfg.Door.Push)
		if err == nil {
			err = s.push(ctx, &activities, s.cfg.Door.PushActivity)
		}
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		s.undelivered(err)
		rest(ctx, wait)
	}
}

// push hands items on, and empties the list once they are accepted.
func (s *Source) push(ctx context.Context, items *[]json.RawMessage, to func(context.Context, []json.RawMessage) (mood.Receipt, error)) error {
	if len(*items) == 0 {
		return nil
	}
	receipt, err := to(ctx, *items)
	if err != nil {
		return err
	}
	*items = nil
	s.delivered(receipt)
	return nil
}

func (s *Source) route(topic string) *Route {
	for i := range s.cfg.Broker.Routes {
		if matches(s.cfg.Broker.Routes[i].Filter, topic) {
			return &s.cfg.Broker.Routes[i]
		}
	}
	return nil
}

// field is the name of what an error of an item is about. The rest of the error
// may hold what a device said of itself, which is shown to nobody.
func field(err string) string {
	name, _, found := strings.Cut(err, ":")
	if !found || len(name) > 20 || strings.ContainsAny(name, ` "{`) {
		return "form"
	}
	return name
}
