package engine

import (
	"sync"
	"time"
)

// gate decides who may ask an engine. It is open while the engine answers. A
// few failures one after the other shut it for a while; then one may try, and
// the others wait for what comes of it. Each try that fails doubles the while.
//
// There are libraries for this, sony/gobreaker the best kept. None of those
// looked at lets the while grow, differ a little from process to process, and
// follow what the engine itself asks for.
type gate struct {
	failures int // one after the other that shut it
	first    time.Duration
	longest  time.Duration
	jitter   func() float64 // 0…1

	mu     sync.Mutex
	missed int  // failures one after the other
	shut   bool // or being tried
	trying bool
	turn   int // counts how often it was shut or opened: news from before is no news
	since  time.Time
	until  time.Time
	wait   time.Duration // the while before jitter
}

// pass is one leave to ask. It must be given back.
type pass struct {
	granted bool
	try     bool // the only one: a small question, please
	turn    int
}

// change is what a returned pass did to the gate.
type change int

const (
	unchanged change = iota
	closed           // the engine is not asked any more
	reopened         // it answers again
	stillShut        // a try failed
)

// enter asks for leave.
func (g *gate) enter(now time.Time) pass {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case !g.shut:
		return pass{granted: true, turn: g.turn}
	case g.trying || now.Before(g.until):
		return pass{}
	}
	g.trying = true
	return pass{granted: true, try: true, turn: g.turn}
}

// succeed returns a pass after an answer.
func (g *gate) succeed(p pass) change {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.turn != g.turn {
		return unchanged
	}
	g.missed = 0
	if !p.try {
		return unchanged
	}
	g.shut, g.trying, g.wait = false, false, 0
	g.turn++
	return reopened
}

// giveUp returns a pass when nobody waited for the answer: that says nothing
// about the engine.
func (g *gate) giveUp(p pass) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.try && p.turn == g.turn {
		g.trying = false
	}
}

// fail returns a pass after a failure. hopeless ones shut the gate at once, and
// so do those where the engine asks to be left alone.
func (g *gate) fail(p pass, now time.Time, asked time.Duration, hopeless bool) change {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.turn != g.turn {
		return unchanged
	}
	g.missed++
	if !p.try && !hopeless && asked == 0 && g.missed < g.failures {
		return unchanged
	}
	became := stillShut
	if !g.shut {
		became, g.since = closed, now
	}
	g.wait = min(max(2*g.wait, g.first), g.longest)
	g.shut, g.trying = true, false
	g.until = now.Add(max(asked, time.Duration(float64(g.wait)*(0.8+0.4*g.jitter()))))
	g.turn++
	return became
}

// look tells whether it is shut, since when, and when it is tried next.
func (g *gate) look() (shut bool, since, until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.shut, g.since, g.until
}
