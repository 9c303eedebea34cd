package store

import (
	"maps"
	"slices"
	"sync"

	"agora/mood"
)

const (
	heldCells = 60_000  // of a brand, about 150 bytes each
	heldAll   = 600_000 // of all
	heldLeast = 2000
	heldRest  = 64 // batches that add, at most, after others wrote
)

// held are cells as they stand on a server. A batch whose cells are held says
// what they become, instead of what is added to them: a transaction then only
// writes (see transact), which costs the server half as much as the script. It
// does so on condition that nobody wrote since: every write leaves its mark on
// the days that it touched (the w: keys), and marks are never the same. What an
// emptied or older server holds has other marks too. Where several processes
// write the same brand, most batches add.
type held struct {
	never  bool // an embedded server's work is this process's own
	lock   sync.Mutex
	brands map[string]*holdings
}

// holdings are a brand's cells, good under the marks of their days and of those
// beside them, into which an hour may reach.
type holdings struct {
	lock   sync.Mutex
	marks  map[int64]string // by day; empty: there is none
	hashes map[string]map[string]mood.Tally
	size   int
	rest   int // batches that add, before it is tried again
	rested int // of which so many have
}

func (h *holdings) reset() {
	h.marks, h.hashes, h.size = map[int64]string{}, map[string]map[string]mood.Tally{}, 0
}

func (h *holdings) put(key, field string, t mood.Tally) {
	fields := h.hashes[key]
	if fields == nil {
		fields = map[string]mood.Tally{}
		h.hashes[key] = fields
	}
	if _, ok := fields[field]; !ok {
		h.size++
	}
	fields[field] = t
}

// take gives the holdings of a brand, locked; nil: the batch adds.
func (h *held) take(brand string, brands int) *holdings {
	if h.never {
		return nil
	}
	h.lock.Lock()
	if h.brands == nil {
		h.brands = map[string]*holdings{}
	}
	x := h.brands[brand]
	if x == nil {
		x = &holdings{}
		x.reset()
		h.brands[brand] = x
	}
	h.lock.Unlock()
	if !x.lock.TryLock() { // another batch has them, and will leave other marks
		return nil
	}
	if x.rested < x.rest {
		x.rested++
		x.lock.Unlock()
		return nil
	}
	if x.size > min(heldCells, max(heldLeast, heldAll/max(1, brands))) {
		x.reset()
	}
	return x
}

// keep forgets all brands but these.
func (h *held) keep(brands []mood.Brand) {
	h.lock.Lock()
	defer h.lock.Unlock()
	maps.DeleteFunc(h.brands, func(id string, _ *holdings) bool {
		return !slices.ContainsFunc(brands, func(b mood.Brand) bool { return b.ID == id })
	})
}

// raced notes that another wrote in between.
func (h *holdings) raced() {
	h.reset()
	h.rest, h.rested = min(2*h.rest+1, heldRest), 0
}

// wrote notes that a batch is written.
func (h *holdings) wrote(b *batch) {
	for _, key := range b.cells.keys {
		for f, t := range b.cells.byKey[key].fields {
			t.Add(h.hashes[key][f])
			h.put(key, f, t)
		}
	}
	for d := range b.days {
		h.marks[d] = b.token
	}
	h.rest = 0
}
