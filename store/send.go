package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

const (
	maxAttempts  = 4 // of a script, 50, 100 and 200 ms apart
	maxRedirects = 5
)

// node is the one of a cluster to ask; the zero node is the one that the map
// of the cluster has.
type node struct {
	addr string
	ask  bool // for this once, while a slot is on its way
}

// redirected says which node of a cluster an error sends to.
func redirected(err error) (addr string, ask, ok bool) {
	if !redis.HasErrorPrefix(err, "MOVED ") && !redis.HasErrorPrefix(err, "ASK ") {
		return "", false, false
	}
	words := strings.Fields(err.Error()) // MOVED slot host:port
	return words[len(words)-1], strings.HasPrefix(err.Error(), "ASK "), true
}

// run runs a script of one tag, again if its reply was lost: scripts that
// write find out by themselves that they ran before. Where the operator asks
// for it, it returns only once replicas have what was written.
func (s *Store) run(ctx context.Context, script *redis.Script, tag string, keys []string, args []any) (any, error) {
	result, _, err := s.runCounted(ctx, script, tag, keys, args)
	return result, err
}

// runCounted is run, and says how often it tried.
func (s *Store) runCounted(ctx context.Context, script *redis.Script, tag string, keys []string, args []any) (result any, tries int, err error) {
	if s.embedded != nil {
		defer s.embedded.writing(tag, keys)()
	}
	var to node
	attempts, redirects := 1, 0
	for {
		result, err := s.send(ctx, to, script, tag, keys, args)
		if err == nil {
			s.link.up(s.now())
			return result, attempts, nil
		}
		if addr, ask, ok := redirected(err); ok && redirects < maxRedirects {
			to = node{addr, ask}
			redirects++
			continue
		}
		to = node{}
		if !transient(err) || attempts == maxAttempts {
			return nil, attempts, err
		}
		if pause(ctx, 25*time.Millisecond<<attempts) != nil {
			return nil, attempts, err
		}
		attempts++
	}
}

// send runs a script once.
func (s *Store) send(ctx context.Context, to node, script *redis.Script, tag string, keys []string, args []any) (any, error) {
	client, err := s.nodeOf(ctx, to, keys[0])
	if err != nil {
		return nil, err
	}
	for _, run := range [...]func(context.Context, redis.Scripter, []string, ...any) *redis.Cmd{script.EvalSha, script.Eval} {
		var cmd *redis.Cmd
		err = s.together(ctx, client, to.ask, tag, func(c redis.Cmdable) redis.Cmder {
			cmd = run(ctx, c.(redis.Scripter), keys, args...)
			return cmd
		})
		if !redis.HasErrorPrefix(err, "NOSCRIPT") {
			result := cmd.Val()
			return result, err
		}
	}
	return nil, err
}

// together sends a write and, if the operator asks for replicas, waits for
// them, all on one connection: a server counts what its replicas have
// confirmed of what was written on the connection that asks.
func (s *Store) together(ctx context.Context, client redis.UniversalClient, ask bool, tag string, write func(redis.Cmdable) redis.Cmder) error {
	replicas := s.opts.WaitReplicas
	if s.embedded != nil {
		replicas = 0
	}
	if replicas == 0 && !ask {
		return notNil(write(client).Err())
	}
	pipe := client.Pipeline()
	asking := func() {
		if ask {
			pipe.Do(ctx, "ASKING")
		}
	}
	asking()
	written := write(pipe)
	var fence *redis.StatusCmd
	var confirmed *redis.Cmd
	if replicas > 0 {
		// A script that finds that it ran before writes nothing, and a server
		// then has nothing to wait for. What is written now comes after all
		// that was written before, by whomever.
		asking()
		fence = pipe.Set(ctx, confirmKey(tag), 1, 0)
		confirmed = pipe.Do(ctx, "WAIT", replicas, s.opts.WaitTimeout.Milliseconds())
	}
	_, sent := pipe.Exec(ctx)
	if err := notNil(written.Err()); err != nil || replicas == 0 {
		return err
	}
	if err := errors.Join(fence.Err(), confirmed.Err()); err != nil {
		if redis.HasErrorPrefix(sent, "MOVED ") || redis.HasErrorPrefix(sent, "ASK ") {
			return sent
		}
		return err
	}
	return s.confirmedBy(confirmed)
}

// confirm waits for the replicas that the operator asks for to have what was
// written on a connection, and what was found written there.
func (s *Store) confirm(ctx context.Context, conn *redis.Conn, tag string) error {
	if s.opts.WaitReplicas == 0 {
		return nil
	}
	pipe := conn.Pipeline()
	pipe.Set(ctx, confirmKey(tag), 1, 0) // see together: there is a write to wait for
	confirmed := pipe.Do(ctx, "WAIT", s.opts.WaitReplicas, s.opts.WaitTimeout.Milliseconds())
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	return s.confirmedBy(confirmed)
}

// confirmedBy is an error if too few replicas confirmed what was written.
func (s *Store) confirmedBy(reply *redis.Cmd) error {
	if n, _ := reply.Int(); n < s.opts.WaitReplicas {
		return fmt.Errorf("%w: it was written, and %d of the %d replicas that redis_wait asks for confirmed that within %v",
			mood.ErrUnavailable, n, s.opts.WaitReplicas, s.opts.WaitTimeout)
	}
	return nil
}

// settle returns once the replicas that the operator asks for have all that
// was written of a tag.
func (s *Store) settle(ctx context.Context, tag string) error {
	if s.opts.WaitReplicas == 0 || s.embedded != nil {
		return nil
	}
	_, err := s.run(ctx, s.nothing, tag, []string{confirmKey(tag)}, nil)
	return err
}

// nodeOf is the client of the server that has a key.
func (s *Store) nodeOf(ctx context.Context, to node, key string) (redis.UniversalClient, error) {
	c, ok := s.write.(*redis.ClusterClient)
	if !ok {
		return s.write, nil
	}
	if to.addr != "" {
		var found atomic.Pointer[redis.Client]
		err := c.ForEachShard(ctx, func(_ context.Context, node *redis.Client) error {
			if node.Options().Addr == to.addr {
				found.Store(node)
			}
			return nil
		})
		if node := found.Load(); err == nil && node != nil {
			return node, nil
		}
		// It is new here: the map that is being fetched will have it.
	}
	return c.MasterForKey(ctx, key)
}

func notNil(err error) error {
	if errors.Is(err, redis.Nil) {
		return nil
	}
	return err
}

func timedOut(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
