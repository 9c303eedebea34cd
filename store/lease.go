package store

import (
	"context"
	_ "embed"
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

//go:embed lease.lua
var leaseText string

// leaseScript is run by its hash, which is computed once.
var leaseScript = redis.NewScript(leaseText)

// Claim gives owner the lease of a thing for ttl, with a new fence, unless
// another has it. An owner that has it already gets it again, with its fence.
// Owners are told apart by their names, which must be random.
func (s *Store) Claim(ctx context.Context, kind, id, owner string, ttl time.Duration) (mood.Lease, error) {
	return s.claim(ctx, kind, id, owner, ttl, "")
}

// ClaimState is Claim for one who is going to change a state that it has read
// before: where what is kept has another version than known, it gives that, and
// no lease.
func (s *Store) ClaimState(ctx context.Context, kind, id, owner string, ttl time.Duration, known uint64) (mood.Lease, error) {
	l, err := s.claim(ctx, kind, id, owner, ttl, strconv.FormatUint(known, 10))
	if err != nil || l.Value == nil {
		return l, err
	}
	value, ok := s.alive(l.Value)
	if !ok { // it has ended, and is none
		return s.claim(ctx, kind, id, owner, ttl, "")
	}
	l.Value = value
	return l, nil
}

func (s *Store) claim(ctx context.Context, kind, id, owner string, ttl time.Duration, known string) (mood.Lease, error) {
	l := mood.Lease{Kind: kind, ID: id}
	if owner == "" || ttl < time.Millisecond {
		return l, fmt.Errorf("claim %s %s: an owner and at least a millisecond are needed: %w", kind, id, mood.ErrInvalid)
	}
	asked := time.Now() // the server begins to count later
	if s.embedded != nil {
		s.tick(s.now())
		return s.embedded.leases.claim(ctx, s, l, owner, ttl, known)
	}
	result, err := s.lease(ctx, kind, id, "claim", owner, ttl.Milliseconds(), int(expireFence/time.Second), known)
	if err != nil {
		return l, s.fail("claim "+kind+" "+id, err)
	}
	reply, ok := result.([]any)
	if !ok || len(reply) < 3 {
		return l, fmt.Errorf("claim %s %s: the store answered %v", kind, id, result)
	}
	l.Version = unsigned(reply[2])
	if held, _ := reply[0].(int64); held == 1 {
		l.Held, l.Fence, l.Until = true, unsigned(reply[1]), asked.Add(ttl)
		return l, nil
	}
	wait, _ := reply[1].(int64)
	l.Wait = max(0, time.Duration(wait)*time.Millisecond)
	if len(reply) > 3 {
		text, _ := reply[3].(string)
		l.Value = []byte(text)
	}
	return l, nil
}

// lease runs the script on the keys of one thing.
func (s *Store) lease(ctx context.Context, kind, id, what string, args ...any) (any, error) {
	keys := []string{leaseKey(kind, id), fenceKey(kind, id), stateKey(kind, id), stateSetKey(kind)}
	return s.run(ctx, leaseScript, kind, keys, append([]any{what}, args...))
}

func unsigned(v any) uint64 {
	text, _ := v.(string)
	n, _ := strconv.ParseUint(text, 10, 64) // what isn't one counts as none
	return n
}

// Renew makes a lease last for ttl from now on. One that ran out and that nobody
// took since is renewed too. An error of the kind [mood.ErrConflict] says that a
// newer one was given out.
func (s *Store) Renew(ctx context.Context, l mood.Lease, ttl time.Duration) (mood.Lease, error) {
	asked := time.Now()
	if s.embedded != nil {
		if !s.embedded.leases.renew(l, ttl) {
			return l, lost(l)
		}
	} else {
		result, err := s.lease(ctx, l.Kind, l.ID, "renew", fence(l), ttl.Milliseconds(), fence(l))
		if err != nil {
			return l, s.fail("renew the lease of "+l.Kind+" "+l.ID, err)
		}
		if result == int64(0) {
			return l, lost(l)
		}
	}
	l.Held, l.Until = true, asked.Add(ttl)
	return l, nil
}

// Release gives a lease back. One that another has by now is left alone.
func (s *Store) Release(ctx context.Context, l mood.Lease) error {
	if s.embedded != nil {
		s.embedded.leases.release(l)
		return nil
	}
	_, err := s.lease(ctx, l.Kind, l.ID, "release", fence(l))
	return s.fail("give the lease of "+l.Kind+" "+l.ID+" back", err)
}

// PutFenced keeps the value of a state like [Store.Put], if fence is the newest
// that was given out for it, and gives the state's new version. Whether the
// lease has run out doesn't matter. An error of the kind [mood.ErrConflict] says
// that a newer fence was given out: nothing is written.
func (s *Store) PutFenced(ctx context.Context, kind, id string, value []byte, ttl time.Duration, fence uint64) (version uint64, err error) {
	return s.putFenced(ctx, mood.Lease{Kind: kind, ID: id, Fence: fence}, value, ttl, false)
}

// Settle is PutFenced under a lease, which is given back at the same time,
// whether or not it was lost.
func (s *Store) Settle(ctx context.Context, l mood.Lease, value []byte, ttl time.Duration) (version uint64, err error) {
	return s.putFenced(ctx, l, value, ttl, true)
}

func (s *Store) putFenced(ctx context.Context, l mood.Lease, value []byte, ttl time.Duration, release bool) (uint64, error) {
	if s.embedded != nil {
		return s.embedded.leases.put(ctx, s, l, value, ttl, release)
	}
	now := s.now()
	var end, expiry int64
	if ttl > 0 {
		// The server's own clock may differ; it only tidies up.
		end, expiry = now.Add(ttl).UnixMilli(), now.Add(ttl+time.Minute).Unix()
	}
	b := binary.BigEndian.AppendUint64(make([]byte, 0, stateHeader+len(value)), uint64(end))
	b = append(b, value...)
	back := 0
	if release {
		back = 1
	}
	result, err := s.lease(ctx, l.Kind, l.ID, "put", fence(l), int(expireFence/time.Second), b, expiry, l.ID, back)
	if err != nil {
		return 0, s.fail("keep "+l.Kind+" "+l.ID, err)
	}
	version := unsigned(result)
	if version == 0 {
		return 0, lost(l)
	}
	return version, nil
}

func fence(l mood.Lease) string { return strconv.FormatUint(l.Fence, 10) }

func lost(l mood.Lease) error {
	return fmt.Errorf("%s %s belongs to another process by now: %w", l.Kind, l.ID, mood.ErrConflict)
}
