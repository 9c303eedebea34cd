//go:build crash

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// crashAt kills this process, as kill -9 does, at the point that AGORA_CRASH_AT
// names, when it comes there for the nth time: "point@n". Only tests build it
// in.
var crashAt = func() func(string) {
	point, nth, _ := strings.Cut(os.Getenv("AGORA_CRASH_AT"), "@")
	n, err := strconv.ParseInt(nth, 10, 64)
	if point == "" || err != nil {
		return nil
	}
	var left atomic.Int64
	left.Store(n)
	return func(at string) {
		if (at == point || point == "*") && left.Add(-1) == 0 {
			fmt.Fprintln(os.Stderr, "crash at", at)
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
}()
