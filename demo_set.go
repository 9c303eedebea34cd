package main

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"agora/mood"
	"agora/server"
)

// demoSet is what the demo puts in the place of real parts.
type demoSet struct {
	sources demoSources
	found   demoFound
}

// boards gives the store's boards, but for the latency of finding: the demo's
// history came in all at once, and would tell a false tale of it.
func (d *demoSet) boards(from server.Boards) server.Boards {
	return demoBoards{Boards: from, found: &d.found}
}

type demoBoards struct {
	server.Boards
	found *demoFound
}

func (b demoBoards) Board(ctx context.Context, brands []string, w mood.Window) (*mood.Board, error) {
	board, err := b.Boards.Board(ctx, brands, w)
	if err == nil {
		board.Latency.Found = b.found.figures()
	}
	return board, err
}

// demoFound remembers how late the demo's last items were found.
type demoFound struct {
	mu     sync.Mutex
	delays []time.Duration
}

// demoRemembered bounds what it remembers.
const demoRemembered = 200

func (f *demoFound) add(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.delays) == demoRemembered {
		f.delays = f.delays[1:]
	}
	f.delays = append(f.delays, d)
}

func (f *demoFound) figures() mood.LatencyFigures {
	f.mu.Lock()
	sorted := slices.Sorted(slices.Values(f.delays))
	f.mu.Unlock()
	if len(sorted) == 0 {
		return mood.LatencyFigures{}
	}
	at := func(q float64) *float64 {
		ms := float64(sorted[int(q*float64(len(sorted)-1))].Milliseconds())
		return &ms
	}
	return mood.LatencyFigures{P50: at(0.5), P95: at(0.95)}
}

// demoDelay is how long before it is found something was said.
func demoDelay() time.Duration {
	return 3*time.Second + time.Duration(rand.ExpFloat64()*float64(25*time.Second)) //nolint:gosec // a demo
}

// demoSources makes sources of the demo's outlets. All is well with them.
type demoSources struct {
	now   func() time.Time
	since time.Time
}

// Health is that of the made-up outlets.
func (d *demoSources) Health() []mood.SourceHealth {
	now := d.now()
	health := make([]mood.SourceHealth, len(demoOutlets))
	for i, o := range demoOutlets {
		const every = 5 * time.Minute
		begun := d.since.Add(time.Duration(i-len(demoOutlets)) * every / time.Duration(len(demoOutlets)))
		last := begun.Add(now.Sub(begun).Truncate(every))
		next := last.Add(every)
		health[i] = mood.SourceHealth{
			ID: o.domain, Name: o.name, Kind: "demo", URL: "https://" + o.domain + "/", State: mood.SourceFine,
			LastSuccess: &last, LastItem: &last, NextPoll: &next, ItemsPerDay: o.weight * 80,
		}
	}
	return health
}
