package store

import (
	"slices"
	"sync"

	"agora/mood"
)

// packedCell is one field of a hash of cells.
type packedCell struct {
	field string
	tally mood.Tally
}

func parseCells(fields map[string]string) []packedCell {
	cells := make([]packedCell, 0, len(fields))
	for f, v := range fields {
		cells = append(cells, packedCell{f, parseTally(v)})
	}
	return cells
}

const (
	cellCacheCells = 400_000 // about 100 bytes each
	cellOverhead   = 4       // cells that an empty hash counts as
)

// cellCache holds hashes of cells of past days as they were read. What is
// published late may still change them; so every write leaves its mark on the
// days that it touched (the w: keys), and a hash is good as long as the marks
// of its days are those that it was read under.
type cellCache struct {
	lock   sync.Mutex
	hashes map[string]*cachedCells
	size   int
	clock  int64
}

type cachedCells struct {
	marks string
	cells []packedCell
	used  int64
}

func (c *cachedCells) size() int { return len(c.cells) + cellOverhead }

func newCellCache() *cellCache { return &cellCache{hashes: map[string]*cachedCells{}} }

func (c *cellCache) forget() {
	c.lock.Lock()
	defer c.lock.Unlock()
	clear(c.hashes)
	c.size = 0
}

// get gives a hash, whose marks the caller has to compare.
func (c *cellCache) get(key string) (marks string, cells []packedCell, ok bool) {
	c.lock.Lock()
	defer c.lock.Unlock()
	h := c.hashes[key]
	if h == nil {
		return "", nil, false
	}
	c.clock++
	h.used = c.clock
	return h.marks, h.cells, true
}

func (c *cellCache) put(key, marks string, cells []packedCell) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if h := c.hashes[key]; h != nil {
		c.size -= h.size()
	}
	c.clock++
	h := &cachedCells{marks, cells, c.clock}
	c.hashes[key] = h
	c.size += h.size()
	if c.size <= cellCacheCells {
		return
	}
	// Drop what was used longest ago, down to three quarters.
	keys := make([]string, 0, len(c.hashes))
	for k := range c.hashes {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return int(c.hashes[a].used - c.hashes[b].used) })
	for _, k := range keys {
		if c.size <= cellCacheCells*3/4 {
			break
		}
		c.size -= c.hashes[k].size()
		delete(c.hashes, k)
	}
}
