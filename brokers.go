package main

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"agora/ingest/feed"
	"agora/ingest/mqtt"
	"agora/mood"
)

// brokers are the sources that listen to MQTT brokers. A new configuration
// leaves those alone that stay the same.
type brokers struct {
	make    func(mqtt.Broker) *mqtt.Source
	lock    sync.Mutex
	wanted  []mqtt.Broker
	changed chan struct{}
	sources []*mqtt.Source // in the order of the configuration
}

// newBrokers makes the sources of a configuration. The store may be nil, where
// nobody else listens.
func newBrokers(c *console, cfg *Config, door mqtt.Door, own mqttOwner) *brokers {
	settings := mqtt.Config{
		Door: door, Dial: feed.NewAnyPortDialer(cfg.Fetch.Allow).DialContext, Say: feed.Say, Now: c.now, Log: c.log,
	}
	if own != nil {
		settings.States = own
		settings.Own = goOn(own.Own, func() bool { return own.Status(context.Background()).State == "down" })
	}
	b := &brokers{changed: make(chan struct{}, 1)}
	b.make = func(one mqtt.Broker) *mqtt.Source {
		with := settings
		with.Broker = one
		return mqtt.New(with)
	}
	b.set(cfg.Brokers)
	return b
}

// mqttOwner is a store that several processes share.
type mqttOwner interface {
	mqtt.States
	Status(ctx context.Context) mood.PartStatus
	Own(ctx context.Context, kind, id string, do func(ctx context.Context) error) error
}

// set changes which brokers are listened to.
func (b *brokers) set(wanted []mqtt.Broker) {
	b.lock.Lock()
	defer b.lock.Unlock()
	sources := make([]*mqtt.Source, len(wanted))
	for i, one := range wanted {
		at := slices.IndexFunc(b.wanted, func(have mqtt.Broker) bool { return reflect.DeepEqual(have, one) })
		if at >= 0 {
			sources[i] = b.sources[at]
		} else {
			sources[i] = b.make(one)
		}
	}
	b.wanted, b.sources = slices.Clone(wanted), sources
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

func (b *brokers) all() []*mqtt.Source {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.sources
}

// Health is how each of them does.
func (b *brokers) Health() (list []mood.SourceHealth) {
	for _, s := range b.all() {
		list = append(list, s.Health())
	}
	return list
}

// run listens until ctx ends.
func (b *brokers) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	running := map[*mqtt.Source]func(){}
	for {
		wanted := b.all()
		for _, s := range slices.Collect(maps.Keys(running)) {
			if !slices.Contains(wanted, s) {
				running[s]() // the next one may take its session over
				delete(running, s)
			}
		}
		for _, s := range wanted {
			if running[s] != nil {
				continue
			}
			one, stop := context.WithCancel(ctx)
			done := make(chan struct{})
			running[s] = func() { stop(); <-done }
			group.Go(func() error {
				defer close(done)
				defer stop()
				return s.Run(one)
			})
		}
		select {
		case <-ctx.Done():
			return group.Wait()
		case <-b.changed:
		}
	}
}

// both are feeds and brokers, as one list of sources.
type both struct {
	feeds interface{ Health() []mood.SourceHealth }
	more  *brokers
}

// Health is that of all, by name.
func (b both) Health() []mood.SourceHealth {
	list := append(b.feeds.Health(), b.more.Health()...)
	slices.SortStableFunc(list, func(a, b mood.SourceHealth) int { return strings.Compare(a.Name, b.Name) })
	return list
}
