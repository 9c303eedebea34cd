package store

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
)

// sentinels are a master, two replicas and three sentinels.
type sentinels struct {
	machines []*machine // the master first
	watchers []*machine
}

const masterName = "agora-test"

// startSentinels starts them; nil if there is no redis-server.
func startSentinels(t testing.TB) *sentinels {
	t.Helper()
	s := &sentinels{}
	for i := range 3 {
		var args []string
		if i > 0 {
			host, port, _ := net.SplitHostPort(s.machines[0].addr)
			args = []string{"--replicaof", host + " " + port}
		}
		m := tcpRedis(t, args...)
		if m == nil {
			return nil
		}
		s.machines = append(s.machines, m)
	}
	host, port, _ := net.SplitHostPort(s.machines[0].addr)
	for range 3 {
		dir, own := shortFolder(t), freePort(t)
		file := filepath.Join(dir, "sentinel.conf")
		text := strings.Join([]string{
			"port " + own, "bind 127.0.0.1", "dir " + dir,
			"sentinel monitor " + masterName + " " + host + " " + port + " 2",
			"sentinel down-after-milliseconds " + masterName + " 1000",
			"sentinel failover-timeout " + masterName + " 3000",
			"sentinel parallel-syncs " + masterName + " 2",
		}, "\n") + "\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		w := &machine{addr: "127.0.0.1:" + own, dir: dir, args: []string{file, "--sentinel"}}
		w.start(t)
		atEnd(w.kill)
		s.watchers = append(s.watchers, w)
	}
	ctx := context.Background()
	until(t, "the sentinels know each other and the replicas", func() bool {
		for _, w := range s.watchers {
			client := redis.NewSentinelClient(&redis.Options{Addr: w.addr})
			state := client.Master(ctx, masterName).Val()
			client.Close()
			if state["num-other-sentinels"] != "2" || state["num-slaves"] != "2" {
				return false
			}
		}
		client := redis.NewClient(&redis.Options{Addr: s.machines[0].addr})
		defer client.Close()
		return strings.Count(client.Info(ctx, "replication").Val(), "state=online") == 2
	})
	return s
}

func (s *sentinels) url() string {
	var hosts []string
	for _, w := range s.watchers {
		hosts = append(hosts, w.addr)
	}
	return "redis+sentinel://" + strings.Join(hosts, ",") + "/" + masterName + "/0"
}

// master is the machine that most sentinels take for the master.
func (s *sentinels) master(t testing.TB) *machine {
	t.Helper()
	votes := map[string]int{}
	for _, w := range s.watchers {
		client := redis.NewSentinelClient(&redis.Options{Addr: w.addr})
		if at := client.GetMasterAddrByName(context.Background(), masterName).Val(); len(at) == 2 {
			votes[net.JoinHostPort(at[0], at[1])]++
		}
		client.Close()
	}
	for _, m := range s.machines {
		if votes[m.addr] >= 2 {
			return m
		}
	}
	return nil
}

// whole waits until the master has both replicas.
func (s *sentinels) whole(t testing.TB) (m *machine) {
	t.Helper()
	until(t, "both replicas are back", func() bool {
		m = s.master(t)
		return m != nil && strings.Count(m.client(t).Info(context.Background(), "replication").Val(), "state=online") == 2
	})
	return m
}

// follow has a machine start as a replica of the master that there is now.
func (s *sentinels) follow(t testing.TB, m *machine) {
	t.Helper()
	var master *machine
	until(t, "the sentinels agree on a master", func() bool { master = s.master(t); return master != nil && master != m })
	host, port, _ := net.SplitHostPort(master.addr)
	if at := argument(m.args, "--replicaof"); at > 0 {
		m.args[at] = host + " " + port
	} else {
		m.args = append(m.args, "--replicaof", host+" "+port)
	}
}
