package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

// A process of the tests kills itself, as kill -9 does, where AGORA_CRASH_AT
// says, when it comes there for the nth time: "point@n". "*" is any point.
func init() {
	point, nth, _ := strings.Cut(os.Getenv("AGORA_CRASH_AT"), "@")
	n, err := strconv.ParseInt(nth, 10, 64)
	if point == "" || err != nil {
		return
	}
	var left atomic.Int64
	left.Store(n)
	crashAt = func(at string) {
		if (at == point || point == "*") && left.Add(-1) == 0 {
			fmt.Fprintln(os.Stderr, "crash at", at)
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
}
