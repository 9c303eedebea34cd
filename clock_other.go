//go:build !linux

package main

import "time"

var processBegan = time.Now()

// machineRan is how long the machine has run.
func machineRan() time.Duration { return time.Since(processBegan) }
