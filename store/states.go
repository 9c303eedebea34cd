package store

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// A state is kept after eight bytes that say when it ends (milliseconds, 0:
// never): so it ends on the dot, on every server.

const stateHeader = 8

// Put keeps the value of a state for ttl, or for ever if that is 0.
func (s *Store) Put(ctx context.Context, kind, id string, value []byte, ttl time.Duration) error {
	now := s.now()
	s.tick(now)
	var end int64
	if ttl > 0 {
		end = now.Add(ttl).UnixMilli()
	}
	b := binary.BigEndian.AppendUint64(make([]byte, 0, stateHeader+len(value)), uint64(end))
	b = append(b, value...)
	keys := []string{stateKey(kind, id), stateSetKey(kind)}
	if s.embedded != nil {
		defer s.embedded.writing(kind, keys)()
	}
	pipe := s.write.TxPipeline()
	pipe.Set(ctx, keys[0], b, 0)
	if ttl > 0 {
		// The server's own clock may differ; it only tidies up.
		pipe.ExpireAt(ctx, keys[0], now.Add(ttl+time.Minute))
	}
	pipe.SAdd(ctx, keys[1], id)
	_, err := pipe.Exec(ctx)
	return s.fail("keep "+kind+" "+id, err)
}

// Sync returns once all that was put of a kind before is as safe as it gets:
// with the embedded store, on disk; with Options.WaitReplicas, on those. A
// Redis of its own otherwise keeps by its own rules.
func (s *Store) Sync(ctx context.Context, kind string) error {
	if s.embedded == nil {
		return s.fail("have "+kind+" confirmed", s.settle(ctx, kind))
	}
	if s.embedded.files == nil {
		return nil
	}
	if err := s.embedded.saveTag(kind, s.embedded.tag(kind)); err != nil {
		return fmt.Errorf("write %s to disk: %w", kind, err)
	}
	return nil
}

// Get gives the value of a state; mood.ErrNotFound if there is none.
func (s *Store) Get(ctx context.Context, kind, id string) ([]byte, error) {
	b, err := s.read.Get(ctx, stateKey(kind, id)).Bytes()
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, s.fail("read "+kind+" "+id, err)
	}
	if value, ok := s.alive(b); ok {
		return value, nil
	}
	return nil, fmt.Errorf("%s %s: %w", kind, id, mood.ErrNotFound)
}

func (s *Store) alive(b []byte) ([]byte, bool) {
	if len(b) < stateHeader {
		return nil, false
	}
	end := int64(binary.BigEndian.Uint64(b))
	return b[stateHeader:], end == 0 || s.now().UnixMilli() < end
}

// List gives the states of a kind by id.
func (s *Store) List(ctx context.Context, kind string) (map[string][]byte, error) {
	ids, err := s.read.SMembers(ctx, stateSetKey(kind)).Result()
	if err != nil {
		return nil, s.fail("list "+kind, err)
	}
	states := make(map[string][]byte, len(ids))
	var ended []any
	const most = 500 // states that are asked for at once
	for len(ids) > 0 {
		n := min(len(ids), most)
		keys := make([]string, n)
		for i, id := range ids[:n] {
			keys[i] = stateKey(kind, id)
		}
		list, err := s.read.MGet(ctx, keys...).Result()
		if err != nil {
			return nil, s.fail("list "+kind, err)
		}
		for i, v := range list {
			text, ok := v.(string)
			if value, live := s.alive([]byte(text)); ok && live {
				states[ids[i]] = value
			} else if !ok {
				ended = append(ended, ids[i])
			}
		}
		ids = ids[n:]
	}
	if len(ended) > 0 {
		key := stateSetKey(kind)
		if s.embedded != nil {
			defer s.embedded.writing(kind, []string{key})()
		}
		if err := s.write.SRem(ctx, key, ended...).Err(); err != nil {
			return nil, s.fail("list "+kind, err)
		}
	}
	return states, nil
}

// Delete ends a state. One that isn't there is no error.
func (s *Store) Delete(ctx context.Context, kind, id string) error {
	keys := []string{stateKey(kind, id), stateSetKey(kind)}
	if s.embedded != nil {
		defer s.embedded.writing(kind, keys)()
	}
	pipe := s.write.TxPipeline()
	pipe.Del(ctx, keys[0])
	pipe.SRem(ctx, keys[1], id)
	_, err := pipe.Exec(ctx)
	return s.fail("delete "+kind+" "+id, err)
}
