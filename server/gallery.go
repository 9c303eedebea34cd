package server

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"agora/charts"
	"agora/mood"
)

// gallery keeps the pictures that people asked for lately, for as long as what
// they show is what is known, and draws those anew that changed, before they
// are asked for again.
type gallery struct {
	server *Server
	now    func() time.Time
	flight singleflight.Group
	wait   atomic.Int64 // who waits for a picture now

	mu    sync.Mutex
	kept  map[string]*hung
	heard bool // changes are heard of; while they aren't, nothing that is kept counts
}

// wanted is a picture as it is asked for.
type wanted struct {
	chart  charts.Chart
	brands []string
	window mood.Window
	format string
	look   look
}

func (w wanted) key() string {
	return fmt.Sprintf("%s.%s %s@%s %+v", w.chart.ID, w.format, strings.Join(w.brands, ","), w.window.Name, w.look)
}

// hung is a picture that somebody asked for.
type hung struct {
	wanted
	asked   time.Time
	changes int      // that were heard of since it is kept
	pic     *picture // nil: not drawn yet
}

// picture is one as it is sent.
type picture struct {
	data   []byte
	zipped []byte // the same, compressed with gzip; nil: it isn't worth it
	tag    string
	name   string // of the file
	minute int64  // it was drawn in: windows and footers move on with the clock
	epoch  string // of the store
	change int    // the last change that is in it
	took   time.Duration
	drawn  time.Time
}

const (
	maxHung     = 500
	galleryRoom = 16 << 20         // bytes of pictures that are kept
	askedLately = 5 * time.Minute  // for as long a picture is drawn anew ahead of being asked for
	drawnLately = 10 * time.Second // and so often at most
	galleryTick = time.Second
	galleryTime = 70 * time.Second // for one picture with the board behind it
	drawnShare  = 4                // drawing ahead takes one part in this many of the time
	mostAhead   = 16               // pictures that are drawn ahead: those that were asked for last
)

func newGallery(s *Server) *gallery {
	return &gallery{server: s, now: s.now, kept: map[string]*hung{}}
}

// note hears of a change.
func (g *gallery) note(n mood.Notice) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, h := range g.kept {
		// A share is one of all brands.
		if n.Reset || h.chart.ID == "share" || slices.Contains(h.brands, n.Brand) {
			h.changes++
		}
	}
}

// listens is told whether changes are heard of.
func (g *gallery) listens(heard bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.heard = heard
	for _, h := range g.kept {
		h.changes++ // what came meanwhile was not heard
	}
}

// fresh tells whether a picture shows what is known. The caller has the lock.
func (g *gallery) fresh(h *hung) bool {
	return g.heard && h.pic != nil && h.pic.change == h.changes && h.pic.minute == g.now().Unix()/60 && h.pic.epoch == g.server.Boards.Epoch()
}

// get gives a picture as it is now.
func (g *gallery) get(ctx context.Context, w wanted) (*picture, error) {
	key := w.key()
	g.mu.Lock()
	h := g.hang(key, w)
	if g.fresh(h) {
		pic := h.pic
		g.mu.Unlock()
		g.server.meters.pictures.WithLabelValues("kept").Inc()
		return pic, nil
	}
	g.mu.Unlock()
	g.wait.Add(1)
	defer g.wait.Add(-1)
	pic, err := g.once(ctx, key, h)
	if err == nil {
		g.server.meters.pictures.WithLabelValues("drawn").Inc()
	}
	return pic, err
}

// hang remembers that a picture is asked for. The caller has the lock.
func (g *gallery) hang(key string, w wanted) *hung {
	h := g.kept[key]
	if h == nil {
		if len(g.kept) >= maxHung {
			g.takeDown(maxHung / 10)
		}
		h = &hung{wanted: w}
		g.kept[key] = h
	}
	h.asked = g.now()
	return h
}

// takeDown forgets the pictures that nobody asked for the longest.
func (g *gallery) takeDown(n int) {
	keys := make([]string, 0, len(g.kept))
	for k := range g.kept {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return g.kept[a].asked.Compare(g.kept[b].asked) })
	for _, k := range keys[:min(n, len(keys))] {
		delete(g.kept, k)
	}
}

// once draws a picture for all who wait for it. It goes on when the first of
// them leaves: the others still wait.
func (g *gallery) once(ctx context.Context, key string, h *hung) (*picture, error) {
	g.mu.Lock()
	flight := fmt.Sprintf("%s %d", key, h.changes) // whoever comes after a change sees it
	g.mu.Unlock()
	done := g.flight.DoChan(flight, func() (any, error) {
		own, stop := context.WithTimeout(context.WithoutCancel(ctx), galleryTime)
		defer stop()
		return g.draw(own, h)
	})
	select {
	case r := <-done:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*picture), nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a picture: %w", context.Cause(ctx))
	}
}

// draw makes a picture from the board as it is now, and keeps it.
func (g *gallery) draw(ctx context.Context, h *hung) (*picture, error) {
	s := g.server
	g.mu.Lock()
	pic := &picture{change: h.changes, drawn: g.now()}
	g.mu.Unlock()
	pic.minute, pic.epoch = pic.drawn.Unix()/60, s.Boards.Epoch()
	begun := time.Now()
	b, err := s.assemble(ctx, h.brands, h.window)
	if err != nil {
		return nil, err
	}
	f, err := s.figure(h.chart, b, s.coverage(), h.look, h.format)
	if err != nil {
		return nil, err
	}
	if pic.data, err = s.draw(ctx, f); err != nil {
		return nil, err
	}
	if pic.tag, err = s.tagOfTable(f.Table, fmt.Sprintf("%s %+v", h.format, h.look)); err != nil {
		return nil, err
	}
	if !packed(pictureKind(h.format)) && len(pic.data) > worthGzip {
		pic.zipped = s.zip(pic.data)
	}
	pic.name = s.fileName(h.chart.ID, h.brands, h.window.Name, b.AsOf, h.format)
	pic.took = time.Since(begun)
	g.mu.Lock()
	defer g.mu.Unlock()
	if h.pic == nil || !h.pic.drawn.After(pic.drawn) {
		h.pic = pic
		g.makeRoom(h)
	}
	return pic, nil
}

// makeRoom lets go of pictures, those that nobody asked for the longest first,
// until the rest has room. The caller has the lock.
func (g *gallery) makeRoom(newest *hung) {
	for {
		used := 0
		var oldest *hung
		for _, h := range g.kept {
			if h.pic == nil {
				continue
			}
			used += len(h.pic.data) + len(h.pic.zipped)
			if h != newest && (oldest == nil || h.asked.Before(oldest.asked)) {
				oldest = h
			}
		}
		if used <= galleryRoom || oldest == nil {
			return
		}
		oldest.pic = nil
	}
}

// run draws ahead until ctx ends, one picture at a time, with rests between
// them, and only while nobody waits.
func (g *gallery) run(ctx context.Context) {
	for {
		rest := galleryTick
		if key, h := g.next(); h != nil && g.wait.Load() == 0 {
			pic, err := g.once(ctx, key, h)
			switch {
			case err == nil:
				g.server.meters.pictures.WithLabelValues("ahead").Inc()
				rest = max(rest, (drawnShare-1)*pic.took)
			case ctx.Err() == nil:
				// Whoever asks will be told; here it may wait.
				g.server.log.LogAttrs(ctx, slog.LevelDebug, "a picture could not be drawn ahead", slog.Any("error", err))
				rest = drawnLately
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(rest):
		}
	}
}

// next is the picture to draw ahead: of those that changed and were asked for
// lately, the one that is the oldest.
func (g *gallery) next() (string, *hung) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	var lately []string
	for k, h := range g.kept {
		if h.pic != nil && now.Sub(h.asked) <= askedLately {
			lately = append(lately, k)
		}
	}
	slices.SortFunc(lately, func(a, b string) int { return g.kept[b].asked.Compare(g.kept[a].asked) })
	var key string
	var next *hung
	for _, k := range lately[:min(mostAhead, len(lately))] {
		h := g.kept[k]
		if g.heard && !g.fresh(h) && now.Sub(h.pic.drawn) >= drawnLately && (next == nil || h.pic.drawn.Before(next.pic.drawn)) {
			key, next = k, h
		}
	}
	return key, next
}
