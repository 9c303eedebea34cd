package server

import (
	"context"
	"sync"
	"time"

	"agora/mood"
)

const (
	volumeDays = 7 * 24 * time.Hour // what shares of sources are of
	volumeTime = 15 * time.Second   // how long the newest volumes are good for
	maxVolumes = 500
)

// volumeCache remembers how much each source carried of a brand in the week
// before some moment. What is past changes no more, but for corrections and
// late finds, which don't matter here.
type volumeCache struct {
	from Volumes
	now  func() time.Time
	mu   sync.Mutex
	kept map[volumeKey]keptVolumes
}

// volumeKey is a brand and a minute; 0: now.
type volumeKey struct {
	brand  string
	minute int64
}

type keptVolumes struct {
	value mood.Volumes
	at    time.Time
}

func newVolumeCache(from Volumes, now func() time.Time) *volumeCache {
	return &volumeCache{from: from, now: now, kept: make(map[volumeKey]keptVolumes)}
}

// lately gives a brand's volumes in the last 7 days.
func (c *volumeCache) lately(ctx context.Context, brand string) (mood.Volumes, error) {
	return c.get(ctx, volumeKey{brand: brand}, c.now())
}

// before gives a brand's volumes in the 7 days before a moment of the past.
func (c *volumeCache) before(ctx context.Context, brand string, at time.Time) (mood.Volumes, error) {
	return c.get(ctx, volumeKey{brand, at.Unix() / 60}, at)
}

func (c *volumeCache) get(ctx context.Context, key volumeKey, at time.Time) (mood.Volumes, error) {
	if c.from == nil {
		return mood.Volumes{}, nil
	}
	now := c.now()
	to := at.Add(time.Minute - 1).Truncate(time.Minute) // the minute that is under way is whole
	c.mu.Lock()
	kept, ok := c.kept[key]
	c.mu.Unlock()
	if age := now.Sub(kept.at); ok && (key.minute != 0 || age >= 0 && age < volumeTime) {
		return kept.value, nil
	}
	value, err := c.from.Volumes(ctx, key.brand, to.Add(-volumeDays), to)
	if err != nil {
		if ok {
			return kept.value, nil // a minute makes little difference
		}
		return mood.Volumes{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= maxVolumes {
		clear(c.kept)
	}
	c.kept[key] = keptVolumes{value, now}
	return value, nil
}
