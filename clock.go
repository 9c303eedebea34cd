package main

import (
	"log/slog"
	"sync"
	"time"
)

// A machine's clock is set by people and by time servers. A wrong year for a
// few minutes must not let counters expire, nor make everything that feeds
// list look new: so a jump of over a day is believed only once it has lasted.
const (
	believed  = 25 * time.Hour   // a smaller jump is followed at once, as one by the hour when a zone was set wrong
	disbelief = 15 * time.Minute // that a larger one must last
)

// steadyClock is the machine's clock without jumps that don't last. It is safe
// for concurrent use.
type steadyClock struct {
	wall func() time.Time
	ran  func() time.Duration // since some moment, without ever jumping; with the time that the machine slept
	log  *slog.Logger

	lock    sync.Mutex
	last    time.Time
	lastRan time.Duration
	jumped  time.Duration // of ran, when the clock was first seen to have jumped
	apart   bool          // it has jumped, and isn't believed yet
}

func newSteadyClock(wall func() time.Time, ran func() time.Duration, log *slog.Logger) *steadyClock {
	return &steadyClock{wall: wall, ran: ran, log: log, last: wall(), lastRan: ran()}
}

func (c *steadyClock) now() time.Time {
	c.lock.Lock()
	defer c.lock.Unlock()
	wall, ran := c.wall(), c.ran()
	own := c.last.Add(ran - c.lastRan)
	// Round drops what time.Now knows of its own running, which would hide a jump.
	jump := wall.Round(0).Sub(own.Round(0))
	switch {
	case jump.Abs() <= believed:
		if c.apart {
			c.log.Info("the machine's clock is back", slog.Time("at", wall))
		}
		c.apart = false
	case !c.apart:
		c.apart, c.jumped = true, ran
		c.log.Warn("the machine's clock has jumped: Agora goes on by its own until the new time has lasted for a quarter of an hour",
			slog.Time("from", own), slog.Time("to", wall))
		return own
	case ran-c.jumped < disbelief:
		return own
	default:
		c.apart = false
		c.log.Warn("the machine's clock has kept its new time: Agora follows it", slog.Time("to", wall))
	}
	c.last, c.lastRan = wall, ran
	return wall
}
