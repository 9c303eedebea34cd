package store

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// keptText is one text of an hour, its header read.
type keptText struct {
	header
	id   string
	body string // JSON
}

// newest orders texts newest first, and those of one moment by id.
func newest(aMillis int64, aID string, bMillis int64, bID string) int {
	switch {
	case aMillis > bMillis:
		return -1
	case aMillis < bMillis:
		return 1
	}
	return strings.Compare(bID, aID)
}

const textCacheBytes = 48 << 20

// textCache holds hours of texts as they were read, so that page after page,
// and filter after filter, reads only the hours that changed meanwhile: each
// hour has a version in the book.
type textCache struct {
	lock  sync.Mutex
	hours map[string]*cachedHour
	bytes int
	clock int64
}

type cachedHour struct {
	version string
	texts   []keptText // newest first
	bytes   int
	used    int64
}

func newTextCache() *textCache { return &textCache{hours: map[string]*cachedHour{}} }

func (c *textCache) forget() {
	c.lock.Lock()
	defer c.lock.Unlock()
	clear(c.hours)
	c.bytes = 0
}

func (c *textCache) get(key, version string) ([]keptText, bool) {
	c.lock.Lock()
	defer c.lock.Unlock()
	h := c.hours[key]
	if h == nil || h.version != version {
		return nil, false
	}
	c.clock++
	h.used = c.clock
	return h.texts, true
}

func (c *textCache) put(key, version string, texts []keptText, bytes int) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if h := c.hours[key]; h != nil {
		c.bytes -= h.bytes
	}
	c.clock++
	c.hours[key] = &cachedHour{version, texts, bytes, c.clock}
	c.bytes += bytes
	if c.bytes <= textCacheBytes {
		return
	}
	// Drop what was used longest ago, down to three quarters.
	keys := make([]string, 0, len(c.hours))
	for k := range c.hours {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return int(c.hours[a].used - c.hours[b].used) })
	for _, k := range keys {
		if c.bytes <= textCacheBytes*3/4 {
			break
		}
		c.bytes -= c.hours[k].bytes
		delete(c.hours, k)
	}
}

// wantedHour is an hour of one brand's texts.
type wantedHour struct {
	key     string
	version string
}

// readHours gives the texts of hours, by key, from the cache or the server.
func (s *Store) readHours(ctx context.Context, wanted []wantedHour) (map[string][]keptText, error) {
	out := make(map[string][]keptText, len(wanted))
	var pipe redis.Pipeliner
	replies := map[string]*redis.MapStringStringCmd{}
	versions := map[string]string{}
	for _, w := range wanted {
		if texts, ok := s.texts.get(w.key, w.version); ok {
			out[w.key] = texts
			continue
		}
		if pipe == nil {
			pipe = s.read.Pipeline()
		}
		replies[w.key] = pipe.HGetAll(ctx, w.key)
		versions[w.key] = w.version
	}
	if pipe == nil {
		return out, nil
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, err
	}
	for key, reply := range replies {
		texts := make([]keptText, 0, len(reply.Val()))
		bytes := 0
		for id, text := range reply.Val() {
			h, body, err := parseHeader(text)
			if err != nil {
				s.log.Warn("a kept mention is left out", "id", id, "error", err)
				continue
			}
			texts = append(texts, keptText{h, id, body})
			bytes += len(text) + 256
		}
		slices.SortFunc(texts, func(a, b keptText) int {
			return newest(a.published.UnixMilli(), a.id, b.published.UnixMilli(), b.id)
		})
		s.texts.put(key, versions[key], texts, bytes)
		out[key] = texts
	}
	return out, nil
}
