package server

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"agora/mood"
)

// The stream's beat, and its bounds.
const (
	tickTime      = 50 * time.Millisecond // state changes at most this often
	quietTime     = 5 * time.Millisecond  // how long the first change after a quiet time waits for company
	heartbeatTime = 15 * time.Second
	idleTopic     = 2 * time.Minute // how long a topic outlives its last reader
	maxViews      = 200
	maxTopics     = 400
	batchTime     = 250 * time.Millisecond // computing pauses after this
	computeShare  = 4                      // computing takes one part in this many of the time
	longestRest   = 2 * time.Second        // though a view is never left alone for longer
)

// hub keeps every open view current. One goroutine gathers what changed and
// publishes it; another computes; a third watches how the machinery does. All
// that readers see of it are topics.
type hub struct {
	server *Server
	log    *slog.Logger
	now    func() time.Time

	mu     sync.Mutex
	topics map[string]*topic
	views  map[string]*view

	streams atomic.Int64
	framed  atomic.Int64    // streams of embeds
	stopped context.Context // done once the server stops
	end     context.CancelFunc
	kick    chan struct{} // something is due
	notices chan mood.Notice
	jobs    chan []job
	results chan result
	rest    chan time.Time // when computing may go on
	status  atomic.Pointer[told]
	epoch   string // of the store, as readers were told

	pending   map[string]*pendingMentions // by brand; the loop's own
	corrected map[string]*correctionEvent // by brand; the loop's own
}

func newHub(s *Server) *hub {
	h := &hub{
		server: s, log: s.log, now: s.now,
		topics: make(map[string]*topic), views: make(map[string]*view),
		kick:    make(chan struct{}, 1),
		notices: make(chan mood.Notice), jobs: make(chan []job, 1), results: make(chan result), rest: make(chan time.Time),
		pending: make(map[string]*pendingMentions), corrected: make(map[string]*correctionEvent),
	}
	h.stopped, h.end = context.WithCancel(context.Background())
	return h
}

func (h *hub) run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { h.loop(ctx); return nil })
	group.Go(func() error { h.work(ctx); return nil })
	group.Go(func() error { h.listen(ctx); return nil })
	group.Go(func() error { h.watchStatus(ctx); return nil })
	return group.Wait()
}

// stop ends every stream, and lets no new one in.
func (h *hub) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.end()
	for _, t := range h.topics {
		t.log.end()
	}
}

// jitter spreads those who come back.
func jitter(low, high time.Duration) time.Duration { return low + rand.N(high-low) }

// viewSpec is a view as a reader asks for it.
type viewSpec struct {
	brands []string
	window mood.Window
}

// join gives the topic that shows some views as some charts; a plain one tells
// of nothing else.
func (h *hub) join(specs []viewSpec, ids []string, plain bool) (*topic, error) {
	keys := make([]string, len(specs))
	for i, sp := range specs {
		keys[i] = viewKey(sp.brands, sp.window)
	}
	key := strings.Join(keys, " ") + " " + strings.Join(ids, ",")
	if plain {
		key += " plain"
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.stopped.Err() != nil {
		return nil, errStopping()
	}
	t := h.topics[key]
	if t == nil {
		if !h.room(keys) {
			return nil, newProblem(http.StatusServiceUnavailable, "%d different views are open, which is as many as there may be: look at one that somebody looks at already, or try again in a few minutes.", maxViews).after(jitter(30*time.Second, time.Minute))
		}
		t = h.newTopic(key, specs, keys, ids, plain)
	}
	t.mu.Lock()
	t.readers++
	t.mu.Unlock()
	return t, nil
}

func errStopping() error {
	return newProblem(http.StatusServiceUnavailable, "The server is stopping: try again in a moment.").after(jitter(time.Second, 5*time.Second))
}

func (h *hub) newTopic(key string, specs []viewSpec, keys, ids []string, plain bool) *topic {
	t := &topic{
		key: key, epoch: newEpoch(), charts: ids, plain: plain, log: newEventLog(),
		ready: make(chan struct{}), states: make(map[string]*state), idle: h.now(),
	}
	for i, sp := range specs {
		v := h.views[keys[i]]
		if v == nil {
			v = &view{key: keys[i], brands: sp.brands, window: sp.window}
			h.views[keys[i]] = v
		}
		t.views = append(t.views, v)
		if v.state.has(ids) {
			t.states[v.key] = v.state
		} else {
			v.dirty = true
		}
		for _, b := range sp.brands {
			if !slices.Contains(t.brands, b) {
				t.brands = append(t.brands, b)
			}
		}
	}
	if len(t.states) == len(t.views) {
		t.isReady = true
		close(t.ready)
	}
	h.topics[key] = t
	h.wake()
	return t
}

// room makes sure that new views and a topic fit, at the cost of those that
// nobody looks at.
func (h *hub) room(keys []string) bool {
	fresh := 0
	for _, k := range keys {
		if h.views[k] == nil {
			fresh++
		}
	}
	if len(h.views)+fresh > maxViews || len(h.topics) >= maxTopics {
		h.drop(0)
	}
	return len(h.views)+fresh <= maxViews && len(h.topics) < maxTopics
}

// drop forgets topics that nobody has read for a time, and their views.
func (h *hub) drop(after time.Duration) {
	now, used := h.now(), make(map[string]bool)
	for key, t := range h.topics {
		t.mu.Lock()
		unread := t.readers == 0 && now.Sub(t.idle) >= after
		t.mu.Unlock()
		if unread {
			delete(h.topics, key)
			continue
		}
		for _, v := range t.views {
			used[v.key] = true
		}
	}
	for key := range h.views {
		if !used[key] {
			delete(h.views, key)
		}
	}
	h.server.meters.views.Set(float64(len(h.views)))
}

// part is a reader's goodbye.
func (h *hub) part(t *topic) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.readers--
	t.idle = h.now()
}

// reset has every view computed anew, and ends topics of brands that are no
// longer watched.
func (h *hub) reset() {
	h.mu.Lock()
	watched := h.server.watched.Load()
	for key, t := range h.topics {
		if slices.ContainsFunc(t.brands, func(id string) bool { _, ok := watched.byID[id]; return !ok }) {
			t.log.end()
			delete(h.topics, key)
		}
	}
	h.mu.Unlock()
	h.server.gallery.note(mood.Notice{Reset: true})
	h.server.reports.forget()
	h.redraw()
}

// redraw has every view computed anew.
func (h *hub) redraw() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, v := range h.views {
		v.dirty = true
	}
	h.wake()
}

func (h *hub) wake() {
	select {
	case h.kick <- struct{}{}:
	default:
	}
}

// openTopics is a copy to walk through without the lock.
func (h *hub) openTopics() []*topic {
	h.mu.Lock()
	defer h.mu.Unlock()
	topics := make([]*topic, 0, len(h.topics))
	for _, t := range h.topics {
		topics = append(topics, t)
	}
	return topics
}

// listen hands the store's notices to the loop, whatever becomes of the store.
func (h *hub) listen(ctx context.Context) {
	for ctx.Err() == nil {
		if err := h.listenOnce(ctx); err != nil && ctx.Err() == nil {
			h.log.LogAttrs(ctx, slog.LevelWarn, "lost the store's notices; asking again", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
			h.reset() // what came meanwhile was not heard
		}
	}
}

func (h *hub) listenOnce(ctx context.Context) error {
	notices, err := h.server.Boards.Notices(ctx)
	if err != nil {
		return fmt.Errorf("listen for notices: %w", err)
	}
	h.server.gallery.listens(true)
	defer h.server.gallery.listens(false)
	for {
		select {
		case <-ctx.Done():
			return nil
		case n, ok := <-notices:
			if !ok {
				return fmt.Errorf("listen for notices: %w", mood.ErrUnavailable)
			}
			select {
			case h.notices <- n:
			case <-ctx.Done():
				return nil
			}
		}
	}
}
