package server

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"agora/mood"
)

func TestAReaderThatNeverReadsDelaysNobodyAndGetsTheLatestInTheEnd(t *testing.T) {
	h := open(t, nil)
	p, s := h.tap("?brand=nokia"), newScreen(t)
	s.see(p.until("snapshot"))
	stuck := make([]*tap, 5)
	for i := range stuck {
		stuck[i] = h.tap("?brand=nokia")
		stuck[i].until("hello")
	}
	h.flood(p, 8<<20) // far more than log and sockets hold
	h.say("nokia", mood.Positive)
	s.follow(p, "nokia@24h", "nokia", 1)
	for _, q := range stuck {
		late := newScreen(t)
		late.follow(q, "nokia@24h", "nokia", 1)
		if len(late.mentions) > 100 {
			t.Errorf("a reader that was away got %d old mentions", len(late.mentions))
		}
	}
	if !strings.Contains(h.get("/metrics").body, "agora_stream_lagged_total 5") {
		t.Error("the metrics don't count the five that lagged")
	}
}

func TestTheLogOfATopicIsBounded(t *testing.T) {
	l := newEventLog()
	for i := range 5000 {
		l.append(func(uint64) event { return event{make([]byte, 1+i%5000), true} })
	}
	held := 0
	for _, s := range l.segments {
		held += cap(s.buf)
	}
	if held > logBytes+segmentBytes || held != l.bytes {
		t.Errorf("holds %d bytes and thinks %d; the bound is %d", held, l.bytes, logBytes)
	}
	if _, ok := l.read(1, 0); ok {
		t.Error("claims to hold its first event")
	}
}

func TestStoppingEndsStreamsAtOnce(t *testing.T) {
	h := open(t, nil)
	taps := make([]*tap, 20)
	for i := range taps {
		taps[i] = h.tap("?brand=nokia")
		taps[i].until("snapshot")
	}
	begun := time.Now()
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
	for _, p := range taps {
		rest, err := io.ReadAll(p.lines)
		if err != nil {
			t.Fatalf("the stream broke instead of ending: %v", err)
		}
		if !strings.Contains(string(rest), "retry: ") {
			t.Errorf("no retry at the end: %q", rest)
		}
	}
}

func TestStoppingDoesNotWaitForAReaderThatNeverReads(t *testing.T) {
	h := open(t, nil)
	p := h.tap("?brand=nokia")
	p.until("snapshot")
	stuck := h.tap("?brand=nokia")
	stuck.until("snapshot")
	h.flood(p, 8<<20)
	begun := time.Now()
	if err := h.stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestAReaderThatNeverReadsCostsLittleMemory(t *testing.T) {
	h := open(t, nil)
	p := h.tap("?brand=nokia")
	p.until("snapshot")
	const stuck = 100
	for range stuck {
		h.tap("?brand=nokia").until("snapshot")
	}
	h.flood(p, 2*logBytes) // the log has its full size
	before := heap()
	h.flood(p, 16<<20)
	if grown := (heap() - before) / stuck; grown > 64<<10 {
		t.Errorf("each grew by %d KB", grown>>10)
	}
}

// heap is what is in use of it, in bytes.
func heap() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapInuse)
}

// flood sends a number of bytes to all readers, as fast as p reads them.
func (h *house) flood(p *tap, bytes int) {
	h.t.Helper()
	big, now := strings.Repeat("x", 20_000), h.clock.now()
	for i := 0; i*len(big) < bytes; i++ {
		id := fmt.Sprintf("flood%d", h.floods.Add(1))
		h.notify(mood.Notice{Brand: "nokia", Mentions: []mood.Mention{{ID: id, Text: big, Published: now, Seen: now}}})
		if i%10 == 9 {
			for last := ""; !strings.Contains(last, `"`+id+`"`); {
				last = p.until("mention").data
			}
		}
	}
}
