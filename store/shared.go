package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"
)

// A shared log is a sequence of records that processes agree on: a record is
// added after the last one that its writer has read, or not at all. What is old,
// or more than there is room for, goes from its beginning.
const (
	sharedChunk  = 16       // records that share a hash
	sharedAtOnce = 64       // chunks of one round trip
	sharedBytes  = 96 << 20 // of a log, and a chunk
	expireShared = 3 * day  // after its last record, of a chunk
)

// AppendShared adds a record to a shared log after number after, if that is
// the last one, and says whether it did. It gives the number of the last one
// now. After a lost reply it says that it didn't: who needs to know finds their
// own record among those that [Store.Shared] gives.
func (s *Store) AppendShared(ctx context.Context, log string, after uint64, record []byte) (last uint64, added bool, err error) {
	doing := "write to the log of " + log
	now := s.now()
	s.tick(now)
	chunk := (after + 1) / sharedChunk
	result, err := s.run(ctx, s.share, log, []string{sharedKey(log), sharedChunkKey(log, chunk)},
		[]any{after, record, now.Add(expireShared).Unix(), chunk})
	if err != nil {
		return 0, false, s.fail(doing, err)
	}
	list, ok := result.([]any)
	if !ok || len(list) != 4 {
		return 0, false, s.fail(doing, fmt.Errorf("shared.lua answered %v", result))
	}
	var n [4]int64
	for i, v := range list {
		n[i], _ = v.(int64)
	}
	if last = uint64(n[0]); n[3] == 0 {
		return last, false, nil
	}
	if last%sharedChunk == 0 || n[1] > sharedBytes {
		err = s.trimShared(ctx, log, uint64(n[2]), chunk)
	}
	return last, true, s.fail("make room in the log of "+log, err)
}

// trimShared drops chunks from first on, and never the one that is written.
func (s *Store) trimShared(ctx context.Context, log string, first, last uint64) error {
	for ; first < last; first++ {
		result, err := s.run(ctx, s.trim, log, []string{sharedKey(log), sharedChunkKey(log, first)}, []any{first, sharedBytes})
		if err != nil || result != int64(1) {
			return err
		}
	}
	return nil
}

// Shared gives the records of a shared log after a number, in order, as far as
// they are kept, and the number of the last one.
func (s *Store) Shared(ctx context.Context, log string, after uint64) (records [][]byte, last uint64, err error) {
	doing := "read the log of " + log
	fields, err := s.write.HMGet(ctx, sharedKey(log), "last", "first").Result()
	if err != nil {
		return nil, 0, s.fail(doing, err)
	}
	var n [2]uint64
	for i, v := range fields {
		text, _ := v.(string)
		n[i], _ = strconv.ParseUint(text, 10, 64)
	}
	last = n[0]
	chunk, end := max((after+1)/sharedChunk, n[1]), last/sharedChunk
	for ; chunk <= end && last > after; chunk += sharedAtOnce {
		pipe := s.write.Pipeline()
		var replies []*redis.MapStringStringCmd
		for c := chunk; c <= min(end, chunk+sharedAtOnce-1); c++ {
			replies = append(replies, pipe.HGetAll(ctx, sharedChunkKey(log, c)))
		}
		if err := run(ctx, pipe); err != nil {
			return nil, 0, s.fail(doing, err)
		}
		for _, reply := range replies {
			var numbers []uint64
			for field := range reply.Val() {
				if n, err := strconv.ParseUint(field, 10, 64); err == nil && n > after && n <= last {
					numbers = append(numbers, n)
				}
			}
			slices.Sort(numbers)
			for _, n := range numbers {
				records = append(records, []byte(reply.Val()[num(int64(n))]))
			}
		}
	}
	return records, last, nil
}
