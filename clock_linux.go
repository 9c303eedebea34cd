package main

import (
	"time"

	"golang.org/x/sys/unix"
)

var processBegan = time.Now()

// machineRan is how long the machine has run, with the time that it slept.
func machineRan() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return time.Since(processBegan)
	}
	return time.Duration(t.Nano())
}
