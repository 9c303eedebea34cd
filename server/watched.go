package server

import "agora/mood"

// watch is what is watched, and where it is shown. It is replaced as a whole
// when the configuration changes.
type watch struct {
	brands []mood.Brand
	ids    []string
	byID   map[string]mood.Brand
	walls  []mood.Wall
}

func newWatch(brands []mood.Brand, walls []mood.Wall) *watch {
	w := &watch{brands: brands, byID: make(map[string]mood.Brand, len(brands)), walls: walls}
	if w.brands == nil {
		w.brands = []mood.Brand{}
	}
	if w.walls == nil {
		w.walls = []mood.Wall{}
	}
	for _, b := range brands {
		w.ids = append(w.ids, b.ID)
		w.byID[b.ID] = b
	}
	return w
}

func (w *watch) hasWall(id string) bool {
	for _, wall := range w.walls {
		if wall.ID == id {
			return true
		}
	}
	return false
}

func (w *watch) wallIDs() []string {
	var ids []string
	for _, wall := range w.walls {
		ids = append(ids, wall.ID)
	}
	return ids
}

// Watch replaces what is watched and where it is shown, as after a change of
// the configuration. Streams of brands that are gone end; all others are drawn
// anew.
func (s *Server) Watch(brands []mood.Brand, walls []mood.Wall) {
	s.watched.Store(newWatch(brands, walls))
	s.hub.reset()
}
