package server

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"agora/mood"
)

// view is a board that somebody looks at: brands over a window. The hub owns
// it; its state is computed once for all topics that show it.
type view struct {
	key    string // such as nokia,ericsson@24h
	brands []string
	window mood.Window

	state    *state
	dirty    bool      // one of its brands changed
	soft     time.Time // when to look at what other brands did; zero: not needed
	boundary time.Time // when time alone changes it
	retry    time.Time // not before, after a failure
	failing  bool
	busy     bool // being computed
	seen     time.Time
}

// viewKey names a view as addresses do.
func viewKey(brands []string, w mood.Window) string {
	return strings.Join(brands, ",") + "@" + w.Name
}

// softTime is how long the share of other brands may lag behind.
const softTime = 2 * time.Second

func (v *view) noteBrand(id string, now time.Time) {
	if slices.Contains(v.brands, id) {
		v.dirty = true
	} else if v.soft.IsZero() {
		v.soft = now.Add(softTime)
	}
}

// due tells whether the view should be computed now.
func (v *view) due(now time.Time) bool {
	if v.busy || now.Before(v.retry) {
		return false
	}
	return v.dirty || v.state == nil || !now.Before(v.boundary) || !v.soft.IsZero() && !now.Before(v.soft)
}

// nextBoundary is when time alone changes a board: each full minute, with
// which every point of every window begins.
func nextBoundary(now time.Time) time.Time { return now.Truncate(time.Minute).Add(time.Minute) }

// state is how a view stands: what its charts show, and what changed since the
// state before. It never changes once it is made.
type state struct {
	version uint64
	options map[string]json.RawMessage // by chart
	deltas  map[string]json.RawMessage // by chart, from the version before; none: unchanged
	totals  json.RawMessage
	asOf    json.RawMessage // of the totals, their time alone
}

func (s *state) option(id string) json.RawMessage { return s.options[id] }

func (s *state) has(ids []string) bool {
	if s == nil {
		return false
	}
	for _, id := range ids {
		if s.options[id] == nil {
			return false
		}
	}
	return true
}

func (s *state) size() int {
	n := len(s.totals)
	for _, o := range s.options {
		n += len(o)
	}
	return n
}

// job asks for one view to be computed.
type job struct {
	view   *view
	brands []string
	window mood.Window
	charts []string
	before *state
}

// result is what came of a job.
type result struct {
	view  *view
	state *state
	err   error
	took  time.Duration
}

// computeTime is how long one view may take.
const computeTime = 5 * time.Second

// compute makes a view's next state.
func (h *hub) compute(ctx context.Context, j job) (r result) {
	begun := time.Now()
	defer func() {
		// A board that a chart can't draw costs its own view, not the process.
		if thrown := recover(); thrown != nil {
			err := fmt.Errorf("compute view %s: panic: %v\n%s", j.view.key, thrown, debug.Stack())
			r = result{view: j.view, err: err, took: time.Since(begun)}
		}
	}()
	within, done := context.WithTimeout(ctx, computeTime)
	defer done()
	b, err := h.server.assemble(within, j.brands, j.window)
	if err != nil {
		return result{view: j.view, err: err, took: time.Since(begun)}
	}
	next, err := draw(b, j.charts, j.before)
	return result{view: j.view, state: next, err: err, took: time.Since(begun)}
}
