package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"agora/mood"
)

// readTimeout is how long a server may take to answer. A longer one would be
// the longest part of a fail-over from a master that hangs.
const readTimeout = 3 * time.Second

// connect opens the clients and waits until the store answers.
func (s *Store) connect(ctx context.Context, urls []string) error {
	at, err := addressOf(urls)
	if err != nil {
		return err
	}
	s.clients(at, len(urls) > 1)
	ctx, cancel := context.WithTimeout(ctx, s.opts.Patience)
	defer cancel()
	for met := false; ; {
		if !met {
			met, err = s.meet(ctx, at)
		}
		if met {
			if err = s.check(ctx); err == nil {
				return nil
			}
		}
		if !transient(err) || pause(ctx, 250*time.Millisecond) != nil {
			if transient(err) && !errors.Is(err, mood.ErrUnavailable) {
				err = fmt.Errorf("%w: %w", mood.ErrUnavailable, err)
			}
			return fmt.Errorf("open the store: %w", errors.Join(err, s.write.Close(), s.read.Close()))
		}
	}
}

// meet learns what kind of server it is: a single node may belong to a
// cluster, and a cluster may know sharded channels. It says whether that is
// known now.
func (s *Store) meet(ctx context.Context, at address) (bool, error) {
	if s.embedded != nil || at.master != "" {
		return true, nil
	}
	cluster, ok := s.write.(*redis.ClusterClient)
	if !ok {
		// Who may not ask is told by the first key of another node.
		info, err := s.write.Info(ctx, "cluster").Result()
		if err == nil || redis.HasErrorPrefix(err, "NOPERM") {
			err = s.write.Get(ctx, epochKey).Err()
		}
		_, _, moved := redirected(err)
		if !moved && !strings.Contains(info, "cluster_enabled:1") {
			if errors.Is(err, redis.Nil) {
				err = nil
			}
			return err == nil, err
		}
		if err := errors.Join(s.write.Close(), s.read.Close()); err != nil {
			return false, err
		}
		s.clients(at, true)
		cluster = s.write.(*redis.ClusterClient)
	}
	if at.db != 0 {
		return false, fmt.Errorf("the Redis is a cluster, which has no database %d: leave the number out of the address", at.db)
	}
	known, err := cluster.Do(ctx, "COMMAND", "INFO", "SPUBLISH", "SSUBSCRIBE").Slice()
	if err != nil && !redis.HasErrorPrefix(err, "NOPERM") {
		return false, err
	}
	s.sharded = len(known) == 2 && known[0] != nil && known[1] != nil
	return true, nil
}

// clients makes one client that writes and never retries by itself, since a
// write whose reply was lost would count twice, and one that reads. That of a
// cluster follows its redirections, and retries what send doesn't send: those
// writes may come twice.
func (s *Store) clients(at address, cluster bool) {
	s.lines = &lines{tls: at.tls}
	open := func(retries int, patience time.Duration) redis.UniversalClient {
		o := redis.UniversalOptions{
			Addrs: at.nodes, DB: at.db, Username: at.user, Password: at.password,
			MasterName: at.master, SentinelUsername: at.sentinelUser, SentinelPassword: at.sentinelPassword,
			ClientName: "agora", Dialer: s.lines.dial,
			MaxRetries: retries, DialerRetries: 1,
			DialTimeout: dialTimeout, ReadTimeout: patience, WriteTimeout: readTimeout,
			ContextTimeoutEnabled: true, PoolSize: 16,
			MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
		}
		switch {
		case at.master != "":
			c := redis.NewFailoverClient(o.Failover())
			c.AddHook(&lookout{s: s})
			return c
		case cluster:
			options := o.Cluster()
			options.DisableRoutingPolicies = true // the keys of a command share a tag
			c := redis.NewClusterClient(options)
			c.OnNewNode(func(node *redis.Client) { node.AddHook(&lookout{s: s, cluster: c}) })
			return c
		default:
			c := redis.NewClient(o.Simple())
			c.AddHook(&lookout{s: s})
			return c
		}
	}
	s.write, s.read = open(-1, readTimeout+s.opts.WaitTimeout), open(2, readTimeout)
}

// lookout sees what every command to a server comes to: when a line breaks or
// a server isn't what it was, it has what is known of them looked at anew.
type lookout struct {
	s       *Store
	cluster *redis.ClusterClient // nil: it is none
	silent  atomic.Int64         // when the server last didn't answer, ms
}

var errSilent = errors.New("this node didn't answer a moment ago")

// DialHook changes nothing.
func (*lookout) DialHook(next redis.DialHook) redis.DialHook { return next }

// ProcessHook looks at one command.
func (h *lookout) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		// Of a node that hangs, nobody should wait to hear how the cluster is.
		if cmd.Name() == "cluster" && time.Since(time.UnixMilli(h.silent.Load())) < readTimeout {
			cmd.SetErr(errSilent)
			return errSilent
		}
		err := next(ctx, cmd)
		h.saw(ctx, err)
		return err
	}
}

// ProcessPipelineHook looks at several.
func (h *lookout) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := next(ctx, cmds)
		h.saw(ctx, err)
		return err
	}
}

func (h *lookout) saw(ctx context.Context, err error) {
	if deadline, ok := ctx.Deadline(); ctx.Err() != nil || ok && !time.Now().Before(deadline) {
		return // the asker's patience says nothing of the server
	}
	if _, _, moved := redirected(err); !moved && !transient(err) {
		return
	}
	if timedOut(err) {
		h.silent.Store(time.Now().UnixMilli())
		h.s.lines.failed(err)
	}
	if h.cluster != nil {
		h.cluster.ReloadState(context.Background()) // at most five times a second
	}
}
