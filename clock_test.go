package main

import (
	"log/slog"
	"testing"
	"time"
)

func TestAClockThatJumpsIsBelievedOnceItLasts(t *testing.T) {
	real := time.Now() // which knows of its own running
	set, ran := time.Duration(0), time.Duration(0)
	c := newSteadyClock(func() time.Time { return setTo(real.Add(ran), set) }, func() time.Duration { return ran }, slog.New(slog.DiscardHandler))
	for _, step := range []struct {
		what      string
		set, runs time.Duration
		want      time.Duration // after real
	}{
		{"it runs", 0, time.Minute, time.Minute},
		{"it is set right by seconds", 3 * time.Second, time.Minute, 2*time.Minute + 3*time.Second},
		{"it is set back by an hour", -time.Hour, time.Minute, 3*time.Minute - time.Hour},
		{"it is right again", 0, time.Minute, 4 * time.Minute},
		{"it jumps a year ahead", 365 * 24 * time.Hour, time.Minute, 5 * time.Minute},
		{"and stays there", 365 * 24 * time.Hour, 10 * time.Minute, 15 * time.Minute},
		{"and comes back", 0, time.Minute, 16 * time.Minute},
		{"it jumps to 1970", -50 * 365 * 24 * time.Hour, time.Minute, 17 * time.Minute},
		{"and is right again", 0, time.Minute, 18 * time.Minute},
		{"it jumps two days ahead", 48 * time.Hour, time.Minute, 19 * time.Minute},
		{"and stays there for long", 48 * time.Hour, 20 * time.Minute, 39*time.Minute + 48*time.Hour},
		{"and longer", 48 * time.Hour, time.Minute, 40*time.Minute + 48*time.Hour},
		{"the machine sleeps for a week", 48 * time.Hour, 7 * 24 * time.Hour, 40*time.Minute + 9*24*time.Hour},
	} {
		set = step.set
		ran += step.runs
		if got := c.now().Round(0).Sub(real.Round(0)); got != step.want {
			t.Errorf("%s: it says %v after the beginning, want %v", step.what, got, step.want)
		}
	}
}

// setTo is a time whose clock was set while it ran: it says otherwise than it
// has run.
func setTo(t time.Time, by time.Duration) time.Time {
	if by == 0 {
		return t
	}
	return t.Round(0).Add(by)
}
