package main

import (
	"context"

	"agora/ingest/feed"
	"agora/mood"
)

// deliver takes what a source brought.
type deliver func(ctx context.Context, src mood.Source, items []mood.Mention, first bool) (feed.Delivered, error)

// newPoller makes the poller of a configuration's sources. The meter may be
// nil, and so may leases, where nobody else polls them.
func newPoller(c *console, cfg *Config, to deliver, states feed.States, leases feed.Leases, meter *meter) (*feed.Poller, error) {
	callback := ""
	if cfg.PublicURL != "" {
		callback = cfg.PublicURL + "/websub"
	}
	var (
		observe    func(feed.Event)
		observeHub func(feed.HubEvent)
	)
	if meter != nil {
		observe, observeHub = meter.polled, meter.hub
	}
	hosts := make(map[string]feed.HostRule, len(cfg.Fetch.Hosts))
	for host, m := range cfg.Fetch.Hosts {
		hosts[host] = feed.HostRule{Parallel: m.Parallel, Gap: m.Gap}
	}
	return feed.NewPoller(feed.Config{
		Sources: cfg.Sources, Deliver: to, States: states, Leases: leases,
		Allow: cfg.Fetch.Allow, Hosts: hosts, Floor: cfg.Fetch.Floor,
		Version: version, Contact: cfg.Contact, Observe: observe, Callback: callback, ObserveHub: observeHub,
		Now: c.now, Log: c.log,
	})
}
