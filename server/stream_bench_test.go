package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"agora/mood"
)

// Streams are measured in processor seconds for a million delivered events,
// of this process alone: those who read run in a process of their own. The
// floor is one write(2) of the same bytes to each connection, in the same run.
//
//	go test ./server -run '^$' -bench Stream -benchtime 100x

const (
	drainEnv   = "AGORA_TEST_DRAIN" // tells the process that it only reads: address, path, connections
	benchConns = 1000
	benchBytes = 400
)

// drain opens streams and reads them until its standard input ends.
func drain(spec string) {
	var address, path string
	var conns int
	if _, err := fmt.Sscan(spec, &address, &path, &conns); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for range conns {
		c, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", address)
		if err == nil {
			_, err = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path)
		}
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		go func() { _, _ = io.Copy(io.Discard, c) }()
	}
	fmt.Println("reading")
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// readers starts a process that reads a number of streams.
func readers(b *testing.B, address, path string, conns int) {
	b.Helper()
	cmd := exec.CommandContext(context.Background(), os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s %d", drainEnv, address, path, conns))
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "reading\n" {
		b.Fatalf("the readers say %q (%v)", line, err)
	}
}

// processor is what this process has used of it.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// paced tells b.N events, twenty a second, and reports what they cost.
func paced(b *testing.B, tell func()) {
	b.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	before := processor(b)
	for b.Loop() {
		tell()
		<-tick.C
	}
	b.ReportMetric((processor(b)-before).Seconds()/float64(b.N)/benchConns*1e6, "cpu-s/Mevents")
}

func BenchmarkStreamFloor(b *testing.B) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	accepted := make(chan net.Conn, benchConns)
	go func() {
		for range benchConns {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	readers(b, l.Addr().String(), "/", benchConns)
	var fds []int
	for range benchConns {
		f, err := (<-accepted).(*net.TCPConn).File()
		if err != nil {
			b.Fatal(err)
		}
		defer f.Close()
		fds = append(fds, int(f.Fd()))
	}
	framed := frame("mention", "0123456789ab-1", []byte(strings.Repeat("x", benchBytes)))
	paced(b, func() {
		for _, fd := range fds {
			_, _ = syscall.Write(fd, framed)
		}
	})
}

func BenchmarkStreamShared(b *testing.B) {
	h := open(b, nil)
	path := streamPath + "?brand=nokia"
	readers(b, strings.TrimPrefix(h.url, "http://"), path, benchConns)
	h.tap("?brand=nokia").until("snapshot")
	waitFor(b, "all to be in", func() bool { return h.server.hub.streams.Load() == benchConns+1 })
	topic := h.server.hub.openTopics()[0]
	data := []byte(strings.Repeat("x", benchBytes))
	time.Sleep(time.Second)
	paced(b, func() {
		topic.log.append(func(n uint64) event { return event{frame("mention", eventID(topic.epoch, n), data), true} })
	})
}

// BenchmarkView is the way from a board to what readers get: every chart's
// table, option and delta.
func BenchmarkView(b *testing.B) {
	w := newWorld(time.Now)
	s := &Server{Config: Config{Boards: w}, shown: newShownTimes(time.Now), usual: newBaselineCache(nil, time.Now)}
	day, _ := mood.ParseWindow("24h")
	var before *state
	for b.Loop() {
		w.say("nokia", mood.Positive)
		board, err := s.assemble(context.Background(), []string{"nokia"}, day)
		if err != nil {
			b.Fatal(err)
		}
		if before, err = draw(board, chartIDs(), before); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		w.mention = w.mention[:0]
		b.StartTimer()
	}
	b.ReportMetric(float64(before.size()), "B/state")
}

// BenchmarkJoin is what a reader costs that joins a view that others watch.
func BenchmarkJoin(b *testing.B) {
	h := open(b, nil)
	h.tap("?brand=nokia").until("snapshot")
	for b.Loop() {
		p := h.tap("?brand=nokia")
		p.until("snapshot")
		p.conn.Close()
	}
}
