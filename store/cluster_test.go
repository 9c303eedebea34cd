package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"agora/mood"
)

// theCluster is the cluster that the tests share; a test ends where there is
// no redis-server.
func theCluster(t *testing.T) *cluster {
	t.Helper()
	servers(t)
	return running.cluster
}

func TestOneNodeOfAClusterLeadsToTheOthers(t *testing.T) {
	c := theCluster(t)
	if c == nil {
		return
	}
	for _, url := range c.urls() {
		srv := server{url: url}
		s := must(Open(context.Background(), Options{URLs: srv.urls(), Brands: testBrands()}))(t)
		t.Cleanup(func() { s.Close(context.Background()) })
		if _, ok := s.write.(*redis.ClusterClient); !ok || !s.sharded {
			t.Errorf("%s was taken for a server by itself", url)
		}
		record(t, s, said(url, time.Now(), mood.Positive, "nokia", "ericsson"))
	}
}

func TestADatabaseOfAClusterIsRefused(t *testing.T) {
	c := theCluster(t)
	if c == nil {
		return
	}
	if s, err := Open(context.Background(), Options{URLs: []string{c.urls()[0] + "/1", c.urls()[1]}}); err == nil {
		s.Close(context.Background())
		t.Error("a cluster has no database 1")
	}
}

func TestASlotMayMoveWhileItIsWrittenTo(t *testing.T) {
	c := theCluster(t)
	if c == nil {
		return
	}
	for _, replicas := range []int{0, 1} {
		urls := c.urls()
		s := server{url: urls[0], more: urls[1:]}.open(t, Options{WaitReplicas: replicas})
		ctx, cancel := context.WithCancel(context.Background())
		notices := must(s.Notices(ctx))(t)
		l := underLoad(t, s, 3)
		l.more(60)
		c.move(t, versionKey("nokia"))
		l.more(60)
		next(t, notices, func(n mood.Notice) bool { return n.Reset })
		next(t, notices, func(n mood.Notice) bool { return n.Brand == "nokia" })
		if lost := l.settled(); lost > 0 {
			t.Errorf("%d were lost", lost)
		}
		cancel()
		for range notices {
		}
	}
}

func TestAWriteThatTooFewReplicasConfirmIsUnavailable(t *testing.T) {
	for _, srv := range servers(t) {
		if srv.name != "redis" {
			continue
		}
		s := srv.open(t, Options{WaitReplicas: 1, WaitTimeout: 10 * time.Millisecond})
		m := said("one", time.Now(), mood.Positive, "nokia")
		_, err := s.Record(context.Background(), []mood.Mention{m})
		if !isUnavailable(err, "0 of the 1 replicas") {
			t.Errorf("record: %v", err)
		}
		// Again, and it was written already: nobody has confirmed that either.
		if _, err = s.Record(context.Background(), []mood.Mention{m}); !isUnavailable(err, "0 of the 1 replicas") {
			t.Errorf("record again: %v", err)
		}
		if err := s.Sync(context.Background(), "boards"); !isUnavailable(err, "0 of the 1 replicas") {
			t.Errorf("sync: %v", err)
		}
		if n := board(t, s, "1h", "nokia").Total.Mentions; n != 1 {
			t.Errorf("%d counted, want 1", n)
		}
	}
}

func TestAUserWithoutDangerousCommandsIsEnough(t *testing.T) {
	everywhere(t, func(t *testing.T, srv server) {
		if srv.url == "" {
			return
		}
		var urls []string
		for _, url := range srv.urls() {
			client := must(clientOf(url))(t)
			if err := client.Do(context.Background(), "ACL", "SETUSER", "agora", "on", ">secret", "~*", "&*", "+@all", "-@admin", "-@dangerous").Err(); err != nil {
				t.Fatal(err)
			}
			urls = append(urls, strings.Replace(url, "://", "://agora:secret@", 1))
		}
		if err := srv.flush(); err != nil {
			t.Fatal(err)
		}
		s := must(Open(context.Background(), Options{URLs: urls, Brands: testBrands()}))(t)
		t.Cleanup(func() { s.Close(context.Background()) })
		notices := must(s.Notices(context.Background()))(t)
		record(t, s, said("one", time.Now(), mood.Positive, "nokia"))
		next(t, notices, func(n mood.Notice) bool { return n.Brand == "nokia" })
		if err := s.Withdraw(context.Background(), "one"); err != nil {
			t.Error(err)
		}
		if n := board(t, s, "1h", "nokia").Total.Mentions; n != 0 {
			t.Errorf("%d are left", n)
		}
	})
}
