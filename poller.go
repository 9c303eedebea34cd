package main

import (
	"context"

	"agora/ingest/feed"
	"agora/mood"
)

// deliver takes what a source brought.
type deliver func(ctx context.Context, src mood.Source, items []mood.Mention, first bool) (feed.Delivered, error)

// newPoller makes the poller of a configuration's sources. observe may be
// nil.
func newPoller(c *console, cfg *Config, to deliver, states feed.States, observe func(feed.Event)) (*feed.Poller, error) {
	hosts := make(map[string]feed.HostRule, len(cfg.Fetch.Hosts))
	for host, m := range cfg.Fetch.Hosts {
		hosts[host] = feed.HostRule{Parallel: m.Parallel, Gap: m.Gap}
	}
	return feed.NewPoller(feed.Config{
		Sources: cfg.Sources, Deliver: to, States: states,
		Allow: cfg.Fetch.Allow, Hosts: hosts, Floor: cfg.Fetch.Floor,
		Version: version, Contact: cfg.Contact, Observe: observe,
		Now: c.now, Log: c.log,
	})
}
