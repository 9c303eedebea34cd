package store

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// machine is a redis-server of its own that may be killed, stopped and
// started again.
type machine struct {
	addr string
	dir  string
	args []string
	cmd  *exec.Cmd
}

// shortFolder has a path that is short enough for a socket.
func shortFolder(t testing.TB) string {
	t.Helper()
	dir := must(os.MkdirTemp("", "agora"))(t)
	atEnd(func() { os.RemoveAll(dir) })
	return dir
}

// atEnd is done after all tests, the last first.
func atEnd(do func()) {
	running.lock.Lock()
	defer running.lock.Unlock()
	running.ends = append(running.ends, do)
}

// freePort is a port of this machine that nobody listens on. A socket that is
// bound to it and doesn't listen keeps it for who asks for this very port, so
// that it is nobody else's before a server starts, or starts again.
func freePort(t testing.TB) string {
	t.Helper()
	fd := must(syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0))(t)
	syscall.CloseOnExec(fd)
	if runtime.GOOS == "linux" {
		atEnd(func() { syscall.Close(fd) })
	} else { // elsewhere it would be in the server's way
		defer syscall.Close(fd)
	}
	if err := syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	at := must(syscall.Getsockname(fd))(t)
	return strconv.Itoa(at.(*syscall.SockaddrInet4).Port)
}

// runRedis runs a redis-server until the tests end; nil if there is none to
// run.
func runRedis(t testing.TB, dir, network, addr string, args ...string) *machine {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		if os.Getenv("AGORA_TEST_ALL") != "" {
			t.Fatal("redis-server is not in the PATH: install it (Debian: redis-server)")
		}
		t.Log("redis-server is not in the PATH: the laws are tested on the embedded server alone")
		return nil
	}
	m := &machine{addr: addr, dir: dir, args: append(args, "--dir", dir, "--save", "", "--appendonly", "no")}
	m.start(t)
	atEnd(m.kill)
	client := redis.NewClient(&redis.Options{Network: network, Addr: addr})
	defer client.Close()
	until(t, "redis-server answers", func() bool { return client.Ping(context.Background()).Err() == nil })
	return m
}

func (m *machine) start(t testing.TB) {
	t.Helper()
	m.cmd = exec.Command("redis-server", m.args...)
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
}

func (m *machine) kill() {
	m.cmd.Process.Kill()
	m.cmd.Wait()
}

func (m *machine) signal(t testing.TB, s syscall.Signal) {
	t.Helper()
	if err := m.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

func (m *machine) client(t testing.TB) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: m.addr, MaxRetries: -1, DialerRetries: 1})
	t.Cleanup(func() { c.Close() })
	return c
}

// until waits until something has come true.
func until(t testing.TB, what string, true func() bool) {
	t.Helper()
	for start := time.Now(); !true(); time.Sleep(10 * time.Millisecond) {
		if time.Since(start) > 2*time.Minute {
			t.Fatalf("it didn't come to pass: %s", what)
		}
	}
}

// clusterTimeout is after how long a node of a cluster is missed.
const clusterTimeout = "1500"

// cluster has three masters and three replicas.
type cluster struct{ machines []*machine }

// tcpRedis starts a redis-server on a port.
func tcpRedis(t testing.TB, args ...string) *machine {
	t.Helper()
	port := freePort(t)
	return runRedis(t, shortFolder(t), "tcp", "127.0.0.1:"+port, append([]string{
		"--bind", "127.0.0.1", "--port", port, "--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1",
	}, args...)...)
}

// startCluster starts a cluster; nil if there is no redis-server.
func startCluster(t testing.TB) *cluster {
	t.Helper()
	c := &cluster{}
	var clients []*redis.Client
	for range 6 {
		m := tcpRedis(t, "--cluster-enabled", "yes", "--cluster-port", freePort(t), "--cluster-node-timeout", clusterTimeout, "--cluster-replica-validity-factor", "0")
		if m == nil {
			return nil
		}
		c.machines = append(c.machines, m)
		client := redis.NewClient(&redis.Options{Addr: m.addr})
		defer client.Close()
		clients = append(clients, client)
	}
	ctx := context.Background()
	for i, client := range clients {
		if err := client.Do(ctx, "CLUSTER", "SET-CONFIG-EPOCH", i+1).Err(); err != nil {
			t.Fatal(err)
		}
		if i < 3 {
			if err := client.ClusterAddSlotsRange(ctx, i*16384/3, (i+1)*16384/3-1).Err(); err != nil {
				t.Fatal(err)
			}
		}
		// The bus is not at port + 10000.
		host, port, _ := net.SplitHostPort(c.machines[i].addr)
		bus := c.machines[i].args[argument(c.machines[i].args, "--cluster-port")]
		if err := clients[0].Do(ctx, "CLUSTER", "MEET", host, port, bus).Err(); err != nil {
			t.Fatal(err)
		}
	}
	until(t, "the nodes know each other", func() bool {
		for _, client := range clients {
			if strings.Count(client.ClusterNodes(ctx).Val(), " connected") != len(clients) {
				return false
			}
		}
		return true
	})
	for i, client := range clients[3:] {
		if err := client.ClusterReplicate(ctx, clients[i].Do(ctx, "CLUSTER", "MYID").Val().(string)).Err(); err != nil {
			t.Fatal(err)
		}
	}
	c.whole(t)
	return c
}

func argument(args []string, name string) int {
	for i, a := range args {
		if a == name {
			return i + 1
		}
	}
	return -1
}

func (c *cluster) urls() []string {
	var urls []string
	for _, m := range c.machines {
		urls = append(urls, "redis://"+m.addr)
	}
	return urls
}

// whole waits until every node agrees that every master has its replica.
func (c *cluster) whole(t testing.TB) {
	t.Helper()
	ctx := context.Background()
	until(t, "the cluster is whole", func() bool {
		masters, replicas := 0, 0
		for _, m := range c.machines {
			client := redis.NewClient(&redis.Options{Addr: m.addr})
			info, nodes := client.Info(ctx, "replication").Val(), client.ClusterNodes(ctx).Val()
			ok := strings.Contains(client.ClusterInfo(ctx).Val(), "cluster_state:ok") && !strings.Contains(nodes, "fail") &&
				strings.Count(nodes, "slave") == 3
			client.Close()
			switch {
			case !ok:
				return false
			case strings.Contains(info, "role:master") && strings.Contains(info, "connected_slaves:1") && strings.Contains(info, "state=online"):
				masters++
			case strings.Contains(info, "master_link_status:up"):
				replicas++
			}
		}
		return masters == 3 && replicas == 3
	})
}

// masterOf is the node that has a key now; nil while no node says that it
// does, or the one that does isn't to be asked.
func (c *cluster) masterOf(t testing.TB, key string, but *machine) *machine {
	t.Helper()
	ctx := context.Background()
	for _, m := range c.machines {
		if m == but {
			continue
		}
		client := redis.NewClient(&redis.Options{Addr: m.addr, DialerRetries: 1, MaxRetries: -1})
		err := client.Get(ctx, key).Err()
		role := client.Info(ctx, "replication").Val()
		client.Close()
		if (err == nil || errors.Is(err, redis.Nil)) && strings.Contains(role, "role:master") {
			return m
		}
	}
	return nil
}

// lag hangs the replica of a master, and drops what is on its way to it.
func (c *cluster) lag(t testing.TB, master *machine) *machine {
	t.Helper()
	for _, m := range c.machines {
		_, port, _ := net.SplitHostPort(master.addr)
		if strings.Contains(m.client(t).Info(context.Background(), "replication").Val(), "master_port:"+port+"\r") {
			m.signal(t, syscall.SIGSTOP)
			if err := master.client(t).ClientKillByFilter(context.Background(), "TYPE", "replica").Err(); err != nil {
				t.Fatal(err)
			}
			return m
		}
	}
	t.Fatal("the master has no replica")
	return nil
}

// offset counts the bytes that a master has written for its replicas.
func offset(t testing.TB, m *machine) int {
	t.Helper()
	_, rest, _ := strings.Cut(m.client(t).Info(context.Background(), "replication").Val(), "master_repl_offset:")
	n, _, _ := strings.Cut(rest, "\r")
	return must(strconv.Atoi(n))(t)
}

// move moves a slot to another master, the way that an operator's tools do.
func (c *cluster) move(t testing.TB, key string) {
	t.Helper()
	ctx := context.Background()
	from := c.masterOf(t, key, nil)
	var to *machine
	for _, m := range c.machines {
		if m != from && strings.Contains(m.client(t).Info(ctx, "replication").Val(), "role:master") {
			to = m
		}
	}
	source, target := from.client(t), to.client(t)
	slot := must(source.ClusterKeySlot(ctx, key).Result())(t)
	sourceID, targetID := source.Do(ctx, "CLUSTER", "MYID").Val(), target.Do(ctx, "CLUSTER", "MYID").Val()
	do := func(client *redis.Client, args ...any) {
		t.Helper()
		if err := client.Do(ctx, args...).Err(); err != nil {
			t.Fatal(args, err)
		}
	}
	do(target, "CLUSTER", "SETSLOT", slot, "IMPORTING", sourceID)
	do(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", targetID)
	host, port, _ := net.SplitHostPort(to.addr)
	for {
		keys := must(source.ClusterGetKeysInSlot(ctx, int(slot), 20).Result())(t)
		if len(keys) == 0 {
			break
		}
		args := []any{"MIGRATE", host, port, "", 0, 5000, "KEYS"}
		for _, k := range keys {
			args = append(args, k)
		}
		do(source, args...)
	}
	do(target, "CLUSTER", "SETSLOT", slot, "NODE", targetID)
	do(source, "CLUSTER", "SETSLOT", slot, "NODE", targetID)
}
