package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"time"
)

// How the collector is kept to what is needed. Go lets a heap double before
// it collects, so that one hostile document, or two, would leave the process
// far larger than its work. A soft limit makes it collect sooner; the limit
// follows what stays alive, so that a large store isn't collected all the time.
const (
	leastMemory  = 150 << 20 // bytes, below which nobody minds
	largeLive    = 200 << 20 // bytes alive, from where on collecting is dear
	memoryMemory = 10        // so many looks are remembered
	memoryLook   = time.Second
)

// boundMemory keeps the soft limit of memory until ctx ends. An operator who
// set GOMEMLIMIT knows better.
func boundMemory(ctx context.Context, getenv func(string) string) {
	if getenv("GOMEMLIMIT") != "" {
		return
	}
	before := debug.SetMemoryLimit(leastMemory)
	defer debug.SetMemoryLimit(before)
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var live []uint64
	tick := time.NewTicker(memoryLook)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		metrics.Read(sample)
		if live = append(live, sample[0].Value.Uint64()); len(live) > memoryMemory {
			live = live[1:]
		}
		debug.SetMemoryLimit(memoryLimit(live))
	}
}

// memoryLimit goes by the least that was alive lately: what lives for a moment,
// as a large document does, doesn't raise it. It is half as much again, and
// twice as much where a lot is alive.
func memoryLimit(live []uint64) int64 {
	least := int64(slices.Min(live)) //nolint:gosec // far below 2⁶³
	if least < largeLive {
		return max(leastMemory, least*3/2)
	}
	return 2 * least
}
