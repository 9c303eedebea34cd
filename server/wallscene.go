package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"agora/charts"
	"agora/mood"
)

// Scenes draws what a wall shows as one picture.
type Scenes interface {
	// Draw makes a picture. The same scene gives the same bytes. A scene that
	// can't be drawn is [mood.ErrInvalid]; too much at once is
	// [mood.ErrUnavailable].
	Draw(ctx context.Context, s charts.Scene) ([]byte, error)
}

// What a picture of a wall says when there is nothing to show, or it is old.
const (
	wordsListening = "Listening for"
	wordsNoBrand   = "No brand is watched yet"
	wordsAddBrand  = "Add one under “brands” in agora.yaml; this screen goes on by itself."
	wordsNoStore   = "Agora’s store can’t be reached"
	wordsGoesOn    = "This screen goes on by itself."
	wordsWaiting   = "One moment"
)

// wordsFirst is what stands below the brands before anything was said. The live
// wall says the same, see static/src/wall/words.js.
func wordsFirst(s mood.SourcesStatus) string {
	const comes = "The first mention appears here by itself."
	switch read := s.Total - s.Mute; {
	case s.Total == 0:
		return comes
	case read <= 0 && s.Total == 1:
		return "The only source doesn’t answer. Agora keeps asking."
	case read <= 0:
		return fmt.Sprintf("None of the %d sources answers. Agora keeps asking.", s.Total)
	case s.Mute > 0:
		return fmt.Sprintf("%d of %d sources are being read. %s", read, s.Total, comes)
	case s.Total == 1:
		return "One source is being read. " + comes
	}
	return fmt.Sprintf("%d sources are being read. %s", s.Total, comes)
}

// wallOld is what a picture says when what it shows could not be read anew.
func wallOld(read, now time.Time, loc *time.Location) mood.Silence {
	return mood.Silence{
		Kind: mood.SilenceLink, Stale: true,
		Sentence: "As of " + mood.ClockWord(read, now, loc) + ": the store can’t be reached",
	}
}

// factsOf gives what a wall shows, read a moment ago; where it can't be read,
// what was read last, and then old is true; nil: nothing ever was.
func (g *wallGallery) factsOf(ctx context.Context, wall mood.Wall) (f *wallFacts, old bool) {
	key := fmt.Sprintf("%s %q %s", wall.ID, wall.Brands, wall.Window)
	now := g.now()
	g.mu.Lock()
	f = g.facts[key]
	failed, tried := g.failed[key]
	g.mu.Unlock()
	if age := f.age(now); f != nil && age >= 0 && age < factsTime {
		return f, false
	}
	if age := now.Sub(failed); tried && age >= 0 && age < factsRetry {
		return f, true
	}
	read, err := g.reading.Do(ctx, key, func(ctx context.Context) (*wallFacts, error) {
		read, err := g.server.readWall(ctx, wall, now)
		if !errors.Is(ctx.Err(), context.Canceled) { // else all who asked have left, and it says nothing of the store
			g.took(key, read, now, err)
		}
		return read, err
	})
	if err != nil {
		g.server.log.LogAttrs(ctx, slog.LevelDebug, "a wall could not be read", slog.String("wall", wall.ID), slog.Any("error", err))
		return f, true
	}
	return read, false
}

// took keeps what was read of a wall, or that it failed.
func (g *wallGallery) took(key string, f *wallFacts, now time.Time, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil {
		if len(g.failed) >= maxWallFacts {
			clear(g.failed)
		}
		g.failed[key] = now
		return
	}
	delete(g.failed, key)
	if len(g.facts) >= maxWallFacts {
		clear(g.facts)
	}
	g.facts[key] = f
}

func (f *wallFacts) age(now time.Time) time.Duration {
	if f == nil {
		return 0
	}
	return now.Sub(f.read)
}

// scene is what a wall shows at a time. A scene of one minute is the same as
// long as what it shows is: ages and the clock go by the minute.
func (g *wallGallery) scene(ctx context.Context, w wallWanted, now time.Time) charts.Scene {
	s := g.server
	watched := s.watched.Load()
	wall := watched.wallOf(w.wall)
	minute := now.Truncate(time.Minute)
	sc := charts.Scene{
		Show: charts.SceneWaiting, Window: wall.Window, Now: minute, Zone: s.Location, Demo: s.Demo,
		Dim:    isQuiet(wall.Quiet, now, s.Location),
		Format: w.format, Theme: w.theme, Width: w.width, Height: w.height, Scale: w.scale,
	}
	sc.Silence.Kind = mood.SilenceNone
	if w.closed { // whoever asks can't be told from a stranger now, and sees nothing
		sc.Waiting.Before, sc.Waiting.Title, sc.Waiting.Below = wordsWaiting, wordsNoStore, wordsGoesOn
		return sc
	}
	if len(wall.Brands) == 0 {
		sc.Waiting.Title, sc.Waiting.Below = wordsNoBrand, wordsAddBrand
		return sc
	}
	for _, id := range wall.Brands {
		b := watched.byID[id]
		sc.Brands = append(sc.Brands, charts.SceneBrand{Name: b.Name, Color: b.Color})
	}
	f, old := g.factsOf(ctx, wall)
	if f == nil {
		sc.Brands = nil
		sc.Waiting.Before, sc.Waiting.Title, sc.Waiting.Below = wordsWaiting, wordsNoStore, wordsGoesOn
		return sc
	}
	sc.AsOf = f.board.AsOf.Truncate(time.Minute)
	st := g.statusNow(ctx)
	if old {
		sc.Silence = wallOld(f.board.AsOf, now, s.Location)
	} else {
		sc.Silence = st.Silence(f.last(), minute, s.Location)
	}
	nothing := len(f.mentions) == 0
	for i, id := range wall.Brands {
		sc.Brands[i] = f.brand(watched, id)
		nothing = nothing && sc.Brands[i].Mentions == 0
	}
	t := turnAt(scenesOf(wall.Scenes, len(wall.Brands), w.only), len(wall.Brands), now)
	id := wall.Brands[t.brand]
	if nothing {
		sc.Waiting.Before, sc.Waiting.Below = wordsListening, wordsFirst(st.Sources)
		sc.Map = f.option(s, wall.Brands[0], "map")
		return sc
	}
	sc.Show, sc.Brand, sc.Mentions, sc.Found = t.show, sc.Brands[t.brand], f.said(watched), f.found()
	switch t.show {
	case charts.SceneOverview:
		sc.Map, sc.Timeline, sc.Topics = f.option(s, id, "map"), f.option(s, id, "timeline"), f.option(s, id, "topics")
	case charts.SceneMap:
		sc.Map = f.option(s, id, "map")
	}
	return sc
}

// statusNow is how the machinery does, looked at once a second at most.
func (g *wallGallery) statusNow(ctx context.Context) mood.Status {
	now := g.now()
	g.mu.Lock()
	st, at := g.status, g.looked
	g.mu.Unlock()
	if age := now.Sub(at); age >= 0 && age < statusTime {
		return st
	}
	within, done := context.WithTimeout(ctx, 2*time.Second)
	defer done()
	st = g.server.status(within, g.server.health())
	g.mu.Lock()
	defer g.mu.Unlock()
	g.status, g.looked = st, now
	return st
}
