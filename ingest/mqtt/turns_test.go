package mqtt

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

// shared is a store of two processes.
type shared struct {
	turn  chan struct{}
	lock  sync.Mutex
	known map[string][]byte
}

var errNone = errors.New("there is none")

func (s *shared) Own(ctx context.Context, _, _ string, do func(ctx context.Context) error) error {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil
	}
	defer func() { <-s.turn }()
	return do(ctx)
}

func (s *shared) Put(_ context.Context, kind, id string, value []byte, _ time.Duration) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.known[kind+id] = value
	return nil
}

func (s *shared) Get(_ context.Context, kind, id string) ([]byte, error) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if v, ok := s.known[kind+id]; ok {
		return v, nil
	}
	return nil, errNone
}

func TestOneProcessListensAndTheOtherKnowsHowItDoes(t *testing.T) {
	b := startBroker(t, "")
	store := &shared{turn: make(chan struct{}, 1), known: map[string][]byte{}}
	broker := Broker{ID: "factory", ClientID: "one", URL: b.url("mqtt"), Routes: []Route{routeTo(t, "count/+", map[string]string{"brand": "nokia", "kind": "ping"})}}
	var desks [2]*desk
	var sources [2]*Source
	var stops [2]func()
	for i := range sources {
		desks[i] = newDesk()
		sources[i] = New(Config{Broker: broker, Door: desks[i], Dial: (&net.Dialer{}).DialContext, Own: store.Own, States: store})
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- sources[i].Run(ctx) }()
		var once sync.Once
		stops[i] = func() {
			once.Do(func() {
				cancel()
				if err := <-done; err != nil {
					t.Error(err)
				}
			})
		}
		t.Cleanup(stops[i])
		if i == 0 {
			desks[0].until(t, "the connection", fine(sources[0]))
		}
	}
	b.publish("count/x", 1, false, `{"id":1}`, `{"id":2}`)
	// What the desk took is in its health once the desk has answered.
	desks[0].until(t, "both", func() bool { return len(desks[0].known) == 2 && sources[0].Health().Today == 2 })
	sources[0].exchange(t.Context())
	sources[1].exchange(t.Context())
	if h := sources[1].Health(); h.State != mood.SourceFine || h.Today != 2 || h.LastItem == nil {
		t.Errorf("the other says %+v", h)
	}
	if desks[1].offered != 0 {
		t.Errorf("%d came to the other", desks[1].offered)
	}
	stops[0]()
	b.publish("count/x", 1, false, `{"id":3}`)
	desks[1].until(t, "the next, by the other", func() bool { return len(desks[1].known) == 1 && desks[1].known["3"] != nil })
}
