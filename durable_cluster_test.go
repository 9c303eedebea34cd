package main

import (
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
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
		r := newRedisProcess(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "1500", "--cluster-port", freePort(t))
		n.all = append(n.all, r)
		create = append(create, "127.0.0.1:"+r.port)
	}
	create = append(create, "--cluster-replicas", "1", "--cluster-yes")
	if out, err := exec.Command("redis-cli", create...).CombinedOutput(); err != nil { //nolint:gosec // a test's own
		t.Fatalf("make a cluster: %v\n%s", err, out)
	}
	n.eventually("all replicas follow", func() bool {
		for _, r := range n.all {
			if text := r.whole("INFO", "replication"); !strings.Contains(text, "master_link_status:up") && !strings.Contains(text, "state=online") {
				return false
			}
		}
		return n.healthy()
	})
	return n
}

func (n *nodes) healthy() bool {
	for _, r := range n.all {
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

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
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
		master := n.masterOf("v:{nokia}")
		if master == nil {
			t.Fatal("nobody has the brand's keys")
		}
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
