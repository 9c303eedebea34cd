package server

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"agora/mood"
)

func TestAReportIsMadeOnceAMinuteForAllWhoAsk(t *testing.T) {
	h, _ := openReports(t, nil)
	h.say("nokia", mood.Positive)
	boards := func(path string) int64 {
		before := h.boards.Load()
		if got := h.get(path); got.status != http.StatusOK {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
		return h.boards.Load() - before
	}
	const path = "/report.html?brand=nokia"
	if boards(path) == 0 {
		t.Fatal("it wasn't made")
	}
	for same, want := range map[string]bool{
		path: true, path + "&window=7d": true,
		path + "&window=30d": false, "/report.pdf?brand=nokia": false, "/report.html?brand=ericsson": false,
	} {
		if n := boards(same); (n == 0) != want {
			t.Errorf("%s read %d boards", same, n)
		}
	}
	h.clock.advance(reportKept)
	if boards(path) == 0 {
		t.Error("a minute later it is the one of before")
	}
	renamed := []mood.Brand{{ID: "nokia", Name: "Nokia Oyj"}}
	h.mu.Lock()
	h.brands = renamed
	h.mu.Unlock()
	h.server.Watch(renamed, nil)
	if got := h.get(path); !strings.Contains(got.body, "Nokia Oyj") {
		t.Error("a brand that has another name has the one of before")
	}
}

func TestTheHeadOfAReportMakesNone(t *testing.T) {
	h, e := openReports(t, nil)
	h.say("nokia", mood.Positive)
	for _, format := range []string{"html", "pdf"} {
		before := h.boards.Load()
		path := "/report." + format + "?brand=nokia"
		head := h.ask(http.MethodHead, path, "")
		if head.status != http.StatusOK || head.body != "" || h.boards.Load() != before || len(e.figures()) != 0 {
			t.Errorf("%s: %d, and %d boards were read", path, head.status, h.boards.Load()-before)
		}
		got := h.get(path)
		for _, name := range []string{"Content-Type", "Content-Security-Policy", "Cache-Control", "Vary"} {
			if head.header.Get(name) != got.header.Get(name) {
				t.Errorf("%s: %s is %q, and %q without the body", path, name, got.header.Get(name), head.header.Get(name))
			}
		}
		before = h.boards.Load()
		if again := h.ask(http.MethodHead, path, ""); again.header.Get("ETag") != got.header.Get("ETag") || h.boards.Load() != before {
			t.Errorf("%s: the head of one that is there has the tag %q, and read %d boards", path, again.header.Get("ETag"), h.boards.Load()-before)
		}
		e.mu.Lock()
		e.drawn = nil
		e.mu.Unlock()
	}
	if bad := h.ask(http.MethodHead, "/report.pdf?brand=acme", ""); bad.status != http.StatusBadRequest {
		t.Errorf("the head of one that can't be had: %d", bad.status)
	}
}

func TestWhoWaitsTooLongForAReportIsToldWhenToComeAgain(t *testing.T) {
	h, _ := openReports(t, nil)
	h.server.reports.wait = time.Millisecond
	h.world.mu.Lock()
	h.gate = make(chan struct{})
	h.world.mu.Unlock()
	var all sync.WaitGroup
	for i := range maxReports {
		all.Go(func() {
			if got := h.get(fmt.Sprintf("/report.html?brand=nokia&window=%dd", []int{7, 30}[i])); got.status != http.StatusOK {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	waitFor(t, "all places are taken", func() bool { return len(h.server.reports.places) == maxReports })
	got := h.get("/report.html?brand=ericsson")
	if got.status != http.StatusServiceUnavailable || got.header.Get("Retry-After") == "" || !strings.Contains(got.body, "Too many reports") {
		t.Errorf("one more: %d %s", got.status, got.body)
	}
	close(h.gate)
	all.Wait()
}

func TestWithoutAPainterThereAreNoReports(t *testing.T) {
	h := open(t, func(c *Config) { c.Past = c.Boards.(Past) })
	h.say("nokia", mood.Positive)
	if got := h.get("/report.html?brand=nokia"); got.status != http.StatusNotFound || !strings.Contains(got.body, "makes no reports") {
		t.Errorf("%d %s", got.status, got.body)
	}
}
