package store

import (
	"context"
	"slices"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// Kept are those of the ids whose mentions are kept, of whatever brand.
func (s *Store) Kept(ctx context.Context, ids []string) ([]string, error) {
	now := s.now()
	hashes := make([]string, len(ids))
	for i, id := range ids {
		hashes[i] = identities(mood.Mention{ID: id})[0]
	}
	var kept []string
	for _, b := range s.watched() {
		places, err := s.find(ctx, b.ID, hashes, now)
		if err != nil {
			return nil, s.fail("look for mentions", err)
		}
		pipe := s.read.Pipeline()
		there := map[string]*redis.BoolCmd{}
		for i, id := range ids {
			if p, ok := places[hashes[i]]; ok && p.id == id { // what was withdrawn keeps its place
				there[id] = pipe.HExists(ctx, textKey(b.ID, p.hour), id)
			}
		}
		if len(there) == 0 {
			continue
		}
		if err := run(ctx, pipe); err != nil {
			return nil, s.fail("look for mentions", err)
		}
		for id, answer := range there {
			if answer.Val() && !slices.Contains(kept, id) {
				kept = append(kept, id)
			}
		}
	}
	return kept, nil
}
