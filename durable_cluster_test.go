package main

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// nodes is a cluster of three masters with a replica each.
type nodes struct {
	t   testing.TB
	all []*redisProcess
}

func newCluster(t testing.TB) *nodes {
	t.Helper()
	if _, err := exec.LookPath("redis-cli"); err != nil {
		if os.Getenv("AGORA_TEST_ALL") == "1" {
			t.Fatal("AGORA_TEST_ALL asks for every test: ", err)
		}
		t.Skip("redis-cli is missing")
	}
	n := &nodes{t: t}
	create := []string{"--cluster", "create"}
	for range 6 {
		r := newRedisProcess(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "1500", "--cluster-replica-validity-factor", "0", "--cluster-port", freePort(t))
		n.all = append(n.all, r)
		create = append(create, "127.0.0.1:"+r.port)
	}
	create = append(create, "--cluster-replicas", "1", "--cluster-yes")
	if out, err := exec.Command("redis-cli", create...).CombinedOutput(); err != nil { //nolint:gosec // a test's own
		t.Fatalf("make a cluster: %v\n%s", err, out)
	}
	n.eventually("all replicas follow", n.healthy)
	return n
}

// healthy says whether all slots are served, and every master has its replica:
// one that doesn't follow yet can't take a master's place.
func (n *nodes) healthy() bool {
	for _, r := range n.all {
		if text := r.whole("INFO", "replication"); !strings.Contains(text, "master_link_status:up") && !strings.Contains(text, "state=online") {
			return false
		}
		if text := r.whole("CLUSTER", "INFO"); !strings.Contains(text, "cluster_state:ok") || !strings.Contains(text, "cluster_slots_ok:16384") {
			return false
		}
	}
	return true
}

// masterOf is the node that has a key.
func (n *nodes) masterOf(key string) *redisProcess {
	for _, r := range n.all {
		if r.try("EXISTS", key) == ":1" {
			return r
		}
	}
	return nil
}

func (n *nodes) eventually(what string, is func() bool) {
	n.t.Helper()
	for begun := time.Now(); time.Since(begun) < 2*patience; time.Sleep(50 * time.Millisecond) {
		if is() {
			return
		}
	}
	n.t.Fatalf("not so in time: %s", what)
}

// freePort is a port of this machine that nobody listens on, and that nobody
// else is given before the test ends.
func freePort(t testing.TB) string {
	t.Helper()
	port, free, err := keptPort()
	must(t, err)
	t.Cleanup(free)
	return port
}

// keptPort is a port that nobody listens on. A socket that is bound to it and
// doesn't listen keeps it for who asks for this very port, until free is called.
func keptPort() (port string, free func(), err error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		return "", nil, err
	}
	syscall.CloseOnExec(fd)
	free = sync.OnceFunc(func() { _ = syscall.Close(fd) })
	err = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	if err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	}
	var at syscall.Sockaddr
	if err == nil {
		at, err = syscall.Getsockname(fd)
	}
	if err != nil || runtime.GOOS != "linux" { // elsewhere it would be in the server's way
		free()
	}
	if err != nil {
		return "", nil, err
	}
	return strconv.Itoa(at.(*syscall.SockaddrInet4).Port), free, nil
}

// A cluster that loses masters under load, and an Agora that is killed as well:
// what a replica had not heard is counted again from the journal, without that
// anybody waited for replicas.
func TestAClusterThatLosesMastersCostsNothing(t *testing.T) {
	t.Parallel()
	n := newCluster(t)
	c := newCrowd(t, n.all[0].url(), "")
	c.start("")
	for round := range rounds(2, 20) {
		stop := c.pushing()
		time.Sleep(400 * time.Millisecond)
		var master *redisProcess
		n.eventually("somebody has the brand's keys", func() bool { master = n.masterOf("v:{nokia}"); return master != nil })
		master.kill()
		if round%2 == 1 {
			c.kill()
		}
		n.eventually("another is master", func() bool {
			other := n.masterOf("v:{nokia}")
			return other != nil && other != master
		})
		time.Sleep(200 * time.Millisecond)
		stop()
		master.start()
		n.eventually("the cluster is whole again", n.healthy)
		if round%2 == 1 {
			c.start("")
		}
		c.settle()
		c.agrees("after a master was killed")
	}
}
