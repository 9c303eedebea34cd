package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"agora/charts"
	"agora/errand"
	"agora/mood"
)

// gallery keeps the pictures that people asked for lately, for as long as what
// they show is what is known, and draws those anew that changed, before they
// are asked for again.
type gallery struct {
	server *Server
	now    func() time.Time
	flight *errand.Group[*picture]
	wait   atomic.Int64  // who waits for a picture now
	places chan struct{} // pictures in the making: each has a board in memory

	mu      sync.Mutex
	kept    map[string]*hung
	heard   bool  // changes are heard of; while they aren't, nothing that is kept counts
	changes int64 // that were heard of
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
	asked  time.Time
	change int64     // the last one that it must show
	pic    *picture  // nil: not drawn yet
	slow   time.Time // when drawing it took too long
}

// picture is one as it is sent.
type picture struct {
	data   []byte
	zipped []byte // the same, compressed with gzip; nil: it isn't worth it
	tag    string
	name   string // of the file
	minute int64  // it was drawn in: windows and footers move on with the clock
	epoch  string // of the store
	change int64  // the last one that was heard of before it was begun
	took   time.Duration
	drawn  time.Time
}

const (
	maxHung     = 500
	maxWaiting  = 128              // pictures that are asked for and not drawn yet
	maxMaking   = 4                // of them under way; the others wait with nothing in their hands
	galleryRoom = 16 << 20         // bytes of pictures that are kept
	askedLately = 5 * time.Minute  // for as long a picture is drawn anew ahead of being asked for
	drawnLately = 10 * time.Second // and so often at most
	galleryTick = time.Second
	galleryTime = 70 * time.Second // for one picture with the board behind it
	drawnShare  = 4                // drawing ahead takes one part in this many of the time
	mostAhead   = 16               // pictures that are drawn ahead: those that were asked for last
)

func newGallery(s *Server) *gallery {
	return &gallery{
		server: s, now: s.now, kept: map[string]*hung{},
		flight: errand.NewGroup[*picture](s.office, galleryTime, maxWaiting),
		places: make(chan struct{}, maxMaking),
	}
}

// note hears of a change.
func (g *gallery) note(n mood.Notice) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.changes++
	for _, h := range g.kept {
		// A share is one of all brands.
		if n.Reset || h.chart.ID == "share" || slices.Contains(h.brands, n.Brand) {
			h.change = g.changes
		}
	}
}

// listens is told whether changes are heard of.
func (g *gallery) listens(heard bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.heard = heard
	g.changes++
	for _, h := range g.kept {
		h.change = g.changes // what came meanwhile was not heard
	}
}

// fresh tells whether a picture shows what is known. The caller has the lock.
func (g *gallery) fresh(h *hung) bool {
	return g.heard && h.pic != nil && h.pic.change >= h.change && h.pic.minute == g.now().Unix()/60 && h.pic.epoch == g.server.Boards.Epoch()
}

// ready gives a picture that is kept to somebody who asks for it; nil: it has
// to be drawn first.
func (g *gallery) ready(w wanted) *picture {
	key := w.key()
	pic := g.current(key)
	if pic == nil {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if h := g.kept[key]; h != nil {
		h.asked = g.now()
	}
	g.server.meters.pictures.WithLabelValues("kept").Inc()
	return pic
}

// current gives a picture that is kept and shows what is known; nil: none is.
func (g *gallery) current(key string) *picture {
	g.mu.Lock()
	defer g.mu.Unlock()
	if h := g.kept[key]; h != nil && g.fresh(h) {
		return h.pic
	}
	return nil
}

// get gives a picture as it is now.
func (g *gallery) get(ctx context.Context, w wanted) (*picture, error) {
	if pic := g.ready(w); pic != nil {
		return pic, nil
	}
	g.mu.Lock()
	h := g.hang(w)
	slow := g.isSlow(h)
	g.mu.Unlock()
	if slow {
		return nil, tooSlow()
	}
	g.wait.Add(1)
	defer g.wait.Add(-1)
	pic, err := g.once(ctx, h)
	if err == nil {
		g.server.meters.pictures.WithLabelValues("drawn").Inc()
	}
	return pic, err
}

// isSlow tells of a picture that took too long a moment ago. The caller has the
// lock.
func (g *gallery) isSlow(h *hung) bool {
	age := g.now().Sub(h.slow)
	return age >= 0 && age < slowWait
}

// once draws a picture for all who wait for it, and keeps it. Whoever comes
// after a change waits for one that shows it.
func (g *gallery) once(ctx context.Context, h *hung) (*picture, error) {
	key := h.key()
	g.mu.Lock()
	flight := fmt.Sprintf("%s %d", key, h.change)
	g.mu.Unlock()
	pic, err := g.flight.Do(ctx, flight, func(ctx context.Context) (*picture, error) {
		// It may have been drawn between a look at what is kept and here.
		if pic := g.current(key); pic != nil {
			return pic, nil
		}
		pic, err := g.draw(ctx, h.wanted)
		g.keep(key, pic, err)
		return pic, err
	})
	if errors.Is(err, errand.ErrFull) {
		return nil, tooMany(err)
	}
	return pic, err
}

// keep keeps what became of a picture.
func (g *gallery) keep(key string, pic *picture, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	h := g.kept[key]
	switch {
	case h == nil: // taken down meanwhile
	case errors.Is(err, charts.ErrSlow):
		h.slow = g.now()
	case err == nil && (h.pic == nil || !h.pic.drawn.After(pic.drawn)):
		h.pic = pic
		g.makeRoom(h)
	}
}

// draw makes a picture from the board as it is now.
func (g *gallery) draw(ctx context.Context, h wanted) (*picture, error) {
	s := g.server
	select {
	case g.places <- struct{}{}:
		defer func() { <-g.places }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to draw a picture: %w", context.Cause(ctx))
	}
	g.mu.Lock()
	pic := &picture{change: g.changes, drawn: g.now()}
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
	f.Link = s.liveLink(h)
	if pic.data, err = s.draw(ctx, f); err != nil {
		return nil, err
	}
	form := fmt.Sprintf("%s %+v", h.format, h.look)
	if !h.look.bare {
		form += fmt.Sprint(" ", f.Table.AsOf.Unix()/60) // below it stands the minute of its data
	}
	if pic.tag, err = s.tagOfTable(f.Table, form); err != nil {
		return nil, err
	}
	if !packed(pictureKind(h.format)) && len(pic.data) > worthGzip {
		pic.zipped = s.zip(pic.data)
	}
	pic.name = s.fileName(h.chart.ID, h.brands, h.window.Name, b.AsOf, h.format)
	pic.took = time.Since(begun)
	return pic, nil
}

// ahead draws one picture that changed before it is asked for, while nobody
// waits for another, and says how long it took; 0: none was needed.
func (g *gallery) ahead(ctx context.Context) (time.Duration, error) {
	h := g.next()
	if h == nil || g.wait.Load() > 0 {
		return 0, nil
	}
	pic, err := g.once(ctx, h)
	if err != nil {
		return 0, err
	}
	return pic.took, nil
}

// next is the picture to draw ahead: of those that changed and were asked for
// lately, the one that is the oldest.
func (g *gallery) next() *hung {
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
	var next *hung
	for _, k := range lately[:min(mostAhead, len(lately))] {
		h := g.kept[k]
		if g.heard && !g.fresh(h) && !g.isSlow(h) && now.Sub(h.pic.drawn) >= drawnLately && (next == nil || h.pic.drawn.Before(next.pic.drawn)) {
			next = h
		}
	}
	return next
}
