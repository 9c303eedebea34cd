package server

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"agora/charts"
	"agora/errand"
	"agora/mood"
)

// wallGallery keeps the pictures of walls that screens ask for, draws them anew
// when what they show has changed, one at a time, and ahead of being asked for:
// also the scene that comes next.
type wallGallery struct {
	server  *Server
	now     func() time.Time
	reading *errand.Group[*wallFacts]
	flight  *errand.Group[*wallPicture]
	brush   chan struct{} // whoever has it draws

	mu     sync.Mutex
	facts  map[string]*wallFacts
	failed map[string]time.Time // when reading a wall failed
	kept   map[wallWanted]*wallHung
	status mood.Status
	looked time.Time // at the status
}

// wallWanted is a picture of a wall as it is asked for.
type wallWanted struct {
	wall, only    string // ids of the wall and of the scene; empty: the first; as the clock has it
	format, theme string
	width, height int
	scale         float64
	closed        bool // nothing of the wall may be shown
}

// wallHung is a picture that screens ask for.
type wallHung struct {
	asked time.Time
	pics  map[string]*wallPicture // by frame: the one that is on, and the one that comes
}

type wallPicture struct {
	data  []byte
	tag   string
	sum   [sha256.Size]byte // of the scene
	drawn time.Time
	took  time.Duration
}

const (
	maxWallFacts = 50
	maxWallHung  = 60
	wallRoom     = 32 << 20         // bytes of pictures that are kept
	wallAsked    = time.Minute      // for as long a picture is drawn ahead
	wallKept     = 10 * time.Minute // and kept
	wallLately   = 10 * time.Second // a picture of the same frame is drawn so often at most
	wallAhead    = 3 * time.Second  // how early the next scene is drawn
)

func newWallGallery(s *Server) *wallGallery {
	return &wallGallery{
		server: s, now: s.now, brush: make(chan struct{}, 1),
		reading: errand.NewGroup[*wallFacts](s.office, computeTime, maxWallFacts),
		flight:  errand.NewGroup[*wallPicture](s.office, galleryTime, 4*maxWallHung),
		facts:   map[string]*wallFacts{}, failed: map[string]time.Time{}, kept: map[wallWanted]*wallHung{},
	}
}

// frameOf names what a picture may not lag behind in: the scene and whose turn it
// is, the minute on its clock, and its marks.
func frameOf(sc charts.Scene) string {
	return fmt.Sprintf("%s %s %d %s %v %v", sc.Show, sc.Brand.Name, sc.Now.Unix(), sc.Silence.Kind, sc.Silence.Stale, sc.Dim)
}

// get gives the picture of a wall as it is now.
func (g *wallGallery) get(ctx context.Context, w wallWanted) (*wallPicture, error) {
	now := g.now()
	sc := g.scene(ctx, w, now)
	g.mu.Lock()
	h := g.kept[w]
	if h == nil {
		h = &wallHung{pics: map[string]*wallPicture{}}
		g.kept[w] = h
	}
	h.asked = now
	g.makeRoom(w)
	pic := h.pics[frameOf(sc)]
	g.mu.Unlock()
	sum, err := sumOf(sc)
	if err != nil {
		return nil, err
	}
	if pic != nil && (pic.sum == sum || recent(now.Sub(pic.drawn))) {
		g.server.meters.pictures.WithLabelValues("kept").Inc()
		return pic, nil
	}
	if pic, err = g.once(ctx, w, sc, sum); err == nil {
		g.server.meters.pictures.WithLabelValues("drawn").Inc()
	}
	return pic, err
}

// recent is false where the clock went backwards, too.
func recent(age time.Duration) bool { return age >= 0 && age < wallLately }

func sumOf(sc charts.Scene) ([sha256.Size]byte, error) {
	body, err := json.Marshal(sc)
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("encode a scene: %w", err)
	}
	return sha256.Sum256(body), nil
}

// once draws a picture for all who wait for it.
func (g *wallGallery) once(ctx context.Context, w wallWanted, sc charts.Scene, sum [sha256.Size]byte) (*wallPicture, error) {
	pic, err := g.flight.Do(ctx, string(sum[:]), func(ctx context.Context) (*wallPicture, error) {
		select {
		case g.brush <- struct{}{}:
			defer func() { <-g.brush }()
		case <-ctx.Done():
			return nil, unpainted(ctx, fmt.Errorf("wait for a picture: %w", context.Cause(ctx)))
		}
		return g.draw(ctx, w, sc, sum)
	})
	if errors.Is(err, errand.ErrFull) {
		return nil, tooMany(err)
	}
	return pic, err
}

func (g *wallGallery) draw(ctx context.Context, w wallWanted, sc charts.Scene, sum [sha256.Size]byte) (*wallPicture, error) {
	begun := time.Now()
	data, err := g.server.Scenes.Draw(ctx, sc)
	if err != nil {
		return nil, unpainted(ctx, fmt.Errorf("draw a wall as %s: %w", sc.Format, err))
	}
	pic := &wallPicture{data: data, tag: tagOf(data), sum: sum, drawn: g.now(), took: time.Since(begun)}
	g.mu.Lock()
	defer g.mu.Unlock()
	if h := g.kept[w]; h != nil {
		for f, other := range h.pics {
			if len(h.pics) > 1 && other.drawn.Before(pic.drawn.Add(-wallAhead)) || other.drawn.Before(pic.drawn.Add(-time.Minute)) {
				delete(h.pics, f)
			}
		}
		h.pics[frameOf(sc)] = pic
	}
	return pic, nil
}

// makeRoom forgets the pictures that nobody asked for the longest, until the
// rest has room. The caller has the lock.
func (g *wallGallery) makeRoom(newest wallWanted) {
	for {
		used := 0
		var oldest wallWanted
		var h *wallHung
		for w, other := range g.kept {
			for _, pic := range other.pics {
				used += len(pic.data)
			}
			if w != newest && (h == nil || other.asked.Before(h.asked)) {
				oldest, h = w, other
			}
		}
		if h == nil || used <= wallRoom && len(g.kept) <= maxWallHung && g.now().Sub(h.asked) < wallKept {
			return
		}
		delete(g.kept, oldest)
	}
}

// ahead draws one picture that screens will ask for, and says how long it took;
// 0: none was needed.
func (g *wallGallery) ahead(ctx context.Context) (time.Duration, error) {
	now := g.now()
	g.mu.Lock()
	var asked []wallWanted
	for w, h := range g.kept {
		if now.Sub(h.asked) < wallAsked && !w.closed {
			asked = append(asked, w)
		}
	}
	g.mu.Unlock()
	for _, at := range []time.Time{now, now.Add(wallAhead)} {
		for _, w := range asked {
			sc := g.scene(ctx, w, at)
			g.mu.Lock()
			var pic *wallPicture
			if h := g.kept[w]; h != nil {
				pic = h.pics[frameOf(sc)]
			}
			g.mu.Unlock()
			sum, err := sumOf(sc)
			if err != nil {
				return 0, err
			}
			if pic != nil && (pic.sum == sum || recent(now.Sub(pic.drawn))) {
				continue
			}
			if pic, err = g.once(ctx, w, sc, sum); err != nil {
				return 0, err
			}
			return pic.took, nil
		}
	}
	return 0, nil
}
